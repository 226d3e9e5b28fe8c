//! The Python runtime, which comes with the generator: all but the extension
//! of the wheel, which it takes where it finds it.

use crate::stamp;
use crate::target::Output;

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../python/shm_runtime/", $name)))),*]
    };
}

const FILES: &[(&str, &str)] = files![
    "__init__.py",
    "__main__.py",
    "_backend.py",
    "_cell.py",
    "_check.py",
    "_columns.py",
    "_create.py",
    "_descriptor.py",
    "_errors.py",
    "_fast.py",
    "_fit.py",
    "_foreign.py",
    "_foreign_memory.py",
    "_handle.py",
    "_latch.py",
    "_latency.py",
    "_live.py",
    "_lock.py",
    "_mismatch.py",
    "_native.pyi",
    "_open.py",
    "_place.py",
    "_row.py",
    "_segment.py",
    "_shape.py",
    "_snapshot.py",
    "_spec.py",
    "_table.py",
    "_translated.py",
    "_view.py",
    "_warm.py",
    "doctor.py",
    "py.typed",
    "segment_header.py",
];

/// The package `shm_runtime`, each file marked as ours to overwrite.
pub(super) fn files() -> Vec<Output> {
    FILES
        .iter()
        .map(|(name, text)| Output {
            path: format!("shm_runtime/{name}"),
            text: marked(text),
        })
        .collect()
}

fn marked(text: &str) -> String {
    // The header's module is generated and has its mark; the empty marker for
    // type checkers needs none.
    match text.is_empty() || text.lines().next().is_some_and(|l| l.contains(stamp::MARK)) {
        true => text.to_owned(),
        false => format!("# {}\n{text}", stamp::shipped_line()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_file_of_the_package_is_shipped() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/shm_runtime");
        let there: BTreeSet<String> = std::fs::read_dir(folder)
            .expect("the package")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .into_string()
                    .expect("a name")
            })
            // They measure the wheel, and nobody needs them beside a module.
            .filter(|name| !["bench.py", "_peers.py"].contains(&name.as_str()))
            .filter(|name| {
                [".py", ".pyi", ".typed"]
                    .iter()
                    .any(|end| name.ends_with(end))
            })
            .collect();
        let shipped: BTreeSet<String> = FILES.iter().map(|(name, _)| name.to_string()).collect();
        assert_eq!(there, shipped);
    }
}
