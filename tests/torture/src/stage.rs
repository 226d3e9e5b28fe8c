//! Where everything happens: a folder of its own in `/dev/shm`, and the
//! commands that start a part in either language.

use crate::actor::Actor;
use crate::place::Spelled;
use crate::record::Which;
use anyhow::{Context, Result, ensure};
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
}

impl Language {
    pub(crate) const BOTH: [Self; 2] = [Self::Rust, Self::Python];
}

impl Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rust => "rust",
            Self::Python => "python",
        })
    }
}

/// The folder is removed at the end.
pub(crate) struct Stage {
    program: PathBuf,
    python: PathBuf,
    /// Of the Python parts.
    scripts: PathBuf,
    bindings: PathBuf,
    /// `pure`, where the backend of the Python runtime is not free to choose.
    backend: Option<&'static str>,
    folder: PathBuf,
}

impl Stage {
    pub(crate) fn new(python: &Path, bindings: Option<&Path>) -> Result<Self> {
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
        Actor::start(&name, &mut self.clerk_command(language))
    }

    pub(crate) fn clerk_command(&self, language: Language) -> Command {
        match language {
            Language::Rust => self.rust(&["clerk"]),
            Language::Python => self.python("clerk.py", &[]),
        }
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
        let command = match language {
            Language::Rust => {
                arguments.insert(0, "read");
                self.rust(&arguments)
            }
            Language::Python => self.python("reader.py", &arguments),
        };
        Self::reading(language, command)
    }

    /// One that reads whole tables without pause.
    pub(crate) fn rows_reader(
        &self,
        language: Language,
        which: Which,
        place: &Spelled,
    ) -> Result<Actor> {
        let (which, place) = (which.as_str(), place.as_str());
        let command = match language {
            Language::Rust => self.rust(&["read-rows", which, place]),
            Language::Python => self.python("rows.py", &[which, place]),
        };
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
