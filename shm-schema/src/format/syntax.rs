//! A document with its comments, each beside the value it belongs to.

use saphyr_parser::{Event, Parser, Span};

use super::comment::{Comment, Comments, line_start};
use super::scalar::Raw;
use crate::marks::Marks;

/// A value.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) start: usize,
    /// One past its last byte.
    pub(super) end: usize,
    pub(super) what: What,
}

#[derive(Debug)]
pub(super) enum What {
    Scalar(Raw),
    List(Group),
    Map(Group),
}

/// What a list or a map holds.
#[derive(Debug)]
pub(super) struct Group {
    /// Whether it stands in brackets.
    pub(super) is_flow: bool,
    /// Of its entries, when it stands in lines.
    column: usize,
    pub(super) entries: Vec<Entry>,
    /// Behind the last entry.
    pub(super) tail: Vec<Comment>,
}

/// An item of a list, or a key of a map and its value.
#[derive(Debug)]
pub(super) struct Entry {
    /// Empty in a list.
    pub(super) key: String,
    start: usize,
    pub(super) after_blank: bool,
    /// Above it.
    pub(super) above: Vec<Comment>,
    pub(super) value: Node,
    /// On its line; of a value in lines, on the line of its key.
    pub(super) beside: Vec<Comment>,
}

/// The whole file.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) root: Node,
    /// The texts of all comments, sorted.
    comments: Vec<String>,
}

impl Document {
    /// What no change of the form may lose.
    pub(super) fn comments(&self) -> &[String] {
        &self.comments
    }
}

/// The document, when there is one.
pub(super) fn read(text: &str) -> Option<Document> {
    let mut reader = Reader {
        text,
        marks: Marks::new(text),
        events: Parser::new_from_str(text),
        comments: Comments::default(),
        cursor: 0,
    };
    let mut root = loop {
        let (event, span) = reader.events.next()?.ok()?;
        if let Some(node) = reader.node(event, span, 0)? {
            break node;
        }
    };
    reader.comments.scan(text, reader.cursor, text.len());
    let mut comments: Vec<String> = reader.comments.iter().map(|c| c.text.clone()).collect();
    comments.sort_unstable();
    let mut left = reader.comments;
    Attach {
        text,
        comments: &mut left,
    }
    .node(&mut root, text.len(), None);
    Some(Document { root, comments })
}

struct Reader<'a> {
    text: &'a str,
    marks: Marks<'a>,
    events: Parser<'a, saphyr_parser::StrInput<'a>>,
    comments: Comments,
    /// One past the last token.
    cursor: usize,
}

impl Reader<'_> {
    /// The value that an event begins; `None` inside for one that begins none.
    /// Recurses as deep as the gate lets lists and maps go.
    fn node(&mut self, event: Event<'_>, span: Span, column: usize) -> Option<Option<Node>> {
        let at = self.marks.span(span);
        let is_map = matches!(event, Event::MappingStart(..));
        match event {
            Event::Scalar(_, style, ..) => {
                let bytes = (at.start, at.end);
                let (raw, end) = Raw::read(self.text, style, bytes, self.cursor, column)?;
                self.token(at.start, end);
                if matches!(raw, Raw::Block { keeps: true, .. }) {
                    self.comments.kept_until = end;
                }
                Some(Some(Node {
                    start: at.start,
                    end,
                    what: What::Scalar(raw),
                }))
            }
            Event::MappingStart(..) | Event::SequenceStart(..) => {
                // A block begins where its first value does, without a token.
                let is_flow = at.start < at.end && self.marks.is_bracket(at);
                if is_flow {
                    self.token(at.start, at.start + 1);
                }
                let (entries, end) = self.entries(is_map, is_flow)?;
                let group = Group {
                    is_flow,
                    column: match entries.first() {
                        Some(first) if !is_flow => self.column(first.start),
                        _ => 0,
                    },
                    entries,
                    tail: Vec::new(),
                };
                let start = match is_flow {
                    true => at.start,
                    false => group.entries.first().map_or(at.start, |e| e.start),
                };
                let what = if is_map { What::Map } else { What::List };
                Some(Some(Node {
                    start,
                    end,
                    what: what(group),
                }))
            }
            _ => Some(None),
        }
    }

    /// Through the end of the list or map.
    fn entries(&mut self, is_map: bool, is_flow: bool) -> Option<(Vec<Entry>, usize)> {
        let mut entries = Vec::new();
        loop {
            let (event, span) = self.events.next()?.ok()?;
            if matches!(event, Event::MappingEnd | Event::SequenceEnd) {
                if is_flow {
                    // The parser counts blanks and comments behind it in.
                    let at = self.marks.span(span);
                    self.token(at.start, at.start + 1);
                }
                return Some((entries, self.cursor));
            }
            entries.push(match (is_map, event) {
                (true, Event::Scalar(key, style, ..)) => {
                    let at = self.marks.span(span);
                    let bytes = (at.start, at.end);
                    let (_, end) = Raw::read(self.text, style, bytes, self.cursor, 0)?;
                    self.token(at.start, end);
                    let column = if is_flow { 0 } else { self.column(at.start) };
                    let (event, span) = self.events.next()?.ok()?;
                    self.entry(key.into_owned(), at.start, event, span, column)?
                }
                (true, _) => return None,
                (false, event) => {
                    let start = match is_flow {
                        true => self.marks.span(span).start,
                        false => self.dash(self.marks.span(span).start),
                    };
                    let column = if is_flow { 0 } else { self.column(start) };
                    self.entry(String::new(), start, event, span, column)?
                }
            });
        }
    }

    fn entry(
        &mut self,
        key: String,
        start: usize,
        event: Event<'_>,
        span: Span,
        column: usize,
    ) -> Option<Entry> {
        let value = self.node(event, span, column)??;
        Some(Entry {
            key,
            start,
            after_blank: self.comments.after_blank(self.text, start),
            above: Vec::new(),
            value,
            beside: Vec::new(),
        })
    }

    /// Where the `-` of an item stands whose value starts there: the last one
    /// before it that is not in a comment.
    fn dash(&self, value: usize) -> usize {
        let gap = self.text.get(self.cursor..value).unwrap_or_default();
        let mut dash = value;
        let mut at = self.cursor;
        for line in gap.split_inclusive('\n') {
            let code = line.find(" #").unwrap_or(line.len());
            let code = if line.starts_with('#') { 0 } else { code };
            if let Some(found) = line[..code].rfind('-') {
                dash = at + found;
            }
            at += line.len();
        }
        dash
    }

    /// Takes a token, and the comments between it and the one before.
    fn token(&mut self, start: usize, end: usize) {
        self.comments.scan(self.text, self.cursor, start);
        self.cursor = self.cursor.max(end);
    }

    fn column(&self, at: usize) -> usize {
        self.text[line_start(self.text, at)..at].chars().count()
    }
}

