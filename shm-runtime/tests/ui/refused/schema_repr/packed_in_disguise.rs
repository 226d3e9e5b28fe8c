use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[shared(schema = "book.yaml")]
#[repr(C)]
#[cfg_attr(all(), r#repr(packed(2)))]
struct Level {
    px: f64,
    qty: u32,
    orders: u32,
}
