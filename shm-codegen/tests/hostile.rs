//! Schemas that mean harm are judged within 256 MiB of memory, whatever they
//! ask for. `ulimit` sees to that: a program that wants more is killed by its
//! own allocator, and then it has not said what is wrong.

mod common;

use std::fs;
use std::path::Path;
use std::process::Command;

use common::{Ended, scratch};

const HEAD: &str = "shm: 1\npackage: p\n";

/// Address space in KiB, code and stacks included.
const MEMORY: &str = "262144";

/// Seconds of computing after which something hangs.
const WATCHDOG: &str = "60";

/// What `check` says of a file in little memory, one line an error.
fn judged(directory: &Path, file: &str) -> Ended {
    let mut shell = Command::new("sh");
    shell.args([
        "-c",
        "ulimit -v \"$1\"; ulimit -t \"$2\"; exec \"$0\" check \"$3\"",
    ]);
    shell.arg(env!("CARGO_BIN_EXE_shm-codegen"));
    shell.args([MEMORY, WATCHDOG, file]).current_dir(directory);
    Ended::of(&mut shell)
}

/// One file with that text, and the code of the first thing wrong with it.
#[track_caller]
fn refused(text: impl AsRef<[u8]>, code: &str) {
    let directory = scratch();
    fs::write(directory.path().join("s.yaml"), text).unwrap();
    let ended = judged(directory.path(), "s.yaml").exits(1);
    let first = format!("error[{code}]: ");
    let told: String = ended.stderr.chars().take(400).collect();
    assert!(ended.stderr.starts_with(&first), "{told}");
    // Not even a report may be without bounds.
    assert!(ended.stderr.len() < 4 << 20, "{}", ended.stderr.len());
}

/// As many of `piece` as a schema has room for.
fn filled(start: &str, piece: &str, end: &str) -> String {
    let room = (1 << 20) - HEAD.len() - start.len() - end.len();
    format!("{HEAD}{start}{}{end}", piece.repeat(room / piece.len()))
}

/// `piece` with a number in it, as often as a schema has room for.
fn counted(start: &str, piece: impl Fn(usize) -> String, end: &str) -> String {
    let mut text = format!("{HEAD}{start}");
    for i in 0.. {
        let next = piece(i);
        if text.len() + next.len() + end.len() > 1 << 20 {
            break;
        }
        text += &next;
    }
    text + end
}

#[test]
fn what_yaml_makes_large_stays_small() {
    let bomb = |i: usize| match i {
        0 => "k0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned(),
        _ => format!("k{i}: &a{i} [{}]\n", format!("*a{}, ", i - 1).repeat(10)),
    };
    refused(counted("", bomb, ""), "anchor");
    refused(filled("doc: [", "&a x,", "]"), "anchor");
    refused(filled("doc: [", "!t x,", "]"), "tag");
    refused(filled("doc: ", "[", ""), "too-deep");
    refused(filled("doc: ", "{a: ", ""), "too-deep");
    refused("- ".repeat(100_000), "too-deep");
    refused(filled("doc: [", ",", "]"), "yaml-syntax");
}

#[test]
fn what_hides_in_a_text_is_found_in_any_amount() {
    refused(filled("doc: ", "\0", ""), "nul");
    refused(filled("doc: ", "\u{202e}", ""), "direction-override");
    refused(filled("doc: \"", "\\u202e", "\""), "direction-override");
    refused(filled("doc: ", "\u{feff}", ""), "control-character");
    refused("\u{feff}".repeat(1000), "control-character");
    refused([0xff].repeat(1 << 20), "not-utf8");
    refused("x".repeat(9 << 20), "too-large");
}

#[test]
fn a_megabyte_of_errors_is_told_in_bounds() {
    refused(filled("", "a: 1\n", ""), "duplicate-key");
    refused(
        filled(
            "structs: [{name: S,fields: [",
            "{name: x,type: uu3},",
            "]}]",
        ),
        "unknown-type",
    );
    let wrong = |i| format!("- {{name: A{i},type: u8,value: B{i}}}\n");
    refused(counted("constants:\n", wrong, ""), "unknown-constant");
    refused(
        filled(
            "structs: [{name: S,fields: [{name: x,type: u8,dims: [",
            "1,",
            "]}]}]",
        ),
        "too-large",
    );
}

#[test]
fn counts_that_no_memory_holds_are_only_numbers() {
    for field in [
        "{name: x,type: bytes,len: 1073741824}, {name: y,type: bytes,len: 1073741824}",
        "{name: x,type: u64,dims: [65536, 65536, 65536, 65536]}",
        "{name: x,type: u8}, {name: room,reserved: 18446744073709551615}",
    ] {
        let text = format!("{HEAD}structs: [{{name: S,fields: [{field}]}}]");
        refused(text, "type-too-large");
    }
    let twice = |i| {
        format!(
            "- {{name: S{i},fields: [{{name: x,type: S{0}}},{{name: y,type: S{0}}}]}}\n",
            i + 1
        )
    };
    refused(counted("structs:\n", twice, ""), "unknown-type");
}

