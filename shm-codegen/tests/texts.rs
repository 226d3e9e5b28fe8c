//! A schema's texts and names in every language: refused by a code, or they
//! change nothing but comments and literals. Each schema has a twin that says
//! harmless things in as many words; without their texts the two come to the
//! same program.

mod common;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::str::FromStr;

use common::{COMPILERS, Ended, compile, events, has, scratch, tags};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use shm_codegen::{Options, Output, Target, stamp};
use shm_schema::{Code, Layout};

/// What has ended a literal, a comment or an element somewhere, or begun one.
const BREAKERS: [&str; 44] = [
    "\"\"\"",
    "'''",
    "\"",
    "'",
    "\\",
    "\\\\",
    "\\\"\"\"",
    "\\N{DOLLAR SIGN}",
    "\\N{no such thing}",
    "\\x41\\u0041\\101\\xg",
    "*/",
    "/*",
    "//",
    "/**/",
    "??/",
    "]]",
    ")]",
    "\"#",
    "\"###",
    "r#\"",
    "</script>",
    "-->",
    "]]>",
    "${HOME}",
    "$(touch CANARY)",
    "`touch CANARY`",
    "{x}",
    "{{x}}",
    "{% raw %}",
    "%s%n",
    "#",
    "#error x",
    "b\"\"",
    "\u{1f980}\u{661}",
    "\0",
    "\r",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{85}",
    "\u{2028}",
    "\u{202e}",
    "\u{2066}",
    "\u{feff}",
    "\u{200b}\u{ad}",
];

/// Python that leaves a file behind where it runs.
const TOUCH: &str = "__import__('pathlib').Path('CANARY').touch()";

/// Names that mean something in one of the languages.
const WORDS: [&str; 24] = [
    "class",
    "def",
    "None",
    "self",
    "Self",
    "fn",
    "type",
    "crate",
    "super",
    "int",
    "static",
    "union",
    "async",
    "match",
    "print",
    "str",
    "import",
    "__init__",
    "__class__",
    "_x",
    "main",
    "assert",
    "NULL",
    "ctypes",
];

/// Where a schema has a name of its own choice.
const NAMED: [&str; 9] = [
    "package", "LEN", "Side", "Bid", "Marks", "Old", "Quote", "px", "best",
];

/// What stands around a breaker: nothing, or what would run if it broke.
fn texts() -> impl Iterator<Item = String> {
    BREAKERS.iter().flat_map(|breaker| {
        [
            (*breaker).to_owned(),
            format!("ends in {breaker}"),
            format!("a{breaker}; {TOUCH} #"),
            format!("a {breaker}\n{TOUCH}\n\n    {breaker}\n{TOUCH}"),
            format!("{breaker} compile_error!(\"x\");\n#error x\nint x = ; {breaker}{breaker}"),
        ]
    })
}

/// A text of the same lines and words that nothing could mind.
fn harmless(text: &str) -> String {
    let letter = |c: char| if c.is_whitespace() { c } else { 'x' };
    text.chars().map(letter).collect()
}

/// A schema that says `text` wherever it may say something, of a segment that
/// lies at `path`.
fn schema(package: &str, text: &str, path: &str) -> String {
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    let unit = quoted(&text.replace('\n', " "));
    let (text, path) = (quoted(text), quoted(path));
    format!(
        "shm: 1
package: {package}
version: 2
doc: {text}
constants: [{{ name: LEN, type: u32, value: 3, doc: {text} }}]
enums: [{{ name: Side, repr: u8, doc: {text}, values: [{{ name: Bid, value: 1, doc: {text} }}] }}]
flags: [{{ name: Marks, repr: u8, doc: {text}, bits: [{{ name: Old, bit: 1, doc: {text} }}] }}]
structs:
  - name: Quote
    doc: {text}
    fields:
      - {{ name: px, type: f64, unit: {unit}, deprecated: {text}, doc: {text} }}
      - {{ name: side, type: Side, unit: {unit}, doc: {text} }}
      - {{ name: marks, type: Marks, doc: {text} }}
      - {{ name: ticks, type: u16, scale: 0.5, sentinel: 0, range: [0, 9], unit: {unit}, doc: {text} }}
      - {{ name: room, reserved: 4, doc: {text} }}
segments:
  - {{ name: best, kind: cell, of: Quote, doc: {text} }}
  - {{ name: theirs, kind: cell, of: Quote, foreign: true, path: {path}, sync: none, doc: {text} }}
"
    )
}

