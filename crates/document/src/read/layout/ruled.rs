//! Tables between ruled lines.

#![expect(
    clippy::float_arithmetic,
    reason = "places on a page are measured; nothing here is money or a rate"
)]

use std::collections::BTreeMap;

use super::lines::{lines_of, spare, text_in_column};
use super::{Glyph, Rule};

/// Lines closer than this are one line; ends closer than this meet.
const SNAP: f64 = 3.0;
/// Most lines of each direction, after pieces are joined, and most cells, among which tables are looked for.
const MAX_LINES: usize = 1_000;
const MAX_GRID: usize = 40_000;

/// A table on a page.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) top: f64,
    /// The edges of its columns, left to right.
    pub(super) edges: Vec<f64>,
    pub(super) rows: Vec<Vec<Cell>>,
    /// No line closes its first row, so that it may be the lower part of a row of the page before.
    pub(super) open_top: bool,
    /// No line closes its last row, so that the next page may go on with it.
    pub(super) open_bottom: bool,
}

/// A cell of it.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    /// Its first column, and the one behind its last.
    pub(super) first: usize,
    pub(super) end: usize,
    pub(super) continues: bool,
    pub(super) text: String,
    /// What its last line leaves free at the right; a wider beginning of another line goes on with it.
    pub(super) spare: f64,
    /// The width of the beginning of its first line, which may not be parted.
    pub(super) first_piece: f64,
}

/// Finds the tables and takes their glyphs out of `glyphs`.
pub(super) fn take_tables(rules: &[Rule], glyphs: &mut Vec<Glyph>) -> Vec<Table> {
    let level = joined(rules.iter().filter(|rule| rule.level));
    let upright = joined(rules.iter().filter(|rule| !rule.level));
    if level.is_empty()
        || upright.is_empty()
        || level.len().max(upright.len()) > MAX_LINES
        || level.len() * upright.len() > 4 * MAX_GRID
    {
        return Vec::new();
    }
    let mut grids: Vec<Grid> = connected(&level, &upright)
        .iter()
        .filter_map(|(level, upright)| Grid::new(level, upright, glyphs))
        .collect();
    // A table within a cell of another stays text of that cell.
    grids.sort_by(|a, b| b.area().total_cmp(&a.area()));
    let mut kept: Vec<Grid> = Vec::new();
    for grid in grids {
        if !kept.iter().any(|outer| outer.holds(grid.middle())) {
            kept.push(grid);
        }
    }
    kept.into_iter().map(|grid| grid.fill(glyphs)).collect()
}

/// Joins pieces that lie on one line and meet.
fn joined<'a>(rules: impl Iterator<Item = &'a Rule>) -> Vec<Rule> {
    let mut rules: Vec<Rule> = rules.copied().collect();
    rules.sort_by(|a, b| a.at.total_cmp(&b.at));
    let mut lines: Vec<Rule> = Vec::new();
    let mut rest = rules.as_slice();
    while let Some(first) = rest.first() {
        // Strokes that are drawn twice, or as the two edges of a line, lie within the snap of the first.
        let count = rest.iter().take_while(|rule| rule.at - first.at <= SNAP * 0.6).count();
        let (same, after) = rest.split_at(count);
        rest = after;
        let mut same = same.to_vec();
        same.sort_by(|a, b| a.from.total_cmp(&b.from));
        let mut open: Option<Rule> = None;
        for rule in same {
            match &mut open {
                Some(line) if rule.from <= line.to + SNAP => line.to = line.to.max(rule.to),
                _ => {
                    lines.extend(open.take());
                    open = Some(rule);
                }
            }
        }
        lines.extend(open);
    }
    lines.retain(|line| line.to - line.from > SNAP);
    lines
}

