use shm_runtime::SharedLayout;

shm_runtime::include_schema!("robots/parts/frames.yaml");
use frames::Pose;

#[derive(SharedLayout, Clone, Copy)]
#[shared(schema = "robots/base.yaml", root = ".")]
#[repr(C)]
struct Base {
    pose: Pose,
}

mod included {
    use super::frames;
    shm_runtime::include_schema!("robots/base.yaml", without = "frames");
}
