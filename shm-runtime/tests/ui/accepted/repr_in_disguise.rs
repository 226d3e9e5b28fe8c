use shm_runtime::SharedLayout;

macro_rules! level {
    ($repr:meta, $px:ty) => {
        #[derive(SharedLayout, Clone, Copy)]
        #[shared(schema = "book.yaml")]
        #[$repr]
        struct Level {
            px: $px,
            qty: u32,
            orders: u32,
        }
    };
}

level!(repr(C), f64);

#[derive(SharedLayout, Clone, Copy)]
#[shared(schema = "book.yaml")]
#[cfg_attr(all(), r#repr(C))]
#[r#repr(packed)]
struct Wire {
    tag: u8,
    value: u32,
}
