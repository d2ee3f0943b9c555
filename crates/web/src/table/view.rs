//! A table as a page shows it: one window of rows with links to the others.

use askama::Template;
use askama::filters::HtmlSafe;

use super::{Cell, SIZES, Selection};
use crate::address::Address;
use crate::form::{Field, Input};
use crate::layout::Link;
use crate::parts::Chart;

/// Head of a column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// Stands in the address.
    pub key: &'static str,
    /// Stands above the column.
    pub heading: &'static str,
    /// May be sorted.
    pub sorted: bool,
    /// May be filtered by a value.
    pub chosen: bool,
    /// Holds numbers.
    pub number: bool,
    /// Holds long text.
    pub long: bool,
    /// Its cell is the row's heading.
    pub names_row: bool,
}

impl Head {
    /// A head; nothing may be done with the column.
    pub fn new(key: &'static str, heading: &'static str) -> Self {
        Self {
            key,
            heading,
            ..Self::default()
        }
    }
}

/// A table. `{{ table }}` shows it.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/table.html")]
pub struct Table {
    caption: String,
    heads: Vec<Head>,
    rows: Vec<Vec<Cell>>,
    total: usize,
    /// Rows before anything was filtered.
    pub unfiltered: usize,
    /// Filters of the page itself, shown before those of the columns. Their names must not be keys of columns.
    pub fields: Vec<Field>,
    /// Filters of the columns.
    pub filters: Vec<Field>,
    /// What stands in the place of rows where there is none.
    pub empty: String,
    /// Other files to keep besides this table's own.
    pub downloads: Vec<Link>,
    /// A picture of the same figures, between the filters and the rows.
    pub chart: Option<Chart>,
    /// False for a short table: no search, no export.
    pub tools: bool,
    /// False where a page has one window of rows alone: they cannot be searched or exported from here.
    whole: bool,
    selection: Selection,
    address: Address,
}

/// A page that can be turned to.
struct Place {
    number: usize,
    href: String,
    current: bool,
}

impl HtmlSafe for Table {}

impl Table {
    /// A table of which `rows` is the window that `selection` asks for, out of `total`.
    pub fn window(
        caption: &str,
        address: &Address,
        selection: Selection,
        heads: Vec<Head>,
        rows: Vec<Vec<Cell>>,
        total: usize,
    ) -> Self {
        Self {
            caption: caption.to_owned(),
            heads,
            rows,
            total,
            unfiltered: total,
            fields: Vec::new(),
            filters: Vec::new(),
            empty: "没有符合所选条件的内容。可放宽筛选条件，或清除筛选后重试。".to_owned(),
            downloads: Vec::new(),
            chart: None,
            tools: true,
            whole: true,
            selection,
            address: address.clone(),
        }
    }

    /// With filters of the page itself.
    #[must_use]
    pub fn with_fields(mut self, fields: Vec<Field>) -> Self {
        self.fields = fields;
        self
    }

    /// With a picture of the same figures above the rows.
    #[must_use]
    pub fn with_chart(mut self, chart: Option<Chart>) -> Self {
        self.chart = chart;
        self
    }

    /// With another file to keep.
    #[must_use]
    pub fn with_download(mut self, text: impl Into<String>, href: impl Into<String>) -> Self {
        self.downloads.push(Link::new(text, href));
        self
    }

    /// With what stands in the place of rows where there is none.
    #[must_use]
    pub fn empty(mut self, empty: impl Into<String>) -> Self {
        self.empty = empty.into();
        self
    }

    /// Without search and export: a short table beneath a chart.
    #[must_use]
    pub const fn plain(mut self) -> Self {
        self.tools = false;
        self
    }

    /// With filters, but neither search nor export: the page has no other rows than those it shows.
    #[must_use]
    pub const fn windowed(mut self) -> Self {
        self.whole = false;
        self
    }

    fn id(&self) -> &str {
        if self.selection.name.is_empty() {
            "table"
        } else {
            &self.selection.name
        }
    }

    fn parameter(&self, key: &str) -> String {
        self.selection.parameter(key)
    }

    fn path(&self) -> &str {
        self.address.path()
    }

