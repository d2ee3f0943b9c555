//! Merged cells: only the first of them holds the text, and all of them mean it.

/// One merged area; rows and columns from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// First row and column.
    pub start: (u32, u32),
    /// Last row and column.
    pub end: (u32, u32),
}

/// The merged areas of a sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Merges {
    /// By first row.
    areas: Vec<Area>,
}

impl Merges {
    /// Areas of a sheet.
    pub(super) fn new(mut areas: Vec<Area>) -> Self {
        areas.sort_by_key(|area| (area.start, area.end));
        Self { areas }
    }

    /// True without any.
    pub fn is_empty(&self) -> bool {
        self.areas.is_empty()
    }

    /// The areas that hold a cell of this row (from 0).
    pub fn of_row(&self, row: u32) -> impl Iterator<Item = &Area> {
        self.areas
            .iter()
            .take_while(move |area| area.start.0 <= row)
            .filter(move |area| row <= area.end.0)
    }
}

/// Fills the rows of a sheet as they come.
pub(super) struct Filling<'m> {
    merges: &'m Merges,
    /// Areas whose first row has passed and whose last has not, with their text.
    open: Vec<(Area, String)>,
    next: usize,
}

impl<'m> Filling<'m> {
    pub(super) fn new(merges: &'m Merges) -> Self {
        Self {
            merges,
            open: Vec::new(),
            next: 0,
        }
    }

    /// Takes note of a cell of the current row (from 0) that begins an area.
    pub(super) fn seen(&mut self, row: u32, column: u32, text: &str) {
        if self.merges.is_empty() {
            return;
        }
        while let Some(area) = self
            .merges
            .areas
            .get(self.next)
            .filter(|area| area.start < (row, column))
        {
            self.open.push((*area, String::new()));
            self.next += 1;
        }
        while let Some(area) = self
            .merges
            .areas
            .get(self.next)
            .filter(|area| area.start == (row, column))
        {
            self.open.push((*area, text.to_owned()));
            self.next += 1;
        }
    }

    /// The text of the area that an empty cell lies in.
    pub(super) fn text(&mut self, row: u32, column: u32) -> Option<&str> {
        if self.open.is_empty() {
            return None;
        }
        self.open.retain(|(area, _)| row <= area.end.0);
        self.open
            .iter()
            .find(|(area, _)| area.start.0 <= row && (area.start.1..=area.end.1).contains(&column))
            .map(|(_, text)| text.as_str())
    }
}
