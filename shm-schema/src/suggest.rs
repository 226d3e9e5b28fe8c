//! The nearest known word.

use crate::name::Name;

/// Most candidates that a word is compared with.
const MAX_COMPARED: usize = 1000;

/// The one of `known` that `word` was probably meant to be.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > 2 * Name::MAX {
        return None;
    }
    let lower = word.to_lowercase();
    // Who writes `Vec3` may have meant `common.Vec3`.
    let compared = |candidate: &'a str| match word.contains('.') {
        true => candidate,
        false => candidate.rsplit('.').next().unwrap_or(candidate),
    };
    // About a third of the letters may be wrong.
    let limit = (word.chars().count().div_ceil(3)).max(1);
    known
        .into_iter()
        .filter(|candidate| *candidate != word && candidate.len() <= 2 * Name::MAX)
        .take(MAX_COMPARED)
        .filter(|candidate| compared(candidate).len().abs_diff(lower.len()) <= limit)
        .map(|candidate| {
            let distance = strsim::osa_distance(&lower, &compared(candidate).to_lowercase());
            (distance, candidate)
        })
        .filter(|(distance, candidate)| *distance <= limit && *distance < candidate.len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// [`nearest`] as a help line.
pub(crate) fn did_you_mean<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    nearest(word, known).map(|near| format!("did you mean `{near}`?"))
}

/// Names that lead from one to the next; the middle of a long chain is left
/// out.
pub(crate) fn chained(names: &[String], verb: &str) -> String {
    match names {
        [first @ .., last] if names.len() > 8 => {
            let left_out = names.len() - 5;
            let first = first[..4].join(verb);
            format!("{first}{verb}... ({left_out} more) {verb}{last}")
        }
        names => names.join(verb),
    }
}

/// `a`, `b` and `c`, for messages.
pub(crate) fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = words.into_iter().map(|w| format!("`{w}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_found() {
        let known = ["fields", "align", "size", "f64"];
        assert_eq!(nearest("feilds", known), Some("fields"));
        assert_eq!(nearest("Align", known), Some("align"));
        assert_eq!(nearest("f46", known), Some("f64"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(nearest("x", known), None);
    }
}
