//! What a file defines, by name.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use syn::ext::IdentExt;
use syn::{Attribute, Expr, ImplItem, Item, ItemConst, ItemImpl, ItemMacro, Meta, Type};

use super::place;
use crate::draft::{Draft, Place};
use crate::finding::Finding;
use crate::package_of;

/// The items of a file and of the modules in it, in their order.
pub(super) struct Items<'a> {
    pub(super) records: Vec<syn::DeriveInput>,
    pub(super) macros: Vec<&'a ItemMacro>,
    pub(super) constants: Vec<&'a ItemConst>,
    pub(super) aliases: HashMap<String, &'a Type>,
    /// Names of modules that stand in this file.
    pub(super) modules: HashSet<String>,
    /// Types that derive nothing of ours.
    pub(super) strangers: HashMap<String, Stranger>,
    /// Constants of a type, such as `PX_SCALE` of `Quote`.
    pub(super) facts: HashMap<(String, String), &'a syn::ImplItemConst>,
    /// Whether `shm-codegen` wrote the file: its docs are Markdown, and what
    /// they say of bytes is its own.
    pub(super) generated: bool,
    /// Constants that a field or a segment uses.
    pub(super) used: RefCell<HashSet<String>>,
}

/// A type of the file that is no record.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stranger {
    Struct,
    Enum,
    Union,
}

impl<'a> Items<'a> {
    pub(super) fn of(file: &'a syn::File) -> Self {
        let mut items = Self {
            records: Vec::new(),
            macros: Vec::new(),
            constants: Vec::new(),
            aliases: HashMap::new(),
            modules: HashSet::new(),
            strangers: HashMap::new(),
            facts: HashMap::new(),
            generated: false,
            used: RefCell::default(),
        };
        items.extend(&file.items);
        let identity = items.constants.iter().find(|c| is_identity(c));
        items.generated = identity.is_some_and(|c| matches!(&*c.expr, Expr::Struct(_)));
        items
    }

    /// Modules are looked into as deep as brackets may stand.
    fn extend(&mut self, list: &'a [Item]) {
        for item in list {
            match item {
                Item::Struct(item) if derives(&item.attrs) => {
                    self.records.push(item.clone().into());
                }
                Item::Enum(item) if derives(&item.attrs) => self.records.push(item.clone().into()),
                Item::Union(item) if derives(&item.attrs) => self.records.push(item.clone().into()),
                Item::Struct(item) => self.stranger(&item.ident, Stranger::Struct),
                Item::Enum(item) => self.stranger(&item.ident, Stranger::Enum),
                Item::Union(item) => self.stranger(&item.ident, Stranger::Union),
                Item::Type(item) => {
                    self.aliases
                        .insert(item.ident.unraw().to_string(), &item.ty);
                }
                Item::Const(item) => self.constants.push(item),
                Item::Macro(item) => self.macros.push(item),
                Item::Impl(item) if item.trait_.is_none() => self.facts(item),
                Item::Mod(item) if !is_test(&item.attrs) => {
                    if let Some((_, inside)) = &item.content {
                        self.modules.insert(item.ident.unraw().to_string());
                        self.extend(inside);
                    }
                }
                _ => {}
            }
        }
    }

    fn stranger(&mut self, name: &syn::Ident, what: Stranger) {
        self.strangers.insert(name.unraw().to_string(), what);
    }

    fn facts(&mut self, item: &'a ItemImpl) {
        let Some(of) = last(&item.self_ty) else {
            return;
        };
        for inside in &item.items {
            if let ImplItem::Const(constant) = inside {
                let name = constant.ident.unraw().to_string();
                self.facts.insert((of.clone(), name), constant);
            }
        }
    }

    pub(super) fn constant(&self, name: &str) -> Option<&'a ItemConst> {
        let mut constants = self.constants.iter();
        constants.find(|c| c.ident.unraw() == name).copied()
    }
}

/// The name at the end of a type's path.
pub(super) fn last(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) => Some(path.path.segments.last()?.ident.unraw().to_string()),
        Type::Group(group) => last(&group.elem),
        Type::Paren(paren) => last(&paren.elem),
        _ => None,
    }
}

/// Whether `SharedLayout` is among what is derived.
fn derives(attributes: &[Attribute]) -> bool {
    let mut found = false;
    for attribute in attributes.iter().filter(|a| a.path().is_ident("derive")) {
        // What cannot be read is rustc's to refuse.
        let _ = attribute.parse_nested_meta(|meta| {
            let name = meta.path.segments.last();
            found |= name.is_some_and(|name| name.ident == "SharedLayout");
            Ok(())
        });
    }
    found
}

/// `#[cfg(test)]`
fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string() == "test",
        _ => false,
    })
}

fn is_identity(constant: &ItemConst) -> bool {
    last(&constant.ty).is_some_and(|name| name == "SchemaId")
}

/// Package, version and doc.
pub(super) fn name_schema(
    items: &Items<'_>,
    file: &str,
    package: Option<&str>,
    draft: &mut Draft,
    errors: &mut Vec<Finding>,
) {
    draft.version = 1;
    let mut identities = items.constants.iter().filter(|c| is_identity(c));
    let Some(constant) = identities.next() else {
        match package.map(str::to_owned).or_else(|| package_of(file)) {
            Some(package) => draft.package = package,
            None => errors.push(
                Finding::new(0..0, "nothing says what the package is called").help(
                    "add `pub const SCHEMA: shm_runtime::SchemaId = \
                     shm_runtime::SchemaId::new(\"robot\", 1);`",
                ),
            ),
        }
        return;
    };
    for second in identities {
        let message = "a file makes one schema, and this is a second identity";
        errors.push(Finding::new(place(&second.ident), message).help("move it to another file"));
    }
    draft.package_at = place(&constant.ident);
    match identity(&constant.expr) {
        Some((name, version)) => {
            if package.is_some_and(|package| package != name) {
                let message = format!("the file says that its package is `{name}`");
                let finding = Finding::new(draft.package_at.clone(), message);
                errors.push(finding.help("leave the package to it, or change it here"));
            }
            (draft.package, draft.version) = (name, version);
        }
        None => errors.push(
            Finding::new(
                place(&constant.expr),
                "package and version are to be literals",
            )
            .help("write `SchemaId::new(\"robot\", 1)`"),
        ),
    }
    draft.doc = super::doc::text(&constant.attrs, items.generated);
}

/// Of `SchemaId { package: "robot", version: 1, .. }` and
/// `SchemaId::new("robot", 1)`.
fn identity(expr: &Expr) -> Option<(String, u64)> {
    let (package, version) = match expr {
        Expr::Struct(literal) => {
            let field = |name: &str| {
                let mut fields = literal.fields.iter();
                let found =
                    fields.find(|f| matches!(&f.member, syn::Member::Named(n) if n == name));
                found.map(|field| &field.expr)
            };
            (field("package")?, field("version")?)
        }
        Expr::Call(call) => (call.args.first()?, call.args.get(1)?),
        _ => return None,
    };
    Some((string(package)?, super::number::literal(version)?))
}

/// A string literal's text.
pub(super) fn string(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(lit) => match &lit.lit {
            syn::Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// A name, and where it stands.
pub(super) fn named(ident: &syn::Ident) -> (String, Place) {
    (ident.unraw().to_string(), place(ident))
}
