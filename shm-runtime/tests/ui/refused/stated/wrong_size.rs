use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[shared(size = 5)]
#[repr(C)]
struct Record {
    x: u8,
    y: u32,
}
