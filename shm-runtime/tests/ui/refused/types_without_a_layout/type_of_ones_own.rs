use shm_runtime::SharedLayout;

#[derive(Clone, Copy)]
struct Own(u32);

#[derive(SharedLayout, Clone, Copy)]
#[repr(C)]
struct Record {
    x: Own,
}
