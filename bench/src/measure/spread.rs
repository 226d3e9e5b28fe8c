//! Single reads after a pause: hot, after a millisecond of other work, after
//! one of sleep.
//!
//! What an idle core has to fetch again is most of such a read, so the same
//! is done with a plain copy of private memory.

use std::hint::{black_box, spin_loop};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::block::{Block, Bytes64};
use crate::measure::Plan;
use crate::peer::ours::Ours;
use crate::peer::{Peer, Writer};
use crate::pin;
use crate::results::Line;
use crate::ticks::{self, Scale};

const TURNS: usize = 1_500;
const WORDS: usize = 8;
const PAUSE: Duration = Duration::from_millis(1);

/// What happens before each read.
#[derive(Clone, Copy)]
enum Before {
    Nothing,
    Work,
    Sleep,
}

impl Before {
    const ALL: [Self; 3] = [Self::Nothing, Self::Work, Self::Sleep];

    fn name(self) -> &'static str {
        match self {
            Self::Nothing => "hot",
            Self::Work => "after 1 ms work",
            Self::Sleep => "after 1 ms sleep",
        }
    }

    fn pause(self) {
        match self {
            Self::Nothing => {}
            Self::Work => {
                let ends = Instant::now() + PAUSE;
                while Instant::now() < ends {
                    spin_loop();
                }
            }
            Self::Sleep => thread::sleep(PAUSE),
        }
    }
}

/// Reads once.
type Way<'a> = dyn FnMut() + 'a;

pub(super) fn run(plan: &Plan) -> Result<Vec<Line>> {
    pin::to(&pin::cores(), 1);
    let source = Box::new([7_u64; WORDS]);
    let (mut writer, mut readers) = <Ours<2> as Peer<WORDS>>::open(1)?;
    writer.write(&[7; WORDS]);
    let cell = readers.remove(0);
    let mut to = [0; WORDS];
    let mut ways: [(&str, Box<Way<'_>>); 3] = [
        (
            "memcpy",
            Box::new(|| {
                to = *black_box(&*source);
                black_box(&mut to);
            }),
        ),
        (
            "read",
            Box::new(|| {
                black_box(black_box(&cell).read().expect("it is there"));
            }),
        ),
        (
            "get",
            Box::new(|| {
                let field = <Bytes64 as Block<WORDS>>::FIELD;
                black_box(black_box(&cell).get(field).expect("it is there"));
            }),
        ),
    ];
    let mut lines = Vec::new();
    for before in Before::ALL {
        let scale = Scale::get();
        let mut samples = vec![Vec::new(); ways.len()];
        for _ in 0..plan.turns(TURNS) {
            for (who, (_, way)) in ways.iter_mut().enumerate() {
                before.pause();
                let began = ticks::now();
                way();
                samples[who].push(scale.between(began, ticks::now()));
            }
        }
        for ((name, _), samples) in ways.iter().zip(samples) {
            let who = format!("{name}, {}", before.name());
            lines.push(Line::distribution(&who, 8 * WORDS as u64, "ns", samples));
        }
    }
    Ok(lines)
}
