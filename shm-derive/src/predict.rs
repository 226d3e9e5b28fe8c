//! What a record's canonical text will be, before rustc has a layout.
//!
//! rustc's interpreter takes a tenth of a second to write the text of fifty
//! fields and to hash it, a macro takes none. So the macro predicts what
//! rustc will find: each field's type and place, and the struct's size. What
//! it writes then compares these, which is quick, and where they differ (a
//! name that stands for something else than it seems, a `#[repr]` in disguise)
//! rustc computes the text after all. So a prediction may be wrong, and the
//! fingerprint never is.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use shm_schema::Fingerprint;
use shm_schema::law::{self, Want};
use shm_schema::layout::Field as SchemaField;
use shm_schema::text::{self, Line};
use syn::{LitInt, LitStr};

use crate::compare::{Expected, canonical};
use crate::kinds::{self, Kind};
use shm_record::ast::Record;
use shm_record::attr::Repr;
use shm_record::lower::{Element, Length, Lowered};

/// A record as it will most likely be.
#[derive(Debug, PartialEq)]
pub(crate) struct Prediction {
    size: u64,
    align: u64,
    /// One a field.
    offsets: Vec<u64>,
    /// One a field.
    types: Vec<Predicted>,
    /// The canonical text.
    pub(crate) text: String,
    /// Of the text.
    pub(crate) fingerprint: Fingerprint,
}

/// A field's type as it will most likely be.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Predicted {
    /// In canonical spelling; empty when the bytes have no meaning.
    element: String,
    dims: Vec<u64>,
    /// Dims included, in bytes.
    size: u64,
    /// Before `pack`, in bytes.
    align: u64,
}

impl Prediction {
    /// What the schema says of the fields that it has, and tokens of the rest;
    /// nothing when they leave one open.
    pub(crate) fn of(
        record: &Record<'_>,
        lowered: &[Lowered],
        expected: Option<&Expected<'_>>,
    ) -> Option<Self> {
        if let Some(text) = &record.shared.text {
            return Self::of_text(record, lowered, &text.value());
        }
        let mut types: Vec<_> = lowered.iter().map(Predicted::of_tokens).collect();
        if let Some(expected) = expected {
            for (r, field) in &expected.fields {
                types[*r] = Some(Predicted::of_schema(expected, field));
            }
        }
        Self::laid_out(record, types.into_iter().collect::<Option<_>>()?)
    }

    /// Of a struct that stands with its text. The text is read and written
    /// anew, so that it counts no more than what is predicted otherwise.
    fn of_text(record: &Record<'_>, lowered: &[Lowered], text: &str) -> Option<Self> {
        let mut lines = text.lines().skip(1).map(|line| line.split(' '));
        let head: Vec<&str> = lines.next()?.collect();
        let &[_, _, size, align] = &head[..] else {
            return None;
        };
        let (mut offsets, mut types, mut end) = (Vec::new(), Vec::new(), 0);
        for ty in lowered {
            let (offset, ty) = match ty.element.is_gap() {
                // Each member of such a struct begins where one ends.
                true => (end, Predicted::of_tokens(ty)?),
                false => Predicted::of_line(lines.next()?.skip(1))?,
            };
            end = ty.size.checked_add(offset)?;
            offsets.push(offset);
            types.push(ty);
        }
        let (size, align) = (size.parse().ok()?, align.parse().ok()?);
        Some(Self::at(record, size, align, offsets, types))
    }

    fn laid_out(record: &Record<'_>, types: Vec<Predicted>) -> Option<Self> {
        let Repr { packed, align, .. } = record.repr;
        let wants = types.iter().map(|ty| Want {
            size: ty.size,
            align: ty.align,
        });
        let placed = law::place(&wants.collect::<Vec<_>>(), packed).ok()?;
        let align = placed.align.max(align.unwrap_or(1));
        let size = law::align_up(placed.end, align)?;
        Some(Self::at(record, size, align, placed.offsets, types))
    }

