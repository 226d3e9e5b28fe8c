//! The struct as it was written.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::{Attribute, Data, DeriveInput, Error, Fields, Ident, Type, Visibility};

use crate::attr::{OnField, Repr, Shared};

/// A struct with named fields and no generics.
pub struct Record<'a> {
    /// As it was written, `r#` included.
    pub ident: &'a Ident,
    /// What `#[shared(...)]` says.
    pub shared: Shared,
    /// What `#[repr(...)]` says.
    pub repr: Repr,
    /// In declared order.
    pub fields: Vec<Field<'a>>,
}

/// A field as it was written.
pub struct Field<'a> {
    /// As it was written, `r#` included.
    pub ident: &'a Ident,
    /// In schema spelling: without `r#`.
    pub name: String,
    /// Of the field alone.
    pub visibility: &'a Visibility,
    /// As it was written.
    pub ty: &'a Type,
    /// All of them, docs included.
    pub attributes: &'a [Attribute],
    /// What `#[shared(...)]` says.
    pub shared: OnField,
}

impl<'a> Record<'a> {
    /// Reads what the derive stands on.
    ///
    /// # Errors
    ///
    /// It is no struct with named fields, or an attribute of it is wrong.
    pub fn from_syn(input: &'a DeriveInput) -> syn::Result<Self> {
        let fields = match &input.data {
            Data::Struct(data) => &data.fields,
            Data::Enum(data) => {
                return Err(Error::new(
                    data.enum_token.span,
                    "an enum cannot be shared: another process may write a value that is none of \
                     its variants\n\
                     help: write it with `shm_runtime::open_enum!`",
                ));
            }
            Data::Union(data) => {
                return Err(Error::new(
                    data.union_token.span,
                    "a union cannot be shared: no reader can tell which field was written\n\
                     help: write a struct with a field for each",
                ));
            }
        };
        if !input.generics.params.is_empty() {
            return Err(Error::new_spanned(
                &input.generics,
                "a record has no type parameters and no lifetimes: its layout must be one\n\
                 help: write one struct for each type it is used with",
            ));
        }
        let Fields::Named(fields) = fields else {
            return Err(Error::new_spanned(
                &input.ident,
                "a record's fields have names: other languages know them by these\n\
                 help: write `struct Name { field: Type }`",
            ));
        };
        if fields.named.is_empty() {
            return Err(Error::new_spanned(
                &input.ident,
                "a record has at least one field",
            ));
        }
        Ok(Self {
            ident: &input.ident,
            shared: Shared::from_syn(&input.attrs)?,
            repr: Repr::from_syn(&input.attrs)?,
            fields: fields
                .named
                .iter()
                .map(Field::from_syn)
                .collect::<syn::Result<_>>()?,
        })
    }

    /// In schema spelling.
    pub fn name(&self) -> String {
        match &self.shared.name {
            Some(name) => name.value(),
            None => self.ident.unraw().to_string(),
        }
    }

    /// Of what gave the struct its name.
    pub fn name_span(&self) -> Span {
        match &self.shared.name {
            Some(name) => name.span(),
            None => self.ident.span(),
        }
    }
}

impl<'a> Field<'a> {
    fn from_syn(field: &'a syn::Field) -> syn::Result<Self> {
        let ident = field
            .ident
            .as_ref()
            .ok_or_else(|| Error::new_spanned(field, "a record's fields have names"))?;
        Ok(Self {
            ident,
            name: ident.unraw().to_string(),
            visibility: &field.vis,
            ty: &field.ty,
            attributes: &field.attrs,
            shared: OnField::from_syn(&field.attrs)?,
        })
    }
}
