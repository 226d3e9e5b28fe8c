//! Memory of other people's programs: a clock of NTP, a ring of the kernel's,
//! and the pages of a racing simulator.
//!
//! Beside this crate lie the schemas and small C programs that play the other
//! side. They know nothing of this project: each has structs of its own.

shm_runtime::include_schema!("ntp.yaml");
shm_runtime::include_schema!("io_uring.yaml");
shm_runtime::include_schema!("telemetry.yaml");
