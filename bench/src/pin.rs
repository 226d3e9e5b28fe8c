//! Keeping a thread on one processor.

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// The processors that this process may use.
pub(crate) fn cores() -> Vec<usize> {
    match sched_getaffinity(None) {
        Ok(set) => (0..CpuSet::MAX_CPU)
            .filter(|&core| set.is_set(core))
            .collect(),
        Err(_) => Vec::new(),
    }
}

/// Pins the calling thread to the `which`-th of `cores`. Where that cannot be
/// done, the thread goes on unpinned: the figures are then less steady, and
/// still figures.
pub(crate) fn to(cores: &[usize], which: usize) {
    if let Some(&core) = cores.get(which % cores.len().max(1)) {
        let mut set = CpuSet::new();
        set.set(core);
        let _ = sched_setaffinity(None, &set);
    }
}
