//! The whole header as strings ready to print.

use askama::Template;
use shm_schema::layout::{Constant, EnumLayout, FlagsLayout, Layout, SegmentKind, SegmentLayout};

use super::comment;
use super::names::Names;
use super::number;
use super::record::Record;
use crate::stamp;
use crate::target::Refusal;

/// What `templates/c/header.h` prints.
#[derive(Template)]
#[template(path = "c/header.h")]
pub(super) struct Header {
    stamp: String,
    intro: String,
    guard: String,
    needs_math: bool,
    version: Define,
    fingerprint: Define,
    constants: Vec<Define>,
    integers: Vec<Integer>,
    records: Vec<Record>,
    segments: Vec<Segment>,
}

/// A `#define`.
struct Define {
    doc: String,
    name: String,
    value: String,
}

/// An enum or flags: a name for an integer type, and names for its values.
struct Integer {
    doc: String,
    name: String,
    repr: &'static str,
    values: Vec<Define>,
}

/// What a segment is called and how many records it has.
struct Segment {
    doc: String,
    defines: Vec<Define>,
}

impl Header {
    /// # Errors
    ///
    /// When two names of the schema come to one name in C.
    pub(super) fn new(layout: &Layout) -> Result<Self, Refusal> {
        let mut names = Names::new(layout)?;
        let nowhere = shm_schema::Position::default();
        let guard = names.new_macro(&["SHM", "H"], "the include guard".to_owned(), nowhere)?;
        let version = Define {
            doc: String::new(),
            name: names.new_macro(
                &["SCHEMA", "VERSION"],
                "the version of the schema".to_owned(),
                nowhere,
            )?,
            value: number::integer(shm_schema::layout::Scalar::U32, layout.version.into()),
        };
        let fingerprint = Define {
            doc: String::new(),
            name: names.new_macro(
                &["SCHEMA", "FINGERPRINT"],
                "the fingerprint of the schema".to_owned(),
                nowhere,
            )?,
            value: quoted(&layout.fingerprint.to_string()),
        };
        let constants = each(&layout.constants, |c| constant(c, &mut names))?;
        let mut integers = each(&layout.enums, |e| enumeration(e, &mut names))?;
        integers.extend(each(&layout.flags, |f| flags(f, &mut names))?);
        let segments = each(&layout.segments, |s| segment(layout, s, &mut names))?;
        // Last: their members must not have the name of any macro.
        let records = each(&layout.structs, |s| Record::new(layout, s, &mut names))?;
        Ok(Self {
            stamp: stamp::line(layout),
            intro: intro(layout),
            guard,
            needs_math: layout.constants.iter().any(|c| number::needs_math(c.value)),
            version,
            fingerprint,
            constants,
            integers,
            records,
            segments,
        })
    }
}

fn each<T, U>(list: &[T], view: impl FnMut(&T) -> Result<U, Refusal>) -> Result<Vec<U>, Refusal> {
    list.iter().map(view).collect()
}

fn intro(layout: &Layout) -> String {
    match &layout.doc {
        Some(doc) => format!(" *\n{}", comment::body(doc)),
        None => String::new(),
    }
}

fn constant(constant: &Constant, names: &mut Names<'_>) -> Result<Define, Refusal> {
    let what = format!("the constant `{}`", constant.name);
    Ok(Define {
        doc: doc(&constant.doc),
        name: names.new_macro(&[&constant.name.upper()], what, constant.at)?,
        value: number::literal(constant.ty, constant.value),
    })
}

fn enumeration(layout: &EnumLayout, names: &mut Names<'_>) -> Result<Integer, Refusal> {
    let upper = layout.name.upper();
    let name = names.new_type(&layout.name, layout.at)?;
    let values = each(&layout.values, |value| {
        let what = format!("the value `{}` of `{}`", value.name, layout.name);
        Ok(Define {
            doc: doc(&value.doc),
            name: names.new_macro(&[&upper, &value.name.upper()], what, value.at)?,
            value: number::integer(layout.repr, value.value),
        })
    })?;
    let mut text = layout.doc.clone().unwrap_or_default();
    text.push_str("\n\nA value without a name here is valid too: it comes from a newer schema.");
    if !layout.reserved.is_empty() {
        let list: Vec<String> = layout.reserved.iter().map(i128::to_string).collect();
        text.push_str(&format!(
            "\nOnce used and never again: {}.",
            list.join(", ")
        ));
    }
    Ok(Integer {
        doc: comment::block("", &text),
        name,
        repr: number::type_name(layout.repr),
        values,
    })
}

fn flags(layout: &FlagsLayout, names: &mut Names<'_>) -> Result<Integer, Refusal> {
    let upper = layout.name.upper();
    let name = names.new_type(&layout.name, layout.at)?;
    let values = each(&layout.bits, |bit| {
        let what = format!("the bit `{}` of `{}`", bit.name, layout.name);
        Ok(Define {
            doc: doc(&bit.doc),
            name: names.new_macro(&[&upper, &bit.name.upper()], what, bit.at)?,
            value: number::bit(layout.repr, bit.bit),
        })
    })?;
    Ok(Integer {
        doc: doc(&layout.doc),
        name,
        repr: number::type_name(layout.repr),
        values,
    })
}

fn segment(
    layout: &Layout,
    segment: &SegmentLayout,
    names: &mut Names<'_>,
) -> Result<Segment, Refusal> {
    let record = &layout.structs[segment.of];
    let upper = segment.name.upper();
    let mut define = |part: &str, what: &str, value: String| {
        let what = format!("the {what} of the segment `{}`", segment.name);
        let name = names.new_macro(&[&upper, part], what, segment.at)?;
        Ok::<_, Refusal>(Define {
            doc: String::new(),
            name,
            value,
        })
    };
    let full_name = quoted(&format!("{}.{}", layout.package, segment.name));
    let mut defines = vec![define("NAME", "name", full_name)?];
    let shape = match segment.kind {
        SegmentKind::Cell => "A cell of one".to_owned(),
        SegmentKind::Table { rows, .. } => {
            let rows_value = number::integer(shm_schema::layout::Scalar::U64, rows.into());
            defines.push(define("ROWS", "rows", rows_value)?);
            format!("A table of {rows}")
        }
    };
    let key = match segment.kind {
        SegmentKind::Table { key: Some(key), .. } => match &record.members[key] {
            shm_schema::layout::Member::Field(field) => format!(", found by {}", field.name.c()),
            _ => String::new(),
        },
        _ => String::new(),
    };
    let type_name = names.type_name(&record.name);
    let facts = format!("{shape} {type_name}{key}.");
    let text = match &segment.doc {
        Some(doc) => format!("{}\n\n{facts}", doc.trim_end()),
        None => facts,
    };
    Ok(Segment {
        doc: comment::block("", &text),
        defines,
    })
}

fn doc(doc: &Option<String>) -> String {
    comment::block("", doc.as_deref().unwrap_or_default())
}

/// For text of identifiers, dots and hexadecimal only.
fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}
