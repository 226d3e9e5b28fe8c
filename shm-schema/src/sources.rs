//! Where the texts of imported schemas come from.

use std::io;

/// A set of schema files that import each other.
///
/// A path leads from the set's root to a file, with `/` between its parts and
/// without `.` and `..`: `common.yaml`, `shared/units.yaml`.
pub trait Sources {
    /// The text of a file.
    ///
    /// # Errors
    ///
    /// When there is no such file, or it cannot be read or must not be.
    fn read(&self, path: &str) -> Result<Vec<u8>, SourceError>;

    /// The schemas that stand in the folder of `path`, for suggestions.
    fn beside(&self, path: &str) -> Vec<String> {
        let _ = path;
        Vec::new()
    }

    /// What messages call the file.
    fn shown(&self, path: &str) -> String {
        path.to_owned()
    }
}

/// Why a file cannot be had.
#[derive(Debug)]
pub enum SourceError {
    /// There is no such file.
    Missing,
    /// It lies outside the root, where a link leads to.
    Outside,
    /// It is a folder, a pipe or a device.
    NotAFile,
    /// What the system says.
    Io(io::Error),
}

/// For a text that stands alone.
pub(crate) struct NoSources;

impl Sources for NoSources {
    fn read(&self, _: &str) -> Result<Vec<u8>, SourceError> {
        Err(SourceError::Missing)
    }
}