/// Level and upright lines that cross or meet one another.
fn connected(level: &[Rule], upright: &[Rule]) -> Vec<(Vec<Rule>, Vec<Rule>)> {
    let mut group: Vec<usize> = (0..level.len() + upright.len()).collect();
    fn root(group: &mut [usize], mut at: usize) -> usize {
        while group[at] != at {
            group[at] = group[group[at]];
            at = group[at];
        }
        at
    }
    for (i, h) in level.iter().enumerate() {
        for (j, v) in upright.iter().enumerate() {
            let meets = v.at >= h.from - SNAP && v.at <= h.to + SNAP && h.at >= v.from - SNAP && h.at <= v.to + SNAP;
            if meets {
                let (a, b) = (root(&mut group, i), root(&mut group, level.len() + j));
                group[a] = b;
            }
        }
    }
    let mut found: BTreeMap<usize, (Vec<Rule>, Vec<Rule>)> = BTreeMap::new();
    for (i, h) in level.iter().enumerate() {
        found.entry(root(&mut group, i)).or_default().0.push(*h);
    }
    for (j, v) in upright.iter().enumerate() {
        found.entry(root(&mut group, level.len() + j)).or_default().1.push(*v);
    }
    side_by_side(found.into_values().collect())
}

/// Puts groups together that a merged cell parts which reaches over the whole page: no line crosses it, and those on
/// both its sides begin, end and turn at the same heights.
fn side_by_side(groups: Vec<(Vec<Rule>, Vec<Rule>)>) -> Vec<(Vec<Rule>, Vec<Rule>)> {
    /// More groups than this are no parts of tables.
    const MAX_GROUPS: usize = 100;
    if groups.len() > MAX_GROUPS {
        return groups;
    }
    let reach = |upright: &[Rule]| {
        let top = upright.iter().map(|rule| rule.from).fold(f64::INFINITY, f64::min);
        let bottom = upright.iter().map(|rule| rule.to).fold(f64::NEG_INFINITY, f64::max);
        (top, bottom)
    };
    let near = |a: f64, b: f64| (a - b).abs() <= SNAP;
    let within = |few: &[Rule], many: &[Rule]| few.iter().all(|a| many.iter().any(|b| near(a.at, b.at)));
    let mut whole: Vec<(Vec<Rule>, Vec<Rule>)> = Vec::new();
    for (level, upright) in groups {
        let ends = reach(&upright);
        let beside = whole.iter_mut().find(|(other_level, other_upright)| {
            let others = reach(other_upright);
            let same_ends = near(ends.0, others.0) && near(ends.1, others.1);
            same_ends && (within(&level, other_level) || within(other_level, &level))
        });
        match beside {
            Some((other_level, other_upright)) => {
                other_level.extend(level);
                other_upright.extend(upright);
            }
            None => whole.push((level, upright)),
        }
    }
    whole
}

/// The lines of one table as a grid.
#[derive(Debug)]
struct Grid {
    xs: Vec<f64>,
    ys: Vec<f64>,
    /// For each elementary cell, row by row, the merged cell it belongs to.
    owner: Vec<usize>,
    /// Its first or last row is cut by the page and has no line there.
    open_top: bool,
    open_bottom: bool,
}

impl Grid {
    fn new(level: &[Rule], upright: &[Rule], glyphs: &[Glyph]) -> Option<Self> {
        let mut xs: Vec<f64> = upright.iter().map(|rule| rule.at).collect();
        let mut ys: Vec<f64> = level.iter().map(|rule| rule.at).collect();
        // Tables are often open at the sides: the level lines then reach further than the upright ones.
        let open_side = |xs: &[f64], reach: f64| xs.iter().all(|x| (x - reach).abs() > SNAP * 2.0);
        let left = level.iter().map(|rule| rule.from).fold(f64::INFINITY, f64::min);
        let right = level.iter().map(|rule| rule.to).fold(f64::NEG_INFINITY, f64::max);
        for reach in [left, right] {
            if open_side(&xs, reach) {
                xs.push(reach);
            }
        }
        let (xs, mut ys) = (snapped(&mut xs), snapped(&mut ys));
        let (open_top, open_bottom) = open_ends(&xs, &mut ys, upright, glyphs);
        if xs.len() < 2 || ys.len() < 2 || (xs.len() - 1) * (ys.len() - 1) > MAX_GRID {
            return None;
        }
        let mut grid = Self {
            xs,
            ys,
            owner: Vec::new(),
            open_top,
            open_bottom,
        };
        grid.merge(level, upright);
        let cells = grid.owner.iter().collect::<std::collections::BTreeSet<_>>().len();
        (cells >= 2 && grid.xs.len() > 2).then_some(grid)
    }

