//! What a struct offers for fields with a `scale`, a `sentinel` or a `range`:
//! their facts as constants, and methods that read and set by them.

use shm_schema::Layout;
use shm_schema::layout::{Field, Number, Scalar, StructLayout, Type};

use crate::doc::{Doc, inline};
use crate::item;
use crate::line::{self, assignment, call};
use crate::ty;

/// The `impl` of a struct; none when no field asks for one.
pub(crate) fn accessors(layout: &Layout, record: &StructLayout) -> Option<String> {
    let fields: Vec<Access<'_>> = record
        .fields()
        .filter(|field| has_rule(field))
        .map(|field| Access::new(layout, record, field))
        .collect();
    let check = record.ranged.then(|| out_of_range(layout, record));
    if fields.is_empty() && check.is_none() {
        return None;
    }
    let mut items: Vec<String> = Vec::new();
    items.extend(fields.iter().flat_map(Access::constants));
    items.extend(fields.iter().flat_map(Access::methods));
    items.extend(check);
    Some(format!(
        "{}impl {} {{\n{}}}\n",
        allow(record),
        record.name.rust(),
        items.join("\n")
    ))
}

/// Whether the field has methods of its own.
pub(crate) fn has_rule(field: &Field) -> bool {
    field.scale.is_some() || field.sentinel.is_some() || field.range.is_some()
}

/// Whether it is read through a method, as what is stored is not the value.
pub(crate) fn has_getter(field: &Field) -> bool {
    field.scale.is_some() || field.sentinel.is_some()
}

/// What lints would say of the schema's names and numbers.
fn allow(record: &StructLayout) -> String {
    let ruled = || record.fields().filter(|field| has_rule(field));
    let mut allow = String::new();
    let has_digits = |float: f64| float.is_finite() && float.fract() != 0.0;
    if ruled().any(|field| floats(field).any(has_digits)) {
        // A number that looks like pi may be one, or a price.
        allow += "#[allow(clippy::approx_constant)]\n";
    }
    // Also of a record in this one, whose ranges `out_of_range` looks at.
    if record.fields().any(|field| field.deprecated.is_some()) {
        allow += "#[allow(deprecated)]\n";
    }
    let has_upper = |field: &Field| {
        field
            .name
            .as_str()
            .contains(|c: char| c.is_ascii_uppercase())
    };
    if ruled().any(has_upper) {
        allow += "#[allow(non_snake_case)]\n";
    }
    allow
}

/// The floating-point numbers that a field's constants hold.
fn floats(field: &Field) -> impl Iterator<Item = f64> {
    let ends = field.range.map(|(low, high)| [low, high]);
    let numbers = ends.into_iter().flatten().chain(field.sentinel);
    numbers.filter_map(|number| match number {
        Number::Float(value) => Some(value),
        Number::Int(_) => None,
    })
}

/// `out_of_range()`
fn out_of_range(layout: &Layout, record: &StructLayout) -> String {
    let checks: String = record
        .fields()
        .filter_map(|field| check(layout, record, field))
        .collect();
    let doc = Doc::default()
        .line("The fields whose values are out of their ranges, in declared order.")
        .comment("    ");
    format!(
        "{doc}    \
             pub fn out_of_range(&self) -> Vec<::shm_runtime::OutOfRange> {{\n        \
                 let mut found = Vec::new();\n\
                 {checks}        \
                 found\n    \
             }}\n"
    )
}

fn check(layout: &Layout, record: &StructLayout, field: &Field) -> Option<String> {
    let stored = format!("self.{}", field.name.rust());
    if field.range.is_some() {
        let rule = format!("Self::__{}", field.name.upper());
        let arguments = [stored, "&mut found".to_owned()];
        return Some(line::method("        ", &rule, "check", &arguments));
    }
    let Type::Struct(inner) = field.ty else {
        return None;
    };
    let inner = &layout.structs[inner];
    inner.ranged.then(|| {
        let arguments = [
            format!("\"{}\"", record.name),
            format!("\"{}\"", field.name),
            dims(field),
            stored,
            format!(
                "{}::out_of_range",
                ty::named(layout, inner.home, &inner.name)
            ),
            "&mut found".to_owned(),
        ];
        call(
            "        ",
            "::shm_runtime::__private::check_inside",
            &arguments,
        )
    })
}

