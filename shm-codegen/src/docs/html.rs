//! The page that stands alone.

use askama::Template;
use shm_schema::Layout;

use super::page::{Link, Page};
use crate::show::Map;

/// askama escapes every string of the schema; the one text that is put in as it
/// is, a map, has been through askama itself.
#[derive(Template)]
#[template(path = "docs/page.html")]
struct Html<'a> {
    page: &'a Page<'a>,
    maps: Vec<Map>,
}

impl Html<'_> {
    fn map(&self, position: &usize) -> askama::Result<String> {
        self.maps[*position].render()
    }
}

impl Link {
    /// Where it leads from an HTML page.
    fn href(&self) -> String {
        match &self.package {
            Some(package) => format!("{package}.html#{}", self.anchor),
            None => format!("#{}", self.anchor),
        }
    }
}

pub(super) fn text(layout: &Layout, page: &Page<'_>) -> askama::Result<String> {
    let records = page.records.iter();
    let maps = records.map(|record| Map::new(layout, &layout.structs[record.index]));
    let maps = maps.collect();
    Ok(Html { page, maps }.render()? + "\n")
}
