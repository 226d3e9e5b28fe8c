//! The elements of a field, whatever its dimensions.

/// One `A`, or an array of them with up to four dimensions.
pub trait Each<A, B> {
    /// The same of `B`.
    type To;

    /// What `f` makes of each, in the order they lie in.
    fn each(self, f: &mut impl FnMut(A) -> B) -> Self::To;
}

impl<A, B> Each<A, B> for A {
    type To = B;

    #[inline(always)]
    fn each(self, f: &mut impl FnMut(A) -> B) -> B {
        f(self)
    }
}

// One impl for any depth would overlap with that of `A`, which may be an
// array too: so one each, down to the `A` that is named.
macro_rules! arrays {
    ($($inner:ty => [$($length:ident)*];)*) => {$(
        impl<A, B, const N: usize, $(const $length: usize),*> Each<A, B> for [$inner; N] {
            type To = [<$inner as Each<A, B>>::To; N];

            #[inline]
            fn each(self, f: &mut impl FnMut(A) -> B) -> Self::To {
                self.map(|inner| inner.each(f))
            }
        }
    )*};
}

arrays! {
    A => [];
    [A; K] => [K];
    [[A; L]; K] => [K L];
    [[[A; M]; L]; K] => [K L M];
}
