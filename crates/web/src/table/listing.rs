//! Rows in memory, as an address asks for them.

use std::collections::BTreeSet;

use axum::response::Response;
use report::listing::{self as workbook, csv};

use super::cell::order;
use super::{Cell, Column, Export, Head, Key, Selection, Table};
use crate::address::Address;
use crate::error::Error;
use crate::form::{Field, Input};
use crate::layout::download;

/// All rows of a table that an address asks for, in its order.
#[derive(Debug, Clone)]
pub struct Listing {
    heads: Vec<Head>,
    rows: Vec<Vec<Cell>>,
    /// Rows before anything was filtered.
    unfiltered: usize,
    /// For each column, the values that may be chosen.
    choices: Vec<Vec<String>>,
    selection: Selection,
    address: Address,
}

impl Listing {
    /// The rows that `address` asks of the table `name` (empty where it is the only one of its page). A value that is not
    /// among those of a column finds nothing; a column that may not be sorted is not.
    pub fn of<R>(address: &Address, name: &str, columns: &[Column<R>], rows: impl IntoIterator<Item = R>) -> Self {
        let selection = Selection::of(address, name);
        let heads: Vec<Head> = columns.iter().map(|column| column.head.clone()).collect();
        let all: Vec<Vec<Cell>> = rows
            .into_iter()
            .map(|row| columns.iter().map(|column| (column.cell)(&row)).collect())
            .collect();
        let choices = (0..heads.len()).map(|index| choices(&heads, &all, index)).collect();
        let unfiltered = all.len();
        let wanted: Vec<Option<&str>> = heads
            .iter()
            .map(|head| address.get(&selection.parameter(head.key)).filter(|_| head.chosen))
            .collect();
        let search = selection.search.to_lowercase();
        let mut rows: Vec<Vec<Cell>> = all
            .into_iter()
            .filter(|row| {
                let chosen = wanted.iter().zip(row).all(|(wanted, cell)| {
                    wanted.is_none_or(|wanted| cell.values().iter().any(|value| value == wanted))
                });
                let found = || {
                    row.iter()
                        .any(|cell| cell.lines.iter().any(|line| line.to_lowercase().contains(&search)))
                };
                chosen && (search.is_empty() || found())
            })
            .collect();
        if let Some((key, descending)) = &selection.sort
            && let Some(index) = heads.iter().position(|head| head.key == key && head.sorted)
        {
            let key = |row: &[Cell]| row.get(index).map_or(Key::Absent, |cell| cell.key.clone());
            rows.sort_by(|a, b| order(&key(a), &key(b), *descending));
        }
        Self {
            heads,
            rows,
            unfiltered,
            choices,
            selection,
            address: address.clone(),
        }
    }

    /// Rows that were asked for.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True where no row is left.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The file, where the address asks for one: all rows asked for, on one sheet.
    ///
    /// # Errors
    /// Where the rows do not fit into a workbook.
    pub fn export(&self, title: &str, note: &str) -> Result<Option<Response>, Error> {
        let Some(export) = self.selection.export else {
            return Ok(None);
        };
        let listing = workbook::Listing {
            title: title.to_owned(),
            note: note.to_owned(),
            headings: (0..)
                .zip(&self.heads)
                .map(|(at, head)| self.heading(at, head))
                .collect(),
            rows: self
                .rows
                .iter()
                .map(|row| row.iter().zip(&self.heads).map(exported).collect())
                .collect(),
        };
        Ok(Some(match export {
            Export::Csv => download(&format!("{title}.csv"), "text/csv; charset=utf-8", csv(&listing)),
            Export::Xlsx => {
                let bytes = workbook::workbook(listing)
                    .map_err(|error| Error::unprocessable(error.to_string(), "请先筛选，再分次导出"))?;
                download(&format!("{title}.xlsx"), XLSX, bytes)
            }
        }))
    }

    /// A heading of the file. A number carries no unit there, so money says it above its column.
    fn heading(&self, at: usize, head: &Head) -> String {
        let is_money = |row: &Vec<Cell>| matches!(row.get(at).map(|cell| &cell.key), Some(Key::Fen(_)));
        if self.rows.iter().any(is_money) && !head.heading.contains('元') {
            format!("{}（元）", head.heading)
        } else {
            head.heading.to_owned()
        }
    }

    /// The window of rows that the address asks for.
    pub fn table(self, caption: &str) -> Table {
        let filters = self.heads.iter().zip(&self.choices).filter(|(head, _)| head.chosen);
        let filters = filters.map(|(head, choices)| {
            let name = self.selection.parameter(head.key);
            let value = self.address.get(&name).unwrap_or_default().to_owned();
            let mut menu = vec![(String::new(), "全部".to_owned())];
            menu.extend(choices.iter().map(|choice| (choice.clone(), choice.clone())));
            if !value.is_empty() && !choices.contains(&value) {
                menu.push((value.clone(), format!("{value}（无此项）")));
            }
            Field::new(name, head.heading).value(value).input(Input::Menu(menu))
        });
        let filters: Vec<Field> = filters.collect();
        let total = self.rows.len();
        let pages = total.div_ceil(self.selection.size).max(1);
        let mut selection = self.selection;
        selection.page = selection.page.min(pages);
        let rows = self
            .rows
            .into_iter()
            .skip((selection.page - 1) * selection.size)
            .take(selection.size)
            .collect();
        let mut table = Table::window(caption, &self.address, selection, self.heads, rows, total);
        table.unfiltered = self.unfiltered;
        table.filters = filters;
        table
    }
}

/// Media type of a workbook.
pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn exported((cell, head): (&Cell, &Head)) -> workbook::Cell {
    match &cell.key {
        Key::Number(number) if head.number => workbook::Cell::Count(*number),
        Key::Fen(fen) => workbook::Cell::Fen(*fen),
        _ => workbook::Cell::Text(cell.whole()),
    }
}

/// The lines that occur in a column, in the order of its keys.
fn choices(heads: &[Head], rows: &[Vec<Cell>], index: usize) -> Vec<String> {
    if !heads.get(index).is_some_and(|head| head.chosen) {
        return Vec::new();
    }
    let mut cells: Vec<&Cell> = rows.iter().filter_map(|row| row.get(index)).collect();
    cells.sort_by(|a, b| order(&a.key, &b.key, false));
    let mut seen = BTreeSet::new();
    let lines = cells.into_iter().flat_map(Cell::values).filter(|line| !line.is_empty());
    lines.filter(|line| seen.insert(line.as_str())).cloned().collect()
}
