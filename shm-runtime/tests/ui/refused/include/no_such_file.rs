shm_runtime::include_schema!("bock.yaml");
