//! A hold on how deeply idle processor cores sleep.
//!
//! A core that has been idle comes back with cold caches. The kernel keeps
//! cores from sleeping deeper than any process that holds
//! `/dev/cpu_dma_latency` open has asked for.
//!
//! # References
//!
//! Linux, *PM Quality Of Service Interface*,
//! <https://docs.kernel.org/power/pm_qos_interface.html>.

use core::fmt;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

const DEVICE: &str = "dev/cpu_dma_latency";
const STATES: &str = "sys/devices/system/cpu/cpu0/cpuidle";

/// More states than the kernel can have: its `CPUIDLE_STATE_MAX` is 10.
const MOST_STATES: usize = 16;

/// A request that idle cores stay awake, for as long as this value lives.
///
/// Its [`Display`](fmt::Display) says in sentences what could be done, what
/// could not, and what to do about it.
///
/// While it is held, *every* idle core runs a loop. That takes full power and
/// slows down a neighbour on the same physical core.
///
/// # Limits
///
/// A forked child holds the request too, until it ends or calls `exec`.
#[derive(Debug)]
pub struct LowLatency {
    request: Result<File, LatencyError>,
    states: Vec<IdleState>,
    is_virtual: bool,
}

/// A way for a core to be idle.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IdleState {
    /// The kernel's name for it.
    pub name: String,
    /// Microseconds that the core takes to wake up.
    pub exit_us: u64,
}

/// Why the request is not held.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LatencyError {
    /// There is no such device.
    #[error(
        "idle cores may sleep: there is no `/{DEVICE}`; hint: a container gets it by \
         `--device /dev/cpu_dma_latency`, a kernel by CONFIG_CPU_IDLE"
    )]
    NoDevice,
    /// This user may not write to it.
    #[error(
        "idle cores may sleep: no permission to write `/{DEVICE}`; hint: run as root, or let \
         root give the device to a group (udev: `KERNEL==\"cpu_dma_latency\", GROUP=..., \
         MODE=\"0660\"`)"
    )]
    NotAllowed,
    /// The system refused it for another reason.
    #[error("idle cores may sleep: cannot write `/{DEVICE}`: {source}")]
    Refused {
        /// What the system said.
        source: io::Error,
    },
}

/// Asks the kernel to keep idle cores awake; never fails.
///
/// Where the kernel cannot be asked, as in most containers and without the
/// permission, the result says why.
///
/// # Examples
///
/// ```
/// let request = shm_runtime::low_latency();
/// println!("{request}");
/// assert_eq!(request.is_held(), request.error().is_none());
/// ```
#[must_use = "the request is taken back when this is dropped"]
pub fn low_latency() -> LowLatency {
    LowLatency::below(Path::new("/"))
}

impl LowLatency {
    /// With the files of a machine below `root`.
    fn below(root: &Path) -> Self {
        Self {
            request: ask(&root.join(DEVICE)),
            states: states(&root.join(STATES)),
            is_virtual: is_virtual(&root.join("proc/cpuinfo")),
        }
    }

    /// Whether the kernel has the request.
    pub fn is_held(&self) -> bool {
        self.request.is_ok()
    }

    /// Why the kernel does not have the request.
    pub fn error(&self) -> Option<&LatencyError> {
        self.request.as_ref().err()
    }

    /// The idle states that the kernel knows. While the request is held, cores
    /// do not enter those that take time to leave.
    pub fn states(&self) -> &[IdleState] {
        &self.states
    }

    /// Whether this is a virtual machine, whose host decides for itself.
    pub fn is_virtual(&self) -> bool {
        self.is_virtual
    }
}

impl fmt::Display for LowLatency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Err(error) = &self.request {
            return error.fmt(f);
        }
        write!(f, "idle cores stay awake: `/{DEVICE}` is held at 0 us")?;
        let kept_out = self.states.iter().filter(|state| state.exit_us > 0);
        let kept_out: Vec<String> = kept_out
            .map(|state| format!("`{}` ({} us)", state.name, state.exit_us))
            .collect();
        if kept_out.is_empty() {
            write!(
                f,
                "\nthe kernel lists no idle state that takes time to leave, so this may change \
                 nothing; hint: boot with `idle=poll`, or ask the host"
            )?;
        } else {
            write!(f, "\nstates that are kept out of: {}", kept_out.join(", "))?;
        }
        if self.is_virtual {
            write!(
                f,
                "\nthis is a virtual machine: its host may put the core to sleep all the same"
            )?;
        }
        Ok(())
    }
}

