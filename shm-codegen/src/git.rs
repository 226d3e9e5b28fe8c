//! Schemas as a commit of git has them, through the program `git`.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use shm_schema::{SourceError, Sources};

use crate::load::ENOUGH;

/// Why git does not have a schema.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no such program.
    #[error("cannot run `git`")]
    NoGit(#[source] io::Error),
    /// The folder is not in a working tree.
    #[error("`{}` is not in a git repository", folder.display())]
    NoRepository {
        /// As the caller named it.
        folder: PathBuf,
    },
    /// Nothing has that name.
    #[error("git knows no commit `{revision}`")]
    NoRevision {
        /// What was asked for.
        revision: String,
    },
    /// The commit does not have the file.
    #[error("no file `{path}` in `{revision}`")]
    NoFile {
        /// From the top of the repository.
        path: String,
        /// What was asked for.
        revision: String,
    },
    /// The file that was asked for is a link or a folder.
    #[error("`{path}` is not a file in `{revision}`")]
    NotAFile {
        /// From the top of the repository.
        path: String,
        /// What was asked for.
        revision: String,
    },
    /// Anything else, in git's words.
    #[error("git: {0}")]
    Other(String),
}

impl GitError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoGit(_) => Some("install git, or compare with a file"),
            Self::NoRepository { .. } => Some("compare with a file: `--against OLD.yaml`"),
            Self::NoRevision { .. } => Some(
                "name a branch, a tag or a commit; a shallow clone may lack it: \
                 `git fetch --unshallow`",
            ),
            Self::NoFile { .. } => {
                Some("where it had another name, say so: `git:REF:path/from/the/top.yaml`")
            }
            Self::NotAFile { .. } | Self::Other(_) => None,
        }
    }
}

/// `REF` or `REF:PATH`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spec<'a> {
    revision: &'a str,
    path: Option<&'a str>,
}

impl<'a> Spec<'a> {
    /// What stands behind `git:`; `None` for a path of the file system.
    pub fn of(word: &'a str) -> Option<Self> {
        let spec = word.strip_prefix("git:")?;
        Some(match spec.split_once(':') {
            Some((revision, path)) => Self {
                revision,
                path: Some(path),
            },
            None => Self {
                revision: spec,
                path: None,
            },
        })
    }
}

/// A folder of a commit, which imports do not lead out of.
pub(crate) struct Commit {
    /// Where git runs.
    folder: PathBuf,
    /// As the user named it.
    revision: String,
    /// The commit's hash.
    hash: String,
    /// The folder, from the top of the repository; empty or with a slash at
    /// its end.
    root: String,
}

impl Commit {
    /// The commit of a spec, and the path within its root of the schema that
    /// it names: where it names no other, of the one that stands at `schema`
    /// in the working tree. `root` is a folder of the working tree.
    pub(crate) fn find(
        spec: Spec<'_>,
        schema: &Path,
        root: Option<&Path>,
    ) -> Result<(Self, String), GitError> {
        let folder = folder_of(schema);
        let prefix = prefix(folder)?;
        let name = schema.file_name().unwrap_or_default().to_string_lossy();
        let path = match spec.path {
            None => format!("{prefix}{name}"),
            // As git has it: from the top, or with `./` from here.
            Some(path) if path.starts_with("./") || path.starts_with("../") => {
                let here = self::prefix(Path::new("."))?;
                joined(&here, path)
            }
            Some(path) => joined("", path),
        };
        let root = match root {
            Some(root) => self::prefix(root)?,
            None => path
                .rsplit_once('/')
                .map_or(String::new(), |(folder, _)| format!("{folder}/")),
        };
        let commit = Self {
            folder: folder.to_owned(),
            revision: spec.revision.to_owned(),
            hash: hash(folder, spec.revision)?,
            root,
        };
        match path.strip_prefix(&commit.root) {
            Some(inner) => {
                let inner = inner.to_owned();
                Ok((commit, inner))
            }
            None => Err(GitError::NoFile {
                path,
                revision: commit.revision,
            }),
        }
    }

    /// The text of the schema that was asked for.
    pub(crate) fn text(&self, path: &str) -> Result<Vec<u8>, GitError> {
        let path_of = || format!("{}{path}", self.root);
        let revision = || self.revision.clone();
        self.read(path).map_err(|error| match error {
            SourceError::Missing => GitError::NoFile {
                path: path_of(),
                revision: revision(),
            },
            SourceError::Io(error) => GitError::Other(error.to_string()),
            SourceError::Outside | SourceError::NotAFile => GitError::NotAFile {
                path: path_of(),
                revision: revision(),
            },
        })
    }

