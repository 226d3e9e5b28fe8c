use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
struct Record {
    x: i32,
}
