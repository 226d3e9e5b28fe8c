//! Names that are none, and files that are no segment.

use super::{clerks, refused};
use crate::place::Spelled;
use crate::skip::skip;
use crate::stage::Stage;
use crate::torture::Page;
use anyhow::{Result, ensure};
use rustix::fs::{CWD, FileType, Mode, mknodat};
use shm_runtime::Cell;
use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;

/// What each operation on a file that is no segment may say.
const NO_SEGMENT: &[&str] = &["not-a-segment", "already-exists", "io"];

/// Makes a file that is no segment.
type Make<'a> = &'a dyn Fn(&Path) -> Result<()>;

/// Links, folders, pipes, sockets and devices under our name.
pub(super) fn kinds(stage: &Stage) -> Result<String> {
    let target = stage.path("target");
    drop(Cell::<Page>::create(&target)?);
    let path = stage.path("odd");
    let device = |kind, number| {
        move |path: &Path| -> Result<()> {
            Ok(mknodat(CWD, path, kind, Mode::RUSR | Mode::WUSR, number)?)
        }
    };
    let null = rustix::fs::makedev(1, 3);
    let kinds: [(&str, Make); 8] = [
        ("a link", &|path| Ok(symlink(&target, path)?)),
        ("a link to nothing", &|path| Ok(symlink("/nowhere", path)?)),
        ("a link to itself", &|path| Ok(symlink(path, path)?)),
        ("a folder", &|path| Ok(fs::create_dir(path)?)),
        ("a pipe", &device(FileType::Fifo, 0)),
        ("a socket", &|path| {
            UnixListener::bind(path)?;
            Ok(())
        }),
        ("a device", &device(FileType::CharacterDevice, null)),
        ("garbage", &|path| Ok(fs::write(path, [0xff; 4096])?)),
    ];
    let place = Spelled::path(&path);
    let mut clerks = clerks(stage)?;
    let (mut refusals, mut tried) = (0, 0);
    let mut skipped = String::new();
    for (kind, make) in kinds {
        if let Err(error) = make(&path) {
            skipped = format!("; {}", skip(kind, &error.to_string()));
            continue;
        }
        let before = path.symlink_metadata()?.ino();
        for (_, clerk) in &mut clerks {
            for order in [
                "attach page @",
                "create page @ plain",
                "create page @ go-on",
            ] {
                refusals += refused(clerk, &order.replace('@', place.as_str()), NO_SEGMENT)?;
            }
            for order in ["create page @ replace", "unlink @", "judge cell @"] {
                refusals += refused(clerk, &order.replace('@', place.as_str()), NO_SEGMENT)?;
            }
        }
        let after = path.symlink_metadata()?;
        ensure!(after.ino() == before, "{kind} was replaced");
        match after.is_dir() {
            true => fs::remove_dir(&path)?,
            false => fs::remove_file(&path)?,
        }
        tried += 1;
    }
    drop(Cell::<Page>::attach(&target)?);
    Ok(format!(
        "{tried} kinds of file that are no segment: {refusals} of {refusals} operations refused in \
         both languages, each left as it was{skipped}"
    ))
}

/// Names that must be refused before any system call.
pub(super) fn bad(stage: &Stage) -> Result<String> {
    let mut names: Vec<String> = [
        "",
        ".",
        "..",
        "...",
        "/",
        "//",
        "a/b",
        "/a",
        "a/",
        "../a",
        "a/../b",
        "a..b",
        "a..",
        "..a",
        ".a",
        "-",
        "-a",
        "-rf",
        "--",
        "_a",
        "_",
        "1",
        "1a",
        "0x1",
        " ",
        " a",
        "a ",
        "a b",
        "\t",
        "a\t",
        "\n",
        "a\n",
        "\na",
        "a\r",
        "\r\n",
        "\0",
        "a\0",
        "\0a",
        "a\0b",
        "a:b",
        "a;b",
        "a|b",
        "a&b",
        "a$b",
        "$a",
        "${a}",
        "`a`",
        "a*",
        "*",
        "a?",
        "a[b]",
        "~",
        "~a",
        "a~",
        "a#",
        "#a",
        "a%s",
        "%n",
        "a\\b",
        "a'b",
        "a\"b",
        "a<b",
        "a>b",
        "a=b",
        "a,b",
        "a@b",
        "a!",
        "a(b)",
        "{a}",
        "\u{e4}",
        "a\u{e4}",
        "\u{430}",
        "a\u{301}",
        "\u{1f600}",
        "a\u{200b}",
        "\u{feff}a",
        "\u{ff41}",
        "a\u{2215}b",
        "a\u{2024}b",
        "\u{202e}a",
        "\u{7f}",
        "a\u{7f}",
        "\u{1}",
        "a\u{80}",
    ]
    .map(str::to_owned)
    .into();
    names.push("a".repeat(201));
    names.push("a".repeat(255));
    names.push("a".repeat(256));
    names.push("a".repeat(10_000));
    let mut refusals = 0;
    for (_, clerk) in &mut clerks(stage)? {
        for name in &names {
            let place = Spelled::name(name);
            for order in ["attach page @", "create page @ replace", "unlink @"] {
                let order = order.replace('@', place.as_str());
                refusals += refused(clerk, &order, &["bad-name"])?;
            }
        }
    }
    Ok(format!(
        "{} bad names: {refusals} of {refusals} operations refused in both languages",
        names.len()
    ))
}

/// The longest and the oddest names that are allowed: refusing everything
/// would pass the test above.
pub(super) fn good(stage: &Stage) -> Result<String> {
    let prefix = format!("shm-torture.{}.", std::process::id());
    let longest = format!("{prefix}{}", "x".repeat(200 - prefix.len()));
    let names = [longest, format!("{prefix}A-_9.z"), format!("{prefix}-")];
    let mut made = 0;
    for (_, clerk) in &mut clerks(stage)? {
        for name in &names {
            let place = Spelled::name(name);
            clerk.expect(&format!("create page {} plain", place.as_str()), "won 0")?;
            ensure!(Path::new("/dev/shm").join(name).exists(), "no `{name}`");
            clerk.expect("drop", "dropped")?;
            clerk.expect(&format!("unlink {}", place.as_str()), "unlinked")?;
            made += 1;
        }
    }
    Ok(format!(
        "{made} of {made} creates under odd names that are allowed"
    ))
}
