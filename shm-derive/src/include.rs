//! Schemas as modules.

use std::path::PathBuf;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use shm_schema::Layout;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Error, LitStr, Token, token};

use crate::schema::Schema;
use shm_record::suggest::list;

/// What stands in `include_schema!(...)`.
pub(crate) struct Request {
    schemas: Vec<LitStr>,
    /// The folder that imports are looked for in.
    root: Option<LitStr>,
    /// Packages that get no module.
    without: Vec<LitStr>,
}

impl Parse for Request {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut schemas = Vec::new();
        let mut root = None;
        let mut without = None;
        while !input.is_empty() {
            let is_key = input.peek(Ident::peek_any) && input.peek2(Token![=]);
            if !is_key {
                schemas.push(literal(input, "include_schema!(\"point.yaml\")")?);
            } else {
                let key = input.call(Ident::parse_any)?;
                input.parse::<Token![=]>()?;
                match &*key.to_string() {
                    "root" => once(&mut root, &key, literal(input, "root = \"schemas\"")?)?,
                    "without" => once(&mut without, &key, strings(input)?)?,
                    _ => {
                        return Err(Error::new(
                            key.span(),
                            format!(
                                "unknown key `{key}`\n\
                                 help: `include_schema!` takes paths, `root` and `without`"
                            ),
                        ));
                    }
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        if schemas.is_empty() {
            return Err(Error::new(
                Span::call_site(),
                "no schema\nhelp: write `include_schema!(\"schemas/market.yaml\")`",
            ));
        }
        Ok(Self {
            schemas,
            root,
            without: without.unwrap_or_default(),
        })
    }
}

fn once<T>(place: &mut Option<T>, key: &Ident, value: T) -> syn::Result<()> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(Error::new(key.span(), format!("`{key}` is given twice"))),
    }
}

/// A string literal.
///
/// # Errors
///
/// At all that stands up to the next comma, with what is to be written.
fn literal(input: ParseStream<'_>, example: &str) -> syn::Result<LitStr> {
    if input.peek(LitStr) {
        return input.parse();
    }
    let mut found = TokenStream::new();
    while found.is_empty() || !(input.is_empty() || input.peek(Token![,])) {
        found.extend([input.parse::<TokenTree>()?]);
    }
    Err(Error::new_spanned(
        &found,
        format!(
            "expected a string literal, found `{found}`\n\
             help: write `{example}`: it is read before any constant or macro has a value"
        ),
    ))
}

/// `"common"` or `["common", "units"]`
fn strings(input: ParseStream<'_>) -> syn::Result<Vec<LitStr>> {
    if !input.peek(token::Bracket) {
        return Ok(vec![literal(input, "without = \"common\"")?]);
    }
    let inside;
    syn::bracketed!(inside in input);
    let items: Punctuated<LitStr, Token![,]> =
        inside.parse_terminated(|i| literal(i, "without = [\"common\"]"), Token![,])?;
    Ok(items.into_iter().collect())
}

/// `pub mod market { ... }` for each schema and each import, of the same texts
/// that `shm-codegen gen --rust` writes.
pub(crate) fn modules(request: &Request) -> syn::Result<TokenStream> {
    let mut modules = Modules {
        without: &request.without,
        left_out: Vec::new(),
        list: Vec::new(),
    };
    let mut tracked = TokenStream::new();
    for literal in &request.schemas {
        let schema = Schema::read(literal, request.root.as_ref())?;
        tracked.extend(schema.tracked());
        modules.add(literal, &schema, &schema.layout)?;
    }
    modules.check_left_out()?;
    let texts = modules.list.into_iter().map(|module| module.text);
    Ok(quote!(#tracked #(#texts)*))
}

/// A schema's module.
struct Module {
    file: PathBuf,
    /// The file as messages name it.
    shown: String,
    package: String,
    text: TokenStream,
}

/// Those of one call.
struct Modules<'a> {
    without: &'a [LitStr],
    /// Those of `without` that some schema asked for.
    left_out: Vec<String>,
    list: Vec<Module>,
}

impl Modules<'_> {
    /// The module of a file and, before it, those of its imports. A package
    /// that is left out keeps its own imports to itself.
    fn add(&mut self, literal: &LitStr, schema: &Schema, layout: &Layout) -> syn::Result<()> {
        let file = schema.identity(&layout.path);
        if self.list.iter().any(|module| module.file == file) {
            return Ok(());
        }
        let package = layout.package.to_string();
        if self
            .without
            .iter()
            .any(|without| without.value() == package)
        {
            self.left_out.push(package);
            return Ok(());
        }
        for import in layout.imports.iter().filter(|import| import.direct) {
            self.add(literal, schema, &import.layout)?;
        }
        if let Some(other) = self.list.iter().find(|module| module.package == package) {
            return Err(Error::new(
                literal.span(),
                format!(
                    "`{}` and `{}` both have the package `{package}`, so their modules would have \
                     one name\nhelp: rename one of them, or include them in two modules",
                    other.shown, layout.file
                ),
            ));
        }
        self.list.push(Module {
            file,
            shown: layout.file.clone(),
            package,
            text: module(literal, layout)?,
        });
        Ok(())
    }

    fn check_left_out(&self) -> syn::Result<()> {
        let mut without = self.without.iter();
        match without.find(|without| !self.left_out.contains(&without.value())) {
            None => Ok(()),
            Some(package) => Err(Error::new(
                package.span(),
                format!(
                    "no schema here has the package `{}`\nhelp: there is {}",
                    package.value(),
                    list(self.list.iter().map(|module| &*module.package))
                ),
            )),
        }
    }
}

fn module(literal: &LitStr, layout: &Layout) -> syn::Result<TokenStream> {
    let source: TokenStream = shm_rust::source_for_derive(layout)
        .parse()
        .map_err(|error| {
            Error::new(
                literal.span(),
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
            #source
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(request: &str) -> String {
        let request = syn::parse_str(request).expect("it is a request");
        let modules = modules(&request).unwrap_or_else(|error| panic!("{error}"));
        syn::parse2::<syn::File>(modules.clone()).expect("it is Rust");
        modules.to_string()
    }

    const ARM: &str = "\"../shm-rust/tests/golden/robots/arm.yaml\"";
    const BASE: &str = "\"../shm-rust/tests/golden/robots/base.yaml\"";

    #[test]
    fn a_change_of_any_import_rebuilds() {
        let tokens = tokens(ARM);
        for file in ["arm.yaml", "parts/frames.yaml", "parts/units.yaml"] {
            let file = format!("robots/{file}\"");
            let tracked = tokens.split("include_bytes !").skip(1);
            assert_eq!(tracked.filter(|t| t.contains(&file)).count(), 1, "{file}");
        }
    }

    #[test]
    fn each_schema_is_a_module_once_after_its_imports() {
        let tokens = tokens(&format!("{BASE}, {ARM}, {BASE}"));
        let order: Vec<&str> = tokens
            .split("pub mod ")
            .skip(1)
            .filter_map(|module| module.split(' ').next())
            .collect();
        assert_eq!(order, ["units", "frames", "base", "arm"]);
    }

    #[test]
    fn what_is_left_out_takes_its_own_imports_along() {
        let tokens = tokens(&format!("{BASE}, without = [\"frames\"]"));
        assert_eq!(tokens.matches("pub mod ").count(), 1);
    }
}
