//! The names that a class's own fields hide from its annotations.

use std::collections::HashSet;

use shm_schema::Layout;
use shm_schema::layout::StructLayout;

/// Inside a class whose field is called `int`, `int` is that field.
pub(super) struct Scope {
    fields: HashSet<String>,
}

impl Scope {
    pub(super) fn of(record: &StructLayout) -> Self {
        Self {
            fields: record.fields().map(|f| f.name.python()).collect(),
        }
    }

    /// Outside of every class.
    pub(super) fn none() -> Self {
        Self {
            fields: HashSet::new(),
        }
    }

    /// A built-in by a name that is not hidden.
    pub(super) fn builtin(&self, name: &str) -> String {
        match self.fields.contains(name) {
            true => format!("_builtins.{name}"),
            false => name.to_owned(),
        }
    }

    /// A type, by the second name it has in case of need. An imported one has its
    /// module before its name, which no field hides.
    pub(super) fn type_name(&self, name: &str) -> String {
        match self.fields.contains(name) {
            true => format!("_{name}Type"),
            false => name.to_owned(),
        }
    }
}

/// The names that a field of any class of a module has. Gathered once: to ask
/// each class about each type would take the square of a schema's size.
pub(super) struct Hidden {
    fields: HashSet<String>,
}

impl Hidden {
    pub(super) fn of(layout: &Layout) -> Self {
        let fields = layout.own_structs().flat_map(StructLayout::fields);
        Self {
            fields: fields.map(|f| f.name.python()).collect(),
        }
    }

    /// An alias of a type for classes with a field of the type's name, or
    /// nothing.
    pub(super) fn alias(&self, name: &str) -> String {
        match self.fields.contains(name) {
            true => format!("_{name}Type"),
            false => String::new(),
        }
    }
}
