//! `#[derive(SharedLayout)]` and `include_schema!`, which `shm-runtime`
//! re-exports.
//!
//! The derive is a pipeline, one file a step: `ast` reads the struct with
//! what `attr` finds on it, `lower` reads each field's type, `valid` refuses
//! what cannot be shared and holds the rest against the schema (`compare`),
//! `expand` writes the impls and, in `assert`, what only rustc can check. When a step fails, `fallback` writes impls that
//! keep the rest of the program quiet, so that only the real errors show.

mod assert;
mod ast;
mod attr;
mod compare;
mod errors;
mod expand;
mod fallback;
mod include;
mod lower;
mod order;
mod schema;
mod valid;

use proc_macro::TokenStream;
use syn::{DeriveInput, LitStr, parse_macro_input};

/// Makes a `#[repr(C)]` struct a record that processes can share.
///
/// It implements `SharedField` and `SharedLayout` and gives each field a token
/// named in upper case: `Point::X` is a `Field<Point, i32>`.
///
/// ```ignore
/// #[derive(SharedLayout, Clone, Copy, Debug, PartialEq)]
/// #[shared(schema = "schemas/market.yaml")]
/// #[repr(C)]
/// pub struct Point {
///     pub x: i32,
///     pub y: i32,
/// }
/// ```
///
/// Keys of `#[shared(...)]`, all optional:
///
/// - `schema = "schemas/market.yaml"`: holds the struct against a schema while
///   it compiles, field by field. The path is relative to the folder of the
///   package's `Cargo.toml`; a change of the file rebuilds.
/// - `name = "Quote"`: the struct's name in the schema and in its fingerprint,
///   when Rust calls it otherwise.
/// - `size = 512`, `align = 64`, and `offset = 16` on a field: what they must
///   come to. A struct of which they are not true does not compile.
/// - `schema_id = SCHEMA`, `fingerprint = "<64 hex digits>"`: what generated
///   code says of itself. A struct with another layout does not compile.
///
/// # Limits
///
/// Named fields, no generics, no `#[cfg]` on fields: every program must see
/// the same struct. A crate with `#![forbid(unsafe_code)]` cannot use it.
#[proc_macro_derive(SharedLayout, attributes(shared))]
pub fn shared_layout(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::derive(&input).into()
}

/// Makes a module of everything that a schema names: constants, enums, flags,
/// structs and segments, with their docs.
///
/// ```ignore
/// shm_runtime::include_schema!("schemas/market.yaml");
///
/// let quotes = market::QUOTES.attach()?;
/// ```
///
/// The module is public and named after the schema's `package`. The path is
/// relative to the folder of the package's `Cargo.toml`; a change of the file
/// rebuilds.
#[proc_macro]
pub fn include_schema(input: TokenStream) -> TokenStream {
    let path = parse_macro_input!(input as LitStr);
    include::module(&path)
        .unwrap_or_else(|error| error.into_compile_error())
        .into()
}
