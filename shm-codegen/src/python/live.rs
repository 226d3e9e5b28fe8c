//! What type checkers are told of live rows and cells; at run time the
//! runtime makes their classes.

use shm_schema::layout::Layout;

use super::code;
use super::scope::Scope;
use super::segment::camel;
use super::{field, refer, types};

/// What a row or cell has of its own; a field of that name gets an underscore
/// there. The same list as in `shm_runtime/_live.py`.
const TAKEN: &[&str] = &[
    "age",
    "close",
    "closed",
    "has",
    "index",
    "keep_warm",
    "linked",
    "memory",
    "name",
    "read",
    "retries",
    "snapshot",
    "to_numpy",
    "unlink",
    "update",
    "version",
    "warm",
    "write",
    "writer_alive",
];

/// The stubs of a record's live classes, ready to print.
pub(super) struct Live {
    /// What the names of its classes begin with.
    pub(super) name: String,
    pub(super) record: String,
    /// False of an imported record, which a checker may not find: nothing can
    /// be derived from it then.
    pub(super) is_own: bool,
    /// Whether a segment of ours has it, and whether another program's does.
    pub(super) ours: bool,
    pub(super) foreign: bool,
    pub(super) properties: Vec<Property>,
}

/// A field as a live record gives and takes it.
pub(super) struct Property {
    pub(super) decorator: String,
    pub(super) getter: String,
    pub(super) name: String,
    pub(super) setter: String,
}

impl Live {
    pub(super) fn new(layout: &Layout, index: usize) -> Self {
        let record = &layout.structs[index];
        let scope = Scope::of(record);
        let property = |name: String, given: String, taken: String| {
            let name = free(name);
            Property {
                decorator: scope.builtin("property"),
                getter: code::stub(&name, &["self"], &given),
                setter: code::stub(&name, &["self", &format!("value: {taken}")], "None"),
                name,
            }
        };
        let properties = record.fields().flat_map(|f| {
            let stored = types::stored(layout, f, &scope);
            let taken = types::taken_raw(layout, f, &scope);
            let typed = types::typed(layout, f, &scope);
            [
                Some(property(field::stored_name(f), stored, taken)),
                typed
                    .map(|given| property(f.name.python(), given, types::taken(layout, f, &scope))),
            ]
        });
        let (ours, foreign) = uses(layout, index);
        Self {
            name: class_name(layout, index),
            record: refer::to_struct(layout, index),
            is_own: layout.package_of(record.home).is_none(),
            ours,
            foreign,
            properties: properties.flatten().collect(),
        }
    }
}

/// Whether a segment of ours is of that struct, and whether a foreign one is.
pub(super) fn uses(layout: &Layout, index: usize) -> (bool, bool) {
    let of = |foreign: bool| {
        let mut segments = layout.segments.iter();
        segments.any(|s| s.of == index && s.foreign.is_some() == foreign)
    };
    (of(false), of(true))
}

/// `Quote` of `QuoteRow`. Of an imported record `CommonQuote`: this schema may
/// have a `Quote` of its own.
pub(super) fn class_name(layout: &Layout, index: usize) -> String {
    let record = &layout.structs[index];
    match layout.package_of(record.home) {
        Some(package) => camel(&package.upper()) + &record.name.python(),
        None => record.name.python(),
    }
}

fn free(name: String) -> String {
    match TAKEN.contains(&name.as_str()) {
        true => format!("{name}_"),
        false => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runtime_takes_the_same_names() {
        let live = include_str!("../../python/shm_runtime/_live.py");
        let start = live.find("TAKEN = frozenset(").expect("the list");
        let list = &live[start..start + live[start..].find(']').expect("its end")];
        let mut names: Vec<&str> = list
            .split(|c: char| !c.is_ascii_lowercase() && c != '_')
            .filter(|word| !word.is_empty() && *word != "frozenset")
            .collect();
        names.sort_unstable();
        assert_eq!(names, TAKEN);
    }
}
