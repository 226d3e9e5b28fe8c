use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[shared(schema = "robots/outside.yaml", root = ".")]
#[repr(C)]
struct Outside {
    id: u32,
}
