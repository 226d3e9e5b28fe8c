//! Which type of the old layout is which of the new one.

use std::collections::{HashMap, HashSet};

use super::finding::{At, Findings, gone, help};
use crate::code::Code;
use crate::layout::{EnumLayout, FlagsLayout, Home, Layout, StructLayout, Type};

/// Two layouts, and what in the one is what in the other.
pub(super) struct Pairs<'a> {
    pub(super) old: &'a Layout,
    pub(super) new: &'a Layout,
    /// By index in the new layout: index in the old one.
    pub(super) enums: Vec<Option<usize>>,
    pub(super) flags: Vec<Option<usize>>,
    pub(super) structs: Vec<Option<usize>>,
}

impl<'a> Pairs<'a> {
    pub(super) fn new(old: &'a Layout, new: &'a Layout) -> Self {
        fn names<'l, T: Named>(of: &'l Layout, list: &'l [T]) -> Vec<(Option<&'l str>, &'l str)> {
            let package = |item: &T| package(of, item.home());
            list.iter()
                .map(|item| (package(item), item.name()))
                .collect()
        }
        Pairs {
            enums: pair(&names(old, &old.enums), &names(new, &new.enums)),
            flags: pair(&names(old, &old.flags), &names(new, &new.flags)),
            structs: pair(&names(old, &old.structs), &names(new, &new.structs)),
            old,
            new,
        }
    }

    /// Whether a type of the new layout is what a type of the old one is; that
    /// its inside may differ is told there.
    pub(super) fn same(&self, old: Type, new: Type) -> bool {
        match (old, new) {
            (Type::Enum(old), Type::Enum(new)) => self.enums[new] == Some(old),
            (Type::Flags(old), Type::Flags(new)) => self.flags[new] == Some(old),
            (Type::Struct(old), Type::Struct(new)) => self.structs[new] == Some(old),
            (old, new) => old == new,
        }
    }

    /// The types that the old layout has and the new one has not.
    pub(super) fn report_removed(&self, findings: &mut Findings) {
        let old = self.old;
        let enums = lost(&old.enums, &self.enums).map(|ty| ("enum", ty));
        let flags = lost(&old.flags, &self.flags).map(|ty| ("flags", ty));
        let structs = lost(&old.structs, &self.structs).map(|ty| ("struct", ty));
        for (what, ty) in enums.chain(flags).chain(structs) {
            if !self.covers(ty.home()) {
                continue;
            }
            let message = format!("{what} `{}` is gone", ty.name());
            let d = gone(Code::TypeRemoved, self.new, message);
            let d = help(
                d,
                "keep it: a program that was built with it still looks for it",
            );
            findings.push(d, ty.place(), "it was here");
        }
    }

    /// Whether what becomes of an old file's types is this schema's business:
    /// that of an import ends where it is not imported any more.
    fn covers(&self, home: Home) -> bool {
        let package = match home {
            Home::Own => return true,
            home => self.old.package_of(home),
        };
        let mut imports = self.new.imports.iter().map(|i| Some(&i.layout.package));
        imports.any(|import| import == package)
    }
}

/// Those of `old` that are in no pair.
fn lost<'a, T: Named>(
    old: &'a [T],
    pairs: &[Option<usize>],
) -> impl Iterator<Item = &'a dyn Named> {
    let kept: HashSet<usize> = pairs.iter().flatten().copied().collect();
    let all = old.iter().enumerate();
    all.filter(move |(i, _)| !kept.contains(i))
        .map(|(_, ty)| ty as &dyn Named)
}

/// A type with a name.
pub(super) trait Named {
    fn name(&self) -> &str;
    fn home(&self) -> Home;
    fn place(&self) -> At;
}

macro_rules! named {
    ($($ty:ty),*) => {
        $(impl Named for $ty {
            fn name(&self) -> &str {
                self.name.as_str()
            }

            fn home(&self) -> Home {
                self.home
            }

            fn place(&self) -> At {
                (self.home, self.at)
            }
        })*
    };
}

named!(EnumLayout, FlagsLayout, StructLayout);

/// `None` for the schema's own package, which may have been renamed.
fn package(layout: &Layout, home: Home) -> Option<&str> {
    match home {
        Home::Own => None,
        home => layout.package_of(home).map(|name| name.as_str()),
    }
}

/// By package and name; what moved into another file, which no fingerprint
/// sees, by its name alone.
fn pair(old: &[(Option<&str>, &str)], new: &[(Option<&str>, &str)]) -> Vec<Option<usize>> {
    let full: HashMap<_, usize> = old.iter().enumerate().map(|(i, name)| (*name, i)).collect();
    let mut pairs: Vec<Option<usize>> = new.iter().map(|name| full.get(name).copied()).collect();
    let kept: HashSet<usize> = pairs.iter().flatten().copied().collect();
    let mut bare: HashMap<&str, Vec<usize>> = HashMap::new();
    for (i, (_, name)) in old.iter().enumerate() {
        if !kept.contains(&i) {
            bare.entry(name).or_default().push(i);
        }
    }
    for (pair, (_, name)) in pairs.iter_mut().zip(new) {
        if let (None, Some(&[only])) = (*pair, bare.get(name).map(Vec::as_slice)) {
            *pair = Some(only);
            bare.remove(name);
        }
    }
    pairs
}
