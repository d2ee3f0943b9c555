//! Pages one after the other: furniture taken out, lines joined into paragraphs, tables joined across pages.

#![expect(
    clippy::float_arithmetic,
    reason = "places on a page are measured; nothing here is money or a rate"
)]

use std::collections::{BTreeMap, BTreeSet};

use super::Page;
use super::columns::Item;
use super::lines::{CLOSING, Line};
use super::page::{LaidPage, lay_out};
use super::ruled::{Cell, Table};
use crate::read::breaks::{begins_item, is_reference_line, join};
use crate::read::flow::{Flow, Vertical};
use crate::read::is_page_furniture;
use crate::read::limits::{MAX_CELLS, MAX_TEXT_BYTES};
use crate::read::secrecy::mark_in_margin;

/// The part of a page's height at its top and bottom where page numbers and running heads stand.
const MARGIN_PART: f64 = 0.1;
/// A running head stands on at least so many pages.
const RUNNING_PAGES: usize = 3;

/// So many rows above a page's end show in which columns cells are merged.
const RECENT_ROWS: usize = 300;
/// A table whose parts together have more edges than this is not put together.
const MAX_SHARED_EDGES: usize = 100;

/// Collects pages.
#[derive(Default)]
pub(in crate::read) struct Book {
    pages: Vec<LaidPage>,
    bytes: usize,
    cells: usize,
}

/// Where the text of pages of one kind begins and ends, and how it is set.
#[derive(Debug, Clone, Copy)]
struct Measure {
    left: f64,
    right: f64,
    size: f64,
    /// From baseline to baseline, in sizes.
    leading: f64,
    /// Whether paragraphs begin with an indent: a line at the left edge then mostly carries one on.
    indents: bool,
}

impl Book {
    /// Adds a page; false once the limits of a document are reached.
    pub(in crate::read) fn add(&mut self, page: Page) -> bool {
        let laid = lay_out(page);
        for item in &laid.items {
            match item {
                // A line costs its text and about as much again as a hundred bytes of it.
                Item::Line(line) => self.bytes += line.text.len() * 2 + 100,
                Item::Table(table) => {
                    let cells = || table.rows.iter().flatten();
                    self.cells += cells().count();
                    self.bytes += cells().map(|cell| cell.text.len()).sum::<usize>();
                }
            }
        }
        self.pages.push(laid);
        self.bytes <= MAX_TEXT_BYTES * 2 && self.cells <= MAX_CELLS
    }

    /// Writes everything out.
    pub(in crate::read) fn pour(mut self, flow: &mut Flow) {
        self.drop_furniture();
        let measures = self.measures();
        let mut setter = Setter {
            flow,
            open: None,
            table: None,
        };
        for (number, page) in self.pages.into_iter().enumerate() {
            let measure = measures.get(&kind_of(&page, number)).copied();
            for item in page.items {
                match item {
                    Item::Line(line) => setter.line(line, number, measure),
                    Item::Table(table) => setter.table(table, number),
                }
            }
            if setter.flow.is_full() {
                return;
            }
        }
        setter.end_paragraph();
        setter.end_table();
    }

    /// Takes out page numbers and what is repeated at the head or foot of most pages. A secrecy mark always stays.
    fn drop_furniture(&mut self) {
        let mut repeated: BTreeMap<String, usize> = BTreeMap::new();
        for page in &self.pages {
            for line in page.items.iter().filter_map(|item| margin_line(item, page.height)) {
                *repeated.entry(folded(&line.text)).or_default() += 1;
            }
        }
        let enough = RUNNING_PAGES.max(self.pages.len() / 2 + 1);
        for page in &mut self.pages {
            let height = page.height;
            page.items.retain(|item| {
                let Some(line) = margin_line(item, height) else {
                    return true;
                };
                let runs = repeated.get(&folded(&line.text)).is_some_and(|&count| count >= enough);
                let number = is_page_furniture(line.text.trim()) || is_bare_number(&line.text);
                mark_in_margin(&line.text).is_some() || !(runs || number)
            });
        }
    }

