//! A schema to start from.

use askama::Template;

use crate::problem::Problem;

#[derive(Template)]
#[template(path = "new/schema.yaml")]
struct Start<'a> {
    package: &'a str,
}

/// The text of a schema with that package: one struct, one segment, comments
/// that say what else there is. It checks, lints and formats clean.
///
/// # Errors
///
/// When no package can have that name.
pub fn schema(package: &str) -> Result<String, Problem> {
    let fault = |message: String, hint: Option<String>| Problem::NoPackage {
        name: package.to_owned(),
        message,
        hint,
    };
    // Not even a name: it would not stay in its place in the text.
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    if package.is_empty() || !package.chars().all(is_word) {
        let message = "a package's name has letters, digits and underscores".to_owned();
        return Err(fault(message, None));
    }
    let text = Start { package }
        .render()
        .map_err(|error| fault(error.to_string(), None))?
        + "\n";
    match shm_schema::compile("", text.as_bytes()) {
        Ok(_) => Ok(text),
        Err(errors) => {
            let first = errors.iter().next();
            let message = first.map(|d| d.message.clone()).unwrap_or_default();
            Err(fault(message, first.and_then(|d| d.helps.first().cloned())))
        }
    }
}
