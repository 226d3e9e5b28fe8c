//! From the word in a message to the page that explains it.

use std::fmt;

use crate::code::Code;
use crate::suggest::nearest;

/// A word that is no code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownCode {
    /// As it was given.
    pub word: String,
    /// The code that was probably meant.
    pub nearest: Option<Code>,
}

impl std::str::FromStr for Code {
    type Err = UnknownCode;

    /// A code as messages show it, such as `duplicate-key`.
    fn from_str(word: &str) -> Result<Self, UnknownCode> {
        let all = Code::ALL.iter().copied();
        let exactly = |known: &str| all.clone().find(|code| code.as_str() == known);
        exactly(word).ok_or_else(|| UnknownCode {
            word: word.to_owned(),
            nearest: nearest(word, Code::ALL.iter().map(|code| code.as_str())).and_then(exactly),
        })
    }
}

impl fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no rule has the code `{}`", self.word)
    }
}

impl std::error::Error for UnknownCode {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_read_back() {
        for &code in Code::ALL {
            assert_eq!(code.as_str().parse(), Ok(code));
        }
    }

    #[test]
    fn a_slip_of_the_finger_gets_the_code_that_was_meant() {
        let nearest = |word: &str| word.parse::<Code>().unwrap_err().nearest;
        assert_eq!(nearest("duplicate_key"), Some(Code::DuplicateKey));
        assert_eq!(nearest("colour"), None);
    }
}