/// Puts each comment where it belongs.
struct Attach<'a> {
    text: &'a str,
    comments: &'a mut Comments,
}

impl Attach<'_> {
    /// Takes the comments up to the end of the value, and those behind it that
    /// are indented as its entries are. `bound` is where the next value
    /// begins, `outer` the column of the lines around.
    fn node(&mut self, node: &mut Node, bound: usize, outer: Option<usize>) {
        let end = node.end;
        let (What::List(group) | What::Map(group)) = &mut node.what else {
            return;
        };
        // Behind the whole document nothing follows that could have them.
        let is_inner = group.is_flow && outer.is_some();
        let bound = if is_inner { end } else { bound };
        let column = group.column;
        let starts: Vec<usize> = group.entries.iter().map(|e| e.start).collect();
        for (i, entry) in group.entries.iter_mut().enumerate() {
            let next = starts.get(i + 1).copied().unwrap_or(bound);
            self.entry(entry, next, column);
        }
        group.tail = match (group.is_flow, outer) {
            (true, _) | (false, None) => self.comments.before(bound),
            (false, Some(outer)) => self.indented(bound, column, outer),
        };
    }

    fn entry(&mut self, entry: &mut Entry, next: usize, column: usize) {
        entry.above = self.comments.before(entry.start);
        let in_lines = matches!(
            &entry.value.what,
            What::List(group) | What::Map(group) if !group.is_flow
        );
        if !in_lines {
            entry.beside = self.comments.before(entry.value.start);
        } else {
            // On the line of the key, or of the dash, which can have none.
            let end = entry.value.start;
            let found = self.comments.beside(self.text, entry.start, end);
            match entry.key.is_empty() {
                true => entry.above.extend(found),
                false => entry.beside = found,
            }
        }
        self.node(&mut entry.value, next, Some(column));
        let behind = self.comments.beside(self.text, entry.value.end, next);
        match &mut entry.value.what {
            // On the line of its last entry, and so that one's.
            What::List(group) | What::Map(group) if in_lines => group.tail.extend(behind),
            _ => entry.beside.extend(behind),
        }
        // Two of them would become one.
        let beside = entry.beside.len().saturating_sub(1);
        entry.above.extend(entry.beside.drain(..beside));
    }

    fn indented(&mut self, bound: usize, column: usize, outer: usize) -> Vec<Comment> {
        let mut tail = Vec::new();
        let inner = |c: &Comment| c.start < bound && c.column >= column && c.column > outer;
        while let Some(comment) = self.comments.next_if(inner) {
            tail.push(comment);
        }
        tail
    }
}
