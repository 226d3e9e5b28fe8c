//! Questions that every target asks of a layout.

use crate::layout::{
    EnumLayout, Field, FlagsLayout, Home, Layout, Member, Scalar, Scale, StructLayout, TimeUnit,
    Type,
};
use crate::name::Name;

impl Layout {
    /// The enums that this schema itself defines: those a target writes.
    pub fn own_enums(&self) -> impl Iterator<Item = &EnumLayout> {
        self.enums.iter().filter(|e| e.home == Home::Own)
    }

    /// The flags that this schema itself defines: those a target writes.
    pub fn own_flags(&self) -> impl Iterator<Item = &FlagsLayout> {
        self.flags.iter().filter(|f| f.home == Home::Own)
    }

    /// The structs that this schema itself defines: those a target writes.
    pub fn own_structs(&self) -> impl Iterator<Item = &StructLayout> {
        self.structs.iter().filter(|s| s.home == Home::Own)
    }

    /// Every file that was read for it: the paths of its imports, then its own.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        let imports = self.imports.iter().map(|i| i.layout.path.as_str());
        imports.chain([self.path.as_str()])
    }

    /// The package of an import; `None` for this schema.
    pub fn package_of(&self, home: Home) -> Option<&Name> {
        match home {
            Home::Own => None,
            Home::Import(i) => Some(&self.imports[i].layout.package),
        }
    }

    /// Where the type was defined.
    pub fn home(&self, ty: Type) -> Home {
        match ty {
            Type::Enum(i) => self.enums[i].home,
            Type::Flags(i) => self.flags[i].home,
            Type::Struct(i) => self.structs[i].home,
            _ => Home::Own,
        }
    }

    /// The struct that the schema itself calls `name`.
    pub fn struct_named(&self, name: &str) -> Option<&StructLayout> {
        self.own_structs().find(|s| s.name == name)
    }

    /// A type as people write it: `u16`, `str:16`, `timestamp_ns`, `Level`,
    /// `common.Vec3`.
    pub fn type_name(&self, ty: Type) -> String {
        match ty {
            Type::Scalar(scalar) => scalar.name().to_owned(),
            Type::Bool => "bool".to_owned(),
            Type::Str { len } => format!("str:{len}"),
            Type::Bytes { len } => format!("bytes:{len}"),
            Type::Utf16 { len } => format!("utf16:{len}"),
            Type::Timestamp(unit) => format!("timestamp_{}", unit.suffix()),
            Type::Duration(unit) => format!("duration_{}", unit.suffix()),
            Type::Enum(i) => self.full_name(self.enums[i].home, &self.enums[i].name),
            Type::Flags(i) => self.full_name(self.flags[i].home, &self.flags[i].name),
            Type::Struct(i) => self.full_name(self.structs[i].home, &self.structs[i].name),
        }
    }

    fn full_name(&self, home: Home, name: &Name) -> String {
        match self.package_of(home) {
            Some(package) => format!("{package}.{name}"),
            None => name.to_string(),
        }
    }

    /// The size and natural alignment of one element, in bytes.
    pub(crate) fn extent(&self, ty: Type) -> (u64, u64) {
        let same = |size: u64| (size, size);
        match ty {
            Type::Scalar(scalar) => same(scalar.size()),
            Type::Bool => same(1),
            Type::Str { len } | Type::Bytes { len } => (len, 1),
            Type::Utf16 { len } => (len.saturating_mul(2), 2),
            Type::Timestamp(_) | Type::Duration(_) => same(8),
            Type::Enum(i) => same(self.enums[i].repr.size()),
            Type::Flags(i) => same(self.flags[i].repr.size()),
            Type::Struct(i) => (self.structs[i].size, self.structs[i].align),
        }
    }
}

impl Scale {
    /// What the stored integer `raw` stands for: the nearest double while
    /// `raw` times the numerator is below 2^53, and next to it beyond.
    #[allow(clippy::cast_precision_loss)]
    pub fn of(&self, raw: i128) -> f64 {
        raw as f64 * self.numerator as f64 / self.denominator as f64
    }
}

impl StructLayout {
    /// The fields with a type, in byte order; without reserved room and
    /// padding.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.members.iter().filter_map(Member::as_field)
    }

    /// The field that the schema calls `name`.
    pub fn field_named(&self, name: &str) -> Option<&Field> {
        self.fields().find(|f| f.name == name)
    }
}

