//! The header's bytes as values, and every check before a record is touched.

use core::mem::offset_of;
use std::path::Path;

use crate::error::OpenError;
use crate::fingerprint::Fingerprint;
use crate::process::Process;
use crate::segment::geometry::{COPIES, Geometry, HEADER_SIZE};
use crate::segment_header::{RecordOrder, SegmentHeader, SegmentKind};

/// First bytes of a segment. The first is no ASCII and the last a line feed,
/// so that a text file, or a transfer that mangles line ends, is noticed.
const MAGIC: [u8; 8] = *b"\x89SHMSEG\n";

/// Version of the header that this crate writes and reads.
const ABI: u32 = 3;

/// Protocol of the records: the latch.
const PROTOCOL: u32 = 1;

/// The clock of stamps. Coarse costs a few nanoseconds and no system call;
/// monotonic, because ages must not jump when the time of day is set.
const CLOCK: u32 = libc::CLOCK_MONOTONIC_COARSE as u32;

/// Bytes of a header.
pub(crate) type HeadBytes = [u8; HEADER_SIZE as usize];

/// A header that passed every check.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) geometry: Geometry,
    pub(crate) record_fingerprint: Fingerprint,
    pub(crate) schema_fingerprint: Fingerprint,
    pub(crate) schema_version: u32,
    pub(crate) created_at_ns: i64,
    pub(crate) creator: Process,
    pub(crate) generation: u64,
    pub(crate) writer: Process,
    pub(crate) retired: bool,
}

impl Head {
    /// The header of a new segment.
    pub(crate) fn encode(&self) -> HeadBytes {
        let geometry = &self.geometry;
        let mut bytes = [0; HEADER_SIZE as usize];
        macro_rules! put {
            ($($field:ident: $value:expr),* $(,)?) => {$({
                let value = $value;
                let at = offset_of!(SegmentHeader, $field);
                bytes[at..at + value.len()].copy_from_slice(&value);
            })*};
        }
        put! {
            magic: MAGIC,
            abi: ABI.to_le_bytes(),
            header_size: (HEADER_SIZE as u32).to_le_bytes(),
            kind: geometry.kind.0.to_le_bytes(),
            copies: geometry.copies.to_le_bytes(),
            record_size: geometry.record_size.to_le_bytes(),
            stride: geometry.stride.to_le_bytes(),
            rows: geometry.rows.to_le_bytes(),
            records_offset: geometry.records_offset.to_le_bytes(),
            total_size: geometry.total_size.to_le_bytes(),
            record_fingerprint: self.record_fingerprint.0,
            schema_fingerprint: self.schema_fingerprint.0,
            schema_version: self.schema_version.to_le_bytes(),
            protocol: PROTOCOL.to_le_bytes(),
            descriptor_offset: HEADER_SIZE.to_le_bytes(),
            descriptor_size: geometry.descriptor_size.to_le_bytes(),
            created_at: self.created_at_ns.to_le_bytes(),
            creator_start: self.creator.start().to_le_bytes(),
            creator_pid: self.creator.pid().to_le_bytes(),
            clock_id: CLOCK.to_le_bytes(),
            generation: self.generation.to_le_bytes(),
            order: geometry.order.0.to_le_bytes(),
            writer_pid: u64::from(self.writer.pid()).to_le_bytes(),
            writer_start: self.writer.start().to_le_bytes(),
            retired: u64::from(self.retired).to_le_bytes(),
            copies_offset: geometry.copies_offset.to_le_bytes(),
            copy_stride: geometry.copy_stride.to_le_bytes(),
            copy_distance: geometry.copy_distance.to_le_bytes(),
        }
        bytes
    }

