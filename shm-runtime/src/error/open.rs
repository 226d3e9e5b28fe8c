//! Why a file cannot be used as a segment.

use std::io;
use std::path::PathBuf;

use rustix::io::Errno;
use thiserror::Error;

/// Why the file at a place cannot be used as a segment.
///
/// This is part of the errors of every operation that opens a segment.
#[derive(Error)]
#[non_exhaustive]
pub enum OpenError {
    /// This user may not open the file, or not with the access that is needed.
    #[error(
        "no permission to {doing} `{path}`; hint: its creator chooses who may with `mode(0o640)` \
         (read) or `mode(0o660)` (write), and the owner with chmod",
        path = path.display()
    )]
    PermissionDenied {
        /// The file.
        path: PathBuf,
        /// What was asked for: `read` or `write`.
        doing: &'static str,
    },
    /// The file system is mounted read-only: there are readers there, and no
    /// writers.
    #[error(
        "the file system of `{path}` is mounted read-only; hint: mount it writable; `attach` \
         needs no more than this",
        path = path.display()
    )]
    ReadOnlyMount {
        /// The file.
        path: PathBuf,
    },
    /// This user may write to the file but not take its name away.
    #[error(
        "no permission to remove `{path}`; hint: in a folder such as /dev/shm only the file's \
         owner may, whatever its mode: do it as that user",
        path = path.display()
    )]
    NotOwner {
        /// The file.
        path: PathBuf,
    },
    /// Something has this name, but it is not a regular file.
    #[error(
        "`{path}` is {found}, expected a regular file; hint: segments are never looked for \
         behind links or devices",
        path = path.display()
    )]
    NotAFile {
        /// The file.
        path: PathBuf,
        /// What it is, with its article.
        found: &'static str,
    },
    /// The file ends within the header.
    #[error(
        "`{path}` has {found} bytes, expected a segment's header of {expected}; hint: it was \
         truncated or is no segment",
        path = path.display()
    )]
    TooShort {
        /// The file.
        path: PathBuf,
        /// Its size in bytes.
        found: u64,
        /// A header's size in bytes.
        expected: u64,
    },
    /// The file does not begin as segments do.
    #[error(
        "`{path}` is not a segment: it does not begin with the magic bytes; hint: another \
         program uses this name, choose a different one",
        path = path.display()
    )]
    NotASegment {
        /// The file.
        path: PathBuf,
    },
    /// The header is of another version.
    #[error(
        "`{path}` has header version {found}, expected {expected}; hint: build both programs \
         with the same release of shm-runtime",
        path = path.display()
    )]
    WrongAbi {
        /// The file.
        path: PathBuf,
        /// The header's version.
        found: u32,
        /// The version that this crate knows.
        expected: u32,
    },
    /// Records are kept by a protocol that this crate does not know.
    #[error(
        "`{path}` keeps records by protocol {found}, expected {expected}; hint: build both \
         programs with the same release of shm-runtime",
        path = path.display()
    )]
    WrongProtocol {
        /// The file.
        path: PathBuf,
        /// The segment's protocol.
        found: u32,
        /// The protocol that this crate knows.
        expected: u32,
    },
    /// A number in the header contradicts the others.
    #[error(
        "`{path}` is damaged: `{field}` is {found}, expected {expected}; hint: remove the file \
         and create the segment again",
        path = path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The header's field.
        field: &'static str,
        /// What it says.
        found: u64,
        /// What the others require.
        expected: String,
    },
    /// The file is shorter or longer than its header says.
    #[error(
        "`{path}` has {found} bytes, expected {expected}; hint: it was truncated or written \
         to by another program, remove it and create the segment again",
        path = path.display()
    )]
    WrongSize {
        /// The file.
        path: PathBuf,
        /// The file's size in bytes.
        found: u64,
        /// What the header says.
        expected: u64,
    },
    /// The system refused a call for another reason.
    #[error("cannot {doing} `{path}`{hint}", path = path.display(), hint = remedy(source))]
    Io {
        /// The file.
        path: PathBuf,
        /// What was tried.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
}

/// The hint for a call that was refused for lack of something, if it is known.
pub(crate) fn remedy(source: &io::Error) -> &'static str {
    match Errno::from_io_error(source) {
        Some(Errno::MFILE | Errno::NFILE) => {
            "; hint: close what is not needed, or raise the limit on open files (`ulimit -n`)"
        }
        Some(Errno::NOMEM) => "; hint: free some memory, or raise the limit (`ulimit -v`)",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{CreateError, UnlinkError};

    #[test]
    fn a_lack_that_can_be_mended_has_a_hint_in_every_operation() {
        for (errno, hint) in [
            (Errno::MFILE, "(`ulimit -n`)"),
            (Errno::NFILE, "(`ulimit -n`)"),
            (Errno::NOMEM, "(`ulimit -v`)"),
            (Errno::NODEV, "cannot map `/a`"),
        ] {
            let (path, doing) = (|| PathBuf::from("/a"), "map");
            let source = || io::Error::from(errno);
            let opened = OpenError::Io {
                path: path(),
                doing,
                source: source(),
            };
            let created = CreateError::Io {
                path: path(),
                doing,
                source: source(),
            };
            let unlinked = UnlinkError::Io {
                path: path(),
                doing,
                source: source(),
            };
            for said in [
                opened.to_string(),
                created.to_string(),
                unlinked.to_string(),
            ] {
                assert!(said.ends_with(hint), "{said}");
            }
        }
    }
}
