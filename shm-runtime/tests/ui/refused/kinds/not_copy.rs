use shm_runtime::SharedLayout;

#[derive(SharedLayout)]
#[repr(C)]
struct Record {
    x: u32,
}
