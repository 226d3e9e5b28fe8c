//! What generated code says of a field's values by constants: its `scale`,
//! `sentinel` and `range`.

use shm_schema::Name;
use syn::Expr;

use super::item::Items;
use super::number;

/// Keys and values as YAML has them.
pub(super) fn of(items: &Items<'_>, record: &str, field: &str) -> Vec<(&'static str, String)> {
    let upper = Name::constant_case(field);
    let constant = |ending: &str| {
        let name = (record.to_owned(), format!("{upper}_{ending}"));
        items.facts.get(&name).map(|constant| &constant.expr)
    };
    let scale = constant("SCALE").and_then(scale);
    let sentinel = constant("NONE").and_then(|expr| number::text(items, expr));
    let range = constant("RANGE").and_then(|expr| range(items, expr));
    let facts = [("scale", scale), ("sentinel", sentinel), ("range", range)];
    let facts = facts.into_iter();
    facts
        .filter_map(|(key, value)| Some((key, value?)))
        .collect()
}

/// `25e-2` of `Scale::new(1, 4)`.
fn scale(expr: &Expr) -> Option<String> {
    /// Most digits after the point that a schema's scale has.
    const MAX_PLACES: u32 = 19;
    let Expr::Call(call) = expr else { return None };
    let numerator = u128::from(number::literal(call.args.first()?)?);
    let denominator = u128::from(number::literal(call.args.get(1)?)?);
    let mut places = 0..=MAX_PLACES;
    let places = places.find(|&n| 10_u128.pow(n) % denominator == 0)?;
    let digits = numerator * (10_u128.pow(places) / denominator);
    Some(match places {
        0 => digits.to_string(),
        places => format!("{digits}e-{places}"),
    })
}

/// `[1, 10]` of `1..=10`.
fn range(items: &Items<'_>, expr: &Expr) -> Option<String> {
    let Expr::Range(range) = expr else {
        return None;
    };
    let low = number::text(items, range.start.as_deref()?)?;
    let high = number::text(items, range.end.as_deref()?)?;
    Some(format!("[{low}, {high}]"))
}
