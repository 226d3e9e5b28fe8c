//! `#[derive(SharedLayout)]` and `include_schema!`, which `shm-runtime`
//! re-exports.
//!
//! The derive is a pipeline, one file a step: `shm_record` reads the struct and
//! refuses what cannot be shared, `compare` holds the rest against the schema,
//! which `schema` reads from its `place`, `predict` says what rustc will most
//! likely make of it, and `expand` writes the impls and, in `assert`, what only
//! rustc can check. When a step fails, `fallback` writes
//! impls that keep the rest of the program quiet, so that only the real errors
//! show.

mod assert;
mod compare;
mod expand;
mod fallback;
mod include;
mod kinds;
mod order;
mod place;
mod predict;
mod schema;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

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
/// - `root = "schemas"`: the folder that holds the schema and all that it
///   imports, when that is not the folder the schema stands in.
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
///
/// # Fields
///
/// A struct's fields are what is stored. Where that is not what people read, a
/// method of the field's name gives the value, and `set_` and the name sets it:
///
/// ```ignore
/// quote.px                     // `type: i64, scale: 1e-8`: 125000000
/// quote.px()                   // 1.25
/// quote.set_px(1.25)?;         // the nearest step; an error when it does not fit
/// quote.venue()                // `sentinel: 65535`: `None` for that value
/// quote.set_venue(None)?;      // an error when a value would read as none
/// quote.set_lot_size(100)?;    // `range: [1, 1000]`: an error outside
/// quote.out_of_range()         // what another program wrote outside its range
/// row.get(Quote::PX).map(|px| Quote::PX_SCALE.of(px))
/// ```
///
/// `Quote::PX_SCALE`, `Quote::VENUE_NONE` and `Quote::LOT_SIZE_RANGE` are the
/// facts as constants. A range is of the values people read, a sentinel of
/// what is stored.
///
/// Of a field with `dims` the methods take and give all elements, in an array
/// of the same shape; nothing is set when one is refused. A single element
/// goes by the constants: `Quote::PX_SCALE.of(quote.px[2])`.
///
/// # Imports
///
/// Each schema that is imported becomes a module too, beside the one that
/// imports it. Name all schemas in one call, and those that import one file
/// share its types:
///
/// ```ignore
/// // Makes `arm`, `base`, and one `common` that both import.
/// shm_runtime::include_schema!("schemas/arm.yaml", "schemas/base.yaml");
///
/// base.pose = arm.pose; // both are a `common::Pose`
/// ```
///
/// Two calls make two modules: side by side they do not compile, in different
/// modules their types are alike and yet not the same. When the types are here
/// already, from another call or another crate, say so:
///
/// ```ignore
/// use drivers::common;
/// shm_runtime::include_schema!("schemas/arm.yaml", without = "common");
/// ```
///
/// - `root = "schemas"`: the folder that holds the schemas and all that they
///   import, when that is not the folder each stands in.
/// - `without = "common"`, or `without = ["common", "units"]`: packages that
///   get no module, as there is one of that name here.
#[proc_macro]
pub fn include_schema(input: TokenStream) -> TokenStream {
    let request = parse_macro_input!(input as include::Request);
    include::modules(&request)
        .unwrap_or_else(|error| error.into_compile_error())
        .into()
}
