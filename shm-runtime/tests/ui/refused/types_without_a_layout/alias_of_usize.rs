use shm_runtime::SharedLayout;

type Size = usize;

#[derive(SharedLayout, Clone, Copy)]
#[repr(C)]
struct Record {
    x: Size,
}
