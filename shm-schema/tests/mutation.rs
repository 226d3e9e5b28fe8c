//! Whatever becomes of a schema's text, the answer is a sound layout or
//! errors that point into the text; never a panic.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use shm_schema::layout::{Member, StructLayout};
use shm_schema::{Folder, Layout, Report, SourceError, Sources, Style, compile_from};

/// The schemas that the project ships, those that import each other, and those
/// that it refuses.
fn corpus() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<_> = ["../schemas", "tests/corpus", "tests/rejects"]
        .iter()
        .flat_map(|folder| fs::read_dir(root.join(folder)).unwrap())
        .map(|file| file.unwrap().path())
        .map(|path| match path.is_dir() {
            true => path.join("main.yaml"),
            false => path,
        })
        .filter(|path| path.extension().is_some_and(|e| e == "yaml"))
        .collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// The schemas that import each other, one of them changed.
struct Mutants {
    folder: Folder,
    path: &'static str,
    text: Vec<u8>,
}

impl Mutants {
    fn new(path: &'static str, text: &[u8]) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
        let folder = Folder::new(&folder).unwrap();
        let text = text.to_owned();
        Mutants { folder, path, text }
    }

    fn judge(&self, main: &str) {
        let text = self.read(main).unwrap();
        match compile_from(main, &text, self) {
            Ok(layout) => {
                sound(&layout);
                complete(&layout, &text);
            }
            Err(errors) => {
                assert!(errors.len() > 0);
                for report in errors.reports() {
                    positioned(report, &self.read(report.file()).unwrap());
                }
            }
        }
    }
}

impl Sources for Mutants {
    fn read(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        match path == self.path {
            true => Ok(self.text.clone()),
            false => self.folder.read(path),
        }
    }
}

fn judge(text: &[u8]) {
    Mutants::new("mutant.yaml", text).judge("mutant.yaml");
}

/// What becomes of the schemas that import this one when it changes.
fn judge_importers(path: &'static str, text: &[u8]) {
    let mutants = Mutants::new(path, text);
    for main in ["common.yaml", "shapes.yaml", "robots.yaml"] {
        mutants.judge(main);
    }
}

fn positioned(report: &Report, text: &[u8]) {
    assert!(!report.is_empty());
    for d in report.iter() {
        let places = d.others.iter().map(|(at, _)| at).chain([&d.at]);
        for at in places {
            // A stand-in for a broken byte is three bytes long.
            assert!(at.start <= at.end && at.end <= text.len() + 2, "{d:?}");
            assert!(at.line >= 1 && at.column >= 1, "{d:?}");
        }
    }
    let place = format!("{}:", report.file());
    assert!(report.render(Style::Plain).contains(&place));
    assert!(report.render(Style::Colour).contains('\u{1b}'));
    assert_eq!(report.short().lines().count(), report.len());
}

fn sound(layout: &Layout) {
    for s in &layout.structs {
        assert!(
            s.align.is_power_of_two() && s.size % s.align == 0,
            "{}",
            s.name
        );
        assert!(s.size > 0 && s.fields().next().is_some(), "{}", s.name);
        covered(s);
    }
    for segment in &layout.segments {
        assert!(segment.of < layout.structs.len());
        assert!(
            layout
                .descriptor(segment)
                .contains(&layout.structs[segment.of].text)
        );
    }
}

/// Nothing that stands in the text is missing from the layout.
fn complete(layout: &Layout, text: &[u8]) {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let text = str::from_utf8(text).unwrap();
    // A second reader of YAML, which knows nothing of the gate.
    let value: serde_yaml::Value = serde_yaml::from_str(text).unwrap_or_else(|error| {
        panic!("serde_yaml reads what the gate let through: {error}\n{text}")
    });
    let list = |value: &serde_yaml::Value, key: &str| {
        value
            .get(key)
            .and_then(|list| list.as_sequence())
            .cloned()
            .unwrap_or_default()
    };
    assert_eq!(list(&value, "constants").len(), layout.constants.len());
    assert_eq!(list(&value, "enums").len(), layout.own_enums().count());
    assert_eq!(list(&value, "flags").len(), layout.own_flags().count());
    assert_eq!(list(&value, "segments").len(), layout.segments.len());
    let structs = list(&value, "structs");
    assert_eq!(structs.len(), layout.own_structs().count());
    for s in &structs {
        let name = s.get("name").unwrap().as_str().unwrap();
        let members = &layout.struct_named(name).unwrap().members;
        let written = members.iter().filter(|m| !matches!(m, Member::Pad(_)));
        assert_eq!(list(s, "fields").len(), written.count(), "{name}");
    }
}

