//! What the word after `type:` means.

use std::collections::HashMap;

use super::context::Context;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::layout::{Layout, Scalar, TimeUnit, Type};
use crate::model::{Schema, Text};
use crate::syntax;

/// A type that a schema declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Declared {
    /// An enum, flags or an imported struct: it stands in the layout.
    Placed(Type),
    /// Index into the schema's own structs, which are placed in an order of
    /// their own.
    Struct(usize),
}

/// A type before its length is known and its struct placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meant {
    /// Whole as it stands.
    Plain(Type),
    /// One of `str`, `bytes` and `utf16`, which need a `len`.
    Lengthy(Lengthy),
    Declared(Declared),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lengthy {
    Str,
    Bytes,
    Utf16,
}

/// The declared types of a schema, by name.
pub(super) struct Types<'a> {
    declared: HashMap<&'a str, Declared>,
    /// In declared order, for suggestions.
    names: Vec<&'a str>,
}

impl<'a> Types<'a> {
    /// `layout` holds the imports and nothing of the schema's own yet.
    pub(super) fn new(schema: &'a Schema, layout: &Layout) -> Self {
        let (enums_before, flags_before) = (layout.enums.len(), layout.flags.len());
        let enums = schema.enums.iter().map(|e| e.name.as_str()).enumerate();
        let flags = schema.flags.iter().map(|f| f.name.as_str()).enumerate();
        let structs = schema.structs.iter().map(|s| s.name.as_str()).enumerate();
        let all: Vec<(&str, Declared)> = enums
            .map(|(i, name)| (name, Type::Enum(enums_before + i)))
            .chain(flags.map(|(i, name)| (name, Type::Flags(flags_before + i))))
            .map(|(name, ty)| (name, Declared::Placed(ty)))
            .chain(structs.map(|(i, name)| (name, Declared::Struct(i))))
            .collect();
        Types {
            names: all.iter().map(|(name, _)| *name).collect(),
            declared: all.into_iter().collect(),
        }
    }

    /// The type that the schema or an import calls `name`.
    pub(super) fn declared(&self, cx: &Context<'_>, name: &str) -> Option<Declared> {
        let imported = || cx.known.types.get(name).copied().map(Declared::Placed);
        self.declared.get(name).copied().or_else(imported)
    }

    /// What the word `ty` means, or an error that says what to write.
    pub(super) fn meant(&self, cx: &mut Context<'_>, ty: &Text) -> Option<Meant> {
        let word = ty.as_str();
        if let Some(declared) = self.declared(cx, word) {
            return Some(Meant::Declared(declared));
        }
        if let Some(meant) = builtin(word) {
            return Some(meant);
        }
        if !cx.is_lost(word) {
            let d = self.unknown(cx, ty);
            d.into_iter().for_each(|d| cx.push(d));
        }
        None
    }

    /// `None` when the reason was told already.
    fn unknown(&self, cx: &Context<'_>, ty: &Text) -> Option<Diagnostic> {
        let word = ty.as_str();
        if word.contains('[') && word.ends_with(']') {
            return Some(syntax::array_in_type(cx.at(ty), word));
        }
        // `Vec<f64>` is foreign as `Vec` is, and `*const u8` as a pointer is.
        let stem = match word.chars().next() {
            Some('*' | '&') => "pointer",
            _ if word.ends_with(['*', '&']) => "pointer",
            _ => word.split(['<', '(']).next().unwrap_or(word),
        };
        let stem = stem.strip_prefix("std::").unwrap_or(stem);
        if let Some((_, instead)) = FOREIGN.iter().find(|(foreign, _)| *foreign == stem) {
            let message = format!("`{word}` is not a type of the schema language");
            return Some(cx.error(Code::ForeignType, ty, message).help(*instead));
        }
        if word.contains('.') {
            return cx.unknown_import(Code::UnknownType, "type", ty, word, cx.known.type_names());
        }
        if word.is_empty() {
            let d = cx.error(Code::UnknownType, ty, "this type is empty");
            return Some(d.help("name a type, such as `u32`"));
        }
        let message = format!("the schema has no type `{word}`");
        let help = cx
            .suggest(word, self.names.iter().copied())
            .or_else(|| cx.suggest(word, builtins()))
            .or_else(|| cx.suggest(word, cx.known.type_names()))
            .unwrap_or_else(|| "declare it under `structs`, `enums` or `flags`".to_owned());
        Some(cx.error(Code::UnknownType, ty, message).help(help))
    }
}

/// A type of the language itself.
pub(super) fn builtin(word: &str) -> Option<Meant> {
    if let Some(scalar) = Scalar::from_name(word) {
        return Some(Meant::Plain(Type::Scalar(scalar)));
    }
    match word {
        "bool" => return Some(Meant::Plain(Type::Bool)),
        "str" => return Some(Meant::Lengthy(Lengthy::Str)),
        "bytes" => return Some(Meant::Lengthy(Lengthy::Bytes)),
        "utf16" => return Some(Meant::Lengthy(Lengthy::Utf16)),
        _ => {}
    }
    let (kind, suffix) = word.split_once('_')?;
    let unit = TimeUnit::ALL.into_iter().find(|u| u.suffix() == suffix)?;
    match kind {
        "timestamp" => Some(Meant::Plain(Type::Timestamp(unit))),
        "duration" => Some(Meant::Plain(Type::Duration(unit))),
        _ => None,
    }
}

