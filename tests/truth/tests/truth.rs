//! One layout everywhere: random schemas, and what rustc, gcc, ctypes and
//! numpy make of them.

use std::collections::hash_map::RandomState;
use std::env;
use std::fs;
use std::hash::{BuildHasher, Hasher};
use std::io::Write as _;
use std::path::Path;

use shm_codegen::Target;
use shm_schema::layout::{Layout, Member, Scalar, Type};
use shm_truth::{Case, Catch, Difference, Draw, Languages, Places, Source, check, hunt};

/// Schemas of the everyday run; `SHM_TRUTH_CASES` says otherwise.
const CASES: u64 = 300;

/// Draws that once failed: a seed and an index a line.
const REGRESSIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/regressions.txt");

fn places(test: &str) -> Places {
    Places::new(Path::new(env!("CARGO_TARGET_TMPDIR")), test).unwrap()
}

#[test]
#[allow(clippy::print_stdout)] // the count and the seed belong into the log
fn every_language_agrees_on_random_schemas() {
    let number = |name: &str| {
        let text = env::var(name).ok()?;
        Some(
            text.parse()
                .unwrap_or_else(|_| panic!("`{name}` is no number: `{text}`")),
        )
    };
    let count = number("SHM_TRUTH_CASES").unwrap_or(CASES);
    let seed =
        number("SHM_TRUTH_SEED").unwrap_or_else(|| RandomState::new().build_hasher().finish());
    println!("{count} schemas, SHM_TRUTH_SEED={seed}");
    let mut draws = regressions();
    draws.extend((0..count).map(|index| Draw { seed, index }));
    let (places, languages) = (places("random"), Languages::at_hand());
    if let Err(catch) = hunt(&draws, |cases| check(cases, &places, languages)) {
        remember(&catch);
        panic!("{catch}");
    }
}

#[test]
#[allow(clippy::print_stdout)] // the count and the seed belong into the log
fn a_formatted_schema_means_what_it_meant() {
    let seed = RandomState::new().build_hasher().finish();
    println!("{CASES} schemas formatted, seed {seed}");
    let mut draws = regressions();
    draws.extend((0..CASES).map(|index| Draw { seed, index }));
    let formatted = hunt(&draws, |cases| {
        let said = cases.iter().map(|case| case.formatted().err());
        let found = said.enumerate().filter_map(|(at, said)| {
            let said = said?;
            let case = Some(at);
            Some(Difference { case, said })
        });
        found.collect()
    });
    if let Err(catch) = formatted {
        remember(&catch);
        panic!("{catch}");
    }
}

fn regressions() -> Vec<Draw> {
    let text = fs::read_to_string(REGRESSIONS).unwrap_or_default();
    let draws = text.lines().filter(|line| !line.starts_with('#'));
    draws
        .map(|line| {
            let mut numbers = line.split(' ').map(|word| word.parse().unwrap());
            Draw {
                seed: numbers.next().unwrap(),
                index: numbers.next().unwrap(),
            }
        })
        .collect()
}

fn remember(catch: &Catch) {
    if !regressions().contains(&catch.draw) {
        let file = fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(REGRESSIONS);
        writeln!(file.unwrap(), "{}", catch.draw).unwrap();
    }
}

/// What is made wrong on purpose below.
const SCHEMA: &str = "shm: 1
package: NAME
version: 1
enums:
  - { name: Side, repr: u8, values: [{ name: Bid, value: 1 }] }
structs:
  - name: Quote
    fields:
      - { name: px, type: f64 }
      - { name: qty, type: i16, dims: [2, 3] }
      - { name: side, type: Side }
      - { name: open, type: bool }
";

fn field<'a>(layout: &'a mut Layout, name: &str) -> &'a mut shm_schema::layout::Field {
    let members = layout.structs[0].members.iter_mut();
    let fields = members.filter_map(|member| match member {
        Member::Field(field) => Some(field),
        Member::Reserved(_) | Member::Pad(_) => None,
    });
    let mut fields = fields.filter(|field| field.name == name);
    fields.next().unwrap()
}

