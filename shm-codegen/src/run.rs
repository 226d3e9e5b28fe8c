//! One function a command: it reads, then decides, then writes.

mod breaking;
mod format;
mod generate;
mod import;
mod new;
mod watch;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use clap_complete::Shell;
use shm_codegen::load::Loader;
use shm_codegen::problem::Problem;
use shm_codegen::show::{self, Paint};
use shm_codegen::{explain, load, words};
use shm_schema::layout::{StructLayout, Type};
use shm_schema::{Code, Layout, Report, lint};

use crate::cli::{Cli, Command, LayoutFormat};
use crate::messages::Messages;

/// How a command ended that was not stopped.
#[derive(Debug)]
pub(crate) enum End {
    /// All is as it should be.
    Fine,
    /// Something is not; here is what to do about it.
    Findings(String),
}

/// What stopped a command.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Everything that is wrong.
    Problems(Vec<Problem>),
    /// The output could not be written.
    Output(io::Error),
}

impl From<Vec<Problem>> for Stop {
    fn from(problems: Vec<Problem>) -> Self {
        Self::Problems(problems)
    }
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Problems(vec![problem])
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// Does what the command says. Only results go to `out`; what is worth a look
/// is added to `warnings`.
pub(crate) fn run(
    cli: &Cli,
    out: &mut dyn Write,
    paint: Paint,
    messages: Messages,
    warnings: &mut Vec<Report>,
) -> Result<End, Stop> {
    let load = Loader::new(cli.root.as_deref());
    match &cli.command {
        Command::Check {
            files,
            deny_warnings,
        } => check(load, files, *deny_warnings, out, warnings),
        Command::Lint { files, allow, deny } => lint(load, files, allow, *deny, out, warnings),
        Command::Gen(arguments) => generate::run(load, arguments, out, warnings),
        Command::Watch(inputs) => watch::run(load, inputs, out, messages),
        Command::Fmt { files, check } => format::run(load, files, *check, out),
        Command::New { name, dir } => new::run(name, dir, out),
        Command::Layout {
            file,
            record,
            format,
        } => layout(load, file, record.as_deref(), *format, out, paint),
        Command::Fingerprint { files } => fingerprint(load, files, out),
        Command::Import {
            file,
            output,
            package,
        } => import::run(load, file, output.as_deref(), package.as_deref(), out),
        Command::Breaking {
            new,
            against,
            format,
        } => breaking::run(load, new, against, *format, out),
        Command::Schema => json_schema(out),
        Command::Explain { code } => explain(code.as_deref(), out),
        Command::Completions { shell } => completions(*shell, out),
    }
}

fn check(
    load: Loader<'_>,
    paths: &[PathBuf],
    deny_warnings: bool,
    out: &mut dyn Write,
    warnings: &mut Vec<Report>,
) -> Result<End, Stop> {
    let layouts = load.all(paths)?;
    for layout in &layouts {
        let structs = words::plural(layout.own_structs().count() as u64, "struct");
        let segments = words::plural(layout.segments.len() as u64, "segment");
        writeln!(out, "{}: fine; {structs}, {segments}", layout.file)?;
    }
    warnings.extend(load::warnings(&load::with_imports(layouts)));
    Ok(match deny_warnings && !warnings.is_empty() {
        true => End::Findings("a warning fails this check: `--deny-warnings`".to_owned()),
        false => End::Fine,
    })
}

fn lint(
    load: Loader<'_>,
    paths: &[PathBuf],
    allow: &[Code],
    deny: bool,
    out: &mut dyn Write,
    warnings: &mut Vec<Report>,
) -> Result<End, Stop> {
    for layout in load::with_imports(load.all(paths)?) {
        let found = lint::look(&layout).without(allow);
        match found.len() {
            0 => writeln!(out, "{}: clean", layout.file)?,
            n => writeln!(
                out,
                "{}: {}",
                layout.file,
                words::plural(n as u64, "finding")
            )?,
        }
        warnings.extend((!found.is_empty()).then_some(found));
    }
    Ok(match deny && !warnings.is_empty() {
        true => End::Findings("a finding fails this lint: `--deny`".to_owned()),
        false => End::Fine,
    })
}

fn layout(
    load: Loader<'_>,
    path: &Path,
    record: Option<&str>,
    format: LayoutFormat,
    out: &mut dyn Write,
    paint: Paint,
) -> Result<End, Stop> {
    let layout = load.one(path)?;
    let structs = choose(&layout, record)?;
    let text = match format {
        LayoutFormat::Text => show::text(&layout, &structs, paint),
        LayoutFormat::Json => show::json(&layout, &structs),
        LayoutFormat::Map => show::map(&layout, &structs, paint),
        LayoutFormat::Svg => show::svg(&layout, &structs).map_err(Problem::from)?,
    };
    out.write_all(text.as_bytes())?;
    Ok(End::Fine)
}

fn choose<'a>(layout: &'a Layout, name: Option<&str>) -> Result<Vec<&'a StructLayout>, Problem> {
    let Some(name) = name else {
        return Ok(layout.own_structs().collect());
    };
    // As the schema would name it: `Quote`, or `common.Vec3` of an import.
    let names = (0..layout.structs.len()).map(|i| layout.type_name(Type::Struct(i)));
    let names: Vec<String> = names.collect();
    match names.iter().position(|n| n == name) {
        Some(index) => Ok(vec![&layout.structs[index]]),
        None => Err(Problem::NoStruct {
            name: name.to_owned(),
            file: layout.file.clone(),
            structs: names,
        }),
    }
}

fn fingerprint(load: Loader<'_>, paths: &[PathBuf], out: &mut dyn Write) -> Result<End, Stop> {
    for layout in load.all(paths)? {
        let package = &layout.package;
        writeln!(out, "{}  {package}", layout.fingerprint)?;
        let enums = layout.own_enums().map(|e| (&e.fingerprint, &e.name));
        let flags = layout.own_flags().map(|f| (&f.fingerprint, &f.name));
        let structs = layout.own_structs().map(|s| (&s.fingerprint, &s.name));
        for (fingerprint, name) in enums.chain(flags).chain(structs) {
            writeln!(out, "{fingerprint}  {package}.{name}")?;
        }
    }
    Ok(End::Fine)
}

fn json_schema(out: &mut dyn Write) -> Result<End, Stop> {
    // Keys in the language's order, not in that of the alphabet.
    writeln!(out, "{:#}", shm_schema::json_schema())?;
    Ok(End::Fine)
}

fn explain(code: Option<&str>, out: &mut dyn Write) -> Result<End, Stop> {
    match code {
        Some(code) => out.write_all(explain::page(code)?.as_bytes())?,
        None => out.write_all(explain::list().as_bytes())?,
    }
    Ok(End::Fine)
}

fn completions(shell: Shell, out: &mut dyn Write) -> Result<End, Stop> {
    // Through a buffer: what makes them panics when it cannot write.
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "shm-codegen", &mut text);
    out.write_all(&text)?;
    Ok(End::Fine)
}
