//! C's types and numbers.

use tree_sitter::Node;

use super::file::{Header, has_body};
use crate::draft::Type;

/// A type without its declarator. `None` was refused.
pub(super) fn of(header: &mut Header<'_>, node: Node<'_>) -> Option<Type> {
    let text = header.text(node);
    match node.kind() {
        "struct_specifier" | "enum_specifier" | "union_specifier" if has_body(node) => {
            let help = "define it by itself, with a name";
            header.refuse(node, "a type that is defined inside another", help);
            None
        }
        "struct_specifier" | "enum_specifier" | "union_specifier" => {
            let name = node
                .child_by_field_name("name")
                .map(|name| header.text(name));
            known(header, node, name.unwrap_or(text))
        }
        _ => known(header, node, text),
    }
}

fn known(header: &mut Header<'_>, node: Node<'_>, text: &str) -> Option<Type> {
    if let Some(known) = header.types.get(text) {
        return known.clone();
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    if let Some(name) = builtin(&words.join(" ")) {
        return Some(Type::named(name));
    }
    let (message, help) = match &*words.join(" ") {
        "char" => (
            "`char` is signed on some machines and not on others",
            "write `int8_t` or `uint8_t`",
        ),
        "long" | "long int" | "signed long" => (
            "`long` is of another size on other machines",
            "write `int64_t` or `int32_t`",
        ),
        "unsigned long" | "unsigned long int" => (
            "`unsigned long` is of another size on other machines",
            "write `uint64_t` or `uint32_t`",
        ),
        "size_t" | "uintptr_t" => ("its size is another on other machines", "write `uint64_t`"),
        "ssize_t" | "intptr_t" | "ptrdiff_t" | "time_t" | "off_t" => {
            ("its size is another on other machines", "write `int64_t`")
        }
        "wchar_t" => (
            "`wchar_t` is of another size on other machines",
            "write `char16_t` or `uint32_t`",
        ),
        "long double" => (
            "`long double` differs from machine to machine",
            "write `double`",
        ),
        "void" => ("`void` has no bytes", "write the type"),
        _ => {
            let message = format!("this file does not define `{text}`");
            header.refuse(
                node,
                message,
                "define it here, or write a type of <stdint.h>",
            );
            return None;
        }
    };
    header.refuse(node, message, help);
    None
}

/// Types whose width is the same on every machine that we run on.
fn builtin(text: &str) -> Option<&'static str> {
    Some(match text {
        "uint8_t" | "unsigned char" | "__u8" => "u8",
        "uint16_t" | "unsigned short" | "unsigned short int" | "__u16" => "u16",
        "uint32_t" | "unsigned int" | "unsigned" | "__u32" | "char32_t" => "u32",
        "uint64_t" | "unsigned long long" | "unsigned long long int" | "__u64" => "u64",
        "int8_t" | "signed char" | "__s8" => "i8",
        "int16_t" | "short" | "short int" | "__s16" => "i16",
        "int32_t" | "int" | "signed int" | "signed" | "__s32" => "i32",
        "int64_t" | "long long" | "long long int" | "__s64" => "i64",
        "float" => "f32",
        "double" => "f64",
        "bool" | "_Bool" => "bool",
        _ => return None,
    })
}

/// A number: a literal, a constant, or what parentheses and signs make of one.
pub(super) fn number(header: &Header<'_>, node: Node<'_>) -> Option<i128> {
    let text = header.text(node).trim();
    let text = text.trim_start_matches('(').trim_end_matches(')');
    literal(text).or_else(|| header.numbers.get(text).copied())
}

/// `5`, `0x10`, `-1`, `16U`, `(5)`.
pub(super) fn literal(text: &str) -> Option<i128> {
    let text = text.trim().trim_start_matches('(').trim_end_matches(')');
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let digits = digits.trim_end_matches(['u', 'U', 'l', 'L']);
    let value = if let Some(hex) = digits.strip_prefix("0x").or(digits.strip_prefix("0X")) {
        i128::from_str_radix(hex, 16)
    } else if digits.len() > 1 && digits.starts_with('0') {
        i128::from_str_radix(digits, 8)
    } else {
        digits.parse()
    };
    value.ok()?.checked_mul(sign)
}