/// What the layout is made to say, and who cannot tell that it is wrong: C reads
/// no values, numpy knows no names of them.
type Lie = (&'static str, &'static [&'static str], fn(&mut Layout));

const NOBODY: &[&str] = &[];
const EVERYBODY: &[&str] = &["C", "Ctypes", "Numpy", "Rust"];

const LIES: &[Lie] = &[
    ("nothing", EVERYBODY, |_| ()),
    ("a size", NOBODY, |layout| layout.structs[0].size += 8),
    ("an alignment", NOBODY, |layout| layout.structs[0].align = 4),
    ("an offset", NOBODY, |layout| {
        field(layout, "qty").offset -= 1
    }),
    ("a field's size", NOBODY, |layout| {
        field(layout, "side").size += 1;
    }),
    ("a sign", &["C"], |layout| {
        field(layout, "qty").ty = Type::Scalar(Scalar::U16);
    }),
    ("dims", &["C"], |layout| {
        field(layout, "qty").dims = vec![3, 2]
    }),
    ("an enum's value", &["C", "Numpy"], |layout| {
        layout.enums[0].values[0].value = 2;
    }),
];

#[test]
fn every_language_notices_a_layout_that_is_wrong() {
    let mut cases: Vec<Case> = (0..LIES.len())
        .map(|at| {
            let name = format!("c{at}");
            let source = Source::new(&name, SCHEMA.replace("NAME", &name));
            Case::new(vec![source], &name, 1).unwrap()
        })
        .collect();
    for (case, (_, _, lie)) in cases.iter_mut().zip(LIES) {
        lie(case.layout_mut());
    }
    let cases: Vec<&Case> = cases.iter().collect();
    let languages = Languages::at_hand();
    let differences = check(&cases, &places("lies"), languages);
    for (at, (what, unaware, _)) in LIES.iter().enumerate() {
        let mut expected = languages.names();
        expected.retain(|name| !unaware.contains(name));
        let about = differences.iter().filter(|d| d.case == Some(at));
        let mut found: Vec<&str> = about.filter_map(|d| d.said.split(' ').next()).collect();
        found.sort();
        assert_eq!(found, expected, "{what}: {differences:#?}");
    }
}

#[test]
fn every_compiler_notices_a_generated_text_that_is_wrong() {
    let mut case = Case::new(
        vec![Source::new("c0", SCHEMA.replace("NAME", "c0"))],
        "c0",
        1,
    )
    .unwrap();
    for (target, right, wrong) in [
        (Target::Rust, "pub px: f64", "pub px: f32"),
        (Target::C, "double px;", "float px;"),
        (Target::Python, "_ctypes.c_double)", "_ctypes.c_float)"),
    ] {
        let text = case.text_mut(target).unwrap();
        assert!(text.contains(right), "{text}");
        *text = text.replace(right, wrong);
    }
    let languages = Languages::at_hand();
    let differences = check(&[&case], &places("texts"), languages);
    assert_eq!(differences.len(), languages.compilers(), "{differences:#?}");
    for what in ["px", "c0_Quote.qty must start at byte 8", "ImportError"] {
        let told = differences.iter().any(|d| d.said.contains(what));
        assert!(told, "{what}: {differences:#?}");
    }
}

/// The way from a difference to a schema that a person can look at.
#[test]
fn a_difference_is_shrunk_to_the_least_that_has_it() {
    let draws: Vec<Draw> = (0..60).map(|index| Draw { seed: 5, index }).collect();
    let is_culprit = |case: &&Case| case.shown().contains("type: utf16");
    let catch = hunt(&draws, |cases| {
        let some = cases.iter().any(is_culprit);
        let said = "a program failed".to_owned();
        // As a compiler does, it says not of which.
        some.then_some(Difference { case: None, said })
            .into_iter()
            .collect()
    });
    let shown = catch.unwrap_err().shown;
    let (yaml, generated) = shown.split_once("\n==> ").unwrap();
    let yaml = yaml.trim_end().split_once('\n').unwrap().1;
    assert_eq!(
        yaml.lines().collect::<Vec<_>>(),
        [
            "shm: 1",
            "package: c0",
            "version: 3",
            "structs:",
            "  - name: Level",
            "    fields:",
            "      - { name: a, type: utf16, len: 1 }",
        ],
        "{shown}"
    );
    assert!(generated.contains("uint16_t a[1];"), "{generated}");
}
