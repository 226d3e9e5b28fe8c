//! Structs: each after those it holds, every byte in place.

use super::claims::{self, Claims};
use super::context::Context;
use super::fields::{self, Part};
use super::holes;
use super::members;
use super::order::{self, Circle, Holds};
use super::types::{Declared, Meant, Types};
use crate::code::Code;
use crate::law::{self, Want};
use crate::layout::{Layout, StructLayout, Type};
use crate::model::{At, Schema, Struct};
use crate::suggest::chained;

/// Where the structs of the schema went.
pub(super) struct Records {
    /// By index in the schema: index in the layout, `None` for one in error.
    placed: Vec<Option<usize>>,
    /// By index in the layout.
    aligned: Vec<Option<usize>>,
}

impl Records {
    /// The layout's index of the schema's struct `i`.
    pub(super) fn placed(&self, i: usize) -> Option<usize> {
        self.placed.get(i).copied().flatten()
    }

    /// The struct with a declared alignment that the layout's struct `i` is
    /// or holds.
    pub(super) fn aligned(&self, i: usize) -> Option<usize> {
        self.aligned.get(i).copied().flatten()
    }
}

/// Places all structs and adds them to the layout, each after those it holds.
pub(super) fn resolve(
    cx: &mut Context<'_>,
    types: &Types<'_>,
    schema: &Schema,
    layout: &mut Layout,
) -> Records {
    let meant: Vec<Vec<Option<Meant>>> = schema
        .structs
        .iter()
        .map(|s| {
            let words = s.fields.iter().map(|f| f.ty.as_ref());
            words.map(|ty| types.meant(cx, ty?)).collect()
        })
        .collect();
    let holds: Vec<Holds> = meant.iter().map(|fields| held(fields)).collect();
    let (order, circles) = order::order(&holds);
    for circle in &circles {
        report_circle(cx, schema, circle);
    }
    let mut records = Records {
        placed: vec![None; schema.structs.len()],
        aligned: Vec::new(),
    };
    for (i, s) in layout.structs.iter().enumerate() {
        let aligned = s.declared_align.map(|_| i);
        let aligned = aligned.or_else(|| held_aligned(&records, s));
        records.aligned.push(aligned);
    }
    for i in order {
        if let Some(s) = one(cx, layout, &records, &schema.structs[i], &meant[i]) {
            let index = layout.structs.len();
            let own = s.declared_align.map(|_| index);
            records
                .aligned
                .push(own.or_else(|| held_aligned(&records, &s)));
            records.placed[i] = Some(index);
            layout.structs.push(s);
        }
    }
    records
}

fn held(fields: &[Option<Meant>]) -> Holds {
    let structs = fields
        .iter()
        .enumerate()
        .filter_map(|(field, meant)| match meant {
            Some(Meant::Declared(Declared::Struct(i))) => Some((*i, field)),
            _ => None,
        });
    structs.collect()
}

fn held_aligned(records: &Records, s: &StructLayout) -> Option<usize> {
    s.fields().find_map(|field| match field.ty {
        Type::Struct(i) => records.aligned(i),
        _ => None,
    })
}

fn report_circle(cx: &mut Context<'_>, schema: &Schema, circle: &Circle) {
    let Some(&last) = circle.structs.last() else {
        return;
    };
    let field = &schema.structs[last].fields[circle.field];
    let names: Vec<String> = circle
        .structs
        .iter()
        .chain(circle.structs.first())
        .map(|&i| format!("`{}`", schema.structs[i].name.value))
        .collect();
    let at = field.ty.as_ref().unwrap_or(&field.name);
    let d = cx
        .error(
            Code::Recursion,
            at,
            format!("{} holds itself and would have no end", names[0]),
        )
        .label(chained(&names, " holds "))
        .help("hold the index of a row instead: `type: u32`");
    cx.push(d);
}

/// A struct with every byte in place; `None` after an error in it.
fn one(
    cx: &mut Context<'_>,
    layout: &Layout,
    records: &Records,
    s: &At<Struct>,
    meant: &[Option<Meant>],
) -> Option<StructLayout> {
    let parts: Vec<Option<Part>> = s
        .fields
        .iter()
        .zip(meant)
        .map(|(field, meant)| fields::resolve(cx, layout, records, field, *meant))
        .collect();
    let claims = Claims::read(cx, s);
    if parts
        .iter()
        .flatten()
        .all(|p| p.member.as_field().is_none())
    {
        no_fields(cx, s);
        return None;
    }
    let parts: Vec<Part> = parts.into_iter().collect::<Option<_>>()?;
    // An unknown key may be a misspelt `align`: what the law says of the
    // rest would only mislead.
    if cx.is_suspect(s) {
        return None;
    }
    let claims = claims?;
    let wants: Vec<Want> = parts.iter().map(|p| p.want).collect();
    let placed = match law::place(&wants, claims.pack) {
        Ok(placed) => placed,
        Err(law::TooLarge { member }) => {
            claims::too_large(cx, s, &s.fields[member].name);
            return None;
        }
    };
    let sound = match claims.pack {
        Some(_) => claims::refuse_held_alignment(cx, layout, records, s, &parts),
        None => Some(()),
    };
    let extent = claims.hold(cx, layout, s, &placed, &parts);
    let (extent, ()) = (extent?, sound?);
    holes::lint(cx, s, &wants, &placed, extent.size);
    let parts = parts.into_iter().zip(placed.offsets);
    Some(members::seal(cx, layout, s, claims, extent, parts))
}

fn no_fields(cx: &mut Context<'_>, s: &At<Struct>) {
    if cx.is_suspect(s) || s.fields.iter().any(|f| f.reserved.is_none()) {
        return; // the fields that it has got their own errors
    }
    let message = format!("struct `{}` has no field", s.name.value);
    let d = cx
        .error(Code::EmptyType, &s.name, message)
        .help("add `fields: [{ name: ..., type: ... }]`");
    cx.push(d);
}
