//! Schemas in a folder: the one place of this crate that reads files.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::source::MAX_BYTES;
use crate::sources::{SourceError, Sources};

/// Most entries of a folder that are looked through for a suggestion.
const MAX_BESIDE: usize = 1000;

/// A folder that imports do not lead out of, neither by `..` nor by a link.
///
/// # Examples
///
/// ```no_run
/// # use shm_schema::Folder;
/// let folder = Folder::around("schemas/robots.yaml".as_ref()).unwrap();
/// let text = std::fs::read("schemas/robots.yaml").unwrap();
/// let layout = shm_schema::compile_from("robots.yaml", &text, &folder);
/// ```
#[derive(Debug, Clone)]
pub struct Folder {
    /// Without links.
    real: PathBuf,
    /// As the caller named it.
    shown: PathBuf,
}

impl Folder {
    /// The folder at `path`.
    ///
    /// # Errors
    ///
    /// When it is not there.
    pub fn new(path: &Path) -> io::Result<Self> {
        let named = match path.as_os_str().is_empty() {
            true => Path::new("."),
            false => path,
        };
        let shown = path.components().collect();
        Ok(Folder {
            real: fs::canonicalize(named)?,
            shown: if path == Path::new(".") {
                PathBuf::new()
            } else {
                shown
            },
        })
    }

    /// The folder that holds the file `schema`.
    ///
    /// # Errors
    ///
    /// When it is not there.
    pub fn around(schema: &Path) -> io::Result<Self> {
        Folder::new(schema.parent().unwrap_or(Path::new("")))
    }

    /// The path of the file `schema` within the folder; `None` when it lies
    /// outside, or its path is not UTF-8.
    ///
    /// A link counts where it stands: only imports must not be led away.
    pub fn path_of(&self, schema: &Path) -> Option<String> {
        let around = Folder::around(schema).ok()?.real;
        let inner = around.strip_prefix(&self.real).ok()?;
        let path = inner.join(schema.file_name()?);
        let parts: Option<Vec<&str>> = path.iter().map(|part| part.to_str()).collect();
        Some(parts?.join("/"))
    }

    /// Where the file of that path stands, as the caller would name it.
    pub fn locate(&self, path: &str) -> PathBuf {
        self.shown.join(path)
    }
}

impl Sources for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        let real = fs::canonicalize(self.real.join(path)).map_err(refused)?;
        if !real.starts_with(&self.real) {
            return Err(SourceError::Outside);
        }
        // Before it is opened: to open a pipe waits for its other end.
        if !fs::metadata(&real).map_err(refused)?.is_file() {
            return Err(SourceError::NotAFile);
        }
        let mut text = Vec::new();
        // A byte too many is enough to see that there is too much.
        let enough = MAX_BYTES as u64 + 1;
        let file = File::open(&real).map_err(refused)?;
        file.take(enough).read_to_end(&mut text).map_err(refused)?;
        Ok(text)
    }

    fn beside(&self, path: &str) -> Vec<String> {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let real = fs::canonicalize(self.real.join(folder)).ok();
        let real = real.filter(|real| real.starts_with(&self.real));
        let entries = real.and_then(|real| fs::read_dir(real).ok());
        let mut files: Vec<String> = entries
            .into_iter()
            .flatten()
            .take(MAX_BESIDE)
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| name.ends_with(".yaml") || name.ends_with(".yml"))
            .map(|name| match folder {
                "" => name,
                folder => format!("{folder}/{name}"),
            })
            .collect();
        // The system lists a folder in no order.
        files.sort_unstable();
        files
    }

    fn shown(&self, path: &str) -> String {
        self.locate(path).display().to_string()
    }
}

fn refused(error: io::Error) -> SourceError {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => SourceError::Missing,
        _ => SourceError::Io(error),
    }
}
