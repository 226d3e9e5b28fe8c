use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[shared(name = "A record")]
#[repr(C)]
struct Record {
    x: i32,
}
