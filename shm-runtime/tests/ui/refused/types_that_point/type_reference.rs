use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[repr(C)]
struct Record {
    name: &'static str,
    x: &'static u8,
}
