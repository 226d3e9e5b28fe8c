//! Fields with a scale, a sentinel or a range, read and set in Rust.

// What generated code says of itself must hold where warnings are errors.
#![deny(warnings, missing_docs)]

use shm_runtime::{DurationUs, OutOfRange, SharedLayout, TimestampNs};

use values::{Packed, Price, Quote};

shm_runtime::include_schema!("../shm-rust/tests/golden/values.yaml");

/// The file that `gen --rust` would write.
pub mod file {
    include!("../../shm-rust/tests/golden/values.rs");
}

/// The same, as a module's own file.
#[path = "../../shm-rust/tests/golden/values.rs"]
pub mod module;

#[test]
fn a_file_a_module_and_the_macro_are_one() {
    assert_eq!(file::Quote::FINGERPRINT, Quote::FINGERPRINT);
    assert_eq!(module::Price::PX_SCALE, Price::PX_SCALE);
}

#[test]
fn a_scaled_field_is_read_and_set_in_its_unit() -> Result<(), OutOfRange> {
    let mut price = Price::default();
    price.set_px(1.25)?;
    assert_eq!((price.px, price.px()), (125_000_000, 1.25));
    price.set_px(-0.000_000_014)?;
    assert_eq!((price.px, price.px()), (-1, -1e-8));
    price.set_px(5e-324)?;
    assert_eq!(price.px, 0);
    price.px = i64::MIN;
    assert_eq!(price.px(), -92_233_720_368.547_76);
    // More digits than a double has: the nearest one.
    price.px = 9_007_199_254_740_993;
    assert_eq!(price.px(), 90_071_992.547_409_93);
    Ok(())
}

#[test]
fn what_does_not_fit_is_refused_and_changes_nothing() {
    let mut price = Price {
        px: 7,
        ..Price::default()
    };
    for value in [92_233_720_369.0, f64::NAN, f64::NEG_INFINITY, f64::MAX] {
        assert!(price.set_px(value).is_err(), "{value}");
    }
    assert_eq!(price.px, 7);
    assert_eq!(
        price.set_px(1e300).unwrap_err().to_string(),
        "`Price.px` is out of range: found 1e300, expected -92233720368.54776 to \
         92233720368.54776: it is stored as `i64` in steps of 1e-8"
    );

    let mut quote = Quote::default();
    quote.set_weights([[1.0; 3]; 2]).unwrap();
    let error = quote.set_weights([[0.5; 3], [0.5, 6.6, 7.0]]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`Quote.weights[1][1]` is out of range: found 6.6, expected 0.0 to 6.5535: it is stored \
         as `u16` in steps of 0.0001"
    );
    assert_eq!((error.record(), error.path()), ("Quote", "weights[1][1]"));
    assert_eq!(quote.weights, [[10_000; 3]; 2]);
    assert!(quote.set_weights([[-0.000_06; 3]; 2]).is_err());
}

