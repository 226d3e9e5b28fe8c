//! Everything that is wrong, shown together.

use std::fmt::Display;

use proc_macro2::Span;
use quote::ToTokens;
use syn::Error;

/// Errors of one step.
#[derive(Default)]
pub(crate) struct Errors(Option<Error>);

impl Errors {
    /// At one place, such as a name or a string in an attribute.
    pub(crate) fn at(&mut self, span: Span, message: impl Display) {
        self.push(Error::new(span, message));
    }

    /// Under all of `tokens`, such as a field's type.
    pub(crate) fn under(&mut self, tokens: impl ToTokens, message: impl Display) {
        self.push(Error::new_spanned(tokens, message));
    }

    pub(crate) fn push(&mut self, error: Error) {
        match &mut self.0 {
            Some(first) => first.combine(error),
            None => self.0 = Some(error),
        }
    }

    /// Ends the step: in an error when there is one.
    pub(crate) fn propagate(self) -> syn::Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}
