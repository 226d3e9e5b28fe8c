//! `shm-codegen watch` as its user meets it.

mod common;

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use common::{program, scratch, small};

/// A watchdog, not a limit: a machine under load takes its time.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program at work, and what it says. Of its two streams nobody knows
/// which line came first, so each is waited on by itself.
struct Watch {
    child: Child,
    lines: Receiver<String>,
    errors: Receiver<String>,
}

impl Watch {
    fn start(at: &Path) -> Self {
        let mut child = program(at)
            .args(["watch", "feed.yaml", "--c", "out"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = lines_of(child.stdout.take().unwrap());
        let errors = lines_of(child.stderr.take().unwrap());
        Self {
            child,
            lines,
            errors,
        }
    }

    #[track_caller]
    fn says(&self, wanted: &str) {
        wait_for(&self.lines, wanted);
    }

    #[track_caller]
    fn complains(&self, wanted: &str) {
        wait_for(&self.errors, wanted);
    }
}

fn lines_of(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = mpsc::channel();
    std::thread::spawn(move || {
        let lines = BufReader::new(stream).lines();
        lines
            .map_while(Result::ok)
            .for_each(|line| drop(sender.send(line)));
    });
    lines
}

#[track_caller]
fn wait_for(lines: &Receiver<String>, wanted: &str) {
    loop {
        let line = lines.recv_timeout(PATIENCE);
        if line
            .unwrap_or_else(|_| panic!("no `{wanted}`"))
            .contains(wanted)
        {
            return;
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_change_of_a_schema_or_an_import_is_written_out_until_ctrl_c() {
    let directory = scratch();
    let at = directory.path();
    let feed = small("feed", "imports: [parts/units.yaml]\n");
    fs::create_dir(at.join("parts")).unwrap();
    fs::write(at.join("parts/units.yaml"), small("units", "")).unwrap();
    fs::write(at.join("feed.yaml"), &feed).unwrap();

    let mut watch = Watch::start(at);
    watch.says("wrote out/feed.h");
    watch.says("watching 2 schemas; Ctrl-C ends");

    fs::write(at.join("feed.yaml"), feed.replace("i32", "u64")).unwrap();
    watch.says("wrote out/feed.h");
    watch.says("watching 2 schemas");
    assert!(
        fs::read_to_string(at.join("out/feed.h"))
            .unwrap()
            .contains("uint64_t")
    );

    // As an editor saves: another file under the same name.
    fs::write(
        at.join("parts/new"),
        small("units", "").replace("i32", "u16"),
    )
    .unwrap();
    fs::rename(at.join("parts/new"), at.join("parts/units.yaml")).unwrap();
    watch.says("wrote out/units.h");
    watch.says("watching 2 schemas");

    fs::write(at.join("feed.yaml"), feed.replace("i32", "i33")).unwrap();
    watch.complains("error[unknown-type]");
    watch.says("nothing written; waiting for a change");
    fs::write(at.join("feed.yaml"), feed.replace("i32", "i64")).unwrap();
    watch.says("wrote out/feed.h");
    watch.says("watching 2 schemas");

    let pid = watch.child.id().to_string();
    let sent = Command::new("kill").args(["-INT", &pid]).status().unwrap();
    assert!(sent.success());
    assert_eq!(watch.child.wait().unwrap().code(), Some(0));
}
