// Change the schema and generate this file again instead of editing it.

/// Version 3 of schema `arm`.
pub const SCHEMA: ::shm_runtime::SchemaId = ::shm_runtime::SchemaId {
    package: "arm",
    version: 3,
    fingerprint: ::shm_runtime::Fingerprint::from_hex(
        "d99c14d3ce59b0a8fe9c6f848555822d67e828f4eaf4124c0436e587a2aace37",
    ),
};

/// 8 bytes, aligned to 4.
#[derive(Clone, Copy, Debug, PartialEq, ::shm_runtime::SharedLayout)]
#[shared(
    schema_id = SCHEMA,
    size = 8,
    align = 4,
    fingerprint = "5a1c3c4660cdba19ec1d7dc90b8a86b404e8c45e652b3991b3da97ef99a7348b"
)]
#[repr(C)]
pub struct Joint {
    /// Bytes 0..4. One step is 1e-6 rad. Raw: `angle()` reads the value, `set_angle()` sets it.
    #[shared(offset = 0)]
    pub angle: i32,
    /// Byte 4.
    #[shared(offset = 4)]
    pub state: super::units::State,
    /// Padding.
    ///
    /// Bytes 5..8.
    pub _pad0: ::shm_runtime::Pad<3>,
}

impl Default for Joint {
    fn default() -> Self {
        ::shm_runtime::SharedLayout::zeroed()
    }
}

impl Joint {
    /// What one step of `angle` is worth, in rad.
    pub const ANGLE_SCALE: ::shm_runtime::Scale = ::shm_runtime::Scale::new(1, 1000000);

    const __ANGLE: ::shm_runtime::__private::Rule<i32, ::shm_runtime::Scale> =
        ::shm_runtime::__private::Rule::scaled("Joint", "angle", &[], Self::ANGLE_SCALE);

    /// The value of `angle`, in rad.
    pub fn angle(&self) -> f64 {
        Self::__ANGLE.value(self.angle)
    }

    /// Sets `angle`, in rad.
    ///
    /// # Errors
    ///
    /// The value is too large for `i32`.
    pub fn set_angle(&mut self, value: f64) -> Result<(), ::shm_runtime::OutOfRange> {
        self.angle = Self::__ANGLE.set(value)?;
        Ok(())
    }
}

/// 64 bytes, aligned to 8.
#[derive(Clone, Copy, Debug, PartialEq, ::shm_runtime::SharedLayout)]
#[shared(
    schema_id = SCHEMA,
    size = 64,
    align = 8,
    fingerprint = "3f7f0fba84ed287dec22c65e66b06f999bac32a506b415306fd37fb5bd16693c"
)]
#[repr(C)]
pub struct Arm {
    /// Bytes 0..16.
    #[shared(offset = 0)]
    pub tool: super::frames::Pose,
    /// Bytes 16..32.
    #[shared(offset = 16)]
    pub joints: [Joint; 2],
    /// Bytes 32..64.
    #[shared(offset = 32)]
    pub trail: [super::frames::Pose; 2],
}

impl Default for Arm {
    fn default() -> Self {
        ::shm_runtime::SharedLayout::zeroed()
    }
}

impl Arm {
    /// The fields whose values are out of their ranges, in declared order.
    pub fn out_of_range(&self) -> Vec<::shm_runtime::OutOfRange> {
        let mut found = Vec::new();
        ::shm_runtime::__private::check_inside(
            "Arm",
            "tool",
            &[],
            self.tool,
            super::frames::Pose::out_of_range,
            &mut found,
        );
        ::shm_runtime::__private::check_inside(
            "Arm",
            "trail",
            &[2],
            self.trail,
            super::frames::Pose::out_of_range,
            &mut found,
        );
        found
    }
}

/// A cell of [`Arm`].
pub const ARM_NOW: ::shm_runtime::CellSpec<Arm> = ::shm_runtime::CellSpec::new(SCHEMA, "arm_now");

/// A table of 4 rows of [`super::frames::Pose`], found by `id`.
pub const POSES: ::shm_runtime::TableSpec<super::frames::Pose, u32> =
    ::shm_runtime::TableSpec::new(SCHEMA, "poses", 4).key(super::frames::Pose::ID);
