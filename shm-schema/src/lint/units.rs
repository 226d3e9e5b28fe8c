//! Numbers that measure something and do not say in what.

use super::MAX_SHOWN;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::layout::{Field, Layout, Scalar, StructLayout, Type};

pub(super) fn look(layout: &Layout, found: &mut Vec<Diagnostic>) {
    found.extend(layout.own_structs().filter_map(one));
}

fn one(s: &StructLayout) -> Option<Diagnostic> {
    let mut bare = s.fields().filter(|f| measures(f) && f.unit.is_none());
    let first = bare.next()?;
    let rest: Vec<&Field> = bare.collect();
    let message = match rest.len() {
        0 => format!("`{}` of `{}` has no unit", first.name, s.name),
        n => format!("{} measures of `{}` have no unit", n + 1, s.name),
    };
    let mut d = Diagnostic::new(Code::MissingUnit, first.at, message)
        .help("write `unit: m/s`, or whatever it counts; a ratio has `unit: '1'`");
    for field in rest.into_iter().take(MAX_SHOWN - 1) {
        d = d.other(field.at, "nor has this");
    }
    Some(d)
}

/// A float, or an integer with a scale: what is counted in whole things often
/// says so by its name.
fn measures(field: &Field) -> bool {
    matches!(field.ty, Type::Scalar(Scalar::F32 | Scalar::F64)) || field.scale.is_some()
}
