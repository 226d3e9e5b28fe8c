//! A schema's text.

use std::fmt::{self, Display};

use crate::schema::VERSION;
use crate::words;

/// The keys of a list's entry, in their order.
#[derive(Debug, Default)]
pub(crate) struct Entry {
    keys: Vec<(&'static str, String)>,
    /// Of a struct: an entry a line.
    fields: Vec<Entry>,
}

impl Entry {
    pub(crate) fn raw(mut self, key: &'static str, value: impl Display) -> Self {
        self.keys.push((key, value.to_string()));
        self
    }

    /// A value that may be one of YAML's own words.
    pub(crate) fn word(self, key: &'static str, value: &str) -> Self {
        const OWN: [&str; 6] = ["true", "false", "null", "yes", "no", "nan"];
        match OWN.contains(&value.to_lowercase().as_str()) {
            true => self.raw(key, format!("\"{value}\"")),
            false => self.raw(key, value),
        }
    }

    pub(crate) fn name(self, name: &str) -> Self {
        self.word("name", name)
    }

    pub(crate) fn text(self, key: &'static str, pick: Option<u16>) -> Self {
        match pick {
            Some(pick) => self.raw(key, quoted(words::text(pick))),
            None => self,
        }
    }

    pub(crate) fn doc(self, pick: Option<u16>) -> Self {
        self.text("doc", pick)
    }

    pub(crate) fn fields(mut self, fields: Vec<Entry>) -> Self {
        self.fields = fields;
        self
    }

    /// On one line.
    pub(crate) fn flow(&self) -> String {
        let keys = self.keys.iter();
        let keys: Vec<String> = keys.map(|(key, value)| format!("{key}: {value}")).collect();
        format!("{{ {} }}", keys.join(", "))
    }

    fn block(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.fields.is_empty() {
            return writeln!(f, "  - {}", self.flow());
        }
        for (index, (key, value)) in self.keys.iter().enumerate() {
            let mark = if index == 0 { '-' } else { ' ' };
            writeln!(f, "  {mark} {key}: {value}")?;
        }
        writeln!(f, "    fields:")?;
        self.fields
            .iter()
            .try_for_each(|field| writeln!(f, "      - {}", field.flow()))
    }
}

/// A schema, list by list.
pub(crate) struct Document {
    package: String,
    pub(crate) import: Option<String>,
    pub(crate) doc: Option<&'static str>,
    pub(crate) constants: Vec<Entry>,
    pub(crate) enums: Vec<Entry>,
    pub(crate) flags: Vec<Entry>,
    pub(crate) structs: Vec<Entry>,
    pub(crate) segments: Vec<Entry>,
}

impl Document {
    pub(crate) fn new(package: &str) -> Self {
        Self {
            package: package.to_owned(),
            import: None,
            doc: None,
            constants: Vec::new(),
            enums: Vec::new(),
            flags: Vec::new(),
            structs: Vec::new(),
            segments: Vec::new(),
        }
    }
}

impl Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "shm: 1\npackage: {}\nversion: {VERSION}", self.package)?;
        if let Some(doc) = self.doc {
            writeln!(f, "doc: {}", quoted(doc))?;
        }
        if let Some(import) = &self.import {
            writeln!(f, "imports: [{import}.yaml]")?;
        }
        for (key, list) in [
            ("constants", &self.constants),
            ("enums", &self.enums),
            ("flags", &self.flags),
            ("structs", &self.structs),
            ("segments", &self.segments),
        ] {
            if !list.is_empty() {
                writeln!(f, "{key}:")?;
                list.iter().try_for_each(|entry| entry.block(f))?;
            }
        }
        Ok(())
    }
}

/// In double quotes. JSON's escapes are YAML's too.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
