//! One record of each version of `evolving.yaml`, written and shown in bytes.

use anyhow::{Result, bail};
use shm_interop::{v1, v2, v3};
use shm_runtime::{FixedStr, TimestampNs, bytes_of};

/// Writes the record of a version to the cell `name`, which stays.
pub(crate) fn write(version: u32, name: &str) -> Result<()> {
    match version {
        1 => v1::evolving::BEST
            .options_at(name)
            .create()?
            .write(&first())?,
        2 => v2::evolving::BEST
            .options_at(name)
            .create()?
            .write(&second())?,
        3 => v3::evolving::BEST
            .options_at(name)
            .create()?
            .write(&third()?)?,
        _ => bail!("no version {version}"),
    };
    Ok(())
}

/// Prints what a version makes of the cell `name`, in hexadecimal.
pub(crate) fn show(version: u32, name: &str) -> Result<()> {
    let bytes = match version {
        1 => bytes_of(&v1::evolving::BEST.options_at(name).attach()?.read()?).to_vec(),
        2 => bytes_of(&v2::evolving::BEST.options_at(name).attach()?.read()?).to_vec(),
        3 => bytes_of(&v3::evolving::BEST.options_at(name).attach()?.read()?).to_vec(),
        _ => bail!("no version {version}"),
    };
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    println!("{hex}");
    Ok(())
}

fn first() -> v1::evolving::Quote {
    v1::evolving::Quote {
        id: 7,
        phase: v1::evolving::Phase::Open,
        last: 1.5,
        levels: [1, 2].map(|n| v1::evolving::Level {
            px: 100 * i64::from(n),
            qty: n,
            ..Default::default()
        }),
        ..Default::default()
    }
}

fn second() -> v2::evolving::Quote {
    v2::evolving::Quote {
        id: 7,
        phase: v2::evolving::Phase::Halted,
        venue: 3,
        last: 1.5,
        levels: [1, 2].map(|n| v2::evolving::Level {
            px: 100 * i64::from(n),
            qty: n,
            orders: 10,
        }),
        sent: TimestampNs(9),
        ..Default::default()
    }
}

fn third() -> Result<v3::evolving::Quote> {
    let levels = [1, 2].map(|n| v3::evolving::Level {
        px: 100 * i64::from(n),
        qty: n,
        orders: 10,
    });
    Ok(v3::evolving::Quote {
        id: 7,
        phase: v3::evolving::Phase::Halted,
        firm: true,
        venue: 3,
        last: 1.5,
        levels,
        sent: TimestampNs(9),
        asks: levels,
        note: FixedStr::new("hello")?,
        heat: [2.0; 3],
        later: v3::evolving::Phase::Open,
        ..Default::default()
    })
}
