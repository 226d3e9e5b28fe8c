// Change the schema and generate this file again instead of editing it.

/// Version 1 of schema `base`.
pub const SCHEMA: ::shm_runtime::SchemaId = ::shm_runtime::SchemaId {
    package: "base",
    version: 1,
    fingerprint: ::shm_runtime::Fingerprint::from_hex(
        "3648f4fe437516789fa69bf0618f48e1dd9ef25b92d1728349e429d88d8dab1b",
    ),
};

/// 16 bytes, aligned to 8.
#[derive(Clone, Copy, Debug, PartialEq, ::shm_runtime::SharedLayout)]
#[shared(
    schema_id = SCHEMA,
    size = 16,
    align = 8,
    fingerprint = "65e332d022d3c47573d1467693028a4dd19619c9817864e131fb3f9bf43e61eb"
)]
#[repr(C)]
pub struct Base {
    /// Bytes 0..16.
    #[shared(offset = 0)]
    pub pose: super::frames::Pose,
}

impl Default for Base {
    fn default() -> Self {
        ::shm_runtime::SharedLayout::zeroed()
    }
}

impl Base {
    /// The fields whose values are out of their ranges, in declared order.
    pub fn out_of_range(&self) -> Vec<::shm_runtime::OutOfRange> {
        let mut found = Vec::new();
        ::shm_runtime::__private::check_inside(
            "Base",
            "pose",
            &[],
            self.pose,
            super::frames::Pose::out_of_range,
            &mut found,
        );
        found
    }
}
