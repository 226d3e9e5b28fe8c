use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[repr(transparent)]
struct Record {
    x: i32,
}
