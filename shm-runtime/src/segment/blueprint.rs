//! What a program expects of a segment, apart from any type parameter.

use std::path::Path;

use crate::error::OpenError;
use crate::fingerprint::Fingerprint;
use crate::layout::SharedLayout;
use crate::process::Process;
use crate::segment::file::SegmentFile;
use crate::segment::head::Head;
use crate::segment::mismatch::LayoutMismatch;
use crate::segment_header::SegmentKind;

/// Kind and record type of a segment, with the type erased so that opening
/// and creating are compiled once.
#[derive(Clone, Copy)]
pub(crate) struct Blueprint {
    pub(crate) kind: SegmentKind,
    pub(crate) record_size: u64,
    pub(crate) fingerprint: Fingerprint,
    explain: fn(&Path, &str, Process) -> Box<LayoutMismatch>,
}

/// Why a sound segment is not the expected one.
pub(crate) enum Unfit {
    /// `cell` or `table`.
    Kind {
        found: &'static str,
        expected: &'static str,
    },
    Layout(Box<LayoutMismatch>),
    Open(OpenError),
}

impl Blueprint {
    /// Of a segment of `T`s.
    pub(crate) fn of<T: SharedLayout>(kind: SegmentKind) -> Self {
        Self {
            kind,
            record_size: size_of::<T>() as u64,
            fingerprint: T::SECTION.fingerprint,
            explain: LayoutMismatch::explain::<T>,
        }
    }

    /// Whether the segment with this header is one.
    pub(crate) fn check(&self, file: &SegmentFile, head: &Head) -> Result<(), Unfit> {
        if head.geometry.kind != self.kind {
            return Err(Unfit::Kind {
                found: noun(head.geometry.kind),
                expected: noun(self.kind),
            });
        }
        if head.record_fingerprint != self.fingerprint {
            let descriptor = file.descriptor(head);
            let mismatch = (self.explain)(&file.path, &descriptor, head.writer);
            return Err(Unfit::Layout(mismatch));
        }
        // Equal fingerprints with another size: nobody honest wrote that.
        if head.geometry.record_size != self.record_size {
            return Err(Unfit::Open(OpenError::Damaged {
                path: file.path.clone(),
                field: "record_size",
                found: head.geometry.record_size,
                expected: self.record_size.to_string(),
            }));
        }
        Ok(())
    }
}

fn noun(kind: SegmentKind) -> &'static str {
    match kind {
        SegmentKind::Cell => "cell",
        _ => "table",
    }
}
