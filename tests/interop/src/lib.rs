//! The Rust of `every_type.yaml`, for the tests that cross languages.

shm_runtime::include_schema!("../../schemas/every_type.yaml");
