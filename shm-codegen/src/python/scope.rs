//! The names that a class's own fields hide from its annotations.

use std::collections::HashSet;

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

    /// Whether a field is called `name`.
    pub(super) fn hides(&self, name: &str) -> bool {
        self.fields.contains(name)
    }
}
