//! The worked example: a market-data feed and those who follow it.
//!
//! `bin/market_writer.rs` and `bin/market_reader.rs` are the two programs;
//! `writer.py` and `reader.py` beside this crate are the same two in Python.
//! Any writer works with any reader.

pub mod check;
pub mod model;

shm_runtime::include_schema!("../../schemas/market.yaml");

/// The names of the two segments under one prefix.
#[derive(Debug, Clone)]
pub struct Names {
    /// Of the table of all instruments.
    pub quotes: String,
    /// Of the cell with the instrument that traded last.
    pub leader: String,
}

impl Names {
    /// `<prefix>.quotes` and `<prefix>.leader`.
    pub fn new(prefix: &str) -> Self {
        Self {
            quotes: format!("{prefix}.quotes"),
            leader: format!("{prefix}.leader"),
        }
    }
}
