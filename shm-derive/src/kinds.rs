//! Fields whose types are spelled alike.
//!
//! rustc looks at each mention of a type anew; fifty fields have four or five
//! types among them.

use std::collections::BTreeMap;

use quote::ToTokens;
use syn::Type;

/// A type, as it is spelled, and what is told of it.
pub(crate) struct Kind<'a, T> {
    pub(crate) ty: &'a Type,
    pub(crate) told: T,
    /// Which of the fields is the first to have it.
    pub(crate) first: usize,
    /// How many have it.
    pub(crate) count: usize,
}

/// The types that are spelled differently, or of which different things are
/// told, in the order of their first fields.
pub(crate) fn of<'a, T: Ord + Copy>(
    fields: impl Iterator<Item = (&'a Type, T)>,
) -> Vec<Kind<'a, T>> {
    let mut places: BTreeMap<(String, T), usize> = BTreeMap::new();
    let mut kinds: Vec<Kind<'a, T>> = Vec::new();
    for (first, (ty, told)) in fields.enumerate() {
        let spelled = ty.to_token_stream().to_string();
        let place = *places.entry((spelled, told)).or_insert(kinds.len());
        match kinds.get_mut(place) {
            Some(kind) => kind.count += 1,
            None => kinds.push(Kind {
                ty,
                told,
                first,
                count: 1,
            }),
        }
    }
    kinds
}
