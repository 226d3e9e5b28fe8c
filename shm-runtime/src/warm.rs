//! A record that is touched from time to time, so that it stays near the
//! processor.

use core::fmt;
use core::time::Duration;
use std::io;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use crate::error::WarmError;
use crate::segment::Segment;
use crate::segment::fork::Home;
use crate::segment::watch::Watch;

/// Touches a record at an interval, for as long as this value lives.
///
/// Made by [`Cell::keep_warm`](crate::Cell::keep_warm) and
/// [`Row::keep_warm`](crate::Row::keep_warm). A thread of its own loads one
/// word of each cache line of the record. It ends with this value, with the
/// segment's handle, and with the program.
///
/// A forked child has no such thread and keeps nothing warm. There
/// [`KeepWarm::is_running`] is false, [`KeepWarm::cost`] counts no touches,
/// and dropping the value does not stop the parent's thread. The child may call
/// `keep_warm` itself.
///
/// # Limits
///
/// The bytes of the record stay in the caches that the processor's cores
/// share. Only the reader can warm the caches of its own core and the entries
/// of its page tables there. [`KeepWarm::cost`] says what it costs.
///
/// A child that is forked in the middle of a touch keeps the segment mapped
/// until it ends, even after its handle has gone.
#[derive(Debug)]
pub struct KeepWarm {
    /// Dropped, it wakes the thread.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
    touches: Arc<Mutex<Touches>>,
    every: Duration,
    began: Instant,
    home: Home,
}

/// What keeping a record warm has cost.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct WarmCost {
    /// How often the record was touched.
    pub touches: u64,
    /// How long the touches took, without the thread's wake-ups, which take
    /// some microseconds each.
    pub touching: Duration,
    /// Time since it began.
    pub elapsed: Duration,
}

#[derive(Debug, Default)]
struct Touches {
    count: u64,
    took: Duration,
}

impl KeepWarm {
    /// Starts to touch a row of `segment`.
    pub(crate) fn start(segment: &Segment, row: u64, every: Duration) -> Result<Self, WarmError> {
        let path = || segment.file().path.clone();
        let Some(watch) = segment.watch(row) else {
            return Err(WarmError::NoSuchRow {
                path: path(),
                row,
                rows: segment.rows(),
            });
        };
        Self::spawn(watch, every).map_err(|source| WarmError::NoThread {
            path: path(),
            source,
        })
    }

    fn spawn(watch: Watch, every: Duration) -> io::Result<Self> {
        let touches = Arc::new(Mutex::new(Touches::default()));
        let (stop, stopped) = mpsc::channel();
        let counted = Arc::clone(&touches);
        let work = move || {
            while stopped.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
                let began = Instant::now();
                if !watch.touch() {
                    return;
                }
                let mut touches = counted.lock().unwrap_or_else(PoisonError::into_inner);
                touches.count += 1;
                touches.took += began.elapsed();
            }
        };
        let home = Home::here()?;
        let thread = thread::Builder::new().name("shm keep_warm".to_owned());
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread.spawn(work)?),
            touches,
            every,
            began: Instant::now(),
            home,
        })
    }

    /// What it has cost so far; if the segment's handle has gone, what it had
    /// cost until then.
    pub fn cost(&self) -> WarmCost {
        let elapsed = self.began.elapsed();
        // A forked child's lock may be one that its parent held.
        if !self.home.is_here() {
            return WarmCost {
                touches: 0,
                touching: Duration::ZERO,
                elapsed,
            };
        }
        let touches = self.touches.lock().unwrap_or_else(PoisonError::into_inner);
        WarmCost {
            touches: touches.count,
            touching: touches.took,
            elapsed,
        }
    }

    /// Whether the thread is still running.
    pub fn is_running(&self) -> bool {
        let thread = self.thread.as_ref();
        self.home.is_here() && thread.is_some_and(|thread| !thread.is_finished())
    }

    /// Time between two touches.
    pub fn every(&self) -> Duration {
        self.every
    }
}

impl Drop for KeepWarm {
    fn drop(&mut self) {
        if !self.home.is_here() {
            // The thread is the parent's. What waits for it here would wait
            // for ever, and the channel may be locked: leave both.
            core::mem::forget((self.stop.take(), self.thread.take()));
            return;
        }
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // It does nothing that could panic.
            let _ = thread.join();
        }
    }
}

impl fmt::Display for WarmCost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            touches,
            touching,
            elapsed,
        } = self;
        write!(
            f,
            "touched {touches} times in {elapsed:.3?}, which took {touching:.3?}"
        )
    }
}
