//! The modules of other schemas that the module imports.

use shm_schema::layout::{Home, Layout, Type};

use super::refer;

/// A module, ready to print.
pub(super) struct Import {
    /// Of its file.
    pub(super) package: String,
    /// In this module.
    pub(super) name: String,
    /// Of the types that this module relies on.
    pub(super) fingerprints: Vec<(String, String)>,
}

/// Those whose types the schema's own records hold, or its segments.
///
/// One that only lends a constant is not there: its number is written out.
pub(super) fn of(layout: &Layout) -> Vec<Import> {
    let used = used(layout);
    let imports = layout.imports.iter().enumerate();
    let mut imports: Vec<Import> = imports
        .map(|(index, import)| Import {
            package: import.layout.package.python(),
            name: refer::module(&import.layout.package),
            fingerprints: named(layout)
                .filter(|(ty, ..)| used.contains(ty))
                .filter(|(ty, ..)| layout.home(*ty) == Home::Import(index))
                .map(|(_, name, fingerprint)| (name, fingerprint))
                .collect(),
        })
        .filter(|import| !import.fingerprints.is_empty())
        .collect();
    imports.sort_by(|a, b| a.package.cmp(&b.package));
    imports
}

/// The fingerprints of the schema's own types.
pub(super) fn own(layout: &Layout) -> Vec<(String, String)> {
    named(layout)
        .filter(|(ty, ..)| layout.home(*ty) == Home::Own)
        .map(|(_, name, fingerprint)| (name, fingerprint))
        .collect()
}

/// Every type that has a name, with its name in Python and its fingerprint.
fn named(layout: &Layout) -> impl Iterator<Item = (Type, String, String)> {
    let enums = layout.enums.iter().enumerate();
    let flags = layout.flags.iter().enumerate();
    let structs = layout.structs.iter().enumerate();
    enums
        .map(|(i, e)| (Type::Enum(i), &e.name, e.fingerprint))
        .chain(flags.map(|(i, f)| (Type::Flags(i), &f.name, f.fingerprint)))
        .chain(structs.map(|(i, s)| (Type::Struct(i), &s.name, s.fingerprint)))
        .map(|(ty, name, fingerprint)| (ty, name.python(), fingerprint.to_string()))
}

/// The types that own records and segments hold, and those that these hold.
fn used(layout: &Layout) -> Vec<Type> {
    let structs = layout.structs.iter().enumerate();
    let mut used: Vec<Type> = structs
        .filter(|(_, s)| s.home == Home::Own)
        .map(|(index, _)| Type::Struct(index))
        .chain(layout.segments.iter().map(|s| Type::Struct(s.of)))
        .collect();
    let mut next = 0;
    while let Some(&ty) = used.get(next) {
        next += 1;
        let Type::Struct(index) = ty else { continue };
        for field in layout.structs[index].fields() {
            if !used.contains(&field.ty) {
                used.push(field.ty);
            }
        }
    }
    used
}
