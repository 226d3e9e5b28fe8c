//! What the codes in messages mean.

use std::fmt::Write;

use shm_schema::Code;

use crate::problem::Problem;

/// The page of one code, in Markdown.
///
/// # Errors
///
/// When no rule has that code.
pub fn page(word: &str) -> Result<&'static str, Problem> {
    let code: Code = word.parse().map_err(Problem::NoCode)?;
    Ok(code.explanation())
}

/// Every code in a line of its own.
pub fn list() -> String {
    let width = Code::ALL.iter().map(|code| code.as_str().len()).max();
    let width = width.unwrap_or_default();
    let mut text = String::new();
    for code in Code::ALL {
        // Writing into a `String` cannot fail.
        let _ = writeln!(text, "{:width$}  {}", code.as_str(), code.summary());
    }
    text
}
