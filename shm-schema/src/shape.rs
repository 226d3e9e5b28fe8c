//! Which keys stand where, and what kind of value each takes.
//!
//! Checked on the tree, before serde sees it: serde stops at the first
//! unknown key and cannot say where it stands.

/// What a key takes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// Any text.
    Text,
    /// One word: a name, or a word that the language knows.
    Word,
    /// A number, or the name of a constant.
    Amount,
    /// A list of [`Kind::Amount`].
    Amounts,
    /// A list of [`Kind::Text`].
    Texts,
    /// `true` or `false`.
    Bool,
    /// A [`Kind::Word`], or a map.
    WordOr(&'static Shape),
    /// A list of maps.
    Items(&'static Shape),
}

/// A key of a map.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) required: bool,
}

/// The keys of a map, in the order in which a formatted schema has them: a name,
/// what the thing is, what is said of it, and lists last.
#[derive(Debug)]
pub(crate) struct Shape {
    /// What the map describes, with its article.
    pub(crate) noun: &'static str,
    pub(crate) keys: &'static [Key],
}

impl Shape {
    pub(crate) fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }

    /// The key that people from elsewhere call `word`.
    pub(crate) fn meant_by(&self, word: &str) -> Option<&'static str> {
        let word = word.to_lowercase();
        let known = SYNONYMS.iter().filter(|(other, _)| *other == word);
        known
            .map(|(_, key)| *key)
            .find(|key| self.key(key).is_some())
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.keys.iter().map(|key| key.name)
    }
}

/// What other languages call a key, and the key.
const SYNONYMS: &[(&str, &str)] = &[
    ("alignment", "align"),
    ("aligned", "align"),
    ("array", "dims"),
    ("base", "repr"),
    ("bits", "values"),
    ("capacity", "rows"),
    ("comment", "doc"),
    ("const", "constants"),
    ("count", "dims"),
    ("count", "rows"),
    ("dim", "dims"),
    ("description", "doc"),
    ("docs", "doc"),
    ("external", "foreign"),
    ("file", "path"),
    ("include", "imports"),
    ("includes", "imports"),
    ("length", "len"),
    ("maxlen", "len"),
    ("max_length", "len"),
    ("members", "fields"),
    ("messages", "structs"),
    ("module", "package"),
    ("namespace", "package"),
    ("nullable", "sentinel"),
    ("none", "sentinel"),
    ("offset", "at"),
    ("packed", "pack"),
    ("padding", "reserved"),
    ("pad", "reserved"),
    ("record", "of"),
    ("records", "structs"),
    ("seq", "counter"),
    ("sequence", "counter"),
    ("shape", "dims"),
    ("shmkey", "sysv_key"),
    ("struct", "of"),
    ("type", "repr"),
    ("types", "structs"),
    ("underlying", "repr"),
    ("units", "unit"),
    ("values", "bits"),
    ("variants", "values"),
];

const fn must(name: &'static str, kind: Kind) -> Key {
    Key {
        name,
        kind,
        required: true,
    }
}

const fn may(name: &'static str, kind: Kind) -> Key {
    Key {
        name,
        kind,
        required: false,
    }
}

/// The whole file.
pub(crate) static SCHEMA: Shape = Shape {
    noun: "a schema",
    keys: &[
        must("shm", Kind::Amount),
        must("package", Kind::Word),
        may("version", Kind::Amount),
        may("doc", Kind::Text),
        may("imports", Kind::Texts),
        may("constants", Kind::Items(&CONSTANT)),
        may("enums", Kind::Items(&ENUM)),
        may("flags", Kind::Items(&FLAGS)),
        may("structs", Kind::Items(&STRUCT)),
        may("segments", Kind::Items(&SEGMENT)),
    ],
};

static CONSTANT: Shape = Shape {
    noun: "a constant",
    keys: &[
        must("name", Kind::Word),
        must("type", Kind::Word),
        must("value", Kind::Amount),
        may("doc", Kind::Text),
    ],
};

static ENUM: Shape = Shape {
    noun: "an enum",
    keys: &[
        must("name", Kind::Word),
        must("repr", Kind::Word),
        may("doc", Kind::Text),
        must("values", Kind::Items(&VALUE)),
        may("reserved", Kind::Amounts),
    ],
};

static VALUE: Shape = Shape {
    noun: "a value of an enum",
    keys: &[
        must("name", Kind::Word),
        must("value", Kind::Amount),
        may("doc", Kind::Text),
    ],
};

static FLAGS: Shape = Shape {
    noun: "a set of flags",
    keys: &[
        must("name", Kind::Word),
        must("repr", Kind::Word),
        may("doc", Kind::Text),
        must("bits", Kind::Items(&BIT)),
    ],
};

static BIT: Shape = Shape {
    noun: "a bit",
    keys: &[
        must("name", Kind::Word),
        must("bit", Kind::Amount),
        may("doc", Kind::Text),
    ],
};

static STRUCT: Shape = Shape {
    noun: "a struct",
    keys: &[
        must("name", Kind::Word),
        may("doc", Kind::Text),
        may("align", Kind::Amount),
        may("size", Kind::Amount),
        may("pack", Kind::Amount),
        must("fields", Kind::Items(&FIELD)),
    ],
};

// `type` or `reserved` must be there; `check` says so, as neither must alone.
static FIELD: Shape = Shape {
    noun: "a field",
    keys: &[
        must("name", Kind::Word),
        may("type", Kind::Word),
        may("len", Kind::Amount),
        may("dims", Kind::Amounts),
        may("reserved", Kind::Amount),
        may("offset", Kind::Amount),
        may("scale", Kind::Amount),
        may("unit", Kind::Text),
        may("range", Kind::Amounts),
        may("sentinel", Kind::Amount),
        may("since", Kind::Amount),
        may("deprecated", Kind::Text),
        may("doc", Kind::Text),
    ],
};

static SEGMENT: Shape = Shape {
    noun: "a segment",
    keys: &[
        must("name", Kind::Word),
        must("kind", Kind::Word),
        must("of", Kind::Word),
        may("rows", Kind::Amount),
        may("key", Kind::Word),
        may("copies", Kind::Amount),
        may("order", Kind::Word),
        may("foreign", Kind::Bool),
        may("path", Kind::Text),
        may("sysv_key", Kind::Amount),
        may("at", Kind::Amount),
        may("stride", Kind::Amount),
        may("sync", Kind::WordOr(&SYNC)),
        may("doc", Kind::Text),
    ],
};

// Which of them go together `check` says.
static SYNC: Shape = Shape {
    noun: "a `sync`",
    keys: &[
        may("counter", Kind::Word),
        may("rule", Kind::Word),
        may("valid", Kind::Word),
        may("begin", Kind::Word),
        may("end", Kind::Word),
    ],
};
