//! `mmap-sync` 2: two files, a version and a count of readers.

#![allow(unsafe_code)]

use std::path::PathBuf;
use std::time::Duration;

use ::mmap_sync::synchronizer::Synchronizer;
use anyhow::Result;

use super::{Across, Peer, Reader, Writer, fresh_name};

pub(crate) struct MmapSync;

/// How long a writer waits for a reader.
const GRACE: Duration = Duration::from_millis(1);

pub(crate) struct Owner {
    synchronizer: Synchronizer,
    prefix: PathBuf,
}

pub(crate) struct Attached(Synchronizer);

fn prefix(name: &str) -> PathBuf {
    PathBuf::from("/dev/shm").join(name)
}

impl Drop for Owner {
    fn drop(&mut self) {
        for end in ["_data_0", "_data_1", "_state"] {
            let mut path = self.prefix.clone().into_os_string();
            path.push(end);
            let _ = std::fs::remove_file(path);
        }
    }
}

impl<const N: usize> Writer<N> for Owner {
    #[inline(always)]
    fn write(&mut self, value: &[u64; N]) {
        self.synchronizer.write(value, GRACE).expect("it writes");
    }
}

impl<const N: usize> Reader<N> for Attached {
    #[inline(always)]
    fn read(&mut self, to: &mut [u64; N]) -> u64 {
        // SAFETY: every byte of an array of words is valid. That the guard
        // goes within `GRACE` is only likely, as in any use of the crate: a
        // record may then be torn, which its words allow.
        let read = unsafe { self.0.read::<[u64; N]>(false) };
        *to = **read.as_ref().expect("it was written");
        0
    }
}

impl<const N: usize> Peer<N> for MmapSync {
    const NAME: &'static str = "mmap-sync";
    type Writer = Owner;
    type Reader = Attached;

    fn open(readers: usize) -> Result<(Self::Writer, Vec<Self::Reader>)> {
        let name = fresh_name();
        let writer = <Self as Across<N>>::create(&name)?;
        let attach = |_| <Self as Across<N>>::attach(&name);
        let readers = (0..readers).map(attach).collect::<Result<_>>()?;
        Ok((writer, readers))
    }
}

impl<const N: usize> Across<N> for MmapSync {
    fn create(name: &str) -> Result<Self::Writer> {
        let prefix = prefix(name);
        let mut writer = Owner {
            synchronizer: Synchronizer::new(prefix.as_os_str()),
            prefix,
        };
        // Before the first write there is nothing to read.
        writer.write(&[0; N]);
        Ok(writer)
    }

    fn attach(name: &str) -> Result<Self::Reader> {
        Ok(Attached(Synchronizer::new(prefix(name).as_os_str())))
    }
}