    fn columns(&self) -> usize {
        self.xs.len() - 1
    }

    fn area(&self) -> f64 {
        (self.xs[self.columns()] - self.xs[0]) * (self.ys[self.ys.len() - 1] - self.ys[0])
    }

    fn middle(&self) -> (f64, f64) {
        (
            f64::midpoint(self.xs[0], self.xs[self.columns()]),
            f64::midpoint(self.ys[0], self.ys[self.ys.len() - 1]),
        )
    }

    fn holds(&self, (x, y): (f64, f64)) -> bool {
        x > self.xs[0] && x < self.xs[self.columns()] && y > self.ys[0] && y < self.ys[self.ys.len() - 1]
    }

    /// Joins elementary cells that no line parts.
    fn merge(&mut self, level: &[Rule], upright: &[Rule]) {
        let columns = self.columns();
        let rows = self.ys.len() - 1;
        let level = by_line(level, &self.ys);
        let upright = by_line(upright, &self.xs);
        let covers = |lines: &[(f64, f64)], at: f64| lines.iter().any(|&(from, to)| from <= at && at <= to);
        self.owner = (0..rows * columns).collect();
        for at in 0..rows * columns {
            let (row, column) = (at / columns, at % columns);
            let (x, y) = (
                f64::midpoint(self.xs[column], self.xs[column + 1]),
                f64::midpoint(self.ys[row], self.ys[row + 1]),
            );
            if column > 0 && !covers(&upright[column], y) {
                self.unite(at, at - 1);
            }
            if row > 0 && !covers(&level[row], x) {
                self.unite(at, at - columns);
            }
        }
        for at in 0..self.owner.len() {
            self.owner[at] = self.root(at);
        }
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.owner[at] != at {
            self.owner[at] = self.owner[self.owner[at]];
            at = self.owner[at];
        }
        at
    }

    /// The earlier cell stays the root, so that a root is the first cell of its area.
    fn unite(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.owner[a.max(b)] = a.min(b);
    }

    /// Takes the glyphs that lie in the grid and writes them into its cells.
    fn fill(self, glyphs: &mut Vec<Glyph>) -> Table {
        let columns = self.columns();
        let mut inside: BTreeMap<usize, Vec<Glyph>> = BTreeMap::new();
        let mut outside = Vec::new();
        for glyph in glyphs.drain(..) {
            // The middle of a character lies a third of its size above its baseline.
            let (x, y) = (f64::midpoint(glyph.left, glyph.right), glyph.y - glyph.size / 3.0);
            if self.holds((x, y)) {
                let column = self
                    .xs
                    .partition_point(|edge| *edge <= x)
                    .saturating_sub(1)
                    .min(columns - 1);
                let row = self
                    .ys
                    .partition_point(|edge| *edge <= y)
                    .saturating_sub(1)
                    .min(self.ys.len() - 2);
                inside
                    .entry(self.owner[row * columns + column])
                    .or_default()
                    .push(glyph);
            } else {
                outside.push(glyph);
            }
        }
        *glyphs = outside;
        let padding = self.padding(&inside);
        let mut rows = Vec::new();
        for row in 0..self.ys.len() - 1 {
            let mut cells: Vec<Cell> = Vec::new();
            let mut column = 0;
            while column < columns {
                let owner = self.owner[row * columns + column];
                let end = (column..columns)
                    .find(|&c| self.owner[row * columns + c] != owner)
                    .unwrap_or(columns);
                let continues = owner / columns < row;
                let lines = inside.remove(&owner).map(lines_of).unwrap_or_default();
                let room = self.xs[end] - self.xs[column] - 2.0 * padding;
                cells.push(Cell {
                    first: column,
                    end,
                    continues,
                    text: text_in_column(&lines, room),
                    spare: lines.last().map_or(room, |line| spare(line, room)),
                    first_piece: lines.first().map_or(0.0, |line| line.first_piece),
                });
                column = end;
            }
            rows.push(cells);
        }
        Table {
            top: self.ys[0],
            edges: self.xs,
            rows,
            open_top: self.open_top,
            open_bottom: self.open_bottom,
        }
    }

