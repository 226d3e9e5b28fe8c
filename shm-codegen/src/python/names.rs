//! What everything is called in the module: one flat name space.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use shm_schema::{Layout, Position};

use super::live;
use crate::target::Refusal;

/// What generated code calls by its own name. Names of the module that begin
/// with an underscore need not be here: a schema has none.
const OWN: &[&str] = &[
    // Ours, and what is imported from `typing`.
    "Any",
    "ClassVar",
    "NamedTuple",
    "Protocol",
    "SCHEMA_FINGERPRINT",
    "SCHEMA_VERSION",
    "TYPE_CHECKING",
    "TypeVar",
    // Built-ins.
    "ImportError",
    "NotImplemented",
    "OverflowError",
    "TypeError",
    "ValueError",
    "abs",
    "all",
    "bool",
    "bytearray",
    "bytes",
    "classmethod",
    "dict",
    "divmod",
    "enumerate",
    "float",
    "getattr",
    "hex",
    "int",
    "isinstance",
    "issubclass",
    "len",
    "list",
    "map",
    "max",
    "memoryview",
    "min",
    "object",
    "property",
    "range",
    "repr",
    "setattr",
    "slice",
    "staticmethod",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
];

/// Modules that a generated one imports; beside a script, a file of that name
/// would be found first.
const MODULES: &[&str] = &[
    "builtins",
    "ctypes",
    "datetime",
    "enum",
    "importlib",
    "math",
    "numpy",
    "operator",
    "os",
    "shm_runtime",
    "sys",
    "typing",
];

/// Refuses a layout of which two names come to one.
pub(super) fn check(layout: &Layout) -> Result<(), Refusal> {
    let package = layout.package.python();
    if MODULES.contains(&package.as_str()) {
        return Err(Refusal::HidesOwn {
            file: format!("{package}.py"),
            package,
            language: "Python",
        });
    }
    let own = OWN
        .iter()
        .map(|n| (n.to_string(), format!("`{n}` of the generated module")));
    let mut taken: HashMap<String, String> = own.collect();
    for c in &layout.constants {
        take(
            &mut taken,
            c.name.upper(),
            format!("the constant `{}`", c.name),
            c.at,
        )?;
    }
    for e in layout.own_enums() {
        take(
            &mut taken,
            e.name.python(),
            format!("the enum `{}`", e.name),
            e.at,
        )?;
    }
    for f in layout.own_flags() {
        take(
            &mut taken,
            f.name.python(),
            format!("the flags `{}`", f.name),
            f.at,
        )?;
    }
    for s in layout.own_structs() {
        take(
            &mut taken,
            s.name.python(),
            format!("the struct `{}`", s.name),
            s.at,
        )?;
    }
    for (index, s) in layout.structs.iter().enumerate() {
        let (own, foreign) = live::uses(layout, index);
        for (used, suffixes) in [
            (own, ["Row", "Cell"]),
            (foreign, ["ForeignRow", "ForeignCell"]),
        ] {
            for suffix in suffixes.into_iter().filter(|_| used) {
                let name = live::class_name(layout, index) + suffix;
                take(
                    &mut taken,
                    name,
                    format!("the live form of `{}`", s.name),
                    s.at,
                )?;
            }
        }
    }
    for s in &layout.segments {
        take(
            &mut taken,
            s.name.python(),
            format!("the segment `{}`", s.name),
            s.at,
        )?;
    }
    Ok(())
}

fn take(
    taken: &mut HashMap<String, String>,
    name: String,
    what: String,
    at: Position,
) -> Result<(), Refusal> {
    match taken.entry(name.clone()) {
        Entry::Vacant(entry) => {
            entry.insert(what);
            Ok(())
        }
        Entry::Occupied(entry) => Err(Refusal::SameName {
            name,
            first: entry.get().clone(),
            second: what,
            at,
            language: "Python",
        }),
    }
}
