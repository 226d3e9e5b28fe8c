//! Those that share a record, each behind the same two traits.

mod arc_swap;
mod atomic_cell;
#[cfg(feature = "iceoryx2")]
mod iceoryx2;
mod left_right;
mod mmap_sync;
pub(crate) mod ours;
mod parking_lot_lock;
mod seqlock;
mod std_lock;

use anyhow::Result;

use crate::block::{Sized, Words};

/// Publishes records.
pub(crate) trait Writer<const N: usize>: Send {
    fn write(&mut self, value: &[u64; N]);
}

/// Copies the current record out.
pub(crate) trait Reader<const N: usize>: Send {
    /// Returns how many tries were thrown away, where that is told.
    fn read(&mut self, to: &mut [u64; N]) -> u64;
}

/// One way to share a record.
pub(crate) trait Peer<const N: usize> {
    const NAME: &'static str;
    type Writer: Writer<N> + 'static;
    type Reader: Reader<N> + 'static;

    /// A record of zeros, its writer, and so many readers.
    fn open(readers: usize) -> Result<(Self::Writer, Vec<Self::Reader>)>;
}

/// One way to share a record between processes.
pub(crate) trait Across<const N: usize>: Peer<N> {
    /// Creates the record `name`.
    fn create(name: &str) -> Result<Self::Writer>;
    /// Attaches to it.
    fn attach(name: &str) -> Result<Self::Reader>;
}

/// Something that is done with every peer.
pub(crate) trait Visit<const N: usize> {
    fn peer<P: Peer<N>>(&mut self) -> Result<()>;
}

/// Something that is done with every peer that two processes can share.
pub(crate) trait VisitAcross<const N: usize> {
    fn peer<P: Across<N>>(&mut self) -> Result<()>;
}

/// Visits every peer, ours first.
pub(crate) fn each<const N: usize>(visit: &mut impl Visit<N>) -> Result<()>
where
    Words<N>: Sized<N>,
{
    visit.peer::<ours::Ours<2>>()?;
    visit.peer::<ours::Ours<4>>()?;
    visit.peer::<seqlock::SeqLock>()?;
    visit.peer::<atomic_cell::AtomicCell>()?;
    visit.peer::<parking_lot_lock::RwLock>()?;
    visit.peer::<std_lock::RwLock>()?;
    visit.peer::<arc_swap::ArcSwap>()?;
    visit.peer::<left_right::LeftRight>()?;
    visit.peer::<mmap_sync::MmapSync>()?;
    #[cfg(feature = "iceoryx2")]
    visit.peer::<iceoryx2::Blackboard>()?;
    Ok(())
}

/// Visits every peer that two processes can share, ours first.
pub(crate) fn each_across<const N: usize>(visit: &mut impl VisitAcross<N>) -> Result<()>
where
    Words<N>: Sized<N>,
{
    visit.peer::<ours::Ours<2>>()?;
    visit.peer::<ours::Ours<4>>()?;
    visit.peer::<mmap_sync::MmapSync>()?;
    #[cfg(feature = "iceoryx2")]
    visit.peer::<iceoryx2::Blackboard>()?;
    Ok(())
}

/// A name that no other run uses.
pub(crate) fn fresh_name() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("bench-{}-{number}", std::process::id())
}
