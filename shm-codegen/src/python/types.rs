//! What a type of the schema is in ctypes, in numpy and in annotations.

use shm_schema::layout::{Field, Layout, Member, Scalar, StructLayout, Type};

use super::scope::Scope;
use super::{field, literal, refer};

/// The ctypes type of one element, without its dims and length.
pub(super) fn ctypes_element(layout: &Layout, ty: Type) -> String {
    match ty {
        Type::Scalar(scalar) => ctypes_scalar(scalar).to_owned(),
        Type::Bool => "_ctypes.c_uint8".to_owned(),
        Type::Str { .. } => "_ctypes.c_char".to_owned(),
        Type::Bytes { .. } => "_ctypes.c_uint8".to_owned(),
        Type::Utf16 { .. } => "_ctypes.c_uint16".to_owned(),
        Type::Timestamp(_) | Type::Duration(_) => "_ctypes.c_int64".to_owned(),
        Type::Enum(i) => ctypes_scalar(layout.enums[i].repr).to_owned(),
        Type::Flags(i) => ctypes_scalar(layout.flags[i].repr).to_owned(),
        Type::Struct(i) => refer::to_struct(layout, i),
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

/// The ctypes type of a field: `_ctypes.c_double * 4 * 3`, or of numbers that
/// ctypes would cut off `_array(_ctypes.c_float, 3, 4)`.
pub(super) fn ctypes(layout: &Layout, field: &Field) -> String {
    let element = ctypes_element(layout, field.ty);
    let own = match field.ty {
        Type::Bytes { len } | Type::Utf16 { len } => Some(len),
        _ => None,
    };
    let dims = field.dims.iter().copied().chain(own);
    if has_checked_array(field) {
        let dims: String = dims.map(|d| format!(", {d}")).collect();
        return format!("_array({element}{dims})");
    }
    let text = match field.ty {
        Type::Str { len } => format!(" * {len}"),
        _ => String::new(),
    };
    let dims = field.dims.iter().rev().map(|d| format!(" * {d}"));
    element + &text + &dims.collect::<String>()
}

/// Whether it is an array of numbers of which ctypes alone would cut off the
/// high bits, or make an infinity.
pub(super) fn has_checked_array(field: &Field) -> bool {
    match field.ty {
        Type::Scalar(Scalar::F64) | Type::Str { .. } | Type::Struct(_) => false,
        Type::Bytes { .. } | Type::Utf16 { .. } => true,
        _ => !field.dims.is_empty(),
    }
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
        Type::Struct(i) => format!("{}.dtype()", refer::to_struct(layout, i)),
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
        ty @ (Type::Str { .. } | Type::Bytes { .. } | Type::Utf16 { .. }) => {
            array(ctypes_element(layout, ty))
        }
        Type::Struct(i) => scope.type_name(&refer::to_struct(layout, i)),
        _ if alone => scope.builtin("int"),
        ty => ctypes_element(layout, ty),
    };
    field.dims.iter().fold(element, |inner, _| array(inner))
}

/// Whether ctypes gives a Python number or `bytes` for a field.
fn is_one_value(field: &Field) -> bool {
    let several = matches!(
        field.ty,
        Type::Bytes { .. } | Type::Utf16 { .. } | Type::Struct(_)
    );
    field.dims.is_empty() && !several
}

/// The annotation of what a field's property gives, if it has one.
pub(super) fn typed(layout: &Layout, field: &Field, scope: &Scope) -> Option<String> {
    if !field::is_typed(field) {
        return None;
    }
    let mut element = element(layout, field, scope);
    if field.sentinel.is_some() {
        element.push_str(" | None");
    }
    let tuple = scope.builtin("tuple");
    let nested = |inner, _: &u64| format!("{tuple}[{inner}, ...]");
    Some(field.dims.iter().fold(element, nested))
}

/// The annotation of what a field's property takes.
pub(super) fn taken(layout: &Layout, field: &Field, scope: &Scope) -> String {
    if !field.dims.is_empty() {
        return "Any".to_owned();
    }
    let mut taken = element(layout, field, scope);
    if matches!(field.ty, Type::Enum(_) | Type::Flags(_)) {
        taken = format!("{taken} | {}", scope.builtin("int"));
    }
    if field.scale.is_some() {
        taken.push_str(" | _Exact");
    }
    if field.sentinel.is_some() {
        taken.push_str(" | None");
    }
    taken
}

/// The annotation of what ctypes takes for a field.
pub(super) fn taken_raw(layout: &Layout, field: &Field, scope: &Scope) -> String {
    match field.ty {
        // See `_fitted`.
        Type::Struct(i) if field.dims.is_empty() => {
            let record = stored(layout, field, scope);
            let [dict, str, tuple] = ["dict", "str", "tuple"].map(|name| scope.builtin(name));
            match is_by_position(&layout.structs[i]) {
                true => format!("{record} | {dict}[{str}, Any] | {tuple}[Any, ...]"),
                false => format!("{record} | {dict}[{str}, Any]"),
            }
        }
        _ if is_one_value(field) => stored(layout, field, scope),
        // Whatever ctypes makes an array of.
        _ => "Any".to_owned(),
    }
}

/// Whether ctypes fills a record by position with what people read: it begins
/// with its fields alone, and each is read as it is stored.
pub(super) fn is_by_position(record: &StructLayout) -> bool {
    let mut first = record.members.iter().take(record.fields().count());
    first.all(|member| matches!(member, Member::Field(field) if !field::is_typed(field)))
}

/// The annotation of one element that is there.
fn element(layout: &Layout, field: &Field, scope: &Scope) -> String {
    match field.ty {
        Type::Scalar(Scalar::F32 | Scalar::F64) => scope.builtin("float"),
        Type::Scalar(_) if field.scale.is_some() => scope.builtin("float"),
        Type::Scalar(_) => scope.builtin("int"),
        Type::Struct(i) => scope.type_name(&refer::to_struct(layout, i)),
        Type::Bool => scope.builtin("bool"),
        Type::Str { .. } | Type::Utf16 { .. } => scope.builtin("str"),
        Type::Bytes { .. } => scope.builtin("bytes"),
        Type::Timestamp(_) => "_datetime.datetime".to_owned(),
        Type::Duration(_) => "_datetime.timedelta".to_owned(),
        Type::Enum(i) => scope.type_name(&refer::to_enum(layout, i)),
        Type::Flags(i) => scope.type_name(&refer::to_flags(layout, i)),
    }
}
