//! What stands in `#[shared(...)]` and `#[repr(...)]`.

use proc_macro2::Span;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::meta::ParseNestedMeta;
use syn::{Attribute, Error, Expr, LitInt, LitStr, Path, Token};

use crate::suggest::{list, nearest};

const KEYS: &[&str] = &[
    "schema",
    "root",
    "name",
    "size",
    "align",
    "schema_id",
    "fingerprint",
];

/// The keys of `#[shared(...)]`.
#[derive(Default)]
pub struct Shared {
    /// Path of the schema that the struct is held against.
    pub schema: Option<LitStr>,
    /// Path of the folder that imports of the schema are looked for in.
    pub root: Option<LitStr>,
    /// The struct's name in the schema.
    pub name: Option<LitStr>,
    /// What its size must come to, in bytes.
    pub size: Option<LitInt>,
    /// What its alignment must come to, in bytes.
    pub align: Option<LitInt>,
    /// Of a generated struct: the constant that says where it comes from.
    pub schema_id: Option<Path>,
    /// Of a generated struct: what its layout must come to.
    pub fingerprint: Option<LitStr>,
    /// Of a struct that `include_schema!` makes, and of no other: what its
    /// canonical text most likely is.
    pub text: Option<LitStr>,
}

impl Shared {
    /// Of all `#[shared(...)]` of a struct.
    ///
    /// # Errors
    ///
    /// A key is unknown, stands twice, or has a value of another kind.
    pub fn from_syn(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut shared = Self::default();
        for attribute in attributes.iter().filter(|a| is(a, "shared")) {
            attribute.parse_nested_meta(|meta| shared.key(&meta))?;
        }
        if let (None, Some(root)) = (&shared.schema, &shared.root) {
            return Err(Error::new(
                root.span(),
                "`root` is the folder that a schema imports from, and there is no `schema`\n\
                 help: add `schema = \"..\"`, or remove `root`",
            ));
        }
        Ok(shared)
    }

    fn key(&mut self, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
        let key = meta.path.get_ident().map(|i| i.unraw().to_string());
        match key.as_deref() {
            Some("schema") => once(&mut self.schema, meta, |m| m.value()?.parse()),
            Some("root") => once(&mut self.root, meta, |m| m.value()?.parse()),
            Some("name") => once(&mut self.name, meta, name),
            Some("size") => once(&mut self.size, meta, number),
            Some("align") => once(&mut self.align, meta, number),
            Some("schema_id") => once(&mut self.schema_id, meta, |m| m.value()?.parse()),
            Some("fingerprint") => once(&mut self.fingerprint, meta, |m| {
                let text: LitStr = m.value()?.parse()?;
                let value = text.value();
                let hex = value.len() == 64 && value.bytes().all(|b| b.is_ascii_hexdigit());
                match hex {
                    true => Ok(text),
                    false => Err(Error::new(
                        text.span(),
                        "a fingerprint is 64 hexadecimal digits",
                    )),
                }
            }),
            Some("text") => once(&mut self.text, meta, |m| m.value()?.parse()),
            _ => Err(unknown(meta)),
        }
    }
}

/// The keys of `#[shared(...)]` on a field.
#[derive(Default)]
pub struct OnField {
    /// Where it must lie.
    pub offset: Option<LitInt>,
    /// The version of the schema that it came with.
    pub since: Option<LitInt>,
    /// What stands for none.
    pub none: Option<Expr>,
}

impl OnField {
    /// Of all `#[shared(...)]` of a field.
    ///
    /// # Errors
    ///
    /// As of [`Shared::from_syn`].
    pub fn from_syn(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut keys = Self::default();
        for attribute in attributes.iter().filter(|a| is(a, "shared")) {
            attribute.parse_nested_meta(|meta| {
                let key = meta.path.get_ident().map(|i| i.unraw().to_string());
                match key.as_deref() {
                    Some("offset") => once(&mut keys.offset, &meta, number),
                    Some("since") => once(&mut keys.since, &meta, version),
                    Some("none") => once(&mut keys.none, &meta, |m| m.value()?.parse()),
                    _ => Err(meta.error(format!(
                        "unknown key `{}`\nhelp: on a field, `#[shared]` takes `offset`, `since` \
                         and `none`; unit, range and the like stand in the schema",
                        meta.path.to_token_stream()
                    ))),
                }
            })?;
        }
        Ok(keys)
    }
}

