//! What can be wrong with a file, naming it.

use std::io;
use std::path::PathBuf;

/// Why a run's files cannot be as they should.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Two schemas of a run would write one file.
    #[error("`{}` would be written twice, from {first} and from {second}", path.display())]
    Twice {
        /// The file.
        path: PathBuf,
        /// The schema that has it.
        first: String,
        /// The schema that wants it too.
        second: String,
    },
    /// A run reads or writes the file that it was told to note its inputs in.
    #[error("`{}` cannot be the dependency file: this run has it for another use", path.display())]
    Depfile {
        /// The file.
        path: PathBuf,
    },
    /// A new file was asked for, and there is one.
    #[error("`{}` is there already", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A directory has the file's name.
    #[error("cannot write `{}`: it is a directory", path.display())]
    IsDirectory {
        /// The file.
        path: PathBuf,
    },
    /// Something that is neither file nor directory has the file's name.
    #[error("cannot write `{}`: it is not a regular file", path.display())]
    NotRegular {
        /// The file.
        path: PathBuf,
    },
    /// A part of the path that should be a directory is not one.
    #[error("cannot write `{}`: `{}` is not a directory", path.display(), part.display())]
    NotDirectory {
        /// The file.
        path: PathBuf,
        /// The part of its path.
        part: PathBuf,
    },
    /// The file's mode forbids writing.
    #[error("cannot write `{}`: it is read-only", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// The file is not of our making, or someone made it their own.
    #[error("will not overwrite `{}`: it has no `{}` line", path.display(), crate::stamp::MARK)]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// Looking at the file failed.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Writing the file, or making its directory, failed.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl FileError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Twice { .. } => Some("give one of the two schemas another `package`"),
            Self::NotOurs { .. } => {
                Some("if nothing in it is worth keeping, remove it and run again")
            }
            Self::Depfile { .. } => Some("give it a name of its own, such as `schemas.d`"),
            Self::Exists { .. } => Some("choose another name, or remove it first"),
            Self::ReadOnly { .. } => Some("`chmod u+w` it, or write into another directory"),
            Self::IsDirectory { .. }
            | Self::NotRegular { .. }
            | Self::NotDirectory { .. }
            | Self::Read { .. }
            | Self::Write { .. } => None,
        }
    }
}
