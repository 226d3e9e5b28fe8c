// Change the schema and generate this file again instead of editing it.

/// Version 2 of schema `values`.
pub const SCHEMA: ::shm_runtime::SchemaId = ::shm_runtime::SchemaId {
    package: "values",
    version: 2,
    fingerprint: ::shm_runtime::Fingerprint::from_hex(
        "b107204b0092be4a99720873998db8a4ddd58d1973a463060c6d7564ec6662e2",
    ),
};

/// 16 bytes, aligned to 8.
#[derive(Clone, Copy, Debug, PartialEq, ::shm_runtime::SharedLayout)]
#[shared(
    schema_id = SCHEMA,
    size = 16,
    align = 8,
    fingerprint = "d9e61995cb57d99c69a8987ac910ce6563d862da435d6067bab5064f7de6c0c7"
)]
#[repr(C)]
pub struct Price {
    /// A price.
    ///
    /// Bytes 0..8. One step is 1e-8 USD. Raw: `px()` reads the value, `set_px()` sets it.
    #[shared(offset = 0)]
    pub px: i64,
    /// Bytes 8..12, from 1 to 1000000. `set_lots()` checks the range.
    #[shared(offset = 8)]
    pub lots: u32,
    /// Bytes 12..14. 65535 stands for none. Since version 2 of the schema. Raw: `kind()` reads the value, `set_kind()` sets it.
    #[deprecated(note = "use \"type\", or \\")]
    #[shared(offset = 12, since = 2, none = Price::KIND_NONE)]
    pub kind: u16,
    /// Padding.
    ///
    /// Bytes 14..16.
    pub _pad0: ::shm_runtime::Pad<2>,
}

impl Default for Price {
    fn default() -> Self {
        ::shm_runtime::SharedLayout::zeroed()
    }
}

#[allow(deprecated)]
impl Price {
    /// What one step of `px` is worth, in USD.
    pub const PX_SCALE: ::shm_runtime::Scale = ::shm_runtime::Scale::new(1, 100000000);

    const __PX: ::shm_runtime::__private::Rule<i64, ::shm_runtime::Scale> =
        ::shm_runtime::__private::Rule::scaled("Price", "px", &[], Self::PX_SCALE);

    /// The values that `lots` should have.
    pub const LOTS_RANGE: ::core::ops::RangeInclusive<u32> = 1..=1000000;

    const __LOTS: ::shm_runtime::__private::Rule<u32> =
        ::shm_runtime::__private::Rule::new("Price", "lots", &[]).range(Self::LOTS_RANGE);

    /// Stands for none in `kind`.
    #[deprecated(note = "use \"type\", or \\")]
    pub const KIND_NONE: u16 = 65535;

    const __KIND: ::shm_runtime::__private::Rule<u16> =
        ::shm_runtime::__private::Rule::new("Price", "kind", &[]).none(Self::KIND_NONE);

    /// The value of `px`, in USD.
    pub fn px(&self) -> f64 {
        Self::__PX.value(self.px)
    }

    /// Sets `px`, in USD.
    ///
    /// # Errors
    ///
    /// The value is too large for `i64`.
    pub fn set_px(&mut self, value: f64) -> Result<(), ::shm_runtime::OutOfRange> {
        self.px = Self::__PX.set(value)?;
        Ok(())
    }

    /// Sets `lots`.
    ///
    /// # Errors
    ///
    /// The value is outside [`Self::LOTS_RANGE`].
    pub fn set_lots(&mut self, value: u32) -> Result<(), ::shm_runtime::OutOfRange> {
        self.lots = Self::__LOTS.set(value)?;
        Ok(())
    }

    /// The value of `kind`; `None` for [`Self::KIND_NONE`].
    #[deprecated(note = "use \"type\", or \\")]
    pub fn kind(&self) -> Option<u16> {
        Self::__KIND.get(self.kind)
    }

    /// Sets `kind`; `None` stores [`Self::KIND_NONE`].
    ///
    /// # Errors
    ///
    /// The value is what stands for none.
    #[deprecated(note = "use \"type\", or \\")]
    pub fn set_kind(
        &mut self,
        value: impl Into<Option<u16>>,
    ) -> Result<(), ::shm_runtime::OutOfRange> {
        self.kind = Self::__KIND.set_or(value, Self::KIND_NONE)?;
        Ok(())
    }

