//! Generation from a build script.
//!
//! What cargo is to know is said on the standard output, where it listens; this
//! is the one place of the library that prints.

use std::env;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use shm_schema::{Layout, Style};

use crate::files::{self, Wanted};
use crate::load::{self, Loader};
use crate::problem::Problem;
use crate::report::{self, Format};
use crate::target::{Options, Output, Target};
use crate::{stamp, wanted};

/// The file in `OUT_DIR` that holds a module for each schema.
const MODULES: &str = "schemas.rs";

/// Writes the Rust of a schema and of its imports to `OUT_DIR`.
///
/// The path is relative to the package. A change of the schema, or of one that
/// it imports, runs the build script again.
///
/// # Errors
///
/// What is wrong with the schema, as `shm-codegen check` shows it; or what kept
/// a file from being written.
///
/// # Examples
///
/// In `build.rs`:
///
/// ```no_run
/// fn main() -> Result<(), shm_codegen::BuildError> {
///     shm_codegen::build("schemas/market.yaml")
/// }
/// ```
///
/// In the program, which depends on `shm-runtime`:
///
/// ```ignore
/// // Makes `market`, and a module for each import.
/// include!(concat!(env!("OUT_DIR"), "/schemas.rs"));
/// ```
pub fn build(schema: impl AsRef<Path>) -> Result<(), BuildError> {
    Build::new().schema(schema).run()
}

/// What a build script generates, where [`build`] will not do.
///
/// # Examples
///
/// ```no_run
/// fn main() -> Result<(), shm_codegen::BuildError> {
///     shm_codegen::Build::new()
///         .schema("schemas/arm.yaml")
///         .schema("schemas/base.yaml")
///         .python("python/robot")
///         .run()
/// }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Build {
    schemas: Vec<PathBuf>,
    root: Option<PathBuf>,
    rust: Option<PathBuf>,
    others: Vec<(Target, PathBuf)>,
    options: Options,
}

impl Build {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a schema, or a Rust file that says as much.
    #[must_use]
    pub fn schema(mut self, path: impl AsRef<Path>) -> Self {
        self.schemas.push(path.as_ref().to_owned());
        self
    }

    /// The folder that imports may not lead out of, when that is not the
    /// folder of each schema.
    #[must_use]
    pub fn root(mut self, folder: impl AsRef<Path>) -> Self {
        self.root = Some(folder.as_ref().to_owned());
        self
    }

    /// Writes the Rust here and not to `OUT_DIR`.
    #[must_use]
    pub fn rust(mut self, folder: impl AsRef<Path>) -> Self {
        self.rust = Some(folder.as_ref().to_owned());
        self
    }

    /// Also writes Python modules into a folder.
    #[must_use]
    pub fn python(self, folder: impl AsRef<Path>) -> Self {
        self.other(Target::Python, folder)
    }

    /// Also writes C headers into a folder.
    #[must_use]
    pub fn c(self, folder: impl AsRef<Path>) -> Self {
        self.other(Target::C, folder)
    }

    /// Also writes Cython's declarations into a folder.
    #[must_use]
    pub fn cython(self, folder: impl AsRef<Path>) -> Self {
        self.other(Target::Cython, folder)
    }

    /// Puts the Python runtime beside the modules.
    #[must_use]
    pub fn standalone(mut self, standalone: bool) -> Self {
        self.options.standalone = standalone;
        self
    }

    fn other(mut self, target: Target, folder: impl AsRef<Path>) -> Self {
        self.others.push((target, folder.as_ref().to_owned()));
        self
    }

    /// Writes all files, or none, and tells cargo what they were made of.
    ///
    /// # Errors
    ///
    /// As of [`build`].
    #[allow(clippy::print_stdout)] // cargo reads it
    pub fn run(self) -> Result<(), BuildError> {
        print!("{}", self.generate().map_err(BuildError)?);
        Ok(())
    }

    /// Returns what cargo is to know.
    fn generate(mut self) -> Result<String, Vec<Problem>> {
        let rust = match self.rust.take() {
            Some(folder) => folder,
            None => env::var_os("OUT_DIR")
                .map(PathBuf::from)
                .ok_or_else(|| vec![Problem::NoOutDir])?,
        };
        let loader = Loader::new(self.root.as_deref());
        let layouts = load::with_imports(loader.all(&self.schemas)?);
        let targets = [(Target::Rust, rust.clone())].into_iter();
        let targets: Vec<_> = targets.chain(self.others).collect();
        let targets = targets.iter().map(|(target, folder)| (*target, folder));
        let mut wanted = wanted::all(&layouts, targets, &self.options)?;
        wanted.extend(modules(&layouts, &rust));
        let plan = files::Plan::new(wanted)
            .map_err(|errors| errors.into_iter().map(Problem::from).collect::<Vec<_>>())?;
        files::write(&plan).map_err(|error| vec![error.into()])?;
        Ok(told(&layouts))
    }
}

