use shm_runtime::SharedLayout;

#[derive(SharedLayout, Clone, Copy)]
#[repr(C)]
struct Record {
    x: u32,
    y: usize,
}

fn uses() {
    let _ = Record::X;
    let _ = <Record as SharedLayout>::FINGERPRINT;
}
