shm_runtime::include_schema!("robots/base.yaml");
shm_runtime::include_schema!("robots/parts/frames.yaml");
