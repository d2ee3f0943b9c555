//! Reads `coverage.toml`: clauses that carry no duty, and figures of the document that are no test, amount or target.

use crate::file::{Located, Table};
use crate::pack::{NoDuty, PlainFigures};
use crate::policy_file::cite;

/// Reads the file.
pub(crate) fn read(mut table: Table<'_>) -> (Vec<NoDuty>, Vec<PlainFigures>) {
    let no_duty = table.tables("no_duty").into_iter().filter_map(no_duty).collect();
    let plain = table.tables("plain").into_iter().filter_map(plain).collect();
    table.finish();
    (no_duty, plain)
}

fn no_duty(mut table: Table<'_>) -> Option<NoDuty> {
    table.require(&["cite", "clause", "why"]);
    let cite = cite(&mut table);
    let (clause, why) = (table.text("clause"), table.text("why"));
    table.finish();
    Some(NoDuty {
        clause: clause?.into_value(),
        why: why?.into_value(),
        cite: cite?,
    })
}

fn plain(mut table: Table<'_>) -> Option<PlainFigures> {
    table.require(&["cite", "figures", "why"]);
    let cite = cite(&mut table);
    let figures: Vec<String> = table.texts("figures").into_iter().map(Located::into_value).collect();
    let why = table.text("why");
    table.finish();
    Some(PlainFigures {
        figures,
        why: why?.into_value(),
        cite: cite?,
    })
}
