//! crossbeam's `AtomicCell`, a sequence lock from 16 bytes up.

use std::sync::Arc;

use anyhow::Result;

use super::{Peer, Reader, Writer};

pub(crate) struct AtomicCell;

/// A cell that two threads have.
#[derive(Clone)]
pub(crate) struct Shared<const N: usize>(Arc<crossbeam_utils::atomic::AtomicCell<[u64; N]>>);

impl<const N: usize> Writer<N> for Shared<N> {
    #[inline(always)]
    fn write(&mut self, value: &[u64; N]) {
        self.0.store(*value);
    }
}

impl<const N: usize> Reader<N> for Shared<N> {
    #[inline(always)]
    fn read(&mut self, to: &mut [u64; N]) -> u64 {
        *to = self.0.load();
        0
    }
}

impl<const N: usize> Peer<N> for AtomicCell {
    const NAME: &'static str = "crossbeam AtomicCell";
    type Writer = Shared<N>;
    type Reader = Shared<N>;

    fn open(readers: usize) -> Result<(Self::Writer, Vec<Self::Reader>)> {
        let shared = Shared(Arc::new(crossbeam_utils::atomic::AtomicCell::new([0; N])));
        Ok((shared.clone(), vec![shared; readers]))
    }
}
