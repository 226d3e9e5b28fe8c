//! Does one thing a line and says in a word how it went; the same as
//! `python/clerk.py`.

use super::say;
use super::word::Word;
use crate::place::{Spelled, hex};
use crate::record::{Numbered, Which, with_record};
use crate::torture::Motley;
use anyhow::{Context, Result, bail};
use rustix::process::{Gid, Uid, umask};
use rustix::time::{ClockId, clock_gettime};
use shm_runtime::{Cell, CellWriter, Place, Table, bytes_of, unlink};
use std::io::BufRead;
use std::str::FromStr;
use std::time::Duration;

/// What went wrong, in a word, or the word for what went well.
type Answer = Result<String, String>;

/// A segment of any record.
trait Held {
    fn read(&self) -> Answer;
    fn write(&mut self, number: u64) -> Answer;
    fn is_linked(&self) -> bool;
}

impl<T: Numbered> Held for Cell<T> {
    fn read(&self) -> Answer {
        let snapshot = self.snapshot().map_err(|error| error.word())?;
        let number = snapshot.value.number().map_or(-1, |number| number as i64);
        Ok(format!("read {} {number}", snapshot.version))
    }

    fn write(&mut self, _: u64) -> Answer {
        Err("read-only".into())
    }

    fn is_linked(&self) -> bool {
        self.is_linked()
    }
}

impl<T: Numbered> Held for CellWriter<T> {
    fn read(&self) -> Answer {
        Held::read(&**self)
    }

    fn write(&mut self, number: u64) -> Answer {
        match self.write(&T::of(number)) {
            Ok(version) => Ok(format!("wrote {version}")),
            Err(error) => Err(error.word()),
        }
    }

    fn is_linked(&self) -> bool {
        Held::is_linked(&**self)
    }
}

type Hands = Option<Box<dyn Held>>;

pub(super) fn serve() -> Result<()> {
    let mut hands: Hands = None;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split(' ').collect();
        match answer(&mut hands, &words).with_context(|| line.clone())? {
            Ok(said) | Err(said) => say(&said)?,
        }
    }
    Ok(())
}

fn answer(hands: &mut Hands, words: &[&str]) -> Result<Answer> {
    let held = |hands: &mut Hands| hands.take().context("nothing is held");
    Ok(match *words {
        ["create", which, at, how] => create(hands, which, at, how, "0")?,
        ["create", which, at, how, when] => create(hands, which, at, how, when)?,
        ["attach", which, at] => with_record!(record(which)?, attach(hands, place(at)?)),
        ["watch", which, at, when] => {
            wait_until(when.parse()?);
            with_record!(record(which)?, watch(place(at)?))
        }
        ["read"] => {
            let held = hands.as_ref().context("nothing is held")?;
            held.read()
        }
        ["write", _, number] => {
            let mut writer = held(hands)?;
            let wrote = writer.write(number.parse()?);
            *hands = Some(writer);
            wrote
        }
        ["linked"] => {
            let held = hands.as_ref().context("nothing is held")?;
            Ok(if held.is_linked() {
                "linked"
            } else {
                "not-linked"
            }
            .into())
        }
        ["unlink", at] => match unlink(place(at)?) {
            Ok(()) => Ok("unlinked".into()),
            Err(error) => Err(error.word()),
        },
        ["drop"] => {
            *hands = None;
            Ok("dropped".into())
        }
        ["guard"] => {
            shm_runtime::guard_truncation()?;
            Ok("guarded".into())
        }
        ["judge", "cell", at] => judge(place(at)?),
        ["judge", "table", at] => judge_rows(place(at)?),
        ["become", uid] => become_user(uid.parse()?)?,
        ["umask", mask] => {
            umask(rustix::fs::Mode::from_raw_mode(u32::from_str_radix(
                mask, 8,
            )?));
            Ok("umask".into())
        }
        _ => bail!("no such order"),
    })
}

