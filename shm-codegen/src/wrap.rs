//! Long lines of a schema's text, broken at blanks.

/// Breaks at blanks so that each line has at most `room` characters, where it
/// can. The blanks at a line's start, a list's indent, are kept.
pub(crate) fn wrap(line: &str, room: usize) -> Vec<String> {
    if line.chars().count() <= room {
        return vec![line.to_owned()];
    }
    let indent: String = line.chars().take_while(|c| *c == ' ').collect();
    let mut lines = Vec::new();
    let mut current = indent.clone();
    for word in line.split_whitespace() {
        let begun = current.len() > indent.len();
        if begun && current.chars().count() + 1 + word.chars().count() > room {
            lines.push(std::mem::replace(&mut current, indent.clone()));
        } else if begun {
            current.push(' ');
        }
        current.push_str(word);
    }
    lines.push(current);
    lines
}
