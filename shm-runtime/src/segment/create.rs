//! Making a segment, taking one over, putting one in another's place.
//!
//! A new segment is a file without a name until it is complete: `O_TMPFILE`,
//! all of its room reserved, header and descriptor written, the writer lock
//! taken. `linkat` then gives it its name, or fails because another process
//! was faster. No reader ever sees a half-made segment, and one whose creator
//! is killed was never there.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::thread;
use std::time::Duration;

use rustix::fs::{AtFlags, CWD, FallocateFlags, Mode, OFlags};
use rustix::io::Errno;

use crate::clock;
use crate::error::{CreateError, OpenError};
use crate::fingerprint::Fingerprint;
use crate::order::Order;
use crate::place::{self, Place};
use crate::process::Process;
use crate::segment::Segment;
use crate::segment::blueprint::{Blueprint, Unfit};
use crate::segment::file::SegmentFile;
use crate::segment::geometry::{COPIES, Geometry, HEADER_SIZE};
use crate::segment::head::Head;
use crate::segment::lock;
use crate::segment::map::Access;
use crate::segment::unlink;

/// How long to let another process finish what it does to the same name.
const PAUSE: Duration = Duration::from_millis(1);

/// Starts over that are far more than honest processes can cause: each means
/// that another one created or removed a segment in between.
const STARTS: u32 = 1_000;

/// A segment to be.
pub(crate) struct Plan<'a> {
    pub(crate) place: &'a Place,
    pub(crate) blueprint: Blueprint,
    pub(crate) rows: u64,
    /// None when any number will do.
    pub(crate) copies: Option<u32>,
    /// Of a new segment, then.
    pub(crate) usual_copies: u32,
    /// None when any will do.
    pub(crate) order: Option<Order>,
    /// Of a new segment, then.
    pub(crate) usual_order: Order,
    pub(crate) mode: u32,
    pub(crate) exist_ok: bool,
    pub(crate) replace: bool,
    pub(crate) schema_version: u32,
    pub(crate) schema_fingerprint: Fingerprint,
    pub(crate) descriptor: &'a str,
}

/// Carries the plan out; the caller becomes the segment's writer.
pub(crate) fn create(plan: &Plan<'_>) -> Result<Segment, CreateError> {
    let path = plan.place.path()?;
    plan.check()?;
    for _ in 0..STARTS {
        let made = match plan.look(&path)? {
            None => plan.make(&path, 0)?.link(&path)?,
            Some(old) => plan.succeed(old)?,
        };
        match made {
            Some(segment) => return Ok(segment),
            None => thread::sleep(PAUSE),
        }
    }
    Err(CreateError::AlreadyExists { path })
}

