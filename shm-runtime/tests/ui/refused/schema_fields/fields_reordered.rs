use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[shared(schema = "book.yaml")]
#[repr(C)]
struct Level {
    qty: u32,
    orders: u32,
    px: f64,
}
