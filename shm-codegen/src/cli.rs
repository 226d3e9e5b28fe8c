//! What can be said on the command line.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use shm_codegen::Target;
use shm_codegen::report::Format;
use shm_schema::{Code, Severity, UnknownCode};

/// Python, Rust, C and Cython from a schema of shared memory.
#[derive(Debug, Parser)]
#[command(
    name = "shm-codegen",
    version,
    max_term_width = 100,
    after_help = "Exit status: 0 when all is fine, 1 when a schema or a generated file is not as \
                  it should be, 2 when the command or the machine is at fault."
)]
pub(crate) struct Cli {
    /// How errors are written
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "FORMAT"
    )]
    pub(crate) error_format: Format,
    /// When text is coloured
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub(crate) color: Color,
    /// The folder that imports may not lead out of [default: that of each schema]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say what is wrong with schemas, and write nothing
    Check {
        /// Schema files
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Fail on a warning, as on an error
        #[arg(long)]
        deny_warnings: bool,
    },
    /// Say what is worth a look in schemas that are valid
    Lint {
        /// Schema files
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Say nothing of this rule; may be given several times
        #[arg(long, value_name = "CODE", value_parser = lint)]
        allow: Vec<Code>,
        /// Fail on a finding, as on an error
        #[arg(long)]
        deny: bool,
    },
    /// Put schemas into their canonical form: comments stay, meanings too
    Fmt {
        /// Schema files
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Write nothing; show what would change and fail if anything would
        #[arg(long)]
        check: bool,
    },
    /// Write schemas out in one or more languages
    Gen(Gen),
    /// Write schemas out, and again whenever one of them or an import changes
    Watch(Inputs),
    /// Begin a schema: a file with comments that checks clean
    New {
        /// The package: a name such as `market`
        name: String,
        /// The folder that gets `<NAME>.yaml`
        #[arg(long, value_name = "DIR", default_value = ".")]
        dir: PathBuf,
    },
    /// Show where each field lies, the holes between them and the cache lines
    Layout {
        /// A schema file
        file: PathBuf,
        /// Only this struct
        #[arg(value_name = "STRUCT")]
        record: Option<String>,
        /// A table, a picture, or JSON for programs
        #[arg(long, value_enum, default_value_t)]
        format: LayoutFormat,
    },
    /// Print the SHA-256 of each schema and of each of its types
    Fingerprint {
        /// Schema files
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Make a schema of the structs of a Rust file or a C header
    Import {
        /// A Rust file, `.rs`, or a C header, `.h`
        file: PathBuf,
        /// Write it here, where nothing stands yet, instead of printing it
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        /// The package, when the file does not say [default: the file's name]
        #[arg(long, value_name = "NAME")]
        package: Option<String>,
    },
    /// Say whether a schema may take the place of an older one
    Breaking {
        /// The schema as it is now
        new: PathBuf,
        /// The schema as it was: a file with what it imported beside it, `git:REF` for
        /// the same file of a commit, or `git:REF:PATH` for another one
        #[arg(long, value_name = "OLD")]
        against: PathBuf,
        /// For people, for a GitHub workflow, or all of it as JSON
        #[arg(long, value_enum, default_value_t)]
        format: BreakingFormat,
    },
    /// Print the JSON Schema of the language, by which editors complete and check
    Schema,
    /// Say what a code means, why the rule exists, and what to write instead
    Explain {
        /// A code such as `duplicate-key`; without one, all are listed
        code: Option<String>,
    },
    /// Print what makes a shell complete this program's commands
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// What is written out, and where to.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("target").required(true).multiple(true).args(["python", "rust", "c", "cython", "docs"])))]
pub(crate) struct Inputs {
    /// Schema files
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Write `<package>.py` into this directory
    #[arg(long, value_name = "DIR")]
    pub(crate) python: Option<PathBuf>,
    /// Write `<package>.rs` into this directory
    #[arg(long, value_name = "DIR")]
    pub(crate) rust: Option<PathBuf>,
    /// Write `<package>.h` into this directory
    #[arg(long, value_name = "DIR")]
    pub(crate) c: Option<PathBuf>,
    /// Write `<package>.pxd`, `<package>.h` and what both use into this directory
    #[arg(long, value_name = "DIR")]
    pub(crate) cython: Option<PathBuf>,
    /// Write `<package>.md` and `<package>.html` into this directory, pages to read
    #[arg(long, value_name = "DIR")]
    pub(crate) docs: Option<PathBuf>,
    /// Put the Python runtime beside the module, so that nothing need be installed
    #[arg(long, requires = "python")]
    pub(crate) standalone: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Gen {
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    /// Write nothing; show what would change and fail if anything would
    #[arg(long, conflicts_with = "stdout")]
    pub(crate) check: bool,
    /// Print the files instead of writing them
    #[arg(long)]
    pub(crate) stdout: bool,
    /// Write which files the output depends on, as make and ninja read it
    #[arg(long, value_name = "FILE", conflicts_with_all = ["check", "stdout"])]
    pub(crate) depfile: Option<PathBuf>,
}

impl Inputs {
    /// The languages asked for, in an order of ours: each with the flag that
    /// asks for it and its directory.
    pub(crate) fn targets(&self) -> impl Iterator<Item = (Target, &'static str, &PathBuf)> + Clone {
        Target::ALL.into_iter().filter_map(|target| {
            let (flag, directory) = match target {
                Target::Python => ("--python", &self.python),
                Target::Rust => ("--rust", &self.rust),
                Target::C => ("--c", &self.c),
                Target::Cython => ("--cython", &self.cython),
                Target::Docs => ("--docs", &self.docs),
            };
            Some((target, flag, directory.as_ref()?))
        })
    }
}

/// When text is coloured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How a layout is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LayoutFormat {
    /// A table
    #[default]
    Text,
    /// A picture of the bytes, sixteen a row, for a terminal
    Map,
    /// The same picture for a browser
    Svg,
    /// JSON of a documented, stable shape
    Json,
}

/// How a step from one schema to the next is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum BreakingFormat {
    /// A verdict a line, and what is wrong as other errors are
    #[default]
    Human,
    /// Annotations on the output
    Github,
    /// JSON of a documented, stable shape on the output
    Json,
}

/// A rule that a schema may break.
fn lint(word: &str) -> Result<Code, String> {
    let code: Code = word.parse().map_err(|unknown: UnknownCode| {
        let near = unknown
            .nearest
            .filter(|c| c.severity() == Severity::Warning);
        let near = near.map(|code| format!("; did you mean `{code}`?"));
        format!("no lint has that code{}", near.unwrap_or_default())
    })?;
    match code.severity() {
        Severity::Warning => Ok(code),
        Severity::Error => Err("it is an error, which nothing allows".to_owned()),
    }
}