/// `&[3, 4]`
fn dims(field: &Field) -> String {
    let dims: Vec<String> = field.dims.iter().map(u64::to_string).collect();
    format!("&[{}]", dims.join(", "))
}

/// `a, b or c`
fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// A field with a rule, in Rust's words.
struct Access<'a> {
    record: &'a StructLayout,
    field: &'a Field,
    /// `PX`
    upper: String,
    /// `r#type`
    rust: String,
    /// What is stored, of one element.
    stored: String,
    /// What people read, of one element.
    value: String,
    /// The parameter of the setter.
    parameter: &'static str,
}

impl<'a> Access<'a> {
    fn new(layout: &Layout, record: &'a StructLayout, field: &'a Field) -> Self {
        let stored = ty::qualified_element(layout, field);
        Self {
            record,
            field,
            upper: field.name.upper(),
            rust: field.name.rust(),
            value: match field.scale {
                Some(_) => "f64".to_owned(),
                None => stored.clone(),
            },
            stored,
            parameter: match field.dims.is_empty() {
                true => "value",
                false => "values",
            },
        }
    }

    fn constants(&self) -> Vec<String> {
        let mut items = Vec::new();
        let name = &self.field.name;
        if let Some(scale) = &self.field.scale {
            items.push(self.constant(
                &format!("What one step of `{name}` is worth{}.", self.unit()),
                &format!("{}_SCALE", self.upper),
                "::shm_runtime::Scale",
                &format!(
                    "::shm_runtime::Scale::new({}, {})",
                    scale.numerator, scale.denominator
                ),
            ));
        }
        if let Some(none) = self.field.sentinel {
            items.push(self.constant(
                &format!("Stands for none in `{name}`."),
                &format!("{}_NONE", self.upper),
                &self.stored,
                &self.literal(none, self.stored_scalar(), &self.stored),
            ));
        }
        if let Some((low, high)) = self.field.range {
            let scalar = match self.field.scale {
                Some(_) => Scalar::F64,
                None => self.stored_scalar(),
            };
            items.push(self.constant(
                &format!("The values that `{name}` should have{}.", self.unit()),
                &format!("{}_RANGE", self.upper),
                &format!("::core::ops::RangeInclusive<{}>", self.value),
                &format!(
                    "{}..={}",
                    self.literal(low, scalar, &self.value),
                    self.literal(high, scalar, &self.value)
                ),
            ));
        }
        items.push(self.rule());
        items
    }

    /// `const __PX: Rule<..> = Rule::new(..)`
    fn rule(&self) -> String {
        let (record, field) = (&self.record.name, &self.field.name);
        let mut arguments = vec![
            format!("\"{record}\""),
            format!("\"{field}\""),
            dims(self.field),
        ];
        let (generics, new) = match self.field.scale {
            Some(_) => {
                arguments.push(format!("Self::{}_SCALE", self.upper));
                (format!("{}, ::shm_runtime::Scale", self.stored), "scaled")
            }
            None => (self.stored.clone(), "new"),
        };
        let mut links = Vec::new();
        if self.field.sentinel.is_some() {
            links.push(format!(".none(Self::{}_NONE)", self.upper));
        }
        if self.field.range.is_some() {
            links.push(format!(".range(Self::{}_RANGE)", self.upper));
        }
        let head = format!(
            "const __{}: ::shm_runtime::__private::Rule<{generics}>",
            self.upper
        );
        let new = format!("::shm_runtime::__private::Rule::{new}");
        line::chain("    ", &head, &new, &arguments, &links)
    }

    fn methods(&self) -> Vec<String> {
        let getter = has_getter(self.field).then(|| self.getter());
        getter.into_iter().chain([self.setter()]).collect()
    }

