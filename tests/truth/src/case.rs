//! One schema, compiled, generated and given records.

use std::path::Path;

use anyhow::Context;
use shm_codegen::{Options, Output, Target, show};
use shm_schema::Layout;
use shm_schema::format;
use shm_schema::layout::StructLayout;
use shm_schema::{Name, SourceError, Sources};

use crate::expect::{self, Voice};
use crate::fill::Fill;
use crate::schema::Source;

/// Records of each struct.
const RECORDS: usize = 4;

/// A schema and all that is made of it.
pub struct Case {
    /// Names its package too: `c7`.
    pub(crate) name: String,
    sources: Vec<Source>,
    pub(crate) layout: Layout,
    /// Of each of the layout's structs.
    records: Vec<Vec<Vec<u8>>>,
    /// The generated files, by language.
    outputs: Vec<(Target, Vec<Output>)>,
}

impl Case {
    /// The case of a schema whose package is `name`, the last of the files;
    /// its records' bytes are drawn from `seed`.
    ///
    /// # Errors
    ///
    /// When the schema is refused, by the compiler or by a language.
    pub fn new(sources: Vec<Source>, name: &str, seed: u64) -> Result<Self, String> {
        let main = sources.last().ok_or("no schema")?;
        let layout = shm_schema::compile_from(&main.path, main.text.as_bytes(), &Files(&sources))
            .map_err(|errors| errors.to_string())?;
        let targets = [Target::Python, Target::Rust, Target::C].into_iter();
        let outputs = targets.map(|target| {
            let imports = layout.imports.iter().map(|import| &*import.layout);
            let outputs = imports.chain([&layout]).map(|layout| {
                let outputs = target.generate(layout, &Options::default());
                outputs.map_err(|refusal| refusal.to_string())
            });
            let outputs = outputs.collect::<Result<Vec<_>, _>>()?.concat();
            Ok::<_, String>((target, outputs))
        });
        let outputs = outputs.collect::<Result<_, _>>()?;
        let mut fill = Fill::new(&layout, seed);
        let structs = layout.structs.iter();
        let records = structs.map(|s| fill.records(s, RECORDS)).collect();
        Ok(Self {
            name: name.to_owned(),
            records,
            outputs,
            layout,
            sources,
        })
    }

    /// Whether every file means the same when it is formatted, and stays as it
    /// is when it is formatted again.
    ///
    /// # Errors
    ///
    /// The first file that does not, and how.
    pub fn formatted(&self) -> Result<(), String> {
        let layouts = || self.layouts().zip(&self.sources);
        let files = layouts().map(|(layout, source)| {
            let text = format::canonical(layout);
            let text = text.map_err(|_| format!("not sure of {}", source.path))?;
            Ok(Source {
                path: source.path.clone(),
                text,
            })
        });
        let files = files.collect::<Result<Vec<_>, String>>()?;
        let main = files.last().ok_or("no schema")?;
        let again = shm_schema::compile_from(&main.path, main.text.as_bytes(), &Files(&files));
        let again = again.map_err(|errors| errors.to_string())?;
        let imports = again.imports.iter().map(|import| &*import.layout);
        for (new, (old, source)) in imports.chain([&again]).zip(layouts()) {
            if said(new) != said(old) {
                return Err(format!("{} means something else", source.path));
            }
            let twice = format::canonical(new);
            if files.iter().all(|file| Ok(&file.text) != twice.as_ref()) {
                return Err(format!("{} is formatted once more", source.path));
            }
        }
        Ok(())
    }

    /// Those of the imports first, as the sources.
    fn layouts(&self) -> impl Iterator<Item = &Layout> {
        let imports = self.layout.imports.iter();
        imports.map(|import| &*import.layout).chain([&self.layout])
    }

    /// What the others are held against; to be made wrong on purpose.
    pub fn layout_mut(&mut self) -> &mut Layout {
        &mut self.layout
    }

    /// A text that was generated; to be made wrong on purpose.
    pub fn text_mut(&mut self, target: Target) -> Option<&mut String> {
        let (_, outputs) = self.outputs.iter_mut().find(|(t, _)| *t == target)?;
        outputs.first_mut().map(|output| &mut output.text)
    }

    /// The schema and every generated file, for people.
    pub fn shown(&self) -> String {
        let mut shown = shown(&self.sources);
        for output in self.outputs.iter().flat_map(|(_, outputs)| outputs) {
            shown.push_str(&format!("\n==> {} <==\n{}", output.path, output.text));
        }
        shown
    }

    /// The packages that it takes, imports first.
    pub(crate) fn packages(&self) -> impl Iterator<Item = &Name> {
        let imports = self.layout.imports.iter().map(|i| &i.layout.package);
        imports.chain([&self.layout.package])
    }

    /// The structs with their records, those of imports too.
    pub(crate) fn structs(&self) -> impl Iterator<Item = (&StructLayout, &[Vec<u8>])> {
        let records = self.records.iter().map(Vec::as_slice);
        self.layout.structs.iter().zip(records)
    }

    /// Every line that a language must print of it.
    pub(crate) fn lines(&self, voice: Voice) -> Vec<String> {
        self.structs()
            .flat_map(|(s, records)| expect::lines(&self.layout, s, records, voice))
            .collect()
    }

    /// Writes the files of a language into a folder.
    pub(crate) fn write(&self, target: Target, folder: &Path) -> anyhow::Result<()> {
        let outputs = self.outputs.iter().filter(|(t, _)| *t == target);
        for output in outputs.flat_map(|(_, outputs)| outputs) {
            std::fs::write(folder.join(&output.path), &output.text)
                .with_context(|| folder.display().to_string())?;
        }
        Ok(())
    }
}

/// All that a layout says but where it says it.
fn said(layout: &Layout) -> String {
    let structs: Vec<&StructLayout> = layout.structs.iter().collect();
    show::json(layout, &structs)
}

/// Schemas that lie in memory.
struct Files<'a>(&'a [Source]);

impl Sources for Files<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        let found = self.0.iter().find(|source| source.path == path);
        let text = found.map(|source| source.text.clone().into_bytes());
        text.ok_or(SourceError::Missing)
    }
}

/// Schemas, for people.
pub(crate) fn shown(sources: &[Source]) -> String {
    let files = sources.iter();
    let files = files.map(|file| format!("==> {} <==\n{}\n", file.path, file.text));
    files.collect::<String>().trim_end().to_owned() + "\n"
}
