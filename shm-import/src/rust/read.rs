//! From text to syntax, with bounds.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::findings;
use crate::draft::Place;
use crate::finding::Finding;

/// Most brackets inside each other.
const MAX_DEPTH: usize = 64;

/// Most signs in a row of tokens that nothing divides. A parser calls itself
/// for each of `!!!!x` or `1+1+1`.
const MAX_SIGNS: usize = 400;

/// Room for a parser that calls itself so often, debug builds included.
const STACK_BYTES: usize = 256 << 20;

/// The file's syntax, or where it is none.
pub(super) fn parse(text: &str) -> Result<syn::File, Vec<Finding>> {
    // Blanks in place of what is no Rust keep all places.
    let mut text = text.to_owned();
    if text.starts_with('\u{feff}') {
        text.replace_range(..'\u{feff}'.len_utf8(), "   ");
    }
    if text.starts_with("#!") && !text[2..].trim_start().starts_with('[') {
        text.replace_range(..2, "//");
    }
    let tokens: TokenStream = text.parse().map_err(|error: proc_macro2::LexError| {
        let message = "a bracket, a string or a comment does not end, or no Rust starts so";
        vec![Finding::new(error.span().byte_range(), message)]
    })?;
    bounded(&tokens).map_err(|finding| vec![finding])?;
    syn::parse2(tokens).map_err(findings)
}

/// Runs what may call itself often on a stack that is deep enough.
///
/// # Errors
///
/// The system has no room for a thread.
pub(super) fn deep<T: Send>(work: impl FnOnce() -> T + Send) -> std::io::Result<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
        let thread = thread.spawn_scoped(scope, work)?;
        thread
            .join()
            .map_err(|_| std::io::Error::other("the parser panicked"))
    })
}

/// Refuses what would take a parser too deep.
fn bounded(tokens: &TokenStream) -> Result<(), Finding> {
    let mut pending = vec![(tokens.clone(), 0)];
    while let Some((stream, depth)) = pending.pop() {
        let mut signs = 0;
        for token in stream {
            let at: Place = token.span().byte_range();
            match token {
                TokenTree::Group(group) => {
                    if depth == MAX_DEPTH {
                        let message = format!("over {MAX_DEPTH} brackets inside each other");
                        return Err(Finding::new(at.start..at.start + 1, message));
                    }
                    if group.delimiter() == Delimiter::Brace {
                        signs = 0;
                    }
                    pending.push((group.stream(), depth + 1));
                }
                TokenTree::Punct(sign) if matches!(sign.as_char(), ',' | ';') => signs = 0,
                TokenTree::Punct(_) => {
                    signs += 1;
                    if signs > MAX_SIGNS {
                        let message = format!("over {MAX_SIGNS} signs in one expression");
                        return Err(Finding::new(at, message));
                    }
                }
                TokenTree::Ident(_) | TokenTree::Literal(_) => {}
            }
        }
    }
    Ok(())
}
