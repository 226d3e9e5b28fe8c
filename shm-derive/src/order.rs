//! Which field of a struct is which field of the schema.

use shm_record::suggest::similarity;

/// Fields by index: of the Rust struct, of the schema's.
pub(crate) struct Pairing {
    /// In the Rust struct's order; renamed fields included.
    pub(crate) pairs: Vec<(usize, usize)>,
    /// Pairs whose names differ.
    pub(crate) renamed: Vec<(usize, usize)>,
    /// Pairs that keep the others from being in the schema's order.
    pub(crate) moved: Vec<(usize, usize)>,
    /// Fields of the Rust struct that the schema has not.
    pub(crate) extra: Vec<usize>,
    /// Fields of the schema that the Rust struct has not.
    pub(crate) missing: Vec<usize>,
}

impl Pairing {
    /// By name; then by place or likeness, which makes a renaming of what
    /// would be one field too many and one too few.
    pub(crate) fn of(rust: &[&str], schema: &[&str]) -> Self {
        let mut partner: Vec<Option<usize>> = rust
            .iter()
            .map(|name| schema.iter().position(|other| other == name))
            .collect();
        let mut missing: Vec<usize> = (0..schema.len())
            .filter(|&s| !partner.contains(&Some(s)))
            .collect();

        let mut renamed = Vec::new();
        for r in 0..rust.len() {
            if partner[r].is_some() {
                continue;
            }
            let other = missing
                .iter()
                .copied()
                .find(|&s| same_place(&partner, r, s, schema.len()))
                .or_else(|| most_alike(rust[r], schema, &missing));
            if let Some(s) = other {
                partner[r] = Some(s);
                missing.retain(|&m| m != s);
                renamed.push((r, s));
            }
        }

        let pairs: Vec<(usize, usize)> = partner
            .iter()
            .enumerate()
            .filter_map(|(r, s)| s.map(|s| (r, s)))
            .collect();
        Self {
            moved: out_of_order(&pairs),
            extra: (0..rust.len()).filter(|&r| partner[r].is_none()).collect(),
            pairs,
            renamed,
            missing,
        }
    }
}

/// Whether the neighbours of two fields are each other's partners.
fn same_place(partner: &[Option<usize>], r: usize, s: usize, schema_len: usize) -> bool {
    let before = match r.checked_sub(1) {
        Some(r) => partner[r].is_some() && partner[r] == s.checked_sub(1),
        None => s == 0,
    };
    let after = match partner.get(r + 1) {
        Some(next) => *next == Some(s + 1),
        None => s + 1 == schema_len,
    };
    before && after
}

fn most_alike(name: &str, schema: &[&str], missing: &[usize]) -> Option<usize> {
    missing
        .iter()
        .map(|&s| (similarity(name, schema[s]), s))
        .filter(|(similarity, _)| *similarity >= 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, s)| s)
}

/// The fewest pairs without which the others are in the schema's order: all
/// but a longest run that rises.
fn out_of_order(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // best[i]: length of the longest rising run that ends at pair i, and the
    // pair before it in that run.
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(pairs.len());
    for (i, (_, s)) in pairs.iter().enumerate() {
        let before = (0..i)
            .filter(|&j| pairs[j].1 < *s)
            .max_by_key(|&j| best[j].0);
        best.push((before.map_or(1, |j| best[j].0 + 1), before));
    }
    let mut kept = vec![false; pairs.len()];
    let mut at = (0..pairs.len()).max_by_key(|&i| best[i].0);
    while let Some(i) = at {
        kept[i] = true;
        at = best[i].1;
    }
    pairs
        .iter()
        .zip(kept)
        .filter_map(|(pair, kept)| (!kept).then_some(*pair))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::Pairing;

    #[test]
    fn equal_fields_pair_and_leave_nothing() {
        let pairing = Pairing::of(&["a", "b"], &["a", "b"]);
        assert_eq!(pairing.pairs, [(0, 0), (1, 1)]);
        assert!(pairing.moved.is_empty() && pairing.renamed.is_empty());
    }

    #[test]
    fn a_field_in_the_place_of_another_is_renamed() {
        let pairing = Pairing::of(&["px", "size", "orders"], &["px", "qty", "orders"]);
        assert_eq!(pairing.renamed, [(1, 1)]);
        assert!(pairing.extra.is_empty() && pairing.missing.is_empty());
    }

    #[test]
    fn a_field_of_a_similar_name_is_renamed() {
        let pairing = Pairing::of(&["px", "order", "qty"], &["px", "qty", "orders"]);
        assert_eq!(pairing.renamed, [(1, 2)]);
        assert_eq!(pairing.moved.len(), 1);
    }

    #[test]
    fn one_field_moved_is_one_field_out_of_order() {
        let pairing = Pairing::of(&["d", "a", "b", "c"], &["a", "b", "c", "d"]);
        assert_eq!(pairing.moved, [(0, 3)]);
    }

    #[test]
    fn extra_and_missing_fields_are_told_apart() {
        let pairing = Pairing::of(&["a", "b", "zebra"], &["a", "quantity", "x", "b"]);
        assert_eq!(pairing.extra, [2]);
        assert_eq!(pairing.missing, [1, 2]);
    }
}
