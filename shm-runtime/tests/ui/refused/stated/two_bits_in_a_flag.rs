shm_runtime::shared_flags! {
    struct Marks: u8 {
        const Both = 3;
    }
}
