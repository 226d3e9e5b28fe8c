//! The reference of the language says what is so: every key and type stands in
//! it, every example compiles, every limit holds.

mod common;
#[path = "../../shm-schema/tests/markdown/mod.rs"]
mod markdown;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use markdown::{Block, blocks};
use shm_schema::evolution::{self, Verdict};
use shm_schema::{Errors, Layout, SourceError, Sources, compile, compile_from};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn reference() -> String {
    fs::read_to_string(root().join("docs/schema-reference.md")).unwrap()
}

/// The part below the heading `title`, up to the next one.
fn section<'a>(page: &'a str, title: &str) -> &'a str {
    let heads = [format!("\n## {title}\n"), format!("\n### {title}\n")];
    let start = heads
        .iter()
        .find_map(|head| Some(page.find(head)? + head.len()));
    let rest = &page[start.unwrap_or_else(|| panic!("a heading `{title}`"))..];
    let end = ["\n## ", "\n### "]
        .iter()
        .filter_map(|head| rest.find(head))
        .min();
    &rest[..end.unwrap_or(rest.len())]
}

/// The rows of a section's first table, without its head.
fn rows(section: &str) -> Vec<Vec<String>> {
    let table = section.lines().skip_while(|line| !line.starts_with('|'));
    let lines = table.take_while(|line| line.starts_with('|')).skip(2);
    let cells = |line: &str| {
        let line = line.trim_matches('|');
        line.split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    lines.map(cells).collect()
}

/// The words in backticks.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

fn yaml(page: &str) -> Vec<Block> {
    blocks(page)
        .into_iter()
        .filter(|block| block.language == "yaml")
        .collect()
}

/// Whether some example has `key` as a key.
fn shown(examples: &[Block], key: &str) -> bool {
    let key = format!("{key}:");
    let starts =
        |text: &str, i: usize| !text[..i].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let in_text = |text: &str| text.match_indices(&key).any(|(i, _)| starts(text, i));
    examples.iter().any(|block| in_text(&block.text))
}

#[test]
fn every_key_of_every_map_has_its_row_and_an_example() {
    let page = reference();
    let schema = shm_schema::json_schema();
    let mut maps = vec![("A schema", &schema)];
    for (title, name) in [
        ("A constant", "Constant"),
        ("An enum", "Enum"),
        ("A value", "Value"),
        ("Flags", "Flags"),
        ("A bit", "Bit"),
        ("A struct", "Struct"),
        ("A field", "Field"),
        ("A segment", "Segment"),
        ("Sync", "Sync"),
    ] {
        maps.push((title, &schema["definitions"][name]));
    }
    assert_eq!(
        schema["definitions"].as_object().unwrap().len() + 1,
        maps.len()
    );
    for (title, map) in maps {
        let section = section(&page, title);
        let required: BTreeSet<&str> = map["required"]
            .as_array()
            .unwrap()
            .iter()
            .map(|key| key.as_str().unwrap())
            .collect();
        let rows = rows(section);
        let keys: BTreeSet<&str> = rows.iter().flat_map(|row| quoted(&row[0])).collect();
        let wanted = map["properties"].as_object().unwrap();
        let wanted: BTreeSet<&str> = wanted.keys().map(String::as_str).collect();
        assert_eq!(keys, wanted, "the table of `{title}`");
        for row in &rows {
            let key = quoted(&row[0])[0];
            assert_eq!(row[2] == "yes", required.contains(key), "{title}: {key}");
            assert!(
                shown(&yaml(section), key),
                "no example of `{key}` in `{title}`"
            );
        }
    }
}

#[test]
fn every_type_has_its_size_and_an_example() {
    let page = reference();
    let section = section(&page, "Types");
    let rows = rows(section);
    let types: BTreeSet<&str> = rows.iter().flat_map(|row| quoted(&row[0])).collect();
    let schema = shm_schema::json_schema();
    let builtins = &schema["definitions"]["Field"]["properties"]["type"]["anyOf"][0]["enum"];
    let builtins = builtins
        .as_array()
        .unwrap()
        .iter()
        .map(|ty| ty.as_str().unwrap());
    assert_eq!(types, builtins.collect());
    for row in &rows {
        for ty in quoted(&row[0]) {
            let example = format!("type: {ty}");
            let ends = |text: &str| !text.starts_with(|c: char| c.is_alphanumeric() || c == '_');
            let shown = yaml(section).iter().any(|block| {
                block
                    .text
                    .match_indices(&example)
                    .any(|(i, _)| ends(&block.text[i + example.len()..]))
            });
            assert!(shown, "no example of `{ty}`");
            // A length of 7 makes a size that no number has.
            let len = if row[1].ends_with("len") {
                ", len: 7"
            } else {
                ""
            };
            let layout = fields(&format!("- {{ name: x, type: {ty}{len} }}\n")).unwrap();
            let s = &layout.structs[0];
            let bytes = match row[1].as_str() {
                "len" => 7,
                "2 len" => 14,
                bytes => bytes.parse().unwrap(),
            };
            assert_eq!(
                (s.size, s.align.to_string()),
                (bytes, row[2].clone()),
                "`{ty}`"
            );
        }
    }
}

/// A struct of the fields in `text`.
fn fields(text: &str) -> Result<Layout, Errors> {
    compile("example.yaml", whole(text).as_bytes())
}

/// An example with what the page says stands around it.
fn whole(text: &str) -> String {
    let first = text.lines().find(|line| !line.starts_with('#'));
    let first = first.unwrap_or_default();
    let head = "shm: 1\npackage: market\n";
    if first.starts_with("shm:") {
        return text.to_owned();
    }
    if !first.starts_with("- ") {
        return format!("{head}{text}");
    }
    let lines: Vec<String> = text.lines().map(|line| format!("      {line}\n")).collect();
    format!(
        "{head}structs:\n  - name: Example\n    fields:\n{}",
        lines.concat()
    )
}

/// The examples of a page that say their file name in the first line.
#[derive(Default)]
struct Files(BTreeMap<String, String>);

impl Sources for Files {
    fn read(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        let text = self.0.get(path).ok_or(SourceError::Missing)?;
        Ok(text.clone().into_bytes())
    }
}

#[test]
fn every_example_in_the_docs_compiles() {
    let mut pages = vec![root().join("README.md")];
    for folder in ["docs", "examples"] {
        let files = common::tree(&root().join(folder)).into_iter();
        pages.extend(files.map(|(path, _)| root().join(folder).join(path)));
    }
    pages.retain(|path| path.extension().is_some_and(|e| e == "md"));
    let mut tried = 0;
    let mut wrong = Vec::new();
    for page in &pages {
        let mut files = Files::default();
        for block in yaml(&fs::read_to_string(page).unwrap()) {
            let comment = block
                .text
                .lines()
                .next()
                .and_then(|line| line.strip_prefix("# "));
            let name = comment
                .filter(|name| name.ends_with(".yaml"))
                .unwrap_or("example.yaml");
            let wanted = comment.and_then(|line| {
                let warned = line.strip_prefix("warned: ");
                line.strip_prefix("refused: ").or(warned)
            });
            let text = whole(&block.text);
            files.0.insert(name.to_owned(), text.clone());
            let found: BTreeSet<&str> = match compile_from(name, text.as_bytes(), &files) {
                Ok(layout) => layout.warnings.iter().map(|d| d.code.as_str()).collect(),
                Err(errors) => errors.iter().map(|d| d.code.as_str()).collect(),
            };
            if found != wanted.into_iter().collect() {
                wrong.push(format!("{}: {found:?} in\n{}", page.display(), block.text));
            }
            tried += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried > 15, "{tried}");
}

/// What a table row says is the most: that much is fine, and one more is not.
#[test]
fn every_limit_holds_to_the_last_byte() {
    let page = reference();
    let rows = rows(section(&page, "Limits"));
    assert_eq!(rows.len(), 11);
    for row in &rows {
        let (of, most) = (row[0].as_str(), row[1].parse().unwrap());
        let code = quoted(&row[2])[0];
        assert_eq!(judged(of, most), None, "{most} {of}");
        assert_eq!(
            judged(of, most + 1).as_deref(),
            Some(code),
            "{most} + 1 {of}"
        );
    }
}

/// The first error of a schema that has `n` of something.
fn judged(of: &str, n: usize) -> Option<String> {
    let head = "shm: 1\npackage: market\n";
    let mut files = Files::default();
    let mut imported = |i: usize, text: String| {
        files.0.insert(format!("f{i}.yaml"), text);
    };
    let text = match of {
        "bytes of a file" => format!("{head}#{}\n", "x".repeat(n - head.len() - 2)),
        // The map at the top is one of them.
        "lists and maps inside each other" => {
            // What they hold is nonsense, and is told only when it is read.
            let text = format!("{head}doc: {}{}\n", "[".repeat(n - 1), "]".repeat(n - 1));
            let errors = compile("example.yaml", text.as_bytes()).unwrap_err();
            let code = errors.iter().next().unwrap().code.to_string();
            return Some(code).filter(|code| code != "wrong-kind");
        }
        "characters of a name" => whole(&format!("- {{ name: {}, type: u8 }}\n", "x".repeat(n))),
        "dimensions of a field" => whole(&format!(
            "- {{ name: x, type: u8, dims: {:?} }}\n",
            vec![2; n]
        )),
        "`align`" => format!(
            "{head}structs: [{{ name: S, align: {n}, fields: [{{ name: x, type: u8 }}] }}]\n"
        ),
        "bytes of a type" => whole(&format!("- {{ name: x, type: bytes, len: {n} }}\n")),
        "bytes of a segment, the copies and a head for each row" => {
            // A record of 24 bytes takes 64: a head of 16 and two copies.
            let rows = n.div_ceil(64);
            let fields = "[{ name: x, type: u64, dims: [3] }]";
            format!(
                "{head}structs: [{{ name: S, fields: {fields} }}]\n\
                 segments: [{{ name: s, kind: table, of: S, rows: {rows} }}]\n"
            )
        }
        "`version`" => format!("{head}version: {n}\n"),
        "files imported" => {
            (1..=n).for_each(|i| imported(i, format!("shm: 1\npackage: p{i}\n")));
            let names: Vec<String> = (1..=n).map(|i| format!("f{i}.yaml")).collect();
            format!("{head}imports: [{}]\n", names.join(", "))
        }
        "files importing each other in a row" => {
            for i in 2..=n {
                let next = format!("imports: [f{}.yaml]\n", i + 1);
                let next = if i < n { next } else { String::new() };
                imported(i, format!("shm: 1\npackage: p{i}\n{next}"));
            }
            format!("{head}imports: [f2.yaml]\n")
        }
        "bytes of a schema and its imports, these counted twice" => {
            let main = format!("{head}imports: [f1.yaml, f2.yaml]\n");
            // What is left can be halved.
            let main = format!("{main}{}", "#".repeat((n - main.len()) % 2));
            let left = (n - main.len()) / 2;
            for (i, bytes) in [(1, left / 2), (2, left - left / 2)] {
                let head = format!("shm: 1\npackage: p{i}\n#");
                imported(i, format!("{head}{}", "x".repeat(bytes - head.len())));
            }
            main
        }
        _ => panic!("no way to try `{of}`"),
    };
    let errors = compile_from("example.yaml", text.as_bytes(), &files).err()?;
    errors.iter().next().map(|d| d.code.to_string())
}

#[test]
fn the_rules_of_evolution_name_every_code_and_no_other() {
    let page = fs::read_to_string(root().join("docs/layout-evolution.md")).unwrap();
    let rules = section(&page, "The rules");
    let named: BTreeSet<&str> = quoted(rules)
        .into_iter()
        .filter(|word| word.contains('-'))
        .collect();
    let codes: BTreeSet<&str> = evolution::CODES.iter().map(|code| code.as_str()).collect();
    assert_eq!(named, codes);
}

#[test]
fn the_step_that_is_called_well_done_is() {
    let page = fs::read_to_string(root().join("docs/layout-evolution.md")).unwrap();
    let examples = yaml(&page);
    let [old, new] = examples.as_slice() else {
        panic!("two schemas, found {}", examples.len());
    };
    let [old, new] = [old, new].map(|b| compile("example.yaml", b.text.as_bytes()).unwrap());
    let evolution = evolution::compare(&old, &new);
    assert!(evolution.findings.is_empty(), "{:?}", evolution.findings);
    assert_eq!(
        evolution.verdicts[0].verdict,
        Some(Verdict::ReaderCompatible)
    );
}
