//! A segment's end.
//!
//! Its readers are told first, then it loses its name. The other way about, a
//! process killed in between would leave readers who never learn.

use std::path::Path;

use rustix::io::Errno;

use crate::error::{OpenError, UnlinkError};
use crate::place::Place;
use crate::segment::Segment;
use crate::segment::file::SegmentFile;
use crate::segment::lock;
use crate::segment::map::Access;

/// Removes the segment at `place`; its readers get `Retired`.
///
/// # Errors
///
/// [`UnlinkError`]; a file that is no segment is left alone, as is a segment
/// with a live writer.
///
/// # Examples
///
/// ```no_run
/// shm_runtime::unlink("market.quotes")?;
/// # Ok::<(), shm_runtime::UnlinkError>(())
/// ```
pub fn unlink(place: impl Into<Place>) -> Result<(), UnlinkError> {
    let path = place.into().path()?;
    let Some(file) = SegmentFile::open(&path, Access::Write)? else {
        return Err(UnlinkError::NotFound { path });
    };
    let head = file.head()?;
    let io_error = |doing| {
        let path = path.clone();
        move |source| UnlinkError::Io {
            path,
            doing,
            source,
        }
    };
    if !lock::take(&file.file).map_err(io_error("lock"))? {
        return Err(UnlinkError::WriterBusy {
            path,
            pid: head.writer.pid(),
        });
    }
    if !file.is_named()? {
        return Err(UnlinkError::NotFound { path });
    }
    let segment = Segment::writer(file, head).map_err(io_error("map"))?;
    Ok(retire(&segment)?)
}

/// [`unlink`] by the segment's own writer.
pub(crate) fn by_owner(segment: &Segment) -> Result<(), UnlinkError> {
    let path = segment.file().path.clone();
    if !segment.is_owned() {
        return Err(UnlinkError::Forked { path });
    }
    Ok(retire(segment)?)
}

/// Ends a segment whose writer lock is held here.
///
/// One that lost its name to `rm` is retired all the same, and another file
/// of that name is left alone.
pub(crate) fn retire(segment: &Segment) -> Result<(), OpenError> {
    segment.set_retired(true);
    let file = segment.file();
    let removed = match file.is_named() {
        Ok(true) => remove(&file.path),
        Ok(false) => Ok(()),
        Err(error) => Err(error),
    };
    if removed.is_err() {
        // It lives on: in a directory like /dev/shm only the owner of a file
        // may unlink it, however many may write to it.
        segment.set_retired(false);
    }
    removed
}

/// Unlinks a retired segment that has its name still, unless its owner is at
/// it: then there is nothing to do but wait.
pub(crate) fn finish(file: &SegmentFile) -> Result<(), OpenError> {
    let io_error = |doing| {
        move |source| OpenError::Io {
            path: file.path.clone(),
            doing,
            source,
        }
    };
    if !lock::take(&file.file).map_err(io_error("lock"))? || !file.is_named()? {
        return Ok(());
    }
    // Whoever took the retirement back had the lock before.
    if !file.head()?.retired {
        return Ok(());
    }
    remove(&file.path)
}

/// Takes a name away that leads to a segment whose lock is held here.
fn remove(path: &Path) -> Result<(), OpenError> {
    match rustix::fs::unlink(path) {
        Ok(()) | Err(Errno::NOENT) => Ok(()),
        Err(Errno::PERM | Errno::ACCESS) => Err(OpenError::NotOwner { path: path.into() }),
        Err(errno) => Err(OpenError::Io {
            path: path.into(),
            doing: "unlink",
            source: errno.into(),
        }),
    }
}
