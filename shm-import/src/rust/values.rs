//! `open_enum!` and `shared_flags!`.

use syn::parse::{Parse, ParseStream, Parser};
use syn::{Attribute, Expr, Ident, Token, Visibility, braced};

use super::item::{Items, named};
use super::{doc, findings, number, place};
use crate::draft::{Draft, Value, Values};
use crate::finding::Finding;

pub(super) fn gather(items: &Items<'_>, draft: &mut Draft, errors: &mut Vec<Finding>) {
    for item in &items.macros {
        let name = item.mac.path.segments.last().map(|s| s.ident.to_string());
        let tokens = item.mac.tokens.clone();
        let (read, list, kind) = match name.as_deref() {
            Some("open_enum") => (Body::open_enum.parse2(tokens), &mut draft.enums, Kind::Enum),
            Some("shared_flags") => (Body::flags.parse2(tokens), &mut draft.flags, Kind::Flags),
            _ => continue,
        };
        match read
            .map_err(findings)
            .and_then(|body| body.values(items, kind))
        {
            Ok(values) => list.push(values),
            Err(new) => errors.extend(new),
        }
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Enum,
    Flags,
}

/// What stands in the macro's brackets.
struct Body {
    attributes: Vec<Attribute>,
    name: Ident,
    repr: Ident,
    values: Vec<(Vec<Attribute>, Ident, Expr)>,
}

impl Body {
    /// `pub enum Side: u8 { None = 0, Bid = 1 }`
    fn open_enum(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        input.parse::<Token![enum]>()?;
        Self::after(attributes, input, |inside| {
            let value = (
                inside.call(Attribute::parse_outer)?,
                inside.call(<Ident as syn::ext::IdentExt>::parse_any)?,
                inside.parse::<Token![=]>().and_then(|_| inside.parse())?,
            );
            if !inside.is_empty() {
                inside.parse::<Token![,]>()?;
            }
            Ok(value)
        })
    }

    /// `pub struct QuoteFlags: u16 { const Firm = 1 << 0; }`
    fn flags(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        input.parse::<Token![struct]>()?;
        Self::after(attributes, input, |inside| {
            let attributes = inside.call(Attribute::parse_outer)?;
            inside.parse::<Token![const]>()?;
            let name = inside.call(<Ident as syn::ext::IdentExt>::parse_any)?;
            inside.parse::<Token![=]>()?;
            let mask = inside.parse()?;
            inside.parse::<Token![;]>()?;
            Ok((attributes, name, mask))
        })
    }

    fn after(
        attributes: Vec<Attribute>,
        input: ParseStream<'_>,
        value: impl Fn(ParseStream<'_>) -> syn::Result<(Vec<Attribute>, Ident, Expr)>,
    ) -> syn::Result<Self> {
        let name = input.parse()?;
        input.parse::<Token![:]>()?;
        let repr = Ident::parse(input)?;
        let inside;
        braced!(inside in input);
        let mut values = Vec::new();
        while !inside.is_empty() {
            values.push(value(&inside)?);
        }
        Ok(Self {
            attributes,
            name,
            repr,
            values,
        })
    }

    fn values(self, items: &Items<'_>, kind: Kind) -> Result<Values, Vec<Finding>> {
        let mut errors = Vec::new();
        let mut values = Vec::new();
        for (attributes, ident, expr) in &self.values {
            let (name, at) = named(ident);
            match kind.number(items, expr) {
                Ok(number) => values.push(Value {
                    name,
                    number,
                    doc: doc::text_or(attributes, items.generated, &kind.title(number)),
                    at,
                }),
                Err(finding) => errors.push(finding),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let (name, at) = named(&self.name);
        let title = match kind {
            Kind::Enum => "An enum of the schema.",
            Kind::Flags => "Flags of the schema.",
        };
        Ok(Values {
            name,
            repr: self.repr.to_string(),
            values,
            doc: doc::text_or(&self.attributes, items.generated, title),
            at,
        })
    }
}

impl Kind {
    /// A value, or the place of a bit.
    fn number(self, items: &Items<'_>, expr: &Expr) -> Result<i128, Finding> {
        let number = number::value(items, expr, 0);
        let number = number.ok_or_else(|| {
            Finding::new(place(expr), "only rustc can tell what this number is")
                .help("write it as a literal")
        })?;
        match self {
            Self::Enum => Ok(number),
            Self::Flags if number > 0 && number & (number - 1) == 0 => {
                Ok(number.trailing_zeros().into())
            }
            Self::Flags => Err(Finding::new(place(expr), "a flag of a schema is one bit")
                .help("give each bit a name of its own, as `const Firm = 1 << 0;`")),
        }
    }

    /// What generated code says of one that has no doc.
    fn title(self, number: i128) -> String {
        match self {
            Self::Enum => format!("The value {number}."),
            Self::Flags => format!("Bit {number}."),
        }
    }
}
