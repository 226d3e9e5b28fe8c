//! What a schema says in words never becomes code.

use proc_macro2::{TokenStream, TokenTree};

/// Ends of comments, strings, attributes and lines, and what turns the
/// direction of what follows.
const HOSTILE: &[&str] = &[
    "*/ pub fn evil() {} /*",
    "\" )] pub fn evil() {} #[deprecated(note = \"",
    "\\\" )] pub fn evil() {} //",
    "a\\",
    "\"\"\"",
    "\"#) + evil!() + r#\"",
    "a\npub fn evil() {}\nb",
    "a\r\npub fn evil() {}",
    "a\rpub fn evil() {}",
    "a\u{85}pub fn evil() {}",
    "a\u{2028}pub fn evil() {}\u{2029}",
    "a\u{b}pub fn evil() {}\u{c}",
    "\u{202e}} )(live nf bup\u{2066}",
    "\u{feff}//! inner",
    "! inner",
    "/ four slashes",
    "{} {evil} ${evil} #evil $evil",
    "```\npanic!()\n```",
    "    panic!()",
    "]] > <script> &lt; [`Self`] [x]: http://evil/`",
];

#[test]
fn hostile_words_leave_the_syntax_as_it_is() {
    let harmless = syntax("harmless").expect("it is valid");
    let mut accepted = 0;
    for words in HOSTILE {
        // What is refused reaches no output.
        if let Some(syntax) = syntax(words) {
            assert_eq!(syntax, harmless, "of {words:?}");
            accepted += 1;
        }
    }
    assert!(accepted >= 12, "{accepted} of {}", HOSTILE.len());
}

/// Guards the test itself: what it compares does tell code from words.
#[test]
fn code_is_told_from_words() {
    let harmless = flat(&parsed("/// A.\n/// B.\npub fn f() {}"));
    assert_eq!(harmless, flat(&parsed("/// \"C\"\npub fn f() {}")));
    assert_ne!(
        harmless,
        flat(&parsed("/// A.\npub fn f() {} fn evil() {}"))
    );
}

/// The Rust of a schema that has `words` wherever words may stand; `None` when
/// the language refuses them.
fn syntax(words: &str) -> Option<String> {
    let words = quoted(words);
    let schema = format!(
        "shm: 1
package: words
version: 2
doc: {words}
constants:
  - {{ name: COUNT, type: u8, value: 1, doc: {words} }}
enums:
  - name: Side
    repr: u8
    doc: {words}
    values: [{{ name: Bid, value: 1, doc: {words} }}]
flags:
  - name: Marks
    repr: u8
    doc: {words}
    bits: [{{ name: Firm, bit: 0, doc: {words} }}]
structs:
  - name: Quote
    doc: {words}
    fields:
      - {{ name: id, type: u32, unit: {words}, range: [0, 9], deprecated: {words}, doc: {words} }}
      - {{ name: px, type: i32, scale: 0.5, sentinel: 0, unit: {words}, deprecated: {words} }}
      - {{ name: side, type: Side, deprecated: {words}, doc: {words} }}
      - {{ name: room, reserved: 7, doc: {words} }}
segments:
  - {{ name: quotes, kind: table, of: Quote, rows: 3, key: id, doc: {words} }}
"
    );
    let layout = match shm_schema::compile("words.yaml", schema.as_bytes()) {
        Ok(layout) => layout,
        Err(errors) => {
            let errors = errors.to_string();
            let refused = ["error[control-character]", "error[direction-override]"];
            assert!(refused.iter().any(|code| errors.contains(code)), "{errors}");
            return None;
        }
    };
    Some(flat(&parsed(&shm_rust::source(&layout))))
}

/// A YAML string of escapes alone.
fn quoted(words: &str) -> String {
    let escaped: String = words
        .chars()
        .map(|c| format!("\\U{:08X}", u32::from(c)))
        .collect();
    format!("\"{escaped}\"")
}

/// The tokens, of what is a whole file of items.
fn parsed(source: &str) -> TokenStream {
    syn::parse_file(source).unwrap_or_else(|error| panic!("{error}\n{source}"));
    source.parse().expect("it is a file")
}

/// One line of tokens. Literals are alike, and so are docs of any number of
/// lines.
fn flat(tokens: &TokenStream) -> String {
    const DOC: &str = "#[doc = _] ";
    let mut out = String::new();
    for token in tokens.clone() {
        match token {
            TokenTree::Literal(_) => out += "_ ",
            TokenTree::Group(group) => {
                let inside = flat(&group.stream());
                match group.delimiter() {
                    proc_macro2::Delimiter::Bracket => out += &format!("[{}] ", inside.trim_end()),
                    other => out += &format!("{other:?}({inside}) "),
                }
            }
            TokenTree::Punct(punct) if punct.as_char() == '#' => out.push('#'),
            other => out += &format!("{other} "),
        }
    }
    while let Some(at) = out.find(&DOC.repeat(2)) {
        out.replace_range(at..at + DOC.len(), "");
    }
    out
}
