//! Files that are no schemas and say as much as one: Rust, C.

use std::path::Path;

use shm_import::{Findings, Imported};

/// A language whose structs can become a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// `#[derive(SharedLayout)]` structs.
    Rust,
    /// Plain structs of fixed-width types.
    C,
}

impl Language {
    /// By the file's ending; `None` for a schema and whatever else.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "rs" => Some(Self::Rust),
            "h" => Some(Self::C),
            _ => None,
        }
    }

    /// The schema of what `text` says; `file` is what messages call it.
    ///
    /// # Errors
    ///
    /// What no schema can say, where it stands.
    pub fn read(
        self,
        file: &str,
        text: &str,
        package: Option<&str>,
    ) -> Result<Imported, Box<Findings>> {
        match self {
            Self::Rust => shm_import::from_rust(file, text, package),
            Self::C => shm_import::from_c(file, text, package),
        }
        .map_err(Box::new)
    }
}
