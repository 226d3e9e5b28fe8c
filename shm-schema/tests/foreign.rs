//! Segments of other programs: what a schema may say of them, and what comes
//! of it.

use shm_schema::layout::{Foreign, Place, Sync};
use shm_schema::{Code, Errors, Layout, compile};

/// A record of 16 bytes, and the segment that is said of it.
fn segment(keys: &str) -> Result<Foreign, (Code, String)> {
    record("count: u32, valid: i32, at: timestamp_ns", keys)
}

/// The same with other fields.
fn record(fields: &str, keys: &str) -> Result<Foreign, (Code, String)> {
    match compiled(fields, keys) {
        Ok(layout) => Ok(layout.segments[0].foreign.clone().expect("it says so")),
        Err(errors) => {
            let first = errors.iter().next().expect("an error says what");
            Err((first.code, first.message.clone()))
        }
    }
}

fn compiled(fields: &str, keys: &str) -> Result<Layout, Errors> {
    let fields: Vec<String> = fields
        .split(", ")
        .map(|field| field.split_once(": ").expect("a name and a type"))
        .map(|(name, ty)| format!("{{ name: {name}, type: {ty} }}"))
        .collect();
    let text = format!(
        "shm: 1\npackage: p\n\
         structs: [{{ name: Tick, pack: 1, fields: [{}] }}]\n\
         segments: [{{ name: tick, of: Tick, foreign: true, {keys} }}]\n",
        fields.join(", ")
    );
    compile("foreign.yaml", text.as_bytes())
}

fn code(result: Result<Foreign, (Code, String)>) -> Option<Code> {
    result.err().map(|(code, _)| code)
}

#[test]
fn a_path_is_absolute_plain_and_as_long_as_linux_takes() {
    let path = |path: &str| segment(&format!("kind: cell, path: \"{path}\", sync: none"));
    let long = |bytes: usize| format!("/{}", "x".repeat(bytes - 1));
    for fine in [
        "/dev/shm/tick",
        "/a b",
        "/~!@#$%^&()-_=+[]{};:,.",
        &long(4095),
    ] {
        let found = path(fine).expect(fine);
        assert_eq!(found.place, Place::File(fine.to_owned()));
    }
    for (wrong, why) in [
        ("tick", "is not absolute"),
        ("", "is not absolute"),
        ("/dev/shm/", "ends in no file name"),
        (&long(4096), "is over 4095 bytes long"),
        (&long(4097), "is over 4095 bytes long"),
        ("/a*", "holds '*'"),
        ("/a?b", "holds '?'"),
        ("/a|b", "holds '|'"),
        ("/a'b", r"holds '\''"),
        ("/ä", "holds 'ä'"),
        (r"/a\tb", r"holds '\t'"),
    ] {
        let expected = (Code::BadPath, format!("the path {why}"));
        assert_eq!(path(wrong), Err(expected), "{wrong}");
    }
}

#[test]
fn a_key_is_any_number_of_32_bits_but_zero() {
    let key = |key: &str| segment(&format!("kind: cell, sysv_key: {key}, sync: none"));
    for (number, expected) in [
        ("1", 1),
        ("0x4e545032", 0x4e54_5032),
        ("4294967295", u32::MAX),
    ] {
        assert_eq!(key(number).expect(number).place, Place::SysV(expected));
    }
    for number in ["0", "-1", "4294967296"] {
        assert_eq!(code(key(number)), Some(Code::BadSysvKey), "{number}");
    }
}

#[test]
fn a_segment_ends_with_its_last_record() {
    let lies = |keys: &str| {
        let found = segment(&format!("path: /dev/shm/tick, sync: none, {keys}"))?;
        Ok::<_, (Code, String)>((found.at, found.stride, found.size))
    };
    assert_eq!(lies("kind: cell"), Ok((0, 16, 16)));
    assert_eq!(lies("kind: cell, at: 33"), Ok((33, 16, 49)));
    assert_eq!(lies("kind: table, rows: 1"), Ok((0, 16, 16)));
    assert_eq!(lies("kind: table, rows: 3"), Ok((0, 16, 48)));
    assert_eq!(lies("kind: table, rows: 3, stride: 16"), Ok((0, 16, 48)));
    assert_eq!(
        lies("kind: table, rows: 3, stride: 24, at: 8"),
        Ok((8, 24, 72))
    );
    let room = (1_u64 << 40) - 16;
    assert_eq!(
        lies(&format!("kind: cell, at: {room}")),
        Ok((room, 16, 1 << 40))
    );
    let too_large = lies(&format!("kind: cell, at: {}", room + 1));
    assert_eq!(
        too_large.map_err(|(code, _)| code),
        Err(Code::SegmentTooLarge)
    );
    let overlap = lies("kind: table, rows: 3, stride: 15");
    assert_eq!(overlap.map_err(|(code, _)| code), Err(Code::BadStride));
}

