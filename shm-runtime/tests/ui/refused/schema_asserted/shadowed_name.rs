use shm_runtime::SharedLayout;

#[allow(non_camel_case_types)]
type u32 = i32;

#[derive(SharedLayout, Clone, Copy)]
#[shared(schema = "book.yaml")]
#[repr(C)]
struct Level {
    px: f64,
    qty: u32,
    orders: u32,
}
