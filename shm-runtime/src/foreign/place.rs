//! Where memory of another program lies.

use std::fmt;
use std::path::{Path, PathBuf};

/// The key of a System V segment, as programs give it to `shmget`.
///
/// Those of NTP's reference clocks are `0x4e545030` and the unit's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SysVKey(pub u32);

/// Where memory of another program lies: a file, or a System V segment.
///
/// ```
/// use shm_runtime::{ForeignPlace, SysVKey};
/// use std::path::Path;
///
/// let file: ForeignPlace = Path::new("/dev/shm/physics").into();
/// let clock: ForeignPlace = SysVKey(0x4e54_5030).into();
/// assert_eq!(file.to_string(), "/dev/shm/physics");
/// assert_eq!(clock.to_string(), "System V segment 0x4e545030");
/// ```
///
/// # Limits
///
/// Links are followed, as the memory is only read; what is at their end must
/// be a regular file. What `shm_open("/name")` makes is `/dev/shm/name`; a
/// memfd of another process is `/proc/<pid>/fd/<fd>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ForeignPlace {
    /// A file.
    File(PathBuf),
    /// A System V segment.
    SysV(SysVKey),
}

/// For messages.
impl fmt::Display for ForeignPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::SysV(SysVKey(key)) => write!(f, "System V segment {key:#x}"),
        }
    }
}

impl From<&Path> for ForeignPlace {
    fn from(path: &Path) -> Self {
        Self::File(path.to_owned())
    }
}

impl From<&PathBuf> for ForeignPlace {
    fn from(path: &PathBuf) -> Self {
        Self::File(path.clone())
    }
}

impl From<PathBuf> for ForeignPlace {
    fn from(path: PathBuf) -> Self {
        Self::File(path)
    }
}

impl From<SysVKey> for ForeignPlace {
    fn from(key: SysVKey) -> Self {
        Self::SysV(key)
    }
}

impl From<&ForeignPlace> for ForeignPlace {
    fn from(place: &ForeignPlace) -> Self {
        place.clone()
    }
}
