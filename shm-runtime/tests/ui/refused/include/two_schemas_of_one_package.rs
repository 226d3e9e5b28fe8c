shm_runtime::include_schema!("book.yaml", "robots/another_book.yaml");