    fn at(
        record: &Record<'_>,
        size: u64,
        align: u64,
        offsets: Vec<u64>,
        types: Vec<Predicted>,
    ) -> Self {
        let fields = record.fields.iter().zip(&types).zip(&offsets);
        let lines = fields.map(|((field, ty), &offset)| Line {
            name: &field.name,
            element: &ty.element,
            dims: &ty.dims,
            offset,
            size: ty.size,
        });
        let meant = lines.filter(|line| !line.element.is_empty());
        let text = text::of_record(&record.name(), size, align, meant);
        Self {
            size,
            align,
            fingerprint: Fingerprint::of(&text),
            text,
            offsets,
            types,
        }
    }

    /// Whether all that is written beside the struct and its fields is what is
    /// predicted.
    pub(crate) fn says(&self, record: &Record<'_>) -> bool {
        let is = |stated: &Option<LitInt>, predicted: u64| {
            let stated = stated.as_ref().map(LitInt::base10_parse::<u64>);
            stated.is_none_or(|stated| stated.is_ok_and(|stated| stated == predicted))
        };
        let shared = &record.shared;
        let fingerprint = shared.fingerprint.as_ref().map(LitStr::value);
        let mut fields = record.fields.iter().zip(&self.offsets);
        is(&shared.size, self.size)
            && is(&shared.align, self.align)
            && fields.all(|(field, &offset)| is(&field.shared.offset, offset))
            && fingerprint.is_none_or(|hex| hex.eq_ignore_ascii_case(&self.fingerprint.to_string()))
    }

