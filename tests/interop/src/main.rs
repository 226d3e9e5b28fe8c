//! The Rust side of the tests that cross languages: writes the records of
//! `values.rs` for Python to read, and checks the ones that Python wrote.

#![allow(clippy::print_stdout)] // a program, not a library

mod values;
mod versions;

use anyhow::{Result, bail};
use clap::{Parser, Subcommand};
use shm_interop::every_type::{EveryType, MANY};
use shm_interop::robot;
use shm_runtime::Order;

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Creates the table NAME and writes every record into it.
    Write {
        name: String,
        /// In which its records lie, unless as the schema says.
        order: Option<String>,
    },
    /// Compares the table NAME with the records, byte by byte.
    Verify { name: String },
    /// Prints what Rust makes of one row of the table NAME.
    Show { name: String, row: u64 },
    /// Creates the robot's cell NAME and writes its record.
    RobotWrite { name: String },
    /// Compares the robot's cell NAME with its record.
    RobotVerify { name: String },
    /// Creates the cell NAME of a version of `evolving.yaml` and writes it.
    VersionWrite { version: u32, name: String },
    /// Prints what a version makes of the cell NAME.
    VersionShow { version: u32, name: String },
}

fn main() -> Result<()> {
    match Arguments::parse().action {
        Action::Write { name, order } => write(&name, order.as_deref()),
        Action::Verify { name } => verify(&name),
        Action::Show { name, row } => show(&name, row),
        Action::RobotWrite { name } => robot_write(&name),
        Action::RobotVerify { name } => robot_verify(&name),
        Action::VersionWrite { version, name } => versions::write(version, &name),
        Action::VersionShow { version, name } => versions::show(version, &name),
    }
}

fn write(name: &str, order: Option<&str>) -> Result<()> {
    let options = MANY.options_at(name);
    let options = match order {
        None => options,
        Some("arrays") => options.order(Order::Arrays),
        Some(other) => bail!("no order `{other}`"),
    };
    let mut table = options.create()?;
    for row in 0..values::ROWS {
        table.row_mut(row as u64).write(&values::record(row))?;
    }
    println!("wrote {} records", values::ROWS);
    Ok(())
}

fn verify(name: &str) -> Result<()> {
    let table = MANY.options_at(name).attach()?;
    let all = table.to_vec()?;
    for (row, whole) in (0..values::ROWS).zip(&all) {
        let found = table.row(row as u64).read()?;
        let expected = values::record(row);
        if bytes(&found) != bytes(&expected) || bytes(whole) != bytes(&expected) {
            bail!("row {row}: found {found:?}\nexpected {expected:?}");
        }
    }
    println!("{} records are equal", values::ROWS);
    Ok(())
}

fn show(name: &str, row: u64) -> Result<()> {
    let table = MANY.options_at(name).attach()?;
    println!("{:?}", table.row(row).read()?);
    Ok(())
}

fn robot_write(name: &str) -> Result<()> {
    robot::ARM
        .options_at(name)
        .create()?
        .write(&robot::sample())?;
    Ok(())
}

fn robot_verify(name: &str) -> Result<()> {
    let (found, expected) = (
        robot::ARM.options_at(name).attach()?.read()?,
        robot::sample(),
    );
    if found != expected {
        bail!("found {found:?}\nexpected {expected:?}");
    }
    println!("equal");
    Ok(())
}

fn bytes(record: &EveryType) -> &[u8] {
    shm_runtime::bytes_of(record)
}