    fn measures(&self) -> BTreeMap<(i64, bool), Measure> {
        let mut kinds: BTreeMap<(i64, bool), Vec<&Line>> = BTreeMap::new();
        for (number, page) in self.pages.iter().enumerate() {
            let lines = page
                .items
                .iter()
                .filter_map(|item| if let Item::Line(line) = item { Some(line) } else { None });
            kinds.entry(kind_of(page, number)).or_default().extend(lines);
        }
        // Odd and even pages have margins of their own only where there are enough lines to see it.
        let few = kinds.iter().any(|(_, lines)| lines.len() < 20);
        if few {
            let mut merged: BTreeMap<i64, Vec<&Line>> = BTreeMap::new();
            for ((width, _), lines) in &kinds {
                merged.entry(*width).or_default().extend(lines.iter().copied());
            }
            for ((width, _), lines) in &mut kinds {
                *lines = merged.get(width).cloned().unwrap_or_default();
            }
        }
        kinds
            .into_iter()
            .filter_map(|(kind, lines)| Some((kind, measure(&lines, kind.0 as f64)?)))
            .collect()
    }
}

fn kind_of(page: &LaidPage, number: usize) -> (i64, bool) {
    (page.width.round() as i64, number.is_multiple_of(2))
}

/// A line in the margin of a page.
fn margin_line(item: &Item, height: f64) -> Option<&Line> {
    match item {
        Item::Line(line) if line.y < height * MARGIN_PART || line.y > height * (1.0 - MARGIN_PART) => Some(line),
        _ => None,
    }
}

/// The text of a running head, the same whatever number it bears.
fn folded(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| if c.is_numeric() { '0' } else { c })
        .collect()
}

fn is_bare_number(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit())
}

/// The measure of the lines that have the usual size, on pages of this width.
fn measure(lines: &[&Line], width: f64) -> Option<Measure> {
    let mut weights: BTreeMap<i64, usize> = BTreeMap::new();
    for line in lines {
        *weights.entry((line.size * 2.0).round() as i64).or_default() += line.text.len();
    }
    let usual = weights
        .iter()
        .max_by_key(|(size, weight)| (**weight, **size))
        .map(|(size, _)| *size)?;
    let body: Vec<&Line> = lines
        .iter()
        .copied()
        .filter(|line| (line.size * 2.0).round() as i64 == usual)
        .collect();
    let size = body.iter().map(|line| line.size).fold(0.0, f64::max);
    let mut lefts: Vec<f64> = body.iter().map(|line| line.left).collect();
    let mut rights: Vec<f64> = body.iter().map(|line| line.right).collect();
    lefts.sort_by(f64::total_cmp);
    rights.sort_by(f64::total_cmp);
    // One line in fifty may stick out.
    let aside = body.len() / 50;
    let mut leadings: Vec<f64> = body
        .windows(2)
        .map(|pair| (pair[1].y - pair[0].y) / size)
        .filter(|leading| (0.5..4.0).contains(leading))
        .collect();
    leadings.sort_by(f64::total_cmp);
    let leading = leadings.get(leadings.len() / 2).copied().unwrap_or(2.0);
    let left = *lefts.get(aside)?;
    let mut right = *rights.get(rights.len().saturating_sub(1 + aside))?;
    // Closing marks may hang over the edge; others end at most a character before it.
    let plain = body
        .iter()
        .filter(|line| !line.text.ends_with(|c| CLOSING.contains(c)) && line.right <= right);
    right = plain.map(|line| line.right).fold(right - 1.1 * size, f64::max);
    // Where no lines end together, or well before the page's end, none is full, and the edge is as far from the page's
    // as the left one.
    let together = rights.iter().filter(|at| (right - **at).abs() < 1.2 * size).count();
    if together < 3.max(body.len() / 12) || right < 0.7 * width {
        right = right.max(width - left);
    }
    let indented = body
        .iter()
        .filter(|line| (1.5..2.6).contains(&((line.left - left) / size)))
        .count();
    Some(Measure {
        left,
        right,
        size,
        leading,
        indents: indented > 0 && indented * 25 >= body.len(),
    })
}

