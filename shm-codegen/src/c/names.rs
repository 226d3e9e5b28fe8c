//! What everything is called in C: one flat name space, under the package's
//! prefix.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use shm_schema::layout::Home;
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
        let taken = HashMap::new();
        Ok(Self { package, taken })
    }

    /// Goes on with the names of another schema beside those given so far.
    pub(super) fn enter(&mut self, package: &'a Name) {
        self.package = package;
    }

    /// `market_Quote`, for a type's definition.
    pub(super) fn new_type(&mut self, name: &Name, at: Position) -> Result<String, Refusal> {
        let full = format!("{}_{name}", self.package);
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
        let first = match self.taken.get(&name) {
            Some(first) => Some(first.as_str()),
            None if is_library_macro(&name) => Some("a macro of the C library"),
            None => None,
        };
        match first {
            None => Ok(name),
            Some(first) => Err(Refusal::SameName {
                first: first.to_owned(),
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

/// `market_Quote`, or `common_Vec3` of an import.
pub(super) fn type_name(layout: &Layout, home: Home, name: &Name) -> String {
    let package = layout.package_of(home).unwrap_or(&layout.package);
    format!("{package}_{name}")
}

/// Whether a name is a macro without arguments of the headers that ours may
/// include, of C11 to C23 and with GNU's own. One with arguments, such as
/// `offsetof`, does no harm to a name that no parenthesis follows; one that is
/// a keyword elsewhere, such as `alignas`, is named around.
fn is_library_macro(name: &str) -> bool {
    // `<math.h>` is always counted, though few headers include it: a field's
    // name should not depend on the sentinel of another.
    const MATH: &[&str] = &["FP_", "HUGE_VAL", "MATH_ERR", "M_", "SNAN"];
    const LIMITS: &[&str] = &["PTRDIFF", "SIG_ATOMIC", "SIZE", "WCHAR", "WINT"];
    const SINGLE: &[&str] = &[
        "BIG_ENDIAN",
        "BYTE_ORDER",
        "EXIT_FAILURE",
        "EXIT_SUCCESS",
        "FD_SETSIZE",
        "INFINITY",
        "LITTLE_ENDIAN",
        "MAXFLOAT",
        "MB_CUR_MAX",
        "NAN",
        "NFDBITS",
        "PDP_ENDIAN",
        "RAND_MAX",
        "WCONTINUED",
        "WEXITED",
        "WNOHANG",
        "WNOWAIT",
        "WSTOPPED",
        "WUNTRACED",
        "math_errhandling",
    ];
    let limit = ["_MIN", "_MAX", "_WIDTH"]
        .iter()
        .find_map(|end| name.strip_suffix(end));
    let is_limit = |stem: &str| LIMITS.contains(&stem) || is_integer_type(stem);
    limit.is_some_and(is_limit)
        || MATH.iter().any(|start| name.starts_with(start))
        || SINGLE.contains(&name)
}

/// `INT8`, `UINT_FAST64`, `INTPTR`: a type of `<stdint.h>` in capitals.
fn is_integer_type(stem: &str) -> bool {
    let kind = stem.strip_prefix('U').unwrap_or(stem);
    let Some(width) = kind.strip_prefix("INT") else {
        return false;
    };
    let width = ["_LEAST", "_FAST"]
        .iter()
        .find_map(|start| width.strip_prefix(start))
        .unwrap_or(width);
    matches!(width, "8" | "16" | "32" | "64" | "PTR" | "MAX")
}
