//! What a schema comes to: every size, alignment and offset, resolved.
//!
//! Each target (Rust, Python, numpy, C, the layout printer) reads this and
//! nothing else. A target never adds two offsets: whatever it needs to print
//! stands here, so that there is one law of layout and one place to test it.

use std::sync::Arc;

use crate::fingerprint::Fingerprint;
use crate::law::DEFAULT_COPIES;
use crate::name::Name;
use crate::position::Position;
use crate::report::Report;

/// A whole schema, resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// The schema's file as messages name it.
    pub file: String,
    /// Where the file stands among its sources, such as `shared/units.yaml`:
    /// one path, one schema.
    pub path: String,
    /// Names the Rust module, the Python module and the C prefix.
    pub package: Name,
    /// The schema's own version.
    pub version: u32,
    /// Of the package's name.
    pub package_at: Position,
    /// Of the version, or of the package when the schema does not give one.
    pub version_at: Position,
    /// The schema's `doc`.
    pub doc: Option<String>,
    /// Every schema that this one imports, itself or through another; each
    /// after those that it imports, and once.
    pub imports: Vec<Import>,
    /// In declared order; those of this schema alone.
    pub constants: Vec<Constant>,
    /// Those of the imports, then this schema's own in declared order.
    pub enums: Vec<EnumLayout>,
    /// Those of the imports, then this schema's own in declared order.
    pub flags: Vec<FlagsLayout>,
    /// Those of the imports, then this schema's own. Every struct after the
    /// structs it holds, otherwise in declared order: the order in which C and
    /// ctypes must define them.
    pub structs: Vec<StructLayout>,
    /// In declared order.
    pub segments: Vec<SegmentLayout>,
    /// SHA-256 of [`Layout::text`].
    pub fingerprint: Fingerprint,
    /// The canonical text of the schema, without docs and units.
    pub text: String,
    /// What is worth a look; those of the imports stand in their layouts.
    pub warnings: Report,
}

/// Another schema, whose types this one may use as `<package>.<name>`.
///
/// A target writes an imported type once, in the output of its own schema,
/// and refers to it from there: two schemas that import one file share its
/// types in every language.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// The whole of it; its indices count in its own lists.
    pub layout: Arc<Layout>,
    /// Whether this schema names it, or only one of its imports does.
    pub direct: bool,
}

/// The schema a type comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Home {
    /// The one that the [`Layout`] is of.
    #[default]
    Own,
    /// Index into [`Layout::imports`].
    Import(usize),
}

/// A named number.
#[derive(Debug, Clone, PartialEq)]
pub struct Constant {
    /// As spelled in the schema.
    pub name: Name,
    /// An integer or float type.
    pub ty: Scalar,
    /// Its value, which fits `ty`.
    pub value: Number,
    /// The constant's `doc`.
    pub doc: Option<String>,
    /// Of its name.
    pub at: Position,
}

/// A number as the schema gives it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// A whole number; wide enough for u64 and i64 alike.
    Int(i128),
    /// A floating-point number; NaN and infinities included.
    Float(f64),
}

/// An open enum: unknown values survive.
#[derive(Debug, Clone, PartialEq)]
pub struct EnumLayout {
    /// As spelled in the schema.
    pub name: Name,
    /// The schema it comes from.
    pub home: Home,
    /// An integer type.
    pub repr: Scalar,
    /// In declared order; values are distinct.
    pub values: Vec<EnumValue>,
    /// Values once used that must never come back.
    pub reserved: Vec<i128>,
    /// The enum's `doc`.
    pub doc: Option<String>,
    /// Of its name.
    pub at: Position,
    /// SHA-256 of [`EnumLayout::text`].
    pub fingerprint: Fingerprint,
    /// The canonical text.
    pub text: String,
}

/// One named value of an enum.
#[derive(Debug, Clone, PartialEq)]
pub struct EnumValue {
    /// As spelled in the schema.
    pub name: Name,
    /// Fits the enum's repr.
    pub value: i128,
    /// The value's `doc`.
    pub doc: Option<String>,
    /// Of its name.
    pub at: Position,
}

/// A set of named bits.
#[derive(Debug, Clone, PartialEq)]
pub struct FlagsLayout {
    /// As spelled in the schema.
    pub name: Name,
    /// The schema it comes from.
    pub home: Home,
    /// An unsigned integer type.
    pub repr: Scalar,
    /// In declared order; bits are distinct.
    pub bits: Vec<FlagBit>,
    /// The set's `doc`.
    pub doc: Option<String>,
    /// Of its name.
    pub at: Position,
    /// SHA-256 of [`FlagsLayout::text`].
    pub fingerprint: Fingerprint,
    /// The canonical text.
    pub text: String,
}