/// Sets lines and tables into the flow.
struct Setter<'a> {
    flow: &'a mut Flow,
    open: Option<OpenParagraph>,
    table: Option<(usize, Table)>,
}

struct OpenParagraph {
    text: String,
    last: Line,
    page: usize,
}

impl Setter<'_> {
    fn line(&mut self, line: Line, page: usize, measure: Option<Measure>) {
        if self.table.is_some() && is_continued_mark(&line.text) {
            return;
        }
        self.end_table();
        match (&mut self.open, measure) {
            (Some(open), Some(measure)) if goes_on(open, &line, page, measure) => {
                join(&mut open.text, &line.text);
                open.last = line;
                open.page = page;
            }
            _ => {
                self.end_paragraph();
                self.open = Some(OpenParagraph {
                    text: line.text.clone(),
                    last: line,
                    page,
                });
            }
        }
    }

    fn end_paragraph(&mut self) {
        if let Some(open) = self.open.take() {
            self.flow.paragraph(&open.text);
        }
    }

    fn table(&mut self, mut table: Table, page: usize) {
        self.end_paragraph();
        if let Some((last, open)) = &mut self.table
            && page == *last + 1
            && same_frame(open, &table)
            && share_edges(open, &mut table)
        {
            let whole = carry_on(open, table);
            *last = page;
            if !whole {
                self.note_cut_row(page);
            }
            return;
        }
        if self
            .table
            .as_ref()
            .is_some_and(|(last, open)| page == *last + 1 && open.open_bottom)
        {
            self.note_cut_row(page);
        }
        self.end_table();
        self.table = Some((page, table));
    }

    /// A row was cut before the page with index `page`, and its parts do not fit together.
    fn note_cut_row(&mut self, page: usize) {
        self.flow.diagnostic(
            format!(
                "第{page}页末的表格行被分页截断，无法确定第{}页哪一行与它相接，两页内容均已保留",
                page + 1
            ),
            "请对照原件核对这一行的内容、单位和时限",
        );
    }

    fn end_table(&mut self) {
        let Some((_, table)) = self.table.take() else { return };
        self.flow.begin_table();
        for row in &table.rows {
            self.flow.begin_row();
            for cell in row {
                self.flow.begin_cell();
                let vertical = if cell.continues {
                    Vertical::Continues
                } else {
                    Vertical::Starts
                };
                self.flow.shape_cell(Some(cell.end - cell.first), Some(vertical));
                for line in cell.text.lines() {
                    self.flow.paragraph(line);
                }
                self.flow.end_cell();
            }
            self.flow.end_row();
        }
        self.flow.end_table();
    }
}

/// Whether a line carries on the paragraph above it.
fn goes_on(open: &OpenParagraph, line: &Line, page: usize, measure: Measure) -> bool {
    let before = &open.last;
    let same_size = (before.size - line.size).abs() <= 0.12 * before.size;
    let close = page != open.page || line.y - before.y <= measure.leading * 1.45 * before.size.max(measure.size);
    if !same_size || !close {
        return false;
    }
    let middle = f64::midpoint(measure.left, measure.right);
    let centred = |line: &Line| (f64::midpoint(line.left, line.right) - middle).abs() < 0.8 * line.size;
    if line.size > measure.size * 1.15 && page == open.page && centred(before) && centred(line) {
        return !is_reference_line(&before.text) && !is_reference_line(&line.text);
    }
    // Had it been one paragraph, the line above would have taken the beginning of this one.
    // Lines that are not set to the full width end up to a character and a half early.
    let slack = if measure.indents { 1.5 } else { -0.2 } * line.size;
    let would_fit = before.right + line.first_piece + slack <= measure.right;
    let indented = line.left > measure.left + 1.2 * line.size;
    let ended = before
        .text
        .trim_end()
        .ends_with(['。', '；', '：', '！', '？', '）', '】']);
    if line.text.starts_with(['、', '，', '。', '；', '）', '》', '”']) {
        return true;
    }
    let new_item = ended && begins_item(&line.text);
    !(would_fit || indented || new_item)
}

