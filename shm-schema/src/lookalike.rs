//! Letters of other scripts that look like those of ASCII.

/// Each letter and the one it looks like, from the Unicode list of confusable
/// characters (UTS #39): those of the scripts that keyboards switch to.
const LETTERS: &[(&str, &str)] = &[
    // Cyrillic.
    ("аԁеһіјӏорԛѕԝхусѵ", "adehijlopqswxycv"),
    ("АВЕНІЈКМОРЅТХУСԜ", "ABEHIJKMOPSTXYCW"),
    // Greek.
    ("αιορνυκ", "aiopvuk"),
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"),
    // Armenian.
    ("ոսօ", "nuo"),
];

/// The ASCII word that `text` looks like; `None` when it looks like none.
pub(crate) fn ascii(text: &str) -> Option<String> {
    text.chars().map(letter).collect()
}

fn letter(c: char) -> Option<char> {
    match c {
        _ if c.is_ascii() => Some(c),
        // Letters and digits of double width stand as ASCII has them.
        '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' => {
            char::from_u32(u32::from(c) - 0xfee0)
        }
        _ => LETTERS.iter().find_map(|(from, to)| {
            let i = from.chars().position(|letter| letter == c)?;
            to.chars().nth(i)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_looks_like_one() {
        for (from, to) in LETTERS {
            assert_eq!(from.chars().count(), to.len(), "{from}");
            assert!(from.chars().all(|c| !c.is_ascii()) && to.is_ascii());
        }
    }

    #[test]
    fn a_word_in_disguise_is_seen_through() {
        assert_eq!(ascii("prіce").as_deref(), Some("price"));
        assert_eq!(ascii("ＢＩＤ１").as_deref(), Some("BID1"));
        assert_eq!(ascii("größe"), None);
    }
}
