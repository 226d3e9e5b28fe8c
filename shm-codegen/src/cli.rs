//! What can be said on the command line.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use shm_codegen::Target;
use shm_codegen::report::Format;

/// Python, Rust and C from a schema of shared memory.
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
    /// Write schemas out in one or more languages
    Gen(Gen),
    /// Show where each field lies, the holes between them and the cache lines
    Layout {
        /// A schema file
        file: PathBuf,
        /// Only this struct
        #[arg(value_name = "STRUCT")]
        record: Option<String>,
        /// A table for people or JSON for programs
        #[arg(long, value_enum, default_value_t)]
        format: LayoutFormat,
    },
    /// Print the SHA-256 of each schema and of each of its types
    Fingerprint {
        /// Schema files
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Make a schema of the structs that a Rust file shares
    Import {
        /// A Rust file
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
        /// The schema as it was, with what it imported beside it
        #[arg(long, value_name = "OLD")]
        against: PathBuf,
    },
    /// Print the JSON Schema of the language, by which editors complete and check
    Schema,
    /// Say what a code means, why the rule exists, and what to write instead
    Explain {
        /// A code such as `duplicate-key`; without one, all are listed
        code: Option<String>,
    },
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("target").required(true).multiple(true).args(["python", "rust", "c"])))]
pub(crate) struct Gen {
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
    /// Write nothing; show what would change and fail if anything would
    #[arg(long, conflicts_with = "stdout")]
    pub(crate) check: bool,
    /// Print the files instead of writing them
    #[arg(long)]
    pub(crate) stdout: bool,
    /// Put the Python runtime beside the module, so that nothing need be installed
    #[arg(long, requires = "python")]
    pub(crate) standalone: bool,
}

impl Gen {
    /// The languages asked for, in an order of ours, and their directories.
    pub(crate) fn targets(&self) -> impl Iterator<Item = (Target, &PathBuf)> {
        [
            (Target::Python, &self.python),
            (Target::Rust, &self.rust),
            (Target::C, &self.c),
        ]
        .into_iter()
        .filter_map(|(target, directory)| Some((target, directory.as_ref()?)))
    }
}

/// How a layout is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LayoutFormat {
    /// A table
    #[default]
    Text,
    /// JSON of a documented, stable shape
    Json,
}