#[test]
fn a_sentinel_reads_as_none_and_none_stores_it() -> Result<(), OutOfRange> {
    let mut quote = Quote::default();
    assert_eq!(quote.at(), None);
    quote.set_at(TimestampNs(5))?;
    assert_eq!(quote.at(), Some(TimestampNs(5)));
    quote.set_at(None)?;
    assert_eq!(quote.at, Quote::AT_NONE);
    assert_eq!(
        quote.set_at(TimestampNs(0)).unwrap_err().to_string(),
        "`Quote.at` is out of range: found 1970-01-01T00:00:00.000000000Z, expected \
         1970-01-01T00:00:00.000000001Z to 2100-01-01T00:00:00.000000000Z"
    );

    quote.set_type(None)?;
    assert_eq!((quote.r#type, quote.r#type()), (i32::MIN, None));
    quote.set_type(-10.5)?;
    assert_eq!((quote.r#type, quote.r#type()), (-42, Some(-10.5)));
    Ok(())
}

#[test]
fn every_nan_is_the_nan_that_stands_for_none() -> Result<(), OutOfRange> {
    let mut quote = Quote::default();
    let signalling = f64::from_bits(0x7ff0_0000_0000_0001);
    for nan in [f64::NAN, -f64::NAN, signalling] {
        quote.last = nan;
        assert_eq!(quote.last(), None);
        assert!(quote.out_of_range().iter().all(|e| e.path() != "last"));
    }
    quote.set_last(101.25)?;
    assert_eq!(quote.last(), Some(101.25));
    quote.set_last(None)?;
    assert!(quote.last.is_nan());
    quote.set_last(Some(0.0))?;
    assert_eq!(quote.last(), Some(0.0));
    Ok(())
}

#[test]
#[allow(deprecated)]
fn a_value_that_would_read_as_none_is_refused() {
    let mut price = Price::default();
    assert_eq!(
        price.set_kind(65535).unwrap_err().to_string(),
        "`Price.kind` cannot be 65535, which stands for none; hint: set `None`"
    );
    assert_eq!(price.kind(), Some(0));

    let mut packed = Packed::default();
    packed.set_ticks([Some(1.5), None]).unwrap();
    assert_eq!({ packed.ticks }, [150, u64::MAX]);
    assert_eq!(packed.ticks(), [Some(1.5), None]);
    // The nearest double of the last step is past it.
    let past = Packed::TICKS_SCALE.of(u64::MAX);
    assert!(matches!(
        packed.set_ticks([Some(past), None]),
        Err(OutOfRange::Overflow { .. })
    ));
}

#[test]
fn integers_beyond_the_digits_of_a_double_are_read_to_the_nearest() {
    let packed = Packed {
        ticks: [9_007_199_254_740_993, 18_446_744_073_709_551_614],
        ..Packed::default()
    };
    assert_eq!(
        packed.ticks(),
        [
            Some(90_071_992_547_409.93),
            Some(184_467_440_737_095_516.14)
        ]
    );
}

#[test]
fn a_setter_keeps_to_the_range() -> Result<(), OutOfRange> {
    let mut price = Price::default();
    price.set_lots(1_000_000)?;
    assert_eq!(
        price.set_lots(0).unwrap_err().to_string(),
        "`Price.lots` is out of range: found 0, expected 1 to 1000000"
    );
    assert_eq!(price.lots, 1_000_000);
    assert!(Price::LOTS_RANGE.contains(&price.lots));

    let mut quote = Quote::default();
    for value in [-0.1, 1e9_f64.next_up(), f64::INFINITY] {
        assert!(quote.set_last(value).is_err(), "{value}");
    }
    // The nearest step of 3.13 is 3.25.
    assert!(quote.set_type(3.12).is_ok());
    assert_eq!(
        quote.set_type(3.13).unwrap_err().to_string(),
        "`Quote.type` is out of range: found 3.25, expected -10.5 to 3.14"
    );

    let mut packed = Packed::default();
    packed.set_delta(DurationUs(-5))?;
    assert_eq!(
        packed.set_delta(DurationUs(6)).unwrap_err().to_string(),
        "`Packed.delta` is out of range: found 6µs, expected -5µs to 5µs"
    );
    Ok(())
}

#[test]
fn the_end_of_a_range_counts_in_the_digits_of_the_field() -> Result<(), OutOfRange> {
    let mut quote = Quote::default();
    // As an f32, 0.1 is above the double 0.1, and people mean one number.
    quote.set_grid([[Some(0.1), None], [Some(0.0), None]])?;
    assert_eq!(quote.grid, [[0.1, -1.0], [0.0, -1.0]]);
    assert_eq!(quote.grid(), [[Some(0.1), None], [Some(0.0), None]]);
    assert!(
        quote
            .out_of_range()
            .iter()
            .all(|e| !e.path().starts_with("grid"))
    );
    let error = quote.set_grid([[None; 2], [None, Some(0.2)]]).unwrap_err();
    assert_eq!(error.path(), "grid[1][1]");
    assert!(quote.set_grid([[Some(f32::NAN); 2]; 2]).is_err());
    Ok(())
}

#[test]
fn a_record_tells_what_is_out_of_range_however_deep() {
    let mut quote = Quote::default();
    let valid = Price {
        lots: 1,
        ..Price::default()
    };
    quote.best = valid;
    quote.bids = [[valid; 2]; 2];
    assert_eq!(quote.out_of_range(), []);

    quote.last = -1.0;
    quote.r#type = 13;
    quote.grid[0][1] = f32::NAN;
    quote.at = TimestampNs(-1);
    quote.bids[1][0].lots = 0;
    let found = quote.out_of_range();
    let paths: Vec<&str> = found.iter().map(OutOfRange::path).collect();
    assert_eq!(
        paths,
        ["last", "type", "grid[0][1]", "at", "bids[1][0].lots"]
    );
    assert!(found.iter().all(|error| error.record() == "Quote"));
    assert_eq!(
        found[4].to_string(),
        "`Quote.bids[1][0].lots` is out of range: found 0, expected 1 to 1000000"
    );
    assert_eq!(
        found[2].to_string(),
        "`Quote.grid[0][1]` is out of range: found NaN, expected 0.0 to 0.1"
    );

    let packed = Packed {
        price: [valid, Price::default()],
        ..Packed::default()
    };
    let found = packed.out_of_range();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].path(), "price[1].lots");
}

#[test]
fn facts_serve_what_a_single_field_was_read_from() {
    let raw = 250_000_000;
    assert_eq!(Price::PX_SCALE.of(raw), 2.5);
    assert_eq!(Quote::BEST.then(Price::PX).name(), "px");
    assert!(Quote::LAST_NONE.is_nan());
    assert_eq!(Quote::LAST_RANGE, 0.0..=1e9);
}