/// One named bit.
#[derive(Debug, Clone, PartialEq)]
pub struct FlagBit {
    /// As spelled in the schema.
    pub name: Name,
    /// Counted from 0, the least significant.
    pub bit: u32,
    /// The bit's `doc`.
    pub doc: Option<String>,
    /// Of its name.
    pub at: Position,
}

/// A struct whose every byte is accounted for.
#[derive(Debug, Clone, PartialEq)]
pub struct StructLayout {
    /// As spelled in the schema.
    pub name: Name,
    /// The schema it comes from.
    pub home: Home,
    /// In bytes; a multiple of `align`.
    pub size: u64,
    /// In bytes; a power of two.
    pub align: u64,
    /// The `align:` key, when the schema gives one.
    pub declared_align: Option<u64>,
    /// The `pack:` key: 1, 2, 4 or 8.
    pub pack: Option<u64>,
    /// Whether a field of it has a `range`, or one of a struct in it, however
    /// deep. To look for it each time would take 2^n steps for n structs that
    /// each hold the next twice.
    pub ranged: bool,
    /// Covers `0..size` without a hole, in byte order. Padding after the last
    /// field, whether the law or the `size:` key makes it, is the last member.
    pub members: Vec<Member>,
    /// The struct's `doc`.
    pub doc: Option<String>,
    /// Of its name.
    pub at: Position,
    /// SHA-256 of [`StructLayout::text`].
    pub fingerprint: Fingerprint,
    /// The canonical text.
    pub text: String,
}

/// A run of a struct's bytes.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant)] // read far more often than moved
pub enum Member {
    /// A field with a type.
    Field(Field),
    /// Room that the schema keeps free by `reserved:`.
    Reserved(Gap),
    /// Padding that the layout law inserts; named `_pad0`, `_pad1`, ...
    Pad(Gap),
}

/// Bytes without a meaning; always written as zeros.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// Of the reserved field, or `_padN`.
    pub name: String,
    /// From the start of the struct, in bytes.
    pub offset: u64,
    /// In bytes.
    pub size: u64,
    /// A reserved field's `doc`.
    pub doc: Option<String>,
    /// Of the reserved field; padding has the struct's.
    pub at: Position,
}

/// A field and where it lies.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// As spelled in the schema.
    pub name: Name,
    /// Of one element, when there are dims.
    pub ty: Type,
    /// Array dimensions in numpy order, outermost first; empty for one value.
    pub dims: Vec<u64>,
    /// From the start of the struct, in bytes.
    pub offset: u64,
    /// Of the whole field, dims included, in bytes.
    pub size: u64,
    /// Of one element, in bytes.
    pub element_size: u64,
    /// In bytes, after the struct's `pack`.
    pub align: u64,
    /// The `unit:` key: free text such as `USD`.
    pub unit: Option<String>,
    /// The `range:` key: lowest and highest sensible value.
    pub range: Option<(Number, Number)>,
    /// The `sentinel:` key: the value that stands for "none".
    pub sentinel: Option<Number>,
    /// The `scale:` key: what one step of the integer is worth.
    pub scale: Option<Scale>,
    /// The schema version the field came with.
    pub since: Option<u32>,
    /// The `deprecated:` key: why, or what to use instead.
    pub deprecated: Option<String>,
    /// The field's `doc`.
    pub doc: Option<String>,
    /// Of its name.
    pub at: Position,
    /// Of its type.
    pub type_at: Position,
}

impl Field {
    /// The sentinel as it lies in memory: the bits of one element, the rest 0.
    pub fn sentinel_bits(&self) -> Option<u64> {
        let unused = 64_u64.saturating_sub(8 * self.element_size);
        Some(match (self.sentinel?, self.ty) {
            // Negative ones in two's complement, cut to their width.
            (Number::Int(value), _) => (value as u64) << unused >> unused,
            (Number::Float(value), Type::Scalar(Scalar::F32)) => (value as f32).to_bits().into(),
            (Number::Float(value), _) => value.to_bits(),
        })
    }
}

/// What one step of a scaled integer is worth.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    /// As the schema spells it, such as `1e-8`: exact.
    pub text: String,
    /// The nearest double.
    pub value: f64,
    /// Of the exact fraction in lowest terms.
    pub numerator: u64,
    /// Of the exact fraction in lowest terms; 10^8 for `1e-8`.
    pub denominator: u64,
}