    /// The fields whose values are out of their ranges, in declared order.
    pub fn out_of_range(&self) -> Vec<::shm_runtime::OutOfRange> {
        let mut found = Vec::new();
        Self::__LOTS.check(self.lots, &mut found);
        found
    }
}

/// 128 bytes, aligned to 8.
#[derive(Clone, Copy, Debug, PartialEq, ::shm_runtime::SharedLayout)]
#[shared(
    schema_id = SCHEMA,
    size = 128,
    align = 8,
    fingerprint = "6d8d688996954d8c999770bad9226830b386641879a5e10c9e59b862029dded1"
)]
#[repr(C)]
pub struct Quote {
    /// Bytes 0..8, in USD, from 0 to 1000000000. NaN stands for none. Raw: `last()` reads the value, `set_last()` sets it.
    #[shared(offset = 0, none = Quote::LAST_NONE)]
    pub last: f64,
    /// Bytes 8..12. One step is 0\.25, from -10.5 to 3.14. -2147483648 stands for none. Raw: `type()` reads the value, `set_type()` sets it.
    #[shared(offset = 8, none = Quote::TYPE_NONE)]
    pub r#type: i32,
    /// Bytes 12..24. One step is 1e-4. Raw: `weights()` reads the value, `set_weights()` sets it.
    #[shared(offset = 12)]
    pub weights: [[u16; 3]; 2],
    /// Bytes 24..40, from 0 to 0.1. -1 stands for none. Raw: `grid()` reads the value, `set_grid()` sets it.
    #[shared(offset = 24, none = Quote::GRID_NONE)]
    pub grid: [[f32; 2]; 2],
    /// Bytes 40..48, from 1 to 4102444800000000000. 0 stands for none. Raw: `at()` reads the value, `set_at()` sets it.
    #[shared(offset = 40, none = Quote::AT_NONE)]
    pub at: ::shm_runtime::TimestampNs,
    /// Bytes 48..64.
    #[shared(offset = 48)]
    pub best: Price,
    /// Bytes 64..128.
    #[shared(offset = 64)]
    pub bids: [[Price; 2]; 2],
}

impl Default for Quote {
    fn default() -> Self {
        ::shm_runtime::SharedLayout::zeroed()
    }
}

#[allow(clippy::approx_constant)]
impl Quote {
    /// Stands for none in `last`.
    pub const LAST_NONE: f64 = f64::NAN;

    /// The values that `last` should have, in USD.
    pub const LAST_RANGE: ::core::ops::RangeInclusive<f64> = 0.0..=1000000000.0;

    const __LAST: ::shm_runtime::__private::Rule<f64> =
        ::shm_runtime::__private::Rule::new("Quote", "last", &[])
            .none(Self::LAST_NONE)
            .range(Self::LAST_RANGE);

    /// What one step of `type` is worth.
    pub const TYPE_SCALE: ::shm_runtime::Scale = ::shm_runtime::Scale::new(1, 4);

    /// Stands for none in `type`.
    pub const TYPE_NONE: i32 = -2147483648;

    /// The values that `type` should have.
    pub const TYPE_RANGE: ::core::ops::RangeInclusive<f64> = -10.5..=3.14;

    const __TYPE: ::shm_runtime::__private::Rule<i32, ::shm_runtime::Scale> =
        ::shm_runtime::__private::Rule::scaled("Quote", "type", &[], Self::TYPE_SCALE)
            .none(Self::TYPE_NONE)
            .range(Self::TYPE_RANGE);

    /// What one step of `weights` is worth.
    pub const WEIGHTS_SCALE: ::shm_runtime::Scale = ::shm_runtime::Scale::new(1, 10000);

    const __WEIGHTS: ::shm_runtime::__private::Rule<u16, ::shm_runtime::Scale> =
        ::shm_runtime::__private::Rule::scaled("Quote", "weights", &[2, 3], Self::WEIGHTS_SCALE);

    /// Stands for none in `grid`.
    pub const GRID_NONE: f32 = -1.0;

    /// The values that `grid` should have.
    pub const GRID_RANGE: ::core::ops::RangeInclusive<f32> = 0.0..=0.1;

