// Change the schema and generate this file again instead of editing it.

/// Version 1 of schema `units`.
pub const SCHEMA: ::shm_runtime::SchemaId = ::shm_runtime::SchemaId {
    package: "units",
    version: 1,
    fingerprint: ::shm_runtime::Fingerprint::from_hex(
        "ad248e9432b122ff79940b33c7c042f2864c50461cad8f0ce32b7010a1f852a9",
    ),
};

/// A constant of the schema.
pub const JOINTS: u8 = 2;

::shm_runtime::open_enum! {
    /// An enum of the schema.
    pub enum State: u8 {
        /// The value 0.
        Off = 0,
        /// The value 1.
        Moving = 1,
    }
}
