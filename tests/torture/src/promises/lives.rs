//! Python processes fork, exit, are interrupted and forget things at any
//! moment. The checks themselves are `python/lives.py`.

use crate::actor::Actor;
use crate::counts::Counts;
use crate::stage::Stage;
use anyhow::{Result, ensure};

pub(super) fn run(stage: &Stage, counts: &Counts) -> Result<Vec<String>> {
    let segment = stage.path("lives");
    let (segment, count) = (segment.display().to_string(), counts.exits().to_string());
    let mut command = stage.python("lives.py", &[&segment, &count]);
    let mut script = Actor::start("the lives", &mut command)?;
    let mut lines = Vec::new();
    loop {
        match script.line()? {
            last if last == "end" => break,
            // What takes long says so, and is not taken for stuck.
            still if still == "still" => {}
            line => lines.push(line),
        }
    }
    let status = script.end()?;
    ensure!(status.success(), "the lives ended with {status}");
    Ok(lines)
}
