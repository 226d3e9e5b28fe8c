use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[repr(C)]
union Either {
    a: u32,
    b: f32,
}
