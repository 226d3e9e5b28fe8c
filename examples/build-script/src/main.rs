//! Writes one reading, and reads it as another process would.

#![allow(clippy::print_stdout)] // a program, not a library

// `weather`, and `places`, which it imports.
include!(concat!(env!("OUT_DIR"), "/schemas.rs"));

use shm_runtime::{SharedLayout, TimestampNs};
use weather::Reading;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut reading = Reading {
        at: TimestampNs::now(),
        place: places::Place {
            latitude: 52.5,
            longitude: 13.4,
        },
        ..Reading::zeroed()
    };
    reading.set_temperature(21.5)?;
    reading.set_humidity(40.0)?;

    let mut writer = weather::STATION.options().exist_ok(true).create()?;
    writer.write(&reading)?;
    let seen = weather::STATION.attach()?.read()?;
    println!("{} degrees at {}", seen.temperature(), seen.place.latitude);
    Ok(())
}
