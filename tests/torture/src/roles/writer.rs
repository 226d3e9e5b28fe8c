//! Writers that never pause.

use super::say;
use crate::record::Numbered;
use anyhow::Result;
use shm_runtime::{Cell, Place};

/// Says its pid and the version it found; writes until it is killed.
pub(super) fn write_on<T: Numbered>(place: Place) -> Result<()> {
    let mut writer = Cell::<T>::options(place).exist_ok(true).create()?;
    let mut version = writer.version();
    say(&format!("{} {version}", std::process::id()))?;
    loop {
        version = writer.write(&T::of(version + 1))?;
    }
}

/// Creates and unlinks until it is killed.
pub(super) fn create_on<T: Numbered>(place: Place) -> Result<()> {
    say(&format!("{} 0", std::process::id()))?;
    loop {
        Cell::<T>::create(place.clone())?.unlink()?;
    }
}
