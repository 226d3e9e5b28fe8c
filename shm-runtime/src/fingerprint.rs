//! What two programs compare instead of a layout.

use core::fmt;

use crate::sha256;

/// SHA-256 of a canonical text: equal fingerprints mean equal layouts.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; 32]);

impl Fingerprint {
    /// The fingerprint of a canonical text.
    pub const fn of(text: &[u8]) -> Self {
        Self(sha256::digest(text))
    }

    /// The fingerprint with these 64 hexadecimal digits, as
    /// [`Display`](fmt::Display) prints them.
    ///
    /// # Panics
    ///
    /// On any other text. This is for constants, where that is a compile error.
    pub const fn from_hex(hex: &str) -> Self {
        let digits = hex.as_bytes();
        assert!(digits.len() == 64, "a fingerprint has 64 digits");
        let mut bytes = [0; 32];
        let mut i = 0;
        while i < 32 {
            bytes[i] = nibble(digits[2 * i]) << 4 | nibble(digits[2 * i + 1]);
            i += 1;
        }
        Self(bytes)
    }

    /// `==` for constants, where operators of traits do not run.
    pub const fn equals(&self, other: &Self) -> bool {
        let mut i = 0;
        while i < 32 && self.0[i] == other.0[i] {
            i += 1;
        }
        i == 32
    }
}

const fn nibble(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        b'A'..=b'F' => digit - b'A' + 10,
        _ => panic!("a fingerprint's digits are hexadecimal"),
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::Fingerprint;

    #[test]
    fn hex_goes_there_and_back() {
        let fingerprint = Fingerprint::of(b"abc");
        let back = Fingerprint::from_hex(&fingerprint.to_string());
        assert!(fingerprint.equals(&back));
        assert!(!fingerprint.equals(&Fingerprint::of(b"abd")));
    }
}
