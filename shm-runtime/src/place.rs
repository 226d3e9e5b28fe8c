//! Where a segment lives: a name in `/dev/shm`, or a plain file.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Longest name in bytes.
const LONGEST: usize = 200;

/// The directory of named segments.
const SHARED_MEMORY: &str = "/dev/shm";

/// A name in `/dev/shm`, or the path of a plain file.
///
/// Text is a name, a path is a file:
///
/// ```
/// use shm_runtime::Place;
/// use std::path::Path;
///
/// let named: Place = "market.quotes".into();
/// let file: Place = Path::new("run/quotes").into();
/// assert_eq!(named.path()?, Path::new("/dev/shm/market.quotes"));
/// assert_eq!(file.path()?, Path::new("run/quotes"));
/// assert!(Place::from("../etc/passwd").path().is_err());
/// # Ok::<(), shm_runtime::BadName>(())
/// ```
///
/// # Limits
///
/// A name is a letter, then letters, digits, `.`, `_` and `-`, 200 bytes at
/// most and without `..`. So it can neither leave the directory nor be taken
/// for an option by a command. A file must be on a file system that supports
/// `O_TMPFILE` (tmpfs, ext4, xfs, btrfs). Network file systems share no memory
/// between machines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A file of this name in `/dev/shm`.
    Name(String),
    /// A file at this path.
    File(PathBuf),
}

impl Place {
    /// The file that holds the segment.
    ///
    /// # Errors
    ///
    /// [`BadName`] when the name breaks the rule above, or the path has no
    /// file name.
    pub fn path(&self) -> Result<PathBuf, BadName> {
        match self {
            Self::Name(name) => match check(name) {
                Ok(()) => Ok(Path::new(SHARED_MEMORY).join(name)),
                Err(rule) => Err(BadName {
                    name: name.clone(),
                    rule,
                }),
            },
            Self::File(path) => match path.file_name() {
                Some(_) => Ok(path.clone()),
                None => Err(BadName {
                    name: path.display().to_string(),
                    rule: "a path must end in a file name",
                }),
            },
        }
    }
}

impl From<&str> for Place {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}

impl From<&String> for Place {
    fn from(name: &String) -> Self {
        Self::Name(name.clone())
    }
}

impl From<String> for Place {
    fn from(name: String) -> Self {
        Self::Name(name)
    }
}

impl From<&Path> for Place {
    fn from(path: &Path) -> Self {
        Self::File(path.to_owned())
    }
}

impl From<&PathBuf> for Place {
    fn from(path: &PathBuf) -> Self {
        Self::File(path.clone())
    }
}

impl From<PathBuf> for Place {
    fn from(path: PathBuf) -> Self {
        Self::File(path)
    }
}

impl From<&Place> for Place {
    fn from(place: &Place) -> Self {
        place.clone()
    }
}

/// A name that no segment may have.
#[derive(Clone, Error, PartialEq, Eq)]
#[error("bad segment name {name:?}: {rule}; hint: pass a `Path` to use a plain file")]
pub struct BadName {
    name: String,
    rule: &'static str,
}

impl BadName {
    /// The name that was refused.
    pub fn name(&self) -> &str {
        &self.name
    }
}

fn check(name: &str) -> Result<(), &'static str> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    match name.as_bytes() {
        [] => Err("a name must not be empty"),
        [first, ..] if !first.is_ascii_alphabetic() => Err("a name must begin with a letter"),
        bytes if !bytes.iter().copied().all(allowed) => {
            Err("a name must be made of letters, digits, `.`, `_` and `-`")
        }
        bytes if bytes.len() > LONGEST => Err("a name must not be longer than 200 bytes"),
        _ if name.contains("..") => Err("a name must not contain `..`"),
        _ => Ok(()),
    }
}

/// The directory part of a file's path, which `O_TMPFILE` wants.
pub(crate) fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent.as_os_str() != OsStr::new("") => parent,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_escape_or_mislead_are_refused() {
        let long = "a".repeat(LONGEST + 1);
        let bad = [
            "", ".", "..", "a..b", "/a", "a/b", "../a", "a/../b", "-rf", "--help", ".hidden", "_a",
            "1a", "a b", "a\0b", "a\n", "ä", "aä", "a*", "a$b", "a;b", "a\\b", "a:b", &long,
        ];
        for name in bad {
            let refused = Place::from(name).path();
            assert!(refused.is_err(), "{name:?} was let through");
        }
    }

    #[test]
    fn names_up_to_the_limit_are_fine() {
        for name in ["a", "Z", "market.quotes", "a-b_c.d9", &"a".repeat(LONGEST)] {
            let path = Place::from(name).path().expect(name);
            assert_eq!(path.parent(), Some(Path::new(SHARED_MEMORY)));
        }
    }

    #[test]
    fn a_path_without_a_file_name_is_refused() {
        for path in ["/", "", "..", "a/.."] {
            assert!(Place::from(Path::new(path)).path().is_err(), "{path:?}");
        }
        assert_eq!(directory(Path::new("quotes")), Path::new("."));
    }

    #[test]
    fn the_message_says_the_rule_and_escapes_the_name() {
        let error = Place::from("a\n").path().unwrap_err();
        assert_eq!(
            error.to_string(),
            r#"bad segment name "a\n": a name must be made of letters, digits, `.`, `_` and `-`; hint: pass a `Path` to use a plain file"#
        );
    }
}
