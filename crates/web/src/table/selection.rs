//! What an address asks of a table.

use crate::address::Address;

/// Rows a page may have; the first is what it has where nobody says.
pub const SIZES: [usize; 4] = [50, 20, 200, 1_000];

/// What an address asks of a table: order, filters, window, export.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Name of the table among those of its page; empty where it is the only one.
    pub name: String,
    /// Key of the column sorted by, and whether downwards.
    pub sort: Option<(String, bool)>,
    /// Text looked for in all columns.
    pub search: String,
    /// The page, from 1.
    pub page: usize,
    /// Rows of a page: one of [`SIZES`].
    pub size: usize,
    /// A file in the place of the page.
    pub export: Option<Export>,
}

/// A file to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Export {
    /// For a spreadsheet.
    Xlsx,
    /// For another program.
    Csv,
}

impl Selection {
    /// Of the table `name` at this address. What is not understood is left out: an address typed by hand still shows a
    /// table.
    pub fn of(address: &Address, name: &str) -> Self {
        let mut selection = Self {
            name: name.to_owned(),
            ..Self::default()
        };
        let get = |key: &str| address.get(&selection.parameter(key));
        let sort = get("sort").map(|text| match text.strip_prefix('-') {
            Some(key) => (key.to_owned(), true),
            None => (text.to_owned(), false),
        });
        let number = |key: &str| get(key).and_then(|text| text.parse::<usize>().ok());
        let page = number("page").unwrap_or(1).max(1);
        let size = number("size").filter(|size| SIZES.contains(size)).unwrap_or(SIZES[0]);
        let export = match get("export") {
            Some("xlsx") => Some(Export::Xlsx),
            Some("csv") => Some(Export::Csv),
            _ => None,
        };
        let search = get("q").unwrap_or_default().to_owned();
        (selection.sort, selection.page, selection.size) = (sort, page, size);
        (selection.export, selection.search) = (export, search);
        selection
    }

    /// The parameter of the address for one of the table's own keys.
    pub fn parameter(&self, key: &str) -> String {
        if self.name.is_empty() {
            key.to_owned()
        } else {
            format!("{}-{key}", self.name)
        }
    }
}