    /// The space that cells keep free at their sides: the least that any text keeps from the line at its left.
    fn padding(&self, inside: &BTreeMap<usize, Vec<Glyph>>) -> f64 {
        const USUAL: f64 = 5.4;
        let columns = self.columns();
        let least = inside.iter().flat_map(|(owner, glyphs)| {
            let left = self.xs[owner % columns];
            glyphs.iter().map(move |glyph| glyph.left - left)
        });
        least.fold(USUAL, f64::min).max(0.0)
    }
}

/// Adds to `ys` where a table's upright lines end beyond its last level line, or begin before its first: where a page cuts
/// a row, writers leave out the line there. Only where they are several and something is written between them.
fn open_ends(xs: &[f64], ys: &mut Vec<f64>, upright: &[Rule], glyphs: &[Glyph]) -> (bool, bool) {
    /// A row is at least so high.
    const LEAST_ROW: f64 = 6.0;
    let (Some(&left), Some(&right), Some(&first), Some(&last)) = (xs.first(), xs.last(), ys.first(), ys.last()) else {
        return (false, false);
    };
    // Most columns have their line there; cells of the row may be merged, and the sides open.
    let enough = |count: usize| count >= 2 && count * 2 >= xs.len();
    let written = |from: f64, to: f64| {
        glyphs.iter().any(|glyph| {
            let (x, y) = (f64::midpoint(glyph.left, glyph.right), glyph.y - glyph.size / 3.0);
            x > left && x < right && y > from && y < to && !glyph.text.trim().is_empty()
        })
    };
    let lowest = upright.iter().map(|rule| rule.to).fold(f64::NEG_INFINITY, f64::max);
    let highest = upright.iter().map(|rule| rule.from).fold(f64::INFINITY, f64::min);
    let down = upright.iter().filter(|rule| lowest - rule.to <= SNAP).count();
    let up = upright.iter().filter(|rule| rule.from - highest <= SNAP).count();
    let bottom = lowest - last >= LEAST_ROW && enough(down) && written(last, lowest);
    let top = first - highest >= LEAST_ROW && enough(up) && written(highest, first);
    if bottom {
        ys.push(lowest);
    }
    if top {
        ys.insert(0, highest);
    }
    (top, bottom)
}

/// Sorted, with those that lie within the snap of another taken for it.
fn snapped(values: &mut [f64]) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    let mut out: Vec<f64> = Vec::new();
    for &value in values.iter() {
        if out.last().is_none_or(|last| value - last > SNAP) {
            out.push(value);
        }
    }
    out
}

/// For each edge of the grid the stretches that a line covers.
fn by_line(rules: &[Rule], edges: &[f64]) -> Vec<Vec<(f64, f64)>> {
    let mut lines = vec![Vec::new(); edges.len()];
    for rule in rules {
        let after = edges.partition_point(|edge| *edge < rule.at - SNAP);
        if let Some(line) = lines.get_mut(after) {
            line.push((rule.from, rule.to));
        }
    }
    lines
}
