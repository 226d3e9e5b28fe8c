//! What is told on the error stream, and how it is drawn.

use std::io::{self, Write};

use shm_codegen::problem::Problem;
use shm_codegen::report::{self, Format};
use shm_schema::{Report, Style};

/// How messages are drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Messages {
    format: Format,
    style: Style,
}

impl Messages {
    pub(crate) fn new(format: Format, style: Style) -> Self {
        Self { format, style }
    }

    /// What is worth a look, file by file.
    pub(crate) fn reports(self, reports: &[Report]) -> String {
        let texts = reports.iter();
        self.joined(texts.map(|report| report::render(report, self.format, self.style)))
    }

    /// What stopped a command.
    pub(crate) fn problems(self, problems: &[Problem]) -> String {
        let texts = problems.iter();
        self.joined(texts.map(|problem| problem.render(self.format, self.style)))
    }

    /// Why a command fails that has told what it found.
    pub(crate) fn closing(self, text: &str) -> String {
        report::closing(text, self.format)
    }

    /// An empty line sets messages for people apart.
    pub(crate) fn separator(self) -> &'static str {
        if self.format == Format::Human {
            "\n"
        } else {
            ""
        }
    }

    /// When even that fails there is nobody left to tell.
    pub(crate) fn tell(self, text: &str) {
        let _ = io::stderr().write_all(text.as_bytes());
    }

    /// One text after the other.
    fn joined(self, texts: impl Iterator<Item = String>) -> String {
        texts.collect::<Vec<_>>().join(self.separator())
    }
}
