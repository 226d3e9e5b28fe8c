use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[shared(schema = "robots/base.yaml", root = "robots/parts")]
#[repr(C)]
struct Base {
    id: u32,
}
