//! Lines as rustfmt breaks them.
//!
//! Names of up to 64 characters meet its rules in more ways than are worth
//! writing down: an item that would need another break says
//! `#[rustfmt::skip]`.

/// Most characters on a line.
pub(crate) const WIDTH: usize = 100;

/// Most characters of arguments that stay on a line.
pub(crate) const ARGUMENTS_WIDTH: usize = 60;

/// Most characters in the brackets of an attribute that stays on a line.
const ATTRIBUTE_WIDTH: usize = 70;

/// `#[name(keys)]`
pub(crate) fn attribute(indent: &str, name: &str, keys: &[String]) -> String {
    let joined = keys.join(", ");
    if joined.len() <= ATTRIBUTE_WIDTH {
        return format!("{indent}#[{name}({joined})]\n");
    }
    let between = format!(",\n{indent}    ");
    let keys = keys.join(&between);
    format!("{indent}#[{name}(\n{indent}    {keys}\n{indent})]\n")
}

/// `head = value;`
pub(crate) fn assignment(indent: &str, head: &str, value: &str) -> String {
    let line = format!("{indent}{head} = {value};\n");
    if fits(&line) {
        return line;
    }
    let below = format!("{indent}{head} =\n{indent}    {value};\n");
    match below.lines().all(fits) {
        true => below,
        false => skipped(indent, &below),
    }
}

/// `head = call(arguments).link(..).link(..);`
pub(crate) fn chain(
    indent: &str,
    head: &str,
    call: &str,
    arguments: &[String],
    links: &[String],
) -> String {
    let arguments = arguments.join(", ");
    let call = format!("{call}({arguments})");
    let item = match links {
        [] => assignment(indent, head, &call),
        [link] if fits(&format!("{indent}    {call}{link};")) => {
            assignment(indent, head, &format!("{call}{link}"))
        }
        _ => {
            let links: String = links
                .iter()
                .map(|link| format!("\n{indent}        {link}"))
                .collect();
            format!("{indent}{head} =\n{indent}    {call}{links};\n")
        }
    };
    let is_plain = arguments.len() <= ARGUMENTS_WIDTH && item.lines().all(fits);
    match is_plain || item.contains(SKIP) {
        true => item,
        false => skipped(indent, &item),
    }
}

/// `path(arguments);`
pub(crate) fn call(indent: &str, path: &str, arguments: &[String]) -> String {
    let joined = arguments.join(", ");
    let line = format!("{indent}{path}({joined});\n");
    match joined.len() <= ARGUMENTS_WIDTH && fits(&line) {
        true => line,
        false => {
            let arguments: String = arguments
                .iter()
                .map(|argument| format!("{indent}    {argument},\n"))
                .collect();
            format!("{indent}{path}(\n{arguments}{indent});\n")
        }
    }
}

/// `on.method(arguments);`
pub(crate) fn method(indent: &str, on: &str, method: &str, arguments: &[String]) -> String {
    let joined = arguments.join(", ");
    let below = format!("{indent}{on}\n{indent}    .{method}({joined});\n");
    let line = call(indent, &format!("{on}.{method}"), arguments);
    match joined.len() <= ARGUMENTS_WIDTH && line.lines().count() > 1 {
        true => below,
        false => line,
    }
}

/// `head(parameters) -> returns { body }`; the body is one statement a line.
pub(crate) fn function(
    indent: &str,
    head: &str,
    parameters: &[&str],
    returns: &str,
    body: &[String],
) -> String {
    let signature = format!(
        "{indent}{head}({}) -> {returns} {{\n",
        parameters.join(", ")
    );
    let signature = match fits(&signature) {
        true => signature,
        false => {
            let parameters: String = parameters
                .iter()
                .map(|parameter| format!("{indent}    {parameter},\n"))
                .collect();
            format!("{indent}{head}(\n{parameters}{indent}) -> {returns} {{\n")
        }
    };
    let body: String = body
        .iter()
        .map(|statement| format!("{indent}    {statement}\n"))
        .collect();
    let item = format!("{signature}{body}{indent}}}\n");
    match item.lines().all(fits) {
        true => item,
        false => skipped(indent, &item),
    }
}

/// `#[deprecated(note = "..")]`
pub(crate) fn deprecated(indent: &str, note: &str) -> String {
    /// Most characters of an attribute's arguments on a line.
    const ATTRIBUTE_WIDTH: usize = 70;
    // Escapes whatever could end the string or not show.
    let argument = format!("note = {note:?}");
    match argument.len() <= ATTRIBUTE_WIDTH {
        true => format!("{indent}#[deprecated({argument})]\n"),
        false => format!("{indent}#[deprecated(\n{indent}    {argument}\n{indent})]\n"),
    }
}

const SKIP: &str = "#[rustfmt::skip]";

fn skipped(indent: &str, item: &str) -> String {
    format!("{indent}{SKIP}\n{item}")
}

fn fits(line: &str) -> bool {
    line.trim_end_matches('\n').chars().count() <= WIDTH
}
