//! A segment of another layout: the message names what moved.

mod support;

use shm_runtime::{
    AttachError, Cell, CellSpec, Difference, Fingerprint, LayoutMismatch, SchemaId, SharedLayout,
};
use support::scratch::Scratch;

shm_runtime::open_enum! {
    /// What the reader knows.
    enum Side: u8 {
        /// Nothing.
        None = 0,
        /// To buy.
        Bid = 1,
        /// To sell.
        Ask = 2,
    }
}

mod there {
    shm_runtime::open_enum! {
        /// What the writer knows.
        pub(super) enum Side: u8 {
            /// Nothing.
            None = 0,
            /// To buy.
            Bid = 2,
            /// Both.
            Cross = 3,
        }
    }
}

#[derive(SharedLayout, Clone, Copy, Debug)]
#[shared(name = "Level")]
#[repr(C)]
struct Level {
    price: f64,
    size: u32,
    orders: u32,
}

#[derive(SharedLayout, Clone, Copy, Debug)]
#[shared(name = "Level")]
#[repr(C)]
struct LevelThere {
    price: f64,
    orders: u32,
    size: u32,
}

#[derive(SharedLayout, Clone, Copy, Debug)]
#[shared(name = "Quote")]
#[repr(C)]
struct Quote {
    bid: f64,
    ask: f64,
    time: u64,
    levels: [Level; 2],
    spare: [Level; 2],
    side: Side,
    gone: u8,
}

#[derive(SharedLayout, Clone, Copy, Debug)]
#[shared(name = "Quote")]
#[repr(C)]
struct QuoteThere {
    bid: f64,
    time: i64,
    ask: f64,
    levels: [LevelThere; 2],
    spare: [LevelThere; 2],
    side: there::Side,
    new: u16,
    more: [u64; 3],
}

fn mismatch<Here: SharedLayout, There: SharedLayout>(scratch: &Scratch) -> Box<LayoutMismatch> {
    let _writer = Cell::<There>::create(scratch.name()).expect("the name is free");
    match Cell::<Here>::attach(scratch.name()).map(drop) {
        Err(AttachError::LayoutMismatch(mismatch)) => mismatch,
        other => panic!("{other:?}"),
    }
}

#[test]
fn everything_that_differs_is_found() {
    let scratch = Scratch::new("differs");
    let mismatch = mismatch::<Quote, QuoteThere>(&scratch);
    let moved = |field: &str, here, there| Difference::Moved {
        field: field.to_owned(),
        here,
        there,
    };
    let item = |item: &str| item.to_owned();
    let expected = [
        moved("Quote.ask", 8, 16),
        moved("Quote.time", 16, 8),
        Difference::Retyped {
            field: item("Quote.time"),
            here: item("u64"),
            there: item("i64"),
        },
        moved("Level.size", 8, 12),
        moved("Level.orders", 12, 8),
        Difference::Renumbered {
            item: item("Side.Bid"),
            here: item("1"),
            there: item("2"),
        },
        Difference::OnlyHere {
            item: item("Side.Ask"),
        },
        Difference::OnlyHere {
            item: item("Quote.gone"),
        },
        // And what a reader would put up with.
        Difference::OnlyThere {
            item: item("Side.Cross"),
        },
        Difference::OnlyThere {
            item: item("Quote.new"),
        },
        Difference::OnlyThere {
            item: item("Quote.more"),
        },
        Difference::Reformed {
            name: item("Quote"),
            here: item("96 bytes (align 8)"),
            there: item("120 bytes (align 8)"),
        },
    ];
    assert_eq!(mismatch.differences(), expected);
}

#[test]
fn the_message_names_the_fields_the_segment_and_the_writer() {
    let scratch = Scratch::new("message");
    let message = mismatch::<Level, LevelThere>(&scratch).to_string();
    let expected = format!(
        "layout mismatch: `Level.size` is at byte 8 here and at byte 12 in segment `{}` \
         (writer pid {}); `Level.orders` is at byte 12 here and at byte 8 there; hint: \
         regenerate both programs from one schema and rebuild, or create the segment anew with \
         `replace(true)`",
        scratch.path().display(),
        std::process::id()
    );
    assert_eq!(message, expected);
}

#[test]
fn a_long_list_is_cut() {
    let scratch = Scratch::new("long");
    let message = mismatch::<Quote, QuoteThere>(&scratch).to_string();
    assert!(message.contains("; and 4 more; hint: "), "{message}");
    assert_eq!(message.matches('\n').count(), 0);
}

#[test]
fn another_record_altogether_is_named() {
    let scratch = Scratch::new("other");
    let message = mismatch::<Level, support::record::Small>(&scratch).to_string();
    let head = "layout mismatch: the record is `Level` here and `Small` in segment `";
    assert!(message.starts_with(head), "{message}");
}

#[test]
fn a_segment_of_a_schema_is_called_as_the_schema_calls_it() {
    const QUOTES: CellSpec<LevelThere> = CellSpec::new(
        SchemaId {
            package: "market",
            version: 3,
            fingerprint: Fingerprint([0; 32]),
        },
        "quotes",
    );
    let scratch = Scratch::new("named");
    let _writer = QUOTES
        .options_at(scratch.name())
        .create()
        .expect("the name is free");
    let message = Cell::<Level>::attach(scratch.name())
        .unwrap_err()
        .to_string();
    let head = format!(
        "layout mismatch: `Level.size` is at byte 8 here and at byte 12 in segment `quotes` \
         (schema market v3, writer pid {}, at `{}`); ",
        std::process::id(),
        scratch.path().display(),
    );
    assert!(message.starts_with(&head), "{message}");
}
