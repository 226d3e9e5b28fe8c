use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[repr(C)]
struct Record {
    #[shared(offset = 0, offset = 0)]
    x: i32,
}