/// The type of one element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Type {
    /// An integer or float.
    Scalar(Scalar),
    /// One byte; 0 is false and every other value true.
    Bool,
    /// UTF-8, NUL-padded.
    Str {
        /// In bytes.
        len: u64,
    },
    /// Raw bytes.
    Bytes {
        /// In bytes.
        len: u64,
    },
    /// UTF-16 little-endian, NUL-padded.
    Utf16 {
        /// In code units of two bytes.
        len: u64,
    },
    /// An i64 since the Unix epoch.
    Timestamp(TimeUnit),
    /// An i64 span.
    Duration(TimeUnit),
    /// Index into [`Layout::enums`].
    Enum(usize),
    /// Index into [`Layout::flags`].
    Flags(usize),
    /// Index into [`Layout::structs`].
    Struct(usize),
}

/// A number type of a fixed width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // their names are their docs
pub enum Scalar {
    U8,
    U16,
    U32,
    U64,
    I8,
    I16,
    I32,
    I64,
    F32,
    F64,
}

/// What a timestamp or duration counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // their names are their docs
pub enum TimeUnit {
    S,
    Ms,
    Us,
    Ns,
}

/// A segment that the schema names.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentLayout {
    /// As spelled in the schema.
    pub name: Name,
    /// Cell or table.
    pub kind: SegmentKind,
    /// Index into [`Layout::structs`]: the record's type.
    pub of: usize,
    /// Copies that a new segment keeps of each record: 2, 4 or 8. One that
    /// is there already says in its header how many it has.
    pub copies: u32,
    /// How the records of a new segment lie; of one that is there already its
    /// header says it. A cell's is [`Order::Rows`].
    pub order: Order,
    /// What is to be known of memory that another program makes; `None` for a
    /// segment of ours.
    pub foreign: Option<Foreign>,
    /// The segment's `doc`.
    pub doc: Option<String>,
    /// Of its name.
    pub at: Position,
}

impl SegmentLayout {
    /// [`SegmentLayout::copies`], if they are more than usual.
    pub fn more_copies(&self) -> Option<u32> {
        Some(self.copies).filter(|&copies| copies != DEFAULT_COPIES)
    }

    /// [`SegmentLayout::order`], if it is not the usual one.
    pub fn unusual_order(&self) -> Option<Order> {
        Some(self.order).filter(|&order| order != Order::Rows)
    }
}

/// How the records of a segment lie to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// Each with its head and all its copies, on cache lines of its own.
    Rows,
    /// All heads, then the first copy of each record, then the second, and so
    /// on.
    Arrays,
}

impl Order {
    /// Both, the usual one first.
    pub const ALL: [Self; 2] = [Self::Rows, Self::Arrays];

    /// As a schema spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rows => "rows",
            Self::Arrays => "arrays",
        }
    }
}

/// How many records a segment holds and how they are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SegmentKind {
    /// One record.
    Cell,
    /// Numbered records.
    Table {
        /// How many.
        rows: u64,
        /// Index into the struct's `members` of the field that finds a row.
        key: Option<usize>,
    },
}

/// Memory of another program: no header, no copies, one record after the
/// other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    /// Where it lies.
    pub place: Place,
    /// Of the first record, in bytes.
    pub at: u64,
    /// From one record to the next, in bytes; in a cell its size.
    pub stride: u64,
    /// Through the last byte of the last record, in bytes from the start.
    pub size: u64,
    /// How a whole record is told from half of one.
    pub sync: Sync,
}

/// Where memory of another program lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The absolute path of a file: printable ASCII without quotes, backslashes
    /// and wildcards, so that every language takes it as it is.
    File(String),
    /// The key of a System V segment; never 0.
    SysV(u32),
}

/// How a program tells a whole record from half of one. Each field is an index
/// into the record's `members`: an integer of 4 or 8 bytes, in every record at
/// a multiple of its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sync {
    /// It does not.
    None,
    /// By a counter that is odd while a record changes.
    OddWhileWriting {
        /// The counter.
        counter: usize,
    },
    /// By a counter that moves before and after a change, and a mark that is 0
    /// meanwhile.
    Unchanged {
        /// The counter.
        counter: usize,
        /// The mark.
        valid: usize,
    },
    /// By two numbers that are equal when a record is whole.
    Pair {
        /// Stored before a change.
        begin: usize,
        /// Stored after it.
        end: usize,
    },
}
