//! The Cython target: declarations of the C header's names, and readers of
//! whole records.

mod module;
mod scope;

use askama::Template;
use shm_schema::Layout;

use crate::stamp;
use crate::target::{Options, Output, Refusal};
use crate::{c, cython::module::Module};

/// What every schema's declarations use. The header of segments is generated
/// and has its mark.
const SHIPPED: &[(&str, &str)] = &[
    (
        "segment_header.h",
        include_str!("../cython/segment_header.h"),
    ),
    ("shm_read.h", include_str!("../cython/shm_read.h")),
    ("shm_read.pxd", include_str!("../cython/shm_read.pxd")),
];

/// `<package>.pxd`, the header it declares, and `shm_read`, by which records
/// are read.
///
/// # Errors
///
/// When two names of the schema come to one name in C or Cython, or a file
/// would stand in for one of the language's own.
pub fn generate(layout: &Layout, options: &Options) -> Result<Vec<Output>, Refusal> {
    let module = Module::new(layout)?;
    let mut outputs = vec![Output {
        path: module::file_name(&layout.package),
        text: module.render()? + "\n",
    }];
    outputs.extend(c::generate(layout, options)?);
    for (name, text) in SHIPPED {
        // The header of segments itself may be the schema.
        if outputs.iter().all(|output| output.path != *name) {
            outputs.push(shipped(name, text));
        }
    }
    Ok(outputs)
}

fn shipped(name: &str, text: &str) -> Output {
    let mark = stamp::shipped_line();
    let text = match name {
        "shm_read.h" => format!("/* {mark} */\n{text}"),
        "shm_read.pxd" => format!("# {mark}\n{text}"),
        _ => text.to_owned(),
    };
    let path = name.to_owned();
    Output { path, text }
}
