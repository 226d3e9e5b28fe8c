use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[shared(name = "A", name = "B")]
#[repr(C)]
struct Record {
    x: i32,
}