/// The names of all types of the language.
pub(crate) fn builtins() -> impl Iterator<Item = &'static str> {
    const OTHERS: [&str; 12] = [
        "bool",
        "str",
        "bytes",
        "utf16",
        "timestamp_s",
        "timestamp_ms",
        "timestamp_us",
        "timestamp_ns",
        "duration_s",
        "duration_ms",
        "duration_us",
        "duration_ns",
    ];
    Scalar::ALL.into_iter().map(Scalar::name).chain(OTHERS)
}

impl Lengthy {
    pub(super) fn of(self, len: u64) -> Type {
        match self {
            Lengthy::Str => Type::Str { len },
            Lengthy::Bytes => Type::Bytes { len },
            Lengthy::Utf16 => Type::Utf16 { len },
        }
    }
}

const SIZES_DIFFER: &str = "write `u64` or `u32`: its size is not the same on every machine";
const NO_POINTERS: &str =
    "a pointer means nothing to another process: hold the value itself, or its index";
const FIXED_TEXT: &str = "write `type: str, len: N`: text of at most N bytes, in place";
const SIGNED_SIZES_DIFFER: &str = "write `i64` or `i32`: its size is not the same on every machine";
const NO_128: &str = "write two `u64` fields, or `type: bytes, len: 16`";
const FIXED_ARRAY: &str = "write the element's type and `dims: [N]`";
const MOMENT: &str = "write `timestamp_ns`, or `_us`, `_ms`, `_s`";
const SPAN: &str = "write `duration_ns`, or `_us`, `_ms`, `_s`";

/// Types that people know from elsewhere, and what to write instead.
const FOREIGN: &[(&str, &str)] = &[
    ("usize", SIZES_DIFFER),
    ("size_t", SIZES_DIFFER),
    ("ulong", SIZES_DIFFER),
    ("uint", "write `u32`"),
    ("isize", SIGNED_SIZES_DIFFER),
    ("ssize_t", SIGNED_SIZES_DIFFER),
    ("long", SIGNED_SIZES_DIFFER),
    ("int", "write `i32`, or `i64` for what Python calls an int"),
    ("long long", "write `i64`"),
    ("unsigned long", SIZES_DIFFER),
    ("unsigned long long", "write `u64`"),
    ("unsigned", "write `u32`"),
    ("unsigned int", "write `u32`"),
    ("unsigned short", "write `u16`"),
    ("unsigned char", "write `u8`"),
    ("signed char", "write `i8`"),
    ("short", "write `i16`"),
    ("byte", "write `u8`"),
    ("uint8_t", "write `u8`"),
    ("uint16_t", "write `u16`"),
    ("uint32_t", "write `u32`"),
    ("uint64_t", "write `u64`"),
    ("int8_t", "write `i8`"),
    ("int16_t", "write `i16`"),
    ("int32_t", "write `i32`"),
    ("int64_t", "write `i64`"),
    ("uint8", "write `u8`"),
    ("uint16", "write `u16`"),
    ("uint32", "write `u32`"),
    ("uint64", "write `u64`"),
    ("int8", "write `i8`"),
    ("int16", "write `i16`"),
    ("int32", "write `i32`"),
    ("int64", "write `i64`"),
    ("float", "write `f64`, or `f32` for what C calls a float"),
    ("float32", "write `f32`"),
    ("float64", "write `f64`"),
    ("double", "write `f64`"),
    ("f16", "write `f32`"),
    ("f128", "write `f64`"),
    ("u128", NO_128),
    ("i128", NO_128),
    (
        "decimal",
        "write `type: i64, scale: 1e-8`: an integer and what one step is worth",
    ),
    ("char", "write `u8`, or `type: str, len: N` for text"),
    (
        "wchar_t",
        "write `type: utf16, len: N`, or `u32` for one code point",
    ),
    ("string", FIXED_TEXT),
    ("String", FIXED_TEXT),
    ("text", FIXED_TEXT),
    ("varchar", FIXED_TEXT),
    ("uuid", "write `type: bytes, len: 16`"),
    ("UUID", "write `type: bytes, len: 16`"),
    ("blob", "write `type: bytes, len: N`"),
    ("bytearray", "write `type: bytes, len: N`"),
    ("boolean", "write `bool`"),
    ("pointer", NO_POINTERS),
    ("ptr", NO_POINTERS),
    ("void", NO_POINTERS),
    ("intptr_t", NO_POINTERS),
    ("uintptr_t", NO_POINTERS),
    ("list", FIXED_ARRAY),
    ("array", FIXED_ARRAY),
    ("vec", FIXED_ARRAY),
    ("vector", FIXED_ARRAY),
    ("Vec", FIXED_ARRAY),
    (
        "Option",
        "write the type, and a `sentinel` that stands for none",
    ),
    ("timestamp", MOMENT),
    ("datetime", MOMENT),
    ("date", "write `timestamp_s`, or `i32` days"),
    ("time", MOMENT),
    ("duration", SPAN),
    ("Duration", SPAN),
    ("timedelta", SPAN),
];
