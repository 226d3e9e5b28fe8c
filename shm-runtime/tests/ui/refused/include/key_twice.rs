shm_runtime::include_schema!("book.yaml", root = ".", root = ".");
