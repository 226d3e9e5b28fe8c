//! A document as canonical text.

use super::comment::Comment;
use super::scalar::Raw;
use super::syntax::{Document, Entry, Group, Node, What};
use crate::shape::{Kind, SCHEMA, Shape};

/// Most characters of a list or map in brackets that holds others.
const WIDTH: usize = 120;

/// Between a value and its comment.
const BESIDE: &str = "  ";

pub(super) fn document(document: &Document) -> String {
    let mut lines = match &document.root.what {
        What::Map(group) => map(group, Some(&SCHEMA), 0),
        What::List(_) | What::Scalar(_) => Vec::new(),
    };
    // Nothing stands above the first line.
    while lines.first().is_some_and(String::is_empty) {
        lines.remove(0);
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// Text of some lines, without the indentation of what is around.
type Lines = Vec<String>;

/// A map's keys, a line or more each. `indent` is where they stand.
fn map(group: &Group, shape: Option<&Shape>, indent: usize) -> Lines {
    let mut lines = Lines::new();
    let mut keeps = false;
    for entry in sorted(group, shape) {
        above(entry, keeps, &mut lines);
        keeps = matches!(
            &entry.value.what,
            What::Scalar(Raw::Block { keeps: true, .. })
        );
        value(entry, below(entry, shape), indent, &mut lines);
    }
    comments(&group.tail, &mut lines);
    lines
}

/// In the order of the language; what it does not know, last.
fn sorted<'a>(group: &'a Group, shape: Option<&Shape>) -> Vec<&'a Entry> {
    let mut entries: Vec<&Entry> = group.entries.iter().collect();
    if let Some(shape) = shape {
        let place = |entry: &&Entry| shape.names().position(|name| name == entry.key);
        entries.sort_by_key(|entry| place(entry).unwrap_or(usize::MAX));
    }
    entries
}

/// What the items of a key's list are, or the map that it takes.
fn below(entry: &Entry, shape: Option<&Shape>) -> Option<&'static Shape> {
    match shape?.key(&entry.key)?.kind {
        Kind::Items(shape) | Kind::WordOr(shape) => Some(shape),
        _ => None,
    }
}

/// An empty line and the comments above an entry.
fn above(entry: &Entry, keeps: bool, lines: &mut Lines) {
    let before = lines.len();
    comments(&entry.above, lines);
    if entry.after_blank && !lines.is_empty() {
        lines.push(String::new());
    }
    // An empty line behind a block that keeps its last ones would become one
    // of them.
    if keeps && lines.get(before).is_some_and(String::is_empty) {
        lines.remove(before);
    }
}

fn comments(comments: &[Comment], lines: &mut Lines) {
    for comment in comments {
        if comment.after_blank && comment.is_alone && !lines.is_empty() {
            lines.push(String::new());
        }
        lines.push(comment.text.clone());
    }
}

/// A key with its value.
fn value(entry: &Entry, items: Option<&Shape>, indent: usize, lines: &mut Lines) {
    let key = &entry.key;
    match &entry.value.what {
        What::Scalar(raw) => {
            let first = lines.len();
            scalar(key, raw, lines);
            // Beside the head of a block: below it would be a part of it.
            let last = match raw {
                Raw::Block { .. } => first,
                Raw::Line(_) | Raw::Lines(_) => lines.len() - 1,
            };
            lines[last].push_str(&beside(entry));
        }
        What::List(group) | What::Map(group) => {
            let room = WIDTH.saturating_sub(indent + key.len() + 2);
            if let Some(text) = flow(&entry.value, items, room) {
                lines.push(format!("{key}: {text}{}", beside(entry)));
                return;
            }
            lines.push(format!("{key}:{}", beside(entry)));
            let inner = match &entry.value.what {
                What::List(_) => list(group, items, indent + 2),
                _ => map(group, items, indent + 2),
            };
            lines.extend(inner.into_iter().map(|line| indented(&line)));
        }
    }
}

fn scalar(key: &str, raw: &Raw, lines: &mut Lines) {
    match raw {
        Raw::Line(text) if text.is_empty() => lines.push(format!("{key}:")),
        Raw::Line(text) => lines.push(format!("{key}: {text}")),
        Raw::Lines(several) => {
            let mut several = several.iter();
            let first = several.next().map_or("", String::as_str);
            lines.push(format!("{key}: {first}"));
            lines.extend(several.map(|line| indented(line)));
        }
        Raw::Block {
            head, lines: body, ..
        } => {
            lines.push(format!("{key}: {head}"));
            lines.extend(body.iter().map(|line| indented(line)));
        }
    }
}