/// `pub mod market { include!(..) }` for each schema.
fn modules(layouts: &[Arc<Layout>], folder: &Path) -> Option<Wanted> {
    let first = layouts.first()?;
    let modules = layouts.iter().map(|layout| {
        let (module, file) = (layout.package.rust(), &layout.package);
        format!("#[allow(missing_docs)]\npub mod {module} {{\n    include!(\"{file}.rs\");\n}}\n")
    });
    let modules: Vec<String> = modules.collect();
    Some(Wanted {
        directory: folder.to_owned(),
        output: Output {
            path: MODULES.to_owned(),
            text: format!("// {}\n\n{}", stamp::shipped_line(), modules.join("\n")),
        },
        schema: first.file.clone(),
    })
}

/// <https://doc.rust-lang.org/cargo/reference/build-scripts.html>
fn told(layouts: &[Arc<Layout>]) -> String {
    let files = layouts.iter().map(|layout| &layout.file);
    let mut lines: String = files
        .map(|file| format!("cargo::rerun-if-changed={file}\n"))
        .collect();
    for warning in load::warnings(layouts) {
        for line in report::render(&warning, Format::Short, Style::Plain).lines() {
            lines += &format!("cargo::warning={line}\n");
        }
    }
    lines
}

/// Everything that kept a build script from generating.
///
/// `Debug`, by which a `main` that fails is shown, is the full report too.
pub struct BuildError(Vec<Problem>);

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts = self.0.iter();
        let texts = texts.map(|problem| problem.render(Format::Human, Style::Plain));
        f.write_str(texts.collect::<Vec<_>>().join("\n").trim_end())
    }
}

impl fmt::Debug for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the schemas cannot be generated\n\n{self}")
    }
}

impl std::error::Error for BuildError {}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const COMMON: &str = "shm: 1\npackage: common\nstructs:\n  - name: V\n    fields:\n      \
                          - { name: x, type: f64 }\n";
    const ARM: &str = "shm: 1\npackage: arm\nimports: [common.yaml]\nstructs:\n  - name: A\n    \
                       fields:\n      - { name: a, type: u8 }\n      - { name: v, type: common.V }\n      - { name: b, type: u8 }\n";

    #[test]
    fn cargo_hears_of_every_file_and_every_warning() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("common.yaml"), COMMON).unwrap();
        fs::write(at("arm.yaml"), ARM).unwrap();
        let build = Build::new().schema(at("arm.yaml")).rust(at("out"));
        let build = build.python(at("python")).c(at("c")).cython(at("c"));
        let build = build.standalone(true);
        let told = build.clone().generate().unwrap();
        let lines: Vec<&str> = told.lines().collect();
        let changed = |name| format!("cargo::rerun-if-changed={}", at(name).display());
        assert_eq!(lines[..2], [changed("common.yaml"), changed("arm.yaml")]);
        assert!(lines[2].starts_with("cargo::warning="), "{told}");
        assert!(lines[2].contains("arm.yaml:5:"), "{told}");
        for file in [
            "out/arm.rs",
            "out/common.rs",
            "out/schemas.rs",
            "c/arm.h",
            "c/arm.pxd",
        ] {
            assert!(at(file).is_file(), "{file}");
        }
        assert!(at("python/shm_runtime/__init__.py").is_file());

        let written = |name| fs::metadata(at(name)).unwrap().modified().unwrap();
        let before = written("out/arm.rs");
        build.generate().unwrap();
        assert_eq!(
            before,
            written("out/arm.rs"),
            "what is equal is not written"
        );
    }

    #[test]
    fn an_error_is_shown_as_check_shows_it_and_nothing_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let arm = folder.path().join("arm.yaml");
        fs::write(&arm, ARM.replace("u8", "u9")).unwrap();
        fs::write(folder.path().join("common.yaml"), COMMON).unwrap();
        let out = folder.path().join("out");
        let problems = Build::new().schema(&arm).rust(&out).generate().unwrap_err();
        let shown = format!("{:?}", BuildError(problems));
        assert!(shown.contains("error[unknown-type]: "), "{shown}");
        assert!(shown.contains("arm.yaml:7:26"), "{shown}");
        assert!(!out.exists());
    }
}