fn record(which: &str) -> Result<Which> {
    clap::ValueEnum::from_str(which, false).map_err(anyhow::Error::msg)
}

fn place(spelled: &str) -> Result<Place> {
    Spelled::from_str(spelled)?.place()
}

fn create(hands: &mut Hands, which: &str, at: &str, how: &str, when: &str) -> Result<Answer> {
    let (which, at) = (record(which)?, place(at)?);
    wait_until(when.parse()?);
    Ok(with_record!(which, create_as(hands, at, how)))
}

fn create_as<T: Numbered>(hands: &mut Hands, at: Place, how: &str) -> Answer {
    let options = Cell::<T>::options(at);
    let options = match how {
        "go-on" => options.exist_ok(true),
        "replace" => options.replace(true),
        "shared" => options.mode(0o664),
        _ => options,
    };
    let writer = options.create().map_err(|error| error.word())?;
    let won = format!("won {}", writer.version());
    *hands = Some(Box::new(writer));
    Ok(won)
}

fn attach<T: Numbered>(hands: &mut Hands, at: Place) -> Answer {
    let cell = Cell::<T>::attach(at).map_err(|error| error.word())?;
    *hands = Some(Box::new(cell));
    Ok("attached".into())
}

/// Attaches as soon as there is something; it must be whole.
fn watch<T: Numbered>(at: Place) -> Answer {
    loop {
        match Cell::<T>::attach(at.clone()) {
            Ok(cell) => {
                let record = cell.read().map_err(|error| error.word())?;
                let number = record.number().map_or(-1, |number| number as i64);
                return Ok(format!("saw {number}"));
            }
            Err(error) if error.word() == "not-found" => {}
            Err(error) => return Err(error.word()),
        }
    }
}

/// What hostile bytes are read as: an error, or a record to the bit.
fn judge(at: Place) -> Answer {
    let cell = Cell::<Motley>::attach(at).map_err(|error| error.word())?;
    let snapshot = cell.snapshot().map_err(|error| error.word())?;
    let record = snapshot.value;
    // What a program would do next; none of it may fail.
    let _ = (format!("{record:?}"), cell.age(), cell.writer_alive());
    let _ = (cell.info().descriptor(), cell.info().writer());
    let _ = (cell.get(Motley::TEXT), record.at.to_string());
    Ok(format!(
        "read {} {}",
        snapshot.version,
        hex(bytes_of(&record))
    ))
}

/// The same of every row of a table.
fn judge_rows(at: Place) -> Answer {
    let table = Table::<Motley>::attach(at).map_err(|error| error.word())?;
    let mut said = String::from("read");
    for row in table.iter() {
        let snapshot = row.snapshot().map_err(|error| error.word())?;
        let record = hex(bytes_of(&snapshot.value));
        said += &format!(" {} {record}", snapshot.version);
    }
    let all = table.to_vec().map_err(|error| error.word())?;
    let mut again = all.clone();
    table.read_all(&mut again).map_err(|error| error.word())?;
    let same = |(one, other): (&Motley, &Motley)| bytes_of(one) == bytes_of(other);
    match all.iter().zip(&again).all(same) {
        true => Ok(said),
        false => Err("two reads of one table differ".into()),
    }
}

/// Another user from now on; this thread, which is all that does anything.
fn become_user(id: u32) -> Result<Answer> {
    let gid = Gid::from_raw(id);
    rustix::thread::set_thread_groups(&[])?;
    rustix::thread::set_thread_gid(gid)?;
    rustix::thread::set_thread_uid(Uid::from_raw(id))?;
    Ok(Ok("became".into()))
}

/// Nanoseconds of the clock that the parts start by.
pub(crate) fn now_ns() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

/// Until the monotonic clock says so: several start at once.
fn wait_until(at_ns: u64) {
    let left = at_ns.saturating_sub(now_ns() + 300_000);
    std::thread::sleep(Duration::from_nanos(left));
    while now_ns() < at_ns {
        std::hint::spin_loop();
    }
}
