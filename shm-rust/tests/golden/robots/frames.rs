// Change the schema and generate this file again instead of editing it.

/// Where things are.
///
/// Version 1 of schema `frames`.
pub const SCHEMA: ::shm_runtime::SchemaId = ::shm_runtime::SchemaId {
    package: "frames",
    version: 1,
    fingerprint: ::shm_runtime::Fingerprint::from_hex(
        "e2e8b5d072b03f113ca0052415fb5bb99a81142bdc7396426623ff97ab158265",
    ),
};

/// 16 bytes, aligned to 8.
#[derive(Clone, Copy, Debug, PartialEq, ::shm_runtime::SharedLayout)]
#[shared(
    schema_id = SCHEMA,
    size = 16,
    align = 8,
    fingerprint = "b62ee2c1bffcb54ee3e7f0bbf4bf80968eebb46eaecb9592d746ff041d9eb7e6"
)]
#[repr(C)]
pub struct Pose {
    /// Bytes 0..4.
    #[shared(offset = 0)]
    pub id: u32,
    /// Byte 4.
    #[shared(offset = 4)]
    pub state: super::units::State,
    /// Padding.
    ///
    /// Bytes 5..8.
    pub _pad0: ::shm_runtime::Pad<3>,
    /// Bytes 8..16, in m, from -10 to 10. `set_x()` checks the range.
    #[shared(offset = 8)]
    pub x: f64,
}

impl Default for Pose {
    fn default() -> Self {
        ::shm_runtime::SharedLayout::zeroed()
    }
}

impl Pose {
    /// The values that `x` should have, in m.
    pub const X_RANGE: ::core::ops::RangeInclusive<f64> = -10.0..=10.0;

    const __X: ::shm_runtime::__private::Rule<f64> =
        ::shm_runtime::__private::Rule::new("Pose", "x", &[]).range(Self::X_RANGE);

    /// Sets `x`, in m.
    ///
    /// # Errors
    ///
    /// The value is outside [`Self::X_RANGE`].
    pub fn set_x(&mut self, value: f64) -> Result<(), ::shm_runtime::OutOfRange> {
        self.x = Self::__X.set(value)?;
        Ok(())
    }

    /// The fields whose values are out of their ranges, in declared order.
    pub fn out_of_range(&self) -> Vec<::shm_runtime::OutOfRange> {
        let mut found = Vec::new();
        Self::__X.check(self.x, &mut found);
        found
    }
}
