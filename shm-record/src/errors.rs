//! Everything that is wrong, shown together.

use std::fmt::Display;

use proc_macro2::Span;
use quote::ToTokens;
use syn::Error;

/// Errors of one step.
#[derive(Default)]
pub struct Errors(Option<Error>);

impl Errors {
    /// At one place, such as a name or a string in an attribute.
    pub fn at(&mut self, span: Span, message: impl Display) {
        self.push(Error::new(span, message));
    }

    /// Under all of `tokens`, such as a field's type.
    pub fn under(&mut self, tokens: impl ToTokens, message: impl Display) {
        self.push(Error::new_spanned(tokens, message));
    }

    /// One or more that are made already.
    pub fn push(&mut self, error: Error) {
        match &mut self.0 {
            Some(first) => first.combine(error),
            None => self.0 = Some(error),
        }
    }

    /// Ends the step.
    ///
    /// # Errors
    ///
    /// All of them, when there is one.
    pub fn propagate(self) -> syn::Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}
