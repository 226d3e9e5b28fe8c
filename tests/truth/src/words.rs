//! The words that random schemas are written with: harmless ones first, since
//! a draft shrinks towards them.

use std::collections::HashSet;

use shm_schema::Name;

/// Names of fields: keywords of every language, names that generated code
/// uses itself, and spellings that change case.
pub(crate) const FIELDS: &[&str] = &[
    "a",
    "b",
    "px",
    "qty",
    "bestBid",
    "HTTPStatus",
    "x2",
    "level_2",
    // Keywords.
    "type",
    "from",
    "in",
    "int",
    "class",
    "fn",
    "match",
    "None",
    "True",
    "lambda",
    "async",
    "await",
    "typeof",
    "register",
    "union",
    "auto",
    "bool",
    "def",
    "global",
    "is",
    "not",
    "yield",
    "virtual",
    "operator",
    "template",
    "new",
    "this",
    "static_assert",
    "uint8_t",
    "errno",
    "linux",
    "gen",
    "dyn",
    // What generated code says too.
    "str",
    "f64",
    "u8",
    "tuple",
    "property",
    "name",
    "size",
    "align",
    "offset",
    "fields",
    "section",
    "schema",
    "fingerprint",
    "shape",
    "version",
    "age",
    "len",
    "index",
    "out",
    "core",
    "std",
    "shm_runtime",
    "item",
    "value",
    "values",
];

/// Names of enums, flags and structs.
pub(crate) const TYPES: &[&str] = &[
    "Level",
    "Quote",
    "Phase",
    "Trade",
    "lower_case",
    "HTTPHeader",
    "X2",
    "Type",
    "Field",
    "Pad",
    "Name",
    "Table",
    "Segment",
    "FixedStr",
    "TimestampNs",
    "class",
    "match",
    "r",
    "async",
    "union",
    "register",
];

/// Names of the values of enums and of the bits of flags.
pub(crate) const VALUES: &[&str] = &[
    "Bid",
    "Ask",
    "none",
    "None",
    "type",
    "fn",
    "True",
    "class",
    "lambda",
    "x1",
    "NaN",
    "in",
    "default",
    "static",
    "Self_2",
    "HTTPError",
    "value",
    "self_",
];

/// Names of constants and segments.
pub(crate) const GLOBALS: &[&str] = &[
    "DEPTH", "ROWS", "quotes", "best", "from", "in", "x", "MAX_LEN", "lambda", "fn",
];

/// Free text, some of which would do harm where it is not only text.
pub(crate) const TEXTS: &[&str] = &[
    "Plain words.",
    "Two\nlines.",
    "*/ int stray; /*",
    "\"\"\" + 1/0 + \"\"\"",
    "ends in a backslash \\",
    "'quoted' and \"quoted\" and `quoted`",
    "{braces} {{twice}} %s %d {% endif %}",
    "[link](x) <b>&amp;</b> # Heading",
    "\\N{DASH} \\u202e \\x00 ??/ ??=",
    "naïve — déjà vu, 価格, 🦀",
    "   leading blanks, and a very long line that goes on and on until it is certain that every \
     printer of comments has to break it somewhere between two of its many words",
    "```\nassert!(false);\n```",
    "- a list\n  - in a list\n\n\nand a gap",
    "#![deny(warnings)] //! /// /** **/",
    "*",
    "/",
];

/// Hands out names of one scope.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    taken: HashSet<String>,
}

impl Scope {
    /// The word that `pick` stands for, with a number behind it when the
    /// scope has the word, or one that differs from it in case alone.
    pub(crate) fn name(&mut self, words: &[&str], pick: u16) -> String {
        let word = words[usize::from(pick) % words.len()];
        let key = |name: &str| Name::constant_case(name).replace('_', "");
        let mut name = word.to_owned();
        let mut number = 3;
        while !self.taken.insert(key(&name)) {
            name = format!("{word}{number}");
            number += 1;
        }
        name
    }
}

/// A text of the pool.
pub(crate) fn text(pick: u16) -> &'static str {
    TEXTS[usize::from(pick) % TEXTS.len()]
}
