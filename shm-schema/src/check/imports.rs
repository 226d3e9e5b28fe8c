//! What other schemas bring in: their types, their constants, their packages.

use std::collections::HashMap;
use std::sync::Arc;

use super::context::Context;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::import::relative;
use crate::layout::{EnumLayout, FlagsLayout, Home, Import, Layout, Member, StructLayout, Type};
use crate::loader::{Imported, Imports};
use crate::model::{At, Schema, Text};
use crate::suggest::nearest;

/// What may be said of other schemas.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// The type behind `common.Vec3`; direct imports alone.
    pub(super) types: HashMap<String, Type>,
    /// In the order of the imports, for suggestions.
    type_names: Vec<String>,
    /// The package of the schema itself.
    own: String,
    /// Package and, unless it is a direct import, what to write to make it one.
    packages: Vec<(String, Option<String>)>,
    /// Whether an import is missing here, as it has errors.
    pub(super) incomplete: bool,
}

/// Puts the imports into a layout and makes their names known.
pub(super) fn merge(cx: &mut Context<'_>, layout: &mut Layout, schema: &Schema, imports: &Imports) {
    let mut known = Known {
        own: layout.package.to_string(),
        incomplete: imports.incomplete,
        ..Known::default()
    };
    let mut merger = Merger {
        layout,
        entries: HashMap::new(),
        types: HashMap::new(),
    };
    for import in &imports.files {
        if let Some(d) = merger.conflict(cx, schema, import) {
            cx.push(d);
            known.incomplete = true;
            continue;
        }
        for inner in &import.layout.imports {
            merger.add(&inner.layout, &import.entry);
        }
        let index = merger.add(&import.layout, &import.entry);
        merger.layout.imports[index].direct = true;
        merger.name(&mut known, &import.layout);
        for constant in &import.layout.constants {
            let name = format!("{}.{}", import.layout.package, constant.name);
            cx.constants.insert(name, Some(constant.value));
        }
    }
    for import in &layout.imports {
        let path = (!import.direct).then(|| relative(&layout.path, &import.layout.path));
        known
            .packages
            .push((import.layout.package.to_string(), path));
    }
    cx.known = known;
}

struct Merger<'a> {
    layout: &'a mut Layout,
    /// Which entry brought a file in, by the file's path.
    entries: HashMap<String, &'a Text>,
    /// Where the type of a file went, by the file's path and the type's name.
    types: HashMap<(String, String), Type>,
}

impl<'a> Merger<'a> {
    /// Why an import cannot stand beside the schema and the other imports.
    fn conflict(&self, cx: &Context<'_>, schema: &Schema, import: &Imported) -> Option<Diagnostic> {
        let inner = import.layout.imports.iter().map(|i| &i.layout);
        inner.chain([&import.layout]).find_map(|new| {
            let package = &new.package;
            let through = match new.path == import.layout.path {
                true => String::new(),
                false => format!(" and imports `{}`", new.file),
            };
            if package.upper() == self.layout.package.upper() {
                let message = format!(
                    "`{}`{through} is of package `{package}`, as this schema is",
                    import.layout.file
                );
                let own = schema.package.as_ref()?;
                return Some(
                    cx.error(Code::ImportOwnPackage, &import.entry, message)
                        .other(cx.at(own), "the package of this schema")
                        .help("a package is one file: give one of the two another name"),
                );
            }
            let other = self
                .layout
                .imports
                .iter()
                .map(|i| &i.layout)
                .find(|other| other.path != new.path && other.package.upper() == package.upper())?;
            let message = format!(
                "`{}` and `{}` are both of package `{package}`",
                other.file, new.file
            );
            let first = self.entries.get(&other.path)?;
            Some(
                cx.error(Code::ImportDuplicatePackage, &import.entry, message)
                    .other(cx.at(*first), "the other one comes in here")
                    .help("a package is one file: give one of the two another name"),
            )
        })
    }