impl Plan<'_> {
    /// Refuses what no segment can have.
    fn check(&self) -> Result<(), CreateError> {
        let bad = |option, found: String, expected| {
            Err(CreateError::BadOption {
                option,
                found,
                expected,
            })
        };
        let copies = self.new_copies();
        if !COPIES.contains(&copies) {
            return bad("copies", copies.to_string(), "2, 4 or 8");
        }
        if self.mode & !0o777 != 0 {
            return bad("mode", format!("{:#o}", self.mode), "at most 0o777");
        }
        if self.rows == 0 {
            return bad("rows", "0".to_owned(), "at least 1");
        }
        if self.geometry().is_none() {
            let expected = "a table of fewer bytes than a file can have";
            return bad("rows", self.rows.to_string(), expected);
        }
        Ok(())
    }

    fn new_copies(&self) -> u32 {
        self.copies.unwrap_or(self.usual_copies)
    }

    /// None when a size overflows.
    fn geometry(&self) -> Option<Geometry> {
        let order = self.order.unwrap_or(self.usual_order);
        Geometry::new(
            self.blueprint.kind,
            order.code(),
            self.blueprint.record_size,
            self.rows,
            self.new_copies(),
            self.descriptor.len() as u64,
        )
    }

    /// What has the name now.
    fn look(&self, path: &Path) -> Result<Option<SegmentFile>, CreateError> {
        match SegmentFile::open(path, Access::Write) {
            Ok(found) => Ok(found),
            // Whatever it is, it has the name, and that was the question.
            Err(_) if !self.exist_ok && !self.replace => {
                Err(CreateError::AlreadyExists { path: path.into() })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Deals with a file that has the name. None: look again.
    fn succeed(&self, old: SegmentFile) -> Result<Option<Segment>, CreateError> {
        let exists = |old: &SegmentFile| CreateError::AlreadyExists {
            path: old.path.clone(),
        };
        let head = match old.head() {
            Ok(head) => head,
            Err(_) if !self.exist_ok && !self.replace => return Err(exists(&old)),
            Err(error) => return Err(error.into()),
        };
        if head.retired {
            // Its owner is unlinking it now, or was killed doing so.
            unlink::finish(&old)?;
            return Ok(None);
        }
        if !self.exist_ok && !self.replace {
            return Err(exists(&old));
        }

        let fits = self.fits(&old, &head);
        if !self.replace {
            fits?;
            return self.take_over(old, head);
        }
        match fits {
            Ok(()) if self.exist_ok => self.take_over(old, head),
            _ => self.put_in_place_of(old, head),
        }
    }

    /// Whether a segment is just the one that was asked for.
    fn fits(&self, old: &SegmentFile, head: &Head) -> Result<(), CreateError> {
        self.blueprint
            .check_same(old, head)
            .map_err(|unfit| match unfit {
                Unfit::Kind { found, expected } => CreateError::WrongKind {
                    path: old.path.clone(),
                    found,
                    expected,
                },
                Unfit::Layout(mismatch) => CreateError::LayoutMismatch(mismatch),
                Unfit::Open(error) => CreateError::Open(error),
            })?;
        let found = &head.geometry;
        if found.rows != self.rows {
            return Err(CreateError::WrongRows {
                path: old.path.clone(),
                found: found.rows,
                expected: self.rows,
            });
        }
        if let Some(copies) = self.copies
            && copies != found.copies
        {
            return Err(CreateError::WrongCopies {
                path: old.path.clone(),
                found: found.copies,
                expected: copies,
            });
        }
        match self.order {
            Some(order) if order.code() != found.order => Err(CreateError::WrongOrder {
                path: old.path.clone(),
                found: Order::of(found.order),
                expected: order,
            }),
            _ => Ok(()),
        }
    }

    /// Goes on where a writer stopped: values and versions stay.
    fn take_over(&self, old: SegmentFile, head: Head) -> Result<Option<Segment>, CreateError> {
        if !hold(&old, &head)? {
            return Ok(None);
        }
        let path = old.path.clone();
        let segment = Segment::writer(old, head).map_err(io_error(&path, "map"))?;
        segment.sign();
        Ok(Some(segment))
    }

    /// Makes a new segment and gives it the old one's name.
    ///
    /// The new one is complete before the old one is touched. Between the
    /// old name's end and the new one's beginning there is a moment without
    /// either; who attaches then waits or asks again.
    ///
    /// A rename over the old name would have no such moment, and an error of
    /// the last call would leave the old segment. But a file without a name
    /// cannot be renamed: it would need a second name first, and a kill
    /// between the two calls would leave a whole segment under it, of which
    /// nobody knows. As it is, what a failure loses was to be replaced.
    fn put_in_place_of(
        &self,
        old: SegmentFile,
        head: Head,
    ) -> Result<Option<Segment>, CreateError> {
        if !hold(&old, &head)? {
            return Ok(None);
        }
        let path = old.path.clone();
        let generation = head.generation.wrapping_add(1);
        let new = self.make(&path, generation)?;
        let old = Segment::writer(old, head).map_err(io_error(&path, "map"))?;
        unlink::retire(&old)?;
        new.link(&path)
    }

    /// Makes a complete segment without a name.
    fn make(&self, path: &Path, generation: u64) -> Result<Nameless, CreateError> {
        let Some(geometry) = self.geometry() else {
            return Err(CreateError::BadOption {
                option: "rows",
                found: self.rows.to_string(),
                expected: "a table of fewer bytes than a file can have",
            });
        };
        let file = nameless_file(path)?;
        check_proc(&file, path)?;
        // Not by the mode of open, which the umask would cut.
        rustix::fs::fchmod(&file, Mode::from_raw_mode(self.mode))
            .map_err(|errno| io_error(path, "set the mode of")(errno.into()))?;
        lock::take(&file).map_err(io_error(path, "lock"))?;
        reserve(&file, path, geometry.total_size)?;

        let here = Process::current();
        let head = Head {
            geometry,
            record_fingerprint: self.blueprint.fingerprint(),
            schema_fingerprint: self.schema_fingerprint,
            schema_version: self.schema_version,
            created_at_ns: clock::realtime_ns(),
            creator: here,
            generation,
            writer: here,
            retired: false,
        };
        file.write_all_at(&head.encode(), 0)
            .and_then(|()| file.write_all_at(self.descriptor.as_bytes(), HEADER_SIZE))
            .map_err(io_error(path, "write the header of"))?;

        let file = SegmentFile {
            file,
            path: path.into(),
        };
        let segment = Segment::writer(file, head).map_err(io_error(path, "map"))?;
        Ok(Nameless(segment))
    }
}

/// A complete segment that no other process can find yet.
struct Nameless(Segment);

impl Nameless {
    /// Gives it its name; none when that is taken.
    fn link(self, path: &Path) -> Result<Option<Segment>, CreateError> {
        // AT_EMPTY_PATH would need a capability; /proc needs none.
        let own = link_of(&self.0.file().file);
        match rustix::fs::linkat(CWD, own, CWD, path, AtFlags::SYMLINK_FOLLOW) {
            Ok(()) => Ok(Some(self.0)),
            Err(Errno::EXIST) => Ok(None),
            Err(errno) => Err(io_error(path, "name")(errno.into())),
        }
    }
}

/// `open(O_TMPFILE)` in the directory of `path`.
fn nameless_file(path: &Path) -> Result<File, CreateError> {
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    let path_of = Path::to_path_buf;
    match rustix::fs::open(place::directory(path), flags, Mode::RUSR | Mode::WUSR) {
        Ok(file) => Ok(file.into()),
        Err(Errno::NOENT | Errno::NOTDIR) => Err(CreateError::NoDirectory {
            path: path_of(path),
        }),
        // Old kernels take the flags for a plain open of a directory.
        Err(Errno::OPNOTSUPP | Errno::ISDIR | Errno::INVAL) => Err(CreateError::Unsupported {
            path: path_of(path),
        }),
        Err(Errno::ROFS) => Err(CreateError::Open(OpenError::ReadOnlyMount {
            path: path_of(path),
        })),
        Err(Errno::ACCESS | Errno::PERM) => Err(CreateError::Open(OpenError::PermissionDenied {
            path: path_of(path),
            doing: "write",
        })),
        Err(errno) => Err(io_error(path, "create")(errno.into())),
    }
}

/// Where `/proc` shows an open file.
fn link_of(file: &File) -> String {
    format!("/proc/self/fd/{}", file.as_raw_fd())
}

/// Whether the file can get a name later. It is asked now, because by then a
/// segment that is to be replaced is gone.
fn check_proc(file: &File, path: &Path) -> Result<(), CreateError> {
    match rustix::fs::statat(CWD, link_of(file), AtFlags::SYMLINK_NOFOLLOW) {
        Ok(_) => Ok(()),
        Err(Errno::NOENT) => Err(CreateError::NoProc { path: path.into() }),
        Err(errno) => Err(io_error(path, "name")(errno.into())),
    }
}

/// `fallocate` — makes room for the whole file now, so that a full file
/// system is an error here and not a SIGBUS at some later write.
fn reserve(file: &File, path: &Path, size: u64) -> Result<(), CreateError> {
    loop {
        match rustix::fs::fallocate(file, FallocateFlags::empty(), 0, size) {
            Ok(()) => return Ok(()),
            // tmpfs gives up at a signal and has to be asked again.
            Err(Errno::INTR) => {}
            Err(Errno::NOSPC | Errno::FBIG | Errno::DQUOT | Errno::NOMEM) => {
                return Err(CreateError::NoSpace {
                    path: path.into(),
                    size,
                });
            }
            Err(Errno::OPNOTSUPP) => return Err(CreateError::Unsupported { path: path.into() }),
            Err(errno) => return Err(io_error(path, "reserve the room of")(errno.into())),
        }
    }
}

/// Takes the writer lock of a segment that has a name. False: it lost its
/// name in the meantime, look again.
fn hold(old: &SegmentFile, head: &Head) -> Result<bool, CreateError> {
    if !lock::take(&old.file).map_err(io_error(&old.path, "lock"))? {
        return Err(CreateError::WriterBusy {
            path: old.path.clone(),
            pid: head.writer.pid(),
        });
    }
    // Whoever had the lock before may have unlinked or replaced it.
    Ok(old.is_named()? && !old.head()?.retired)
}

fn io_error(path: &Path, doing: &'static str) -> impl Fn(io::Error) -> CreateError {
    move |source| CreateError::Io {
        path: path.into(),
        doing,
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cell::Cell;

    #[derive(shm_runtime::SharedLayout, Clone, Copy)]
    #[repr(C)]
    struct Number {
        value: u64,
    }

    fn opened(path: &Path) -> (SegmentFile, Head) {
        let file = SegmentFile::open(path, Access::Write).expect("it may be opened");
        let file = file.expect("it is there");
        let head = file.head().expect("it is sound");
        (file, head)
    }

    /// The race that no test of processes hits for certain: the lock is free
    /// because its holder ended the segment that was just opened.
    #[test]
    fn a_lock_on_a_segment_that_lost_its_name_is_worth_nothing() {
        let directory = tempfile::tempdir_in("/dev/shm").expect("it can be made");
        let path = directory.path().join("segment");
        drop(Cell::<Number>::create(&path).expect("the name is free"));

        let (old, head) = opened(&path);
        unlink::unlink(&path).expect("nobody writes");
        assert!(matches!(hold(&old, &head), Ok(false)), "nothing is there");

        let writer = Cell::<Number>::create(&path).expect("the name is free");
        assert!(matches!(hold(&old, &head), Ok(false)), "another is there");
        drop(writer);

        let (new, head) = opened(&path);
        assert!(matches!(hold(&new, &head), Ok(true)), "this one is it");
    }
}