    /// What stands at a path, or in a folder when it ends in a slash: mode,
    /// kind, hash and path of each.
    fn list(&self, path: &str) -> Result<Vec<(String, String, String)>, GitError> {
        let path = format!("{}{path}", self.root);
        let arguments = ["ls-tree", "--full-tree", "-z", &self.hash, "--", &path];
        let text = said(&self.folder, &arguments)?;
        let entries = text.split('\0').filter_map(|entry| {
            let (facts, path) = entry.split_once('\t')?;
            let mut facts = facts.split(' ');
            let (mode, _, hash) = (facts.next()?, facts.next()?, facts.next()?);
            Some((mode.to_owned(), hash.to_owned(), path.to_owned()))
        });
        Ok(entries.collect())
    }
}

impl Sources for Commit {
    fn read(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        let entries = self.list(path).map_err(io::Error::other);
        let entries = entries.map_err(SourceError::Io)?;
        let (mode, hash, _) = entries.first().ok_or(SourceError::Missing)?;
        // A file, executable or not; a link, a folder and a module are none.
        if !mode.starts_with("100") {
            return Err(SourceError::NotAFile);
        }
        blob(&self.folder, hash).map_err(SourceError::Io)
    }

    fn beside(&self, path: &str) -> Vec<String> {
        let folder = path
            .rsplit_once('/')
            .map_or(String::new(), |(folder, _)| format!("{folder}/"));
        let entries = self.list(&folder).unwrap_or_default().into_iter();
        entries
            .filter_map(|(_, _, path)| path.strip_prefix(&self.root).map(str::to_owned))
            .filter(|path| path.ends_with(".yaml") || path.ends_with(".yml"))
            .collect()
    }

    fn shown(&self, path: &str) -> String {
        format!("{}:{}{path}", self.revision, self.root)
    }
}

fn folder_of(schema: &Path) -> &Path {
    match schema.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// A path from the top of the repository, without `.` and `..`.
fn joined(prefix: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in prefix.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The folder from the top of its repository, with a slash at its end.
fn prefix(folder: &Path) -> Result<String, GitError> {
    let text = said(folder, &["rev-parse", "--show-prefix"])?;
    Ok(text.trim_end_matches('\n').to_owned())
}

fn hash(folder: &Path, revision: &str) -> Result<String, GitError> {
    let unknown = || GitError::NoRevision {
        revision: revision.to_owned(),
    };
    // It would be read as an option.
    if revision.is_empty() || revision.starts_with('-') {
        return Err(unknown());
    }
    let commit = format!("{revision}^{{commit}}");
    let arguments = ["rev-parse", "--verify", "--quiet", &commit];
    let hash = said(folder, &arguments).map_err(|error| match error {
        GitError::Other(_) => unknown(),
        error => error,
    })?;
    Ok(hash.trim().to_owned())
}

/// The file of that hash, or as much of it as shows that it is too large.
fn blob(folder: &Path, hash: &str) -> io::Result<Vec<u8>> {
    let mut child = git(folder, &["cat-file", "blob", hash])
        .stderr(Stdio::null())
        .spawn()?;
    let mut text = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        stdout.take(ENOUGH).read_to_end(&mut text)?;
    }
    let is_whole = (text.len() as u64) < ENOUGH;
    // It has closed its output, or is told so by the next byte it writes.
    match child.wait()? {
        status if is_whole && !status.success() => Err(io::Error::other("git has lost the file")),
        _ => Ok(text),
    }
}

/// What git prints.
fn said(folder: &Path, arguments: &[&str]) -> Result<String, GitError> {
    let output = git(folder, arguments).output().map_err(GitError::NoGit)?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let told = String::from_utf8_lossy(&output.stderr);
    Err(match told.contains("not a git repository") {
        true => GitError::NoRepository {
            folder: folder.to_owned(),
        },
        false => GitError::Other(told.trim().trim_start_matches("fatal: ").to_owned()),
    })
}

/// In a language whose messages are known, with paths that are what they are.
fn git(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .env("LC_ALL", "C")
        .env("GIT_LITERAL_PATHSPECS", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spec_is_a_revision_and_perhaps_a_path() {
        let spec = |revision, path| Some(Spec { revision, path });
        assert_eq!(Spec::of("git:HEAD~1"), spec("HEAD~1", None));
        assert_eq!(Spec::of("git:v1:a/b.yaml"), spec("v1", Some("a/b.yaml")));
        assert_eq!(Spec::of("before/a.yaml"), None);
    }

    #[test]
    fn paths_are_joined_as_git_reads_them() {
        for (prefix, path, wanted) in [
            ("", "a.yaml", "a.yaml"),
            ("schemas/", "./a.yaml", "schemas/a.yaml"),
            ("schemas/deep/", "../a.yaml", "schemas/a.yaml"),
            ("", "x//y/./a.yaml", "x/y/a.yaml"),
        ] {
            assert_eq!(joined(prefix, path), wanted);
        }
    }
}
