use shm_runtime::{FixedStr, Pad, SharedLayout};

shm_runtime::include_schema!("book.yaml");
use book::{Level, Side};

type Price = f64;
const DEPTH: usize = 2;

#[derive(SharedLayout, Clone, Copy)]
#[shared(schema = "book.yaml")]
#[repr(C)]
struct Book {
    symbol: FixedStr<8>,
    levels: [Level; DEPTH],
    side: Side,
    spare: Pad<3>,
    count: u32,
    _pad0: Pad<16>,
}

mod own {
    #[derive(shm_runtime::SharedLayout, Clone, Copy)]
    #[shared(schema = "book.yaml")]
    #[repr(C)]
    struct Level {
        px: super::Price,
        qty: u32,
        orders: u32,
    }
}
