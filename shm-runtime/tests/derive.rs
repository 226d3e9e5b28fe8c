//! What `#[derive(SharedLayout)]` makes of structs that people write.

#![allow(unsafe_code)]

use shm_runtime::{
    Fingerprint, FixedStr, FixedUtf16, Pad, SharedField, SharedLayout, TimestampMs, open_enum,
    shared_flags,
};

open_enum! {
    /// Who was the aggressor.
    enum Side: u8 {
        None = 0,
        Bid = 1,
    }
}

shared_flags! {
    /// What to know.
    struct Marks: u16 {
        const Firm = 1 << 0;
    }
}

/// With padding of rustc's: three bytes, one byte, and seven.
#[derive(SharedLayout, Clone, Copy, Debug, PartialEq)]
#[repr(C)]
struct Holed {
    first: u8,
    second: u32,
    inner: [Inner; 2],
    last: bool,
}

#[derive(SharedLayout, Clone, Copy, Debug, PartialEq)]
#[repr(C)]
struct Inner {
    wide: u64,
    narrow: u8,
}

/// Nothing of these has a byte without a meaning.
#[derive(SharedLayout, Clone, Copy, Debug, PartialEq, Default)]
#[shared(name = "AllOfIt", size = 48, align = 8)]
#[repr(C)]
struct Whole {
    at: TimestampMs,
    #[shared(offset = 8)]
    symbol: FixedStr<8>,
    wide: FixedUtf16<4>,
    grid: [[f32; 2]; 2],
    r#type: Side,
    yes: bool,
    marks: Marks,
    _pad: Pad<4>,
}

#[derive(SharedLayout, Clone, Copy, Debug, PartialEq)]
#[repr(C, packed(2))]
struct Packed {
    tag: u8,
    value: u64,
    flag: bool,
}

/// Names of the prelude and of ours mean nothing to the derive.
mod shadowed {
    #![allow(dead_code)]

    struct Option;
    struct Field;
    struct Shape;
    struct Text;

    #[derive(shm_runtime::SharedLayout, Clone, Copy)]
    #[repr(C)]
    pub(super) struct Section {
        pub(super) name: u32,
    }
}

/// With a text that is not its own, as no `include_schema!` writes it.
#[derive(SharedLayout, Clone, Copy, Debug)]
#[shared(text = "shm-layout/1\nstruct Told 2 1\nside enum:Side:00 @0 +1\nyes bool @1 +1\n")]
#[repr(C)]
struct Told {
    side: Side,
    yes: bool,
}

/// Names that a macro takes for what they are elsewhere.
mod disguised {
    #![allow(non_camel_case_types)]

    type u32 = i16;
    type FixedStr<const N: usize> = [u8; N];
    type Pad<const N: usize> = shm_runtime::FixedBytes<N>;

    #[derive(shm_runtime::SharedLayout, Clone, Copy)]
    #[repr(C)]
    pub(super) struct Number {
        pub(super) small: bool,
        pub(super) number: u32,
    }

    #[derive(shm_runtime::SharedLayout, Clone, Copy)]
    #[repr(C)]
    pub(super) struct Text {
        pub(super) text: FixedStr<8>,
    }

    #[derive(shm_runtime::SharedLayout, Clone, Copy)]
    #[repr(C)]
    pub(super) struct Room {
        pub(super) number: u64,
        pub(super) room: Pad<8>,
    }
}

/// The text of a record, from what rustc says of its fields.
fn canonical<T: SharedLayout>() -> String {
    let (name, size, align) = (T::NAME, size_of::<T>(), align_of::<T>());
    let mut text = format!("shm-layout/1\nstruct {name} {size} {align}\n");
    for field in T::FIELDS.iter().filter(|field| !field.shape.is_gap()) {
        let (name, element) = (field.name, field.shape.element);
        let dims = format!("{:?}", field.shape.dims).replace(", ", ",");
        let dims = match field.shape.dims {
            [] => String::new(),
            _ => format!(" {dims}"),
        };
        text += &format!("{name} {element}{dims} @{} +{}\n", field.offset, field.size);
    }
    text
}

/// Text, fingerprint and name in other texts belong together.
fn assert_canonical<T: SharedLayout>() {
    let text = T::SECTION.text;
    assert_eq!(text, canonical::<T>());
    assert_eq!(T::FINGERPRINT, Fingerprint::of(text.as_bytes()));
    let element = format!("struct:{}:{}", T::NAME, T::FINGERPRINT);
    assert_eq!(T::SHAPE.element, element);
    assert_eq!(T::SHAPE.section, Some(T::SECTION));
}

#[test]
fn a_text_is_what_rustc_finds_however_it_came_about() {
    assert_canonical::<Whole>();
    assert_canonical::<Holed>();
    assert_canonical::<Inner>();
    assert_canonical::<Packed>();
    assert_canonical::<shadowed::Section>();
    assert_canonical::<Told>();
    assert!(Told::SECTION.text.contains(Side::SHAPE.element));
}

#[test]
fn a_name_that_stands_for_another_type_deceives_no_fingerprint() {
    assert_canonical::<disguised::Number>();
    assert!(
        disguised::Number::SECTION
            .text
            .contains("number i16 @2 +2\n")
    );
    assert_canonical::<disguised::Text>();
    assert!(
        disguised::Text::SECTION
            .text
            .contains("text u8 [8] @0 +8\n")
    );
    assert_canonical::<disguised::Room>();
    assert!(
        disguised::Room::SECTION
            .text
            .contains("room bytes:8 @8 +8\n")
    );
}