fn covered(s: &StructLayout) {
    let mut end = 0;
    for member in &s.members {
        assert_eq!(member.offset(), end, "{}", s.name);
        assert!(member.size() > 0, "{}", s.name);
        end += member.size();
        if let Member::Field(f) = member {
            assert_eq!(f.offset % f.align, 0, "{}.{}", s.name, f.name);
            let count: u64 = f.dims.iter().product();
            assert_eq!(f.size, f.element_size * count, "{}.{}", s.name, f.name);
        }
    }
    assert_eq!(end, s.size, "{}", s.name);
}

/// Pieces of the language that a mutation may put in.
const PIECES: &[&str] = &[
    "",
    " ",
    "\n",
    "\t",
    "- ",
    "  ",
    ": ",
    ", ",
    "{",
    "}",
    "[",
    "]",
    "#",
    "&a ",
    "*a",
    "!t ",
    "'",
    "\"",
    "|",
    ">",
    "---\n",
    "...\n",
    "0",
    "-1",
    "1.5",
    "nan",
    "18446744073709551615",
    "99999999999999999999",
    "name",
    "type",
    "dims: [2, 2]",
    "len: 4",
    "reserved: 3",
    "offset: 8",
    "align: 64",
    "pack: 1",
    "size: 8",
    "range: [0, 1]",
    "sentinel: nan",
    "scale: 1e-8",
    "since: 9",
    "str",
    "u8",
    "f64",
    "bool",
    "Quote",
    "DEPTH",
    "imports: [common.yaml]",
    "robots.yaml",
    "../",
    "common.Vec3",
    "common.AXES",
    "é",
    "\u{202e}",
    "\0",
];

proptest! {
    // What fails is shrunk and printed; it then becomes a test of its own.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_truncated_schema_is_judged(which: Index, cut: Index) {
        let corpus = corpus();
        let text = which.get(&corpus);
        judge(&text[..cut.index(text.len() + 1)]);
    }

    #[test]
    fn a_schema_with_a_piece_replaced_is_judged(
        which: Index,
        edits in prop::collection::vec((any::<Index>(), 0..6_usize, select(PIECES)), 1..4),
    ) {
        let corpus = corpus();
        let mut text = which.get(&corpus).clone();
        for (place, length, piece) in edits {
            let start = place.index(text.len() + 1);
            let end = (start + length).min(text.len());
            text.splice(start..end, piece.bytes());
        }
        judge(&text);
    }

    #[test]
    fn the_importers_of_a_changed_schema_are_judged(
        path in select(vec!["common.yaml", "shapes.yaml", "robots.yaml"]),
        cut: Index,
        edits in prop::collection::vec((any::<Index>(), 0..6_usize, select(PIECES)), 0..3),
    ) {
        let mut text = Mutants::new("", b"").folder.read(path).unwrap();
        match edits.is_empty() {
            true => text.truncate(cut.index(text.len() + 1)),
            false => for (place, length, piece) in edits {
                let start = place.index(text.len() + 1);
                let end = (start + length).min(text.len());
                text.splice(start..end, piece.bytes());
            },
        }
        judge_importers(path, &text);
    }

    #[test]
    fn a_schema_with_two_lines_swapped_is_judged(which: Index, a: Index, b: Index) {
        let corpus = corpus();
        let text = which.get(&corpus);
        let mut lines: Vec<&[u8]> = text.split(|&b| b == b'\n').collect();
        let (a, b) = (a.index(lines.len()), b.index(lines.len()));
        lines.swap(a, b);
        judge(&lines.join(&b'\n'));
    }

    #[test]
    fn any_bytes_are_judged(text in prop::collection::vec(any::<u8>(), 0..200)) {
        judge(&text);
    }

    #[test]
    fn any_mix_of_the_language_is_judged(pieces in prop::collection::vec(select(PIECES), 0..60)) {
        judge(format!("shm: 1\npackage: p\nstructs: {}", pieces.concat()).as_bytes());
    }
}
