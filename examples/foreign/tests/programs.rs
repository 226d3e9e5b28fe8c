//! Real programs write, flat out, and a reader gets whole records or an error
//! in words.

mod support;

use std::path::Path;
use std::process;
use std::time::{Duration, Instant};

use foreign_example::{io_uring, ntp, telemetry};
use shm_runtime::{ForeignSync, ReadError, SysVKey};
use support::{Program, skip};

/// Whole records that each test takes.
const READS: u32 = 50_000;

/// A wait of this long is a failure.
const WATCHDOG: Duration = Duration::from_secs(120);

/// Calls `read` until it was whole [`READS`] times, and counts the torn.
fn torn<T>(mut read: impl FnMut() -> Result<T, ReadError>, is_torn: fn(&T) -> bool) -> u32 {
    let deadline = Instant::now() + WATCHDOG;
    let (mut whole, mut torn) = (0, 0);
    while whole < READS {
        match read() {
            Ok(record) => {
                whole += 1;
                torn += u32::from(is_torn(&record));
            }
            // A machine with more to do than cores may hold the writer back
            // anywhere, for longer than a read waits.
            Err(error) => assert!(Instant::now() < deadline, "{error}"),
        }
    }
    torn
}

/// Reads without a rule until a record was torn: else the others prove little.
fn tears<T: shm_runtime::SharedLayout>(path: &Path, is_torn: fn(&T) -> bool) {
    let blind = shm_runtime::ForeignCell::<T>::attach(path, ForeignSync::none()).unwrap();
    let deadline = Instant::now() + WATCHDOG;
    while !is_torn(&blind.read().unwrap()) {
        assert!(Instant::now() < deadline, "reads and writes never met");
    }
}

fn sample_is_torn(sample: &ntp::ShmTime) -> bool {
    let n = sample.clock_sec.0 - 1_000_000_000;
    let part = (n % 1_000_000) as i32;
    (
        sample.receive_sec.0,
        sample.clock_usec,
        sample.receive_usec,
        sample.clock_nsec,
        sample.receive_nsec,
        sample.leap.0,
        i64::from(sample.samples),
        sample.valid,
    ) != (
        sample.clock_sec.0,
        part,
        part,
        part as u32 * 1000,
        part as u32 * 1000,
        (n % 4) as i32,
        n,
        1,
    )
}

#[test]
fn no_sample_of_a_clock_is_torn_and_without_the_rule_some_are() {
    let test = "no_sample_of_a_clock_is_torn_and_without_the_rule_some_are";
    let Some(program) = Program::compiled("ntp_clock", test) else {
        return;
    };
    let file = program.file();
    let mut clock = program.start(&["file", &file]);
    assert_eq!(clock.line(), "started");
    let path = Path::new(&file);
    let guarded = ntp::UNIT2.options_at(path).attach().unwrap();
    assert_eq!(torn(|| guarded.read(), sample_is_torn), 0);
    // One field is as whole as the record: it never comes from a write that
    // is under way, in which the mark is 0.
    let valid = |valid: &i32| *valid == 0;
    assert_eq!(torn(|| guarded.get(ntp::ShmTime::VALID), valid), 0);
    tears(path, sample_is_torn);
}

/// Removes a System V segment, whatever becomes of the test.
struct Removed(u32);

impl Drop for Removed {
    fn drop(&mut self) {
        let key = format!("{:#x}", self.0);
        let _ = process::Command::new("ipcrm").args(["-M", &key]).status();
    }
}

