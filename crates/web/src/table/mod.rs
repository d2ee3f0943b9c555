//! Tables of pages: sorted, filtered, searched, paged and exported alike everywhere, by plain links and GET forms, all of
//! it kept in the address.
//!
//! A page says what its columns are ([`Column`]), hands in its rows, and [`Listing::of`] does what the address asks.
//! `{{ table }}` shows a [`Table`]. Where there are more rows than a page should make, the page reads the [`Selection`]
//! itself, asks its source for one window of rows, and makes the table by [`Table::window`].

mod cell;
mod listing;
mod selection;
mod view;

pub use cell::{Cell, Key};
pub use listing::Listing;
pub(crate) use listing::XLSX;
pub use selection::{Export, SIZES, Selection};
pub use view::{Head, Table};

/// A column over rows of type `R`.
pub struct Column<R> {
    pub(crate) head: Head,
    pub(crate) cell: Box<dyn Fn(&R) -> Cell + Send + Sync>,
}

impl<R> Column<R> {
    /// A column. `key` stands in the address and is unique among the page's parameters.
    pub fn new(key: &'static str, heading: &'static str, cell: impl Fn(&R) -> Cell + Send + Sync + 'static) -> Self {
        Self {
            head: Head::new(key, heading),
            cell: Box::new(cell),
        }
    }

    /// May be sorted.
    #[must_use]
    pub const fn sorted(mut self) -> Self {
        self.head.sorted = true;
        self
    }

    /// May be filtered by one of the values that occur.
    #[must_use]
    pub const fn chosen(mut self) -> Self {
        self.head.chosen = true;
        self
    }

    /// Holds counts or amounts: set to the right, exported as numbers.
    #[must_use]
    pub const fn number(mut self) -> Self {
        self.head.number = true;
        self
    }

    /// Holds long text: takes what room there is.
    #[must_use]
    pub const fn long(mut self) -> Self {
        self.head.long = true;
        self
    }

    /// Names the row: its cell is the row's heading for whoever hears the table read.
    #[must_use]
    pub const fn names_row(mut self) -> Self {
        self.head.names_row = true;
        self
    }
}
