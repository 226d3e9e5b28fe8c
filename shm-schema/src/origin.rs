//! Schemas that were written in another language, such as Rust: what is said
//! of them points at that text, not at the YAML made of it.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Errors};
use crate::layout::{Layout, Member};
use crate::position::Position;
use crate::report::Report;
use crate::sources::Sources;

/// The text that a schema was made of.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    /// As messages name the file.
    pub file: &'a str,
    /// All of it.
    pub text: &'a str,
    /// For each line of the YAML, the bytes of the text that it says; they lie
    /// between characters.
    pub places: &'a [Range<usize>],
}

/// [`compile_from`](crate::compile_from) of YAML that was made of another text:
/// positions are in that text, and it is what messages show.
///
/// # Errors
///
/// As of [`compile_from`](crate::compile_from).
pub fn compile_origin(
    path: &str,
    yaml: &[u8],
    sources: &dyn Sources,
    origin: &Origin<'_>,
) -> Result<Layout, Errors> {
    let made = sources.shown(path);
    let origin = Moved::new(origin);
    let mut layout = crate::compile_from(path, yaml, sources).map_err(|errors| {
        let reports = errors.into_reports().into_iter();
        let moved = |report: Report| match report.file() == made {
            true => origin.report(&report),
            false => report,
        };
        Errors::new(reports.map(moved).collect())
    })?;
    origin.file.clone_into(&mut layout.file);
    layout.warnings = origin.report(&layout.warnings);
    origin.layout(&mut layout);
    Ok(layout)
}

/// The places of an origin, found once.
struct Moved<'a> {
    file: &'a str,
    text: &'a str,
    /// For each line of the YAML.
    positions: Vec<Position>,
}

impl<'a> Moved<'a> {
    fn new(origin: &Origin<'a>) -> Self {
        let text = origin.text;
        let starts = text.match_indices('\n').map(|(i, _)| i + 1);
        let starts: Vec<usize> = [0].into_iter().chain(starts).collect();
        // `Position::of` counts from where its text starts: here, at the line.
        let position = |place: &Range<usize>| {
            let line = starts.partition_point(|&start| start <= place.start);
            let start = starts[line - 1];
            let position = Position::of(&text[start..], place.start - start, place.end - start);
            Position {
                start: place.start,
                end: place.end,
                line: u32::try_from(line).unwrap_or(u32::MAX),
                ..position
            }
        };
        Self {
            file: origin.file,
            text,
            positions: origin.places.iter().map(position).collect(),
        }
    }

    fn at(&self, made: Position) -> Position {
        // Line 0 is of a text too large to look at; YAML starts at 1.
        let line = (made.line as usize).saturating_sub(1);
        self.positions.get(line).copied().unwrap_or_default()
    }

    fn report(&self, report: &Report) -> Report {
        let moved = report.iter().map(|d| Diagnostic {
            at: self.at(d.at),
            others: d
                .others
                .iter()
                .map(|(at, text)| (self.at(*at), text.clone()))
                .collect(),
            ..d.clone()
        });
        Report::new(self.file, self.text, moved.collect())
    }

    /// The types of imports keep their places: these are in other files.
    fn layout(&self, layout: &mut Layout) {
        use crate::layout::Home::Own;
        let mut places = vec![&mut layout.package_at, &mut layout.version_at];
        places.extend(layout.constants.iter_mut().map(|c| &mut c.at));
        for e in layout.enums.iter_mut().filter(|e| e.home == Own) {
            places.push(&mut e.at);
            places.extend(e.values.iter_mut().map(|value| &mut value.at));
        }
        for f in layout.flags.iter_mut().filter(|f| f.home == Own) {
            places.push(&mut f.at);
            places.extend(f.bits.iter_mut().map(|bit| &mut bit.at));
        }
        for s in layout.structs.iter_mut().filter(|s| s.home == Own) {
            places.push(&mut s.at);
            for member in &mut s.members {
                match member {
                    Member::Field(field) => places.extend([&mut field.at, &mut field.type_at]),
                    Member::Reserved(gap) | Member::Pad(gap) => places.push(&mut gap.at),
                }
            }
        }
        places.extend(layout.segments.iter_mut().map(|s| &mut s.at));
        for at in places {
            *at = self.at(*at);
        }
    }
}
