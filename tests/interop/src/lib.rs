//! The Rust of `every_type.yaml`, and a robot without a schema, for the tests that
//! cross languages.

shm_runtime::include_schema!("../../schemas/every_type.yaml");

pub mod robot;
