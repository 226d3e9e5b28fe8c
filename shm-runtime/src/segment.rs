//! A segment that is open: its map, its file, and what its header said.
//!
//! Everything that decides an address was checked and copied when the segment
//! was opened. What another process writes into the header later changes
//! messages, never an address.

#![allow(unsafe_code)]

pub(crate) mod attach;
pub(crate) mod blueprint;
pub(crate) mod create;
mod described;
pub(crate) mod descriptor;
pub(crate) mod file;
mod fit;
pub(crate) mod fork;
pub(crate) mod geometry;
pub(crate) mod guard;
pub(crate) mod head;
pub(crate) mod info;
mod lock;
pub(crate) mod map;
pub(crate) mod mismatch;
pub(crate) mod slots;
mod translated;
pub(crate) mod unlink;
pub(crate) mod view;
pub(crate) mod watch;

use core::iter;
use core::mem::offset_of;
use std::io;
use std::sync::Arc;

use crate::latch::{self, HEAD, Words};
use crate::process::Process;
use crate::segment::file::SegmentFile;
use crate::segment::fork::Home;
use crate::segment::head::Head;
use crate::segment::map::{Access, Map};
use crate::segment::slots::Slots;
use crate::segment::translated::Translated;
use crate::segment::view::View;
use crate::segment::watch::Watch;
use crate::segment_header::SegmentHeader;
use crate::sync::{Ordering, WORD, Word};

/// A mapped segment; with `home`, one that its holder may write to.
#[derive(Debug)]
pub(crate) struct Segment {
    slots: Slots,
    /// Where the program's layout is not the segment's.
    translated: Option<Box<Translated>>,
    /// Shared with those who [watch](Segment::watch) a record, weakly.
    map: Arc<Map>,
    head: Head,
    file: SegmentFile,
}

impl Segment {
    /// Maps a file whose header `head` is, for reading.
    pub(crate) fn reader(file: SegmentFile, head: Head) -> io::Result<Self> {
        Self::map(file, head, Access::Read, Home::NONE)
    }

    /// The same for a program whose records have `words` words, and which sees
    /// those of the file by `view`.
    pub(crate) fn translated_reader(
        file: SegmentFile,
        head: Head,
        view: View,
        words: usize,
    ) -> io::Result<Self> {
        let map = Map::new(&file.file, head.geometry.total_size, Access::Read)?;
        // SAFETY: both become fields of one segment, which gives out neither.
        let slots = unsafe { Slots::new(&map, &head.geometry, Home::NONE) }?;
        // SAFETY: so do these, beside the map.
        let (translated, slots) = unsafe { Translated::new(slots, view, words) }?;
        Ok(Self {
            slots,
            translated: Some(Box::new(translated)),
            map: Arc::new(map),
            head,
            file,
        })
    }

    /// Maps a file for writing. The caller holds its writer lock.
    pub(crate) fn writer(file: SegmentFile, head: Head) -> io::Result<Self> {
        let home = Home::here()?;
        Self::map(file, head, Access::Write, home)
    }

    fn map(file: SegmentFile, head: Head, access: Access, home: Home) -> io::Result<Self> {
        let map = Map::new(&file.file, head.geometry.total_size, access)?;
        // SAFETY: both become fields of one segment, which gives out neither.
        let slots = unsafe { Slots::new(&map, &head.geometry, home) }?;
        Ok(Self {
            slots,
            translated: None,
            map: Arc::new(map),
            head,
            file,
        })
    }

    /// The records, where the program's layout is not the segment's: what its
    /// slots have says nothing then.
    pub(crate) fn translated(&self) -> Option<&Translated> {
        self.translated.as_deref()
    }

    /// Where the records lie.
    #[inline(always)]
    pub(crate) fn slots(&self) -> &Slots {
        &self.slots
    }

