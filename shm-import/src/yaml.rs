//! A draft as YAML, and which line comes from where.

use crate::draft::{Constant, Draft, Field, Place, Segment, Struct, Value, Values, What};

/// Longest line that a map in braces may make.
const WIDTH: usize = 120;

/// The YAML of a draft.
#[derive(Debug, Default)]
pub(crate) struct Yaml {
    pub(crate) text: String,
    /// For each line, the bytes of the source that it says.
    pub(crate) places: Vec<Place>,
}

impl Yaml {
    pub(crate) fn of(draft: &Draft) -> Self {
        let mut yaml = Self::default();
        let at = &draft.package_at;
        yaml.line(0, "shm: 1", at);
        yaml.line(0, &format!("package: {}", scalar(&draft.package)), at);
        yaml.line(0, &format!("version: {}", draft.version), at);
        yaml.doc(0, draft.doc.as_deref(), at);
        yaml.list("imports", &draft.imports, |yaml, (path, at)| {
            yaml.line(1, &format!("- {}", scalar(path)), at);
        });
        yaml.list("constants", &draft.constants, Self::constant);
        yaml.list("enums", &draft.enums, |yaml, e| yaml.values(e, "values"));
        yaml.list("flags", &draft.flags, |yaml, f| yaml.values(f, "bits"));
        yaml.list("structs", &draft.structs, Self::record);
        yaml.list("segments", &draft.segments, Self::segment);
        yaml
    }

    fn line(&mut self, indent: usize, text: &str, at: &Place) {
        self.text += &"  ".repeat(indent);
        self.text += text;
        self.text.push('\n');
        self.places.push(at.clone());
    }

    fn list<T>(&mut self, key: &str, items: &[T], write: impl Fn(&mut Self, &T)) {
        if !items.is_empty() {
            self.line(0, &format!("{key}:"), &(0..0));
        }
        for item in items {
            write(self, item);
        }
    }

    fn constant(&mut self, constant: &Constant) {
        let entries = vec![
            ("name", scalar(&constant.name)),
            ("type", constant.ty.to_owned()),
            ("value", constant.number.clone()),
        ];
        self.entry(1, entries, constant.doc.as_deref(), &constant.at);
    }

    fn values(&mut self, values: &Values, key: &'static str) {
        let at = &values.at;
        self.line(1, &format!("- name: {}", scalar(&values.name)), at);
        self.line(2, &format!("repr: {}", scalar(&values.repr)), at);
        self.doc(2, values.doc.as_deref(), at);
        self.line(2, &format!("{key}:"), at);
        let number = if key == "bits" { "bit" } else { "value" };
        for value in &values.values {
            self.value(number, value);
        }
    }

    fn value(&mut self, key: &'static str, value: &Value) {
        let entries = vec![
            ("name", scalar(&value.name)),
            (key, value.number.to_string()),
        ];
        self.entry(3, entries, value.doc.as_deref(), &value.at);
    }

    fn record(&mut self, record: &Struct) {
        let at = &record.at;
        self.line(1, &format!("- name: {}", scalar(&record.name)), at);
        self.doc(2, record.doc.as_deref(), at);
        for (key, number) in [
            ("align", record.align),
            ("size", record.size),
            ("pack", record.pack),
        ] {
            if let Some(number) = number {
                self.line(2, &format!("{key}: {number}"), at);
            }
        }
        self.line(2, "fields:", at);
        for field in &record.fields {
            self.field(field);
        }
    }

    fn field(&mut self, field: &Field) {
        let mut entries = vec![("name", scalar(&field.name))];
        match &field.what {
            What::Reserved(bytes) => entries.push(("reserved", bytes.clone())),
            What::Type(ty) => {
                entries.push(("type", scalar(&ty.name)));
                entries.extend(ty.len.iter().map(|len| ("len", len.clone())));
                if !ty.dims.is_empty() {
                    entries.push(("dims", format!("[{}]", ty.dims.join(", "))));
                }
            }
        }
        entries.extend(field.facts.iter().cloned());
        self.entry(3, entries, field.doc.as_deref(), &field.at);
    }

