//! The schema's own name and version.

use super::finding::{Findings, at, help};
use super::pairs::Pairs;
use super::segments;
use crate::code::Code;
use crate::layout::{Home, Layout};

pub(super) fn compare(pairs: &Pairs<'_>, findings: &mut Findings) {
    let (old, new) = (pairs.old, pairs.new);
    if old.package != new.package {
        let message = format!(
            "the package is `{}`, and was `{}`",
            new.package, old.package
        );
        let place = (Home::Own, new.package_at);
        let d = at(Code::PackageRenamed, place, message);
        let d = help(
            d,
            "keep it: modules, C names and segments are named after it",
        );
        findings.push(d, (Home::Own, old.package_at), "its name before");
    }
    bump((Home::Own, old), (Home::Own, new), pairs, findings);
    for (i, import) in new.imports.iter().enumerate() {
        let package = &import.layout.package;
        let before = old
            .imports
            .iter()
            .position(|i| i.layout.package == *package);
        if let Some(before) = before {
            let old = (Home::Import(before), old.imports[before].layout.as_ref());
            bump(old, (Home::Import(i), &import.layout), pairs, findings);
        }
    }
}

/// One file: a change of what is in it needs a new version.
fn bump(
    (old_home, old): (Home, &Layout),
    (home, new): (Home, &Layout),
    pairs: &Pairs<'_>,
    findings: &mut Findings,
) {
    let went_back = new.version < old.version;
    let stands_still = new.version == old.version && changed(pairs, old_home, home, findings);
    if !went_back && !stands_still {
        return;
    }
    let message = match went_back {
        true => format!(
            "`{}` is at version {}, and was at {}",
            new.package, new.version, old.version
        ),
        false => format!(
            "`{}` has changed, and is still at version {}",
            new.package, new.version
        ),
    };
    let d = at(Code::VersionNotBumped, (home, new.version_at), message);
    let d = help(
        d,
        format!("write `version: {}`", old.version.saturating_add(1)),
    );
    findings.push(
        d,
        (old_home, old.version_at),
        format!("version {} before", old.version),
    );
}

/// Whether a type or segment of one file is not what it was.
fn changed(pairs: &Pairs<'_>, old_home: Home, home: Home, findings: &Findings) -> bool {
    let (old, new) = (pairs.old, pairs.new);
    let enums = new.enums.iter().zip(&pairs.enums).any(|(e, before)| {
        e.home == home && before.is_none_or(|i| old.enums[i].fingerprint != e.fingerprint)
    });
    let flags = new.flags.iter().zip(&pairs.flags).any(|(f, before)| {
        f.home == home && before.is_none_or(|i| old.flags[i].fingerprint != f.fingerprint)
    });
    let structs = new.structs.iter().zip(&pairs.structs).any(|(s, before)| {
        s.home == home && before.is_none_or(|i| old.structs[i].fingerprint != s.fingerprint)
    });
    let any_segment = home == Home::Own
        && old_home == Home::Own
        && new.segments.iter().any(|s| {
            let before = old.segments.iter().find(|before| before.name == s.name);
            before.is_none_or(|before| segments::differs(pairs, before, s))
        });
    enums || flags || structs || any_segment || findings.any_in(home)
}
