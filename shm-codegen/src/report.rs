//! Problems as text, for people and for the programs that show them.

use shm_schema::{Diagnostic, Style};

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

/// A problem's parts, the same for every kind; the line-based formats are made
/// of these.
struct Parts {
    file: String,
    /// Line and column, counted from 1.
    place: Option<(u32, u32)>,
    code: &'static str,
    message: String,
    helps: Vec<String>,
}

impl Problem {
    /// Ends in a newline.
    pub fn render(&self, format: Format, style: Style) -> String {
        match (format, self) {
            (Format::Human, Self::Schema(report)) => report.render(style),
            (Format::Human, _) => self.parts().iter().map(|part| part.human(style)).collect(),
            (Format::Short, _) => self.parts().iter().map(Parts::short).collect(),
            (Format::Json, _) => self.parts().iter().map(Parts::json).collect(),
            (Format::Github, _) => self.parts().iter().map(Parts::github).collect(),
        }
    }

    fn parts(&self) -> Vec<Parts> {
        let Self::Schema(report) = self else {
            return vec![self.part()];
        };
        let part = |d: &Diagnostic| Parts {
            file: report.file().to_owned(),
            place: Some((d.at.line, d.at.column)),
            code: d.code.as_str(),
            message: d.message.clone(),
            helps: d.helps.clone(),
        };
        report.iter().map(part).collect()
    }

    fn part(&self) -> Parts {
        let (file, place, code) = match self {
            Self::Schema(report) => (report.file().to_owned(), None, "schema"),
            Self::Refused { file, refusal } => {
                let place = refusal.at().map(|at| (at.line, at.column));
                (file.clone(), place.filter(|(line, _)| *line > 0), "refused")
            }
            Self::Unreadable { path, .. } => (path.display().to_string(), None, "unreadable"),
            Self::OutsideRoot { path, .. } => (path.display().to_string(), None, "outside-root"),
            Self::File(_) => (String::new(), None, "file"),
            Self::NoStruct { file, .. } => (file.clone(), None, "no-struct"),
            Self::NoCode(_) => (String::new(), None, "no-code"),
        };
        let helps = self.hint().into_iter().collect();
        Parts {
            file,
            place,
            code,
            message: self.sentence(),
            helps,
        }
    }
}

impl Parts {
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
        format!("{place}error[{}]: {}\n", self.code, self.message)
    }

    fn json(&self) -> String {
        let (line, column) = self.place.unzip();
        let value = serde_json::json!({
            "file": self.file,
            "line": line,
            "column": column,
            "code": self.code,
            "message": self.message,
            "helps": self.helps,
        });
        format!("{value}\n")
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
        let message: Vec<&str> = [&self.message]
            .into_iter()
            .chain(&self.helps)
            .map(String::as_str)
            .collect();
        format!(
            "::error {}::{}\n",
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
