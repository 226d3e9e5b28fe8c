use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[shared(packed)]
#[repr(C)]
struct Record {
    x: i32,
}
