//! What a field's type is called in Rust.

use shm_schema::layout::{Field, Home, Scalar, TimeUnit, Type};
use shm_schema::{Layout, Name};

/// As a person writes it with the runtime's types imported: `[Level; 5]`, and
/// `common::Vec3` for a type of an import.
pub fn type_name(layout: &Layout, field: &Field) -> String {
    with_dims(element(layout, field.ty, "", ""), &field.dims)
}

/// By a path that leads to it from the schema's module.
pub(crate) fn qualified(layout: &Layout, field: &Field) -> String {
    with_dims(qualified_element(layout, field), &field.dims)
}

/// [`qualified`] of one element.
pub(crate) fn qualified_element(layout: &Layout, field: &Field) -> String {
    element(layout, field.ty, "::shm_runtime::", "super::")
}

/// A type of the schema or of an import, from the schema's module.
pub(crate) fn named(layout: &Layout, home: Home, name: &Name) -> String {
    named_from(layout, home, name, "super::")
}

fn named_from(layout: &Layout, home: Home, name: &Name, packages: &str) -> String {
    match layout.package_of(home) {
        Some(package) => format!("{packages}{}::{}", package.rust(), name.rust()),
        None => name.rust(),
    }
}

/// The canonical spelling of a type that has no name and no length of its
/// own.
pub fn plain_name(ty: Type) -> Option<&'static str> {
    Some(match ty {
        Type::Scalar(scalar) => self::scalar(scalar),
        Type::Bool => "bool",
        Type::Timestamp(TimeUnit::S) => "timestamp_s",
        Type::Timestamp(TimeUnit::Ms) => "timestamp_ms",
        Type::Timestamp(TimeUnit::Us) => "timestamp_us",
        Type::Timestamp(TimeUnit::Ns) => "timestamp_ns",
        Type::Duration(TimeUnit::S) => "duration_s",
        Type::Duration(TimeUnit::Ms) => "duration_ms",
        Type::Duration(TimeUnit::Us) => "duration_us",
        Type::Duration(TimeUnit::Ns) => "duration_ns",
        Type::Str { .. } | Type::Bytes { .. } | Type::Utf16 { .. } => return None,
        Type::Enum(_) | Type::Flags(_) | Type::Struct(_) => return None,
    })
}

/// Scalars have the same names in Rust.
pub(crate) fn scalar(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::U8 => "u8",
        Scalar::U16 => "u16",
        Scalar::U32 => "u32",
        Scalar::U64 => "u64",
        Scalar::I8 => "i8",
        Scalar::I16 => "i16",
        Scalar::I32 => "i32",
        Scalar::I64 => "i64",
        Scalar::F32 => "f32",
        Scalar::F64 => "f64",
    }
}

/// `path` leads to the runtime's types, `packages` to the modules of imports.
fn element(layout: &Layout, ty: Type, path: &str, packages: &str) -> String {
    let named = |home, name| named_from(layout, home, name, packages);
    match ty {
        Type::Scalar(scalar) => self::scalar(scalar).to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Str { len } => format!("{path}FixedStr<{len}>"),
        Type::Bytes { len } => format!("{path}FixedBytes<{len}>"),
        Type::Utf16 { len } => format!("{path}FixedUtf16<{len}>"),
        Type::Timestamp(unit) => format!("{path}Timestamp{}", self::unit(unit)),
        Type::Duration(unit) => format!("{path}Duration{}", self::unit(unit)),
        Type::Enum(i) => named(layout.enums[i].home, &layout.enums[i].name),
        Type::Flags(i) => named(layout.flags[i].home, &layout.flags[i].name),
        Type::Struct(i) => named(layout.structs[i].home, &layout.structs[i].name),
    }
}

fn unit(unit: TimeUnit) -> &'static str {
    match unit {
        TimeUnit::S => "S",
        TimeUnit::Ms => "Ms",
        TimeUnit::Us => "Us",
        TimeUnit::Ns => "Ns",
    }
}

/// Numpy order: the outermost dimension is the outermost array.
pub(crate) fn with_dims(element: String, dims: &[u64]) -> String {
    dims.iter()
        .rev()
        .fold(element, |inner, dim| format!("[{inner}; {dim}]"))
}
