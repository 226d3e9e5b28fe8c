use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[shared(fingerprint = "12ab")]
#[repr(C)]
struct Record {
    x: i32,
}
