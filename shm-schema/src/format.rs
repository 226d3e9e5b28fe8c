//! A schema's text in its canonical form: the same values and comments, laid
//! out the one way.
//!
//! - Two blanks a level, and one between what stands in a line; no tabs, no
//!   blanks at a line's end, one line break at the end of the file.
//! - Keys in the order of the language.
//! - A list or map in brackets stays on one line where it has room, or where
//!   it holds no other map, as a field; otherwise it becomes lines of its own.
//!   What stands in lines stays in lines.
//! - Columns are not aligned: one long name would change every line around it.
//! - Comments stay with what they stand beside or above, quotes as they are,
//!   and of empty lines one.

mod comment;
mod print;
mod scalar;
mod syntax;

use crate::gate;
use crate::layout::Layout;
use crate::tree::{NodeId, Tree, What};

/// The formatter would have changed more than the form: its mistake, not the
/// schema's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsure;

/// The canonical text of the schema that the layout was made from.
///
/// # Errors
///
/// When the result does not read as the same values with the same comments.
/// This is looked at each time, so that a mistake here can cost no schema.
///
/// # Examples
///
/// ```
/// let text = b"{package: p,shm: 1, # one\n structs: [{name: S, fields: [{type: u8 ,name: x}]}]}";
/// let layout = shm_schema::compile("p.yaml", text).unwrap();
/// assert_eq!(
///     shm_schema::format::canonical(&layout).unwrap(),
///     "shm: 1  # one\npackage: p\nstructs: [{ name: S, fields: [{ name: x, type: u8 }] }]\n"
/// );
/// ```
pub fn canonical(layout: &Layout) -> Result<String, Unsure> {
    let text = layout.warnings.text();
    let document = syntax::read(text).ok_or(Unsure)?;
    let formatted = print::document(&document);
    let again = syntax::read(&formatted).ok_or(Unsure)?;
    let trees = (gate::read(text).ok(), gate::read(&formatted).ok());
    match trees {
        (Some(a), Some(b))
            if same(&a, Tree::ROOT, &b, Tree::ROOT) && document.comments() == again.comments() =>
        {
            Ok(formatted)
        }
        _ => Err(Unsure),
    }
}

/// Whether two values are equal but for the order of keys.
fn same(a: &Tree, x: NodeId, b: &Tree, y: NodeId) -> bool {
    match (&a.node(x).what, &b.node(y).what) {
        (
            What::Scalar { text, plain },
            What::Scalar {
                text: other,
                plain: other_plain,
            },
        ) => text == other && plain == other_plain,
        (What::List(xs), What::List(ys)) => {
            xs.len() == ys.len() && xs.iter().zip(ys).all(|(&x, &y)| same(a, x, b, y))
        }
        (What::Map(xs), What::Map(ys)) => {
            let equal = |key: &str, x| b.get(y, key).is_some_and(|y| same(a, x, b, y));
            xs.len() == ys.len() && xs.iter().all(|e| equal(&e.key, e.value))
        }
        _ => false,
    }
}
