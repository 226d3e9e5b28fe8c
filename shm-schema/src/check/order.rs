//! Structs in the order in which they can be placed.

/// Which structs a struct holds: the struct, and which of its fields holds it.
pub(super) type Holds = Vec<(usize, usize)>;

/// Structs that hold each other in a circle.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Circle {
    /// Each holds the next, and the last the first.
    pub(super) structs: Vec<usize>,
    /// The field of the last that closes the circle.
    pub(super) field: usize,
}

/// Most circles that are told: each may be as long as the schema.
const MAX_CIRCLES: usize = 20;

/// Every struct after those it holds, otherwise in declared order; and the
/// circles, which no order can serve.
pub(super) fn order(holds: &[Holds]) -> (Vec<usize>, Vec<Circle>) {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    let mut marks = vec![Mark::New; holds.len()];
    let mut order = Vec::with_capacity(holds.len());
    let mut circles = Vec::new();
    for start in 0..holds.len() {
        if marks[start] != Mark::New {
            continue;
        }
        // A stack of our own: a schema may chain thousands of structs.
        marks[start] = Mark::Open;
        let mut path = vec![(start, 0)];
        while let Some((at, next)) = path.last_mut() {
            let at = *at;
            let Some(&(held, field)) = holds[at].get(*next) else {
                marks[at] = Mark::Done;
                order.push(at);
                path.pop();
                continue;
            };
            *next += 1;
            match marks[held] {
                Mark::Done => {}
                Mark::New => {
                    marks[held] = Mark::Open;
                    path.push((held, 0));
                }
                Mark::Open if circles.len() == MAX_CIRCLES => {}
                Mark::Open => {
                    let from = path.iter().position(|&(s, _)| s == held).unwrap_or(0);
                    let structs = path[from..].iter().map(|&(s, _)| s).collect();
                    circles.push(Circle { structs, field });
                }
            }
        }
    }
    (order, circles)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(lists: &[&[usize]]) -> Vec<Holds> {
        let fields = |list: &&[usize]| list.iter().enumerate().map(|(f, &s)| (s, f)).collect();
        lists.iter().map(fields).collect()
    }

    #[test]
    fn what_is_held_comes_first() {
        let (order, circles) = order(&holds(&[&[2], &[], &[1]]));
        assert_eq!(order, [1, 2, 0]);
        assert_eq!(circles, []);
    }

    #[test]
    fn a_circle_is_found_once_and_the_rest_ordered() {
        let (order, circles) = order(&holds(&[&[1], &[2], &[3, 1], &[]]));
        assert_eq!(order, [3, 2, 1, 0]);
        let circle = Circle {
            structs: vec![1, 2],
            field: 1,
        };
        assert_eq!(circles, [circle]);
    }

    #[test]
    fn a_chain_of_100_000_does_not_overflow_the_stack() {
        let chain: Vec<Holds> = (0..100_000)
            .map(|i| if i < 99_999 { vec![(i + 1, 0)] } else { vec![] })
            .collect();
        assert_eq!(order(&chain).0.len(), 100_000);
    }
}
