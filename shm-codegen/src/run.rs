//! One function a command: it reads, then decides, then writes.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use shm_codegen::files::{self, Existing, Plan, Wanted};
use shm_codegen::foreign::Language;
use shm_codegen::load::Loader;
use shm_codegen::problem::Problem;
use shm_codegen::show::{self, Paint};
use shm_codegen::{Options, Output, explain, load, words};
use shm_schema::evolution::{self, Verdict};
use shm_schema::layout::{StructLayout, Type};
use shm_schema::{Folder, Layout, Report};

use crate::cli::{Cli, Command, Gen, LayoutFormat};

/// Most findings of `breaking` that are shown: nobody reads more.
const MAX_BREAKS: usize = 100;

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
    warnings: &mut Vec<Report>,
) -> Result<End, Stop> {
    let load = Loader::new(cli.root.as_deref());
    match &cli.command {
        Command::Check {
            files,
            deny_warnings,
        } => check(load, files, *deny_warnings, out, warnings),
        Command::Gen(arguments) => generate(load, arguments, out, warnings),
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
        } => import(load, file, output.as_deref(), package.as_deref(), out),
        Command::Breaking { new, against } => breaking(load, new, against, out),
        Command::Schema => json_schema(out),
        Command::Explain { code } => explain(code.as_deref(), out),
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

fn generate(
    load: Loader<'_>,
    arguments: &Gen,
    out: &mut dyn Write,
    warnings: &mut Vec<Report>,
) -> Result<End, Stop> {
    let layouts = load::with_imports(load.all(&arguments.files)?);
    warnings.extend(load::warnings(&layouts));
    let wanted = texts(&layouts, arguments)?;
    if arguments.stdout {
        return print(&wanted, out);
    }
    let plan = plan(wanted)?;
    match arguments.check {
        true => compare(&plan, load, arguments, out),
        false => write(&plan, out),
    }
}

fn plan(wanted: Vec<Wanted>) -> Result<Plan, Vec<Problem>> {
    let problems = |errors: Vec<_>| errors.into_iter().map(Problem::from).collect();
    Plan::new(wanted).map_err(problems)
}

/// Puts the files where they belong and says so.
fn write(plan: &Plan, out: &mut dyn Write) -> Result<End, Stop> {
    files::write(plan).map_err(Problem::from)?;
    for file in plan.files() {
        let done = if file.existing == Existing::Equal {
            "unchanged"
        } else {
            "wrote"
        };
        writeln!(out, "{done} {}", file.path.display())?;
    }
    Ok(End::Fine)
}

/// Every text of the run, before anything is written.
fn texts(layouts: &[Arc<Layout>], arguments: &Gen) -> Result<Vec<Wanted>, Vec<Problem>> {
    let options = Options {
        standalone: arguments.standalone,
    };
    let mut wanted = Vec::new();
    let mut problems = Vec::new();
    for layout in layouts {
        for (target, directory) in arguments.targets() {
            match target.generate(layout, &options) {
                Ok(outputs) => wanted.extend(outputs.into_iter().map(|output| Wanted {
                    directory: directory.clone(),
                    output,
                    schema: layout.file.clone(),
                })),
                Err(refusal) => {
                    problems.push(Problem::Refused {
                        file: layout.file.clone(),
                        refusal: Box::new(refusal),
                    });
                }
            }
        }
    }
    if problems.is_empty() {
        Ok(wanted)
    } else {
        Err(problems)
    }
}

/// One file as it is; several with a line before each that names it.
fn print(wanted: &[Wanted], out: &mut dyn Write) -> Result<End, Stop> {
    for file in wanted {
        if wanted.len() > 1 {
            writeln!(out, "==> {} <==", file.output.path)?;
        }
        out.write_all(file.output.text.as_bytes())?;
    }
    Ok(End::Fine)
}

fn compare(
    plan: &Plan,
    load: Loader<'_>,
    arguments: &Gen,
    out: &mut dyn Write,
) -> Result<End, Stop> {
    for file in plan.changes() {
        out.write_all(files::unified(file).as_bytes())?;
    }
    Ok(match plan.changes().count() {
        0 => End::Fine,
        1 => End::Findings(remedy("a file is", load, arguments)),
        n => End::Findings(remedy(&format!("{n} files are"), load, arguments)),
    })
}

fn remedy(what: &str, load: Loader<'_>, arguments: &Gen) -> String {
    format!(
        "{what} not as the schemas say; to update:\n    {}",
        command_line(load, arguments)
    )
}

fn command_line(load: Loader<'_>, arguments: &Gen) -> String {
    let mut words = vec!["shm-codegen".to_owned(), "gen".to_owned()];
    words.extend(arguments.files.iter().map(|file| shell_word(file)));
    for (flag, directory) in [
        ("--root", load.root()),
        ("--python", arguments.python.as_deref()),
        ("--rust", arguments.rust.as_deref()),
        ("--c", arguments.c.as_deref()),
    ] {
        if let Some(directory) = directory {
            words.extend([flag.to_owned(), shell_word(directory)]);
        }
    }
    if arguments.standalone {
        words.push("--standalone".to_owned());
    }
    words.join(" ")
}

fn shell_word(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=:@".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text;
    }
    format!("'{}'", text.replace('\'', "'\\''"))
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

fn import(
    load: Loader<'_>,
    path: &Path,
    output: Option<&Path>,
    package: Option<&str>,
    out: &mut dyn Write,
) -> Result<End, Stop> {
    let language = Language::of(path).ok_or_else(|| Problem::NoLanguage(path.to_owned()))?;
    let imported = load::import(language, path, package)?;
    // What the language refuses is told now, and where the struct stands.
    load.imported(&imported, output.unwrap_or(path))?;
    let Some(output) = output else {
        out.write_all(imported.yaml.as_bytes())?;
        return Ok(End::Fine);
    };
    let directory = output.parent().unwrap_or(Path::new(""));
    let name = output.file_name().unwrap_or_default();
    let wanted = Wanted {
        directory: directory.to_owned(),
        output: Output {
            path: name.to_string_lossy().into_owned(),
            text: imported.yaml,
        },
        schema: path.display().to_string(),
    };
    write(&plan(vec![wanted])?, out)
}

fn breaking(load: Loader<'_>, new: &Path, old: &Path, out: &mut dyn Write) -> Result<End, Stop> {
    let root = load.root().and_then(|root| root_before(root, new, old));
    let old = Loader::new(root).one(old)?;
    let new = load.one(new)?;
    let evolution = evolution::compare(&old, &new);
    for judged in &evolution.verdicts {
        let verdict = judged.verdict.map_or("new", Verdict::as_str);
        writeln!(out, "{verdict:17}  {} {}", judged.what, judged.name)?;
    }
    if evolution.findings.is_empty() {
        return Ok(End::Fine);
    }
    let more = evolution.findings.len().saturating_sub(MAX_BREAKS);
    let shown = evolution.findings.into_iter().take(MAX_BREAKS);
    let mut problems: Vec<Problem> = shown.map(|f| Problem::Breaking(Box::new(f))).collect();
    problems.extend((more > 0).then_some(Problem::More(more)));
    Err(Stop::Problems(problems))
}

/// The root of the old schema: as many folders above it as the new one's is.
fn root_before<'a>(root: &Path, new: &Path, old: &'a Path) -> Option<&'a Path> {
    let inner = Folder::new(root).ok()?.path_of(new)?;
    old.ancestors().nth(inner.split('/').count())
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
