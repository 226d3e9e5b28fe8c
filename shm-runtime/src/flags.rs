//! Sets of bits that survive bits they do not know.

use core::fmt;

use bitflags::{Bits, Flags};

use crate::text::spelled;

/// Makes a set of named bits whose unknown bits survive.
///
/// It has the methods of [`bitflags`](https://docs.rs/bitflags/2): `contains`,
/// `insert`, `remove`, `iter` and the operators. All of them keep bits without
/// a name, because a newer program may know what those mean. That includes
/// `!`: `flags & !Flags::Stale` clears one bit and no more. For the same reason
/// `all()` is every bit of the integer; `Flags::all().iter_names()` gives
/// those with a name.
///
/// # Layout
///
/// That of the integer: `repr(transparent)`.
///
/// # Examples
///
/// ```
/// shm_runtime::shared_flags! {
///     /// What to know before using a quote.
///     pub struct QuoteFlags: u16 {
///         /// The prices can be traded.
///         const Firm = 1 << 0;
///         const Stale = 1 << 15;
///     }
/// }
///
/// let flags = QuoteFlags::Firm | QuoteFlags(0x10);
/// assert_eq!(format!("{flags:?}"), "QuoteFlags(Firm | 0x10)");
/// assert_eq!(flags & !QuoteFlags::Firm, QuoteFlags(0x10));
/// ```
#[macro_export]
macro_rules! shared_flags {
    (
        $(#[$attribute:meta])*
        $visibility:vis struct $name:ident: $repr:ident {
            $($(#[$($bit_attribute:tt)*])* const $bit:ident = $mask:expr;)+
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(transparent)]
        $visibility struct $name(
            /// The bits as they lie in memory.
            $visibility $repr,
        );

        $crate::__private::bitflags::bitflags! {
            #[allow(non_upper_case_globals)]
            impl $name: $repr {
                $($(#[$($bit_attribute)*])* const $bit = $mask;)+
                // All other bits too: `!` keeps only the bits that are known.
                const _ = !0;
            }
        }

        impl ::core::fmt::Debug for $name {
            /// The names of the bits that are set, then the others in hex.
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(::core::stringify!($name))?;
                f.write_str("(")?;
                $crate::__private::write_bits(self, f)?;
                f.write_str(")")
            }
        }

        impl ::core::convert::From<$repr> for $name {
            fn from(raw: $repr) -> Self {
                Self(raw)
            }
        }

        impl ::core::convert::From<$name> for $repr {
            fn from(flags: $name) -> Self {
                flags.0
            }
        }

        $crate::__named_integer! {
            $name: $repr, "flags:", of_flags,
            [$((
                $crate::__private::spelled(::core::stringify!($bit)),
                $name::$bit.0.trailing_zeros() as i128,
            ),)+]
        }

        $(const _: () = ::core::assert!(
            $name::$bit.0.is_power_of_two(),
            "a flag is a single bit, such as `1 << 3`",
        );)+
    };
}

/// `Firm | Stale | 0x10`: the names as the schema spells them.
pub fn write_bits<F: Flags>(flags: &F, f: &mut fmt::Formatter<'_>) -> fmt::Result
where
    F::Bits: fmt::LowerHex,
{
    let mut between = "";
    let mut names = flags.iter_names();
    for (name, _) in names.by_ref() {
        write!(f, "{between}{}", spelled(name))?;
        between = " | ";
    }
    let rest = names.remaining().bits();
    match rest == F::Bits::EMPTY {
        true => Ok(()),
        false => write!(f, "{between}{rest:#x}"),
    }
}

#[cfg(test)]
mod tests {
    use crate::SharedField;

    shared_flags! {
        /// A test.
        struct Mask: u64 {
            /// First.
            const First = 1 << 0;
            const r#type = 1 << 7;
            const Last = 1 << 63;
        }
    }

    #[test]
    fn the_text_is_the_canonical_one() {
        let section = Mask::SHAPE.section.unwrap();
        assert_eq!(
            section.text,
            "shm-layout/1\nflags Mask u64\nFirst=0\ntype=7\nLast=63\n"
        );
        assert_eq!(
            Mask::SHAPE.element,
            format!("flags:Mask:{}", section.fingerprint)
        );
    }

    #[test]
    fn unknown_bits_survive_every_operator() {
        let mut mask = Mask::from(0b110) | Mask::First;
        assert_eq!(u64::from(mask), 0b111);
        mask.remove(Mask::First);
        assert_eq!(mask & !Mask::Last, Mask(0b110));
        mask.insert(Mask::Last);
        assert_eq!(mask.bits(), 0b110 | 1 << 63);
        assert_eq!(Mask::all().bits(), u64::MAX);
        assert_eq!(Mask::all().difference(mask), !mask);
        assert_eq!(Mask::all().iter_names().count(), 3);
    }

    #[test]
    fn names_then_the_rest_in_hex() {
        assert_eq!(
            format!("{:?}", Mask::First | Mask::Last | Mask(6)),
            "Mask(First | Last | 0x6)"
        );
        assert_eq!(format!("{:?}", Mask::r#type), "Mask(type)");
        assert_eq!(format!("{:?}", Mask(1 << 62)), "Mask(0x4000000000000000)");
        assert_eq!(format!("{:?}", Mask::default()), "Mask()");
    }
}
