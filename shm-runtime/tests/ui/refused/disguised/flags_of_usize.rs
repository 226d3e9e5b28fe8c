shm_runtime::shared_flags! {
    struct Marks: usize {
        const First = 1;
    }
}
