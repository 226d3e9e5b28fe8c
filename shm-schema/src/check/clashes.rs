//! Names that would become one: here, or in a language that spells them
//! differently.

use std::collections::{HashMap, HashSet};

use super::context::Context;
use crate::code::Code;
use crate::model::Text;
use crate::name::Name;
use crate::tree::NodeId;

/// What a name is of, for messages, and the name.
pub(super) type Named<'a> = (&'static str, &'a Text);

/// Reports names that stand for two things; returns the nodes of the first
/// of each.
pub(super) fn unique(cx: &mut Context<'_>, of: &str, names: &[Named<'_>]) -> HashSet<NodeId> {
    let mut first: HashMap<&str, (&str, &Text)> = HashMap::new();
    let mut nodes = HashSet::new();
    for (what, name) in names {
        let text = name.as_str();
        let Some((before, at)) = first.get(text) else {
            first.insert(text, (what, name));
            nodes.insert(name.node);
            continue;
        };
        if text.is_empty() {
            continue; // already said
        }
        let (code, message) = match before == what {
            true => (
                Code::DuplicateName,
                format!("{of} has two {} called `{text}`", plural(what)),
            ),
            false => (
                Code::SharedName,
                format!("`{text}` names {} and {}", article(before), article(what)),
            ),
        };
        let d = cx
            .error(code, name, message)
            .other(cx.at(*at), "first here")
            .help("give each its own name");
        cx.push(d);
    }
    nodes
}

pub(super) fn equal_in_upper_case(cx: &mut Context<'_>, names: &[Named<'_>]) {
    let mut first: HashMap<String, &Text> = HashMap::new();
    for (_, name) in names {
        let upper = Name::new(name.as_str()).upper();
        let Some(before) = first.get(&upper) else {
            first.insert(upper, name);
            continue;
        };
        let message = format!(
            "`{}` and `{}` are both `{upper}` as constants",
            before.value, name.value
        );
        let d = cx
            .error(Code::EqualAfterCaseChange, name, message)
            .other(cx.at(*before), "the other one")
            .help("let them differ in more than case and underscores");
        cx.push(d);
    }
}

/// Reports constants and segments that Rust would call like an enum or flags:
/// both are values there, the one by its own name and the other by its
/// constructor's.
pub(super) fn equal_to_a_constructor(
    cx: &mut Context<'_>,
    types: &[Named<'_>],
    values: &[Named<'_>],
) {
    let open: HashMap<&str, &Named<'_>> = types
        .iter()
        .filter(|(what, _)| *what != "struct")
        .map(|named| (named.1.as_str(), named))
        .collect();
    for (what, name) in values {
        let upper = Name::new(name.as_str()).upper();
        let Some((of, other)) = open.get(upper.as_str()) else {
            continue;
        };
        let message = format!(
            "{what} `{}` is `{upper}` in Rust, which is {} too",
            name.value,
            article(of)
        );
        let d = cx
            .error(Code::EqualAfterCaseChange, name, message)
            .other(cx.at(other), "the other one")
            .help("let them differ in more than case and underscores");
        cx.push(d);
    }
}

pub(super) fn equal_after_renaming(cx: &mut Context<'_>, names: &[Named<'_>]) {
    let all: HashMap<&str, &Text> = names.iter().map(|(_, n)| (n.as_str(), *n)).collect();
    for (_, name) in names {
        let spelled = Name::new(name.as_str());
        let renamed = [("Python", spelled.python()), ("C", spelled.c())];
        let clash = renamed.into_iter().find_map(|(language, renamed)| {
            let other = all
                .get(renamed.as_str())
                .filter(|_| renamed != name.as_str())?;
            Some((language, *other))
        });
        let Some((language, other)) = clash else {
            continue;
        };
        let message = format!(
            "`{}` is a keyword of {language} and becomes `{}` there, which is a name too",
            name.value, other.value
        );
        let d = cx
            .error(Code::EqualAfterRenaming, name, message)
            .other(cx.at(other), "the other one")
            .help("rename one of them");
        cx.push(d);
    }
}

fn article(what: &str) -> String {
    match what {
        "enum" => "an enum".to_owned(),
        "flags" => "a set of flags".to_owned(),
        what => format!("a {what}"),
    }
}

fn plural(what: &str) -> String {
    match what {
        "flags" => "sets of flags".to_owned(),
        what => format!("{what}s"),
    }
}
