//! rustc lays out what the schema says, and both spell it alike.

use shm_runtime::{Pad, SharedField, SharedLayout};
use shm_schema::Layout;
use shm_schema::layout::{Member, StructLayout};

shm_runtime::include_schema!("../schemas/market.yaml");
shm_runtime::include_schema!("../schemas/every_type.yaml");

/// A file that `gen --rust` would write, with names and docs that are odd.
pub mod odd_names {
    include!("../../shm-rust/tests/golden/odd_names.rs");
}

#[test]
fn a_generated_file_is_what_include_schema_makes() {
    let schema = include_str!("../../shm-rust/tests/golden/odd_names.yaml");
    let layout = compile("odd_names.yaml", schema);
    agrees::<odd_names::lower_case>(&layout);
    agrees::<odd_names::Cell>(&layout);
    agrees::<odd_names::AtomicPair>(&layout);
    assert_eq!(odd_names::Cell::PAD.offset(), 0);
    assert_eq!(odd_names::ROWS.rows(), 3);
    assert_eq!(odd_names::lower_case::CAMEL_CASE.offset(), 0);
    // Constants are in upper case, whatever the schema says.
    assert_eq!((odd_names::ODD, odd_names::F), (0.1, 1));
}

#[test]
fn market_lies_as_its_schema_says() {
    let layout = compile("market.yaml", include_str!("../../schemas/market.yaml"));
    agrees::<market::Level>(&layout);
    agrees::<market::Trade>(&layout);
    agrees::<market::Quote>(&layout);
    assert_eq!(layout.structs.len(), 3);
}

#[test]
fn every_type_lies_as_its_schema_says() {
    let layout = compile(
        "every_type.yaml",
        include_str!("../../schemas/every_type.yaml"),
    );
    agrees::<every_type::Inner>(&layout);
    agrees::<every_type::Packed>(&layout);
    agrees::<every_type::PackedBy4>(&layout);
    agrees::<every_type::Aligned>(&layout);
    agrees::<every_type::EveryType>(&layout);
    agrees::<every_type::Holder>(&layout);
    assert_eq!(layout.structs.len(), 6);
}

#[test]
fn enums_and_flags_have_the_texts_of_the_schema() {
    let layout = compile(
        "every_type.yaml",
        include_str!("../../schemas/every_type.yaml"),
    );
    let ours = |element: &str| {
        <every_type::EveryType as SharedLayout>::FIELDS
            .iter()
            .find(|field| field.shape.element.starts_with(element))
            .and_then(|field| field.shape.section)
            .unwrap_or_else(|| panic!("no field of `{element}`"))
    };
    for theirs in &layout.enums {
        let ours = ours(&format!("enum:{}:", theirs.name));
        assert_eq!(ours.text, theirs.text);
        assert_eq!(ours.fingerprint.0, theirs.fingerprint.0);
    }
    for theirs in &layout.flags {
        let ours = ours(&format!("flags:{}:", theirs.name));
        assert_eq!(ours.text, theirs.text);
        assert_eq!(ours.fingerprint.0, theirs.fingerprint.0);
    }
}

#[test]
fn constants_have_the_values_of_the_schema() {
    assert_eq!(market::DEPTH, 5);
    assert_eq!(every_type::LOWEST, i64::MIN);
    assert_eq!(every_type::HIGHEST, u64::MAX);
    assert_eq!(every_type::THIRD, 1.0 / 3.0);
}

#[test]
fn padding_is_spelled_out_so_that_records_are_written_as_they_lie() {
    const { assert!(!<every_type::EveryType as SharedField>::PADDED) };
    const { assert!(!<market::Quote as SharedField>::PADDED) };
    let quote = market::Quote::default();
    assert_eq!(quote.spare, Pad::ZERO);
}

#[test]
fn tokens_point_at_their_fields_however_deep() {
    let px = market::Quote::BIDS
        .element(2)
        .expect("there are five")
        .then(market::Level::PX);
    assert_eq!(px.offset(), market::Quote::BIDS.offset() + 2 * 16);
    assert_eq!(px.name(), "px");
    assert!(market::Quote::BIDS.element(5).is_none());
    assert_eq!(every_type::EveryType::TYPE.name(), "type");
}

fn compile(file: &str, text: &str) -> Layout {
    shm_schema::compile(file, text.as_bytes()).unwrap_or_else(|errors| panic!("{errors}"))
}

/// Size, alignment, offsets, text and fingerprint of one struct.
fn agrees<T: SharedLayout>(layout: &Layout) {
    let theirs = layout
        .structs
        .iter()
        .find(|theirs| theirs.name == *T::NAME)
        .unwrap_or_else(|| panic!("no struct `{}`", T::NAME));
    assert_eq!(size_of::<T>() as u64, theirs.size, "size of {}", T::NAME);
    assert_eq!(align_of::<T>() as u64, theirs.align, "align of {}", T::NAME);
    assert_eq!(members_of::<T>(), members_of_schema(theirs));
    assert_eq!(T::SECTION.text, theirs.text);
    assert_eq!(T::FINGERPRINT.0, theirs.fingerprint.0);
    assert_eq!(T::SCHEMA.package, layout.package.as_str());
    assert_eq!(T::SCHEMA.version, layout.version);
    assert_eq!(T::SCHEMA.fingerprint.0, layout.fingerprint.0);
}

fn members_of<T: SharedLayout>() -> Vec<(String, usize, usize)> {
    T::FIELDS
        .iter()
        .map(|field| (field.name.to_owned(), field.offset, field.size))
        .collect()
}

fn members_of_schema(layout: &StructLayout) -> Vec<(String, usize, usize)> {
    let member =
        |name: &str, offset: u64, size: u64| (name.to_owned(), offset as usize, size as usize);
    layout
        .members
        .iter()
        .map(|m| match m {
            Member::Field(field) => member(field.name.as_str(), field.offset, field.size),
            Member::Reserved(gap) | Member::Pad(gap) => member(&gap.name, gap.offset, gap.size),
        })
        .collect()
}
