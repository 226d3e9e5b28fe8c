//! Enums that survive values they do not know.

/// Makes an enum whose unknown values survive.
///
/// A Rust `enum` must be one of its variants, but a byte that another process
/// wrote need not be: a newer program may know one more. So this makes a
/// struct around the integer, with a constant for each value. `match` works
/// on the constants and needs a last arm for unknown values.
///
/// # Layout
///
/// That of the integer: `repr(transparent)`.
///
/// # Examples
///
/// ```
/// shm_runtime::open_enum! {
///     /// Who was the aggressor.
///     pub enum Side: u8 {
///         /// Not known.
///         None = 0,
///         /// A buyer.
///         Bid = 1,
///     }
/// }
///
/// assert_eq!(format!("{:?} {:?}", Side::Bid, Side(7)), "Bid Side(7)");
/// assert_eq!(Side(7).name(), None);
/// assert!(Side::default() == Side::None);
/// ```
#[macro_export]
macro_rules! open_enum {
    (
        $(#[$attribute:meta])*
        $visibility:vis enum $name:ident: $repr:ident {
            $($(#[$value_attribute:meta])* $value:ident = $number:expr),+ $(,)?
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(transparent)]
        $visibility struct $name(
            /// The value as it lies in memory.
            $visibility $repr,
        );

        #[allow(non_upper_case_globals)]
        impl $name {
            $($(#[$value_attribute])* $visibility const $value: Self = Self($number);)+

            /// The value's name, or `None` for one that is not known.
            $visibility const fn name(self) -> ::core::option::Option<&'static str> {
                match self {
                    $(Self::$value => ::core::option::Option::Some(
                        $crate::__private::spelled(::core::stringify!($value)),
                    ),)+
                    _ => ::core::option::Option::None,
                }
            }

            /// Whether the value has a name.
            $visibility const fn is_known(self) -> bool {
                self.name().is_some()
            }
        }

        impl ::core::fmt::Debug for $name {
            /// The name, or the number of a value that is not known.
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                match self.name() {
                    ::core::option::Option::Some(name) => f.pad(name),
                    ::core::option::Option::None => {
                        f.debug_tuple(::core::stringify!($name)).field(&self.0).finish()
                    }
                }
            }
        }

        impl ::core::convert::From<$repr> for $name {
            fn from(raw: $repr) -> Self {
                Self(raw)
            }
        }

        impl ::core::convert::From<$name> for $repr {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        $crate::__named_integer! {
            $name: $repr, "enum:", of_enum,
            [$((
                $crate::__private::spelled(::core::stringify!($value)),
                $name::$value.0 as i128,
            ),)+]
        }
    };
}

/// Gives an integer in a struct its text and its place in shared memory.
#[doc(hidden)]
#[macro_export]
macro_rules! __named_integer {
    ($name:ident: $repr:ident, $kind:literal, $text:ident, [$($values:tt)*]) => {
        // No `use`: the type may have any name.
        const _: () = {
            const NAME: &str = $crate::__private::spelled(::core::stringify!($name));
            const REPR: &str = ::core::stringify!($repr);
            const VALUES: &[(&str, i128)] = &[$($values)*];
            const LEN: usize = $crate::__private::$text::<0>(NAME, REPR, VALUES).measure();
            const TEXT: &$crate::__private::Text<LEN> =
                &$crate::__private::$text(NAME, REPR, VALUES);
            const SECTION: &$crate::__private::Section =
                &$crate::__private::Section::of(TEXT.as_str(), &[]);
            const ELEMENT: &$crate::__private::Text<{ $kind.len() + NAME.len() + 65 }> =
                &$crate::__private::named($kind, NAME, &SECTION.fingerprint);

            // What an attribute made of the type, or what its integer really
            // is, no macro sees: so that the type is this integer and no more
            // is asked of rustc.
            const fn __integer(__it: $name) -> $repr {
                let $name(_) = __it;
                __it.0
            }
            const _: () = ::core::assert!(
                ::core::mem::size_of::<$name>() == ::core::mem::size_of::<$repr>()
                    && $crate::__private::is_integer::<$repr>(REPR),
                "it is one of u8, u16, u32, u64, i8, i16, i32, i64",
            );

            // SAFETY: it is an integer and as large, by the assertions above:
            // no padding, no invalid value, no pointer.
            #[allow(unsafe_code)]
            unsafe impl $crate::__private::SharedField for $name {
                const SHAPE: $crate::__private::Shape =
                    $crate::__private::Shape::named(ELEMENT.as_str(), SECTION);
                const PADDED: bool = false;
                const ANY_BYTES: bool = true;

                #[inline(always)]
                unsafe fn normalise(_: *mut u8) {}

                #[inline(always)]
                unsafe fn scrub(_: *mut u8) {}
            }
        };
    };
}

#[cfg(test)]
mod tests {
    use crate::SharedField;

    open_enum! {
        /// A test.
        enum Phase: i16 {
            /// First.
            Low = -32768,
            r#type = 0,
            Open = 2,
        }
    }

    #[test]
    fn the_text_is_the_canonical_one() {
        let section = Phase::SHAPE.section.unwrap();
        assert_eq!(
            section.text,
            "shm-layout/1\nenum Phase i16\nLow=-32768\ntype=0\nOpen=2\n"
        );
        assert_eq!(
            Phase::SHAPE.element,
            format!("enum:Phase:{}", section.fingerprint)
        );
    }

    #[test]
    fn unknown_values_survive() {
        let phase = Phase::from(7);
        assert_eq!(i16::from(phase), 7);
        assert!(!phase.is_known());
        assert_eq!(format!("{phase:?}"), "Phase(7)");
    }

    #[test]
    fn known_values_have_their_name_and_match() {
        assert_eq!(Phase::r#type.name(), Some("type"));
        assert_eq!(format!("[{:>5?}]", Phase::Open), "[ Open]");
        assert!(matches!(Phase(-32768), Phase::Low));
    }
}
