use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[repr(C)]
struct Record {
    x: i32,
    #[cfg(all())]
    y: i32,
}
