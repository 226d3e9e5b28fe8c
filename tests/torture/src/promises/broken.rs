//! The tests can fail: the Python runtime is broken in one place at a time,
//! and the promise that rests on that place must break.
//!
//! Python, as it takes no compiler; what the model checker does to the Rust
//! latch is the same.

use super::Promise;
use crate::counts::Counts;
use crate::stage::Stage;
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::path::Path;

/// A place that is broken: the file, the sound text, the broken one.
type Place = (&'static str, &'static str, &'static str);

/// How many times the counts that are enough on an idle machine.
const TIMES: [u64; 3] = [1, 10, 100];

/// What is broken, where, and who notices.
const BREAKS: &[(&str, &[Place], Promise)] = &[
    (
        "a reader that does not look twice",
        &[(
            "_latch.py",
            "    return first >= 0 and (second - (first & ~1)) % _WORD < 2 * copies - 1",
            "    return True",
        )],
        Promise::Torn,
    ),
    (
        "a writer that takes no lock",
        &[(
            "_lock.py",
            "            fcntl.fcntl(self._fd, fcntl.F_OFD_SETLK",
            "            (self._fd",
        )],
        Promise::Create,
    ),
    (
        "a creator that reserves no memory",
        &[(
            "_create.py",
            "os.posix_fallocate(fd, 0, header.total_size)",
            "os.truncate(fd, header.total_size)",
        )],
        Promise::Files,
    ),
    (
        "a name that is not looked at",
        &[("_place.py", "if not _NAME.match(name)", "if not name")],
        Promise::Files,
    ),
    (
        "a file that may be longer than it says",
        &[(
            "_check.py",
            "    if size > it.total_size:",
            "    if size > 1 << 40:",
        )],
        Promise::Hostile,
    ),
    (
        "a child that keeps its parent's lock",
        &[(
            "_lock.py",
            "    def _after_fork(self) -> None:\n",
            "    def _after_fork(self) -> None:\n        return\n",
        )],
        Promise::Lives,
    ),
    (
        "a creator that names its file first",
        &[
            (
                "_place.py",
                "            return os.open(self.folder, os.O_RDWR | os.O_TMPFILE | os.O_CLOEXEC, 0o600)",
                "            return os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)",
            ),
            (
                "_place.py",
                "            os.link(f\"/proc/self/fd/{fd}\", self.path, src_dir_fd=fd, follow_symlinks=True)",
                "            pass",
            ),
        ],
        Promise::Create,
    ),
];

pub(super) fn run(stage: &Stage, counts: &Counts) -> Result<Vec<String>> {
    if counts.is_short() {
        return Ok(Vec::new());
    }
    let mut lines = Vec::new();
    for (number, (what, places, promise)) in BREAKS.iter().enumerate() {
        let bindings = stage.path(&format!("broken-{number}"));
        copy(stage.bindings(), &bindings)?;
        for (file, sound, broken) in *places {
            let path = bindings.join("shm_runtime").join(file);
            let text = fs::read_to_string(&path)?;
            ensure!(
                text.matches(sound).count() == 1,
                "`{file}` has changed: what makes {what} is not in it once"
            );
            fs::write(&path, text.replace(sound, broken))?;
        }
        let Some(said) = caught(&stage.with_pure(bindings)?, counts, *promise)? else {
            bail!("{what} passed unseen by `{promise}`");
        };
        lines.push(format!("{what} was caught by `{promise}`: {said}"));
    }
    Ok(lines)
}

/// What the promise said when it broke. Again with more of everything where
/// it did not: processes that share a processor seldom meet.
fn caught(stage: &Stage, counts: &Counts, promise: Promise) -> Result<Option<String>> {
    for times in TIMES {
        if let Err(error) = promise.run(stage, &counts.for_broken(times)) {
            return Ok(Some(format!("{error:#}").chars().take(100).collect()));
        }
    }
    Ok(None)
}

/// A folder of files, and one level of folders.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name()))?;
        match path.is_dir() {
            true if name == "__pycache__" => {}
            true => copy(&path, &to.join(name))?,
            false => {
                let copied = fs::copy(&path, to.join(name));
                copied.with_context(|| path.display().to_string())?;
            }
        }
    }
    Ok(())
}
