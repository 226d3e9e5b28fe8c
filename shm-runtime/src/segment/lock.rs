//! `fcntl(F_OFD_SETLK)` — the writer lock.
//!
//! One writer at a time is the kernel's promise, not a pid's: the lock ends
//! with the open file it was taken through, however its process dies.
//!
//! Three locks were to choose from:
//!
//! - classic `fcntl` record locks vanish when the process closes *any*
//!   descriptor of the file, so a reader in the writer's process would free
//!   them;
//! - `flock` can be asked only by taking it: `writer_alive` in a reader would
//!   make another process's create fail now and then;
//! - open-file-description locks have neither fault: `F_OFD_GETLK` asks and
//!   takes nothing, and works on a descriptor that may only read.
//!
//! # Limits
//!
//! The lock belongs to the open file, which a forked child shares: it is free
//! only when the child has closed it too, or called `exec` (the descriptor is
//! close-on-exec). Anyone who may read the file can keep writers out with a
//! read lock of their own; nobody can take a lock that is held.
//!
//! # References
//!
//! fcntl(2), *Open file description locks*; Linux 3.15 and later.

#![allow(unsafe_code)]

use std::io;
use std::os::fd::{AsFd, AsRawFd};

/// Takes the lock; false when another open file has it.
pub(crate) fn take(file: impl AsFd) -> io::Result<bool> {
    match call(file, libc::F_OFD_SETLK, libc::F_WRLCK) {
        Ok(_) => Ok(true),
        Err(error) => match error.raw_os_error() {
            Some(libc::EAGAIN | libc::EACCES) => Ok(false),
            _ => Err(error),
        },
    }
}

/// Gives the lock back, for every descriptor of this open file.
pub(crate) fn free(file: impl AsFd) -> io::Result<()> {
    call(file, libc::F_OFD_SETLK, libc::F_UNLCK).map(drop)
}

/// Whether another open file has the lock.
pub(crate) fn is_taken(file: impl AsFd) -> io::Result<bool> {
    let found = call(file, libc::F_OFD_GETLK, libc::F_WRLCK)?;
    Ok(i32::from(found.l_type) != libc::F_UNLCK)
}

fn call(file: impl AsFd, command: i32, kind: i32) -> io::Result<libc::flock> {
    let mut lock = libc::flock {
        l_type: kind as libc::c_short,
        l_whence: libc::SEEK_SET as libc::c_short,
        l_start: 0,
        l_len: 0, // to the end, wherever that is
        l_pid: 0, // must be 0 for these commands
    };
    // SAFETY: the three commands that come here read and write one `flock`,
    // which `lock` is and which outlives the call; the descriptor is open
    // for as long as `file` is borrowed.
    let result = unsafe { libc::fcntl(file.as_fd().as_raw_fd(), command, &raw mut lock) };
    match result {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(lock),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;

    #[test]
    fn another_open_file_can_ask_without_taking() -> io::Result<()> {
        let scratch = tempfile::NamedTempFile::new()?;
        let reader = File::open(scratch.path())?;
        let other = File::options().write(true).open(scratch.path())?;

        assert!(!is_taken(&reader)?);
        assert!(take(scratch.as_file())?);
        assert!(is_taken(&reader)?);
        assert!(!take(&other)?);

        // Closing another descriptor of the same file frees nothing.
        drop(File::open(scratch.path())?);
        assert!(is_taken(&reader)?);

        free(scratch.as_file())?;
        assert!(!is_taken(&reader)?);
        assert!(take(&other)?);
        drop(other);
        assert!(!is_taken(&reader)?);
        Ok(())
    }
}
