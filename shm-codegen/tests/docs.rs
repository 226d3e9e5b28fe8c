//! `gen --docs`: the pages say what the schema says, and nothing that its texts
//! hold becomes markup.

mod common;

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use common::{corpus, events, golden, has, program, run, scratch, tags};
use pulldown_cmark::{Event, Options, Parser};

/// Texts that have ended other people's comments, attributes and cells.
const HOSTILE: [&str; 16] = [
    "</style><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\" onmouseover=\"alert(1)",
    "' onfocus='alert(1)",
    "-->]]><!-- &lt;b&gt; &#x3c;b",
    "<!-- a -- b -->",
    "[a](javascript:alert(1)) ![b](http://x.y/z.png)",
    "https://example.com www.example.com a@example.com",
    "**bold** __bold__ ~~gone~~ $x$ :smile: [^1] ==x==",
    "| a | b | \\| `c|d` \\",
    "```",
    "`` ` ``",
    "{{ page }} {% raw %}",
    "- a",
    "1. a",
    "<details open><summary>",
];

/// A schema whose every text is `text`.
fn schema(text: &str) -> String {
    let text = serde_json::to_string(text).unwrap();
    format!(
        "shm: 1
package: page
version: 2
doc: {text}
constants: [{{ name: LEN, type: u32, value: 3, doc: {text} }}]
enums: [{{ name: Side, repr: u8, doc: {text}, values: [{{ name: Bid, value: 1, doc: {text} }}] }}]
flags: [{{ name: Marks, repr: u8, doc: {text}, bits: [{{ name: Old, bit: 1, doc: {text} }}] }}]
structs:
  - name: Quote
    doc: {text}
    fields:
      - {{ name: px, type: f64, unit: {text}, deprecated: {text}, doc: {text} }}
      - {{ name: room, reserved: 8, doc: {text} }}
segments: [{{ name: best, kind: cell, of: Quote, doc: {text} }}]
"
    )
}

fn pages(text: &str) -> (String, String) {
    let directory = scratch();
    let at = directory.path();
    fs::write(at.join("page.yaml"), schema(text)).unwrap();
    run(at, "gen page.yaml --docs out").exits(0);
    let read = |name: &str| fs::read_to_string(at.join("out").join(name)).unwrap();
    let svg = run(at, "layout page.yaml --format svg").exits(0).stdout;
    (read("page.html") + &svg, read("page.md"))
}

#[test]
fn no_text_becomes_markup() {
    let (html, markdown) = pages("word");
    let (html, markdown) = (tags(&html), events(&markdown));
    assert!(html.len() > 50 && markdown.len() > 50);
    for text in HOSTILE {
        let (page, text_page) = pages(text);
        // The stamp and the fingerprints leave docs out: they are the same.
        assert_eq!(tags(&page), html, "{text}");
        assert_eq!(events(&text_page), markdown, "{text}");
    }
}

#[test]
fn every_text_is_there_to_read() {
    for text in HOSTILE {
        let (html, markdown) = pages(text);
        let plain = html
            .replace("&#60;", "<")
            .replace("&#62;", ">")
            .replace("&#34;", "\"")
            .replace("&#39;", "'")
            .replace("&#38;", "&");
        if !text.contains('`') {
            assert!(plain.contains(text), "{text}");
        }
        let words: String = Parser::new_ext(&markdown, Options::ENABLE_TABLES)
            .filter_map(|event| match event {
                Event::Text(text) | Event::Code(text) => Some(text.to_string()),
                _ => None,
            })
            .collect();
        let wanted = text.replace('`', "");
        assert!(words.replace('`', "").contains(&wanted), "{text}");
    }
}

#[test]
fn a_page_loads_nothing() {
    let (html, _) = pages("word");
    for way in [
        "<script",
        "<link",
        "src=",
        "url(",
        "@import",
        "<iframe",
        "<object",
        "href=\"http",
    ] {
        assert!(!html.contains(way), "{way}");
    }
    assert!(html.contains("default-src 'none'"));
}

