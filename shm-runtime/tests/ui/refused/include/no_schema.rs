shm_runtime::include_schema!(root = "robots");
