//! Segments: the constants by which a program makes them.

use shm_record::lower::Lone;
use shm_schema::Name;
use syn::{Expr, GenericArgument, ItemConst, PathArguments, Type};

use super::item::{Items, last, named, string};
use super::ty::{Shared, Types};
use super::{doc, number, place};
use crate::draft::{Draft, Segment};
use crate::finding::Finding;

/// Reads `pub const POSE: CellSpec<Pose> = CellSpec::new(SCHEMA, "pose");` and
/// `TableSpec::new(SCHEMA, "quotes", 4096).key(Quote::SYMBOL)`.
pub(super) fn gather(items: &Items<'_>, draft: &mut Draft, errors: &mut Vec<Finding>) {
    for constant in &items.constants {
        let table = match last(&constant.ty).as_deref() {
            Some("CellSpec") => false,
            Some("TableSpec") => true,
            Some("ForeignCellSpec" | "ForeignTableSpec") => {
                let message = "memory of another program is described by a schema alone";
                errors.push(
                    Finding::new(place(&constant.ident), message)
                        .help("import the file without it, and add the segment to the YAML"),
                );
                continue;
            }
            _ => continue,
        };
        match segment(items, draft, constant, table) {
            Ok(segment) => draft.segments.push(segment),
            Err(new) => errors.extend(new),
        }
    }
}

fn segment(
    items: &Items<'_>,
    draft: &mut Draft,
    constant: &ItemConst,
    table: bool,
) -> Result<Segment, Vec<Finding>> {
    let call = call(constant, table).map_err(|finding| vec![finding])?;
    let lone = match items.generated {
        true => Lone::Own,
        false => Lone::Imported,
    };
    let mut types = Types { items, lone, draft };
    let of = match types.of(call.record)? {
        Shared::Type(ty) => ty.name,
        // No struct either, which the language says.
        Shared::Gap(_) => "Pad".to_owned(),
    };
    let amount = |expr: Option<&Expr>| {
        let amount = expr.map(|expr| number::amount(items, expr));
        amount.transpose().map_err(|finding| vec![finding])
    };
    Ok(Segment {
        key: call.key.map(|token| field(items, call.record, token)),
        name: call.name,
        of,
        rows: amount(call.rows)?,
        copies: amount(call.copies)?,
        order: call.order,
        doc: doc::text(&constant.attrs, items.generated),
        at: place(&constant.ident),
    })
}

/// The parts of `TableSpec::new(SCHEMA, "quotes", 4096).copies(4).key(Quote::SYMBOL)`.
struct Call<'a> {
    record: &'a Type,
    name: String,
    rows: Option<&'a Expr>,
    copies: Option<&'a Expr>,
    order: Option<String>,
    /// The name of the field's token.
    key: Option<String>,
}

fn call(constant: &ItemConst, table: bool) -> Result<Call<'_>, Finding> {
    let example = match table {
        true => "`TableSpec::new(SCHEMA, \"quotes\", 4096)`, with `.key(Quote::SYMBOL)` or without",
        false => "`CellSpec::new(SCHEMA, \"pose\")`",
    };
    parts(constant, table).ok_or_else(|| {
        Finding::new(
            place(&constant.expr),
            "only rustc can tell what this segment is",
        )
        .help(format!("write {example}"))
    })
}

fn parts(constant: &ItemConst, table: bool) -> Option<Call<'_>> {
    let (mut key, mut copies, mut order) = (None, None, None);
    let mut new = &*constant.expr;
    while let Expr::MethodCall(call) = new {
        let argument = call.args.first()?;
        match &*call.method.to_string() {
            "key" => key = Some(number::path_name(argument)?),
            "copies" => copies = Some(argument),
            "order" => order = Some(number::path_name(argument)?.to_lowercase()),
            _ => return None,
        }
        new = &call.receiver;
    }
    let Expr::Call(new) = new else { return None };
    let rows = new.args.get(2);
    (rows.is_some() == table).then_some(())?;
    Some(Call {
        record: record(&constant.ty)?,
        name: string(new.args.get(1)?)?,
        rows,
        copies,
        order,
        key,
    })
}

/// `Quote` of `TableSpec<Quote, ..>`.
fn record(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}

/// The field whose token is `SYMBOL`; an unknown one is the language's to
/// refuse.
fn field(items: &Items<'_>, record: &Type, token: String) -> String {
    let record = last(record).and_then(|name| items.records.iter().find(|r| r.ident == name));
    let fields = record.and_then(|record| match &record.data {
        syn::Data::Struct(data) => Some(&data.fields),
        _ => None,
    });
    let names = fields
        .into_iter()
        .flatten()
        .filter_map(|f| f.ident.as_ref());
    let mut names = names.map(|ident| named(ident).0);
    names
        .find(|name| Name::constant_case(name) == token)
        .unwrap_or(token)
}
