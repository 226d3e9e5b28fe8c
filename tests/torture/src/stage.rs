//! Where everything happens: a folder of its own in `/dev/shm`, and the
//! commands that start a part in either language.

use crate::actor::Actor;
use crate::place::Spelled;
use crate::record::Which;
use anyhow::{Context, Result, bail, ensure};
use std::env;
use std::fmt::{self, Display};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Command};

/// A language that plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Rust,
    Python,
    /// Rust on another processor: this program, built for it, in an emulator.
    Emulated,
}

impl Language {
    pub(crate) const BOTH: [Self; 2] = [Self::Rust, Self::Python];
}

impl Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rust => "rust",
            Self::Python => "python",
            Self::Emulated => "emulated rust",
        })
    }
}

/// The folder is removed at the end.
pub(crate) struct Stage {
    program: PathBuf,
    /// The emulator, its arguments, and what it emulates.
    emulated: Option<Vec<String>>,
    python: PathBuf,
    /// Of the Python parts.
    scripts: PathBuf,
    bindings: PathBuf,
    /// `pure`, where the backend of the Python runtime is not free to choose.
    backend: Option<&'static str>,
    folder: PathBuf,
}

impl Stage {
    pub(crate) fn new(
        python: &Path,
        bindings: Option<&Path>,
        emulated: Option<&str>,
    ) -> Result<Self> {
        let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("python");
        let bindings = bindings.context("no `--bindings`; hint: run `cargo xtask torture`")?;
        ensure!(
            bindings.join("torture.py").exists(),
            "no `torture.py` in `{}`; hint: run `cargo xtask torture`",
            bindings.display()
        );
        let folder = PathBuf::from(format!("/dev/shm/shm-torture.{}", process::id()));
        fs::create_dir_all(&folder)?;
        Ok(Self {
            program: env::current_exe()?,
            emulated: emulated.map(|command| command.split(' ').map(str::to_owned).collect()),
            python: python.to_owned(),
            bindings: bindings.to_owned(),
            backend: None,
            scripts,
            folder,
        })
    }

    /// The same in a folder of its own, with other bindings, which are Python
    /// alone.
    pub(crate) fn with_pure(&self, bindings: PathBuf) -> Result<Self> {
        let folder = bindings.join("stage");
        fs::create_dir_all(&folder)?;
        Ok(Self {
            program: self.program.clone(),
            emulated: None,
            python: self.python.clone(),
            scripts: self.scripts.clone(),
            bindings,
            backend: Some("pure"),
            folder,
        })
    }

    /// Where `torture.py` lies, and the runtime beside it.
    pub(crate) fn bindings(&self) -> &Path {
        &self.bindings
    }

    /// A file that nobody else uses.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Every writer with every reader; with an emulated processor, that one
    /// with every other.
    pub(crate) fn pairs(&self) -> Vec<(Language, Language)> {
        let both = Language::BOTH.into_iter();
        match self.emulated {
            None => both
                .flat_map(|by| Language::BOTH.map(|reads| (by, reads)))
                .collect(),
            Some(_) => both
                .flat_map(|it| [(Language::Emulated, it), (it, Language::Emulated)])
                .collect(),
        }
    }

    /// A part in `language`: `role` of this program, or its twin, a script of
    /// `python/`.
    pub(crate) fn part(
        &self,
        language: Language,
        role: &str,
        script: &str,
        arguments: &[&str],
    ) -> Result<Command> {
        match language {
            Language::Python => Ok(self.python(script, arguments)),
            _ => self.own(language, &[&[role], arguments].concat()),
        }
    }

    /// This program in another part, on this processor or the emulated one.
    pub(crate) fn own(&self, language: Language, arguments: &[&str]) -> Result<Command> {
        match language {
            Language::Emulated => self.emulated(arguments),
            _ => Ok(self.rust(arguments)),
        }
    }

    /// This program in another part, on another processor.
    fn emulated(&self, arguments: &[&str]) -> Result<Command> {
        let emulated = self.emulated.as_deref().unwrap_or_default();
        let [emulator, options @ ..] = emulated else {
            bail!("no emulator; hint: name it by `--emulated`");
        };
        let mut command = Command::new(emulator);
        command.args(options).arg("play").args(arguments);
        Ok(command)
    }

    /// This program in another part.
    pub(crate) fn rust(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("play").args(arguments);
        command
    }

    /// A script of `python/`.
    pub(crate) fn python(&self, script: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.python);
        command.arg(self.scripts.join(script)).args(arguments);
        let paths = format!("{}:{}", self.bindings.display(), self.scripts.display());
        command
            .env("PYTHONPATH", paths)
            .env("PYTHONDONTWRITEBYTECODE", "1");
        if let Some(backend) = self.backend {
            command.env("SHM_RUNTIME_BACKEND", backend);
        }
        command
    }

    /// One that does what it is told, in `language`.
    pub(crate) fn clerk(&self, language: Language) -> Result<Actor> {
        let name = format!("the {language} clerk");
        Actor::start(&name, &mut self.clerk_command(language)?)
    }

    pub(crate) fn clerk_command(&self, language: Language) -> Result<Command> {
        self.part(language, "clerk", "clerk.py", &[])
    }

    /// One that reads without pause.
    pub(crate) fn reader(
        &self,
        language: Language,
        which: Which,
        place: &Spelled,
        careless: bool,
    ) -> Result<Actor> {
        let mut arguments = vec![which.as_str(), place.as_str()];
        if careless {
            arguments.push("careless");
        }
        let command = self.part(language, "read", "reader.py", &arguments)?;
        Self::reading(language, command)
    }

    /// One that reads whole tables without pause.
    pub(crate) fn rows_reader(
        &self,
        language: Language,
        which: Which,
        place: &Spelled,
    ) -> Result<Actor> {
        let arguments = [which.as_str(), place.as_str()];
        let command = self.part(language, "read-rows", "rows.py", &arguments)?;
        Self::reading(language, command)
    }

    fn reading(language: Language, mut command: Command) -> Result<Actor> {
        let mut reader = Actor::start(&format!("the {language} reader"), &mut command)?;
        let line = reader.line()?;
        ensure!(line == "reading", "the {language} reader: {line}");
        Ok(reader)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // What is left is said by the promise that left it.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
