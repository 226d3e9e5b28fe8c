//! A layout for people and for programs to look at.

mod json;
mod paint;
mod room;
mod table;
mod text;

pub use json::json;
pub use paint::Paint;
pub use text::text;
