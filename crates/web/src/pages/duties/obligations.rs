//! 报送、公开等职责: what the documents ask for beside their tasks, by whom, to whom and when.

use policy::ledger::{OBLIGATIONS, Obligation, Scope, region_name};

use super::Asked;
use crate::address::Address;
use crate::table::{Cell, Column, Listing, Table};

/// A duty with what only the scope knows of it.
struct Row {
    kind: &'static str,
    place: String,
    by: String,
    to: String,
    when: String,
    /// The month that the row is about, as a number that sorts; years that are not said stand last.
    order: i64,
    month: String,
    text: String,
    basis: String,
}

fn row(scope: &Scope<'_>, one: &Obligation<'_>) -> Row {
    Row {
        kind: one.duty.kind.label(),
        place: region_name(scope, one.pack),
        by: one.by(scope),
        to: one.to(),
        when: one.when().to_owned(),
        order: 0,
        month: String::new(),
        text: one.duty.text.clone(),
        basis: one.basis(),
    }
}

/// All of them; nothing where there are none.
pub(super) fn all(asked: &Asked<'_>, address: &Address) -> Option<Table> {
    let scope = asked.scope.as_ref()?;
    let rows: Vec<Row> = scope.obligations().iter().map(|one| row(scope, one)).collect();
    if rows.is_empty() {
        return None;
    }
    let mut columns = vec![Column::new("kind", "类别", |row: &Row| Cell::text(row.kind)).names_row()];
    columns.extend(common());
    Some(
        Listing::of(address, "reports", &columns, rows)
            .table(OBLIGATIONS)
            .plain(),
    )
}

/// Those that name a month, a row for each month; nothing where there are none.
pub(super) fn by_month(asked: &Asked<'_>, address: &Address) -> Option<Table> {
    let scope = asked.scope.as_ref()?;
    let mut rows: Vec<Row> = Vec::new();
    for one in &scope.obligations() {
        for falls in one.falls() {
            let year = falls.month.map_or(i16::MAX, civil::Month::year);
            rows.push(Row {
                order: i64::from(year) * 12 + i64::from(falls.number),
                month: falls.month_words(),
                when: falls.words,
                ..row(scope, one)
            });
        }
    }
    if rows.is_empty() {
        return None;
    }
    rows.sort_by_key(|row| row.order);
    let mut columns = vec![
        Column::new("month", "月份", |row: &Row| Cell::text(&*row.month)).names_row(),
        Column::new("kind", "类别", |row: &Row| Cell::text(row.kind)),
    ];
    columns.extend(common());
    Some(
        Listing::of(address, "reports", &columns, rows)
            .table("各月报送等职责")
            .plain(),
    )
}

fn common() -> [Column<Row>; 6] {
    [
        Column::new("by", "由谁", |row: &Row| Cell::text(&*row.by)),
        Column::new("to", "向谁", |row: &Row| Cell::text(&*row.to)),
        Column::new("when", "何时", |row: &Row| Cell::text(&*row.when)),
        Column::new("text", "事项（摘要，非原文）", |row: &Row| {
            Cell::text(&*row.text)
        })
        .long(),
        Column::new("place", "地区", |row: &Row| Cell::text(&*row.place)),
        Column::new("basis", "文件依据", |row: &Row| Cell::text(&*row.basis)),
    ]
}