impl Member {
    /// The field, unless it is reserved room or padding.
    pub fn as_field(&self) -> Option<&Field> {
        match self {
            Member::Field(field) => Some(field),
            Member::Reserved(_) | Member::Pad(_) => None,
        }
    }

    /// From the start of the struct, in bytes.
    pub fn offset(&self) -> u64 {
        match self {
            Member::Field(field) => field.offset,
            Member::Reserved(gap) | Member::Pad(gap) => gap.offset,
        }
    }

    /// In bytes.
    pub fn size(&self) -> u64 {
        match self {
            Member::Field(field) => field.size,
            Member::Reserved(gap) | Member::Pad(gap) => gap.size,
        }
    }
}

impl Scalar {
    /// Every one, in the order of the reference.
    pub const ALL: [Scalar; 10] = [
        Scalar::U8,
        Scalar::U16,
        Scalar::U32,
        Scalar::U64,
        Scalar::I8,
        Scalar::I16,
        Scalar::I32,
        Scalar::I64,
        Scalar::F32,
        Scalar::F64,
    ];

    /// As the schema and Rust spell it.
    pub fn name(self) -> &'static str {
        match self {
            Scalar::U8 => "u8",
            Scalar::U16 => "u16",
            Scalar::U32 => "u32",
            Scalar::U64 => "u64",
            Scalar::I8 => "i8",
            Scalar::I16 => "i16",
            Scalar::I32 => "i32",
            Scalar::I64 => "i64",
            Scalar::F32 => "f32",
            Scalar::F64 => "f64",
        }
    }

    /// In bytes; also its natural alignment.
    pub fn size(self) -> u64 {
        match self {
            Scalar::U8 | Scalar::I8 => 1,
            Scalar::U16 | Scalar::I16 => 2,
            Scalar::U32 | Scalar::I32 | Scalar::F32 => 4,
            Scalar::U64 | Scalar::I64 | Scalar::F64 => 8,
        }
    }

    /// Whether it holds whole numbers only.
    pub fn is_integer(self) -> bool {
        !matches!(self, Scalar::F32 | Scalar::F64)
    }

    /// Whether it holds numbers below zero.
    pub fn is_signed(self) -> bool {
        !matches!(self, Scalar::U8 | Scalar::U16 | Scalar::U32 | Scalar::U64)
    }

    /// The lowest and highest value; `None` for floats.
    pub fn bounds(self) -> Option<(i128, i128)> {
        match self {
            Scalar::U8 => Some((u8::MIN.into(), u8::MAX.into())),
            Scalar::U16 => Some((u16::MIN.into(), u16::MAX.into())),
            Scalar::U32 => Some((u32::MIN.into(), u32::MAX.into())),
            Scalar::U64 => Some((u64::MIN.into(), u64::MAX.into())),
            Scalar::I8 => Some((i8::MIN.into(), i8::MAX.into())),
            Scalar::I16 => Some((i16::MIN.into(), i16::MAX.into())),
            Scalar::I32 => Some((i32::MIN.into(), i32::MAX.into())),
            Scalar::I64 => Some((i64::MIN.into(), i64::MAX.into())),
            Scalar::F32 | Scalar::F64 => None,
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Scalar> {
        Scalar::ALL.into_iter().find(|s| s.name() == name)
    }
}

impl TimeUnit {
    /// Every one, coarsest first.
    pub const ALL: [TimeUnit; 4] = [TimeUnit::S, TimeUnit::Ms, TimeUnit::Us, TimeUnit::Ns];

    /// What follows the underscore in `timestamp_ns`; also numpy's unit.
    pub fn suffix(self) -> &'static str {
        match self {
            TimeUnit::S => "s",
            TimeUnit::Ms => "ms",
            TimeUnit::Us => "us",
            TimeUnit::Ns => "ns",
        }
    }

    /// How many of it make a second.
    pub fn per_second(self) -> u64 {
        match self {
            TimeUnit::S => 1,
            TimeUnit::Ms => 1_000,
            TimeUnit::Us => 1_000_000,
            TimeUnit::Ns => 1_000_000_000,
        }
    }
}
