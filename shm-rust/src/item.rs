//! Items that stand for themselves: the schema's identity, constants, enums
//! and flags.

use shm_schema::Layout;
use shm_schema::layout::{Constant, EnumLayout, FlagsLayout, Number, Scalar};

use crate::doc::Doc;
use crate::ty;

/// `SCHEMA`: where the structs come from.
pub(crate) fn schema(layout: &Layout) -> String {
    let doc = Doc::default()
        .text(layout.doc.as_deref())
        .line(format!(
            "Version {} of schema `{}`.",
            layout.version, layout.package
        ))
        .comment("");
    format!(
        "{doc}\
         pub const SCHEMA: ::shm_runtime::SchemaId = ::shm_runtime::SchemaId {{\n    \
             package: \"{}\",\n    \
             version: {},\n    \
             fingerprint: ::shm_runtime::Fingerprint::from_hex(\n        \
                 \"{}\",\n    \
             ),\n\
         }};\n",
        layout.package, layout.version, layout.fingerprint,
    )
}

pub(crate) fn constant(constant: &Constant) -> String {
    let doc = or_title(constant.doc.as_deref(), "A constant of the schema.");
    // A number that looks like pi may be one, or a price.
    let allow = match constant.ty {
        Scalar::F32 | Scalar::F64 => "#[allow(clippy::approx_constant)]\n",
        _ => "",
    };
    // In upper case, as Rust has it: one called `f` would be taken for a
    // pattern wherever a function or a macro calls its parameter so.
    format!(
        "{doc}{allow}pub const {}: {} = {};\n",
        constant.name.upper(),
        ty::scalar(constant.ty),
        number(constant.value, constant.ty),
    )
}

/// As a Rust literal of the type.
pub(crate) fn number(number: Number, ty: Scalar) -> String {
    let float = match number {
        Number::Int(value) if ty.is_integer() => return value.to_string(),
        Number::Int(value) => value as f64,
        Number::Float(value) => value,
    };
    // The end of a range may be beyond what an f32 holds.
    let float = match ty {
        Scalar::F32 => f64::from(float as f32),
        _ => float,
    };
    let name = ty::scalar(ty);
    if float.is_nan() {
        format!("{name}::NAN")
    } else if float == f64::INFINITY {
        format!("{name}::INFINITY")
    } else if float == f64::NEG_INFINITY {
        format!("{name}::NEG_INFINITY")
    } else if ty == Scalar::F32 {
        // The shortest text that is this f32, without an f64's digits.
        format!("{:?}", float as f32)
    } else {
        format!("{float:?}")
    }
}

/// `shm_runtime::open_enum! { ... }`
pub(crate) fn open_enum(layout: &EnumLayout) -> String {
    let doc = or_title_in(layout.doc.as_deref(), "An enum of the schema.", "    ");
    let mut values = String::new();
    for value in &layout.values {
        let title = format!("The value {}.", value.value);
        values += &or_title_in(value.doc.as_deref(), &title, "        ");
        values += &format!("        {} = {},\n", value.name.rust(), value.value);
    }
    format!(
        "::shm_runtime::open_enum! {{\n{doc}{}    pub enum {}: {} {{\n{values}    }}\n}}\n",
        allow_type_name(layout.name.as_str(), "    "),
        layout.name.rust(),
        ty::scalar(layout.repr),
    )
}

/// `shm_runtime::shared_flags! { ... }`
pub(crate) fn flags(layout: &FlagsLayout) -> String {
    let doc = or_title_in(layout.doc.as_deref(), "Flags of the schema.", "    ");
    let mut bits = String::new();
    for bit in &layout.bits {
        let title = format!("Bit {}.", bit.bit);
        bits += &or_title_in(bit.doc.as_deref(), &title, "        ");
        bits += &format!("        const {} = 1 << {};\n", bit.name.rust(), bit.bit);
    }
    format!(
        "::shm_runtime::shared_flags! {{\n{doc}{}    pub struct {}: {} {{\n{bits}    }}\n}}\n",
        allow_type_name(layout.name.as_str(), "    "),
        layout.name.rust(),
        ty::scalar(layout.repr),
    )
}

/// An attribute for a name that Rust would write otherwise.
pub(crate) fn allow_type_name(name: &str, indent: &str) -> String {
    match name.contains('_') || name.starts_with(|c: char| c.is_ascii_lowercase()) {
        true => format!("{indent}#[allow(non_camel_case_types)]\n"),
        false => String::new(),
    }
}

fn or_title(doc: Option<&str>, title: &str) -> String {
    or_title_in(doc, title, "")
}

/// The schema's doc, or a line that says what the item is.
fn or_title_in(doc: Option<&str>, title: &str, indent: &str) -> String {
    match doc {
        Some(_) => Doc::default().text(doc),
        None => Doc::default().line(title),
    }
    .comment(indent)
}
