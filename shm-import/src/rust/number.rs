//! Numbers: literals, named ones, and what is computed of both.

use syn::ext::IdentExt;
use syn::{BinOp, Expr, ItemConst, Lit, UnOp, Visibility};

use super::item::{Items, last, named};
use super::{doc, place};
use crate::draft::{Constant, Draft};
use crate::finding::Finding;

/// Most constants that lead to each other.
const MAX_CHAIN: usize = 64;

/// A number as a schema has it: digits, or the constant's name.
///
/// # Errors
///
/// At the expression, when only rustc can tell.
pub(super) fn amount(items: &Items<'_>, expr: &Expr) -> Result<String, Finding> {
    let value = value(items, expr, 0).ok_or_else(|| {
        Finding::new(place(expr), "only rustc can tell what this number is")
            .help("write it as a literal, or as a `const` of this file made of literals")
    })?;
    let constant = path_name(expr).and_then(|name| items.constant(&name));
    match constant.filter(|constant| scalar(constant).is_some()) {
        Some(constant) => {
            let name = constant.ident.unraw().to_string();
            items.used.borrow_mut().insert(name.clone());
            Ok(name)
        }
        None => Ok(value.to_string()),
    }
}

/// What an integer expression comes to.
pub(super) fn value(items: &Items<'_>, expr: &Expr, chain: usize) -> Option<i128> {
    let of = |expr: &Expr| value(items, expr, chain);
    match expr {
        Expr::Lit(lit) => match &lit.lit {
            Lit::Int(int) => int.base10_parse().ok(),
            Lit::Byte(byte) => Some(byte.value().into()),
            _ => None,
        },
        Expr::Group(group) => of(&group.expr),
        Expr::Paren(paren) => of(&paren.expr),
        Expr::Cast(cast) => of(&cast.expr),
        Expr::Block(block) => match &block.block.stmts[..] {
            [syn::Stmt::Expr(only, None)] => of(only),
            _ => None,
        },
        Expr::Unary(unary) => match unary.op {
            UnOp::Neg(_) => of(&unary.expr)?.checked_neg(),
            _ => None,
        },
        Expr::Binary(binary) => {
            let (a, b) = (of(&binary.left)?, of(&binary.right)?);
            match binary.op {
                BinOp::Add(_) => a.checked_add(b),
                BinOp::Sub(_) => a.checked_sub(b),
                BinOp::Mul(_) => a.checked_mul(b),
                BinOp::Div(_) => a.checked_div(b),
                BinOp::Rem(_) => a.checked_rem(b),
                BinOp::Shl(_) => a.checked_mul(1_i128.checked_shl(u32::try_from(b).ok()?)?),
                BinOp::BitOr(_) => Some(a | b),
                BinOp::BitAnd(_) => Some(a & b),
                _ => None,
            }
        }
        Expr::Path(_) if chain < MAX_CHAIN => {
            let constant = items.constant(&path_name(expr)?)?;
            value(items, &constant.expr, chain + 1)
        }
        _ => None,
    }
}

/// A whole number that is written out.
pub(super) fn literal(expr: &Expr) -> Option<u64> {
    match expr {
        Expr::Lit(lit) => match &lit.lit {
            Lit::Int(int) => int.base10_parse().ok(),
            _ => None,
        },
        _ => None,
    }
}

/// The last name of a path, which may lead through modules.
pub(super) fn path_name(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Path(path) => Some(path.path.segments.last()?.ident.unraw().to_string()),
        Expr::Group(group) => path_name(&group.expr),
        Expr::Paren(paren) => path_name(&paren.expr),
        Expr::Block(block) => match &block.block.stmts[..] {
            [syn::Stmt::Expr(only, None)] => path_name(only),
            _ => None,
        },
        _ => None,
    }
}

/// A number as YAML has it: also one with a point, and those without digits.
pub(super) fn text(items: &Items<'_>, expr: &Expr) -> Option<String> {
    if let Some(value) = value(items, expr, 0) {
        return Some(value.to_string());
    }
    match expr {
        Expr::Lit(lit) => match &lit.lit {
            Lit::Float(float) => Some(float.base10_digits().to_owned()),
            _ => None,
        },
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => {
            Some(format!("-{}", text(items, &unary.expr)?))
        }
        Expr::Path(_) => match &*path_name(expr)? {
            "NAN" => Some("nan".to_owned()),
            "INFINITY" => Some("inf".to_owned()),
            "NEG_INFINITY" => Some("-inf".to_owned()),
            _ => None,
        },
        // `TimestampNs(0)`
        Expr::Call(call) if call.args.len() == 1 => text(items, &call.args[0]),
        _ => None,
    }
}

/// The schema's type for a constant's. An index of Rust is as wide as a u64 on
/// the machines that we run on.
fn scalar(constant: &ItemConst) -> Option<&'static str> {
    Some(match &*last(&constant.ty)? {
        "u8" => "u8",
        "u16" => "u16",
        "u32" => "u32",
        "u64" | "usize" => "u64",
        "i8" => "i8",
        "i16" => "i16",
        "i32" => "i32",
        "i64" | "isize" => "i64",
        "f32" => "f32",
        "f64" => "f64",
        _ => return None,
    })
}

/// Constants that are public, or that a field uses; others are the file's own.
pub(super) fn gather(items: &Items<'_>, draft: &mut Draft) {
    let used = items.used.borrow();
    for constant in &items.constants {
        let (name, at) = named(&constant.ident);
        let public = matches!(constant.vis, Visibility::Public(_));
        if !public && !used.contains(&name) {
            continue;
        }
        // One that only rustc can tell is not used, or `amount` had said so.
        let number = text(items, &constant.expr);
        if let (Some(ty), Some(number)) = (scalar(constant), number) {
            draft.constants.push(Constant {
                name,
                ty,
                number,
                doc: doc::text_or(
                    &constant.attrs,
                    items.generated,
                    "A constant of the schema.",
                ),
                at,
            });
        }
    }
}
