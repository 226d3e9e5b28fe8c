//! The schema file that an attribute or a macro names.

use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use quote::quote;
use shm_schema::layout::StructLayout;
use shm_schema::{Layout, Position};
use syn::{Error, LitStr};

use crate::ast::Record;

/// A schema that was read and is valid.
pub(crate) struct Schema {
    pub(crate) layout: Layout,
    /// Absolute: `include_bytes!` reads other paths from the source's folder.
    path: PathBuf,
}

impl Schema {
    /// # Errors
    ///
    /// At the path: the file cannot be read, or what is wrong with the schema.
    pub(crate) fn read(literal: &LitStr) -> syn::Result<Self> {
        let name = literal.value();
        let path = package_folder().join(&name);
        let text = std::fs::read(&path).map_err(|error| {
            Error::new(
                literal.span(),
                format!(
                    "cannot read schema `{name}`: {error}\n\
                     help: the path is relative to the folder of the package's `Cargo.toml`"
                ),
            )
        })?;
        let layout = shm_schema::compile(&name, &text).map_err(|errors| {
            Error::new(
                literal.span(),
                format!("schema `{name}` is not valid\n\n{errors}"),
            )
        })?;
        Ok(Self { layout, path })
    }

    /// The struct that a record is held against.
    ///
    /// # Errors
    ///
    /// At the record's name, with the nearest name of the schema.
    pub(crate) fn find(&self, record: &Record<'_>) -> syn::Result<&StructLayout> {
        let name = record.name();
        let names = || self.layout.structs.iter().map(|s| s.name.as_str());
        self.layout
            .structs
            .iter()
            .find(|s| s.name == *name)
            .ok_or_else(|| {
                let help = match nearest(&name, names()) {
                    Some(near) => format!("there is `{near}`: write `name = \"{near}\"`"),
                    None => format!("there are {}", list(names())),
                };
                Error::new(
                    record.name_span(),
                    format!(
                        "schema `{}` has no struct `{name}`\nhelp: {help}",
                        self.layout.file
                    ),
                )
            })
    }

    /// `schemas/market.yaml:14:9`
    pub(crate) fn at(&self, position: Position) -> String {
        let file = &self.layout.file;
        format!("{file}:{}:{}", position.line, position.column)
    }

    /// An item that makes cargo rebuild when the file changes.
    pub(crate) fn tracked(&self) -> TokenStream {
        // A path that is not UTF-8 cannot be written in Rust; such a file was
        // named by a string, so only the package's folder can be the cause,
        // and then the build goes without the dependency.
        self.path.to_str().map_or_else(TokenStream::new, |path| {
            quote!(
                const _: &[u8] = ::core::include_bytes!(#path);
            )
        })
    }
}

/// Where the package that is being compiled has its `Cargo.toml`; the current
/// folder when rustc is called by hand.
fn package_folder() -> PathBuf {
    let folder = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    std::path::absolute(Path::new(".").join(folder)).unwrap_or_default()
}

/// The most similar name, when one is similar.
pub(crate) fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    names
        .map(|other| (similarity(name, other), other))
        .filter(|(similarity, _)| *similarity >= 0.6)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, other)| other)
}

/// From 0 to 1; the case of letters does not count.
pub(crate) fn similarity(a: &str, b: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(&a.to_lowercase(), &b.to_lowercase())
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    match names.is_empty() {
        true => "no structs in it".to_owned(),
        false => names.join(", "),
    }
}
