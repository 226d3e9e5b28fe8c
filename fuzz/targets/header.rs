//! A header over a sound segment, and a file as long as the input says.

#![no_main]

use libfuzzer_sys::fuzz_target;
use shm_fuzz::{HEADER, Segment};
use std::cell::LazyCell;

thread_local! {
    static SEGMENT: LazyCell<Segment> = LazyCell::new(Segment::new);
}

fuzz_target!(|bytes: &[u8]| SEGMENT.with(|segment| {
    let mut whole = segment.whole();
    let header = bytes.len().min(HEADER);
    whole[..header].copy_from_slice(&bytes[..header]);
    // What follows a whole header overwrites the rest, or makes it longer.
    let rest = &bytes[header..];
    if rest.len() > whole.len() - HEADER {
        whole.resize(HEADER + rest.len(), 0);
    }
    whole[HEADER..][..rest.len()].copy_from_slice(rest);
    segment.fill(&whole);
    segment.read();
}));
