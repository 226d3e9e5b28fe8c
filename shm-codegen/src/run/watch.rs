//! Schemas written out again whenever they change.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use shm_codegen::files::{self, Existing, Plan};
use shm_codegen::load::{self, Loader};
use shm_codegen::problem::Problem;

use super::generate::{problems, texts};
use super::{End, Stop};
use crate::cli::Inputs;
use crate::messages::Messages;

/// How long nothing must change before it is worth a run: an editor that saves
/// makes, renames and removes files, and a checkout changes many.
const QUIET: Duration = Duration::from_millis(100);

/// Why the loop goes on.
enum Wake {
    /// A schema, or what could be one.
    Changed,
    /// No more is seen of the files.
    Blind(notify::Error),
    /// The user has had enough.
    End,
}

pub(super) fn run(
    load: Loader<'_>,
    inputs: &Inputs,
    out: &mut dyn Write,
    messages: Messages,
) -> Result<End, Stop> {
    let (wakes, inbox) = mpsc::channel();
    let ended = wakes.clone();
    // A full stop between two runs, never amid the renames of one. Sending
    // fails when the loop has ended, and then there is nothing to stop.
    ctrlc::set_handler(move || drop(ended.send(Wake::End))).map_err(blind)?;
    let files: BTreeSet<PathBuf> = inputs.files.iter().cloned().collect();
    let watcher = notify::recommended_watcher(move |event| {
        let wake = match event {
            Ok(event) if concerns(&event, &files) => Wake::Changed,
            Ok(_) => return,
            Err(error) => Wake::Blind(error),
        };
        drop(wakes.send(wake));
    });
    let mut folders = Folders::new(watcher.map_err(blind)?);
    loop {
        // Before the files are read, or a change right after would be missed.
        folders.watch(inputs.files.iter().map(PathBuf::as_path))?;
        match write(load, inputs, out, messages) {
            Ok(schemas) => {
                folders.watch(schemas.iter().map(PathBuf::as_path))?;
                let n = shm_codegen::words::plural(schemas.len() as u64, "schema");
                writeln!(out, "watching {n}; Ctrl-C ends")?;
            }
            Err(Stop::Problems(problems)) => {
                messages.tell(&messages.problems(&problems));
                writeln!(out, "nothing written; waiting for a change, Ctrl-C ends")?;
            }
            Err(stop) => return Err(stop),
        }
        out.flush()?;
        if !changed(&inbox)? {
            return Ok(End::Fine);
        }
    }
}

/// One run: the files that are not as they should be are written and named.
/// Gives the schemas that were read.
fn write(
    load: Loader<'_>,
    inputs: &Inputs,
    out: &mut dyn Write,
    messages: Messages,
) -> Result<Vec<PathBuf>, Stop> {
    let layouts = load::with_imports(load.all(&inputs.files)?);
    messages.tell(&messages.reports(&load::warnings(&layouts)));
    let plan = Plan::new(texts(&layouts, inputs)?).map_err(problems)?;
    files::write(&plan).map_err(Problem::from)?;
    for file in plan.files() {
        if file.existing != Existing::Equal {
            writeln!(out, "wrote {}", file.path.display())?;
        }
    }
    Ok(layouts.iter().map(|l| PathBuf::from(&l.file)).collect())
}

/// Waits for a change and for the quiet after it; whether there was one.
fn changed(inbox: &Receiver<Wake>) -> Result<bool, Stop> {
    let mut wake = inbox.recv().unwrap_or(Wake::End);
    loop {
        match wake {
            Wake::Changed => {}
            Wake::Blind(error) => return Err(Stop::from(blind(error))),
            Wake::End => return Ok(false),
        }
        wake = match inbox.recv_timeout(QUIET) {
            Ok(wake) => wake,
            Err(RecvTimeoutError::Timeout) => return Ok(true),
            Err(RecvTimeoutError::Disconnected) => Wake::End,
        };
    }
}

/// Whether a schema, or a file that was named as one, may have changed. Reading one is an event too, and what is
/// written beside the schemas must not start the next run.
fn concerns(event: &notify::Event, files: &BTreeSet<PathBuf>) -> bool {
    let is_change = !matches!(event.kind, EventKind::Access(_));
    let is_schema = |path: &PathBuf| {
        let ending = path.extension().unwrap_or_default();
        let is_named = || {
            files
                .iter()
                .any(|file| file.file_name() == path.file_name())
        };
        ending == "yaml" || ending == "yml" || is_named()
    };
    is_change && event.paths.iter().any(is_schema)
}

fn blind(error: impl std::error::Error + Send + Sync + 'static) -> Problem {
    Problem::Watch(Box::new(error))
}

/// The folders that hold the schemas. Folders, since an editor that saves puts
/// another file into the place of the old one.
struct Folders {
    watcher: RecommendedWatcher,
    watched: BTreeSet<PathBuf>,
}

impl Folders {
    fn new(watcher: RecommendedWatcher) -> Self {
        let watched = BTreeSet::new();
        Self { watcher, watched }
    }

    fn watch<'a>(&mut self, files: impl Iterator<Item = &'a Path>) -> Result<(), Stop> {
        for file in files {
            let folder = match file.parent() {
                Some(folder) if !folder.as_os_str().is_empty() => folder,
                _ => Path::new("."),
            };
            if self.watched.insert(folder.to_owned()) {
                let seen = self.watcher.watch(folder, RecursiveMode::NonRecursive);
                seen.map_err(blind)?;
            }
        }
        Ok(())
    }
}
