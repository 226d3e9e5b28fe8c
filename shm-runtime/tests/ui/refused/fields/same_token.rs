use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[repr(C)]
#[allow(non_snake_case)]
struct Record {
    px: f64,
    PX: f64,
}
