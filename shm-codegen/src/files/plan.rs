//! Which files a run is to write, held against what is there.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::error::FileError;
use crate::stamp;
use crate::target::Output;

/// A file as a target made it.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The directory the user named for the target.
    pub directory: PathBuf,
    /// Where below it, and what is to stand there.
    pub output: Output,
    /// The schema it comes from, for messages.
    pub schema: String,
}

/// A run's files, each fit to be written, in the order they were wanted.
#[derive(Debug)]
pub struct Plan {
    files: Vec<Planned>,
}

/// One file of a plan.
#[derive(Debug)]
pub struct Planned {
    /// As the user would name it.
    pub path: PathBuf,
    /// Where the bytes go: `path`, or what it links to.
    pub(super) real: PathBuf,
    /// What is to stand there.
    pub text: String,
    /// What stands there now.
    pub existing: Existing,
}

/// What a plan found in a file's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Existing {
    /// Nothing.
    Nothing,
    /// The very text.
    Equal,
    /// Another text of ours.
    Differs(Vec<u8>),
}

impl Planned {
    /// Whether what stands there has line ends that a terminal does not show
    /// and a target never writes.
    fn has_other_line_ends(&self) -> bool {
        match &self.existing {
            Existing::Differs(bytes) => bytes.windows(2).any(|pair| pair == b"\r\n"),
            Existing::Nothing | Existing::Equal => false,
        }
    }
}

impl Plan {
    /// Looks at every file's place. Writes nothing.
    ///
    /// # Errors
    ///
    /// All files that cannot be written, not only the first.
    pub fn new(wanted: Vec<Wanted>) -> Result<Self, Vec<FileError>> {
        let (wanted, mut errors) = distinct(wanted);
        match Self::of(wanted, is_ours) {
            Ok(plan) if errors.is_empty() => Ok(plan),
            Ok(_) => Err(errors),
            Err(more) => {
                errors.extend(more);
                Err(errors)
            }
        }
    }

    /// What to say beside a diff of these files that shows lines as they are:
    /// nothing, or why equal ones differ.
    pub fn line_ends(&self) -> &'static str {
        match self.files.iter().any(Planned::has_other_line_ends) {
            true => {
                "\nlines end in CR LF, and are to end in LF; if git makes them so, write \
                 `* text=auto eol=lf` into `.gitattributes`"
            }
            false => "",
        }
    }

    /// Files that are replaced whatever stands there: a user named each of
    /// them. Writes nothing.
    ///
    /// # Errors
    ///
    /// All files that cannot be written, not only the first.
    pub fn replacing(files: Vec<(PathBuf, String)>) -> Result<Self, Vec<FileError>> {
        Self::of(files, |_| true)
    }

    fn of(
        wanted: Vec<(PathBuf, String)>,
        may_replace: fn(&[u8]) -> bool,
    ) -> Result<Self, Vec<FileError>> {
        let mut errors = Vec::new();
        let mut files = Vec::with_capacity(wanted.len());
        for (path, text) in wanted {
            match Planned::new(path, text, may_replace) {
                Ok(file) => files.push(file),
                Err(error) => errors.push(error),
            }
        }
        match errors.is_empty() {
            true => Ok(Self { files }),
            false => Err(errors),
        }
    }

    /// Every file.
    pub fn files(&self) -> &[Planned] {
        &self.files
    }

    /// The files that are not as they should be.
    pub fn changes(&self) -> impl Iterator<Item = &Planned> {
        self.files
            .iter()
            .filter(|file| file.existing != Existing::Equal)
    }
}

/// One of each path. Two schemas may want the same text in the same place, as
/// they do of the runtime beside them; two texts in one place are an error.
fn distinct(wanted: Vec<Wanted>) -> (Vec<(PathBuf, String)>, Vec<FileError>) {
    let mut seen: HashMap<PathBuf, (String, String)> = HashMap::new();
    let mut files = Vec::new();
    let mut errors = Vec::new();
    for Wanted {
        directory,
        output,
        schema,
    } in wanted
    {
        let path = directory.join(&output.path);
        match seen.entry(path.clone()) {
            Entry::Vacant(entry) => {
                entry.insert((output.text.clone(), schema));
                files.push((path, output.text));
            }
            Entry::Occupied(entry) if entry.get().0 == output.text => {}
            Entry::Occupied(entry) => errors.push(FileError::Twice {
                path,
                first: entry.get().1.clone(),
                second: schema,
            }),
        }
    }
    (files, errors)
}

impl Planned {
    fn new(path: PathBuf, text: String, may_replace: fn(&[u8]) -> bool) -> Result<Self, FileError> {
        let real = follow(&path)?;
        let existing = look(&path, &real, &text, may_replace)?;
        Ok(Self {
            path,
            real,
            text,
            existing,
        })
    }
}

/// Where a symbolic link leads, so that the link stays and its target changes.
fn follow(path: &Path) -> Result<PathBuf, FileError> {
    let is_link = fs::symlink_metadata(path).is_ok_and(|m| m.is_symlink());
    if !is_link {
        return Ok(path.to_owned());
    }
    fs::canonicalize(path).map_err(|source| FileError::Read {
        path: path.to_owned(),
        source,
    })
}

fn look(
    path: &Path,
    real: &Path,
    text: &str,
    may_replace: fn(&[u8]) -> bool,
) -> Result<Existing, FileError> {
    let path = path.to_owned();
    let metadata = match fs::metadata(real) {
        Ok(metadata) => metadata,
        Err(error) => return absent(path, error),
    };
    if metadata.is_dir() {
        return Err(FileError::IsDirectory { path });
    }
    if !metadata.is_file() {
        return Err(FileError::NotRegular { path });
    }
    let bytes = match fs::read(real) {
        Ok(bytes) => bytes,
        Err(source) => return Err(FileError::Read { path, source }),
    };
    if bytes == text.as_bytes() {
        return Ok(Existing::Equal);
    }
    if !may_replace(&bytes) {
        return Err(FileError::NotOurs { path });
    }
    if metadata.permissions().readonly() {
        return Err(FileError::ReadOnly { path });
    }
    Ok(Existing::Differs(bytes))
}

/// Nothing stands there; is there a way to it?
fn absent(path: PathBuf, error: io::Error) -> Result<Existing, FileError> {
    let blocked = path
        .ancestors()
        .skip(1)
        .find(|part| part.exists() && !part.is_dir());
    if let Some(part) = blocked {
        let part = part.to_owned();
        return Err(FileError::NotDirectory { path, part });
    }
    match error.kind() {
        io::ErrorKind::NotFound => Ok(Existing::Nothing),
        _ => Err(FileError::Read {
            path,
            source: error,
        }),
    }
}

/// The mark stands in one of the first lines; further down it may be quoted.
fn is_ours(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(1024)];
    String::from_utf8_lossy(head)
        .lines()
        .take(5)
        .any(|line| line.contains(stamp::MARK))
}