#[test]
fn the_text_is_the_canonical_one() {
    let side = Side::SHAPE.element;
    let marks = Marks::SHAPE.element;
    assert_eq!(
        Whole::SECTION.text,
        format!(
            "shm-layout/1\n\
             struct AllOfIt 48 8\n\
             at timestamp_ms @0 +8\n\
             symbol str:8 @8 +8\n\
             wide utf16:4 @16 +8\n\
             grid f32 [2,2] @24 +16\n\
             type {side} @40 +1\n\
             yes bool @41 +1\n\
             marks {marks} @42 +2\n"
        )
    );
    assert_eq!(Whole::SECTION.parts.len(), 2);
    assert_eq!(Whole::NAME, "AllOfIt");
}

#[test]
fn a_nested_record_is_named_with_its_fingerprint() {
    let inner = Inner::FINGERPRINT;
    let line = format!("inner struct:Inner:{inner} [2] @8 +32\n");
    assert!(
        Holed::SECTION.text.contains(&line),
        "{}",
        Holed::SECTION.text
    );
    assert_eq!(Holed::SECTION.parts, [Inner::SECTION]);
}

#[test]
fn padding_is_noticed_wherever_it_is() {
    const {
        assert!(Holed::PADDED);
        assert!(Inner::PADDED);
        assert!(<[Inner; 3] as SharedField>::PADDED);
        assert!(Packed::PADDED);
        assert!(!Whole::PADDED);
    }
}

#[test]
fn scrub_writes_zeros_over_padding_and_over_nothing_else() {
    let mut bytes = [0xff_u8; size_of::<Holed>()];
    // SAFETY: the array has the size of the record.
    unsafe { Holed::scrub(bytes.as_mut_ptr()) };
    let kept: Vec<usize> = (0..bytes.len()).filter(|&i| bytes[i] == 0xff).collect();
    let fields: Vec<usize> = [0..1, 4..8, 8..17, 24..33, 40..41]
        .into_iter()
        .flatten()
        .collect();
    assert_eq!(kept, fields);
    assert!(bytes.iter().all(|&byte| byte == 0 || byte == 0xff));
}

#[test]
fn normalise_makes_bools_of_any_byte_and_leaves_the_rest() {
    let mut bytes = [0xab_u8; size_of::<Holed>()];
    // SAFETY: the array has the size of the record.
    unsafe { Holed::normalise(bytes.as_mut_ptr()) };
    let last = std::mem::offset_of!(Holed, last);
    assert_eq!(bytes[last], 1);
    assert_eq!(
        bytes.iter().filter(|&&byte| byte == 0xab).count(),
        bytes.len() - 1
    );

    let mut packed = [2_u8; size_of::<Packed>()];
    // SAFETY: the array has the size of the record.
    unsafe { Packed::normalise(packed.as_mut_ptr()) };
    assert_eq!(packed, [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 2]);
}

#[test]
fn records_without_a_bool_are_taken_as_they_come() {
    const {
        assert!(Inner::ANY_BYTES);
        assert!(!Holed::ANY_BYTES);
        assert!(!Packed::ANY_BYTES);
    }
}

#[test]
fn unknown_values_and_full_texts_survive_the_bytes() {
    let mut bytes = [0_u8; size_of::<Whole>()];
    bytes[8..16].copy_from_slice(b"ABCDEFGH");
    bytes[40] = 200;
    bytes[41] = 9;
    bytes[42..44].copy_from_slice(&0x8002_u16.to_le_bytes());
    bytes[44..48].copy_from_slice(b"keep");
    // SAFETY: the array has the size of the record.
    unsafe { Whole::normalise(bytes.as_mut_ptr()) };
    // SAFETY: the bytes are normalised, so they are a value.
    let whole: Whole = unsafe { std::mem::transmute(bytes) };
    assert_eq!(whole.symbol, "ABCDEFGH");
    assert_eq!(whole.r#type, Side(200));
    assert_eq!(whole.marks, Marks(0x8002));
    assert!(whole.yes);
    assert_eq!(format!("{:?}", whole._pad), "..");

    // SAFETY: a record without padding is initialised in all its bytes.
    let back: [u8; size_of::<Whole>()] = unsafe { std::mem::transmute(whole) };
    assert_eq!(
        &back[44..],
        b"keep",
        "room that a newer program uses is kept"
    );
}

#[test]
fn zeroed_is_all_zeros() {
    assert_eq!(Whole::zeroed(), Whole::default());
    assert_eq!(Holed::zeroed().inner[1].wide, 0);
}

#[test]
fn tokens_are_named_in_upper_case_and_hide_no_member_of_the_trait() {
    assert_eq!(Whole::SYMBOL.offset(), 8);
    assert_eq!(Whole::TYPE.name(), "type");
    assert_eq!(Packed::VALUE.offset(), 2);
    // The token `NAME` stands before the trait's constant, which has a path.
    assert_eq!(shadowed::Section::NAME.offset(), 0);
    assert_eq!(<shadowed::Section as SharedLayout>::NAME, "Section");
}
