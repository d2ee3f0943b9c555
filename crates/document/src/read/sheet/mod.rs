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
use super::secrecy;
use crate::source::Source;

pub(super) use self::xls::read as read_xls;
pub(super) use self::xlsx::read as read_xlsx;

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
