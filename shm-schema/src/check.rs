//! From a schema as written to a layout that holds, or all that is wrong.

mod amounts;
mod claims;
mod clashes;
mod constants;
mod context;
mod enums;
mod fields;
mod flags;
mod foreign;
mod generated;
mod header;
mod holes;
mod identifier;
mod imports;
mod limits;
mod members;
mod names;
mod order;
mod ranges;
mod segments;
mod structs;
mod types;

use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::keys::Findings;
use crate::layout::Layout;
use crate::loader::Imports;
use crate::model::Schema;
use crate::text;
use crate::tree::Tree;
use context::Context;

#[cfg(feature = "json-schema")]
pub(crate) use {fields::MAX_DIMS, header::LANGUAGE, types::builtins};

/// Checks a schema and computes its layout; the warnings come beside it.
///
/// # Errors
///
/// What `findings` holds and all that is found here.
pub(crate) fn check(
    file: &str,
    path: &str,
    tree: &Tree,
    schema: &Schema,
    imports: Imports,
    findings: Findings,
) -> Result<(Layout, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut cx = Context::new(tree, findings);
    let mut layout = header::begin(&mut cx, file, path, schema);
    imports::merge(&mut cx, &mut layout, schema, &imports);
    layout.constants = constants::resolve(&mut cx, &schema.constants);
    cx.version = header::version(&mut cx, schema);
    cx.version_at = schema.version.as_ref().map(|version| cx.at(version));
    layout.version = cx.version;
    let types = types::Types::new(schema, &layout);
    names::check(&mut cx, &types, schema);
    layout.enums.extend(enums::resolve(&mut cx, &schema.enums));
    layout.flags.extend(flags::resolve(&mut cx, &schema.flags));
    let records = structs::resolve(&mut cx, &types, schema, &mut layout);
    layout.segments = segments::resolve(&mut cx, &types, schema, &layout, &records);
    layout.text = text::of_schema(&layout);
    layout.fingerprint = Fingerprint::of(&layout.text);
    cx.finish(layout)
}
