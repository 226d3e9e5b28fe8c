//! A segment's file: opened with care, read before it is mapped.

use std::fs::File;
use std::io;
use std::os::unix::fs::{FileExt, FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;

use crate::error::OpenError;
use crate::segment::descriptor;
use crate::segment::geometry::HEADER_SIZE;
use crate::segment::head::{Head, HeadBytes};
use crate::segment::map::Access;

/// A regular file that may hold a segment, and where it was found.
#[derive(Debug)]
pub(crate) struct SegmentFile {
    pub(crate) file: File,
    pub(crate) path: PathBuf,
}

impl SegmentFile {
    /// Opens what is at `path`; none when nothing is.
    ///
    /// Links are not followed, for one could lead a writer anywhere, and
    /// nothing is waited for: a FIFO would block until somebody writes.
    pub(crate) fn open(path: &Path, access: Access) -> Result<Option<Self>, OpenError> {
        let (mode, doing) = match access {
            Access::Read => (OFlags::RDONLY, "read"),
            Access::Write => (OFlags::RDWR, "write"),
        };
        let careful = OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
        let not_a_file = |found| OpenError::NotAFile {
            path: path.into(),
            found,
        };
        let file = match rustix::fs::open(path, mode | careful, Mode::empty()) {
            Ok(file) => File::from(file),
            Err(Errno::NOENT) => return Ok(None),
            Err(Errno::LOOP) => return Err(not_a_file("a symbolic link")),
            Err(Errno::ISDIR) => return Err(not_a_file("a directory")),
            Err(Errno::NXIO) => return Err(not_a_file("a socket, a FIFO or a device")),
            Err(Errno::ROFS) => return Err(OpenError::ReadOnlyMount { path: path.into() }),
            Err(Errno::ACCESS | Errno::PERM) => {
                return Err(OpenError::PermissionDenied {
                    path: path.into(),
                    doing,
                });
            }
            Err(errno) => return Err(io_error(path, "open", errno.into())),
        };

        let found = Self {
            file,
            path: path.into(),
        };
        let kind = found.metadata()?.file_type();
        match kind {
            _ if kind.is_file() => Ok(Some(found)),
            _ if kind.is_dir() => Err(not_a_file("a directory")),
            _ if kind.is_fifo() => Err(not_a_file("a FIFO")),
            _ => Err(not_a_file("a device")),
        }
    }

    /// Reads the header and checks all of it.
    ///
    /// By `read` and not through a map: a file that is truncated at this very
    /// moment gives an error, where a map would raise SIGBUS.
    pub(crate) fn head(&self) -> Result<Head, OpenError> {
        let size = self.metadata()?.len();
        let too_short = || OpenError::TooShort {
            path: self.path.clone(),
            found: size,
            expected: HEADER_SIZE,
        };
        if size < HEADER_SIZE {
            return Err(too_short());
        }
        let mut bytes: HeadBytes = [0; HEADER_SIZE as usize];
        match self.file.read_exact_at(&mut bytes, 0) {
            Ok(()) => Head::decode(&self.path, &bytes, size),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(too_short()),
            Err(error) => Err(io_error(&self.path, "read the header of", error)),
        }
    }

    /// The descriptor of a segment with this header; empty when it cannot be
    /// read. It serves messages, so there is nothing to fail.
    pub(crate) fn descriptor(&self, head: &Head) -> String {
        let size = head.geometry.descriptor_size.min(descriptor::LONGEST);
        let mut bytes = vec![0; size as usize];
        match self.file.read_exact_at(&mut bytes, HEADER_SIZE) {
            Ok(()) => String::from_utf8(bytes).unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// Whether the path still leads to this file.
    pub(crate) fn is_named(&self) -> Result<bool, OpenError> {
        let own = self.metadata()?;
        match self.path.symlink_metadata() {
            Ok(named) => Ok((named.dev(), named.ino()) == (own.dev(), own.ino())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(io_error(&self.path, "look at", error)),
        }
    }

    /// How many names the file has. Of an open file nothing keeps the kernel
    /// from saying it.
    pub(crate) fn links(&self) -> u64 {
        self.file.metadata().map_or(0, |metadata| metadata.nlink())
    }

    fn metadata(&self) -> Result<std::fs::Metadata, OpenError> {
        let looked = self.file.metadata();
        looked.map_err(|error| io_error(&self.path, "look at", error))
    }
}

fn io_error(path: &Path, doing: &'static str, source: io::Error) -> OpenError {
    OpenError::Io {
        path: path.into(),
        doing,
        source,
    }
}
