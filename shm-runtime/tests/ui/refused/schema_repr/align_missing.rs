use shm_runtime::{Pad, SharedLayout};

#[derive(SharedLayout, Clone, Copy)]
#[shared(schema = "book.yaml")]
#[repr(C)]
struct Line {
    value: u32,
    _pad0: Pad<60>,
}
