//! A descriptor in a segment whose header is right about its length.

#![no_main]

use libfuzzer_sys::fuzz_target;
use shm_fuzz::{HEADER, Segment};
use std::cell::LazyCell;

/// Of the header's fields.
const RECORDS_OFFSET: usize = 48;
const TOTAL_SIZE: usize = 56;
const DESCRIPTOR_SIZE: usize = 144;

thread_local! {
    static SEGMENT: LazyCell<Segment> = LazyCell::new(Segment::new);
}

fuzz_target!(|text: &[u8]| SEGMENT.with(|segment| {
    let whole = segment.whole();
    let word = |at: usize| {
        let bytes = whole[at..at + 8].try_into().expect("it is eight bytes");
        u64::from_le_bytes(bytes) as usize
    };
    let records = &whole[word(RECORDS_OFFSET)..];
    let offset = (HEADER + text.len()).next_multiple_of(64);

    let mut bytes = whole[..HEADER].to_vec();
    let mut put = |at: usize, value: usize| {
        bytes[at..at + 8].copy_from_slice(&(value as u64).to_le_bytes());
    };
    put(DESCRIPTOR_SIZE, text.len());
    put(RECORDS_OFFSET, offset);
    put(TOTAL_SIZE, offset + records.len());
    bytes.extend_from_slice(text);
    bytes.resize(offset, 0);
    bytes.extend_from_slice(records);
    segment.fill(&bytes);
    segment.read();
}));
