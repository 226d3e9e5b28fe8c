//! Where the schema that an attribute names stands, and its imports with it.

use std::path::{Component, Path, PathBuf};

use shm_schema::{Folder, SourceError, Sources};
use syn::{Error, LitStr};

/// The folder that imports do not lead out of, and the schema's path in it.
pub(crate) struct Place {
    folder: Folder,
    /// The folder as the attribute names it, for messages.
    shown: PathBuf,
    /// Of the schema, within the folder.
    pub(crate) path: String,
}

impl Place {
    /// Of the schema that `literal` names: within `root`, or else within its
    /// own folder.
    ///
    /// # Errors
    ///
    /// At one of the strings: nothing is there, or the schema is not within
    /// the root.
    pub(crate) fn find(literal: &LitStr, root: Option<&LitStr>) -> syn::Result<Self> {
        let package = package_folder();
        let name = literal.value();
        let schema = package.join(&name);
        let (shown, folder) = match root {
            Some(root) => {
                let folder = Folder::new(&package.join(root.value()));
                // `.` would stand before each file in messages.
                let shown = PathBuf::from(root.value());
                let shown = shown.components().filter(|part| *part != Component::CurDir);
                (
                    shown.collect(),
                    folder.map_err(|error| no_root(root, &error)),
                )
            }
            None => {
                let shown = Path::new(&name).parent().unwrap_or(Path::new(""));
                let folder = Folder::around(&schema);
                (
                    shown.to_owned(),
                    folder.map_err(|error| unreadable(literal, &error)),
                )
            }
        };
        let folder = folder?;
        let path = folder.path_of(&schema).ok_or_else(|| {
            let root = root.map_or_else(String::new, LitStr::value);
            Error::new(
                literal.span(),
                format!(
                    "schema `{name}` is not within `root = \"{root}\"`\n\
                     help: imports are looked for in the root, which holds every schema"
                ),
            )
        })?;
        Ok(Self {
            folder,
            shown,
            path,
        })
    }

    /// Where a file within the folder is.
    pub(crate) fn locate(&self, path: &str) -> PathBuf {
        self.folder.locate(path)
    }
}

impl Sources for Place {
    fn read(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        self.folder.read(path)
    }

    /// As the attribute would name it, without the folders above.
    fn shown(&self, path: &str) -> String {
        self.shown.join(path).display().to_string()
    }
}

/// A schema that is not there.
pub(crate) fn unreadable(literal: &LitStr, error: &std::io::Error) -> Error {
    Error::new(
        literal.span(),
        format!(
            "cannot read schema `{}`: {error}\nhelp: {RELATIVE}",
            literal.value()
        ),
    )
}

fn no_root(root: &LitStr, error: &std::io::Error) -> Error {
    Error::new(
        root.span(),
        format!(
            "cannot look into root `{}`: {error}\nhelp: {RELATIVE}",
            root.value()
        ),
    )
}

const RELATIVE: &str = "the path is relative to the folder of the package's `Cargo.toml`";

/// Where the package that is being compiled has its `Cargo.toml`; the current
/// folder when rustc is called by hand.
fn package_folder() -> PathBuf {
    let folder = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    std::path::absolute(Path::new(".").join(folder)).unwrap_or_default()
}
