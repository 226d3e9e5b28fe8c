const ROOT: &str = "robots";
shm_runtime::include_schema!("base.yaml", root = ROOT);