    const __GRID: ::shm_runtime::__private::Rule<f32> =
        ::shm_runtime::__private::Rule::new("Quote", "grid", &[2, 2])
            .none(Self::GRID_NONE)
            .range(Self::GRID_RANGE);

    /// Stands for none in `at`.
    pub const AT_NONE: ::shm_runtime::TimestampNs = ::shm_runtime::TimestampNs(0);

    /// The values that `at` should have.
    pub const AT_RANGE: ::core::ops::RangeInclusive<::shm_runtime::TimestampNs> =
        ::shm_runtime::TimestampNs(1)..=::shm_runtime::TimestampNs(4102444800000000000);

    const __AT: ::shm_runtime::__private::Rule<::shm_runtime::TimestampNs> =
        ::shm_runtime::__private::Rule::new("Quote", "at", &[])
            .none(Self::AT_NONE)
            .range(Self::AT_RANGE);

    /// The value of `last`, in USD; `None` for [`Self::LAST_NONE`].
    pub fn last(&self) -> Option<f64> {
        Self::__LAST.get(self.last)
    }

    /// Sets `last`, in USD; `None` stores [`Self::LAST_NONE`].
    ///
    /// # Errors
    ///
    /// The value is outside [`Self::LAST_RANGE`] or what stands for none.
    pub fn set_last(
        &mut self,
        value: impl Into<Option<f64>>,
    ) -> Result<(), ::shm_runtime::OutOfRange> {
        self.last = Self::__LAST.set_or(value, Self::LAST_NONE)?;
        Ok(())
    }

    /// The value of `type`; `None` for [`Self::TYPE_NONE`].
    pub fn r#type(&self) -> Option<f64> {
        Self::__TYPE.get(self.r#type)
    }

    /// Sets `type`; `None` stores [`Self::TYPE_NONE`].
    ///
    /// # Errors
    ///
    /// The value is outside [`Self::TYPE_RANGE`], too large for `i32` or what stands for none.
    pub fn set_type(
        &mut self,
        value: impl Into<Option<f64>>,
    ) -> Result<(), ::shm_runtime::OutOfRange> {
        self.r#type = Self::__TYPE.set_or(value, Self::TYPE_NONE)?;
        Ok(())
    }

    /// The value of `weights`.
    pub fn weights(&self) -> [[f64; 3]; 2] {
        Self::__WEIGHTS.value(self.weights)
    }

    /// Sets every element of `weights`.
    ///
    /// # Errors
    ///
    /// A value is too large for `u16`.
    pub fn set_weights(&mut self, values: [[f64; 3]; 2]) -> Result<(), ::shm_runtime::OutOfRange> {
        self.weights = Self::__WEIGHTS.set(values)?;
        Ok(())
    }

    /// The value of `grid`; `None` for [`Self::GRID_NONE`].
    pub fn grid(&self) -> [[Option<f32>; 2]; 2] {
        Self::__GRID.get(self.grid)
    }

    /// Sets every element of `grid`; `None` stores [`Self::GRID_NONE`].
    ///
    /// # Errors
    ///
    /// A value is outside [`Self::GRID_RANGE`] or what stands for none.
    pub fn set_grid(
        &mut self,
        values: [[Option<f32>; 2]; 2],
    ) -> Result<(), ::shm_runtime::OutOfRange> {
        self.grid = Self::__GRID.set_each_or(values, Self::GRID_NONE)?;
        Ok(())
    }

    /// The value of `at`; `None` for [`Self::AT_NONE`].
    pub fn at(&self) -> Option<::shm_runtime::TimestampNs> {
        Self::__AT.get(self.at)
    }

    /// Sets `at`; `None` stores [`Self::AT_NONE`].
    ///
    /// # Errors
    ///
    /// The value is outside [`Self::AT_RANGE`] or what stands for none.
    pub fn set_at(
        &mut self,
        value: impl Into<Option<::shm_runtime::TimestampNs>>,
    ) -> Result<(), ::shm_runtime::OutOfRange> {
        self.at = Self::__AT.set_or(value, Self::AT_NONE)?;
        Ok(())
    }

