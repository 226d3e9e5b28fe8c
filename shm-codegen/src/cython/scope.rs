//! What everything is called in Cython: one flat name space without prefixes.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use shm_schema::{Layout, Position};

use crate::target::Refusal;

/// What the declarations call by its own name, and Cython's own types.
const OWN: &[&str] = &[
    "Py_ssize_t",
    "bint",
    "object",
    "size_t",
    "ssize_t",
    "int8_t",
    "int16_t",
    "int32_t",
    "int64_t",
    "uint8_t",
    "uint16_t",
    "uint32_t",
    "uint64_t",
    "shm_slot",
    "shm_slot_of",
    "shm_slot_read",
];

/// Packages that come with Cython, or with us.
const MODULES: &[&str] = &[
    "cpython", "cython", "libc", "libcpp", "numpy", "openmp", "posix", "shm_read",
];

/// The reader's header, which stands beside the schema's.
const READER: &str = include_str!("../../cython/shm_read.h");

/// The names of a module, each with what has it in words.
pub(super) struct Scope {
    taken: HashMap<String, String>,
}

impl Scope {
    /// # Errors
    ///
    /// When the module would hide one that it needs itself.
    pub(super) fn new(layout: &Layout) -> Result<Self, Refusal> {
        let package = layout.package.as_str();
        let hidden = match package {
            // The first that compiled Cython includes.
            "Python" => Some("h"),
            _ => MODULES.contains(&package).then_some("pxd"),
        };
        if let Some(ending) = hidden {
            return Err(Refusal::HidesOwn {
                package: package.to_owned(),
                file: format!("{package}.{ending}"),
                language: "Cython",
            });
        }
        let own = |name: &&str| ((*name).to_owned(), "a name of the module itself".to_owned());
        let taken = OWN.iter().map(own).collect();
        Ok(Self { taken })
    }

    /// Asks whether a name of the C header is one of the reader's, which a
    /// package `shm` can have.
    ///
    /// # Errors
    ///
    /// When it is.
    pub(super) fn c_name(&self, name: &str, what: &str, at: Position) -> Result<(), Refusal> {
        let is_ours = name.starts_with("shm_") || name.starts_with("SHM_");
        let mut words = READER.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        if !is_ours || words.all(|word| word != name) {
            return Ok(());
        }
        Err(Refusal::SameName {
            name: name.to_owned(),
            first: "a name of `shm_read.h`".to_owned(),
            second: what.to_owned(),
            at,
            language: "C",
        })
    }

    /// The names of a struct's members.
    pub(super) fn inner() -> Self {
        let taken = HashMap::new();
        Self { taken }
    }

    /// # Errors
    ///
    /// When something else has that name.
    pub(super) fn take(
        &mut self,
        name: String,
        what: String,
        at: Position,
    ) -> Result<String, Refusal> {
        match self.taken.entry(name.clone()) {
            Entry::Vacant(entry) => {
                entry.insert(what);
                Ok(name)
            }
            Entry::Occupied(entry) => Err(Refusal::SameName {
                name,
                first: entry.get().clone(),
                second: what,
                at,
                language: "Cython",
            }),
        }
    }
}