/// What a schema came to, and its twin if it has one.
struct Pair {
    /// Of the package.
    name: String,
    /// As the test tells of it.
    text: String,
    layout: Layout,
    twin: Option<Layout>,
}

impl Pair {
    fn written(&self, target: Target) -> Written<'_> {
        let made = |layout: &Layout| target.generate(layout, &Options::default()).unwrap();
        Written {
            pair: self,
            ours: made(&self.layout),
            twins: self.twin.iter().flat_map(made).collect(),
        }
    }

    fn twin_name(&self) -> String {
        self.name.replacen('h', "t", 1)
    }

    /// Without its texts, the twin's would be ours.
    #[track_caller]
    fn same<T: PartialEq + std::fmt::Debug>(&self, ours: T, twins: T) {
        assert!(ours == twins, "{:?}:\n{ours:?}\n{twins:?}", self.text);
    }

    /// The twin's text as if it were of our package.
    fn renamed(&self, twin: &str) -> String {
        let (ours, twins) = (&self.name, self.twin_name());
        let twin = twin.replace(&twins, ours);
        twin.replace(&twins.to_uppercase(), &ours.to_uppercase())
    }
}

/// What a pair came to in a language.
struct Written<'a> {
    pair: &'a Pair,
    ours: Vec<Output>,
    twins: Vec<Output>,
}

/// A schema of hostile texts and its twin; none for one that is refused.
fn pair(number: usize, text: &str, path: &str) -> Option<Pair> {
    let unseen = [Code::Nul, Code::ControlCharacter, Code::DirectionOverride];
    let name = format!("h{number:03}");
    // A hostile file name too: a generated file tells what it is made of.
    let file = format!("{text}{path}.yaml");
    match shm_schema::compile(&file, schema(&name, text, path).as_bytes()) {
        Ok(layout) => {
            let path = format!("/{}", harmless(&path[1..]));
            let twin = schema(&format!("t{number:03}"), &harmless(text), &path);
            let twin = shm_schema::compile("twin.yaml", twin.as_bytes()).unwrap();
            let text = format!("{text}{path}");
            let twin = Some(twin);
            Some(Pair {
                name,
                text,
                layout,
                twin,
            })
        }
        Err(errors) => {
            let codes: Vec<Code> = errors.iter().map(|error| error.code).collect();
            let known = |code| unseen.contains(code) || (text == "x" && *code == Code::BadPath);
            assert!(codes.iter().all(known), "{text:?} {path:?}: {codes:?}");
            None
        }
    }
}

/// A schema in which something is named by a word; none when that is refused.
fn odd(number: usize, named: &str, word: &str) -> Option<Pair> {
    let name = format!("h{number:03}");
    let quoted = serde_json::to_string(word).unwrap();
    let mut text = schema(&name, "x", "/x");
    let (key, old, name) = match named {
        "package" => ("package", name, word.to_owned()),
        _ => ("name", named.to_owned(), name),
    };
    // Where it is made, and where it is used.
    for key in [key, "type", "of"] {
        for end in [",", "\n", " "] {
            let new = format!("{key}: {quoted}{end}");
            text = text.replace(&format!("{key}: {old}{end}"), &new);
        }
    }
    let layout = shm_schema::compile("name.yaml", text.as_bytes());
    let text = format!("{named} named {word:?}");
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
    assert!(layout.is_err() || word.chars().all(fits), "{text}");
    let layout = layout.ok()?;
    // A language may refuse it too.
    let fits = |target: &Target| target.generate(&layout, &Options::default()).is_ok();
    let fits = Target::ALL.iter().all(fits);
    fits.then_some(Pair {
        name,
        text,
        layout,
        twin: None,
    })
}

