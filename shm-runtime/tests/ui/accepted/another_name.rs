use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[shared(schema = "book.yaml", name = "Level")]
#[repr(C)]
struct MyLevel {
    px: f64,
    qty: u32,
    orders: u32,
}