/// The open file is the request.
fn ask(path: &PathBuf) -> Result<File, LatencyError> {
    // A number of 32 bits, in microseconds.
    let ask = || {
        let mut file = File::options().write(true).open(path)?;
        file.write_all(&0_i32.to_ne_bytes())?;
        Ok(file)
    };
    ask().map_err(|source: io::Error| match source.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => LatencyError::NoDevice,
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            LatencyError::NotAllowed
        }
        // A device that is there by name alone.
        _ if matches!(source.raw_os_error(), Some(libc::ENXIO | libc::ENODEV)) => {
            LatencyError::NoDevice
        }
        _ => LatencyError::Refused { source },
    })
}

/// What the first core can do when idle; nothing where the kernel does not
/// say.
fn states(folder: &Path) -> Vec<IdleState> {
    let state = |number: usize| {
        let folder = folder.join(format!("state{number}"));
        let name = fs::read_to_string(folder.join("name")).ok()?;
        let exit_us = fs::read_to_string(folder.join("latency")).ok()?;
        Some(IdleState {
            name: name.trim().to_owned(),
            exit_us: exit_us.trim().parse().ok()?,
        })
    };
    (0..MOST_STATES).map_while(state).collect()
}

/// Whether the processor says that a hypervisor runs it.
fn is_virtual(cpuinfo: &Path) -> bool {
    let text = fs::read_to_string(cpuinfo).unwrap_or_default();
    let flags = text.lines().find(|line| line.starts_with("flags"));
    flags.is_some_and(|flags| flags.split_whitespace().any(|flag| flag == "hypervisor"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A machine of files: two idle states, a device that takes anything.
    fn machine() -> io::Result<tempfile::TempDir> {
        let root = tempfile::tempdir()?;
        for (number, (name, exit_us)) in [("POLL", 0), ("C6", 133)].into_iter().enumerate() {
            let folder = root.path().join(STATES).join(format!("state{number}"));
            fs::create_dir_all(&folder)?;
            fs::write(folder.join("name"), format!("{name}\n"))?;
            fs::write(folder.join("latency"), format!("{exit_us}\n"))?;
        }
        fs::create_dir(root.path().join("proc"))?;
        let cpuinfo = "processor\t: 0\nflags\t\t: fpu hypervisor avx\n";
        fs::write(root.path().join("proc/cpuinfo"), cpuinfo)?;
        fs::create_dir(root.path().join("dev"))?;
        fs::write(root.path().join(DEVICE), "")?;
        Ok(root)
    }

    #[test]
    fn the_request_is_a_file_that_is_open_with_a_zero_in_it() -> io::Result<()> {
        let root = machine()?;
        let request = LowLatency::below(root.path());
        assert!(request.is_held() && request.error().is_none() && request.is_virtual());
        assert_eq!(fs::read(root.path().join(DEVICE))?, [0; 4]);
        let names: Vec<_> = request
            .states()
            .iter()
            .map(|s| (&*s.name, s.exit_us))
            .collect();
        assert_eq!(names, [("POLL", 0), ("C6", 133)]);
        assert_eq!(
            request.to_string(),
            "idle cores stay awake: `/dev/cpu_dma_latency` is held at 0 us\n\
             states that are kept out of: `C6` (133 us)\n\
             this is a virtual machine: its host may put the core to sleep all the same"
        );
        Ok(())
    }

    #[test]
    fn a_machine_without_it_is_told_and_no_error() -> io::Result<()> {
        let root = tempfile::tempdir()?;
        let request = LowLatency::below(root.path());
        assert!(matches!(request.error(), Some(LatencyError::NoDevice)));
        assert!(request.to_string().contains("hint: a container gets it by"));
        fs::create_dir_all(root.path().join(DEVICE))?;
        let request = LowLatency::below(root.path());
        assert!(matches!(
            request.error(),
            Some(LatencyError::Refused { .. })
        ));
        Ok(())
    }

    #[test]
    fn a_kernel_that_names_no_state_is_said() -> io::Result<()> {
        let root = machine()?;
        fs::write(root.path().join(STATES).join("state1/latency"), "none")?;
        let request = LowLatency::below(root.path());
        assert_eq!(request.states().len(), 1);
        assert!(request.to_string().contains("may change nothing; hint:"));
        Ok(())
    }
}
