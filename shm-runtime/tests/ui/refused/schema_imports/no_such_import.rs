use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[shared(schema = "robots/lost.yaml")]
#[repr(C)]
struct Lost {
    id: u32,
}