#[test]
fn each_way_to_tell_a_whole_record_is_known() {
    let sync = |sync: &str| {
        let keys = format!("kind: cell, path: /dev/shm/tick, sync: {sync}");
        let found = record("begin: u32, valid: i32, end: u32", &keys)?;
        Ok::<_, (Code, String)>(found.sync)
    };
    assert_eq!(sync("none"), Ok(Sync::None));
    assert_eq!(
        sync("{ counter: end, rule: odd-while-writing }"),
        Ok(Sync::OddWhileWriting { counter: 2 })
    );
    assert_eq!(
        sync("{ counter: begin, rule: unchanged, valid: valid }"),
        Ok(Sync::Unchanged {
            counter: 0,
            valid: 1
        })
    );
    assert_eq!(
        sync("{ begin: begin, end: end }"),
        Ok(Sync::Pair { begin: 0, end: 2 })
    );
    for (wrong, expected) in [
        ("nothing", Code::UnknownSync),
        ("{ counter: begin, rule: even }", Code::UnknownSync),
        ("{ counter: begin, rule: unchanged }", Code::SyncKeys),
        (
            "{ counter: begin, rule: odd-while-writing, valid: valid }",
            Code::SyncKeys,
        ),
        (
            "{ counter: begin, rule: unchanged, valid: valid, end: end }",
            Code::SyncKeys,
        ),
        ("{ begin: begin }", Code::SyncKeys),
        // Not two fields, and not of one type.
        ("{ begin: end, end: end }", Code::BadSyncField),
        ("{ begin: begin, end: valid }", Code::BadSyncField),
        ("{ begin: begin, end: ends }", Code::UnknownSyncField),
    ] {
        let found = sync(wrong).map_err(|(code, _)| code);
        assert_eq!(found, Err(expected), "{wrong}");
    }
}

#[test]
fn a_counter_is_one_integer_of_a_size_that_is_read_at_once() {
    for (ty, expected) in [
        ("u32", None),
        ("i32", None),
        ("u64", None),
        ("i64", None),
        ("u8", Some(Code::BadSyncField)),
        ("u16", Some(Code::BadSyncField)),
        ("f64", Some(Code::BadSyncField)),
        ("timestamp_ns", Some(Code::BadSyncField)),
        ("u32, dims: [1]", Some(Code::BadSyncField)),
    ] {
        let found = record(
            &format!("x: u64, count: {}", ty.replace(", ", ",")),
            "kind: cell, path: /dev/shm/tick, sync: { counter: count, rule: odd-while-writing }",
        );
        assert_eq!(code(found), expected, "{ty}");
    }
}

#[test]
fn a_counter_lies_at_a_multiple_of_its_size_in_every_record() {
    let counts = "path: /dev/shm/tick, sync: { counter: count, rule: odd-while-writing }";
    for (fields, keys, expected) in [
        // A record of 5 bytes: the next one's counter would be split.
        ("count: u32, x: u8", "kind: cell", None),
        ("count: u32, x: u8", "kind: cell, at: 4", None),
        (
            "count: u32, x: u8",
            "kind: cell, at: 3",
            Some(Code::BadSyncField),
        ),
        (
            "count: u32, x: u8",
            "kind: table, rows: 2",
            Some(Code::BadSyncField),
        ),
        ("count: u32, x: u8", "kind: table, rows: 2, stride: 8", None),
        ("x: u8, count: u32", "kind: cell", Some(Code::BadSyncField)),
        ("x: u8, count: u32", "kind: cell, at: 3", None),
    ] {
        let found = record(fields, &format!("{keys}, {counts}"));
        assert_eq!(code(found), expected, "{fields}; {keys}");
    }
}

#[test]
fn a_key_of_ours_is_refused_once() {
    for keys in ["kind: cell", "kind: table, rows: 2"] {
        for key in ["count", "at", "nothing"] {
            let keys = format!("{keys}, path: /dev/shm/tick, sync: none, key: {key}");
            let errors = compiled("count: u32, at: f64", &keys).expect_err(&keys);
            let codes: Vec<Code> = errors.iter().map(|error| error.code).collect();
            assert_eq!(codes, [Code::OwnKey], "{keys}");
        }
    }
}
