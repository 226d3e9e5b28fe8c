//! What is refused before a byte is read, and what is waited for.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::thread;
use std::time::Duration;

use foreign_example::{ntp, telemetry};
use shm_runtime::{ForeignCell, ForeignError, ForeignSync, ForeignTable};

fn said(path: &Path) -> String {
    let attached = ntp::UNIT2.options_at(path).attach();
    attached.expect_err("it was refused").to_string()
}

#[test]
fn a_file_that_is_too_small_or_is_none_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clock");
    let shown = path.display().to_string();
    assert!(said(&path).starts_with(&format!("no `{shown}`; hint: start its program first")));
    for size in [0, 1, 95] {
        File::create(&path).unwrap().set_len(size).unwrap();
        let expected = format!("`{shown}` has {size} bytes, expected at least 96; hint: the");
        assert!(said(&path).starts_with(&expected), "{}", said(&path));
    }
    assert!(said(folder.path()).contains("is a directory, expected a regular file"));
    assert!(said(Path::new("/dev/null")).contains("is a device, expected a regular file"));
    // Longer than the schema knows is fine: pages are, and newer programs.
    File::create(&path).unwrap().set_len(5000).unwrap();
    ntp::UNIT2.options_at(&path).attach().unwrap();
}

#[test]
fn a_link_is_followed_and_the_last_byte_of_a_file_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let (path, link) = (folder.path().join("page"), folder.path().join("link"));
    // No multiple of a word: the last car ends at 192 + 3 * 64 + 36.
    let mut bytes = vec![0; 420];
    bytes[384..388].copy_from_slice(&2_u32.to_le_bytes());
    bytes[412..420].copy_from_slice(&7.5_f64.to_le_bytes());
    fs::write(&path, bytes).unwrap();
    symlink(&path, &link).unwrap();
    let cars = telemetry::CARS.options_at(&link).attach().unwrap();
    let car = cars.row(3).read().unwrap();
    let (seq, distance) = (car.seq, car.distance);
    assert_eq!((seq, distance), (2, 7.5));
    assert_eq!(cars.row(3).get(telemetry::Car::DISTANCE).unwrap(), 7.5);
    assert_eq!(cars.to_vec().unwrap().len(), 4);
}

#[test]
fn a_program_that_comes_late_or_sizes_its_file_late_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clock");
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(20));
            let file = File::create(&path).unwrap();
            thread::sleep(Duration::from_millis(20));
            file.set_len(96).unwrap();
        });
        let wait = Duration::from_secs(60);
        ntp::UNIT2.options_at(&path).wait(wait).attach().unwrap();
    });
}

#[test]
fn numbers_that_could_be_read_half_changed_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page");
    File::create(&path).unwrap().set_len(4096).unwrap();
    let sync = ForeignSync::odd_while_writing(telemetry::Car::SEQ);
    let cell = ForeignCell::options(&path, sync).at(2).attach();
    assert!(matches!(
        cell.unwrap_err(),
        ForeignError::Misaligned {
            found: 2,
            expected: 4,
            ..
        }
    ));
    let table = |rows, stride| {
        ForeignTable::options(&path, sync, rows)
            .stride(stride)
            .attach()
    };
    assert!(matches!(
        table(2, 37).unwrap_err(),
        ForeignError::Misaligned { found: 37, .. }
    ));
    for (rows, stride) in [(0, 64), (2, 35), (u64::MAX, 64)] {
        let error = table(rows, stride).unwrap_err();
        assert!(matches!(error, ForeignError::BadShape { .. }), "{error}");
    }
    table(2, 40).unwrap();
    // There is nothing behind a single row.
    let one = ForeignTable::options(&path, sync, 1).at(8).stride(u64::MAX);
    one.attach().unwrap();
}
