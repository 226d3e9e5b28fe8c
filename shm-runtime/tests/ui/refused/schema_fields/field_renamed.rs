use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[shared(schema = "book.yaml")]
#[repr(C)]
struct Level {
    price: f64,
    qty: u32,
    orders: u32,
}
