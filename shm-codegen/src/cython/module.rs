//! The module as strings ready to print.

use askama::Template;
use shm_schema::layout::{Field, Home, Layout, StructLayout};
use shm_schema::{Name, Position};

use super::scope::Scope;
use crate::c::header::{self, Define, Header, Integer};
use crate::c::record::element_type;
use crate::stamp;
use crate::target::Refusal;

/// What `templates/cython/module.pxd` prints.
#[derive(Template)]
#[template(path = "cython/module.pxd", escape = "none")]
pub(super) struct Module {
    stamp: String,
    header: String,
    imports: Vec<String>,
    constants: Vec<String>,
    integers: Vec<Named>,
    records: Vec<Record>,
    segments: Vec<String>,
}

/// An enum or flags.
struct Named {
    declaration: String,
    values: Vec<String>,
}

/// A struct and its readers.
struct Record {
    name: String,
    c_name: String,
    fields: Vec<String>,
    /// The size, the fingerprint, and what is said of the fields' values.
    values: Vec<String>,
    fingerprint: String,
    slot: String,
    read: String,
}

impl Module {
    /// # Errors
    ///
    /// As of [`generate`](super::generate).
    pub(super) fn new(layout: &Layout) -> Result<Self, Refusal> {
        // What C calls all of it, which is without doubles.
        let parts = Header::new(layout)?.parts;
        let mut names = Names {
            scope: Scope::new(layout)?,
            prefix: format!("{}_", layout.package.upper()),
        };
        let direct = layout.imports.iter().filter(|import| import.direct);
        let imports = direct
            .map(|import| {
                let what = format!("the import `{}`", import.layout.package);
                let module = import.layout.package.cython();
                names.scope.take(module, what, Position::default())
            })
            .collect::<Result<_, _>>()?;
        let own = [&parts.version, &parts.fingerprint].into_iter();
        let constants = names.values(own.chain(&parts.constants))?;
        // In the header's order.
        let enums = layout.own_enums().map(|e| (&e.name, e.at));
        let flags = layout.own_flags().map(|f| (&f.name, f.at));
        let integers = enums.chain(flags).zip(&parts.integers);
        let integers = integers.map(|((name, at), i)| integer(name, at, i, &mut names));
        let integers = integers.collect::<Result<_, _>>()?;
        let records = layout.own_structs().zip(&parts.records);
        let records = records.map(|(own, c)| record(layout, own, c, &mut names));
        let records = records.collect::<Result<_, _>>()?;
        let segments = names.values(parts.segments.iter().flat_map(|s| &s.defines))?;
        Ok(Self {
            stamp: stamp::line(layout),
            header: header::file_name(&layout.package),
            imports,
            constants,
            integers,
            records,
            segments,
        })
    }
}

/// `<package>.pxd`.
pub(super) fn file_name(package: &Name) -> String {
    format!("{}.pxd", package.cython())
}

/// Gives the names of C their names in the module, which stands for the
/// package and so needs no prefix.
struct Names {
    scope: Scope,
    /// Of macros.
    prefix: String,
}

impl Names {
    fn new_type(&mut self, name: &Name, c_name: &str, at: Position) -> Result<String, Refusal> {
        let what = format!("the type `{name}`");
        self.scope.c_name(c_name, &what, at)?;
        self.scope.take(name.cython(), what, at)
    }

    /// What stands before a type's name where it is another schema's.
    fn type_name(layout: &Layout, home: Home, name: &Name) -> String {
        match layout.package_of(home) {
            Some(package) => format!("{}.{}", package.cython(), name.cython()),
            None => name.cython(),
        }
    }

    fn value(&mut self, define: &Define) -> Result<(String, String), Refusal> {
        let c_name = &define.name;
        let short = c_name.strip_prefix(&self.prefix).unwrap_or(c_name);
        let what = format!("the macro `{c_name}`");
        let nowhere = Position::default();
        self.scope.c_name(c_name, &what, nowhere)?;
        let name = self.scope.take(Name::cython_ident(short), what, nowhere)?;
        let declaration = constant(define.ty, &name, c_name);
        Ok((name, declaration))
    }

    fn values<'a>(
        &mut self,
        defines: impl IntoIterator<Item = &'a Define>,
    ) -> Result<Vec<String>, Refusal> {
        let defines = defines.into_iter();
        defines.map(|define| Ok(self.value(define)?.1)).collect()
    }
}

fn constant(ty: &str, name: &str, c_name: &str) -> String {
    let blank = if ty.ends_with('*') { "" } else { " " };
    format!("const {ty}{blank}{name} \"{c_name}\"")
}

fn integer(
    name: &Name,
    at: Position,
    integer: &Integer,
    names: &mut Names,
) -> Result<Named, Refusal> {
    let name = names.new_type(name, &integer.name, at)?;
    Ok(Named {
        declaration: format!("ctypedef {} {name} \"{}\"", integer.repr, integer.name),
        values: names.values(&integer.values)?,
    })
}

fn record(
    layout: &Layout,
    record: &StructLayout,
    header: &header::Record,
    names: &mut Names,
) -> Result<Record, Refusal> {
    let at = record.at;
    let name = names.new_type(&record.name, &header.name, at)?;
    let (fingerprint, declaration) = names.value(&header.fingerprint)?;
    let what = format!("the size of `{}`", record.name);
    let size = names
        .scope
        .take(format!("{}_SIZE", record.name.upper()), what, at)?;
    let mut values = vec![
        constant("size_t", &size, &format!("sizeof({})", header.name)),
        declaration,
    ];
    values.extend(names.values(&header.values)?);
    let mut function = |verb: &str| {
        let what = format!("the function of `{}`", record.name);
        names
            .scope
            .take(format!("{verb}_{}", record.name), what, at)
    };
    let (slot, read) = (function("slot")?, function("read")?);
    let mut members = Scope::inner();
    let fields = record
        .fields()
        .map(|f| field(layout, record, f, &mut members));
    Ok(Record {
        fields: fields.collect::<Result<_, _>>()?,
        c_name: header.name.clone(),
        name,
        values,
        fingerprint,
        slot,
        read,
    })
}

fn field(
    layout: &Layout,
    record: &StructLayout,
    field: &Field,
    members: &mut Scope,
) -> Result<String, Refusal> {
    let what = format!("the field `{}` of `{}`", field.name, record.name);
    let name = members.take(field.name.cython(), what, field.at)?;
    let c_name = field.name.c();
    let called = if name == c_name {
        name
    } else {
        format!("{name} \"{c_name}\"")
    };
    let (element, len) = element_type(layout, field.ty, Names::type_name);
    let dims = field.dims.iter().chain(&len);
    let dims: String = dims.map(|d| format!("[{d}]")).collect();
    Ok(format!("{element} {called}{dims}"))
}
