//! A formatted schema means what it meant, has every comment that it had, and
//! stays as it is when it is formatted again.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use shm_schema::{Folder, Layout, compile, compile_from, format};

fn compiled(text: &str) -> Layout {
    compile("s.yaml", text.as_bytes()).unwrap_or_else(|e| panic!("{e}\n{text}"))
}

#[track_caller]
fn formatted(text: &str) -> String {
    let once = format::canonical(&compiled(text)).unwrap_or_else(|_| panic!("unsure of\n{text}"));
    let twice = format::canonical(&compiled(&once)).unwrap_or_else(|_| panic!("unsure of\n{once}"));
    assert_eq!(
        once, twice,
        "not the same when formatted again; first\n{text}"
    );
    once
}

const HEAD: &str = "shm: 1\npackage: p\n";

#[track_caller]
fn becomes(from: &str, to: &str) {
    assert_eq!(formatted(&format!("{HEAD}{from}")), format!("{HEAD}{to}"));
}

#[test]
fn spaces_and_the_order_of_keys_are_the_languages() {
    becomes(
        "structs:\n- fields:\n     -   {type: u8 ,name:  x}\n  name: S\n",
        "structs:\n  - name: S\n    fields:\n      - { name: x, type: u8 }\n",
    );
    becomes(
        "structs: [{ fields: [{ unit: m, scale: 0.5, dims: [ 2,3 ], type: i8, name: x }], name: S }]",
        "structs: [{ name: S, fields: [{ name: x, type: i8, dims: [2, 3], scale: 0.5, unit: m }] }]\n",
    );
    let text = "version: 3\npackage: p\nshm: 1\ndoc: A.\n";
    assert_eq!(formatted(text), "shm: 1\npackage: p\nversion: 3\ndoc: A.\n");
}

#[test]
fn the_keys_of_a_map_in_a_map_are_in_order_too() {
    let fields = "{ name: n, type: u32 }, { name: ok, type: u32 }";
    let segment = |sync: &str| {
        format!(
            "structs: [{{ name: S, fields: [{fields}] }}]\nsegments:\n  \
             - {{ name: s, kind: cell, of: S, foreign: true, path: /dev/shm/s, sync: {sync} }}\n"
        )
    };
    becomes(
        &segment("{valid: ok, rule: unchanged, counter: n}"),
        &segment("{ counter: n, rule: unchanged, valid: ok }"),
    );
}

#[test]
fn what_has_no_room_on_a_line_gets_lines() {
    let field = "{ name: a_rather_long_name_of_a_field, type: u8 }";
    becomes(
        &format!(
            "structs: [{{ name: S, fields: [{field}, {{ name: b, type: u8 }}, {{ name: c, type: u8 }}] }}]\n"
        ),
        &format!(
            "structs:\n  - name: S\n    fields: [{field}, {{ name: b, type: u8 }}, {{ name: c, type: u8 }}]\n"
        ),
    );
    // A field is one line however long it is: so a schema reads as a table.
    let long = format!(
        "structs:\n  - name: S\n    fields:\n      - {{ name: x, type: u8, doc: {} }}\n",
        "word ".repeat(40).trim()
    );
    becomes(&long, &long);
}

#[test]
fn what_stands_in_lines_stays_in_lines() {
    let text = "structs:\n  - name: S\n    fields:\n      - name: x\n        type: u8\n        dims:\n          - 2\n          - 3\n";
    becomes(text, text);
}

#[test]
fn comments_stay_where_they_belong() {
    becomes(
        "# Above.\nversion: 2 # beside\n\n\n#over constants\nconstants: # on the key\n# first\n- { name: A, type: u8, value: 1 } # a\n#- { name: B, type: u8, value: 1 }\n# of structs\nstructs:\n  # the first\n  - # a dash\n    fields: # the fields\n      - { name: x, type: u8 }   # x\n      # after x\n    name: S # its name\n  # after S\n# the end",
        "# Above.\nversion: 2  # beside\n\n#over constants\nconstants:  # on the key\n  # first\n  - { name: A, type: u8, value: 1 }  # a\n#- { name: B, type: u8, value: 1 }\n# of structs\nstructs:\n  # the first\n  # a dash\n  - name: S  # its name\n    fields:  # the fields\n      - { name: x, type: u8 }  # x\n      # after x\n  # after S\n# the end\n",
    );
}

#[test]
fn brackets_with_a_comment_inside_become_lines() {
    becomes(
        "structs: [ # all\n  { name: S, # one\n    fields: [{ name: x, dims: [2, # two\n 3], type: u8 }] # f\n    # end\n  } ]\n",
        "structs:\n  # all\n  - name: S  # one\n    fields:  # f\n      - name: x\n        type: u8\n        dims:\n          - 2  # two\n          - 3\n    # end\n",
    );
}

#[test]
fn comments_around_a_file_in_brackets_stay() {
    let text = "# a\n{ # b\nshm: 1, # c\npackage: p } # d\n# e";
    assert_eq!(
        formatted(text),
        "# a\n# b\nshm: 1  # c\npackage: p  # d\n# e\n"
    );
}

