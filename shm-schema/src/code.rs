//! The code of each rule. Each has a page in `explain/` and a schema that gets
//! it in `tests/rejects/`.

use std::fmt;

/// What a rule's breaking means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The schema is not valid.
    Error,
    /// The schema is valid; something in it is worth a look.
    Warning,
}

impl Severity {
    /// As messages show it: `error` or `warning`.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $variant:ident = $slug:literal,)*) => {
        /// The rule that a schema breaks. One code a rule; a code is stable
        /// once released, so that scripts and `explain` can rely on it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Code {
            /// Every code, in the order of the stages that find them.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// As messages show it, such as `duplicate-key`.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Code::$variant => $slug,)*
                }
            }

            /// What the rule is and why, in Markdown: a schema that breaks it
            /// and one that is right.
            pub fn explanation(self) -> &'static str {
                match self {
                    // A code without its page does not compile.
                    $(Code::$variant => include_str!(concat!("../explain/", $slug, ".md")),)*
                }
            }

            /// The first sentence of its documentation.
            pub fn summary(self) -> &'static str {
                match self {
                    $(Code::$variant => concat!($($doc),*).trim_ascii(),)*
                }
            }
        }
    };
}

codes! {
    // The file.
    /// More than 1 MiB.
    TooLarge = "too-large",
    /// Not UTF-8.
    NotUtf8 = "not-utf8",
    /// A NUL character, written out or as an escape.
    Nul = "nul",
    /// A control character, written out or as an escape.
    ControlCharacter = "control-character",
    /// A character that changes the direction of text.
    DirectionOverride = "direction-override",
    /// Nothing in the file.
    EmptyFile = "empty-file",
    /// Nothing but comments in the file.
    OnlyComments = "only-comments",
    /// Not YAML.
    YamlSyntax = "yaml-syntax",
    /// A tab in the indentation.
    TabIndent = "tab-indent",
    /// A bracket or brace that is never closed.
    UnclosedBracket = "unclosed-bracket",
    /// A length written as `f64[6]`.
    ArrayInType = "array-in-type",
    /// More than one YAML document.
    SecondDocument = "second-document",
    /// The top level is not a map.
    TopLevelNotMap = "top-level-not-map",
    /// An anchor, `&name`.
    Anchor = "anchor",
    /// An alias, `*name`.
    Alias = "alias",
    /// A merge key, `<<`.
    MergeKey = "merge-key",
    /// A tag, `!name`.
    Tag = "tag",
    /// Lists and maps nested too deep.
    TooDeep = "too-deep",
    /// A key that stands twice in one map.
    DuplicateKey = "duplicate-key",
    /// A key that is a list or a map.
    ComplexKey = "complex-key",

    // The keys.
    /// `shm:` asks for a language that this version does not know.
    LanguageVersion = "language-version",
    /// A key that the language does not have there.
    UnknownKey = "unknown-key",
    /// A file without `shm`.
    MissingShm = "missing-shm",
    /// A file without `package`.
    MissingPackage = "missing-package",
    /// A key that must be there is not.
    MissingKey = "missing-key",
    /// A value of another kind than the key takes.
    WrongKind = "wrong-kind",
    /// A whole number that no type could hold.
    NumberTooWide = "number-too-wide",

    // Imports.
    /// An import without a file name.
    EmptyImport = "empty-import",
    /// An import with `\\` in its path.
    ImportBackslash = "import-backslash",
    /// An import that is no relative path.
    ImportAbsolute = "import-absolute",
    /// An import that leads out of the root folder.
    ImportOutsideRoot = "import-outside-root",
    /// One file imported twice.
    DuplicateImport = "duplicate-import",
    /// An import of a file that is not there.
    ImportMissing = "import-missing",
    /// An import of something that cannot be read.
    ImportUnreadable = "import-unreadable",
    /// A file that imports itself, at once or through others.
    ImportCycle = "import-cycle",
    /// More imports than a schema can need.
    TooManyImports = "too-many-imports",
    /// Two imported files of one package.
    ImportDuplicatePackage = "import-duplicate-package",
    /// An imported file of the importing schema's package.
    ImportOwnPackage = "import-own-package",
    /// A name of a package that is not imported.
    NotImported = "not-imported",

    // Names.
    /// A name without a character.
    EmptyName = "empty-name",
    /// Not an identifier.
    BadIdentifier = "bad-identifier",
    /// A name in letters of another script that look like ASCII.
    LookAlikeName = "look-alike-name",
    /// A name with a character outside ASCII.
    NonAsciiName = "non-ascii-name",
    /// A name of more than 64 characters.
    LongName = "long-name",
    /// A name that starts with an underscore.
    LeadingUnderscore = "leading-underscore",
    /// A name that means something to Python or to its ctypes.
    PythonName = "python-name",
    /// `self`, `Self`, `super` or `crate`.
    UnspeakableName = "unspeakable-name",
    /// A name that generated code already has.
    GeneratedMember = "generated-member",
    /// A type with the name of a built-in one.
    ShadowsBuiltin = "shadows-builtin",
    /// A package with the name of a module that generated code needs.
    ShadowsModule = "shadows-module",
    /// One name for two things of a kind.
    DuplicateName = "duplicate-name",
    /// One name for things of two kinds, such as a struct and an enum.
    SharedName = "shared-name",
    /// Two names that become one as constants.
    EqualAfterCaseChange = "equal-after-case-change",
    /// Two names that become one where a keyword is named around.
    EqualAfterRenaming = "equal-after-renaming",

    // Types and numbers.
    /// A type that the schema does not have.
    UnknownType = "unknown-type",
    /// A type whose size depends on the machine, or a pointer to it.
    ForeignType = "foreign-type",
    /// A struct that holds itself.
    Recursion = "recursion",
    /// `str`, `bytes` or `utf16` without `len`.
    MissingLen = "missing-len",
    /// `len` on a type that has none.
    NeedlessLen = "needless-len",
    /// A count of zero.
    ZeroCount = "zero-count",
    /// A negative number where none can be.
    NegativeNumber = "negative-number",
    /// A fraction where only a whole number can be.
    NotWhole = "not-whole",
    /// A constant that the schema does not have.
    UnknownConstant = "unknown-constant",
    /// A constant that is defined by itself.
    ConstantCycle = "constant-cycle",
    /// A constant that its type cannot hold.
    ConstantOutOfRange = "constant-out-of-range",
    /// A constant of a type that is not a number.
    ConstantType = "constant-type",
    /// More than four dims.
    TooManyDims = "too-many-dims",
    /// A repr that is not an integer type.
    ReprNotInteger = "repr-not-integer",
    /// A value that the repr cannot hold.
    ValueOutOfRange = "value-out-of-range",
    /// Two names for one value.
    DuplicateValue = "duplicate-value",
    /// A value that was used once and must never come back.
    ReservedValue = "reserved-value",
    /// An enum, flags or struct without an entry.
    EmptyType = "empty-type",
    /// A bit that the repr does not have.
    BitOutOfRange = "bit-out-of-range",
    /// Two names for one bit.
    DuplicateBit = "duplicate-bit",
    /// A sentinel that the field cannot hold.
    BadSentinel = "bad-sentinel",
    /// A range that the field cannot hold, or that is upside down.
    BadRange = "bad-range",
    /// A scale that is not a positive number, or on a field that is not an
    /// integer.
    BadScale = "bad-scale",
    /// A schema version out of range.
    BadVersion = "bad-version",
    /// A field that is newer than its schema.
    SinceAfterVersion = "since-after-version",

    // Layout.
    /// A key that a reserved field does not take.
    ReservedWithType = "reserved-with-type",
    /// Reserved room of no bytes.
    EmptyReserved = "empty-reserved",
    /// An alignment that is not a power of two.
    BadAlign = "bad-align",
    /// An alignment over 4096.
    AlignTooLarge = "align-too-large",
    /// An alignment below what the fields need.
    AlignTooSmall = "align-too-small",
    /// A packing that is not 1, 2, 4 or 8.
    BadPack = "bad-pack",
    /// `pack` and `align` on one struct.
    PackWithAlign = "pack-with-align",
    /// A packed struct that holds one with a declared alignment.
    PackHoldsAligned = "pack-holds-aligned",
    /// A `size` smaller than the fields.
    SizeTooSmall = "size-too-small",
    /// A `size` that is not a multiple of the alignment.
    SizeNotMultiple = "size-not-multiple",
    /// An `offset` that is not where the field lies.
    WrongOffset = "wrong-offset",
    /// A type of over 2^31-1 bytes.
    TypeTooLarge = "type-too-large",
    /// A struct with much padding that another order of its fields saves.
    Hole = "hole",

    // Segments.
    /// A kind of segment that the language does not have.
    UnknownSegmentKind = "unknown-segment-kind",
    /// `rows` or `key` on a cell.
    CellWithRows = "cell-with-rows",
    /// A table without `rows`.
    MissingRows = "missing-rows",
    /// `of` that names no struct.
    SegmentOf = "segment-of",
    /// A `key` that the record does not have.
    UnknownSegmentKey = "unknown-segment-key",
    /// A `key` that is reserved room.
    ReservedSegmentKey = "reserved-segment-key",
    /// A `key` of a type that no row is found by.
    BadSegmentKey = "bad-segment-key",
    /// A number of copies that no segment has.
    BadCopies = "bad-copies",
    /// An `order` that the language does not have.
    UnknownSegmentOrder = "unknown-segment-order",
    /// A segment of over 2^40 bytes.
    SegmentTooLarge = "segment-too-large",

    // What is worth a look, for those who ask: see `lint`.
    /// A type, field or segment without `doc`.
    MissingDoc = "missing-doc",
    /// A float or a scaled integer without `unit`.
    MissingUnit = "missing-unit",
    /// A table whose rows need one more cache line for a few bytes.
    RowOverrun = "row-overrun",
    /// A number of a packed struct that lies on two cache lines.
    SplitScalar = "split-scalar",
    // Segments of other programs.
    /// A key of foreign segments on one of ours.
    ForeignKey = "foreign-key",
    /// A key of our segments on a foreign one.
    OwnKey = "own-key",
    /// A foreign segment with no place or with two.
    ForeignPlace = "foreign-place",
    /// A `path` that is not absolute, or holds what some language would not take.
    BadPath = "bad-path",
    /// A `sysv_key` that is none.
    BadSysvKey = "bad-sysv-key",
    /// A `stride` that is too small, or on a cell.
    BadStride = "bad-stride",
    /// A foreign segment that does not say how it is synchronised.
    MissingSync = "missing-sync",
    /// A `sync` or `rule` that the language does not have.
    UnknownSync = "unknown-sync",
    /// Keys of `sync` that do not go together.
    SyncKeys = "sync-keys",
    /// A field of `sync` that the record does not have.
    UnknownSyncField = "unknown-sync-field",
    /// A field of `sync` of a wrong type or at a wrong place.
    BadSyncField = "bad-sync-field",

    // From one version of a schema to the next: see `evolution`.
    /// A schema whose package has another name than before.
    PackageRenamed = "package-renamed",
    /// A changed schema without a higher version.
    VersionNotBumped = "version-not-bumped",
    /// A type that is not there any more.
    TypeRemoved = "type-removed",
    /// An enum or flags in an integer of another type.
    ReprChanged = "repr-changed",
    /// A value or bit that is not there any more, nor reserved.
    ValueRemoved = "value-removed",
    /// A value or bit of another name.
    ValueRenamed = "value-renamed",
    /// A name that stands for another value or bit.
    ValueRenumbered = "value-renumbered",
    /// A value that was reserved and is not any more.
    ValueReused = "value-reused",
    /// A struct of another size or alignment.
    StructResized = "struct-resized",
    /// A field that is not there any more.
    FieldRemoved = "field-removed",
    /// A field of another name.
    FieldRenamed = "field-renamed",
    /// A field at another byte.
    FieldMoved = "field-moved",
    /// A field of another type, length or dims.
    FieldRetyped = "field-retyped",
    /// A new field in bytes that were padding.
    FieldInPadding = "field-in-padding",
    /// A new field that does not say since when it is there.
    FieldWithoutSince = "field-without-since",
    /// A field of another scale or sentinel.
    MeaningChanged = "meaning-changed",
    /// A segment that is not there any more.
    SegmentRemoved = "segment-removed",
    /// A segment of another kind, record, number of rows or key.
    SegmentChanged = "segment-changed",
}

impl Code {
    /// Whether breaking the rule makes a schema invalid.
    pub fn severity(self) -> Severity {
        match self {
            Code::Hole
            | Code::MissingDoc
            | Code::MissingUnit
            | Code::RowOverrun
            | Code::SplitScalar => Severity::Warning,
            _ => Severity::Error,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
