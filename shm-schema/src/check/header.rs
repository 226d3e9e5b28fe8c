//! The keys at the top of a schema.

use super::context::{Context, text};
use crate::code::Code;
use crate::fingerprint::Fingerprint;
use crate::layout::Layout;
use crate::model::{Amount, Schema};
use crate::name::Name;
use crate::report::Report;

/// The version of the language that this crate reads.
pub(crate) const LANGUAGE: i128 = 1;

/// Stands for a version with an error of its own: every `since` is before it.
const UNKNOWN: u32 = u32::MAX;

/// A layout with nothing in it yet but what the header says.
pub(super) fn begin(cx: &mut Context<'_>, file: &str, path: &str, schema: &Schema) -> Layout {
    language(cx, schema);
    let package = schema.package.as_ref().map_or("", |p| p.as_str());
    let package_at = schema.package.as_ref().map(|package| cx.at(package));
    let package_at = package_at.unwrap_or_default();
    let version_at = schema.version.as_ref().map(|version| cx.at(version));
    Layout {
        file: file.to_owned(),
        path: path.to_owned(),
        package: Name::new(package),
        version: cx.version,
        package_at,
        version_at: version_at.unwrap_or(package_at),
        doc: text(&schema.doc),
        imports: Vec::new(),
        constants: Vec::new(),
        enums: Vec::new(),
        flags: Vec::new(),
        structs: Vec::new(),
        segments: Vec::new(),
        fingerprint: Fingerprint::of(""),
        text: String::new(),
        warnings: Report::default(),
    }
}

fn language(cx: &mut Context<'_>, schema: &Schema) {
    let Some(shm) = &schema.shm else { return };
    if shm.value == Amount::Int(LANGUAGE) {
        return;
    }
    let message = format!(
        "`shm: {}` is a language that this version does not read",
        cx.spelled(shm)
    );
    let d = cx.error(Code::LanguageVersion, shm, message).help(format!(
        "write `shm: {LANGUAGE}`, or use a newer shm-codegen"
    ));
    cx.push(d);
}

/// The schema's own version, which a constant may give.
pub(super) fn version(cx: &mut Context<'_>, schema: &Schema) -> u32 {
    let Some(version) = &schema.version else {
        return 1;
    };
    match cx.whole(version, "version").map(u32::try_from) {
        Some(Ok(number @ 1..)) => number,
        Some(_) => {
            let found = cx.spelled(version);
            let message = format!("a version is at least 1 and below 2^32, found {found}");
            let d = cx
                .error(Code::BadVersion, version, message)
                .help("count from 1, and add one whenever the layout changes");
            cx.push(d);
            UNKNOWN
        }
        None => UNKNOWN,
    }
}
