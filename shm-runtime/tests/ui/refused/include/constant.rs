const SCHEMA: &str = "book.yaml";
shm_runtime::include_schema!(SCHEMA);