/// The nearest key, or all.
fn unknown(meta: &ParseNestedMeta<'_>) -> Error {
    let key = meta.path.to_token_stream().to_string();
    let near = nearest(&key, KEYS.iter().copied());
    let help = near.map_or_else(
        || format!("`#[shared]` takes {}", list(KEYS.iter().copied())),
        |near| format!("there is `{near}`"),
    );
    meta.error(format!("unknown key `{key}`\nhelp: {help}"))
}

/// A name as a schema may have it.
fn name(meta: &ParseNestedMeta<'_>) -> syn::Result<LitStr> {
    let name: LitStr = meta.value()?.parse()?;
    let value = name.value();
    let is_name = value
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !value.starts_with(|c: char| c.is_ascii_digit())
        && !value.is_empty();
    match is_name {
        true => Ok(name),
        false => Err(Error::new(
            name.span(),
            "a name is ASCII letters, digits and `_`, and does not start with a digit",
        )),
    }
}

/// A whole number that fits.
fn number(meta: &ParseNestedMeta<'_>) -> syn::Result<LitInt> {
    let number: LitInt = meta.value()?.parse()?;
    number.base10_parse::<usize>()?;
    Ok(number)
}

/// A version of a schema that another one came before.
fn version(meta: &ParseNestedMeta<'_>) -> syn::Result<LitInt> {
    let number: LitInt = meta.value()?.parse()?;
    match number.base10_parse::<u32>()? {
        0 => Err(Error::new(number.span(), "versions of a schema begin at 1")),
        _ => Ok(number),
    }
}

/// Reads a value into its place, which must be free.
fn once<T>(
    place: &mut Option<T>,
    meta: &ParseNestedMeta<'_>,
    read: impl FnOnce(&ParseNestedMeta<'_>) -> syn::Result<T>,
) -> syn::Result<()> {
    if place.is_some() {
        let key = meta.path.to_token_stream();
        return Err(meta.error(format!("`{key}` is given twice")));
    }
    *place = Some(read(meta)?);
    Ok(())
}

/// The words of `#[repr(...)]` that shape a struct.
///
/// Only refusals and advice rest on them. What the layout is comes from
/// `offset_of!`, for attributes can be spelled in ways that no macro sees.
pub struct Repr {
    /// Whether `C` is among them.
    pub c: bool,
    /// `packed(2)` is 2, `packed` is 1.
    pub packed: Option<u64>,
    /// `align(64)` is 64.
    pub align: Option<u64>,
    /// Where to point: the first `#[repr]`, or the derive.
    pub span: Span,
    /// The same when the packing or the alignment is wrong: the last `#[repr]`
    /// that says one.
    pub shape_span: Span,
}

impl Repr {
    /// Of all `#[repr(...)]` of a struct.
    ///
    /// # Errors
    ///
    /// A number in it is none.
    pub fn from_syn(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut repr = Self {
            c: false,
            packed: None,
            align: None,
            span: Span::call_site(),
            shape_span: Span::call_site(),
        };
        for (i, attribute) in attributes.iter().filter(|a| is(a, "repr")).enumerate() {
            let span = attribute.path().segments[0].ident.span();
            let before = (repr.packed, repr.align);
            attribute.parse_nested_meta(|meta| repr.word(&meta))?;
            if i == 0 {
                (repr.span, repr.shape_span) = (span, span);
            } else if before != (repr.packed, repr.align) {
                repr.shape_span = span;
            }
        }
        Ok(repr)
    }

    fn word(&mut self, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
        let number = if meta.input.peek(syn::token::Paren) {
            let inside;
            syn::parenthesized!(inside in meta.input);
            Some(inside.parse::<LitInt>()?.base10_parse()?)
        } else {
            None
        };
        // An unknown word is rustc's to refuse.
        match meta.path.get_ident().map(|i| i.unraw().to_string()) {
            Some(word) if word == "C" => self.c = true,
            Some(word) if word == "packed" => self.packed = Some(number.unwrap_or(1)),
            Some(word) if word == "align" => self.align = number,
            _ => {}
        }
        // `repr(C,)` and `repr(C, packed)` go on with a comma.
        debug_assert!(meta.input.is_empty() || meta.input.peek(Token![,]));
        Ok(())
    }
}

/// Whether the attribute is called `name`; `r#repr` is `repr` too.
pub fn is(attribute: &Attribute, name: &str) -> bool {
    attribute
        .path()
        .get_ident()
        .is_some_and(|i| i.unraw() == name)
}