/// （续表） between the parts of a table.
fn is_continued_mark(text: &str) -> bool {
    let text: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !"（）()：:".contains(*c))
        .collect();
    matches!(text.as_str(), "续表" | "续上表" | "接上表" | "续")
}

/// Whether two tables have the same outer edges, so that one carries on the other.
fn same_frame(above: &Table, below: &Table) -> bool {
    const NEAR: f64 = 8.0;
    let edge = |table: &Table| (table.edges.first().copied(), table.edges.last().copied());
    match (edge(above), edge(below)) {
        ((Some(a), Some(b)), (Some(c), Some(d))) => (a - c).abs() < NEAR && (b - d).abs() < NEAR,
        _ => false,
    }
}

/// Puts the rows of a table below those of the one it carries on: a header printed again is left out, a row cut by
/// the page's end is put together, and cells merged across it are known by being empty at the left, or where other
/// cells of their column are merged. False where a row was cut for certain and its parts could not be put together.
fn carry_on(above: &mut Table, mut below: Table) -> bool {
    let texts = |row: &[Cell]| row.iter().map(|cell| cell.text.clone()).collect::<Vec<_>>();
    let repeated = above
        .rows
        .iter()
        .zip(&below.rows)
        .take_while(|(a, b)| texts(a) == texts(b) && b.iter().any(|cell| !cell.text.is_empty()))
        .count();
    let mut rows = below.rows.split_off(repeated);
    let cut = above.open_bottom || below.open_top && repeated == 0;
    let both = rows.first().zip(above.rows.last());
    let mut whole = !cut || both.is_some_and(|(first, last)| second_number(last, first));
    if let Some((first, last)) = rows.first().zip(above.rows.last_mut())
        && (is_cut_row(last, first) || cut && may_be_cut_row(last, first))
    {
        for (cell, rest) in last.iter_mut().zip(first.iter()) {
            join_cells(cell, rest);
        }
        rows.remove(0);
        whole = true;
    }
    above.open_bottom = below.open_bottom;
    let recent = above.rows.iter().rev().take(RECENT_ROWS);
    let merged = merged_columns(recent.chain(&rows));
    if let Some(first) = rows
        .first_mut()
        .filter(|first| first.iter().any(|cell| !cell.text.is_empty()))
    {
        let mut at_left = true;
        for cell in first.iter_mut() {
            at_left &= cell.text.is_empty();
            cell.continues |= cell.text.is_empty() && (at_left || merged.contains(&(cell.first, cell.end)));
        }
    }
    above.rows.append(&mut rows);
    whole
}

/// Writes the lower part of a cell behind the upper one: in the same line where that one is full, else in a new one.
fn join_cells(cell: &mut Cell, rest: &Cell) {
    let goes_on = rest.first_piece > cell.spare
        || cell.text.ends_with(['、', '，'])
        || rest.text.starts_with(['、', '，', '。', '；', '）', '》', '”']);
    if rest.text.is_empty() {
        return;
    }
    if !cell.text.is_empty() && !goes_on {
        cell.text.push('\n');
        cell.text.push_str(&rest.text);
    } else {
        join(&mut cell.text, &rest.text);
    }
    cell.spare = rest.spare;
}

