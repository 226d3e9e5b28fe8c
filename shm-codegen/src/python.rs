//! The Python target: a module of ctypes structures, enums, flags and
//! segments, and the runtime for who wants it beside the module.

mod code;
mod convert;
mod field;
mod imports;
mod layouts;
mod literal;
mod live;
mod module;
mod names;
mod record;
mod refer;
mod runtime;
mod scope;
mod segment;
mod types;
mod values;

use shm_schema::Layout;

use crate::target::{Options, Output, Refusal};

/// `<package>.py`, and with `standalone` the files of `shm_runtime/`.
///
/// # Errors
///
/// When two names of the schema come to one name in Python.
pub fn generate(layout: &Layout, options: &Options) -> Result<Vec<Output>, Refusal> {
    let mut outputs = vec![Output {
        path: format!("{}.py", layout.package.python()),
        text: module::text(layout)?,
    }];
    if options.standalone {
        outputs.extend(runtime::files());
    }
    Ok(outputs)
}