#[test]
fn a_clock_in_a_system_v_segment_is_found_by_its_key() {
    let test = "a_clock_in_a_system_v_segment_is_found_by_its_key";
    let Some(program) = Program::compiled("ntp_clock", test) else {
        return;
    };
    // NTP's own keys may be in use.
    let key = 0x7e57_0000 | process::id() & 0xffff;
    let missing = ntp::UNIT2.options_at(SysVKey(key)).attach().unwrap_err();
    let said = missing.to_string();
    if said.contains("Function not implemented") {
        return skip(test, "no System V segments here");
    }
    assert!(said.starts_with(&format!(
        "no `System V segment {key:#x}`; hint: start its program"
    )));

    let _removed = Removed(key);
    let mut clock = program.start(&["sysv", &format!("{key:#x}")]);
    assert_eq!(clock.line(), "started");
    let samples = ntp::UNIT2.options_at(SysVKey(key)).attach().unwrap();
    assert_eq!(torn(|| samples.read(), sample_is_torn), 0);
    // The memory stays when its program is gone.
    clock.kill();
    let _ = samples.read();

    let table =
        shm_runtime::ForeignTable::<ntp::ShmTime>::attach(SysVKey(key), ForeignSync::none(), 2);
    let said = table.unwrap_err().to_string();
    assert!(
        said.contains("has 96 bytes, expected at least 192"),
        "{said}"
    );
}

#[test]
fn a_clock_that_stops_in_the_middle_of_a_sample_has_none() {
    let test = "a_clock_that_stops_in_the_middle_of_a_sample_has_none";
    let Some(program) = Program::compiled("ntp_clock", test) else {
        return;
    };
    let file = program.file();
    let mut clock = program.start(&["stop", &file]);
    assert_eq!(
        (clock.line(), clock.line()),
        ("started".into(), "stopped".into())
    );
    clock.kill();
    let samples = ntp::UNIT2.options_at(Path::new(&file)).attach().unwrap();
    let error = samples.read().unwrap_err();
    assert!(matches!(error, ReadError::NotValid { row: 0, .. }));
    let said = error.to_string();
    assert!(
        said.contains("its mark is 0; hint: its program has written none"),
        "{said}"
    );
}

fn page_is_torn(page: &telemetry::Physics) -> bool {
    // Copied out: a packed field has no reference.
    let telemetry::Physics {
        packet: n,
        last_packet,
        gear,
        speed,
        heading,
        tyre_pressure,
        driver,
        position,
        track,
        distance,
        ..
    } = *page;
    let of = |i: i32| (n % 100_000 + i) as f32;
    last_packet != n
        || i32::from(gear) != n % 8 - 1
        || speed != of(0)
        || heading != f64::from(n)
        || tyre_pressure != [of(0), of(1), of(2), of(3)]
        || driver.to_string() != format!("driver{:06}", n % 1_000_000)
        || i32::from(position) != n % 60_000
        || track.to_string() != format!("the long way round {:06}", n % 1_000_000)
        || distance != f64::from(n)
}

fn car_is_torn(car: &telemetry::Car) -> bool {
    let telemetry::Car {
        number,
        name,
        lap,
        distance,
        ..
    } = *car;
    u32::from(number) != lap % 60_000
        || name.to_string() != format!("c{:06}", lap % 1_000_000)
        || distance != f64::from(lap)
}

#[test]
fn no_page_of_a_simulator_is_torn_and_without_the_rule_some_are() {
    let test = "no_page_of_a_simulator_is_torn_and_without_the_rule_some_are";
    let Some(program) = Program::compiled("simulator", test) else {
        return;
    };
    let file = program.file();
    let mut simulator = program.start(&["run", &file]);
    assert_eq!(simulator.line(), "started");
    let path = Path::new(&file);
    let physics = telemetry::PHYSICS.options_at(path).attach().unwrap();
    assert_eq!(torn(|| physics.read(), page_is_torn), 0);
    // A bool of 7 is one.
    let limiter = physics.get(telemetry::Physics::PIT_LIMITER);
    assert!(limiter.is_ok() || simulator.child.try_wait().unwrap().is_none());

    let cars = telemetry::CARS.options_at(path).attach().unwrap();
    assert_eq!(cars.rows(), 4);
    assert_eq!(torn(|| cars.row(3).read(), car_is_torn), 0);
    let mut field = [cars.row(0).read().unwrap(); 4];
    cars.read_all(&mut field).unwrap();
    assert_eq!(field.iter().filter(|car| car_is_torn(car)).count(), 0);
    assert!(
        cars.row(4)
            .read()
            .is_err_and(|e| e.to_string().starts_with("no row 4 in"))
    );
    tears(path, page_is_torn);
}

