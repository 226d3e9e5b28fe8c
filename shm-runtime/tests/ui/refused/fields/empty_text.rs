use shm_runtime::{FixedStr, SharedLayout};

#[derive(SharedLayout, Clone, Copy)]
#[repr(C)]
struct Record {
    x: FixedStr<0>,
}
