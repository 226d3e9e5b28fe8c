//! What is said of an import that cannot be had.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::import::Astray;
use crate::model::Text;
use crate::sources::SourceError;
use crate::suggest::chained;
use crate::tree::{NodeId, Tree};

/// An entry that leads to no path within the root.
pub(super) fn lost(tree: &Tree, entry: &Text, astray: Astray) -> Diagnostic {
    let written = entry.as_str();
    let (code, message, help) = match astray {
        Astray::Empty => (
            Code::EmptyImport,
            "this import names no file".to_owned(),
            "write the path of a schema, such as `common.yaml`".to_owned(),
        ),
        Astray::Backslash => (
            Code::ImportBackslash,
            format!("`{written}` has a backslash in it"),
            format!(
                "write `{}`: it is `/` on every system",
                written.replace('\\', "/")
            ),
        ),
        Astray::Absolute => (
            Code::ImportAbsolute,
            format!("`{written}` is not a relative path"),
            "write the path from the folder of this file: the same schema then works on \
             every machine"
                .to_owned(),
        ),
        Astray::Outside => (
            Code::ImportOutsideRoot,
            format!("`{written}` leads out of the root folder"),
            "move the file below the root, or name a root above both, as by `--root`".to_owned(),
        ),
    };
    Diagnostic::new(code, tree.seen_at(entry.node), message).help(help)
}

pub(super) fn twice(tree: &Tree, entry: &Text, first: &Text) -> Diagnostic {
    let message = format!("`{}` is imported already", entry.value);
    Diagnostic::new(Code::DuplicateImport, tree.at(entry.node), message)
        .other(tree.at(first.node), "first here")
        .help("keep one of them")
}

pub(super) fn cycle(tree: &Tree, entry: &Text, chain: &[String]) -> Diagnostic {
    let names: Vec<String> = chain
        .iter()
        .chain(chain.first())
        .map(|path| format!("`{path}`"))
        .collect();
    let message = match chain {
        [_] => format!("{} imports itself", names[0]),
        _ => format!("{} imports itself through others", names[0]),
    };
    let d = Diagnostic::new(Code::ImportCycle, tree.at(entry.node), message);
    match chain {
        [_] => d.help("remove it: a schema sees its own names anyway"),
        _ => d
            .label(chained(&names, " imports "))
            .help("move what both need into a file that imports neither"),
    }
}

pub(super) fn unread(
    tree: &Tree,
    entry: &Text,
    shown: &str,
    error: &SourceError,
    near: Option<String>,
) -> Diagnostic {
    let written = entry.as_str();
    let (code, message, help) = match error {
        SourceError::Missing => (
            Code::ImportMissing,
            format!("there is no file `{shown}`"),
            "an import is a path from the folder of the file that imports",
        ),
        SourceError::Outside => (
            Code::ImportOutsideRoot,
            format!("`{written}` is a link that leads out of the root folder"),
            "put the file itself there, or name a root above both, as by `--root`",
        ),
        SourceError::NotAFile => (
            Code::ImportUnreadable,
            format!("`{shown}` is not a file"),
            "name a schema: a folder's files are imported one by one",
        ),
        SourceError::Io(error) => (
            Code::ImportUnreadable,
            format!("`{shown}` cannot be read: {error}"),
            "make the file readable",
        ),
    };
    let near = near.filter(|_| code == Code::ImportMissing);
    let help = near.map_or(help.to_owned(), |near| format!("did you mean `{near}`?"));
    Diagnostic::new(code, tree.at(entry.node), message).help(help)
}

pub(super) fn too_many(tree: &Tree, node: NodeId, message: String) -> Diagnostic {
    Diagnostic::new(Code::TooManyImports, tree.at(node), message)
        .help("put types that are used together into one file")
}