    /// A condition: rustc finds the same.
    pub(crate) fn holds(&self, record: &Record<'_>) -> TokenStream {
        let ident = record.ident;
        let number = Literal::u64_unsuffixed;
        let (size, align) = (number(self.size), number(self.align));
        let offsets = self.offsets.iter().copied().map(number);
        let told = record.fields.iter().zip(&self.types);
        let kinds = kinds::of(told.map(|(field, ty)| (field.ty, ty)));
        let types = kinds.iter().map(|Kind { ty, told, .. }| {
            let (element, size) = (&told.element, number(told.size));
            let dims = told.dims.iter().copied().map(number);
            quote!(::shm_runtime::__private::is_predicted::<#ty>(#element, &[#(#dims),*], #size))
        });
        quote! {
            ::core::mem::size_of::<#ident>() == #size
                && ::core::mem::align_of::<#ident>() == #align
                && ::shm_runtime::__private::are_equal(__AT, &[#(#offsets),*])
                #(&& #types)*
        }
    }
}

impl Predicted {
    fn of_schema(expected: &Expected<'_>, field: &SchemaField) -> Self {
        Self {
            element: canonical(expected.layout, field).to_owned(),
            dims: field.dims.clone(),
            size: field.size,
            align: field.align,
        }
    }

    /// Of what follows the name in a line of a canonical text, with the
    /// offset: `<element>[ [dims]] @<offset> +<size>`.
    fn of_line<'a>(mut words: impl Iterator<Item = &'a str>) -> Option<(u64, Self)> {
        let element = words.next()?.to_owned();
        let mut word = words.next()?;
        let mut dims = Vec::new();
        if let Some(list) = word.strip_prefix('[') {
            let list = list.strip_suffix(']')?.split(',');
            dims = list.map(str::parse).collect::<Result<_, _>>().ok()?;
            word = words.next()?;
        }
        let offset = word.strip_prefix('@')?.parse().ok()?;
        let size = words.next()?.strip_prefix('+')?.parse().ok()?;
        let align = 1; // Not asked for where the offset is known.
        let ty = Self {
            element,
            dims,
            size,
            align,
        };
        Some((offset, ty))
    }

    fn of_tokens(ty: &Lowered) -> Option<Self> {
        let (element, size, align) = element(&ty.element)?;
        let dims = ty.dims.iter().map(|dim| known(*dim));
        let dims = dims.collect::<Option<Vec<u64>>>()?;
        let size = dims
            .iter()
            .try_fold(size, |size, &dim| size.checked_mul(dim))?;
        Some(Self {
            element,
            dims,
            size,
            align,
        })
    }
}

/// In canonical spelling, with its size and alignment.
fn element(element: &Element) -> Option<(String, u64, u64)> {
    Some(match *element {
        Element::Plain(name) => {
            let size = size_of_plain(name);
            (name.to_owned(), size, size)
        }
        Element::Sized(kind, length) => {
            let (units, unit) = (known(length)?, if kind == "utf16" { 2 } else { 1 });
            (format!("{kind}:{units}"), units.checked_mul(unit)?, unit)
        }
        Element::Gap(length) => (String::new(), known(length)?, 1),
        Element::Unknown => return None,
    })
}

/// Of a number, a `bool` or a time, which are aligned to their size.
fn size_of_plain(name: &str) -> u64 {
    match name {
        "u8" | "i8" | "bool" => 1,
        "u16" | "i16" => 2,
        "u32" | "i32" | "f32" => 4,
        _ => 8,
    }
}

fn known(length: Length) -> Option<u64> {
    match length {
        Length::Known(length) => Some(length),
        Length::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shm_record::valid;

    fn predicted(source: &str) -> Option<Prediction> {
        let input = syn::parse_str(source).unwrap();
        let record = Record::from_syn(&input).unwrap();
        let lowered = valid::check(&record).unwrap();
        Prediction::of(&record, &lowered, None)
    }

    #[test]
    fn what_tokens_tell_is_laid_out_as_c_does() {
        let all = predicted(
            "#[repr(C)] struct All {
                r#type: bool, at: TimestampNs, name: FixedStr<5>, wide: FixedUtf16<3>,
                grid: [[f32; 2]; 3], _pad: [Pad<3>; 2], raw: shm_runtime::FixedBytes<2>, last: u16,
            }",
        );
        assert_eq!(
            all.unwrap().text,
            "shm-layout/1\n\
             struct All 64 8\n\
             type bool @0 +1\n\
             at timestamp_ns @8 +8\n\
             name str:5 @16 +5\n\
             wide utf16:3 @22 +6\n\
             grid f32 [3,2] @28 +24\n\
             raw bytes:2 @58 +2\n\
             last u16 @60 +2\n"
        );
    }

    #[test]
    fn pack_and_align_are_seen() {
        let packed = predicted("#[repr(C, packed(2))] struct P { a: u8, b: u64 }").unwrap();
        assert!(
            packed
                .text
                .contains("struct P 10 2\na u8 @0 +1\nb u64 @2 +8\n")
        );
        let aligned = predicted("#[repr(C, align(64))] struct A { a: u8 }").unwrap();
        assert!(aligned.text.contains("struct A 64 64\n"));
    }

    #[test]
    fn a_text_that_stands_beside_a_struct_tells_what_tokens_do_not() {
        let text = "shm-layout/1\n\
                    struct Level 24 8\n\
                    px f64 @0 +8\n\
                    side enum:Side:ab12 [3,2] @8 +6\n\
                    qty u32 @16 +4\n";
        let level = |text: &str| {
            predicted(&format!(
                "#[shared(text = {text:?})] #[repr(C)] struct Level {{
                    px: f64, side: [[Side; 2]; 3], _pad0: ::shm_runtime::Pad<2>, qty: u32,
                    _pad1: ::shm_runtime::Pad<4>,
                }}"
            ))
        };
        let whole = level(text).unwrap();
        assert_eq!(whole.text, text);
        assert_eq!(whole.offsets, [0, 8, 14, 16, 20]);
        assert_eq!((whole.size, whole.align), (24, 8));
        // Names are the struct's own, whatever stands there.
        assert_eq!(level(&text.replace("qty", "qyt")).unwrap().text, text);
        for other in [&text[..40], "", "shm-layout/1\nstruct Level 24\n"] {
            assert_eq!(level(other), None, "{other}");
        }
        assert_eq!(level(&text.replace("+6", "6")), None);
    }

    #[test]
    fn what_tokens_do_not_tell_is_not_guessed() {
        for ty in [
            "Side",
            "[u8; DEPTH]",
            "FixedStr<N>",
            "Pad<{ N }>",
            "mine::Pad<4>",
        ] {
            let source = format!("#[repr(C)] struct Some {{ first: u8, second: {ty} }}");
            assert_eq!(predicted(&source), None, "{ty}");
        }
        let huge = "#[repr(C)] struct H { a: [[u64; 4294967296]; 4294967296], b: u8 }";
        assert_eq!(predicted(huge), None);
    }
}
