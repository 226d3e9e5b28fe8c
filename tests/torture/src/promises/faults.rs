//! Every system call of every operation fails, each in six ways, and is the
//! last one that its process makes: an error with a word of its own, nothing
//! broken and nothing left behind.

use crate::actor::Actor;
use crate::counts::Counts;
use crate::place::Spelled;
use crate::skip::skip;
use crate::stage::{Language, Stage};
use crate::torture::Page;
use crate::tracer::{Call, Fault, Tracer};
use anyhow::{Context, Result, bail, ensure};
use shm_runtime::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

const ERRNOS: [&str; 6] = ["EINTR", "EIO", "ENOMEM", "EACCES", "ENOSPC", "EINVAL"];

/// What may be said of a failed call.
const WORDS: [&str; 8] = [
    "permission",
    "io",
    "no-space",
    "busy",
    "not-found",
    "not-a-segment",
    "already-exists",
    "layout-mismatch",
];

struct Operation {
    name: &'static str,
    /// Whether there is a segment before.
    there: bool,
    /// What the part is told first.
    first: Option<&'static str>,
    order: &'static str,
}

const OPERATIONS: [Operation; 8] = [
    of("create", false, None, "create page @ plain"),
    of("go on", true, None, "create page @ go-on"),
    of("replace", true, None, "create page @ replace"),
    of("attach", true, None, "attach page @"),
    of("read", true, Some("attach page @"), "read"),
    of("write", true, Some("create page @ go-on"), "write page 8"),
    of("close", true, Some("create page @ go-on"), "drop"),
    of("unlink", true, None, "unlink @"),
];

const fn of(
    name: &'static str,
    there: bool,
    first: Option<&'static str>,
    order: &'static str,
) -> Operation {
    Operation {
        name,
        there,
        first,
        order,
    }
}

pub(super) fn run(stage: &Stage, counts: &Counts) -> Result<Vec<String>> {
    if let Some(why) = Tracer::missing() {
        return Ok(vec![skip("failing system calls", &why)]);
    }
    let mut lines = Vec::new();
    for language in Language::BOTH {
        let mut scene = Scene::new(stage, language)?;
        if let Err(why) = scene.tracer(None) {
            lines.push(skip("failing system calls", &format!("{why:#}")));
            continue;
        }
        // The short form takes each errno and each call in turn, though not
        // each with each.
        let every = if counts.is_short() { 17 } else { 1 };
        lines.push(failed(&mut scene, every)?);
        lines.push(killed(&mut scene, every.min(5))?);
    }
    Ok(lines)
}

/// Each call fails.
fn failed(scene: &mut Scene, every: usize) -> Result<String> {
    let (mut faults, mut told, mut calls, mut turn) = (0, 0, 0, 0);
    for operation in &OPERATIONS {
        for call in scene.calls(operation)? {
            calls += 1;
            for errno in ERRNOS {
                turn += 1;
                if turn % every != 0 {
                    continue;
                }
                let case = format!(
                    "{}: {}, {} {} ({}: {errno}",
                    scene.language, operation.name, call.name, call.number, call.rest
                );
                let said = scene.play(operation, &call, Fault::Fails(errno));
                let said = said.with_context(|| case.clone())?;
                let said = said.context("it died").with_context(|| case.clone())?;
                let refused = WORDS.contains(&said.as_str());
                let done = ["won ", "attached", "read ", "wrote ", "dropped", "unlinked"];
                let done = done.iter().any(|word| said.starts_with(word));
                ensure!(refused || done, "{case}: it said `{said}`");
                // What was not closed is not the part's fault.
                let leaks = ["close", "munmap"].contains(&call.name.as_str());
                // The one moment without either: the old one's name is free and
                // the new one's is not given.
                let lost = operation.name == "replace" && call.name.starts_with("link");
                let after = scene.aftermath(operation, refused && !lost, leaks);
                after.context(case)?;
                faults += 1;
                told += u64::from(refused);
            }
        }
    }
    Ok(format!(
        "{}: {calls} calls of {} operations, {faults} failures: {told} errors, {} got by; 0 \
         panics, 0 leaks, 0 files left",
        scene.language,
        OPERATIONS.len(),
        faults - told
    ))
}

/// Each call is the last.
fn killed(scene: &mut Scene, every: usize) -> Result<String> {
    let (mut kills, mut turn, mut whole) = (0_u64, 0, 0_u64);
    for operation in &OPERATIONS {
        for call in scene.calls(operation)? {
            turn += 1;
            if turn % every != 0 {
                continue;
            }
            let case = format!(
                "{}: {}, killed in {} {} ({}",
                scene.language, operation.name, call.name, call.number, call.rest
            );
            let said = scene.play(operation, &call, Fault::Kills);
            let said = said.with_context(|| case.clone())?;
            ensure!(said.is_none(), "{case}: it said {said:?}");
            whole += u64::from(scene.succeed(operation).context(case)?);
            kills += 1;
        }
    }
    Ok(format!(
        "{}: killed in {kills} calls: {whole} times a whole segment, else none; each successor got by",
        scene.language
    ))
}

/// A part, and the folder that it acts in.
struct Scene<'a> {
    stage: &'a Stage,
    language: Language,
    folder: PathBuf,
    actor: Actor,
    /// Descriptors that it has when it holds nothing.
    descriptors: usize,
}