#[test]
fn the_largest_schemas_are_read() {
    let directory = scratch();
    let field = |i| format!("{{name: f{i},type: u8}},");
    let value = |i| format!("{{name: f{i},value: {i}}},");
    let held = |i| format!("- {{name: S{i},fields: [{{name: x,type: S{}}}]}}\n", i + 1);
    let mut chain = counted("structs:\n", held, &" ".repeat(99));
    let last = chain.matches("- {").count();
    chain += &format!("\n- {{name: S{last},fields: [{{name: x,type: u8}}]}}\n");
    for text in [
        counted("structs: [{name: S,fields: [", field, "]}]"),
        counted("enums: [{name: E,repr: u32,values: [", value, "]}]"),
        chain.replace(&" ".repeat(99), ""),
    ] {
        fs::write(directory.path().join("s.yaml"), text).unwrap();
        judged(directory.path(), "s.yaml").exits(0);
    }
}

#[test]
fn structs_that_double_thirty_times_are_written_out() {
    let directory = scratch();
    let twice = |i: usize| {
        let next = i + 1;
        format!("- {{name: S{i},fields: [{{name: x,type: S{next}}},{{name: y,type: S{next}}}]}}\n")
    };
    let structs: String = (0..30).map(twice).collect();
    let last = "- {name: S30,fields: [{name: x,type: u8,range: [0, 9]}]}\n";
    let segments = "segments: [{name: s,kind: cell,of: S0}]\n";
    let text = format!("{HEAD}structs:\n{structs}{last}{segments}");
    fs::write(directory.path().join("s.yaml"), text).unwrap();
    let mut shell = Command::new("sh");
    let run = "ulimit -t \"$1\"; exec \"$0\" gen s.yaml --rust out --c out --python out";
    shell.args(["-c", run, env!("CARGO_BIN_EXE_shm-codegen"), WATCHDOG]);
    Ended::of(shell.current_dir(directory.path())).exits(0);
}

/// A folder of schemas, and what `check main.yaml` says.
fn imports(files: impl IntoIterator<Item = (String, String)>) -> Ended {
    let directory = scratch();
    for (name, text) in files {
        fs::write(directory.path().join(name), text).unwrap();
    }
    judged(directory.path(), "main.yaml")
}

#[test]
fn imports_are_bounded_in_depth_number_and_size() {
    let chain = (0..100).map(|i| {
        let name = if i == 0 {
            "main.yaml".to_owned()
        } else {
            format!("c{i}.yaml")
        };
        (
            name,
            format!("shm: 1\npackage: c{i}\nimports: [c{}.yaml]\n", i + 1),
        )
    });
    let ended = imports(chain).exits(1);
    let what = "error[too-many-imports]: over 32 files import each other in a row";
    assert!(ended.stderr.starts_with(what), "{}", ended.stderr);

    let list: String = (0..300).map(|i| format!("s{i}.yaml, ")).collect();
    let main = format!("{HEAD}imports: [{list}]\n");
    let star = (0..300).map(|i| (format!("s{i}.yaml"), format!("shm: 1\npackage: s{i}\n")));
    let ended = imports(star.chain([("main.yaml".to_owned(), main)])).exits(1);
    let what = "error[too-many-imports]: a schema of over 256 files";
    assert!(ended.stderr.starts_with(what), "{}", ended.stderr);

    // Each file holds all that it imports: without a bound, a square of memory.
    let fields: String = (0..8000)
        .map(|i| format!("{{name: f{i},type: u8}},"))
        .collect();
    let structs = format!("structs: [{{name: S,fields: [{fields}]}}]");
    let pile = (0..30).map(|i| {
        let text = format!(
            "shm: 1\npackage: c{i}\nimports: [c{}.yaml]\n{structs}\n",
            i + 1
        );
        (
            if i == 0 {
                "main.yaml".to_owned()
            } else {
                format!("c{i}.yaml")
            },
            text,
        )
    });
    let last = ("c30.yaml".to_owned(), "shm: 1\npackage: c30\n".to_owned());
    let ended = imports(pile.chain([last])).exits(1);
    let what = "error[too-many-imports]: the schema and its imports come to over 2097152 bytes";
    assert!(ended.stderr.starts_with(what), "{}", ended.stderr);

    let missing: String = (0..60_000).map(|i| format!("m{i}.yaml,")).collect();
    let main = format!("{HEAD}imports: [{missing}]\n");
    let ended = imports([("main.yaml".to_owned(), main)]).exits(1);
    assert!(
        ended.stderr.starts_with("error[import-missing]: "),
        "{}",
        ended.stderr
    );
}
