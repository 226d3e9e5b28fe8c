use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[shared(schema = "book.yaml")]
#[repr(C)]
struct Level {
    px: f32,
    qty: u64,
    orders: [u32; 2],
}
