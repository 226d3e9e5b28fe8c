//! What everything is called in C: one flat name space, under the package's
//! prefix.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use shm_schema::{Layout, Name, Position};

use crate::target::Refusal;

/// Headers of the standard library. `#include <math.h>` must never find ours,
/// which it would in a directory that is given to the compiler with `-I`.
const STANDARD_HEADERS: &[&str] = &[
    "assert",
    "complex",
    "ctype",
    "errno",
    "fenv",
    "float",
    "inttypes",
    "iso646",
    "limits",
    "locale",
    "math",
    "setjmp",
    "signal",
    "stdalign",
    "stdarg",
    "stdatomic",
    "stdbool",
    "stddef",
    "stdint",
    "stdio",
    "stdlib",
    "stdnoreturn",
    "string",
    "tgmath",
    "threads",
    "time",
    "uchar",
    "wchar",
    "wctype",
];

/// Hands out the names of a header and notices when two things get one.
///
/// Two different parts of a schema can meet in C only: the constant
/// `PHASE_CLOSED` and the value `Closed` of the enum `Phase` both become
/// `MARKET_PHASE_CLOSED`.
pub(super) struct Names<'a> {
    package: &'a Name,
    taken: HashMap<String, String>,
}

impl<'a> Names<'a> {
    /// # Errors
    ///
    /// When the header's file would hide one of the standard library's.
    pub(super) fn new(layout: &'a Layout) -> Result<Self, Refusal> {
        let package = &layout.package;
        if STANDARD_HEADERS.contains(&package.as_str()) {
            return Err(Refusal::HidesOwn {
                package: package.to_string(),
                file: format!("{package}.h"),
                language: "C",
            });
        }
        let taken = library_macros()
            .map(|name| (name, "a macro of the C library".to_owned()))
            .collect();
        Ok(Self { package, taken })
    }

    /// `market_Quote`, without taking it.
    pub(super) fn type_name(&self, name: &Name) -> String {
        format!("{}_{name}", self.package)
    }

    /// `market_Quote`, for a type's definition.
    pub(super) fn new_type(&mut self, name: &Name, at: Position) -> Result<String, Refusal> {
        let full = self.type_name(name);
        self.take(full, format!("the type `{name}`"), at)
    }

    /// `MARKET_QUOTE_FINGERPRINT`, of the parts `QUOTE` and `FINGERPRINT`.
    pub(super) fn new_macro(
        &mut self,
        parts: &[&str],
        what: String,
        at: Position,
    ) -> Result<String, Refusal> {
        let full = format!("{}_{}", self.package.upper(), parts.join("_"));
        self.take(full, what, at)
    }

    /// A member's name, which must not be that of a macro or a type: the
    /// preprocessor would replace it, and C++ would take it for the type.
    pub(super) fn member(&self, of: &Name, name: String, at: Position) -> Result<String, Refusal> {
        match self.taken.get(&name) {
            None => Ok(name),
            Some(first) => Err(Refusal::SameName {
                first: first.clone(),
                second: format!("the field `{name}` of `{of}`"),
                name,
                at,
                language: "C",
            }),
        }
    }

    fn take(&mut self, name: String, what: String, at: Position) -> Result<String, Refusal> {
        match self.taken.entry(name.clone()) {
            Entry::Vacant(entry) => {
                entry.insert(what);
                Ok(name)
            }
            Entry::Occupied(entry) => Err(Refusal::SameName {
                name,
                first: entry.get().clone(),
                second: what,
                at,
                language: "C",
            }),
        }
    }
}

/// Macros without arguments of the headers that ours includes. One with
/// arguments, such as `offsetof`, does no harm to a name that no parenthesis
/// follows.
fn library_macros() -> impl Iterator<Item = String> {
    let widths = ["8", "16", "32", "64"];
    let sized = ["INT", "INT_LEAST", "INT_FAST"]
        .into_iter()
        .flat_map(move |kind| widths.map(|width| format!("{kind}{width}")));
    let signed = sized.chain(["INTPTR", "INTMAX"].map(str::to_owned));
    let limits = signed.flat_map(|name| {
        [
            format!("{name}_MIN"),
            format!("{name}_MAX"),
            format!("U{name}_MAX"),
        ]
    });
    let others = ["PTRDIFF", "SIG_ATOMIC", "WCHAR", "WINT"]
        .into_iter()
        .flat_map(|name| [format!("{name}_MIN"), format!("{name}_MAX")]);
    let single = ["SIZE_MAX", "NAN", "INFINITY"].map(str::to_owned);
    limits.chain(others).chain(single)
}
