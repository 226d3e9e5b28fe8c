use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[repr(C)]
struct Record {
    a: usize,
    b: u32,
    c: char,
}
