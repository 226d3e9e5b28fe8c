//! Constants, which may be given by other constants.

use std::collections::HashMap;

use super::amounts::{fit, misfit, shown_number, wider};
use super::context::{Context, text};
use crate::code::Code;
use crate::layout::{self, Number, Scalar};
use crate::model::{Amount, At, Constant};
use crate::name::Name;
use crate::suggest::chained;

/// Resolves all constants and makes them known to the context.
pub(super) fn resolve(cx: &mut Context<'_>, list: &[At<Constant>]) -> Vec<layout::Constant> {
    let index: HashMap<&str, usize> = list
        .iter()
        .enumerate()
        .map(|(i, c)| (c.name.as_str(), i))
        .collect();
    let mut resolved: Vec<Option<layout::Constant>> = list.iter().map(|_| None).collect();
    let mut on_chain = vec![false; list.len()];
    for start in 0..list.len() {
        // From a constant through those that give it, then back.
        let mut chain = Vec::new();
        let mut next = Some(start);
        while let Some(i) = next {
            if cx.constants.contains_key(list[i].name.as_str()) {
                break;
            }
            if on_chain[i] {
                cycle(cx, list, &chain, i);
                break;
            }
            chain.push(i);
            on_chain[i] = true;
            next = match &list[i].number.value {
                Amount::Constant(name) => index.get(name.as_str()).copied(),
                Amount::Int(_) | Amount::Float(_) => None,
            };
        }
        while let Some(i) = chain.pop() {
            let name = list[i].name.as_str();
            if !cx.constants.contains_key(name) {
                let constant = one(cx, &list[i]);
                let value = constant.as_ref().map(|c| c.value);
                cx.constants.insert(name.to_owned(), value);
                resolved[i] = constant;
            }
        }
    }
    resolved.into_iter().flatten().collect()
}

fn one(cx: &mut Context<'_>, constant: &At<Constant>) -> Option<layout::Constant> {
    let ty = scalar(cx, constant);
    let number = cx.number(&constant.number)?;
    let ty = ty?;
    let finite = !matches!(number, Number::Float(value) if !value.is_finite());
    // A constant may be rounded to its type: nothing is compared with it.
    let value = match (number, ty) {
        #[allow(clippy::cast_possible_truncation)]
        (Number::Float(value), Scalar::F32) if (value as f32).is_finite() => Some(number),
        _ => fit(number, ty),
    };
    let Some(value) = value.filter(|_| finite) else {
        let message = format!(
            "`{}` is {}, which its type cannot hold",
            constant.name.value,
            shown_number(number)
        );
        let label = match finite {
            true => misfit(number, ty),
            false => "a constant is finite".to_owned(),
        };
        let d = cx
            .error(Code::ConstantOutOfRange, &constant.number, message)
            .label(label)
            .other(cx.at(&constant.ty), "its type")
            .maybe_help(match finite {
                true => wider(number, ty).map(|s| format!("`type: {}` would hold it", s.name())),
                false => Some("a `sentinel` or `range` may say `nan` or `inf` itself".to_owned()),
            });
        cx.push(d);
        return None;
    };
    Some(layout::Constant {
        name: Name::new(constant.name.as_str()),
        ty,
        value,
        doc: text(&constant.doc),
        at: cx.at(&constant.name),
    })
}

fn scalar(cx: &mut Context<'_>, constant: &At<Constant>) -> Option<Scalar> {
    let scalar = Scalar::from_name(&constant.ty);
    if scalar.is_none() {
        let message = format!(
            "a constant is a number, and `{}` is not a type of one",
            constant.ty.value
        );
        let names = Scalar::ALL.map(Scalar::name);
        let help = cx
            .suggest(&constant.ty, names)
            .unwrap_or_else(|| "write `u32`, `i64` or `f64`".to_owned());
        let d = cx
            .error(Code::ConstantType, &constant.ty, message)
            .help(help);
        cx.push(d);
    }
    scalar
}

/// Reports a cycle and makes its constants known as wrong.
fn cycle(cx: &mut Context<'_>, list: &[At<Constant>], chain: &[usize], first: usize) {
    let start = chain.iter().position(|&i| i == first).unwrap_or(0);
    let mut names: Vec<String> = chain[start..]
        .iter()
        .map(|&i| format!("`{}`", list[i].name.value))
        .collect();
    names.push(names[0].clone());
    let d = cx
        .error(
            Code::ConstantCycle,
            &list[first].number,
            format!("{} is defined by itself", names[0]),
        )
        .label(chained(&names, " is "))
        .help("give one of them a number");
    cx.push(d);
    for &i in &chain[start..] {
        cx.constants.insert(list[i].name.value.clone(), None);
    }
}
