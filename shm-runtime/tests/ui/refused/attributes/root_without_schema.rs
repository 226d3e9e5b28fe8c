use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[shared(root = "schemas")]
#[repr(C)]
struct Record {
    x: i32,
}
