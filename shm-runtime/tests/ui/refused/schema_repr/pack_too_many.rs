use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[shared(schema = "book.yaml")]
#[repr(C, packed)]
struct Level {
    px: f64,
    qty: u32,
    orders: u32,
}
