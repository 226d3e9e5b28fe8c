//! A sound segment whose bytes the targets overwrite.

use shm_runtime::{Cell, SharedLayout};
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

/// Bytes of a segment's header.
pub const HEADER: usize = 512;

/// What the segment holds.
#[derive(SharedLayout, Clone, Copy, Debug)]
#[repr(C)]
pub struct Record {
    /// A number.
    pub number: u64,
    /// A bool, which not every byte is.
    pub answer: bool,
    /// More of them.
    pub answers: [bool; 7],
    /// Any float.
    pub ratio: f64,
}

/// Another record: who asks for it finds that the layouts differ.
#[derive(SharedLayout, Clone, Copy, Debug)]
#[repr(C)]
pub struct Other {
    /// A number.
    pub number: u64,
}

/// A file that is a segment, and its bytes.
pub struct Segment {
    file: File,
    path: PathBuf,
    whole: Vec<u8>,
}

impl Segment {
    /// A new one, of this process alone.
    pub fn new() -> Self {
        let path = PathBuf::from(format!("/dev/shm/shm-fuzz.{}", std::process::id()));
        let options = Cell::<Record>::options(&path).replace(true);
        let mut writer = options.create().expect("the name is ours");
        writer.write(&Record::zeroed()).expect("it is ours");
        let whole = fs::read(&path).expect("it is a file");
        let file = File::options().write(true).open(&path);
        Self {
            file: file.expect("it is ours"),
            path,
            whole,
        }
    }

    /// The bytes of a sound segment.
    pub fn whole(&self) -> Vec<u8> {
        self.whole.clone()
    }

    /// Makes the file hold `bytes`.
    pub fn fill(&self, bytes: &[u8]) {
        self.file.set_len(bytes.len() as u64).expect("it is ours");
        self.file.write_all_at(bytes, 0).expect("it is ours");
    }

    /// Does with it all that a reader can.
    pub fn read(&self) {
        if let Ok(cell) = Cell::<Record>::attach(&self.path) {
            if let Ok(snapshot) = cell.snapshot() {
                let _ = format!("{:?}", snapshot.value);
            }
            let _ = (cell.version(), cell.age(), cell.writer_alive());
            let info = cell.info();
            let _ = (info.descriptor(), info.creator(), info.writer());
        }
        if let Err(error) = Cell::<Other>::attach(&self.path) {
            let _ = error.to_string();
        }
    }
}

impl Default for Segment {
    fn default() -> Self {
        Self::new()
    }
}