#[test]
fn the_markdown_page_and_the_map_are_as_they_should() {
    let directory = scratch();
    let at = directory.path();
    let small = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/small.yaml");
    fs::copy(small, at.join("small.yaml")).unwrap();
    run(at, "gen small.yaml --docs .").exits(0);
    golden(
        "small.md",
        &fs::read_to_string(at.join("small.md")).unwrap(),
    );
    let map = run(at, "layout small.yaml --format map").exits(0).stdout;
    golden("small.map.txt", &map);
    let colours = run(at, "layout small.yaml --format map --color always").exits(0);
    let without: String = strip(&colours.stdout);
    assert!(
        without.starts_with(&map),
        "colour adds no words but a legend"
    );
}

/// A text without its ANSI colours.
fn strip(text: &str) -> String {
    let mut parts = text.split("\x1b[");
    let first = parts.next().unwrap_or_default().to_owned();
    let rest = parts.map(|part| part.split_once('m').map_or("", |(_, rest)| rest));
    first + &rest.collect::<String>()
}

#[test]
fn every_link_leads_somewhere() {
    let directory = scratch();
    let at = directory.path();
    let mut command = program(at);
    command.arg("gen").args(corpus()).args(["--docs", "out"]);
    assert!(command.output().unwrap().status.success());
    let mut pages = Vec::new();
    let mut anchors = HashSet::new();
    for entry in fs::read_dir(at.join("out")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        anchors.insert(name.clone());
        let ids = text.split("id=\"").skip(1);
        for id in ids.map(|rest| rest.split('"').next().unwrap_or_default()) {
            assert!(anchors.insert(format!("{name}#{id}")), "{name}#{id} twice");
        }
        pages.push((name, text));
    }
    let mut links = 0;
    for (name, text) in pages {
        let html = text
            .split("href=\"")
            .skip(1)
            .map(|rest| rest.split('"').next());
        let markdown = text.split("](").skip(1).map(|rest| rest.split(')').next());
        for link in html.chain(markdown).flatten() {
            let link = match link.strip_prefix('#') {
                Some(id) => format!("{name}#{id}"),
                None => link.to_owned(),
            };
            assert!(anchors.contains(&link), "{link} in {name}");
            links += 1;
        }
    }
    assert!(links > 50, "{links}");
}

#[test]
fn a_picture_is_well_formed() {
    if !has("python3", "a_picture_is_well_formed") {
        return;
    }
    let directory = scratch();
    let at = directory.path();
    let parse = "import sys, xml.dom.minidom as m; m.parse(sys.argv[1])";
    let texts = HOSTILE.into_iter().chain(["\u{fffe}\u{ffff}", "\u{1f980}"]);
    let texts: Vec<String> = texts.map(schema).collect();
    let corpus = corpus()
        .into_iter()
        .map(|path| fs::read_to_string(path).unwrap());
    for (index, text) in corpus
        .filter(|t| !t.contains("imports:"))
        .chain(texts)
        .enumerate()
    {
        fs::write(at.join("page.yaml"), &text).unwrap();
        let svg = run(at, "layout page.yaml --format svg").exits(0).stdout;
        fs::write(at.join("page.svg"), svg).unwrap();
        let mut python = std::process::Command::new("python3");
        let parsed = python.args(["-c", parse]).arg(at.join("page.svg")).output();
        let parsed = parsed.unwrap();
        let told = String::from_utf8_lossy(&parsed.stderr);
        assert!(parsed.status.success(), "{index}: {told}\n{text}");
    }
}

#[test]
fn a_picture_says_which_order_leaves_no_holes() {
    let directory = scratch();
    let at = directory.path();
    let fields = "{ name: a, type: u8 }, { name: b, type: u64 }, { name: c, type: u8 }";
    let text = format!("shm: 1\npackage: p\nstructs: [{{ name: S, fields: [{fields}] }}]\n");
    fs::write(at.join("p.yaml"), text).unwrap();
    for format in ["svg", "map", "text"] {
        let shown = run(at, &format!("layout p.yaml --format {format}"))
            .exits(0)
            .stdout;
        assert!(
            shown.contains("no holes in this order, 16 instead of 24"),
            "{shown}"
        );
        assert!(shown.contains("b, a, c"), "{shown}");
    }
}
