//! The schema file that an attribute or a macro names.

use std::path::PathBuf;

use proc_macro2::TokenStream;
use quote::quote;
use shm_schema::layout::{Home, StructLayout};
use shm_schema::{Layout, Position};
use syn::{Error, LitStr};

use crate::place::{self, Place};
use shm_record::ast::Record;
use shm_record::suggest::{list, nearest};

/// A schema that was read, with its imports, and is valid.
pub(crate) struct Schema {
    pub(crate) layout: Layout,
    place: Place,
}

impl Schema {
    /// # Errors
    ///
    /// At a path: the file cannot be read, or what is wrong with the schema
    /// or one that it imports.
    pub(crate) fn read(literal: &LitStr, root: Option<&LitStr>) -> syn::Result<Self> {
        let place = Place::find(literal, root)?;
        let text = std::fs::read(place.locate(&place.path))
            .map_err(|error| place::unreadable(literal, &error))?;
        let layout = shm_schema::compile_from(&place.path, &text, &place).map_err(|errors| {
            Error::new(
                literal.span(),
                format!("schema `{}` is not valid\n\n{errors}", literal.value()),
            )
        })?;
        Ok(Self { layout, place })
    }

    /// The struct that a record is held against.
    ///
    /// # Errors
    ///
    /// At the record's name, with the import that has it or the nearest name
    /// of the schema.
    pub(crate) fn find(&self, record: &Record<'_>) -> syn::Result<&StructLayout> {
        let name = record.name();
        let names = || self.layout.own_structs().map(|s| s.name.as_str());
        self.layout.struct_named(&name).ok_or_else(|| {
            let help = match (self.import_with(&name), nearest(&name, names())) {
                (Some(import), _) => format!("its import has it: write `schema = \"{import}\"`"),
                (None, Some(near)) => format!("there is `{near}`: write `name = \"{near}\"`"),
                (None, None) if names().next().is_none() => "it has none at all".to_owned(),
                (None, None) => format!("there are {}", list(names())),
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

    /// The file of the import that has a struct of that name.
    fn import_with(&self, name: &str) -> Option<&str> {
        let mut imports = self.layout.imports.iter().map(|import| &*import.layout);
        let import = imports.find(|import| import.struct_named(name).is_some())?;
        Some(&import.file)
    }

    /// `schemas/market.yaml:14:9`, in the schema itself.
    pub(crate) fn at(&self, position: Position) -> String {
        self.at_home(Home::Own, position)
    }

    /// `schemas/common.yaml:14:9`, in the schema that `home` says.
    pub(crate) fn at_home(&self, home: Home, position: Position) -> String {
        let file = match home {
            Home::Own => &self.layout.file,
            Home::Import(i) => &self.layout.imports[i].layout.file,
        };
        format!("{file}:{}:{}", position.line, position.column)
    }

    /// Items that make cargo rebuild when the file changes, or an import.
    pub(crate) fn tracked(&self) -> TokenStream {
        // Absolute: `include_bytes!` reads other paths from the source's
        // folder. A path that is not UTF-8 cannot be written in Rust; such a
        // file was named by a string, so only the package's folder can be the
        // cause, and then the build goes without the dependency.
        let paths = self.layout.paths().map(|path| self.place.locate(path));
        let paths = paths.filter_map(|path| path.to_str().map(str::to_owned));
        quote!(#(const _: &[u8] = ::core::include_bytes!(#paths);)*)
    }

    /// The file of the schema, or of an import, that tells it from all others.
    pub(crate) fn identity(&self, path: &str) -> PathBuf {
        let path = self.place.locate(path);
        path.canonicalize().unwrap_or(path)
    }
}
