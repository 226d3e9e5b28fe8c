use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[shared(fingerprint = "0000000000000000000000000000000000000000000000000000000000000000")]
#[repr(C)]
struct Record {
    x: u8,
}