/// Every schema that is not refused, and how many are.
fn pairs() -> (Vec<Pair>, usize) {
    let (mut pairs, mut refused) = (Vec::new(), 0);
    let mut take = |pair: &dyn Fn(usize) -> Option<Pair>| match pair(pairs.len()) {
        Some(pair) => pairs.push(pair),
        None => refused += 1,
    };
    for text in texts() {
        take(&|number| pair(number, &text, "/x"));
        take(&|number| pair(number, "x", &format!("/{}", text.replace('\n', " "))));
    }
    for named in NAMED {
        for word in BREAKERS.into_iter().chain(WORDS) {
            take(&|number| odd(number, named, word));
        }
    }
    (pairs, refused)
}

#[test]
#[allow(clippy::print_stderr)] // the count
fn no_text_and_no_name_of_a_schema_becomes_code() {
    let (pairs, refused) = pairs();
    let texts = pairs.iter().filter(|pair| pair.twin.is_some()).count();
    assert!(texts > 150 && refused > 300, "{texts} {refused}");
    for target in Target::ALL {
        let directory = scratch();
        let at = directory.path();
        let all: Vec<Written<'_>> = pairs.iter().map(|pair| pair.written(target)).collect();
        for output in all.iter().flat_map(|w| w.ours.iter().chain(&w.twins)) {
            fs::write(at.join(&output.path), &output.text).unwrap();
        }
        // A language without a line here does not compile.
        match target {
            Target::Python => python(at, &all),
            Target::Rust => rust(&all),
            Target::C => c(at, &all),
            Target::Cython => cython(&all),
            Target::Docs => docs(&all),
        }
        assert!(!at.join("CANARY").exists(), "{target:?}");
    }
    eprintln!(
        "{refused} schemas refused, {texts} of hostile texts and {} of odd names written out in {} languages",
        pairs.len() - texts,
        Target::ALL.len()
    );
}

/// Imports each module, and compares the syntax trees without their constants.
const IMPORT: &str = "
import ast, importlib, json
def skeleton(path):
    tree = ast.parse(open(path, encoding='utf-8').read())
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            node.value = type(node.value).__name__
    return ast.dump(tree)
for ours, twin in json.load(open('pairs')):
    importlib.import_module(ours)
    if twin:
        same = skeleton(ours + '.py') == skeleton(twin + '.py').replace(twin, ours)
        assert same, ours
";