#[test]
fn texts_of_several_lines_keep_their_lines() {
    becomes(
        "doc: |   # kept\n     One.\n\n       Two.\nversion: 2\n",
        "version: 2\ndoc: |  # kept\n  One.\n\n    Two.\n",
    );
    becomes(
        "doc: >-\n   One\n   more.\n\n\n",
        "doc: >-\n  One\n  more.\n",
    );
    becomes("doc: |1\n  One.\n", "doc: |2\n   One.\n");
    becomes(
        "doc: |+\n  One.\n\n\nversion: 1\n",
        "version: 1\ndoc: |+\n  One.\n\n\n",
    );
    becomes("doc: |\n  One.\n# c\n", "doc: |\n  One.\n# c\n");
    becomes("doc: One\n  more # c\n", "doc: One more  # c\n");
    becomes(
        "doc: \"One # no\n  more\"   # c\n",
        "doc: \"One # no more\"  # c\n",
    );
    becomes("doc: 'It''s\n\n  two'\n", "doc: 'It''s\n\n  two'\n");
    becomes("doc: \"a\\\n  b\"\n", "doc: \"a\\\n  b\"\n");
}

#[test]
fn other_ways_to_write_the_same_file_come_to_one() {
    let text = "shm: 1\npackage: p\nversion: 2\n";
    for other in [
        "\u{feff}shm: 1\npackage: p\nversion: 2",
        "shm: 1\r\npackage: p\r\nversion: 2\r\n",
        "---\nshm: 1\npackage: p\nversion: 2\n...\n",
        "\n\nshm:   1\n\"package\": p  \nversion: 2\n\n\n",
        "{ shm: 1, package: p,\n version: 2 }",
        "? shm\n: 1\n? package\n: p\n? version\n: 2\n",
    ] {
        assert_eq!(formatted(other), text, "{other:?}");
    }
}

fn corpus() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["../schemas", "tests/corpus", "tests/rejects"];
    let files = folders
        .iter()
        .flat_map(|folder| fs::read_dir(root.join(folder)).unwrap());
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "yaml"));
    files.sort();
    files
}

/// The schema at a path, when it is valid.
fn at(path: &Path, text: &str) -> Option<Layout> {
    let folder = Folder::around(path).unwrap();
    let name = folder.path_of(path).unwrap();
    compile_from(&name, text.as_bytes(), &folder).ok()
}

#[test]
fn our_own_schemas_are_formatted() {
    let mut count = 0;
    for path in corpus()
        .iter()
        .filter(|p| !p.to_str().unwrap().contains("rejects"))
    {
        let text = fs::read_to_string(path).unwrap();
        let layout = at(path, &text).unwrap();
        assert_eq!(format::canonical(&layout), Ok(text), "{}", path.display());
        count += 1;
    }
    assert!(count > 5, "{count}");
}

#[derive(Debug, Clone)]
enum Edit {
    /// A comment at the end of a line.
    Beside,
    /// A comment on a line of its own.
    Above(usize),
    Blank,
    /// More room between a key or item and its value.
    Wide,
}

fn edits() -> impl Strategy<Value = Vec<(prop::sample::Index, Edit)>> {
    let edit = prop_oneof![
        Just(Edit::Beside),
        (0..12usize).prop_map(Edit::Above),
        Just(Edit::Blank),
        Just(Edit::Wide),
    ];
    prop::collection::vec((any::<prop::sample::Index>(), edit), 1..12)
}

/// The text with the edits, and how many comments they add.
fn edited(text: &str, edits: &[(prop::sample::Index, Edit)]) -> (String, usize) {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut comments = 0;
    for (n, (index, edit)) in edits.iter().enumerate() {
        let i = index.index(lines.len());
        let comment = format!("# note {n}: 'x' [y");
        match edit {
            Edit::Beside => lines[i].push_str(&format!(" {comment}")),
            Edit::Above(indent) => lines.insert(i, format!("{}{comment}", " ".repeat(*indent))),
            Edit::Blank => lines.insert(i, String::new()),
            Edit::Wide => lines[i] = lines[i].replacen(": ", ":   ", 1).replace(", ", " ,  "),
        }
        comments += usize::from(matches!(edit, Edit::Beside | Edit::Above(_)));
    }
    (lines.join("\n"), comments)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_comment_is_lost_and_no_meaning(
        file in any::<prop::sample::Index>(),
        edits in edits(),
    ) {
        let files = corpus();
        let path = &files[file.index(files.len())];
        let Ok(text) = fs::read_to_string(path) else { return Ok(()) };
        prop_assume!(!text.is_empty());
        let (text, added) = edited(&text, &edits);
        let Some(layout) = at(path, &text) else { return Ok(()) };
        let once = format::canonical(&layout);
        prop_assert!(once.is_ok(), "unsure of\n{text}");
        let once = once.unwrap_or_default();
        for n in 0..edits.len() {
            let note = format!("# note {n}: ");
            prop_assert_eq!(text.matches(&note).count(), once.matches(&note).count(), "{}", once);
        }
        prop_assert!(once.matches("# note ").count() >= added.min(1));
        let again = at(path, &once);
        prop_assert!(again.is_some(), "not a schema any more:\n{once}");
        let again = again.unwrap_or_else(|| layout.clone());
        prop_assert_eq!(&layout.fingerprint, &again.fingerprint);
        prop_assert_eq!(format::canonical(&again), Ok(once));
    }
}