    fn getter(&self) -> String {
        let Self { field, rust, .. } = self;
        let doc = format!("The value of `{}`{}", field.name, self.unit());
        let (doc, value, with) = match field.sentinel {
            Some(_) => (
                format!("{doc}; `None` for [`Self::{}_NONE`].", self.upper),
                format!("Option<{}>", self.value),
                "get",
            ),
            None => (format!("{doc}."), self.value.clone(), "value"),
        };
        let value = ty::with_dims(value, &field.dims);
        let body = format!("Self::__{}.{with}(self.{rust})", self.upper);
        format!(
            "{}{}{}",
            Doc::default().line(doc).comment("    "),
            self.deprecated(),
            line::function(
                "    ",
                &format!("pub fn {rust}"),
                &["&self"],
                &value,
                &[body]
            ),
        )
    }

    fn setter(&self) -> String {
        let Self {
            field,
            rust,
            upper,
            parameter,
            ..
        } = self;
        let none = format!("Self::{upper}_NONE");
        let (ty, set) = match (field.sentinel, field.dims.is_empty()) {
            (None, _) => (
                ty::with_dims(self.value.clone(), &field.dims),
                format!("set({parameter})"),
            ),
            (Some(_), true) => (
                format!("impl Into<Option<{}>>", self.value),
                format!("set_or({parameter}, {none})"),
            ),
            (Some(_), false) => (
                ty::with_dims(format!("Option<{}>", self.value), &field.dims),
                format!("set_each_or({parameter}, {none})"),
            ),
        };
        let body = [
            format!("self.{rust} = Self::__{upper}.{set}?;"),
            "Ok(())".to_owned(),
        ];
        let setter = line::function(
            "    ",
            &format!("pub fn set_{}", field.name),
            &["&mut self", &format!("{parameter}: {ty}")],
            "Result<(), ::shm_runtime::OutOfRange>",
            &body,
        );
        format!("{}{}{setter}", self.setter_doc(), self.deprecated())
    }

    fn setter_doc(&self) -> String {
        let Self { field, upper, .. } = self;
        let none = match field.sentinel {
            Some(_) => format!("; `None` stores [`Self::{upper}_NONE`]"),
            None => String::new(),
        };
        let mut refused = Vec::new();
        if field.range.is_some() {
            refused.push(format!("outside [`Self::{upper}_RANGE`]"));
        }
        if field.scale.is_some() {
            refused.push(format!("too large for `{}`", self.stored));
        }
        if field.sentinel.is_some() {
            refused.push("what stands for none".to_owned());
        }
        let (title, what) = match field.dims.is_empty() {
            true => ("Sets", "The value is"),
            false => ("Sets every element of", "A value is"),
        };
        Doc::default()
            .line(format!("{title} `{}`{}{none}.", field.name, self.unit()))
            .line("# Errors")
            .line(format!("{what} {}.", list(&refused)))
            .comment("    ")
    }

    /// `, in USD`
    fn unit(&self) -> String {
        let unit = self.field.unit.as_deref();
        unit.map_or_else(String::new, |unit| format!(", in {}", inline(unit)))
    }

    fn constant(&self, doc: &str, name: &str, ty: &str, value: &str) -> String {
        format!(
            "{}{}{}",
            Doc::default().line(doc).comment("    "),
            self.deprecated(),
            assignment("    ", &format!("pub const {name}: {ty}"), value)
        )
    }

    fn deprecated(&self) -> String {
        let note = self.field.deprecated.as_deref();
        note.map_or_else(String::new, |note| line::deprecated("    ", note))
    }

    fn stored_scalar(&self) -> Scalar {
        match self.field.ty {
            Type::Scalar(scalar) => scalar,
            _ => Scalar::I64,
        }
    }

    /// A number of the type, which may be a newtype around it.
    fn literal(&self, number: Number, scalar: Scalar, ty: &str) -> String {
        let literal = item::number(number, scalar);
        match self.field.ty {
            Type::Timestamp(_) | Type::Duration(_) => format!("{ty}({literal})"),
            _ => literal,
        }
    }
}
