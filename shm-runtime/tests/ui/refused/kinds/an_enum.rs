use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[repr(u8)]
enum Side {
    Bid = 1,
}
