// Change the schema and generate this file again instead of editing it.

/// Version 1 of schema `odd_names`.
pub const SCHEMA: ::shm_runtime::SchemaId = ::shm_runtime::SchemaId {
    package: "odd_names",
    version: 1,
    fingerprint: ::shm_runtime::Fingerprint::from_hex(
        "24705663573292f86cd507721c66ce0fcd5a45643a778ddb2d5a432429df3b25",
    ),
};

/// a \[link\] to <https://a.b/c_d> and
///
/// panic!("code")
/// \`\`\`
/// \<b\>\*/ \\u{202e}
#[allow(clippy::approx_constant)]
pub const ODD: f32 = 0.1;

/// A constant of the schema.
#[allow(clippy::approx_constant)]
pub const PI: f64 = 3.14159;

/// A constant of the schema.
pub const VALUE: u8 = 1;

/// A constant of the schema.
pub const FOUND: u8 = 1;

/// A constant of the schema.
pub const AT: u8 = 1;

/// A constant of the schema.
pub const F: u8 = 1;

/// A constant of the schema.
pub const FLAGS: u8 = 1;

/// A constant of the schema.
pub const BITS: u8 = 1;

/// A constant of the schema.
pub const RAW: u8 = 1;

/// A constant of the schema.
pub const OTHER: u8 = 1;

/// A constant of the schema.
pub const OK: u8 = 1;

/// A constant of the schema.
pub const SOME: u8 = 1;

/// A constant of the schema.
pub const NONE: u8 = 1;

::shm_runtime::open_enum! {
    /// Lower
    /// and more.
    #[allow(non_camel_case_types)]
    pub enum phase_of_day: i8 {
        /// One.
        r#type = -1,
        /// The value 1.
        b = 1,
    }
}

::shm_runtime::open_enum! {
    /// An enum of the schema.
    pub enum Pad: u8 {
        /// The value 1.
        A = 1,
    }
}

::shm_runtime::open_enum! {
    /// An enum of the schema.
    pub enum Duration: u8 {
        /// The value 1.
        A = 1,
    }
}

::shm_runtime::open_enum! {
    /// An enum of the schema.
    pub enum TimestampNs: u8 {
        /// The value 1.
        A = 1,
    }
}

::shm_runtime::shared_flags! {
    /// Flags of the schema.
    #[allow(non_camel_case_types)]
    pub struct a_mask: u64 {
        /// Bit 63.
        const r#fn = 1 << 63;
    }
}

/// 16 bytes, aligned to 2.
#[derive(Clone, Copy, Debug, PartialEq, ::shm_runtime::SharedLayout)]
#[shared(
    schema_id = SCHEMA,
    size = 16,
    align = 2,
    fingerprint = "7999acd11385a69df17a12deed897e3656f8cb8705c7c6737697c5b3646b350b"
)]
#[repr(C, packed(2))]
#[allow(non_camel_case_types)]
#[allow(non_snake_case)]
pub struct lower_case {
    /// Bytes 0..4, in m/s^2, from 0 to 7. `set_camelCase()` checks the range.
    #[shared(offset = 0)]
    pub camelCase: u32,
    /// Bytes 4..6.
    #[shared(offset = 4)]
    pub r#type: [phase_of_day; 2],
    /// Reserved.
    ///
    /// Byte 6.
    pub r#mod: ::shm_runtime::Pad<1>,
    /// Padding.
    ///
    /// Byte 7.
    pub _pad0: ::shm_runtime::Pad<1>,
    /// Bytes 8..16.
    #[deprecated(note = "use `type`")]
    #[shared(offset = 8)]
    pub mask: a_mask,
}

impl Default for lower_case {
    fn default() -> Self {
        ::shm_runtime::SharedLayout::zeroed()
    }
}

#[allow(deprecated)]
#[allow(non_snake_case)]
impl lower_case {
    /// The values that `camelCase` should have, in m/s^2.
    pub const CAMEL_CASE_RANGE: ::core::ops::RangeInclusive<u32> = 0..=7;

    const __CAMEL_CASE: ::shm_runtime::__private::Rule<u32> =
        ::shm_runtime::__private::Rule::new("lower_case", "camelCase", &[])
            .range(Self::CAMEL_CASE_RANGE);

    /// Sets `camelCase`, in m/s^2.
    ///
    /// # Errors
    ///
    /// The value is outside [`Self::CAMEL_CASE_RANGE`].
    pub fn set_camelCase(&mut self, value: u32) -> Result<(), ::shm_runtime::OutOfRange> {
        self.camelCase = Self::__CAMEL_CASE.set(value)?;
        Ok(())
    }

    /// The fields whose values are out of their ranges, in declared order.
    pub fn out_of_range(&self) -> Vec<::shm_runtime::OutOfRange> {
        let mut found = Vec::new();
        Self::__CAMEL_CASE.check(self.camelCase, &mut found);
        found
    }
}

/// 4 bytes, aligned to 1.
#[derive(Clone, Copy, Debug, PartialEq, ::shm_runtime::SharedLayout)]
#[shared(
    schema_id = SCHEMA,
    size = 4,
    align = 1,
    fingerprint = "b3a3237d39f64b47b6ae7fa2d0099cb68868e549ba058b122f04035930d64a0d"
)]
#[repr(C)]
pub struct Cell {
    /// Byte 0.
    #[shared(offset = 0)]
    pub pad: Pad,
    /// Bytes 1..3.
    #[shared(offset = 1)]
    pub duration: [Duration; 2],
    /// Byte 3.
    #[shared(offset = 3)]
    pub at: TimestampNs,
}

impl Default for Cell {
    fn default() -> Self {
        ::shm_runtime::SharedLayout::zeroed()
    }
}

/// 16 bytes, aligned to 8.
#[derive(Clone, Copy, Debug, PartialEq, ::shm_runtime::SharedLayout)]
#[shared(
    schema_id = SCHEMA,
    size = 16,
    align = 8,
    fingerprint = "b8a128f8665bf739c0783bb2b635bbc77f7c1c2d7496704e0ca83d07459703b9"
)]
#[repr(C)]
pub struct AtomicPair {
    /// Bytes 0..4.
    #[shared(offset = 0)]
    pub cell: Cell,
    /// Padding.
    ///
    /// Bytes 4..8.
    pub _pad0: ::shm_runtime::Pad<4>,
    /// Bytes 8..16.
    #[shared(offset = 8)]
    pub time: ::shm_runtime::TimestampNs,
}

impl Default for AtomicPair {
    fn default() -> Self {
        ::shm_runtime::SharedLayout::zeroed()
    }
}

/// A table of 2 rows of [`Cell`], found by `pad`.
pub const CELLS: ::shm_runtime::TableSpec<Cell, Pad> =
    ::shm_runtime::TableSpec::new(SCHEMA, "cells", 2).key(Cell::PAD);

/// A cell of [`AtomicPair`].
pub const PAIR: ::shm_runtime::CellSpec<AtomicPair> = ::shm_runtime::CellSpec::new(SCHEMA, "pair");

/// A table of 3 rows of [`lower_case`].
pub const ROWS: ::shm_runtime::TableSpec<lower_case> =
    ::shm_runtime::TableSpec::new(SCHEMA, "rows", 3);
