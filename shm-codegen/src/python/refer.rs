//! What the module calls a type: its own by name, an imported one by its
//! module and name.

use shm_schema::Name;
use shm_schema::layout::{Home, Layout, Type};

/// The module of another schema, as this one calls it. No private name of the
/// templates ends in an underscore.
pub(super) fn module(package: &Name) -> String {
    format!("_{}_", package.python())
}

/// `name`, with its module before it when it comes from another schema.
pub(super) fn of_home(layout: &Layout, home: Home, name: &str) -> String {
    match layout.package_of(home) {
        Some(package) => format!("{}.{name}", module(package)),
        None => name.to_owned(),
    }
}

pub(super) fn to_struct(layout: &Layout, index: usize) -> String {
    let record = &layout.structs[index];
    of_home(layout, record.home, &record.name.python())
}

pub(super) fn to_enum(layout: &Layout, index: usize) -> String {
    let group = &layout.enums[index];
    of_home(layout, group.home, &group.name.python())
}

pub(super) fn to_flags(layout: &Layout, index: usize) -> String {
    let group = &layout.flags[index];
    of_home(layout, group.home, &group.name.python())
}

/// The constant with a named type's canonical text; `None` for other types.
pub(super) fn text(layout: &Layout, ty: Type) -> Option<String> {
    let name = match ty {
        Type::Enum(i) => &layout.enums[i].name,
        Type::Flags(i) => &layout.flags[i].name,
        Type::Struct(i) => &layout.structs[i].name,
        _ => return None,
    };
    Some(of_home(layout, layout.home(ty), &text_name(name)))
}

/// The same in its own module.
pub(super) fn text_name(name: &Name) -> String {
    format!("_LAYOUT_{name}")
}
