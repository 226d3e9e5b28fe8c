use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[shared(align = 4)]
#[repr(C)]
struct Record {
    x: u8,
}
