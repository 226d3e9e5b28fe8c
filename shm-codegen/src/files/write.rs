//! Puts a plan on the disk.

use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::error::FileError;
use super::plan::{Existing, Plan, Planned};

/// Writes the files that are not as they should be.
///
/// Every text is first written in full to a temporary file beside its place;
/// only when all of them are there are they renamed, one by one. A full disk or
/// a closed directory therefore leaves everything as it was, and whoever reads
/// one of the files meanwhile gets the old text or the new, never a part.
///
/// # Errors
///
/// The file that could not be written. The temporary files and the directories
/// that were made for them are gone by then.
pub fn write(plan: &Plan) -> Result<(), FileError> {
    let mut directories = NewDirectories::default();
    let staged = plan
        .changes()
        .map(|file| stage(file, &mut directories).map_err(|source| error(file, source)))
        .collect::<Result<Vec<_>, _>>()?;
    for (file, temporary) in plan.changes().zip(staged) {
        temporary
            .persist(&file.real)
            .map_err(|e| error(file, e.error))?;
        directories.keep();
    }
    Ok(())
}

fn error(file: &Planned, source: io::Error) -> FileError {
    FileError::Write {
        path: file.path.clone(),
        source,
    }
}

fn stage(file: &Planned, directories: &mut NewDirectories) -> io::Result<NamedTempFile> {
    let directory = match file.real.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    directories.make(directory)?;
    let mut temporary = tempfile::Builder::new()
        .prefix(".shm-codegen-")
        // What an ordinary `open` asks for; the umask has its say.
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(directory)?;
    temporary.write_all(file.text.as_bytes())?;
    if matches!(file.existing, Existing::Differs(_)) {
        let mode = fs::metadata(&file.real)?.permissions();
        temporary.as_file().set_permissions(mode)?;
    }
    Ok(temporary)
}

/// Directories made on the way, removed again unless they were needed.
#[derive(Default)]
struct NewDirectories(Vec<PathBuf>);

impl NewDirectories {
    fn make(&mut self, directory: &Path) -> io::Result<()> {
        let missing: Vec<&Path> = directory
            .ancestors()
            .take_while(|d| !d.as_os_str().is_empty() && !d.exists())
            .collect();
        for directory in missing.into_iter().rev() {
            match fs::create_dir(directory) {
                Ok(()) => self.0.push(directory.to_owned()),
                // Another run was faster; then it is not ours to remove.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn keep(&mut self) {
        self.0.clear();
    }
}

impl Drop for NewDirectories {
    fn drop(&mut self) {
        for directory in self.0.iter().rev() {
            // One that is no longer empty has found another use.
            let _ = fs::remove_dir(directory);
        }
    }
}