#[test]
fn a_simulator_that_is_killed_mid_write_is_told_of_in_a_sentence() {
    let test = "a_simulator_that_is_killed_mid_write_is_told_of_in_a_sentence";
    let Some(program) = Program::compiled("simulator", test) else {
        return;
    };
    for (stop, row) in [("stop-page", 0), ("stop-car", 2)] {
        let file = program.file();
        let mut simulator = program.start(&[stop, &file]);
        assert_eq!(
            (simulator.line(), simulator.line()),
            ("started".into(), "stopped".into())
        );
        simulator.kill();
        let path = Path::new(&file);
        let physics = telemetry::PHYSICS.options_at(path).attach().unwrap();
        let cars = telemetry::CARS.options_at(path).attach().unwrap();
        let (error, opened, closed) = match stop {
            "stop-page" => (physics.read().unwrap_err(), 1, 2),
            _ => (cars.row(row).read().unwrap_err(), 3, 3),
        };
        let ReadError::MidWrite { tries, .. } = error else {
            panic!("{error}");
        };
        assert_eq!(tries, 3000);
        let said = error.to_string();
        let expected = format!(
            "at row {row} of `{file}`: its numbers stayed at {opened} and {closed}, so its \
             program stands in the middle of a write; hint: it was stopped or killed there"
        );
        assert!(said.contains(&expected), "{said}");
        // Those beside it are as they were.
        assert_eq!(cars.row(3).read().map(|car| { car.lap }), Ok(1));
        std::fs::remove_file(path).unwrap();
    }
}

#[test]
fn the_kernels_answer_to_a_ring_is_read_where_its_header_puts_it() {
    let test = "the_kernels_answer_to_a_ring_is_read_where_its_header_puts_it";
    let Some(program) = Program::compiled("ring_owner", test) else {
        return;
    };
    let (status, offsets) = program.output(&["offsets"]);
    if status == Some(77) {
        return skip(test, "no linux/io_uring.h");
    }
    type P = io_uring::Params;
    let ours = [
        ("sq_entries", P::SQ_ENTRIES.offset()),
        ("cq_entries", P::CQ_ENTRIES.offset()),
        ("flags", P::FLAGS.offset()),
        ("sq_thread_cpu", P::SQ_THREAD_CPU.offset()),
        ("sq_thread_idle", P::SQ_THREAD_IDLE.offset()),
        ("features", P::FEATURES.offset()),
        ("wq_fd", P::WQ_FD.offset()),
        ("sq_off", P::SQ_OFF.offset()),
        (
            "sq_off.head",
            P::SQ_OFF.then(io_uring::SqOffsets::HEAD).offset(),
        ),
        (
            "sq_off.array",
            P::SQ_OFF.then(io_uring::SqOffsets::ARRAY).offset(),
        ),
        ("cq_off", P::CQ_OFF.offset()),
        (
            "cq_off.head",
            P::CQ_OFF.then(io_uring::CqOffsets::HEAD).offset(),
        ),
        (
            "cq_off.cqes",
            P::CQ_OFF.then(io_uring::CqOffsets::CQES).offset(),
        ),
        ("size", size_of::<P>()),
    ];
    let ours: String = ours
        .iter()
        .map(|(name, at)| format!("{name} {at}\n"))
        .collect();
    assert_eq!(ours, offsets);

    // A file of a name, and one that has none and lies behind a link.
    let file = program.file();
    for arguments in [&["file", file.as_str()][..], &["memfd"]] {
        let mut owner = program.start(arguments);
        let place = owner.line();
        if place.is_empty() {
            assert_eq!(owner.child.wait().unwrap().code(), Some(77));
            return skip(test, "this kernel lets nobody set up an io_uring");
        }
        let params = io_uring::PARAMS
            .options_at(Path::new(&place))
            .attach()
            .unwrap();
        let params = params.read().unwrap();
        // Six is rounded up, and completions are twice as many.
        assert_eq!((params.sq_entries, params.cq_entries), (8, 16));
        assert_eq!(params.flags, io_uring::Setup::Clamp);
        assert!(params.features.contains(io_uring::Features::SingleMmap));
        assert!(params.sq_off.array > 0 && params.cq_off.cqes > 0);
    }
}
