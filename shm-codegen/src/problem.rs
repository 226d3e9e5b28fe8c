//! What can go wrong in a run.

use std::io;
use std::path::PathBuf;

use shm_import::Findings;
use shm_schema::evolution::Finding;
use shm_schema::{Report, UnknownCode};

use crate::files::FileError;
use crate::git::GitError;
use crate::target::Refusal;

/// One thing that stopped a run.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// A schema breaks rules of the language: one file's errors.
    #[error("{} is not a valid schema", .0.file())]
    Schema(Report),
    /// A file of another language says what no schema can.
    #[error("{} cannot become a schema", .0.file())]
    Foreign(Box<Findings>),
    /// A file is of no language that schemas are made of.
    #[error("cannot import `{}`", .0.display())]
    NoLanguage(PathBuf),
    /// A valid schema has no form in a language.
    #[error("{refusal}")]
    Refused {
        /// As the caller named it.
        file: String,
        /// Why.
        refusal: Box<Refusal>,
    },
    /// A schema must not take the place of an older one.
    #[error("{}", .0.diagnostic.message)]
    Breaking(Box<Finding>),
    /// So many findings more than are shown.
    #[error("and {_0} more")]
    More(usize),
    /// A schema file could not be read.
    #[error("cannot read `{}`", path.display())]
    Unreadable {
        /// As the caller named it.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A schema lies outside the folder that was named as the root.
    #[error("`{}` is not in the root folder `{}`", path.display(), root.display())]
    OutsideRoot {
        /// As the caller named it.
        path: PathBuf,
        /// As the caller named it.
        root: PathBuf,
    },
    /// Git does not have the schema that a command asks for.
    #[error(transparent)]
    Git(#[from] GitError),
    /// A file could not be written, or must not be.
    #[error(transparent)]
    File(#[from] FileError),
    /// The struct that was asked for is not there.
    #[error("no struct `{name}` in {file}")]
    NoStruct {
        /// What was asked for.
        name: String,
        /// As the caller named it.
        file: String,
        /// What there is.
        structs: Vec<String>,
    },
    /// No package can have the name that was given.
    #[error("`{name}` cannot be a package: {message}")]
    NoPackage {
        /// The name.
        name: String,
        /// What a check says of it.
        message: String,
        /// What to do about it.
        hint: Option<String>,
    },
    /// A file is of another language, and a schema is asked for.
    #[error("`{}` is not a schema", _0.display())]
    NoSchema(PathBuf),
    /// What a command says cannot be written.
    #[error("cannot write the output")]
    Output(#[source] io::Error),
    /// The formatter would have changed what a schema means: its own mistake.
    #[error("cannot format `{}` without changing more than its form", _0.display())]
    Unformatted(PathBuf),
    /// A template could not be filled in; none of ours fails.
    #[error("template: {_0}")]
    Template(#[from] askama::Error),
    /// The files cannot be watched.
    #[error("cannot watch the schemas")]
    Watch(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A build script runs outside of cargo.
    #[error("`OUT_DIR` is not set")]
    NoOutDir,
    /// The code that was asked about is none.
    #[error("{_0}")]
    NoCode(UnknownCode),
}

impl Problem {
    /// Whether the schema is at fault, and not the machine or the command.
    pub fn is_finding(&self) -> bool {
        matches!(
            self,
            Self::Schema(_)
                | Self::Foreign(_)
                | Self::Refused { .. }
                | Self::Breaking(_)
                | Self::More(_)
        )
    }

    /// The message with its causes.
    pub(crate) fn sentence(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            text.push_str(&format!(": {error}"));
            cause = error.source();
        }
        text
    }

    /// What to do about it.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::Schema(_)
            | Self::Foreign(_)
            | Self::Breaking(_)
            | Self::More(_)
            | Self::Unreadable { .. } => None,
            Self::NoOutDir => Some("run it as a build script, or name a folder".to_owned()),
            Self::NoLanguage(_) => Some("name a Rust file, `.rs`, or a C header, `.h`".to_owned()),
            Self::OutsideRoot { .. } => Some("name a root above the schema".to_owned()),
            Self::Refused { refusal, .. } => refusal.hint().map(str::to_owned),
            Self::Git(error) => error.hint().map(str::to_owned),
            Self::File(error) => error.hint().map(str::to_owned),
            Self::NoStruct { structs, .. } if structs.is_empty() => None,
            Self::NoStruct { structs, .. } => Some(format!("it has {}", structs.join(", "))),
            Self::NoPackage { hint, .. } => hint.clone(),
            Self::Unformatted(_) => Some(
                "this is a mistake of the formatter, which left the file alone: please report it"
                    .to_owned(),
            ),
            Self::NoSchema(_) => Some("a language has a formatter of its own".to_owned()),
            Self::Output(_) | Self::Template(_) | Self::Watch(_) => None,
            Self::NoCode(unknown) => Some(match unknown.nearest {
                Some(code) => format!("did you mean `{code}`?"),
                None => "`shm-codegen explain` lists them all".to_owned(),
            }),
        }
    }
}