    /// The fields whose values are out of their ranges, in declared order.
    pub fn out_of_range(&self) -> Vec<::shm_runtime::OutOfRange> {
        let mut found = Vec::new();
        Self::__LAST.check(self.last, &mut found);
        Self::__TYPE.check(self.r#type, &mut found);
        Self::__GRID.check(self.grid, &mut found);
        Self::__AT.check(self.at, &mut found);
        ::shm_runtime::__private::check_inside(
            "Quote",
            "best",
            &[],
            self.best,
            Price::out_of_range,
            &mut found,
        );
        ::shm_runtime::__private::check_inside(
            "Quote",
            "bids",
            &[2, 2],
            self.bids,
            Price::out_of_range,
            &mut found,
        );
        found
    }
}

/// 57 bytes, aligned to 1.
#[derive(Clone, Copy, Debug, PartialEq, ::shm_runtime::SharedLayout)]
#[shared(
    schema_id = SCHEMA,
    size = 57,
    align = 1,
    fingerprint = "61533116044ddb4f88ed66291a9f790e2d2c0bf12cf2e60196e1e4c9c5355428"
)]
#[repr(C, packed(1))]
pub struct Packed {
    /// Byte 0.
    #[shared(offset = 0)]
    pub tag: u8,
    /// Bytes 1..17. One step is 0\.01. 18446744073709551615 stands for none. Raw: `ticks()` reads the value, `set_ticks()` sets it.
    #[shared(offset = 1, none = Packed::TICKS_NONE)]
    pub ticks: [u64; 2],
    /// Bytes 17..25, from -5 to 5. `set_delta()` checks the range.
    #[shared(offset = 17)]
    pub delta: ::shm_runtime::DurationUs,
    /// Bytes 25..57.
    #[shared(offset = 25)]
    pub price: [Price; 2],
}

impl Default for Packed {
    fn default() -> Self {
        ::shm_runtime::SharedLayout::zeroed()
    }
}

impl Packed {
    /// What one step of `ticks` is worth.
    pub const TICKS_SCALE: ::shm_runtime::Scale = ::shm_runtime::Scale::new(1, 100);

    /// Stands for none in `ticks`.
    pub const TICKS_NONE: u64 = 18446744073709551615;

    const __TICKS: ::shm_runtime::__private::Rule<u64, ::shm_runtime::Scale> =
        ::shm_runtime::__private::Rule::scaled("Packed", "ticks", &[2], Self::TICKS_SCALE)
            .none(Self::TICKS_NONE);

    /// The values that `delta` should have.
    pub const DELTA_RANGE: ::core::ops::RangeInclusive<::shm_runtime::DurationUs> =
        ::shm_runtime::DurationUs(-5)..=::shm_runtime::DurationUs(5);

    const __DELTA: ::shm_runtime::__private::Rule<::shm_runtime::DurationUs> =
        ::shm_runtime::__private::Rule::new("Packed", "delta", &[]).range(Self::DELTA_RANGE);

    /// The value of `ticks`; `None` for [`Self::TICKS_NONE`].
    pub fn ticks(&self) -> [Option<f64>; 2] {
        Self::__TICKS.get(self.ticks)
    }

    /// Sets every element of `ticks`; `None` stores [`Self::TICKS_NONE`].
    ///
    /// # Errors
    ///
    /// A value is too large for `u64` or what stands for none.
    pub fn set_ticks(&mut self, values: [Option<f64>; 2]) -> Result<(), ::shm_runtime::OutOfRange> {
        self.ticks = Self::__TICKS.set_each_or(values, Self::TICKS_NONE)?;
        Ok(())
    }

    /// Sets `delta`.
    ///
    /// # Errors
    ///
    /// The value is outside [`Self::DELTA_RANGE`].
    pub fn set_delta(
        &mut self,
        value: ::shm_runtime::DurationUs,
    ) -> Result<(), ::shm_runtime::OutOfRange> {
        self.delta = Self::__DELTA.set(value)?;
        Ok(())
    }

    /// The fields whose values are out of their ranges, in declared order.
    pub fn out_of_range(&self) -> Vec<::shm_runtime::OutOfRange> {
        let mut found = Vec::new();
        Self::__DELTA.check(self.delta, &mut found);
        ::shm_runtime::__private::check_inside(
            "Packed",
            "price",
            &[2],
            self.price,
            Price::out_of_range,
            &mut found,
        );
        found
    }
}
