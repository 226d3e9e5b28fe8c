//! What a program expects of a segment, apart from any type parameter.

use crate::error::OpenError;
use crate::field::Field;
use crate::fingerprint::Fingerprint;
use crate::layout::{Section, SharedLayout};
use crate::segment::described::Described;
use crate::segment::file::SegmentFile;
use crate::segment::fit;
use crate::segment::head::Head;
use crate::segment::mismatch::{Difference, LayoutMismatch};
use crate::segment::view::View;
use crate::segment_header::SegmentKind;
use crate::sync::WORD;

/// Kind and record type of a segment, with the type erased so that opening
/// and creating are compiled once.
#[derive(Clone, Copy)]
pub(crate) struct Blueprint {
    pub(crate) kind: SegmentKind,
    pub(crate) record_size: u64,
    record: &'static str,
    section: &'static Section,
    /// Offset and size of the field that finds a row, and its name.
    key: Option<(usize, usize, &'static str)>,
}

/// A segment that can be read.
pub(crate) enum Fit {
    /// Its layout is the program's own.
    Same,
    /// It is another one, and this is how to see it.
    Other(View),
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
            record: T::NAME,
            section: T::SECTION,
            key: None,
        }
    }

    /// The same whose rows are found by a field.
    pub(crate) fn keyed<T, K>(self, key: Option<Field<T, K>>) -> Self {
        let key = key.map(|key| (key.offset(), size_of::<K>(), key.name()));
        Self { key, ..self }
    }

    /// Of the record.
    pub(crate) fn fingerprint(&self) -> Fingerprint {
        self.section.fingerprint
    }

    /// Bytes of the reader's record.
    pub(crate) fn words(&self) -> usize {
        self.record_size.div_ceil(WORD as u64) as usize
    }

    /// How a reader sees the segment with this header, if it does.
    pub(crate) fn check(&self, file: &SegmentFile, head: &Head) -> Result<Fit, Unfit> {
        if head.geometry.kind != self.kind {
            return Err(Unfit::Kind {
                found: noun(head.geometry.kind),
                expected: noun(self.kind),
            });
        }
        if head.record_fingerprint != self.fingerprint() {
            return match self.compare(file, head) {
                (Some(view), _) => Ok(Fit::Other(view)),
                (None, mismatch) => Err(Unfit::Layout(mismatch)),
            };
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
        Ok(Fit::Same)
    }

    /// Whether a writer goes on with the segment: another layout, even one
    /// that can be read, would lose what this program does not know.
    pub(crate) fn check_same(&self, file: &SegmentFile, head: &Head) -> Result<(), Unfit> {
        match self.check(file, head)? {
            Fit::Same => Ok(()),
            Fit::Other(_) => Err(Unfit::Layout(self.compare(file, head).1)),
        }
    }

    /// How records of another layout are seen, if they can be, and what is
    /// said when they cannot.
    fn compare(&self, file: &SegmentFile, head: &Head) -> (Option<View>, Box<LayoutMismatch>) {
        let text = file.descriptor(head);
        let theirs = Described::parse(&text);
        let theirs = theirs.filter(|theirs| theirs.record == head.record_fingerprint);
        let compared = theirs
            .as_ref()
            .and_then(|theirs| fit::compare(self.section, theirs, head.geometry.record_size));
        let (mut view, mut found) = compared.unzip();
        if let (Some(seen), Some(found), Some((offset, size, name))) = (&view, &mut found, self.key)
            && seen.lacks(offset..offset + size)
        {
            let item = format!("{}.{name}", self.record);
            let lacked = Difference::OnlyHere { item };
            found.harmless.retain(|known| *known != lacked);
            found.breaking.push(lacked);
        }
        view = view.filter(|_| {
            found
                .as_ref()
                .is_some_and(|found| found.breaking.is_empty())
        });
        let mismatch = LayoutMismatch::of(
            &file.path,
            self.record,
            self.section,
            theirs.as_ref(),
            head.writer,
            found,
        );
        (view, mismatch)
    }
}

fn noun(kind: SegmentKind) -> &'static str {
    match kind {
        SegmentKind::Cell => "cell",
        _ => "table",
    }
}
