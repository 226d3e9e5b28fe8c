use shm_runtime::{FixedStr, Pad, SharedLayout};

shm_runtime::include_schema!("book.yaml");
use book::{Level, Side};

#[derive(SharedLayout, Clone, Copy)]
#[shared(schema = "book.yaml")]
#[repr(C)]
struct Book {
    symbol: FixedStr<8>,
    levels: [Level; 2],
    side: Side,
    count: u32,
    _pad0: Pad<16>,
}
