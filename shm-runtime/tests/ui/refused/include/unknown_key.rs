shm_runtime::include_schema!("robots/base.yaml", folder = "robots");
