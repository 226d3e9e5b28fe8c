//! Records of 16 bytes to 4 KiB: the same words for every peer.

use bytemuck::{Pod, Zeroable};
use shm_runtime::{Field, SharedLayout};

/// A record of `N` words, as the runtime wants it.
pub(crate) trait Block<const N: usize>: SharedLayout + Pod {
    /// A field to get by itself.
    const FIELD: Field<Self, u64>;
}

/// Says which record has `N` words.
pub(crate) struct Words<const N: usize>;

/// There is a record of `N` words.
pub(crate) trait Sized<const N: usize> {
    /// The record.
    type Block: Block<N>;
}

macro_rules! block {
    ($($name:ident of $words:literal;)*) => {$(
        /// A record.
        #[derive(SharedLayout, Clone, Copy, Zeroable, Pod)]
        #[repr(C)]
        pub(crate) struct $name {
            first: u64,
            rest: [u64; $words - 1],
        }

        impl Block<$words> for $name {
            const FIELD: Field<Self, u64> = Self::FIRST;
        }

        impl Sized<$words> for Words<$words> {
            type Block = $name;
        }
    )*};
}

block! {
    Bytes16 of 2;
    Bytes64 of 8;
    Bytes256 of 32;
    Bytes1024 of 128;
    Bytes4096 of 512;
}

/// Calls a generic function once for each size.
macro_rules! each_size {
    (|$words:ident| $body:expr) => {{
        {
            const $words: usize = 2;
            $body
        }
        {
            const $words: usize = 8;
            $body
        }
        {
            const $words: usize = 32;
            $body
        }
        {
            const $words: usize = 128;
            $body
        }
        {
            const $words: usize = 512;
            $body
        }
    }};
}
pub(crate) use each_size;
