use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[shared(schema = "robots/base.yaml", root = "robot")]
#[repr(C)]
struct Base {
    id: u32,
}
