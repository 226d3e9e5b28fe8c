//! Attaching to a segment that is there.

use std::time::Instant;

use anyhow::Result;

use crate::measure::Plan;
use crate::peer::{self, Across, VisitAcross};
use crate::pin;
use crate::results::Line;
use crate::summary::Summary;

const TURNS: usize = 200;
const WORDS: usize = 8;

struct Attach {
    turns: usize,
    lines: Vec<Line>,
}

impl VisitAcross<WORDS> for Attach {
    fn peer<P: Across<WORDS>>(&mut self) -> Result<()> {
        let name = peer::fresh_name();
        let writer = P::create(&name)?;
        let mut samples = Vec::new();
        for _ in 0..self.turns {
            let began = Instant::now();
            let mut reader = P::attach(&name)?;
            // With the first read: what is mapped lazily is mapped then.
            peer::Reader::read(&mut reader, &mut [0; WORDS]);
            samples.push(began.elapsed().as_nanos() as f64 / 1e3);
        }
        drop(writer);
        let summary = Summary::of(samples);
        self.lines
            .push(Line::new(P::NAME, 8 * WORDS as u64, "us", summary));
        Ok(())
    }
}

pub(super) fn run(plan: &Plan) -> Result<Vec<Line>> {
    pin::to(&pin::cores(), 0);
    let mut attach = Attach {
        turns: plan.turns(TURNS),
        lines: Vec::new(),
    };
    peer::each_across(&mut attach)?;
    Ok(attach.lines)
}
