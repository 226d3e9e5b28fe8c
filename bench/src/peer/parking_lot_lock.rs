//! parking_lot's `RwLock`.

use std::sync::Arc;

use anyhow::Result;

use super::{Peer, Reader, Writer};

pub(crate) struct RwLock;

/// A lock that two threads have.
#[derive(Clone)]
pub(crate) struct Shared<const N: usize>(Arc<parking_lot::RwLock<[u64; N]>>);

impl<const N: usize> Writer<N> for Shared<N> {
    #[inline(always)]
    fn write(&mut self, value: &[u64; N]) {
        *self.0.write() = *value;
    }
}

impl<const N: usize> Reader<N> for Shared<N> {
    #[inline(always)]
    fn read(&mut self, to: &mut [u64; N]) -> u64 {
        *to = *self.0.read();
        0
    }
}

impl<const N: usize> Peer<N> for RwLock {
    const NAME: &'static str = "parking_lot RwLock";
    type Writer = Shared<N>;
    type Reader = Shared<N>;

    fn open(readers: usize) -> Result<(Self::Writer, Vec<Self::Reader>)> {
        let shared = Shared(Arc::new(parking_lot::RwLock::new([0; N])));
        Ok((shared.clone(), vec![shared; readers]))
    }
}
