//! Schemas from C headers, with gcc as the referee.

mod common;

use std::fs;

use common::{Ended, golden, has, run, scratch};

const HEADER: &str = r#"/* Taken over from another program. */
#ifndef __FEED_H__
#define __FEED_H__ 1
#include <stdint.h>
#include <stdbool.h>

#ifdef __cplusplus
#include <cstddef>
#endif

/// Levels on each side.
#define DEPTH 5
#define NAME_LEN 0x10u
#define FEED_API

typedef uint32_t lots_t;
typedef float matrix_t[3][4];

/** Who was the aggressor. */
enum side { SIDE_NONE, SIDE_BID = 1, SIDE_ASK /* a seller */ };
typedef enum { COLD = -1, WARM } heat_t;

/* One price level. */
struct level {
    double px;     // Price.
    lots_t qty;
};

#pragma pack(push, 16)
struct loose { uint8_t a; double b; };
#pragma pack(pop)

#pragma pack(push, 1)
typedef struct {
    uint8_t tag;
    int64_t value;
    struct level inner;
    short small, other;
} tight_t;
#pragma pack(pop)

struct __attribute__((__packed__)) squeezed { uint8_t a; uint64_t b; };

/**
 * All of it.
 *
 * In one place.
 */
typedef struct quote {
    uint64_t ts;
    char name[NAME_LEN];
    char lines[3][8];
    enum side side;
    heat_t heat;
    struct level bids[DEPTH];
    const int plain;
    bool firm;
    unsigned char raw[2][3];
    matrix_t turn[2];
    tight_t tight;
    struct squeezed squeezed;
    long long far;
} __attribute__((aligned(64))) quote_t;

int send_quote(const quote_t *quote);
#endif
"#;

/// What gcc says of each struct and field, held against the layout.
#[test]
fn sizes_and_offsets_are_those_of_gcc() {
    if !has("gcc", "sizes_and_offsets_are_those_of_gcc") {
        return;
    }
    let directory = scratch();
    let at = directory.path();
    fs::write(at.join("feed.h"), HEADER).unwrap();
    let json = run(at, "layout feed.h --format json").exits(0).stdout;
    let layout: serde_json::Value = serde_json::from_str(&json).unwrap();
    let mut source = "#include <stddef.h>\n#include \"feed.h\"\n".to_owned();
    let mut claims = 0;
    for record in layout["structs"].as_array().unwrap() {
        let name = record["name"].as_str().unwrap();
        let ty = match name {
            "level" | "loose" | "squeezed" => format!("struct {name}"),
            name => name.to_owned(),
        };
        let mut claim = |expression: String, number: &serde_json::Value| {
            source += &format!("_Static_assert({expression} == {number}, \"{expression}\");\n");
            claims += 1;
        };
        claim(format!("sizeof({ty})"), &record["size"]);
        claim(format!("_Alignof({ty})"), &record["align"]);
        for member in record["members"].as_array().unwrap() {
            if member["kind"] == "field" {
                let field = member["name"].as_str().unwrap();
                claim(format!("offsetof({ty}, {field})"), &member["offset"]);
                claim(format!("sizeof((({ty} *)0)->{field})"), &member["size"]);
            }
        }
    }
    assert!(claims > 40, "{claims}");
    fs::write(at.join("claims.c"), &source).unwrap();
    let check = |file: &str| {
        let mut gcc = std::process::Command::new("gcc");
        Ended::of(
            gcc.current_dir(at)
                .args(["-std=gnu11", "-fsyntax-only", file]),
        )
    };
    check("claims.c").exits(0);
    // The referee sees what is wrong.
    let wrong = source.replacen(
        "offsetof(quote_t, side) == ",
        "offsetof(quote_t, side) == 1",
        1,
    );
    assert_ne!(wrong, source);
    fs::write(at.join("wrong.c"), wrong).unwrap();
    check("wrong.c").exits(1);
}

#[test]
fn a_header_becomes_a_schema_with_its_comments() {
    let directory = scratch();
    let at = directory.path();
    fs::write(at.join("feed.h"), HEADER).unwrap();
    run(at, "import feed.h -o feed.yaml").exits(0);
    golden(
        "import_feed.yaml",
        &fs::read_to_string(at.join("feed.yaml")).unwrap(),
    );
    let header = run(at, "fingerprint feed.h").exits(0).stdout;
    assert_eq!(header, run(at, "fingerprint feed.yaml").exits(0).stdout);
}

#[test]
fn the_example_of_the_docs_is_a_schema() {
    let directory = scratch();
    let docs = include_str!("../../docs/importing.md");
    let source = docs.split("```c\n").nth(1).unwrap();
    let source = source.split("```").next().unwrap();
    fs::write(directory.path().join("feed.h"), source).unwrap();
    let shown = run(directory.path(), "layout feed.h quote_t --format json").exits(0);
    let layout: serde_json::Value = serde_json::from_str(&shown.stdout).unwrap();
    assert_eq!(layout["structs"][0]["size"], 96);
}

#[test]
fn what_has_no_fixed_layout_is_refused_where_it_stands() {
    let directory = scratch();
    let at = directory.path();
    let source = r#"#include <stddef.h>
struct inner;
union either { int a; float b; };
struct bad {
    long count;
    size_t size;
    wchar_t letter;
    char one;
    int *pointer;
    int (*call)(int);
    int bits : 3;
    union either either;
    struct { int x; } nested;
    struct inner later;
    uint8_t many[COUNT];
    uint8_t rest[];
    long double wide;
    _Atomic int counted;
    uint8_t odd __attribute__((aligned(8)));
#ifdef WIDE
    int more;
#endif
};
struct __attribute__((scalar_storage_order("big-endian"))) swapped { int a; };
typedef struct { int a; } late __attribute__((aligned(8)));
#if VERSION > 2
struct newer { int a; };
#endif
"#;
    fs::write(at.join("bad.h"), source).unwrap();
    let ended = run(at, "import bad.h").exits(1);
    golden("import_c.txt", &ended.stderr);
    assert_eq!(ended.stdout, "");

    for (text, wanted) in [
        ("struct P { int x; MACRO() };", "preprocessor"),
        ("struct P { int x;", "preprocessor"),
        ("int x;", "no struct"),
        ("struct P { int SIZE; };", "bad.h:1:16"),
        ("struct P { char name[0]; };", "bad.h:1:17"),
        (&"(".repeat(200_000), "preprocessor"),
        (&"#ifndef A\n".repeat(5000), "bad.h"),
    ] {
        fs::write(at.join("bad.h"), text).unwrap();
        let ended = run(at, "check bad.h").exits(1);
        assert!(
            ended.stderr.contains(wanted),
            "{text:.40}: {}",
            ended.stderr
        );
    }
}
