//! The lint on padding: whom it warns, whom it leaves alone, and that its
//! advice holds.

use proptest::prelude::*;
use shm_schema::layout::StructLayout;
use shm_schema::{Code, Layout, compile};

fn layout(keys: &str, fields: &[String]) -> Layout {
    let fields = fields.join(", ");
    let text =
        format!("{{ shm: 1, package: p, structs: [{{ name: S, {keys} fields: [{fields}] }}] }}");
    compile("s.yaml", text.as_bytes()).unwrap_or_else(|errors| panic!("{errors}"))
}

fn warned(keys: &str, types: &[&str]) -> bool {
    let fields = types.iter().enumerate();
    let fields: Vec<String> = fields
        .map(|(i, t)| format!("{{ name: f{i}, {t} }}"))
        .collect();
    !layout(keys, &fields).warnings.is_empty()
}

#[test]
fn padding_over_a_quarter_that_an_order_saves_is_told() {
    let (u8_, u16_, u64_) = ("type: u8", "type: u16", "type: u64");
    assert!(warned("", &[u8_, u64_, u8_]), "14 of 24");
    assert!(warned("", &[u8_, u64_, u16_, u64_]), "13 of 32");
    assert!(
        !warned("", &[u64_, u8_]),
        "7 of 16, but no order saves them"
    );
    assert!(
        !warned("", &[u8_, u16_, u64_]),
        "5 of 16, but no order saves them"
    );
    let quarter = [u8_, u64_, u64_, u64_, u64_, u64_, u8_];
    assert!(
        !warned("", &quarter),
        "14 of 56 is a quarter and not over it"
    );
    assert!(warned("", &[u8_, u64_, u64_, u64_, u64_, u8_]), "14 of 48");
}

#[test]
fn padding_that_somebody_wants_is_left_alone() {
    let wasteful = ["type: u8", "type: u64", "type: u8"];
    assert!(warned("", &wasteful));
    assert!(!warned("pack: 4,", &["type: u8", "type: u32", "type: u8"]));
    assert!(
        !warned("size: 64,", &wasteful),
        "14 of 64: the rest is room to grow"
    );
    assert!(!warned(
        "",
        &["type: u8", "type: u64, offset: 8", "type: u8"]
    ));
    assert!(!warned(
        "",
        &[
            "type: u8",
            "reserved: 7",
            "type: u64",
            "type: u8",
            "reserved: 7"
        ]
    ));
    assert!(!warned("align: 64,", &["type: u64", "type: u8"]));
}

/// The order that the help names.
fn advised(layout: &Layout) -> Option<Vec<String>> {
    let warning = layout.warnings.iter().find(|d| d.code == Code::Hole)?;
    let names = warning.helps[0].split('`').skip(1).step_by(2);
    Some(names.map(str::to_owned).collect())
}

fn record(layout: &Layout) -> &StructLayout {
    layout.struct_named("S").unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_that_it_advises_has_the_size_that_it_says(
        types in prop::collection::vec(
            prop::sample::select(vec![
                "type: u8", "type: u16", "type: u32", "type: u64", "type: bool",
                "type: str, len: 5", "type: utf16, len: 3", "type: u16, dims: [3]",
                "type: timestamp_ns", "reserved: 3",
            ]),
            2..12,
        ),
    ) {
        let mut types = types;
        types.push("type: u8"); // a struct of reserved room alone is none
        let field = |i: usize| format!("{{ name: f{i}, {} }}", types[i]);
        let before = layout("", &(0..types.len()).map(field).collect::<Vec<_>>());
        if let Some(order) = advised(&before) {
            prop_assert_eq!(order.len(), types.len());
            let index = |name: &String| name[1..].parse().unwrap();
            let after = layout("", &order.iter().map(|name| field(index(name))).collect::<Vec<_>>());
            prop_assert!(record(&after).size < record(&before).size);
            let said = format!("it needs {} bytes", record(&after).size);
            prop_assert!(before.warnings.iter().next().unwrap().helps[0].ends_with(&said));
            prop_assert!(after.warnings.is_empty());
        }
    }
}
