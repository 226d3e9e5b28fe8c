//! Schemas from structs that are there already.
//!
//! ```text
//! text of a file -> what it defines -> Draft -> YAML, each line with its place
//!  rust.rs, c.rs    (refusals here)    draft.rs   yaml.rs
//! ```
//!
//! What comes out is a schema as a person would write it; `shm-schema` checks
//! it like any other. No I/O, and no layout: an offset is nowhere computed.

mod c;
mod draft;
mod finding;
mod rust;
mod yaml;

use std::ops::Range;

use shm_schema::{Errors, Layout, Origin, Sources, compile_origin};

pub use c::from_c;
pub use finding::{Finding, Findings};
pub use rust::from_rust;

/// Most bytes of a file that is read, as of a schema.
pub const MAX_BYTES: usize = 1 << 20;

/// A schema as YAML, and the text that it was made of.
#[derive(Debug, Clone)]
pub struct Imported {
    /// For people to keep.
    pub yaml: String,
    file: String,
    text: String,
    places: Vec<Range<usize>>,
}

impl Imported {
    fn new(file: &str, text: &str, draft: &draft::Draft) -> Self {
        let yaml = yaml::Yaml::of(draft);
        Self {
            yaml: yaml.text,
            file: file.to_owned(),
            text: text.to_owned(),
            places: yaml.places,
        }
    }

    /// The layout, with positions in the text that it was made of. `path` is
    /// where that text stands among the sources, which have its imports.
    ///
    /// # Errors
    ///
    /// What the schema language refuses.
    pub fn compile(&self, path: &str, sources: &dyn Sources) -> Result<Layout, Errors> {
        let origin = Origin {
            file: &self.file,
            text: &self.text,
            places: &self.places,
        };
        compile_origin(path, self.yaml.as_bytes(), sources, &origin)
    }
}

/// The package that a file makes when nothing in it says: its name without the
/// ending. `None` when that names no package.
fn package_of(file: &str) -> Option<String> {
    let name = file.rsplit('/').next().unwrap_or(file);
    let stem = name.split('.').next().unwrap_or(name).replace('-', "_");
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let fits = !stem.is_empty() && stem.chars().all(is_name);
    let says_nothing = matches!(&*stem, "lib" | "main" | "mod");
    (fits && !says_nothing).then_some(stem)
}
