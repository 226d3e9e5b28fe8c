//! A field's type in schema spelling.

use shm_record::lower::{Element, Lone, Lowered};
use shm_record::suggest::nearest;
use syn::ext::IdentExt;
use syn::{Expr, GenericArgument, Path, PathArguments};

use super::item::{Items, Stranger};
use super::{findings, number, place};
use crate::draft::{Draft, Place, Type};
use crate::finding::Finding;

/// Most aliases that lead to each other.
const MAX_CHAIN: usize = 64;

/// Reads types; notes which other schemas they are of.
pub(super) struct Types<'a, 'i> {
    pub(super) items: &'a Items<'i>,
    pub(super) lone: Lone,
    pub(super) draft: &'a mut Draft,
}

impl Types<'_, '_> {
    /// `None` for room without a meaning, `Pad<4>`, with its size.
    pub(super) fn of(&mut self, ty: &syn::Type) -> Result<Shared, Vec<Finding>> {
        self.through(ty, 0)
    }

    fn through(&mut self, ty: &syn::Type, chain: usize) -> Result<Shared, Vec<Finding>> {
        match ty {
            syn::Type::Array(array) => {
                let dim = number::amount(self.items, &array.len).map_err(|f| vec![f])?;
                match self.through(&array.elem, chain)? {
                    Shared::Type(mut inner) => {
                        inner.dims.insert(0, dim);
                        Ok(Shared::Type(inner))
                    }
                    Shared::Gap(_) => Err(vec![
                        Finding::new(place(ty), "an array of room without a meaning")
                            .help("write one `Pad<N>` of all its bytes"),
                    ]),
                }
            }
            syn::Type::Group(group) => self.through(&group.elem, chain),
            syn::Type::Paren(paren) => self.through(&paren.elem, chain),
            syn::Type::Path(path) if path.qself.is_none() => self.path(ty, &path.path, chain),
            _ => match Lowered::from_syn(ty, self.lone) {
                Err(error) => Err(findings(error)),
                Ok(_) => Err(vec![only_rustc(place(ty))]),
            },
        }
    }

    fn path(&mut self, ty: &syn::Type, path: &Path, chain: usize) -> Result<Shared, Vec<Finding>> {
        // What the file defines goes first: it may have a name of the runtime's.
        if let Some(own) = self.own(path, chain)? {
            return Ok(own);
        }
        let lowered = Lowered::from_syn(ty, self.lone).map_err(findings)?;
        let len = || match length(path) {
            Some(expr) => number::amount(self.items, &expr).map_err(|f| vec![f]),
            None => Err(vec![only_rustc(place(path))]),
        };
        Ok(match lowered.element {
            Element::Plain(name) => Shared::Type(Type::named(name)),
            Element::Sized(name, _) => Shared::Type(Type {
                len: Some(len()?),
                ..Type::named(name)
            }),
            Element::Gap(_) => Shared::Gap(len()?),
            Element::Unknown => Shared::Type(self.imported(path)?),
        })
    }

    /// A type of this file.
    fn own(&mut self, path: &Path, chain: usize) -> Result<Option<Shared>, Vec<Finding>> {
        let Some((modules, name)) = inner_path(path) else {
            return Ok(None);
        };
        if !modules
            .iter()
            .all(|module| self.items.modules.contains(module))
        {
            return Ok(None);
        }
        let one = |finding: Finding| Err(vec![finding]);
        let at = || place(path);
        let record = |record: &&syn::DeriveInput| record.ident.unraw() == name;
        if let Some(record) = self.items.records.iter().find(record) {
            // One whose attributes are wrong is told where it stands.
            let shared = shm_record::attr::Shared::from_syn(&record.attrs).ok();
            let renamed = shared.and_then(|shared| Some(shared.name?.value()));
            return Ok(Some(Shared::Type(Type::named(renamed.unwrap_or(name)))));
        }
        let mut values = self.draft.enums.iter().chain(&self.draft.flags);
        if values.any(|values| values.name == name) {
            return Ok(Some(Shared::Type(Type::named(name))));
        }
        if let Some(alias) = self.items.aliases.get(&name) {
            return match chain < MAX_CHAIN {
                true => self.through(alias, chain + 1).map(Some),
                false => one(Finding::new(at(), format!("`{name}` stands for itself"))),
            };
        }
        match self.items.strangers.get(&name) {
            None => Ok(None),
            Some(Stranger::Struct) => one(Finding::new(
                at(),
                format!("`{name}` does not derive `SharedLayout`"),
            )
            .help("derive it, and add `#[repr(C)]`")),
            Some(Stranger::Enum) => one(Finding::new(
                at(),
                format!(
                    "`{name}` is an enum, and another process may write a value that is none of \
                     its variants"
                ),
            )
            .help("write it with `shm_runtime::open_enum!`")),
            Some(Stranger::Union) => one(Finding::new(
                at(),
                format!("`{name}` is a union, and no reader can tell which field was written"),
            )
            .help("write a struct with a field for each")),
        }
    }

    /// A type of another schema: `common::Vec3` is `Vec3` of `common.yaml`.
    fn imported(&mut self, path: &Path) -> Result<Type, Vec<Finding>> {
        let inner = inner_path(path);
        let Some((package, name)) = inner.and_then(|(mut m, name)| Some((m.pop()?, name))) else {
            let name = path.segments.last().map(|s| s.ident.unraw().to_string());
            let name = name.unwrap_or_default();
            let records = self
                .items
                .records
                .iter()
                .map(|r| r.ident.unraw().to_string());
            let values = self.draft.enums.iter().chain(&self.draft.flags);
            let known: Vec<String> = records.chain(values.map(|v| v.name.clone())).collect();
            let finding = Finding::new(place(path), format!("this file does not define `{name}`"));
            let near = nearest(&name, known.iter().map(String::as_str));
            return Err(vec![match near {
                Some(near) => finding.help(format!("there is `{near}`")),
                None => finding.help(format!(
                    "define it here; of another schema's module it is `common::{name}`"
                )),
            }]);
        };
        let file = format!("{package}.yaml");
        if !self.draft.imports.iter().any(|(known, _)| *known == file) {
            self.draft.imports.push((file, place(path)));
        }
        Ok(Type::named(format!("{package}.{name}")))
    }
}

/// What a field is.
pub(super) enum Shared {
    Type(Type),
    /// So many bytes without a meaning.
    Gap(String),
}

/// The modules of a path and the name at its end; `None` when it has generics.
fn inner_path(path: &Path) -> Option<(Vec<String>, String)> {
    if path.segments.iter().any(|s| !s.arguments.is_none()) {
        return None;
    }
    let names = path.segments.iter().map(|s| s.ident.unraw().to_string());
    let mut names: Vec<String> = names
        .skip_while(|name| matches!(&**name, "crate" | "self" | "super"))
        .collect();
    let name = names.pop()?;
    Some((names, name))
}

/// `16` of `FixedStr<16>`, or a constant.
fn length(path: &Path) -> Option<Expr> {
    let PathArguments::AngleBracketed(arguments) = &path.segments.last()?.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Const(expr) => Some(expr.clone()),
        GenericArgument::Type(syn::Type::Path(path)) => Some(Expr::Path(syn::ExprPath {
            attrs: Vec::new(),
            qself: None,
            path: path.path.clone(),
        })),
        _ => None,
    }
}

fn only_rustc(at: Place) -> Finding {
    Finding::new(at, "only rustc can tell what this type is")
        .help("name a type of the runtime, or one of this file")
}
