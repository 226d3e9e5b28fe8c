use shm_runtime::SharedLayout;

type Price = f32;

#[derive(SharedLayout, Clone, Copy)]
#[shared(schema = "book.yaml")]
#[repr(C)]
struct Level {
    px: Price,
    qty: u32,
    orders: u32,
}