impl<'a> Scene<'a> {
    fn new(stage: &'a Stage, language: Language) -> Result<Self> {
        let folder = stage.path(&format!("faults-{language}"));
        fs::create_dir(&folder)?;
        let mut scene = Self {
            stage,
            language,
            folder,
            actor: clerk(stage, language)?,
            descriptors: 0,
        };
        scene.begin()?;
        Ok(scene)
    }

    fn path(&self) -> PathBuf {
        self.folder.join("segment")
    }

    /// A part that has loaded all that it needs for an operation.
    fn begin(&mut self) -> Result<()> {
        self.actor = clerk(self.stage, self.language)?;
        self.tell("create page @ plain")?;
        self.tell("write page 1")?;
        self.tell("drop")?;
        self.tell("attach page @")?;
        self.tell("drop")?;
        self.tell("unlink @")?;
        self.descriptors = self.open()?;
        Ok(())
    }

    fn tell(&mut self, order: &str) -> Result<String> {
        let place = Spelled::path(&self.path());
        self.actor.ask(&order.replace('@', place.as_str()))
    }

    fn tracer(&self, fault: Option<(&Call, Fault)>) -> Result<Tracer> {
        let log = self.stage.path("strace");
        Tracer::attach(self.actor.pid(), log, fault)
    }

    /// What the part calls in an operation.
    fn calls(&mut self, operation: &Operation) -> Result<Vec<Call>> {
        self.prepare(operation)?;
        let tracer = self.tracer(None)?;
        self.tell(operation.order)?;
        let log = tracer.end()?;
        self.aftermath(operation, false, false)?;
        Ok(Call::all(&log))
    }

    /// An operation with a fault in it; what the part said, unless it died.
    fn play(&mut self, operation: &Operation, call: &Call, fault: Fault) -> Result<Option<String>> {
        // Whether strace sees the read that the part waits in is a race.
        const TRIES: u32 = 20;
        for _ in 0..TRIES {
            self.prepare(operation)?;
            let tracer = self.tracer(Some((call, fault)))?;
            let said = self.tell(operation.order);
            let log = tracer.end()?;
            if call.is_last_in(&log) {
                return Ok(said.ok());
            }
            self.begin_anew()?;
        }
        bail!("the call was not made in {TRIES} tries")
    }

    fn prepare(&mut self, operation: &Operation) -> Result<()> {
        if operation.there {
            let mut writer = Cell::<Page>::create(self.path())?;
            writer.write(&Page { words: [7; 512] })?;
        }
        if let Some(first) = operation.first {
            self.tell(first)?;
        }
        Ok(())
    }

    /// What an operation left: nothing of what was not made, and what was
    /// there as it was.
    fn aftermath(&mut self, operation: &Operation, refused: bool, leaks: bool) -> Result<()> {
        let left = fs::read_dir(&self.folder)?.count();
        if refused {
            ensure!(
                left == usize::from(operation.there),
                "{left} files are left"
            );
        }
        if refused && operation.there {
            let cell = Cell::<Page>::attach(self.path()).context("a failure broke it")?;
            let number = cell.read()?.words[0];
            ensure!(number == 7, "it holds {number}");
        }
        self.tell("drop")?;
        let open = self.open()?;
        if leaks {
            // A new one, that holds nothing.
            self.begin_anew()?;
        } else {
            ensure!(
                open == self.descriptors,
                "{open} descriptors are open, {} before",
                self.descriptors
            );
            let maps = fs::read_to_string(format!("/proc/{}/maps", self.actor.pid()))?;
            let folder = self.folder.display().to_string();
            ensure!(!maps.contains(&folder), "a mapping is left");
        }
        self.clear()
    }

    /// After a kill: what is there is whole, and a successor gets by. Whether
    /// something was there.
    fn succeed(&mut self, operation: &Operation) -> Result<bool> {
        let whole = match fs::read_dir(&self.folder)?.count() {
            0 => false,
            1 => {
                let ends = ["replace", "unlink"].contains(&operation.name);
                match Cell::<Page>::attach(self.path()) {
                    Ok(cell) => drop(cell.read()?),
                    // Retired; what follows clears it away.
                    Err(_) if ends => {}
                    Err(error) => return Err(error).context("half a segment was left"),
                }
                true
            }
            more => bail!("{more} files are left"),
        };
        let next = Cell::<Page>::options(self.path()).replace(true).create()?;
        next.unlink()?;
        self.begin()?;
        Ok(whole)
    }

    fn begin_anew(&mut self) -> Result<()> {
        self.clear()?;
        self.begin()
    }

    fn clear(&self) -> Result<()> {
        clear(&self.path())
    }

    fn open(&self) -> Result<usize> {
        Ok(fs::read_dir(format!("/proc/{}/fd", self.actor.pid()))?.count())
    }
}

/// One that dies in silence: a fault that comes to the wrong call ends it.
fn clerk(stage: &Stage, language: Language) -> Result<Actor> {
    let mut command = stage.clerk_command(language)?;
    Actor::start(
        &format!("the {language} clerk"),
        command.stderr(Stdio::null()),
    )
}

fn clear(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
