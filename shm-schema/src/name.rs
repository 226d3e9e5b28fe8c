//! What a name of the schema is called in each language.
//!
//! Every identifier that reaches generated code goes through here. Real
//! structs have fields named `type`, `from` and `int`, so a keyword is not an
//! error: each language has its own way around it.

use std::fmt;

use crate::words;

/// An identifier as the schema spells it: ASCII, at most 64 characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(String);

impl Name {
    /// Most characters a name may have.
    pub const MAX: usize = 64;

    pub(crate) fn new(text: impl Into<String>) -> Self {
        Name(text.into())
    }

    /// As the schema spells it. This spelling counts in fingerprints.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In Rust: a keyword becomes a raw identifier, `r#type`.
    pub fn rust(&self) -> String {
        Name::rust_ident(&self.0)
    }

    /// [`Name::rust`] of a name that is kept as text, as that of a gap is.
    pub fn rust_ident(name: &str) -> String {
        match words::RUST_KEYWORDS.contains(&name) {
            true => format!("r#{name}"),
            false => name.to_owned(),
        }
    }

    /// In Python: a keyword gets a trailing underscore, `from_` (PEP 8).
    pub fn python(&self) -> String {
        Name::python_ident(&self.0)
    }

    /// [`Name::python`] of a name that is kept as text, as that of a gap is.
    pub fn python_ident(name: &str) -> String {
        suffixed(name, words::PYTHON_KEYWORDS)
    }

    /// In C and C++: a keyword or a common macro gets a trailing underscore,
    /// `int_`.
    pub fn c(&self) -> String {
        Name::c_ident(&self.0)
    }

    /// [`Name::c`] of a name that is kept as text, as that of a gap is.
    pub fn c_ident(name: &str) -> String {
        suffixed(name, words::C_KEYWORDS)
    }

    /// In Cython, which has the keywords of both Python and C and some of its
    /// own: each gets a trailing underscore, `cdef_`.
    pub fn cython(&self) -> String {
        Name::cython_ident(&self.0)
    }

    /// [`Name::cython`] of a name that is made of others, as that of a macro.
    pub fn cython_ident(name: &str) -> String {
        let words = [
            words::PYTHON_KEYWORDS,
            words::C_KEYWORDS,
            words::CYTHON_KEYWORDS,
        ];
        suffixed(name, &words.concat())
    }

    /// As a constant: `BEST_BID`, from `best_bid`, `bestBid` or `BestBid`.
    pub fn upper(&self) -> String {
        Name::constant_case(&self.0)
    }

    /// [`Name::upper`] of an identifier that comes from elsewhere, such as a
    /// Rust struct without a schema.
    pub fn constant_case(ident: &str) -> String {
        let chars: Vec<char> = ident.chars().collect();
        let mut out = String::with_capacity(chars.len() + 4);
        for (i, &c) in chars.iter().enumerate() {
            if c.is_ascii_uppercase() && i > 0 {
                let before = chars[i - 1];
                let starts_word = chars.get(i + 1).is_some_and(char::is_ascii_lowercase);
                // `bestBid` breaks before `B`; `HTTPServer` breaks before `S`.
                if before.is_ascii_lowercase()
                    || before.is_ascii_digit()
                    || (before.is_ascii_uppercase() && starts_word)
                {
                    out.push('_');
                }
            }
            out.push(c.to_ascii_uppercase());
        }
        out
    }
}

fn suffixed(name: &str, keywords: &[&str]) -> String {
    match keywords.contains(&name) {
        true => format!("{name}_"),
        false => name.to_owned(),
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_is_the_same_from_every_casing() {
        for (from, to) in [
            ("best_bid", "BEST_BID"),
            ("bestBid", "BEST_BID"),
            ("BestBid", "BEST_BID"),
            ("BEST_BID", "BEST_BID"),
            ("HTTPServer", "HTTP_SERVER"),
            ("a_u8", "A_U8"),
            ("EnumU8", "ENUM_U8"),
            ("px2", "PX2"),
            ("x", "X"),
            ("level2Book", "LEVEL2_BOOK"),
        ] {
            assert_eq!(Name::new(from).upper(), to, "of `{from}`");
        }
    }

    #[test]
    fn keywords_are_named_around_in_each_language() {
        let spelled = |name: &str| {
            let name = Name::new(name);
            [name.rust(), name.python(), name.c(), name.cython()]
        };
        assert_eq!(spelled("type"), ["r#type", "type", "type", "type"]);
        assert_eq!(spelled("from"), ["from", "from_", "from", "from_"]);
        assert_eq!(spelled("int"), ["int", "int", "int_", "int_"]);
        assert_eq!(spelled("in"), ["r#in", "in_", "in", "in_"]);
        assert_eq!(spelled("None"), ["None", "None_", "None", "None_"]);
        assert_eq!(spelled("class"), ["class", "class_", "class_", "class_"]);
        assert_eq!(spelled("bid"), ["bid", "bid", "bid", "bid"]);
        assert_eq!(spelled("cdef"), ["cdef", "cdef", "cdef", "cdef_"]);
    }
}
