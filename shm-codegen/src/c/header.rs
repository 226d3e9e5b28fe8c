//! The whole header as strings ready to print.

use askama::Template;
use shm_schema::layout::{
    Constant, EnumLayout, FlagsLayout, Layout, Number, Place, Scalar, SegmentKind, SegmentLayout,
};
use shm_schema::{Name, Position};

use super::comment;
use super::names::{Names, type_name};
use super::number;
use super::record::Head;
pub(crate) use super::record::Record;
use crate::stamp;
use crate::target::Refusal;
use crate::words;

/// What `templates/c/header.h` prints.
#[derive(Template)]
#[template(path = "c/header.h")]
pub(crate) struct Header {
    stamp: String,
    intro: String,
    has_value_macros: bool,
    guard: String,
    needs_math: bool,
    /// Of the schemas that this one names types of.
    includes: Vec<String>,
    pub(crate) parts: Parts,
}

/// All of a schema that has a name.
pub(crate) struct Parts {
    pub(crate) version: Define,
    pub(crate) fingerprint: Define,
    pub(crate) constants: Vec<Define>,
    pub(crate) integers: Vec<Integer>,
    pub(crate) records: Vec<Record>,
    pub(crate) segments: Vec<Segment>,
}

/// A `#define`.
pub(crate) struct Define {
    pub(super) doc: String,
    pub(crate) name: String,
    /// What the value is: a type of `<stdint.h>`, `double`, or [`TEXT`].
    pub(crate) ty: &'static str,
    pub(super) value: String,
}

/// The type of a macro that is a text.
const TEXT: &str = "char *";

impl Define {
    pub(super) fn number(name: String, scalar: Scalar, number: Number) -> Self {
        Self {
            doc: String::new(),
            name,
            ty: number::type_name(scalar),
            value: number::literal(scalar, number),
        }
    }

    /// For text of identifiers, dots and hexadecimal only, and for the paths
    /// that the language takes.
    pub(super) fn text(name: String, text: &str) -> Self {
        Self {
            doc: String::new(),
            name,
            ty: TEXT,
            value: format!("\"{text}\""),
        }
    }
}

/// An enum or flags: a name for an integer type, and names for its values.
pub(crate) struct Integer {
    doc: String,
    pub(crate) name: String,
    pub(crate) repr: &'static str,
    pub(crate) values: Vec<Define>,
}

/// What a segment is called and how many records it has.
pub(crate) struct Segment {
    doc: String,
    pub(crate) defines: Vec<Define>,
}

impl Header {
    /// # Errors
    ///
    /// When two names of the schema come to one name in C, or one of them to
    /// that of an import.
    pub(crate) fn new(layout: &Layout) -> Result<Self, Refusal> {
        let mut names = Names::new(layout)?;
        for import in &layout.imports {
            names.enter(&import.layout.package);
            Parts::new(&import.layout, &mut names)?;
        }
        names.enter(&layout.package);
        let parts = Parts::new(layout, &mut names)?;
        let guard = &["SHM", "H"];
        let nowhere = Position::default();
        let guard = names.new_macro(guard, "the include guard".to_owned(), nowhere)?;
        let direct = layout.imports.iter().filter(|import| import.direct);
        Ok(Self {
            stamp: stamp::line(layout),
            intro: intro(layout),
            has_value_macros: parts.records.iter().any(|r| !r.values.is_empty()),
            guard,
            includes: direct
                .map(|import| file_name(&import.layout.package))
                .collect(),
            needs_math: needs_math(layout),
            parts,
        })
    }
}

impl Parts {
    fn new<'a>(layout: &'a Layout, names: &mut Names<'a>) -> Result<Self, Refusal> {
        let nowhere = Position::default();
        let mut about = |part: &str| {
            let what = format!("the {} of the schema", part.to_lowercase());
            names.new_macro(&["SCHEMA", part], what, nowhere)
        };
        let version = Number::Int(layout.version.into());
        let version = Define::number(about("VERSION")?, Scalar::U32, version);
        let fingerprint = layout.fingerprint.to_string();
        let fingerprint = Define::text(about("FINGERPRINT")?, &fingerprint);
        let constants = each(&layout.constants, |c| constant(c, names))?;
        let mut integers = each(layout.own_enums(), |e| enumeration(e, names))?;
        integers.extend(each(layout.own_flags(), |f| flags(f, names))?);
        let segments = each(&layout.segments, |s| segment(layout, s, names))?;
        // In two steps: no member may have the name of any macro.
        let heads = each(layout.own_structs(), |s| Head::new(s, names))?;
        let heads = layout.own_structs().zip(heads);
        let records = each(heads, |(s, head)| Record::new(layout, s, head, names))?;
        Ok(Self {
            version,
            fingerprint,
            constants,
            integers,
            records,
            segments,
        })
    }
}

/// `<package>.h`.
pub(crate) fn file_name(package: &Name) -> String {
    format!("{package}.h")
}

fn needs_math(layout: &Layout) -> bool {
    let constants = layout.constants.iter().map(|c| c.value);
    let fields = layout.own_structs().flat_map(|s| s.fields());
    let said = fields.flat_map(|field| {
        let (low, high) = field.range.unzip();
        [field.sentinel, low, high].into_iter().flatten()
    });
    constants.chain(said).any(number::needs_math)
}

fn each<T, U>(
    list: impl IntoIterator<Item = T>,
    view: impl FnMut(T) -> Result<U, Refusal>,
) -> Result<Vec<U>, Refusal> {
    list.into_iter().map(view).collect()
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
        ty: number::type_name(constant.ty),
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
            ty: number::type_name(layout.repr),
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
            ty: number::type_name(layout.repr),
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
    let mut name = |part: &str, what: &str| {
        let what = format!("the {what} of the segment `{}`", segment.name);
        names.new_macro(&[&upper, part], what, segment.at)
    };
    let mut defines = match &segment.foreign {
        None => {
            let full_name = format!("{}.{}", layout.package, segment.name);
            vec![Define::text(name("NAME", "name")?, &full_name)]
        }
        Some(foreign) => {
            let mut defines = vec![match &foreign.place {
                Place::File(path) => Define::text(name("PATH", "path")?, path),
                Place::SysV(key) => Define {
                    doc: String::new(),
                    name: name("SYSV_KEY", "key")?,
                    ty: number::type_name(Scalar::U32),
                    // In hexadecimal, as `ipcs` shows it.
                    value: format!("UINT32_C({key:#x})"),
                },
            }];
            for (part, what, value) in [
                ("AT", "first byte", foreign.at),
                ("STRIDE", "stride", foreign.stride),
            ] {
                let value = Number::Int(value.into());
                defines.push(Define::number(name(part, what)?, Scalar::U64, value));
            }
            defines
        }
    };
    let shape = match segment.kind {
        SegmentKind::Cell => "A cell of one".to_owned(),
        SegmentKind::Table { rows, .. } => {
            let rows_value = Number::Int(rows.into());
            defines.push(Define::number(
                name("ROWS", "rows")?,
                Scalar::U64,
                rows_value,
            ));
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
    let record = type_name(layout, record.home, &record.name);
    let unusual = words::unusual(segment);
    let foreign = match &segment.foreign {
        None => String::new(),
        Some(_) => format!(", of another program; sync {}", layout.sync_text(segment)),
    };
    let facts = format!("{shape} {record}{key}{unusual}{foreign}.");
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
