use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[shared(schema = "robots/base.yaml")]
#[repr(C)]
struct Base {
    pose: u64,
}
