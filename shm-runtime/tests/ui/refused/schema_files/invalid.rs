use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[shared(schema = "broken.yaml")]
#[repr(C)]
struct Level {
    px: f64,
    qty: u32,
    orders: u32,
}
