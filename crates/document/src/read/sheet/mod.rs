//! Spreadsheets: xlsx and xls, one table a sheet, cells as the screen shows them.

mod cells;
mod date;
mod decimal;
mod format;
mod xls;
mod xlsx;

use self::cells::SheetCells;
use super::ReadError;
use super::flow::Flow;
use super::limits::{MAX_CELLS, MAX_TEXT_BYTES};
use super::secrecy;
use crate::source::Source;

pub(super) use self::xls::read as read_xls;
pub(super) use self::xlsx::read as read_xlsx;

/// What the sheets read so far hold together.
#[derive(Debug, Default)]
struct Tally {
    cells: usize,
    bytes: usize,
}

impl Tally {
    /// Counts a sheet; false once a document holds as much as it may, which is noted.
    fn take(&mut self, cells: &SheetCells, notes: &mut Vec<(String, String)>) -> bool {
        let (count, bytes) = cells.size();
        self.cells += count;
        self.bytes += bytes;
        let room = self.cells <= MAX_CELLS && self.bytes <= MAX_TEXT_BYTES;
        if !room {
            notes.push((
                "工作表内容过多，其后的工作表未读取".to_owned(),
                "请将表格拆分后分别读取".to_owned(),
            ));
        }
        room
    }
}

/// Puts the sheets together; their names are printed only where there are several.
fn assemble(sheets: Vec<(String, SheetCells)>, notes: Vec<(String, String)>) -> Result<Source, ReadError> {
    if sheets.iter().any(|(_, cells)| cells.has_secrecy_mark()) {
        return Err(secrecy::refusal());
    }
    let mut flow = Flow::default();
    let filled = sheets.iter().filter(|(_, cells)| !cells.is_empty()).count();
    for (name, cells) in sheets {
        if cells.is_empty() {
            continue;
        }
        if filled > 1 {
            flow.paragraph(&name);
        }
        cells.pour(&mut flow);
        if flow.is_full() {
            break;
        }
    }
    for (message, hint) in notes {
        flow.diagnostic(message, hint);
    }
    Ok(flow.finish())
}
