//! Problems as text, for people and for the programs that show them.

use shm_import::Findings;
use shm_schema::evolution::{Finding, Place};
use shm_schema::{Diagnostic, Position, Report, Severity, Style};

use crate::problem::Problem;

/// How problems are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// With the line of the schema and a caret below.
    #[default]
    Human,
    /// One line each.
    Short,
    /// One JSON object a line.
    Json,
    /// Annotations for a GitHub workflow.
    Github,
}

/// Of what cannot be imported.
const FOREIGN: &str = "import";

/// A problem's parts, the same for every kind; the line-based formats are made
/// of these.
struct Parts {
    severity: Severity,
    file: String,
    /// Line and column, counted from 1.
    place: Option<(u32, u32)>,
    code: &'static str,
    message: String,
    /// What stands under the caret.
    label: String,
    /// Other places that matter, each with its file and what to say of it.
    others: Vec<(String, (u32, u32), String)>,
    notes: Vec<String>,
    helps: Vec<String>,
}

/// What there is to say of a file. Ends in a newline unless there is nothing.
pub fn render(report: &Report, format: Format, style: Style) -> String {
    let parts = || report.iter().map(|d| Parts::of(report.file(), d));
    match format {
        Format::Human => report.render(style),
        Format::Short => parts().map(|part| part.short()).collect(),
        Format::Json => parts().map(|part| part.json()).collect(),
        Format::Github => parts().map(|part| part.github()).collect(),
    }
}

/// The same of a file that is no schema.
fn foreign(findings: &Findings, format: Format, style: Style) -> String {
    let parts = findings.iter().map(|(finding, place)| Parts {
        severity: Severity::Error,
        file: findings.file().to_owned(),
        place: Some(place),
        code: FOREIGN,
        message: finding.message.clone(),
        label: String::new(),
        others: Vec::new(),
        notes: Vec::new(),
        helps: finding.helps.clone(),
    });
    match format {
        Format::Human => findings.render(style),
        Format::Short => parts.map(|part| part.short()).collect(),
        Format::Json => parts.map(|part| part.json()).collect(),
        Format::Github => parts.map(|part| part.github()).collect(),
    }
}

/// A finding as an object of [`Format::Json`].
pub(crate) fn finding(finding: &Finding) -> serde_json::Value {
    Parts::across(finding).value()
}

/// A finding as a line of [`Format::Github`].
pub(crate) fn annotation(finding: &Finding) -> String {
    Parts::across(finding).github()
}

/// What is worth knowing and nobody's fault, as a line of [`Format::Github`].
pub(crate) fn notice(place: &Place, title: &str, message: &str) -> String {
    let (line, column) = (place.at.line, place.at.column);
    let file = escape_property(place.file());
    let message = escape_data(message);
    format!("::notice title={title},file={file},line={line},col={column}::{message}\n")
}

/// The last word of a command that has found something: why it fails, and what
/// to do. Ends in a newline.
pub fn closing(text: &str, format: Format) -> String {
    match format {
        // What was found has its annotations; one more would count as one more.
        Format::Human | Format::Short | Format::Github => format!("{text}\n"),
        Format::Json => {
            let parts = Parts {
                severity: Severity::Error,
                file: String::new(),
                place: None,
                code: "findings",
                message: text.to_owned(),
                label: String::new(),
                others: Vec::new(),
                notes: Vec::new(),
                helps: Vec::new(),
            };
            parts.json()
        }
    }
}

impl Problem {
    /// Ends in a newline.
    pub fn render(&self, format: Format, style: Style) -> String {
        match (self, format) {
            (Self::Schema(report), _) => render(report, format, style),
            (Self::Foreign(findings), _) => foreign(findings, format, style),
            (Self::Breaking(finding), Format::Human) => finding.render(style),
            (_, Format::Human) => self.part().human(style),
            (_, Format::Short) => self.part().short(),
            (_, Format::Json) => self.part().json(),
            (_, Format::Github) => self.part().github(),
        }
    }