fn python(at: &Path, all: &[Written<'_>]) {
    if !has("python3", "no_text_and_no_name_of_a_schema_becomes_code") {
        return;
    }
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("python");
    let run = |program: &str| {
        let mut python = Command::new("python3");
        python.current_dir(at).args(["-c", program]);
        Ended::of(
            python
                .env("PYTHONPATH", &runtime)
                .env("SHM_BACKEND", "pure"),
        )
    };
    run(TOUCH).exits(0);
    fs::remove_file(at.join("CANARY")).expect("the canary sings when it is let");
    let names = all.iter().map(|Written { pair, ours, .. }| {
        let twin = pair.twin.as_ref().map(|_| pair.twin_name());
        (ours[0].path.trim_end_matches(".py").to_owned(), twin)
    });
    let names: Vec<(String, Option<String>)> = names.collect();
    fs::write(at.join("pairs"), serde_json::to_string(&names).unwrap()).unwrap();
    run(IMPORT).exits(0);
}

fn rust(all: &[Written<'_>]) {
    let tokens = |text: &str| {
        syn::parse_file(text).expect("Rust");
        let mut tokens = Vec::new();
        skeleton(TokenStream::from_str(text).unwrap(), &mut tokens);
        tokens
    };
    for Written { pair, ours, twins } in all {
        let ours = ours.iter().map(|output| tokens(&output.text));
        let ours: Vec<Vec<String>> = ours.collect();
        assert!(ours.iter().any(|tokens| !tokens.is_empty()));
        for (ours, twin) in ours.into_iter().zip(twins) {
            pair.same(ours, tokens(&pair.renamed(&twin.text)));
        }
    }
}

/// The tokens of Rust without docs, and without what literals say.
fn skeleton(stream: TokenStream, out: &mut Vec<String>) {
    for token in stream {
        match token {
            TokenTree::Group(group) if is_doc(&group) => {
                while out
                    .pop_if(|last| matches!(last.as_str(), "#" | "!"))
                    .is_some()
                {}
            }
            TokenTree::Group(group) => {
                out.push(format!("{:?}", group.delimiter()));
                skeleton(group.stream(), out);
                out.push("end".to_owned());
            }
            TokenTree::Literal(_) => out.push("literal".to_owned()),
            token => out.push(token.to_string()),
        }
    }
}

/// `[doc = "..."]`
fn is_doc(group: &Group) -> bool {
    let first = group.stream().into_iter().next();
    group.delimiter() == Delimiter::Bracket && first.is_some_and(|t| t.to_string() == "doc")
}

/// The header beside the declarations is that of C.
fn cython(all: &[Written<'_>]) {
    let code = |text: &str| {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        lines.map(str::to_owned).collect::<Vec<String>>()
    };
    for Written { pair, ours, twins } in all {
        let ours = code(&ours[0].text);
        assert!(ours.iter().any(|line| line.starts_with("cdef extern from")));
        if let [twin, ..] = twins.as_slice() {
            pair.same(ours, code(&pair.renamed(&twin.text)));
        }
    }
}

fn c(at: &Path, all: &[Written<'_>]) {
    if !has("gcc", "no_text_and_no_name_of_a_schema_becomes_code") {
        return;
    }
    let headers = all
        .iter()
        .map(|w| format!("#include \"{}\"\n", w.ours[0].path));
    let headers: String = headers
        .chain(["int main(void) { return 0; }\n".into()])
        .collect();
    for (compiler, language, standard) in COMPILERS {
        if has(compiler, "no_text_and_no_name_of_a_schema_becomes_code") {
            compile(at, &headers, compiler, language, standard).exits(0);
        }
    }
    // What the compiler sees: macros, and no comments.
    let mut source = String::new();
    for name in ["assert", "math", "stddef", "stdint", "stdalign"] {
        writeln!(source, "#include <{name}.h>").unwrap();
    }
    let pairs = all.iter().map(|written| written.pair);
    let twins: Vec<&Pair> = pairs.filter(|pair| pair.twin.is_some()).collect();
    for pair in &twins {
        for name in [&pair.name, &pair.twin_name()] {
            writeln!(source, "@@@\n#include \"{name}.h\"").unwrap();
        }
    }
    fs::write(at.join("all.c"), source).unwrap();
    let mut gcc = Command::new("gcc");
    gcc.args(["-E", "-dD", "-P", "-Wall", "-Werror", "all.c"]);
    let seen = Ended::of(gcc.current_dir(at)).exits(0).stdout;
    let seen: Vec<&str> = seen.split("@@@").skip(1).collect();
    assert_eq!(seen.len(), 2 * twins.len());
    for (pair, seen) in twins.iter().zip(seen.chunks(2)) {
        let ours = without_strings(seen[0]);
        assert!(ours.len() > 20, "{ours:?}");
        pair.same(ours, without_strings(&pair.renamed(seen[1])));
    }
}

/// C at blanks and quotes, without what stands between quotes.
fn without_strings(text: &str) -> Vec<String> {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        out.push(c);
        if c == '"' {
            while let Some(c) = chars.next().filter(|c| *c != '"') {
                if c == '\\' {
                    chars.next();
                }
            }
        }
    }
    out.split_whitespace().map(str::to_owned).collect()
}

fn docs(all: &[Written<'_>]) {
    let markup = |layout: &Layout, path: &str, text: &str| {
        let stamp = stamp::line(layout);
        let plain = |c: char| c.is_ascii_alphanumeric() || " .,@+-_".contains(c);
        assert!(stamp.chars().all(plain), "{stamp}");
        let text = text
            .replace(&stamp, "")
            .replace(&layout.fingerprint.to_string(), "");
        match path.ends_with(".html") {
            true => tags(&text),
            false => events(&text),
        }
    };
    for Written { pair, ours, twins } in all {
        for (ours, twin) in ours.iter().zip(twins) {
            let layout = pair.twin.as_ref().unwrap();
            let twin = pair.renamed(&markup(layout, &twin.path, &twin.text).join("\n"));
            let ours = markup(&pair.layout, &ours.path, &ours.text).join("\n");
            assert!(ours.len() > 1000, "{ours}");
            pair.same(ours, twin);
        }
    }
}