    fn search(&self) -> Field {
        Field::new(self.parameter("q"), "查找").value(&*self.selection.search)
    }

    fn size(&self) -> Field {
        let mut sizes = SIZES;
        sizes.sort_unstable();
        let menu = sizes
            .iter()
            .map(|size| (size.to_string(), format!("{size} 行")))
            .collect();
        Field::new(self.parameter("size"), "每页")
            .value(self.selection.size.to_string())
            .input(Input::Menu(menu))
    }

    /// What the form must carry along: everything of the address that it does not ask for itself.
    fn carried(&self) -> Vec<(&str, &str)> {
        let mut own = vec![
            self.parameter("q"),
            self.parameter("size"),
            self.parameter("page"),
            self.parameter("export"),
        ];
        own.extend(self.fields.iter().chain(&self.filters).map(|field| field.name.clone()));
        self.address
            .pairs()
            .filter(|(name, _)| !own.iter().any(|known| known == name))
            .collect()
    }

    /// True where something was asked for that can be taken back.
    fn is_narrowed(&self) -> bool {
        let fields = self.fields.iter().chain(&self.filters);
        !self.selection.search.is_empty()
            || fields
                .map(|field| &field.name)
                .any(|name| self.address.get(name).is_some())
    }

    fn cleared(&self) -> String {
        let mut own = vec![self.parameter("q"), self.parameter("page")];
        own.extend(self.fields.iter().chain(&self.filters).map(|field| field.name.clone()));
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        self.link(&self.address.without(&own))
    }

    fn link(&self, address: &Address) -> String {
        format!("{}#{}-block", address.href(), self.id())
    }

    fn sorted(&self, head: &Head) -> Option<bool> {
        let (key, descending) = self.selection.sort.as_ref()?;
        (key == head.key && head.sorted).then_some(*descending)
    }

    fn aria_sort(&self, head: &Head) -> &'static str {
        match self.sorted(head) {
            Some(true) => "descending",
            Some(false) => "ascending",
            None => "none",
        }
    }

    fn arrow(&self, head: &Head) -> &'static str {
        match self.sorted(head) {
            Some(true) => "↓",
            Some(false) => "↑",
            None => "↕",
        }
    }

    /// Upwards first, then downwards, then as the page has them.
    fn sort_link(&self, head: &Head) -> String {
        let value = match self.sorted(head) {
            None => head.key.to_owned(),
            Some(false) => format!("-{}", head.key),
            Some(true) => String::new(),
        };
        let address = self
            .address
            .without(&[&self.parameter("page")])
            .with(&self.parameter("sort"), &value);
        self.link(&address)
    }

    fn pages(&self) -> usize {
        self.total.div_ceil(self.selection.size).max(1)
    }

    fn page(&self) -> usize {
        self.selection.page
    }

    fn page_link(&self, page: usize) -> String {
        self.link(&self.address.with(&self.parameter("page"), &page.to_string()))
    }

    /// The first, the last and those around the present one; `None` is a gap.
    fn page_places(&self) -> Vec<Option<Place>> {
        let (page, last) = (self.page(), self.pages());
        let mut places = Vec::new();
        for number in 1..=last {
            if number == 1 || number == last || number.abs_diff(page) <= 2 {
                places.push(Some(Place {
                    number,
                    href: self.page_link(number),
                    current: number == page,
                }));
            } else if !matches!(places.last(), Some(None)) {
                places.push(None);
            }
        }
        places
    }

    fn export_link(&self, kind: &str) -> String {
        let address = self.address.without(&[&self.parameter("page")]);
        address.with(&self.parameter("export"), kind).href()
    }

    /// 共 12 项，第 1 至 12 项.
    fn status(&self) -> String {
        let whole = if self.total < self.unfiltered {
            format!("共 {} 项，符合条件 {} 项", self.unfiltered, self.total)
        } else {
            format!("共 {} 项", self.total)
        };
        if self.pages() == 1 {
            return whole;
        }
        let first = (self.page() - 1) * self.selection.size + 1;
        format!("{whole}，本页为第 {first} 至 {} 项", first + self.rows.len().max(1) - 1)
    }
}
