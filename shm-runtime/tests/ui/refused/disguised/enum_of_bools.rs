shm_runtime::open_enum! {
    enum Answer: bool { No = false, Yes = true }
}
