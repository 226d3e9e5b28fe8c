shm_runtime::include_schema!("broken.yaml");
