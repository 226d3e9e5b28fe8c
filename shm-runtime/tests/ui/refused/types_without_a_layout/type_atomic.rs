use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[repr(C)]
struct Record {
    x: std::sync::atomic::AtomicU64,
}
