//! `left-right`: two records and a log of what was done to them.

use ::left_right::{Absorb, ReadHandle, WriteHandle};
use anyhow::Result;

use super::{Peer, Reader, Writer};

pub(crate) struct LeftRight;

/// The record; the orphan rule wants a type of our own.
#[derive(Clone)]
pub(crate) struct Side<const N: usize>([u64; N]);

/// Put this record in its place.
pub(crate) struct Set<const N: usize>([u64; N]);

impl<const N: usize> Absorb<Set<N>> for Side<N> {
    fn absorb_first(&mut self, operation: &mut Set<N>, _: &Self) {
        self.0 = operation.0;
    }

    fn sync_with(&mut self, first: &Self) {
        self.0 = first.0;
    }
}

impl<const N: usize> Writer<N> for WriteHandle<Side<N>, Set<N>> {
    #[inline(always)]
    fn write(&mut self, value: &[u64; N]) {
        self.append(Set(*value));
        self.publish();
    }
}

impl<const N: usize> Reader<N> for ReadHandle<Side<N>> {
    #[inline(always)]
    fn read(&mut self, to: &mut [u64; N]) -> u64 {
        *to = self.enter().expect("the writer lives").0;
        0
    }
}

impl<const N: usize> Peer<N> for LeftRight {
    const NAME: &'static str = "left-right";
    type Writer = WriteHandle<Side<N>, Set<N>>;
    type Reader = ReadHandle<Side<N>>;

    fn open(readers: usize) -> Result<(Self::Writer, Vec<Self::Reader>)> {
        let (writer, reader) = ::left_right::new_from_empty(Side([0; N]));
        Ok((writer, vec![reader; readers]))
    }
}
