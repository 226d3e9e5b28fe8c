//! Expressions, broken over lines as Python's formatters break them.

/// Where lines are broken, if they can be.
pub(super) const WIDTH: usize = 100;

/// An expression that knows where it may be broken.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Code {
    /// All on one line, whatever its length.
    Text(String),
    /// `head(first, second)`; an argument is broken when its line is too long.
    Call { head: String, args: Vec<Code> },
    /// `first + second`.
    Sum(Vec<String>),
}

impl Code {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn call(head: impl Into<String>, args: impl IntoIterator<Item = Code>) -> Self {
        Self::Call {
            head: head.into(),
            args: args.into_iter().collect(),
        }
    }

    /// `name=value`.
    pub(super) fn keyword(name: &str, value: impl Into<String>) -> Self {
        Self::Text(format!("{name}={}", value.into()))
    }

    /// The statement or entry `before` + the expression + `after`, on a line
    /// that begins with `indent` blanks.
    pub(super) fn line(&self, indent: usize, before: &str, after: &str) -> String {
        let blanks = " ".repeat(indent);
        let flat = format!("{blanks}{before}{}{after}", self.flat());
        if flat.chars().count() <= WIDTH {
            return flat;
        }
        match self {
            Self::Text(_) => flat,
            Self::Call { head, args } => {
                let args = broken(args, indent + 4);
                format!("{blanks}{before}{head}(\n{args}\n{blanks}){after}")
            }
            Self::Sum(terms) => {
                let inner = " ".repeat(indent + 4);
                let terms = terms.join(&format!("\n{inner}+ "));
                format!("{blanks}{before}(\n{inner}{terms}\n{blanks}){after}")
            }
        }
    }

    pub(super) fn flat(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Call { head, args } => format!("{head}({})", joined(args)),
            Self::Sum(terms) => terms.join(" + "),
        }
    }
}

fn joined(args: &[Code]) -> String {
    let args: Vec<String> = args.iter().map(Code::flat).collect();
    args.join(", ")
}

/// All on one line when they fit, otherwise each on its own.
fn broken(args: &[Code], indent: usize) -> String {
    let line = format!("{}{}", " ".repeat(indent), joined(args));
    if line.chars().count() <= WIDTH {
        return line;
    }
    let lines: Vec<String> = args.iter().map(|a| a.line(indent, "", ",")).collect();
    lines.join("\n")
}

/// A method for type checkers alone, in a class or a block of one.
pub(super) fn stub(name: &str, parameters: &[&str], result: &str) -> String {
    let line = format!(
        "        def {name}({}) -> {result}: ...",
        parameters.join(", ")
    );
    if line.chars().count() <= WIDTH {
        return line;
    }
    let parameters: String = parameters
        .iter()
        .map(|parameter| format!("            {parameter},\n"))
        .collect();
    format!("        def {name}(\n{parameters}        ) -> {result}: ...")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(length: usize) -> Code {
        Code::call("f", [Code::text("a".repeat(length)), Code::text("b")])
    }

    #[test]
    fn what_fits_stays_on_its_line() {
        assert_eq!(call(3).line(4, "x = ", ""), "    x = f(aaa, b)");
        assert_eq!(call(86).line(4, "x = ", "").chars().count(), WIDTH);
    }

    #[test]
    fn what_does_not_fit_is_broken_once_and_then_at_each_argument() {
        let a = "a".repeat(90);
        assert_eq!(
            call(90).line(0, "x = 12345 + ", ""),
            format!("x = 12345 + f(\n    {a}, b\n)")
        );
        let a = "a".repeat(95);
        assert_eq!(
            call(95).line(0, "", ","),
            format!("f(\n    {a},\n    b,\n),")
        );
    }

    #[test]
    fn a_sum_is_broken_before_its_signs() {
        let terms = vec!["a".repeat(60), "b".repeat(60)];
        let text = Code::Sum(terms.clone()).line(0, "x = ", "");
        assert_eq!(
            text,
            format!("x = (\n    {}\n    + {}\n)", terms[0], terms[1])
        );
    }
}