/// Whether `rest` can be the lower part of the row `row`, of which no line shows the end: the same cells, no second number
/// of a row, and no new item behind a sentence that has ended.
fn may_be_cut_row(row: &[Cell], rest: &[Cell]) -> bool {
    let longest = row.iter().zip(rest).max_by_key(|(_, b)| b.text.len());
    let new_item = longest.is_some_and(|(a, b)| {
        begins_item(&b.text) && (a.text.is_empty() || a.text.trim_end().ends_with(['。', '；', '！', '？']))
    });
    same_cells(row, rest) && !second_number(row, rest) && !new_item
}

/// Whether both rows have a number of their own in one column, so that each is whole.
fn second_number(row: &[Cell], rest: &[Cell]) -> bool {
    let is_number = |cell: &Cell| !cell.text.is_empty() && cell.text.chars().all(|c| c.is_ascii_digit());
    row.iter().zip(rest).any(|(a, b)| is_number(a) && is_number(b))
}

fn same_cells(row: &[Cell], rest: &[Cell]) -> bool {
    row.len() == rest.len() && row.iter().zip(rest).all(|(a, b)| a.first == b.first && a.end == b.end)
}

/// The columns in which cells are merged downwards.
fn merged_columns<'a>(rows: impl Iterator<Item = &'a Vec<Cell>>) -> BTreeSet<(usize, usize)> {
    rows.flatten()
        .filter(|cell| cell.continues)
        .map(|cell| (cell.first, cell.end))
        .collect()
}

/// Whether `rest` is the lower part of the row `row`: the same cells, nothing at the left, and either nothing but the
/// rest of one long text, or a text above that breaks off in the middle of a sentence.
fn is_cut_row(row: &[Cell], rest: &[Cell]) -> bool {
    if !same_cells(row, rest) || rest.first().is_none_or(|cell| !cell.text.is_empty()) {
        return false;
    }
    let mut filled: Vec<(&Cell, &Cell)> = row.iter().zip(rest).filter(|(_, b)| !b.text.is_empty()).collect();
    filled.sort_by_key(|(a, _)| a.text.len());
    let Some((above, below)) = filled.last() else {
        return false;
    };
    if above.text.is_empty() || begins_item(&below.text) {
        return false;
    }
    let alone = filled.len() == 1 && rest.len() >= 4 && row.iter().all(|cell| cell.text.len() <= above.text.len());
    alone || !above.text.trim_end().ends_with(['。', '；', '！', '？', '）', '.'])
}

/// Gives both tables the edges of both; false, and nothing changed, where these cannot be told apart.
fn share_edges(above: &mut Table, below: &mut Table) -> bool {
    const NEAR: f64 = 5.0;
    let mut edges: Vec<f64> = above.edges.clone();
    for edge in &below.edges {
        if edges.iter().all(|other| (other - edge).abs() > NEAR) {
            edges.push(*edge);
        }
    }
    edges.sort_by(f64::total_cmp);
    let nearest = |edge: &f64| {
        let distance = |at: &usize| (edges[*at] - edge).abs();
        (0..edges.len())
            .min_by(|a, b| distance(a).total_cmp(&distance(b)))
            .unwrap_or(0)
    };
    let places = [&*above, &*below].map(|table| table.edges.iter().map(nearest).collect::<Vec<usize>>());
    let distinct = places
        .iter()
        .all(|places| places.windows(2).all(|pair| pair[0] < pair[1]));
    if !distinct || edges.len() > MAX_SHARED_EDGES {
        return false;
    }
    for (table, places) in [above, below].into_iter().zip(places) {
        table.edges.clone_from(&edges);
        // Mostly all edges are where they were, and a long table is left alone.
        if places.iter().enumerate().all(|(at, place)| at == *place) {
            continue;
        }
        for cell in table.rows.iter_mut().flatten() {
            (cell.first, cell.end) = (places[cell.first], places[cell.end]);
        }
    }
    true
}
