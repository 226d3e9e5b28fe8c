//! Shows what the clock in NTP's unit 2 says, once a second.

#![allow(clippy::print_stdout)] // what it is for

use std::time::Duration;

use foreign_example::ntp;
use shm_runtime::{Error, ReadError};

fn main() -> Result<(), Error> {
    let clock = ntp::UNIT2
        .options()
        .wait(Duration::from_secs(60))
        .attach()?;
    loop {
        match clock.read() {
            Ok(sample) => println!(
                "{}.{:09} was heard at {}.{:09}",
                sample.clock_sec.0, sample.clock_nsec, sample.receive_sec.0, sample.receive_nsec
            ),
            Err(ReadError::NotValid { .. }) => println!("no sample"),
            Err(error) => return Err(error.into()),
        }
        std::thread::sleep(Duration::from_secs(1));
    }
}
