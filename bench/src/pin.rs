//! Keeping a thread on one processor.

use std::sync::OnceLock;

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// The processors that this process may use.
///
/// Found once, before a thread is pinned: a pinned one would see but its own,
/// and writer and reader would take turns on it.
pub(crate) fn cores() -> Vec<usize> {
    static CORES: OnceLock<Vec<usize>> = OnceLock::new();
    let found = || match sched_getaffinity(None) {
        Ok(set) => (0..CpuSet::MAX_CPU)
            .filter(|&core| set.is_set(core))
            .collect(),
        Err(_) => Vec::new(),
    };
    CORES.get_or_init(found).clone()
}

/// Pins the calling thread to the `which`-th of `cores`. Where that cannot be
/// done, the thread goes on unpinned: the figures are then less steady, and
/// still figures.
pub(crate) fn to(cores: &[usize], which: usize) {
    if let Some(&core) = cores.get(which % cores.len().max(1)) {
        set(&[core]);
    }
}

/// Lets the calling thread go where it likes again, and so the threads and
/// processes that it starts from now on.
pub(crate) fn free() {
    set(&cores());
}

fn set(cores: &[usize]) {
    let mut set = CpuSet::new();
    for &core in cores {
        set.set(core);
    }
    let _ = sched_setaffinity(None, &set);
}
