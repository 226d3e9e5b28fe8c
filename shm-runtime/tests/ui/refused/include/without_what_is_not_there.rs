shm_runtime::include_schema!("robots/base.yaml", without = "frame");
