//! The languages and what each gives.

use shm_schema::{Layout, Position};

use crate::{c, cython, docs, python, rust};

/// A language that a schema can be written out in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// A module of ctypes structures and segments.
    Python,
    /// A module of `repr(C)` structs that derive `SharedLayout`.
    Rust,
    /// A header for C11 and C++17.
    C,
    /// Declarations for Cython, and readers of whole records.
    Cython,
    /// Pages to read.
    Docs,
}

/// What a run may choose about the text.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Write the runtime beside the module, so that nothing need be installed.
    pub standalone: bool,
}

/// One file that a target makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Below the target's directory, with `/` between its parts.
    pub path: String,
    /// All of the file. Holds [`stamp::MARK`](crate::stamp::MARK) in one of its
    /// first lines unless it is empty, or the next run would take the file for
    /// handwork and refuse to replace it.
    pub text: String,
}

/// Why a layout cannot be written out in a language, though it is valid.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Two names of the schema come to one name of the language.
    #[error("{first} and {second} would both be `{name}` in {language}")]
    SameName {
        /// What both would be called.
        name: String,
        /// What took the name first, in words.
        first: String,
        /// What wanted it too, in words.
        second: String,
        /// Of the second, in the schema.
        at: Position,
        /// For people: `C`, `Python`, `Cython`.
        language: &'static str,
    },
    /// The output's file would stand in for a file of the language itself.
    #[error("package `{package}` would hide {language}'s own `{file}`")]
    HidesOwn {
        /// The package's name.
        package: String,
        /// What it would hide.
        file: String,
        /// For people: `C`, `Python`, `Cython`.
        language: &'static str,
    },
    /// A template could not be filled in; none of ours fails.
    #[error("template: {0}")]
    Template(#[from] askama::Error),
}

impl Refusal {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::SameName { .. } => Some("rename one of the two"),
            Self::HidesOwn { .. } => Some("give the package another name"),
            Self::Template(_) => None,
        }
    }

    /// Where in the schema, when it is about one place.
    pub fn at(&self) -> Option<Position> {
        match self {
            Self::SameName { at, .. } => Some(*at),
            Self::HidesOwn { .. } | Self::Template(_) => None,
        }
    }
}

impl Target {
    /// Every one, in the order in which a run writes them.
    pub const ALL: [Self; 5] = [Self::Python, Self::Rust, Self::C, Self::Cython, Self::Docs];

    /// The layout in this language.
    ///
    /// # Errors
    ///
    /// When the language has no room for a name that the schema chose.
    pub fn generate(self, layout: &Layout, options: &Options) -> Result<Vec<Output>, Refusal> {
        match self {
            Self::Python => python::generate(layout, options),
            Self::Rust => rust::generate(layout, options),
            Self::C => c::generate(layout, options),
            Self::Cython => cython::generate(layout, options),
            Self::Docs => docs::generate(layout, options),
        }
    }
}
