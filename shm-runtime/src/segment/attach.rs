//! Opening a segment to read it.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{AttachError, OpenError};
use crate::place::Place;
use crate::segment::Segment;
use crate::segment::blueprint::{Blueprint, Fit, Unfit};
use crate::segment::file::SegmentFile;
use crate::segment::map::Access;

/// How often a segment that is not there yet is looked for. The file system
/// could tell (inotify), but a look costs microseconds and a start is rare.
const PAUSE: Duration = Duration::from_millis(2);

/// Attaches to the segment at `place`, waiting up to `wait` for it to appear.
///
/// Only a segment that is not there is waited for; one that is wrong is an
/// error at once.
pub(crate) fn attach(
    place: &Place,
    blueprint: Blueprint,
    wait: Duration,
) -> Result<Segment, AttachError> {
    let path = place.path()?;
    // A wait past the end of time is one without end.
    let deadline = Instant::now().checked_add(wait);
    loop {
        if let Some(segment) = try_attach(&path, blueprint)? {
            return Ok(segment);
        }
        let left = match deadline {
            Some(deadline) => deadline.saturating_duration_since(Instant::now()),
            None => PAUSE,
        };
        if left.is_zero() {
            return Err(AttachError::NotFound { path });
        }
        thread::sleep(left.min(PAUSE));
    }
}

/// None when there is no segment, or one that is being unlinked.
fn try_attach(path: &Path, blueprint: Blueprint) -> Result<Option<Segment>, AttachError> {
    let Some(file) = SegmentFile::open(path, Access::Read)? else {
        return Ok(None);
    };
    let head = file.head()?;
    if head.retired {
        return Ok(None);
    }
    let fit = blueprint
        .check(&file, &head)
        .map_err(|unfit| refusal(path, unfit))?;
    let segment = match fit {
        Fit::Same => Segment::reader(file, head),
        Fit::Other(view) => Segment::translated_reader(file, head, view, blueprint.words()),
    };
    let segment = segment.map_err(|source| OpenError::Io {
        path: path.into(),
        doing: "map",
        source,
    })?;
    Ok(Some(segment))
}

fn refusal(path: &Path, unfit: Unfit) -> AttachError {
    match unfit {
        Unfit::Kind { found, expected } => AttachError::WrongKind {
            path: path.into(),
            found,
            expected,
        },
        Unfit::Layout(mismatch) => AttachError::LayoutMismatch(mismatch),
        Unfit::Open(error) => AttachError::Open(error),
    }
}
