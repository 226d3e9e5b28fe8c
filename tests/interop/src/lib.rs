//! The Rust of `every_type.yaml`, and a robot without a schema, for the tests that
//! cross languages.

shm_runtime::include_schema!("../../schemas/every_type.yaml");

pub mod robot;

/// Three versions of one schema, whose programs read each other's segments.
pub mod v1 {
    shm_runtime::include_schema!("schemas/v1/evolving.yaml");
}
/// The second.
pub mod v2 {
    shm_runtime::include_schema!("schemas/v2/evolving.yaml");
}
/// The third.
pub mod v3 {
    shm_runtime::include_schema!("schemas/v3/evolving.yaml");
}
