//! Comments as the text of a schema.

use tree_sitter::Node;

/// The comments right above an item, and one behind it on its line.
pub(super) fn of(item: Node<'_>, text: &str) -> Option<String> {
    let mut above = Vec::new();
    let mut row = item.start_position().row;
    let mut before = item.prev_sibling();
    while let Some(comment) = before.filter(|node| node.kind() == "comment") {
        // One behind another item belongs to that; an empty line sets apart.
        let alone = comment.prev_sibling().is_none_or(|other| {
            other.end_position().row < comment.start_position().row || other.kind() == "comment"
        });
        if !alone || comment.end_position().row + 1 < row {
            break;
        }
        row = comment.start_position().row;
        above.push(words(&text[comment.byte_range()]));
        before = comment.prev_sibling();
    }
    above.reverse();
    let mut behind = item.next_sibling();
    if behind.is_some_and(|node| matches!(node.kind(), ";" | ",")) {
        behind = behind.and_then(|node| node.next_sibling());
    }
    let behind = behind.filter(|node| {
        node.kind() == "comment" && node.start_position().row == item.end_position().row
    });
    above.extend(behind.map(|comment| words(&text[comment.byte_range()])));
    let doc = above.join("\n").trim().to_owned();
    (!doc.is_empty()).then_some(doc)
}

/// A comment without its signs.
fn words(comment: &str) -> String {
    let inside = comment
        .trim_start_matches(['/', '*', '!', '<'])
        .trim_end_matches(['*', '/']);
    let lines = inside.lines().map(|line| {
        let line = line.trim();
        line.strip_prefix('*').unwrap_or(line).trim()
    });
    let lines: Vec<&str> = lines.collect();
    lines.join("\n").trim().to_owned()
}
