//! The command line as its user meets it.

mod common;

use std::fs;
use std::io::Read;
use std::process::Stdio;

use common::{Ended, program, run, schema, scratch, small};

const BAD: &str = "shm: 1\npackage: bad\nversion: 1\nstructs:\n  - name: P\n    fields:\n      \
                   - { name: x, type: i33 }\n      - { name: x, type: i32 }\n";

#[test]
fn a_valid_schema_is_fine() {
    let directory = scratch();
    fs::write(directory.path().join("s.yaml"), small("point", "")).unwrap();
    let ended = run(directory.path(), "check s.yaml").exits(0);
    assert_eq!(ended.stdout, "s.yaml: fine; 1 struct, 0 segments\n");
    assert_eq!(ended.stderr, "");
}

#[test]
fn all_errors_of_all_files_come_in_one_run() {
    let directory = scratch();
    let at = directory.path();
    fs::write(at.join("a.yaml"), BAD).unwrap();
    fs::write(at.join("b.yaml"), BAD.replace("i33", "u9")).unwrap();
    fs::write(at.join("fine.yaml"), small("point", "")).unwrap();
    for command in ["check", "fingerprint", "gen --c out"] {
        let ended = run(at, &format!("{command} a.yaml fine.yaml b.yaml")).exits(1);
        assert_eq!(ended.stdout, "", "nothing is claimed of the others");
        for wanted in [
            "a.yaml:7:",
            "a.yaml:8:",
            "b.yaml:7:",
            "b.yaml:8:",
            "`i33`",
            "`u9`",
        ] {
            assert!(
                ended.stderr.contains(wanted),
                "{wanted} in {}",
                ended.stderr
            );
        }
    }
    assert!(!at.join("out").exists());
}

#[test]
fn errors_come_in_four_formats() {
    let directory = scratch();
    let at = directory.path();
    fs::write(at.join("a.yaml"), BAD).unwrap();
    let told = |format: &str| {
        run(at, &format!("check a.yaml --error-format {format}"))
            .exits(1)
            .stderr
    };
    let short = told("short");
    assert_eq!(short.lines().count(), 2, "{short}");
    assert!(short.starts_with("a.yaml:7:"), "{short}");

    let json = told("json");
    let first: serde_json::Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    assert_eq!(first["file"], "a.yaml");
    assert_eq!(first["line"], 7);
    assert_eq!(first["code"], "unknown-type");

    let github = told("github");
    assert!(
        github.starts_with("::error title=unknown-type,file=a.yaml,line=7,col="),
        "{github}"
    );
    assert_eq!(github.lines().count(), 2, "{github}");

    let human = told("human");
    assert!(human.contains("^"), "{human}");
    assert!(!human.contains('\x1b'), "colour is for terminals");
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let directory = scratch();
    let ended = run(directory.path(), "check missing.yaml").exits(2);
    assert!(
        ended
            .stderr
            .starts_with("error: cannot read `missing.yaml`: "),
        "{}",
        ended.stderr
    );
    run(directory.path(), "check .").exits(2);
}

#[test]
fn an_endless_file_is_not_read_to_its_end() {
    let directory = scratch();
    run(directory.path(), "check /dev/zero").exits(1);
}

#[test]
fn a_command_that_makes_no_sense_is_told_so() {
    let directory = scratch();
    for arguments in [
        "check",
        "gen s.yaml",
        "gen --c out",
        "gen s.yaml --c out --check --stdout",
        "gen s.yaml --c out --standalone",
        "layout s.yaml --format pdf",
        "completions cmd",
        "watch --c out",
    ] {
        let ended = run(directory.path(), arguments).exits(2);
        assert!(
            ended.stderr.contains("--help"),
            "{arguments}: {}",
            ended.stderr
        );
    }
}

