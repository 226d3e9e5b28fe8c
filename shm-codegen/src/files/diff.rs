//! The difference between what is and what should be.

use similar::TextDiff;

use super::plan::{Existing, Planned};

/// A unified diff that makes the file what it should be, as `patch` reads it;
/// nothing when it already is.
pub fn unified(file: &Planned) -> String {
    let path = file.path.display().to_string();
    let (old_name, old) = match &file.existing {
        Existing::Equal => return String::new(),
        Existing::Nothing => ("/dev/null".to_owned(), String::new()),
        Existing::Differs(bytes) => (path.clone(), String::from_utf8_lossy(bytes).into_owned()),
    };
    TextDiff::from_lines(old.as_str(), file.text.as_str())
        .unified_diff()
        .context_radius(3)
        .header(&old_name, &path)
        .to_string()
}
