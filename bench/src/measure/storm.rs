//! Readers beside a busy writer: how long single reads take.

use std::hint::{black_box, spin_loop};
use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use shm_runtime::Cell;

use crate::block::{Sized, Words, each_size};
use crate::measure::Plan;
use crate::peer::{self, Across, Peer, Reader, Visit, VisitAcross, Writer};
use crate::pin;
use crate::results::Line;
use crate::summary::Summary;
use crate::ticks::{self, Scale};

/// How long one storm lasts.
fn length(plan: &Plan) -> Duration {
    Duration::from_millis(if plan.quick { 60 } else { 400 })
}

/// Times single reads for so long.
fn sample<const N: usize>(length: Duration, reader: &mut dyn Reader<N>) -> Summary {
    let scale = Scale::get();
    let mut to = [0; N];
    let mut samples = Vec::new();
    let ends = Instant::now() + length;
    while Instant::now() < ends {
        for _ in 0..64 {
            let began = ticks::now();
            reader.read(&mut to);
            black_box(&mut to);
            samples.push(scale.between(began, ticks::now()));
        }
    }
    Summary::of(samples)
}

/// A writer and a reader that are two threads.
struct Threads<const N: usize> {
    length: Duration,
    lines: Vec<Line>,
}

impl<const N: usize> Visit<N> for Threads<N> {
    fn peer<P: Peer<N>>(&mut self) -> Result<()> {
        let (mut writer, mut readers) = P::open(1)?;
        let summary = storm(self.length, &mut writer, &mut readers[0]);
        self.lines
            .push(Line::new(P::NAME, 8 * N as u64, "ns", summary));
        Ok(())
    }
}

/// Reads beside a thread that does nothing but write.
fn storm<const N: usize>(
    length: Duration,
    writer: &mut dyn Writer<N>,
    reader: &mut dyn Reader<N>,
) -> Summary {
    let ends = AtomicBool::new(false);
    let cores = pin::cores();
    thread::scope(|scope| {
        scope.spawn(|| {
            pin::to(&cores, 1);
            let mut value = [0; N];
            while !ends.load(Ordering::Relaxed) {
                value[0] += 1;
                writer.write(black_box(&value));
            }
        });
        pin::to(&cores, 0);
        let summary = sample(length, reader);
        ends.store(true, Ordering::Relaxed);
        summary
    })
}

pub(super) fn threads(plan: &Plan) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    each_size!(|N| {
        let mut storm = Threads::<N> {
            length: length(plan),
            lines: Vec::new(),
        };
        peer::each::<N>(&mut storm)?;
        lines.extend(storm.lines);
    });
    Ok(lines)
}

/// A writer in a process of its own.
struct Processes<const N: usize> {
    length: Duration,
    rate: Option<u64>,
    lines: Vec<Line>,
}

impl<const N: usize> VisitAcross<N> for Processes<N>
where
    Words<N>: Sized<N>,
{
    fn peer<P: Across<N>>(&mut self) -> Result<()> {
        let name = peer::fresh_name();
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["write", P::NAME, "--name", &name]);
        command.args(["--bytes", &(8 * N).to_string()]);
        if let Some(rate) = self.rate {
            command.args(["--rate", &rate.to_string()]);
        }
        // What it starts is pinned as it is.
        pin::free();
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        // One byte says that there is something to attach to.
        let mut ready = [0];
        if let Some(said) = &mut child.stdout {
            said.read_exact(&mut ready)?;
        }
        pin::to(&pin::cores(), 0);
        let mut reader = P::attach(&name)?;
        let mut line = Line::new(
            P::NAME,
            8 * N as u64,
            "ns",
            sample(self.length, &mut reader),
        );
        if P::NAME.starts_with(OURS) {
            line.retries = Some(retries::<N>(&name, self.length / 4)?);
        }
        self.lines.push(line);
        drop(child.stdin.take());
        let status = child.wait()?;
        if !status.success() {
            bail!("the writer of {} ended with {status}", P::NAME);
        }
        Ok(())
    }
}

const OURS: &str = "shm-runtime";

/// Tries a read that were thrown away, by a reader that does nothing else.
fn retries<const N: usize>(name: &str, length: Duration) -> Result<f64>
where
    Words<N>: Sized<N>,
{
    let cell = Cell::<<Words<N> as Sized<N>>::Block>::attach(name)?;
    let (mut reads, mut retries) = (0_u64, 0_u64);
    let ends = Instant::now() + length;
    while Instant::now() < ends {
        for _ in 0..64 {
            retries += u64::from(black_box(cell.snapshot()?).retries);
            reads += 1;
        }
    }
    Ok(retries as f64 / reads as f64)
}

pub(super) fn processes(plan: &Plan, rate: Option<u64>) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    each_size!(|N| {
        let mut storm = Processes::<N> {
            length: length(plan),
            rate,
            lines: Vec::new(),
        };
        peer::each_across::<N>(&mut storm)?;
        lines.extend(storm.lines);
    });
    Ok(lines)
}

/// The process that writes.
#[derive(clap::Args)]
pub(crate) struct Child {
    /// Which peer.
    peer: String,
    #[arg(long)]
    name: String,
    #[arg(long)]
    bytes: usize,
    /// Writes a second; without it, without pause.
    #[arg(long)]
    rate: Option<u64>,
}

impl<const N: usize> VisitAcross<N> for &Child {
    fn peer<P: Across<N>>(&mut self) -> Result<()> {
        if P::NAME != self.peer {
            return Ok(());
        }
        pin::to(&pin::cores(), 1);
        let mut writer = P::create(&self.name)?;
        let ends = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                // Ends with the reader's process, however that ends.
                let _ = std::io::stdin().read(&mut [0]);
                ends.store(true, Ordering::Relaxed);
            });
            write_until(&ends, self.rate, &mut writer);
        });
        Ok(())
    }
}

fn write_until<const N: usize>(ends: &AtomicBool, rate: Option<u64>, writer: &mut dyn Writer<N>) {
    let mut value = [0; N];
    let pause = rate.map(|rate| Duration::from_secs(1) / rate as u32);
    let mut next = Instant::now();
    println!();
    while !ends.load(Ordering::Relaxed) {
        value[0] += 1;
        writer.write(black_box(&value));
        if let Some(pause) = pause {
            next += pause;
            while Instant::now() < next && !ends.load(Ordering::Relaxed) {
                spin_loop();
            }
        }
    }
}

impl Child {
    pub(crate) fn run(&self) -> Result<()> {
        let mut child = self;
        match self.bytes {
            16 => peer::each_across::<2>(&mut child),
            64 => peer::each_across::<8>(&mut child),
            256 => peer::each_across::<32>(&mut child),
            1024 => peer::each_across::<128>(&mut child),
            4096 => peer::each_across::<512>(&mut child),
            other => bail!("no record has {other} bytes"),
        }
    }
}
