//! What a type of the schema is in ctypes, in numpy and in annotations.

use shm_schema::layout::{Field, Layout, Scalar, TimeUnit, Type};

use super::literal;
use super::scope::Scope;

/// The ctypes type of one element, without its dims.
fn ctypes_element(layout: &Layout, ty: Type) -> String {
    match ty {
        Type::Scalar(scalar) => ctypes_scalar(scalar).to_owned(),
        Type::Bool => "_ctypes.c_uint8".to_owned(),
        Type::Str { len } => format!("_ctypes.c_char * {len}"),
        Type::Bytes { len } => format!("_ctypes.c_uint8 * {len}"),
        Type::Utf16 { len } => format!("_ctypes.c_uint16 * {len}"),
        Type::Timestamp(_) | Type::Duration(_) => "_ctypes.c_int64".to_owned(),
        Type::Enum(i) => ctypes_scalar(layout.enums[i].repr).to_owned(),
        Type::Flags(i) => ctypes_scalar(layout.flags[i].repr).to_owned(),
        Type::Struct(i) => layout.structs[i].name.python(),
    }
}

fn ctypes_scalar(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::U8 => "_ctypes.c_uint8",
        Scalar::U16 => "_ctypes.c_uint16",
        Scalar::U32 => "_ctypes.c_uint32",
        Scalar::U64 => "_ctypes.c_uint64",
        Scalar::I8 => "_ctypes.c_int8",
        Scalar::I16 => "_ctypes.c_int16",
        Scalar::I32 => "_ctypes.c_int32",
        Scalar::I64 => "_ctypes.c_int64",
        Scalar::F32 => "_ctypes.c_float",
        Scalar::F64 => "_ctypes.c_double",
    }
}

/// The ctypes type of a field: `_ctypes.c_float * 4 * 3`.
pub(super) fn ctypes(layout: &Layout, field: &Field) -> String {
    let dims = field.dims.iter().rev().map(|d| format!(" * {d}"));
    ctypes_element(layout, field.ty) + &dims.collect::<String>()
}

/// The numpy format of a field, as an expression.
pub(super) fn numpy(layout: &Layout, field: &Field) -> String {
    let mut dims: Vec<String> = field.dims.iter().map(u64::to_string).collect();
    let element = match field.ty {
        Type::Scalar(scalar) => numpy_scalar(scalar),
        Type::Bool => "\"?\"".to_owned(),
        Type::Str { len } => format!("\"S{len}\""),
        Type::Bytes { len } => format!("\"V{len}\""),
        // numpy's own text has four bytes a character.
        Type::Utf16 { len } => {
            dims.push(len.to_string());
            "\"<u2\"".to_owned()
        }
        Type::Timestamp(unit) => format!("\"<M8[{}]\"", unit.suffix()),
        Type::Duration(unit) => format!("\"<m8[{}]\"", unit.suffix()),
        Type::Enum(i) => numpy_scalar(layout.enums[i].repr),
        Type::Flags(i) => numpy_scalar(layout.flags[i].repr),
        Type::Struct(i) => format!("{}.dtype()", layout.structs[i].name.python()),
    };
    match dims.is_empty() {
        true => element,
        false => format!("({element}, {})", literal::tuple(&dims)),
    }
}

fn numpy_scalar(scalar: Scalar) -> String {
    let kind = match scalar {
        Scalar::F32 | Scalar::F64 => 'f',
        scalar if scalar.is_signed() => 'i',
        _ => 'u',
    };
    format!("\"<{kind}{}\"", scalar.size())
}

/// The annotation of what ctypes gives for a field.
pub(super) fn stored(layout: &Layout, field: &Field, scope: &Scope) -> String {
    let array = |inner: String| format!("_ctypes.Array[{inner}]");
    let alone = field.dims.is_empty();
    let element = match field.ty {
        Type::Scalar(Scalar::F32 | Scalar::F64) if alone => scope.builtin("float"),
        Type::Str { .. } if alone => scope.builtin("bytes"),
        Type::Str { .. } => array("_ctypes.c_char".to_owned()),
        Type::Bytes { .. } => array("_ctypes.c_uint8".to_owned()),
        Type::Utf16 { .. } => array("_ctypes.c_uint16".to_owned()),
        Type::Struct(i) => scope.type_name(&layout.structs[i].name.python()),
        _ if alone => scope.builtin("int"),
        ty => ctypes_element(layout, ty),
    };
    field.dims.iter().fold(element, |inner, _| array(inner))
}

/// The annotation of what a field's property gives, if it has one: a plain
/// number or record is its own.
pub(super) fn typed(layout: &Layout, field: &Field, scope: &Scope) -> Option<String> {
    let element = element(layout, field.ty, scope)?;
    let tuple = scope.builtin("tuple");
    Some(
        field
            .dims
            .iter()
            .fold(element, |inner, _| format!("{tuple}[{inner}, ...]")),
    )
}

/// The annotation of what a field's property takes.
pub(super) fn taken(layout: &Layout, field: &Field, scope: &Scope) -> String {
    match (field.ty, field.dims.is_empty()) {
        (_, false) => "Any".to_owned(),
        (Type::Enum(_) | Type::Flags(_), true) => {
            let name = element(layout, field.ty, scope).unwrap_or_default();
            format!("{name} | {}", scope.builtin("int"))
        }
        (ty, true) => element(layout, ty, scope).unwrap_or_default(),
    }
}

fn element(layout: &Layout, ty: Type, scope: &Scope) -> Option<String> {
    match ty {
        Type::Scalar(_) | Type::Struct(_) => None,
        Type::Bool => Some(scope.builtin("bool")),
        Type::Str { .. } | Type::Utf16 { .. } => Some(scope.builtin("str")),
        Type::Bytes { .. } => Some(scope.builtin("bytes")),
        Type::Timestamp(_) => Some("_datetime.datetime".to_owned()),
        Type::Duration(_) => Some("_datetime.timedelta".to_owned()),
        Type::Enum(i) => Some(scope.type_name(&layout.enums[i].name.python())),
        Type::Flags(i) => Some(scope.type_name(&layout.flags[i].name.python())),
    }
}

/// The module's function that makes a typed value of a stored one, as an
/// expression, and that which makes the stored one.
pub(super) fn converters(layout: &Layout, field: &Field) -> (String, String) {
    let name = literal::string(field.name.python().as_str());
    let same = |f: &str| (f.to_owned(), f.to_owned());
    match field.ty {
        Type::Scalar(_) | Type::Struct(_) => same(""),
        Type::Bool => same("bool"),
        Type::Str { .. } => ("_text".into(), bound("_encoded", &name, "")),
        Type::Utf16 { .. } => ("_text16".into(), bound("_encoded16", &name, "")),
        Type::Bytes { .. } => ("bytes".into(), "_bytes".into()),
        Type::Timestamp(unit) => time("_moment", &name, unit),
        Type::Duration(unit) => time("_span", &name, unit),
        Type::Enum(i) => (layout.enums[i].name.python(), "_operator.index".into()),
        Type::Flags(i) => (layout.flags[i].name.python(), "_operator.index".into()),
    }
}

fn time(read: &str, name: &str, unit: TimeUnit) -> (String, String) {
    let a_second = format!(", {}", grouped(unit.per_second()));
    (
        bound(read, name, &a_second),
        bound("_ticks", name, &a_second),
    )
}

fn bound(function: &str, name: &str, more: &str) -> String {
    format!("lambda item: {function}({name}, item{more})")
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('_');
        }
        out.push(digit);
    }
    out
}
