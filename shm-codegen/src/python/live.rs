//! What type checkers are told of live rows and cells; at run time the
//! runtime makes their classes.

use shm_schema::layout::{Layout, StructLayout};

use super::scope::Scope;
use super::{field, types};

/// What a row or cell has of its own; a field of that name gets an underscore
/// there. The same list as in `shm_runtime/_live.py`.
const TAKEN: &[&str] = &[
    "age",
    "close",
    "closed",
    "index",
    "memory",
    "name",
    "read",
    "retries",
    "snapshot",
    "to_numpy",
    "unlink",
    "update",
    "version",
    "write",
    "writer_alive",
];

/// The stubs of a record's live classes, ready to print.
pub(super) struct Live {
    pub(super) name: String,
    pub(super) properties: Vec<Property>,
}

/// A field as a live record gives it.
pub(super) struct Property {
    pub(super) decorator: String,
    pub(super) name: String,
    pub(super) annotation: String,
}

impl Live {
    pub(super) fn new(layout: &Layout, record: &StructLayout) -> Self {
        let scope = Scope::of(record);
        let property = |name: String, annotation: String| Property {
            decorator: scope.builtin("property"),
            name: free(name),
            annotation,
        };
        let properties = record.fields().flat_map(|f| {
            let stored = types::stored(layout, f, &scope);
            let typed = types::typed(layout, f, &scope);
            [
                Some(property(field::stored_name(f), stored)),
                typed.map(|annotation| property(f.name.python(), annotation)),
            ]
        });
        Self {
            name: record.name.python(),
            properties: properties.flatten().collect(),
        }
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
