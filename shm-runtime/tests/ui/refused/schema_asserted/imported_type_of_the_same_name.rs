use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[repr(C)]
struct Pose {
    id: u32,
    y: f32,
}

#[derive(SharedLayout, Clone, Copy)]
#[shared(schema = "robots/base.yaml")]
#[repr(C)]
struct Base {
    pose: Pose,
}
