//! A record that was not read for a while: the first read after a sleep.
//!
//! What is not used for some milliseconds is gone from the caches; each
//! remedy is tried on the same reads, in turns.

use std::hint::black_box;
use std::thread;
use std::time::Duration;

use anyhow::Result;
use bytemuck::Zeroable;
use shm_runtime::{Cell, KeepWarm, LowLatency};

use crate::block::{Block, Sized, Words};
use crate::measure::Plan;
use crate::peer;
use crate::pin;
use crate::results::Line;
use crate::summary::Summary;
use crate::ticks::{self, Scale};

const TURNS: usize = 100;
const WORDS: usize = 8;
const PAUSE: Duration = Duration::from_millis(10);

type Record = <Words<WORDS> as Sized<WORDS>>::Block;

/// What is done about the pause.
struct Remedy {
    name: &'static str,
    pause: Duration,
    hold: fn(&Cell<Record>) -> Result<Held>,
    just_before: fn(&Cell<Record>),
}

/// What holds while the reader sleeps.
enum Held {
    Nothing,
    /// Nothing: this machine does not give it.
    Denied,
    Awake {
        _request: LowLatency,
    },
    Warm {
        _keeper: KeepWarm,
    },
}

const REMEDIES: [Remedy; 6] = [
    Remedy::new("sleep of 10 ms", PAUSE),
    Remedy {
        just_before: |cell| cell.warm(),
        ..Remedy::new("warm() just before", PAUSE)
    },
    Remedy {
        hold: |_| match shm_runtime::low_latency() {
            request if request.is_held() => Ok(Held::Awake { _request: request }),
            _ => Ok(Held::Denied),
        },
        ..Remedy::new("low_latency()", PAUSE)
    },
    Remedy {
        hold: |cell| {
            let keeper = cell.keep_warm(Duration::from_millis(1))?;
            Ok(Held::Warm { _keeper: keeper })
        },
        ..Remedy::new("keep_warm(1 ms)", PAUSE)
    },
    Remedy::new("sleep of 1 ms instead", Duration::from_millis(1)),
    Remedy::new("no sleep", Duration::ZERO),
];

impl Remedy {
    const fn new(name: &'static str, pause: Duration) -> Self {
        Self {
            name,
            pause,
            hold: |_| Ok(Held::Nothing),
            just_before: |_| (),
        }
    }
}

pub(super) fn run(plan: &Plan) -> Result<Vec<Line>> {
    pin::to(&pin::cores(), 0);
    let name = peer::fresh_name();
    let mut writer = Cell::<Record>::create(name.as_str())?;
    writer.write(&Record::zeroed())?;
    let reader = Cell::<Record>::attach(name.as_str())?;
    const BLOCKS: usize = 5;
    let mut samples: Vec<[Vec<f64>; 3]> = REMEDIES.iter().map(|_| Default::default()).collect();
    for _ in 0..BLOCKS {
        for (remedy, samples) in REMEDIES.iter().zip(&mut samples) {
            let held = (remedy.hold)(&reader)?;
            if matches!(held, Held::Denied) {
                continue;
            }
            for _ in 0..plan.turns(TURNS).div_ceil(BLOCKS) {
                for (which, samples) in samples.iter_mut().enumerate() {
                    if !remedy.pause.is_zero() {
                        thread::sleep(remedy.pause);
                    }
                    (remedy.just_before)(&reader);
                    samples.push(once(&reader, which));
                }
            }
        }
    }
    writer.unlink()?;
    let mut lines = Vec::new();
    for (remedy, samples) in REMEDIES.iter().zip(samples) {
        for (what, samples) in ["nothing", "get", "read_into"].iter().zip(samples) {
            if !samples.is_empty() {
                let name = format!("{what}, {}", remedy.name);
                lines.push(Line::new(
                    &name,
                    8 * WORDS as u64,
                    "ns",
                    Summary::of(samples),
                ));
            }
        }
    }
    Ok(lines)
}

/// Nanoseconds of one access: of none, of a field, of the whole record.
fn once(reader: &Cell<Record>, which: usize) -> f64 {
    let mut to = Record::zeroed();
    let scale = Scale::get();
    let began = ticks::now();
    match which {
        0 => {}
        1 => {
            let _ = black_box(reader.get(Record::FIELD));
        }
        _ => {
            let _ = black_box(reader.read_into(&mut to));
        }
    }
    let ended = ticks::now();
    black_box(&to);
    scale.between(began, ended)
}