/// A list's items behind dashes.
fn list(group: &Group, items: Option<&Shape>, indent: usize) -> Lines {
    let mut lines = Lines::new();
    for entry in &group.entries {
        above(entry, false, &mut lines);
        let room = WIDTH.saturating_sub(indent + 2);
        let inner = match &entry.value.what {
            What::Scalar(Raw::Line(text)) => vec![format!("{text}{}", beside(entry))],
            What::Scalar(raw) => {
                let mut inner = Lines::new();
                scalar("", raw, &mut inner);
                inner[0] = inner[0].trim_start_matches(": ").to_owned();
                let last = inner.len() - 1;
                inner[last].push_str(&beside(entry));
                inner
            }
            What::List(inner) | What::Map(inner) => match flow(&entry.value, items, room) {
                Some(text) => vec![format!("{text}{}", beside(entry))],
                None => match &entry.value.what {
                    What::List(_) => list(inner, None, indent + 2),
                    _ => map(inner, items, indent + 2),
                },
            },
        };
        let first = inner.iter().position(|line| !is_comment(line));
        let (hoisted, inner) = inner.split_at(first.unwrap_or(inner.len()));
        lines.extend(hoisted.iter().filter(|line| !line.is_empty()).cloned());
        let mut inner = inner.iter();
        lines.extend(inner.next().map(|line| format!("- {line}")));
        lines.extend(inner.map(|line| indented(line)));
    }
    comments(&group.tail, &mut lines);
    lines
}

/// Whether a line of a map stands above its first key.
fn is_comment(line: &str) -> bool {
    line.is_empty() || line.starts_with('#')
}

fn indented(line: &str) -> String {
    match line.is_empty() {
        true => String::new(),
        false => format!("  {line}"),
    }
}

fn beside(entry: &Entry) -> String {
    let comments = entry.beside.iter();
    let texts: Vec<&str> = comments.map(|c| c.text.as_str()).collect();
    match texts.is_empty() {
        true => String::new(),
        false => format!("{BESIDE}{}", texts.join(" ")),
    }
}

/// A value in brackets on one line; `None` when it must stand in lines.
fn flow(node: &Node, items: Option<&Shape>, room: usize) -> Option<String> {
    let (What::List(group) | What::Map(group)) = &node.what else {
        return None;
    };
    let must = group.entries.is_empty();
    if !(group.is_flow || must) || !is_simple(node) {
        return None;
    }
    let text = inline(node, items);
    let holds_maps = group.entries.iter().any(|entry| holds_map(&entry.value));
    match !holds_maps || text.chars().count() <= room {
        true => Some(text),
        false => None,
    }
}

fn holds_map(node: &Node) -> bool {
    match &node.what {
        What::Scalar(_) => false,
        What::Map(_) => true,
        What::List(group) => group.entries.iter().any(|entry| holds_map(&entry.value)),
    }
}

/// Whether neither a comment nor a scalar of several lines is in it.
fn is_simple(node: &Node) -> bool {
    match &node.what {
        What::Scalar(raw) => matches!(raw, Raw::Line(_)),
        What::List(group) | What::Map(group) => {
            let is_simple =
                |e: &Entry| e.above.is_empty() && e.beside.is_empty() && is_simple(&e.value);
            group.tail.is_empty() && group.entries.iter().all(is_simple)
        }
    }
}

fn inline(node: &Node, shape: Option<&Shape>) -> String {
    match &node.what {
        What::Scalar(Raw::Line(text)) => text.clone(),
        // Not simple, and so not asked for.
        What::Scalar(_) => String::new(),
        What::List(group) => {
            let items = group.entries.iter();
            let items: Vec<String> = items.map(|e| inline(&e.value, shape)).collect();
            format!("[{}]", items.join(", "))
        }
        What::Map(group) if group.entries.is_empty() => "{}".to_owned(),
        What::Map(group) => {
            let entries = sorted(group, shape).into_iter();
            let entries =
                entries.map(|e| format!("{}: {}", e.key, inline(&e.value, below(e, shape))));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}
