//! Places as one word, whatever bytes they are made of.

use anyhow::{Context, Result, bail};
use shm_runtime::Place;
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// `name:HEX` or `path:HEX`.
#[derive(Clone)]
pub(crate) struct Spelled(String);

impl Spelled {
    pub(crate) fn path(path: &Path) -> Self {
        Self(format!("path:{}", hex(path.as_os_str().as_bytes())))
    }

    pub(crate) fn name(name: &str) -> Self {
        Self(format!("name:{}", hex(name.as_bytes())))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// What the runtime takes.
    pub(crate) fn place(&self) -> Result<Place> {
        let (kind, digits) = self.0.split_once(':').context("a place has a kind")?;
        let bytes = unhex(digits)?;
        match kind {
            "path" => Ok(Place::File(PathBuf::from(OsString::from_vec(bytes)))),
            "name" => Ok(Place::from(String::from_utf8(bytes)?.as_str())),
            other => bail!("no kind of place `{other}`"),
        }
    }
}

impl FromStr for Spelled {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let spelled = Self(text.to_owned());
        spelled.place()?;
        Ok(spelled)
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(digits: &str) -> Result<Vec<u8>> {
    let pairs = digits.as_bytes().chunks(2);
    pairs
        .map(|pair| Ok(u8::from_str_radix(std::str::from_utf8(pair)?, 16)?))
        .collect()
}