    fn part(&self) -> Parts {
        let (file, place, code) = match self {
            Self::Breaking(finding) => return Parts::across(finding),
            Self::Schema(report) => (report.file().to_owned(), None, "schema"),
            Self::Foreign(findings) => (findings.file().to_owned(), None, FOREIGN),
            Self::NoLanguage(path) => (path.display().to_string(), None, FOREIGN),
            Self::Refused { file, refusal } => {
                let place = refusal.at().map(|at| (at.line, at.column));
                (file.clone(), place.filter(|(line, _)| *line > 0), "refused")
            }
            Self::Unreadable { path, .. } => (path.display().to_string(), None, "unreadable"),
            Self::OutsideRoot { path, .. } => (path.display().to_string(), None, "outside-root"),
            Self::NoSchema(path) => (path.display().to_string(), None, "no-schema"),
            Self::Output(_) => (String::new(), None, "output"),
            Self::Git(_) => (String::new(), None, "git"),
            Self::File(_) => (String::new(), None, "file"),
            Self::NoStruct { file, .. } => (file.clone(), None, "no-struct"),
            Self::More(_) => (String::new(), None, "more"),
            Self::NoPackage { .. } => (String::new(), None, "no-package"),
            Self::Unformatted(path) => (path.display().to_string(), None, "unformatted"),
            Self::Template(_) => (String::new(), None, "template"),
            Self::Watch(_) => (String::new(), None, "watch"),
            Self::NoOutDir => (String::new(), None, "out-dir"),
            Self::NoCode(_) => (String::new(), None, "no-code"),
        };
        let helps = self.hint().into_iter().collect();
        Parts {
            severity: Severity::Error,
            file,
            place,
            code,
            message: self.sentence(),
            label: String::new(),
            others: Vec::new(),
            notes: Vec::new(),
            helps,
        }
    }
}

impl Parts {
    fn of(file: &str, d: &Diagnostic) -> Self {
        let place = |at: Position| (at.line, at.column);
        Parts {
            severity: d.severity(),
            file: file.to_owned(),
            // A file too large to be read has no place in it.
            place: Some(place(d.at)).filter(|(line, _)| *line > 0),
            code: d.code.as_str(),
            message: d.message.clone(),
            label: d.label.clone(),
            others: d
                .others
                .iter()
                .map(|(at, text)| (file.to_owned(), place(*at), text.clone()))
                .collect(),
            notes: d.notes.clone(),
            helps: d.helps.clone(),
        }
    }

    fn across(finding: &Finding) -> Self {
        let mut parts = Parts::of(finding.file(), &finding.diagnostic);
        let before = &finding.before;
        parts.others.push((
            before.file().to_owned(),
            (before.at.line, before.at.column),
            finding.before_label.clone(),
        ));
        parts
    }

    fn human(&self, style: Style) -> String {
        let error = match style {
            Style::Plain => "error:".to_owned(),
            Style::Colour => "\x1b[1;31merror\x1b[0m:".to_owned(),
        };
        let mut text = format!("{error} {}\n", self.message);
        if let Some((line, column)) = self.place {
            text.push_str(&format!(" --> {}:{line}:{column}\n", self.file));
        }
        for help in &self.helps {
            text.push_str(&format!("  = help: {help}\n"));
        }
        text
    }

    fn short(&self) -> String {
        let place = match self.place {
            Some((line, column)) => format!("{}:{line}:{column}: ", self.file),
            None => String::new(),
        };
        let severity = self.severity.as_str();
        format!("{place}{severity}[{}]: {}\n", self.code, self.message)
    }

    fn json(&self) -> String {
        format!("{}\n", self.value())
    }

    fn value(&self) -> serde_json::Value {
        let (line, column) = self.place.unzip();
        let others = self.others.iter().map(|(file, (line, column), label)| {
            serde_json::json!({ "file": file, "line": line, "column": column, "label": label })
        });
        serde_json::json!({
            "severity": self.severity.as_str(),
            "file": self.file,
            "line": line,
            "column": column,
            "code": self.code,
            "message": self.message,
            "label": self.label,
            "others": others.collect::<Vec<_>>(),
            "notes": self.notes,
            "helps": self.helps,
        })
    }

    /// <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>
    fn github(&self) -> String {
        let mut properties = vec![format!("title={}", self.code)];
        if !self.file.is_empty() {
            properties.push(format!("file={}", escape_property(&self.file)));
        }
        if let Some((line, column)) = self.place {
            properties.push(format!("line={line},col={column}"));
        }
        let message: Vec<&str> = [&self.message, &self.label]
            .into_iter()
            .chain(&self.notes)
            .chain(&self.helps)
            .map(String::as_str)
            .filter(|line| !line.is_empty())
            .collect();
        format!(
            "::{} {}::{}\n",
            self.severity.as_str(),
            properties.join(","),
            escape_data(&message.join("\n"))
        )
    }
}

fn escape_data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}
