//! A schema as a module.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{Error, LitStr};

use crate::schema::Schema;

/// `pub mod market { ... }`, of the same text that `shm-codegen gen --rust`
/// writes.
pub(crate) fn module(path: &LitStr) -> syn::Result<TokenStream> {
    let schema = Schema::read(path)?;
    let layout = &schema.layout;
    let tracked = schema.tracked();
    let source: TokenStream = shm_rust::source(layout).parse().map_err(|error| {
        Error::new(
            path.span(),
            format!(
                "the Rust of schema `{}` does not parse: {error}",
                layout.file
            ),
        )
    })?;
    let name = match layout.package.rust().strip_prefix("r#") {
        Some(keyword) => Ident::new_raw(keyword, Span::call_site()),
        None => Ident::new(layout.package.as_str(), Span::call_site()),
    };
    let doc = match &layout.doc {
        Some(doc) => shm_rust::markdown(doc),
        None => format!("Everything that schema `{}` names.", layout.package),
    };
    Ok(quote! {
        #[doc = #doc]
        #[allow(non_snake_case)]
        pub mod #name {
            #tracked
            #source
        }
    })
}
