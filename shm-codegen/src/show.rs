//! A layout for people and for programs to look at.

mod bytes;
mod json;
mod map;
mod paint;
mod room;
mod svg;
mod table;
mod text;

pub use json::json;
pub use map::map;
pub use paint::Paint;
pub use svg::svg;
pub use text::text;

pub(crate) use map::rows;
pub(crate) use room::Remedy;
pub(crate) use svg::Map;