#[test]
fn fingerprints_are_those_of_the_layout() {
    let directory = scratch();
    let layout = shm_schema::compile("", &fs::read(schema("market.yaml")).unwrap()).unwrap();
    let mut command = program(directory.path());
    let told = Ended::of(command.arg("fingerprint").arg(schema("market.yaml")))
        .exits(0)
        .stdout;
    let first = format!("{}  market\n", layout.fingerprint);
    assert!(told.starts_with(&first), "{told}");
    let quote = layout.structs.iter().find(|s| s.name == "Quote").unwrap();
    assert!(
        told.contains(&format!("{}  market.Quote\n", quote.fingerprint)),
        "{told}"
    );
    assert_eq!(told.lines().count(), 1 + 2 + 1 + 3);
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let directory = scratch();
    let mut command = program(directory.path());
    command
        .arg("layout")
        .arg(schema("every_type.yaml"))
        .args(["--format", "json"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut told = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut told)
        .unwrap();
    assert_eq!(told, "");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_full_output_is_an_error() {
    let directory = scratch();
    fs::write(directory.path().join("s.yaml"), small("point", "")).unwrap();
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let mut command = program(directory.path());
    let status = command
        .args(["layout", "s.yaml"])
        .stdout(full)
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(2));
}

#[test]
fn an_annotation_has_what_stands_below_the_caret() {
    let directory = scratch();
    let path = directory.path().join("s.yaml");
    fs::write(&path, "shm: 1\npackage: p\ndoc: \"never closed\n").unwrap();
    let ended = Ended::of(
        program(directory.path())
            .args(["check", "--error-format", "github"])
            .arg(&path),
    );
    let said = ended.exits(1).stderr;
    assert!(said.contains("%0Awhile scanning a quoted scalar"), "{said}");
}

#[test]
fn each_shell_gets_its_completions() {
    let directory = scratch();
    for (shell, wanted) in [
        ("bash", "complete -F _shm__codegen"),
        ("zsh", "#compdef shm-codegen"),
        ("fish", "complete -c shm-codegen"),
    ] {
        let ended = run(directory.path(), &format!("completions {shell}")).exits(0);
        assert!(ended.stdout.contains(wanted), "{shell}: {}", ended.stdout);
        for word in ["breaking", "watch", "error-format"] {
            assert!(ended.stdout.contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn colour_is_for_those_who_ask() {
    let directory = scratch();
    let at = directory.path();
    fs::write(at.join("s.yaml"), small("point", "")).unwrap();
    fs::write(at.join("bad.yaml"), BAD).unwrap();
    let is_coloured = |arguments: &str, no_color: &str| {
        let mut command = program(at);
        command.args(arguments.split(' ')).env("NO_COLOR", no_color);
        let ended = Ended::of(&mut command);
        (ended.stdout + &ended.stderr).contains('\x1b')
    };
    for (arguments, no_color, wanted) in [
        ("layout s.yaml", "", false),
        ("layout s.yaml --color never", "", false),
        ("layout s.yaml --color always", "", true),
        ("layout s.yaml --color always", "1", true),
        ("check bad.yaml", "", false),
        ("check bad.yaml --color always", "", true),
    ] {
        assert_eq!(is_coloured(arguments, no_color), wanted, "{arguments}");
    }
}

#[test]
fn every_command_and_every_lint_is_in_the_docs() {
    let directory = scratch();
    let read = |file: &str| {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        fs::read_to_string(root.join(file)).unwrap()
    };
    let (readme, page) = (read("README.md"), read("docs/command-line.md"));
    let help = run(directory.path(), "--help").exits(0).stdout;
    let commands = help.split("Commands:\n").nth(1).unwrap();
    let commands = commands.split("\n\n").next().unwrap();
    let names = commands
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names: Vec<&str> = names
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(names.len() > 10, "{help}");
    for name in names.into_iter().filter(|name| *name != "help") {
        assert!(
            readme.contains(&format!("| `shm-codegen {name} "))
                || readme.contains(&format!("| `shm-codegen {name}` ")),
            "{name}"
        );
        assert!(page.contains(&format!("**`{name}")), "{name}");
    }
    for code in shm_schema::lint::CODES {
        assert!(page.contains(&format!("| `{code}` |")), "{code}");
    }
}

#[test]
fn each_command_tells_json_alone_where_json_is_asked_for() {
    let directory = scratch();
    let at = directory.path();
    fs::write(at.join("bad.yaml"), BAD).unwrap();
    fs::write(at.join("s.yaml"), small("point", "")).unwrap();
    fs::write(
        at.join("loose.yaml"),
        small("loose", "").replace("{ ", "{  "),
    )
    .unwrap();
    for arguments in [
        "check bad.yaml",
        "check missing.yaml",
        "lint s.yaml --deny",
        "lint bad.yaml",
        "fmt loose.yaml --check",
        "fmt bad.yaml",
        "gen s.yaml --c out --check",
        "gen bad.yaml --docs out",
        "layout bad.yaml --format svg",
        "layout s.yaml None",
        "fingerprint bad.yaml",
        "breaking s.yaml --against bad.yaml",
        "breaking s.yaml --against loose.yaml",
        "breaking s.yaml --against loose.yaml --format json",
        "breaking s.yaml --against git:none",
        "explain nothing",
        "new 9lives",
        "new s",
    ] {
        let ended = run(at, &format!("{arguments} --error-format json"));
        assert!(ended.code > 0 && !ended.stderr.is_empty(), "{arguments}");
        for line in ended.stderr.lines() {
            let json: serde_json::Value =
                serde_json::from_str(line).unwrap_or_else(|_| panic!("{arguments}: {line}"));
            for key in [
                "severity", "file", "line", "column", "code", "message", "helps",
            ] {
                assert!(json.get(key).is_some(), "{arguments}: {key}");
            }
        }
    }
}
