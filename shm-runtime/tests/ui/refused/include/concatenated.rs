shm_runtime::include_schema!(concat!("book", ".yaml"), root = ".");
