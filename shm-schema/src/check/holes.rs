//! A lint: structs that waste room on padding which another order would save.

use super::context::Context;
use crate::code::Code;
use crate::law::{self, Placed, Want};
use crate::model::{At, Struct};
use crate::suggest::listed;

/// Most holes that are pointed at.
const MAX_SHOWN: usize = 3;

/// Most fields whose best order is written out.
const MAX_LISTED: usize = 30;

/// Warns when over a quarter of a struct is padding that the law makes and
/// another order of the fields saves. What `align`, `size` and `reserved` add
/// is meant, as is a struct with `pack` or an `offset`, which is somebody
/// else's; and what no order saves is nobody's slip.
pub(super) fn lint(
    cx: &mut Context<'_>,
    s: &At<Struct>,
    wants: &[Want],
    placed: &Placed,
    size: u64,
) {
    if s.pack.is_some() || s.fields.iter().any(|f| f.offset.is_some()) {
        return;
    }
    let used: u64 = wants.iter().map(|want| want.size).sum();
    let Some(needed) = law::align_up(placed.end, placed.align) else {
        return;
    };
    let padding = needed - used;
    if padding * 4 <= size {
        return;
    }
    let order = strictest_first(wants);
    let sorted: Vec<Want> = order.iter().map(|&i| wants[i]).collect();
    let best = law::place(&sorted, None).ok();
    let best = best.and_then(|best| law::align_up(best.end, best.align));
    let Some(best) = best.filter(|&best| best < needed) else {
        return;
    };
    let message = format!(
        "{padding} of the {size} bytes of struct `{}` are padding",
        s.name.value
    );
    let mut d = cx.error(Code::Hole, &s.name, message);
    for (hole, i) in largest_holes(wants, placed) {
        let text = match hole {
            1 => "1 byte of padding before this".to_owned(),
            _ => format!("{hole} bytes of padding before this"),
        };
        d = d.other(cx.at(&s.fields[i].name), text);
    }
    let names = order.iter().map(|&i| s.fields[i].name.as_str());
    let d = d
        .help(match order.len() {
            ..=MAX_LISTED => format!("in the order {} it needs {best} bytes", listed(names)),
            _ => format!("with the fields of the widest alignment first it needs {best} bytes"),
        })
        .help("if other programs have the bytes so, write the padding out as `reserved`");
    cx.warn(d);
}

/// The members, those of the strictest alignment first: every member's size
/// is a multiple of its alignment, so this order has no hole but at the end.
fn strictest_first(wants: &[Want]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..wants.len()).collect();
    order.sort_by_key(|&i| std::cmp::Reverse(wants[i].align));
    order
}

/// Size of a hole and the member after it, in the order of the members.
fn largest_holes(wants: &[Want], placed: &Placed) -> Vec<(u64, usize)> {
    let ends = wants.iter().zip(&placed.offsets).map(|(w, at)| at + w.size);
    let mut holes: Vec<(u64, usize)> = placed
        .offsets
        .iter()
        .skip(1)
        .zip(ends)
        .map(|(offset, end)| offset - end)
        .zip(1..)
        .filter(|(hole, _)| *hole > 0)
        .collect();
    holes.sort_by_key(|(hole, i)| (std::cmp::Reverse(*hole), *i));
    holes.truncate(MAX_SHOWN);
    holes.sort_by_key(|(_, i)| *i);
    holes
}
