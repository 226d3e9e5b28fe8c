use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[shared(shcema = "book.yaml")]
#[repr(C)]
struct Record {
    x: i32,
}
