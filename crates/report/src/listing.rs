//! Any table of a page as a workbook or as CSV: a title, a note, headings, rows. The same listing gives the same bytes.

pub use crate::roster::Cell;
use crate::roster::{self, Roster, RosterError, Sheet};

/// A table to be taken away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// Title of the sheet and of the file's properties.
    pub title: String,
    /// What must be known before the rows are read: dates, filters, count.
    pub note: String,
    /// Headings.
    pub headings: Vec<String>,
    /// Rows of cells, as many as there are headings.
    pub rows: Vec<Vec<Cell>>,
}

/// The listing as the bytes of an xlsx file.
///
/// # Errors
/// [`RosterError`] where it does not fit into a workbook.
pub fn workbook(listing: Listing) -> Result<Vec<u8>, RosterError> {
    roster::workbook(&Roster {
        title: listing.title.clone(),
        sheets: vec![Sheet {
            name: listing.title.clone(),
            title: listing.title,
            notes: vec![listing.note],
            headers: listing.headings,
            rows: listing.rows,
            foot: Vec::new(),
            names_rows: true,
        }],
    })
}

/// The listing as CSV in UTF-8 with the mark by which spreadsheets know it; headings first, no title and no note.
/// What a spreadsheet would take for a formula stands behind an apostrophe.
pub fn csv(listing: &Listing) -> Vec<u8> {
    let mut text = String::from("\u{feff}");
    let headings: Vec<String> = listing.headings.iter().map(|heading| field(heading)).collect();
    text.push_str(&headings.join(","));
    text.push_str("\r\n");
    for row in &listing.rows {
        let cells: Vec<String> = row.iter().map(cell_field).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text.into_bytes()
}

/// A cell of a row. A number is no formula, whatever its sign.
fn cell_field(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => field(text),
        number => text_of(number),
    }
}

fn field(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<i64>().is_err();
    let guarded = if formula { format!("'{text}") } else { text.to_owned() };
    if guarded.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}

/// Money stands in yuan with two decimals, without marks between thousands.
fn text_of(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Count(count) => count.to_string(),
        Cell::Fen(fen) => roster::decimal(*fen, 2),
        Cell::Empty => String::new(),
    }
}