    /// The words of one record's latch; none past the last row.
    #[inline]
    pub(crate) fn record(&self, row: u64) -> Option<Words<'_>> {
        match &self.translated {
            None => self.slots.record(row),
            Some(translated) => translated.slots.record(row),
        }
    }

    /// Spares the writes of this process the look at the clock.
    pub(crate) fn leave_stamps_out(&mut self) {
        self.slots.clock = None;
    }

    /// Maps every page now and not at its first touch.
    pub(crate) fn prefault(&self) {
        self.map.prefault();
    }

    /// One record's bytes, for one who must not keep the segment open; none
    /// past the last row.
    pub(crate) fn watch(&self, row: u64) -> Option<Watch> {
        if row >= self.rows() {
            return None;
        }
        let geometry = &self.head.geometry;
        let word = |bytes: u64| bytes as usize / WORD;
        let width = word(geometry.record_size.next_multiple_of(WORD as u64));
        let head = word(geometry.records_offset + row * geometry.stride);
        let first = geometry.copies_offset + row * geometry.copy_stride;
        let copies = (0..u64::from(geometry.copies)).map(|copy| {
            let copy = word(first + copy * geometry.copy_distance);
            copy..copy + width
        });
        let words = iter::once(head..head + HEAD).chain(copies);
        Some(Watch::new(Arc::downgrade(&self.map), words.collect()))
    }

    /// Loads a word of each cache line of a record; false past the last row.
    pub(crate) fn touch(&self, row: u64) -> bool {
        let Some(Words {
            head,
            copies,
            distance,
        }) = self.record(row)
        else {
            return false;
        };
        watch::touch(head);
        let geometry = &self.head.geometry;
        let width = geometry.record_size.div_ceil(WORD as u64) as usize;
        for copy in copies.chunks(distance) {
            watch::touch(&copy[..width]);
        }
        true
    }

    /// How many records there are.
    #[inline(always)]
    pub(crate) fn rows(&self) -> u64 {
        self.slots.rows()
    }

    /// The header as it was when the segment was opened.
    pub(crate) fn head(&self) -> &Head {
        &self.head
    }

    /// The file and its path.
    pub(crate) fn file(&self) -> &SegmentFile {
        &self.file
    }

    /// Whether this process holds the writer lock. False in a reader, and in
    /// a child that was forked from the writer.
    #[inline(always)]
    pub(crate) fn is_owned(&self) -> bool {
        self.slots.are_owned()
    }

    /// Whether some process holds the writer lock.
    pub(crate) fn has_writer(&self) -> bool {
        if self.slots.home().is_none() {
            lock::is_taken(&self.file.file).unwrap_or(false)
        } else {
            // A forked child shares the lock's own open file, which never
            // stands in its own way: the parent's life has to do.
            self.is_owned() || self.current_writer().is_running()
        }
    }

    /// Who writes now or wrote last.
    pub(crate) fn current_writer(&self) -> Process {
        Process::new(
            self.header_word(offset_of!(SegmentHeader, writer_pid))
                .load(Ordering::Relaxed) as u32,
            self.header_word(offset_of!(SegmentHeader, writer_start))
                .load(Ordering::Relaxed),
        )
    }

    /// Writes this process into the header. For the holder of the lock.
    pub(crate) fn sign(&self) {
        let writer = Process::current();
        self.header_word(offset_of!(SegmentHeader, writer_pid))
            .store(writer.pid().into(), Ordering::Relaxed);
        self.header_word(offset_of!(SegmentHeader, writer_start))
            .store(writer.start(), Ordering::Relaxed);
    }

    /// Tells every reader that the segment is at its end, or takes that back.
    /// For the holder of the lock.
    pub(crate) fn set_retired(&self, retired: bool) {
        // The header first: who attaches from now on need not read a record.
        self.header_word(offset_of!(SegmentHeader, retired))
            .store(retired.into(), Ordering::Relaxed);
        for row in 0..self.rows() {
            if let Some(Words { head, .. }) = self.record(row) {
                latch::mark_retired(&head[0], retired);
            }
        }
    }

    /// Whether the segment was unlinked or replaced.
    pub(crate) fn is_retired(&self) -> bool {
        self.header_word(offset_of!(SegmentHeader, retired))
            .load(Ordering::Relaxed)
            != 0
    }

    /// Whether the file has a name still.
    pub(crate) fn is_linked(&self) -> bool {
        self.file.links() > 0
    }

    /// Whether the file was cut under this reader, which a guard found.
    pub(crate) fn is_truncated(&self) -> bool {
        self.map.is_truncated()
    }

    fn header_word(&self, offset: usize) -> &Word {
        &self.map.words()[offset / WORD]
    }
}

impl Drop for Segment {
    fn drop(&mut self) {
        // Closing the file would free the lock too, but not while a forked
        // child, or one on its way to `exec`, has the open file as well. And
        // a child must not free its parent's lock.
        if self.is_owned() {
            // On failure the lock is freed when the file is closed.
            let _ = lock::free(&self.file.file);
        }
    }
}