    /// Adds the types of a file, unless they are there; its index.
    fn add(&mut self, import: &Arc<Layout>, entry: &'a Text) -> usize {
        let there = self.layout.imports.iter();
        if let Some(i) = there
            .map(|i| &i.layout.path)
            .position(|p| *p == import.path)
        {
            return i;
        }
        self.entries.insert(import.path.clone(), entry);
        let index = self.layout.imports.len();
        let home = Home::Import(index);
        for e in import.own_enums() {
            let ty = Type::Enum(self.layout.enums.len());
            self.layout.enums.push(EnumLayout { home, ..e.clone() });
            self.keep(import, e.name.as_str(), ty);
        }
        for f in import.own_flags() {
            let ty = Type::Flags(self.layout.flags.len());
            self.layout.flags.push(FlagsLayout { home, ..f.clone() });
            self.keep(import, f.name.as_str(), ty);
        }
        for s in import.own_structs() {
            let ty = Type::Struct(self.layout.structs.len());
            let mut s = StructLayout { home, ..s.clone() };
            for member in &mut s.members {
                if let Member::Field(field) = member {
                    field.ty = self.moved(import, field.ty);
                }
            }
            self.keep(import, s.name.as_str(), ty);
            self.layout.structs.push(s);
        }
        self.layout.imports.push(Import {
            layout: Arc::clone(import),
            direct: false,
        });
        index
    }

    fn keep(&mut self, import: &Layout, name: &str, ty: Type) {
        let of = (import.path.clone(), name.to_owned());
        self.types.insert(of, ty);
    }

    /// A type of an import as a type of this layout.
    fn moved(&self, import: &Layout, ty: Type) -> Type {
        let name = match ty {
            Type::Enum(i) => &import.enums[i].name,
            Type::Flags(i) => &import.flags[i].name,
            Type::Struct(i) => &import.structs[i].name,
            plain => return plain,
        };
        let home = match import.home(ty) {
            Home::Own => &import.path,
            Home::Import(i) => &import.imports[i].layout.path,
        };
        let of = (home.clone(), name.to_string());
        // A file's imports are added before it.
        self.types.get(&of).copied().unwrap_or(ty)
    }

    /// Makes the types of a direct import known by their names.
    fn name(&self, known: &mut Known, import: &Layout) {
        let enums = import.own_enums().map(|e| &e.name);
        let flags = import.own_flags().map(|f| &f.name);
        let structs = import.own_structs().map(|s| &s.name);
        for name in enums.chain(flags).chain(structs) {
            let of = (import.path.clone(), name.to_string());
            let full = format!("{}.{name}", import.package);
            known.type_names.push(full.clone());
            known
                .types
                .extend(self.types.get(&of).map(|ty| (full, *ty)));
        }
    }
}

impl Known {
    /// Of the types of direct imports, with their packages before them.
    pub(super) fn type_names(&self) -> impl Iterator<Item = &str> {
        self.type_names.iter().map(String::as_str)
    }
}

impl Context<'_> {
    /// The error for a name with a package before it that leads to no `what`,
    /// a type or a constant; `None` when the reason was told already.
    pub(super) fn unknown_import<'w>(
        &self,
        code: Code,
        what: &str,
        at: &At<impl Sized>,
        word: &str,
        names: impl IntoIterator<Item = &'w str>,
    ) -> Option<Diagnostic> {
        let (package, name) = word.split_once('.')?;
        let known = &self.known;
        if package == known.own {
            let message = format!("`{package}` is this schema itself");
            return Some(
                self.error(code, at, message)
                    .help(format!("write `{name}`")),
            );
        }
        match known.packages.iter().find(|(p, _)| p == package) {
            Some((_, None)) => {
                let message = format!("package `{package}` has no {what} `{name}`");
                let inside = names
                    .into_iter()
                    .filter_map(|full| full.strip_prefix(package)?.strip_prefix('.'));
                let near = nearest(name, inside).filter(|_| self.may_suggest());
                let help = match near {
                    Some(near) => format!("did you mean `{package}.{near}`?"),
                    None => format!("declare it in the schema `{package}`"),
                };
                Some(self.error(code, at, message).help(help))
            }
            Some((_, Some(path))) => {
                let message = format!("package `{package}` is imported by an import only");
                let help = format!("add `{path}` to `imports`");
                Some(self.error(Code::NotImported, at, message).help(help))
            }
            None if known.incomplete => None,
            None => {
                let message = format!("no import is of package `{package}`");
                let packages = known.packages.iter().map(|(p, _)| p.as_str());
                let help = self
                    .suggest(package, packages)
                    .unwrap_or_else(|| format!("add the schema of `{package}` to `imports`"));
                Some(self.error(Code::NotImported, at, message).help(help))
            }
        }
    }
}