    fn segment(&mut self, segment: &Segment) {
        let kind = if segment.rows.is_some() {
            "table"
        } else {
            "cell"
        };
        let mut entries = vec![
            ("name", scalar(&segment.name)),
            ("kind", kind.to_owned()),
            ("of", scalar(&segment.of)),
        ];
        entries.extend(segment.rows.iter().map(|rows| ("rows", rows.clone())));
        entries.extend(segment.copies.iter().map(|n| ("copies", n.clone())));
        entries.extend(segment.order.iter().map(|order| ("order", order.clone())));
        entries.extend(segment.key.iter().map(|key| ("key", scalar(key))));
        self.entry(1, entries, segment.doc.as_deref(), &segment.at);
    }

    /// An entry of a list: in braces when it fits on a line.
    fn entry(
        &mut self,
        indent: usize,
        entries: Vec<(&'static str, String)>,
        doc: Option<&str>,
        at: &Place,
    ) {
        let keys: Vec<String> = entries
            .iter()
            .map(|(key, value)| format!("{key}: {value}"))
            .collect();
        let doc_in_braces = doc.map(|doc| format!(", doc: {}", scalar(doc)));
        let line = format!(
            "- {{ {}{} }}",
            keys.join(", "),
            doc_in_braces.unwrap_or_default()
        );
        let one_line = doc.is_none_or(|doc| !doc.contains('\n'));
        if one_line && 2 * indent + line.chars().count() <= WIDTH {
            self.line(indent, &line, at);
            return;
        }
        for (i, key) in keys.iter().enumerate() {
            let dash = if i == 0 { "- " } else { "  " };
            self.line(indent, &format!("{dash}{key}"), at);
        }
        self.doc(indent + 1, doc, at);
    }

    /// A block of lines when there are several.
    fn doc(&mut self, indent: usize, doc: Option<&str>, at: &Place) {
        let Some(doc) = doc else { return };
        // A block's first line says how far it is set in, and nothing in it
        // can be escaped.
        let fits_block = doc.contains('\n')
            && !doc.starts_with([' ', '\n'])
            && doc.chars().all(|c| c == '\n' || !needs_escape(c));
        if !fits_block {
            self.line(indent, &format!("doc: {}", scalar(doc)), at);
            return;
        }
        self.line(indent, "doc: |-", at);
        for line in doc.trim_end().lines() {
            match line.trim_end() {
                "" => self.line(0, "", at),
                line => self.line(indent + 1, line, at),
            }
        }
    }
}

/// A text as one YAML value, in quotes when it needs them.
pub(crate) fn scalar(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out += "\\n",
            '\t' => out += "\\t",
            c if needs_escape(c) => out += &format!("\\u{:04X}", u32::from(c)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Whether the text means itself, in braces too.
fn is_plain(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "true", "false", "null", "yes", "no", "on", "off", "nan", "inf",
    ];
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let inside = |c: char| c.is_ascii_alphanumeric() || " ._-/()'+*=;".contains(c);
    starts
        && text.chars().all(inside)
        && !text.ends_with(' ')
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

/// Characters that would not show, or end a line.
fn needs_escape(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_quoted_where_yaml_would_read_something_else() {
        for (text, wanted) in [
            ("bid price", "bid price"),
            ("Null", "\"Null\""),
            ("12", "\"12\""),
            ("a: b", "\"a: b\""),
            ("a # b", "\"a # b\""),
            ("{x}", "\"{x}\""),
            ("say \"a\\b\"", "\"say \\\"a\\\\b\\\"\""),
            ("a\u{7}\nb", "\"a\\u0007\\nb\""),
            ("", "\"\""),
        ] {
            assert_eq!(scalar(text), wanted);
        }
    }
}
