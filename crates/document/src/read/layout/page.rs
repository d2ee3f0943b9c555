//! One page: its tables, and the lines of text around them, from top to bottom.

use super::Page;
use super::columns::{Item, find_tables};
use super::lines::{Line, lines_of};
use super::ruled::take_tables;

/// A page taken apart.
pub(super) struct LaidPage {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) items: Vec<Item>,
}

/// Takes a page apart.
pub(super) fn lay_out(page: Page) -> LaidPage {
    let (width, height) = (page.width, page.height);
    let mut glyphs = page.glyphs;
    let mut tables = take_tables(&page.rules, &mut glyphs);
    tables.sort_by(|a, b| a.top.total_cmp(&b.top));
    let mut items = Vec::new();
    let mut pending: Vec<Line> = Vec::new();
    let mut tables = tables.into_iter().peekable();
    for line in lines_of(glyphs) {
        while let Some(table) = tables.next_if(|table| table.top < line.y) {
            items.extend(find_tables(std::mem::take(&mut pending)));
            items.push(Item::Table(table));
        }
        pending.push(line);
    }
    items.extend(find_tables(pending));
    items.extend(tables.map(Item::Table));
    LaidPage { width, height, items }
}