    /// Checks a header against itself and against its file's size.
    ///
    /// The order is that of the protocol: whether this is a segment at all,
    /// whether this crate knows its form, whether its sizes agree with each
    /// other, whether the file is as long as they say.
    pub(crate) fn decode(
        path: &Path,
        bytes: &HeadBytes,
        file_size: u64,
    ) -> Result<Self, OpenError> {
        let fields = Fields(bytes);
        macro_rules! field {
            ($read:ident $field:ident) => {
                fields.$read(offset_of!(SegmentHeader, $field))
            };
        }

        if field!(bytes magic) != MAGIC {
            return Err(OpenError::NotASegment { path: path.into() });
        }
        let abi = field!(u32 abi);
        if abi != ABI {
            return Err(OpenError::WrongAbi {
                path: path.into(),
                found: abi,
                expected: ABI,
            });
        }
        let protocol = field!(u32 protocol);
        if protocol != PROTOCOL {
            return Err(OpenError::WrongProtocol {
                path: path.into(),
                found: protocol,
                expected: PROTOCOL,
            });
        }

        let must_be = |field, found: u64, expected: u64| match found == expected {
            true => Ok(()),
            false => Err(damaged(path, field, found, expected)),
        };
        must_be("header_size", field!(u32 header_size).into(), HEADER_SIZE)?;
        must_be("clock_id", field!(u32 clock_id).into(), CLOCK.into())?;
        must_be(
            "descriptor_offset",
            field!(u64 descriptor_offset),
            HEADER_SIZE,
        )?;

        let kind = SegmentKind(field!(u32 kind));
        let rows = field!(u64 rows);
        match kind {
            SegmentKind::Cell => must_be("rows", rows, 1)?,
            SegmentKind::Table if rows == 0 => return Err(damaged(path, "rows", 0, "at least 1")),
            SegmentKind::Table => {}
            SegmentKind(other) => {
                return Err(damaged(path, "kind", other.into(), "1 or 2"));
            }
        }
        let order = RecordOrder(field!(u32 order));
        match order {
            RecordOrder::Rows => {}
            RecordOrder::Arrays if kind == SegmentKind::Table => {}
            RecordOrder(found) => {
                let expected = match kind {
                    SegmentKind::Cell => "1",
                    _ => "1 or 2",
                };
                return Err(damaged(path, "order", found.into(), expected));
            }
        }
        let copies = field!(u32 copies);
        if !COPIES.contains(&copies) {
            return Err(damaged(path, "copies", copies.into(), "2, 4 or 8"));
        }

        let descriptor_size = field!(u64 descriptor_size);
        let record_size = field!(u64 record_size);
        if record_size == 0 {
            return Err(damaged(path, "record_size", 0, "at least 1"));
        }
        let geometry = Geometry::new(kind, order, record_size, rows, copies, descriptor_size);
        let Some(geometry) = geometry else {
            return Err(damaged(path, "rows", rows, "fewer: the size overflows"));
        };
        must_be("stride", field!(u64 stride), geometry.stride)?;
        must_be(
            "records_offset",
            field!(u64 records_offset),
            geometry.records_offset,
        )?;
        must_be(
            "copies_offset",
            field!(u64 copies_offset),
            geometry.copies_offset,
        )?;
        must_be("copy_stride", field!(u64 copy_stride), geometry.copy_stride)?;
        must_be(
            "copy_distance",
            field!(u64 copy_distance),
            geometry.copy_distance,
        )?;
        must_be("total_size", field!(u64 total_size), geometry.total_size)?;
        if file_size != geometry.total_size {
            return Err(OpenError::WrongSize {
                path: path.into(),
                found: file_size,
                expected: geometry.total_size,
            });
        }

        Ok(Self {
            geometry,
            record_fingerprint: Fingerprint(field!(bytes record_fingerprint)),
            schema_fingerprint: Fingerprint(field!(bytes schema_fingerprint)),
            schema_version: field!(u32 schema_version),
            created_at_ns: field!(u64 created_at) as i64,
            creator: Process::new(field!(u32 creator_pid), field!(u64 creator_start)),
            generation: field!(u64 generation),
            // Pids have 22 bits; more than 32 were not written by us.
            writer: Process::new(field!(u64 writer_pid) as u32, field!(u64 writer_start)),
            retired: field!(u64 retired) != 0,
        })
    }
}

fn damaged(path: &Path, field: &'static str, found: u64, expected: impl ToString) -> OpenError {
    OpenError::Damaged {
        path: path.into(),
        field,
        found,
        expected: expected.to_string(),
    }
}

/// Reads little-endian fields at their offsets.
struct Fields<'a>(&'a HeadBytes);

impl Fields<'_> {
    fn bytes<const N: usize>(&self, at: usize) -> [u8; N] {
        std::array::from_fn(|i| self.0[at + i])
    }

    fn u32(&self, at: usize) -> u32 {
        u32::from_le_bytes(self.bytes(at))
    }

    fn u64(&self, at: usize) -> u64 {
        u64::from_le_bytes(self.bytes(at))
    }
}
