//! Outcomes of a block for whole benefits: counted and summed, or written out row by row.

use super::columns::Columns;
use super::masks::both;
use super::registers::{Truth, at, bit};
use super::values::{common, each_lane, sum_rows};
use super::{BLOCK, Bits, WORDS, Workspace};
use crate::benefit::Version;
use crate::decision::{Outcome, Reason};
use crate::engine::Engine;
use crate::program::{Narrow, NarrowOp, Op, Program, Register};

/// What came of one benefit over all rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows that are 初步符合.
    pub eligible: u64,
    /// Rows that are 暂不符合.
    pub ineligible: u64,
    /// Rows that are 待核实.
    pub undetermined: u64,
    /// Money of the eligible rows, in fen.
    pub amount_fen: i128,
}

/// One benefit's decisions of a block, used again for every block: one element a row.
#[derive(Debug, Clone)]
pub struct Decisions {
    /// The outcome, by [`outcome_of`].
    pub outcome: Box<[u8]>,
    /// Which version was used, counted from the latest.
    pub version: Box<[u8]>,
    /// One bit per condition that holds.
    pub true_mask: Box<[u64]>,
    /// One bit per condition that is known.
    pub known_mask: Box<[u64]>,
    /// The amount in fen where the row is eligible, else 0.
    pub amount_fen: Box<[i64]>,
    /// The months of a benefit by the month where the row is eligible and they are known, else 0. A number beyond 32 bits
    /// stands as the nearest that fits.
    pub months: Box<[i32]>,
    /// Why the row is undetermined, by [`Reason::number`], as deciding the case alone would say; 0 where it is not.
    pub reason: Box<[u8]>,
}

impl Default for Decisions {
    fn default() -> Self {
        Self {
            outcome: vec![0; BLOCK].into_boxed_slice(),
            version: vec![0; BLOCK].into_boxed_slice(),
            true_mask: vec![0; BLOCK].into_boxed_slice(),
            known_mask: vec![0; BLOCK].into_boxed_slice(),
            amount_fen: vec![0; BLOCK].into_boxed_slice(),
            months: vec![0; BLOCK].into_boxed_slice(),
            reason: vec![0; BLOCK].into_boxed_slice(),
        }
    }
}

/// The outcome that a byte of [`Decisions::outcome`] stands for.
pub fn outcome_of(byte: u8) -> Outcome {
    match byte {
        1 => Outcome::Eligible,
        2 => Outcome::Undetermined,
        _ => Outcome::Ineligible,
    }
}

/// What verdicts are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// Counts and sums.
    Counts,
    /// Every row, with months and reason.
    Rows,
}

/// Rows of a block by outcome.
struct Verdicts {
    eligible: Bits,
    undetermined: Bits,
    present: Bits,
}

impl Engine {
    /// Counts and sums of every benefit, in the order of their ids, over all rows.
    pub fn tally(&self, columns: &Columns, workspace: &mut Workspace) -> Vec<Tally> {
        let mut tallies = vec![Tally::default(); self.benefits.len()];
        for start in (0..columns.rows()).step_by(BLOCK) {
            workspace.begin(columns, start);
            workspace.run(&self.program, columns, &self.cheap);
            for (versions, tally) in self.benefits.values().zip(&mut tallies) {
                for (version, rows) in workspace.selected(versions) {
                    let verdicts = workspace.verdicts(self, columns, version, &rows, Asked::Counts);
                    let (eligible, undetermined) = (count(&verdicts.eligible), count(&verdicts.undetermined));
                    tally.eligible += eligible;
                    tally.undetermined += undetermined;
                    tally.ineligible += count(&verdicts.present) - eligible - undetermined;
                    tally.amount_fen += workspace.sum(self, version.amount, &verdicts.eligible, eligible);
                }
            }
        }
        tallies
    }

    /// Decides the block that begins at `start`: `each` gets the number of a benefit, in the order of their ids, and its
    /// decisions, in one buffer that is used for all. Answers how many rows the block has.
    pub fn decide_block(
        &self,
        columns: &Columns,
        start: usize,
        workspace: &mut Workspace,
        buffer: &mut Decisions,
        mut each: impl FnMut(usize, &Decisions),
    ) -> usize {
        workspace.begin(columns, start);
        workspace.run(&self.program, columns, &self.eager);
        for (at, versions) in self.benefits.values().enumerate() {
            let several = versions.len() > 1;
            for (number, (version, rows)) in (0_u8..).zip(workspace.selected(versions)) {
                let verdicts = workspace.verdicts(self, columns, version, &rows, Asked::Rows);
                workspace.write(version, &verdicts, number, several, buffer);
                workspace.write_reasons(&self.program, version, &verdicts, several, buffer);
            }
            each(at, buffer);
        }
        workspace.rows
    }
}

impl Workspace {
    /// The rows that each version decides: those in its window, the rest with the latest document's.
    fn selected<'v>(&self, versions: &'v [Version]) -> Vec<(&'v Version, Bits)> {
        let mut left = self.present();
        let mut selected: Vec<(&Version, Bits)> = Vec::with_capacity(versions.len());
        if let [only] = versions {
            selected.push((only, left));
            return selected;
        }
        for version in versions {
            let inside = version.window.map_or([u64::MAX; WORDS], |window| self.mask(window).yes);
            let taken: Bits = std::array::from_fn(|word| left[word] & inside[word]);
            left = std::array::from_fn(|word| left[word] & !inside[word]);
            selected.push((version, taken));
        }
        if let Some((_, rows)) = selected.first_mut() {
            *rows = std::array::from_fn(|word| rows[word] | left[word]);
        }
        selected
    }

    /// Outcomes of the rows. Dear conditions are computed only in rows that no cheap one refuses, the amount only where
    /// every condition holds.
    fn verdicts(
        &mut self,
        engine: &Engine,
        columns: &Columns,
        version: &Version,
        rows: &Bits,
        asked: Asked,
    ) -> Verdicts {
        let mut all = self.all_of(version, false);
        let open: Bits = std::array::from_fn(|word| rows[word] & (all.yes[word] | !all.known[word]));
        if version.has_dear && open != [0; WORDS] {
            self.run_in(&engine.program, columns, &version.dear_ops, &open);
            both(&mut all, &self.all_of(version, true));
        }
        let mut eligible: Bits = std::array::from_fn(|word| all.yes[word] & open[word]);
        let mut undetermined: Bits = std::array::from_fn(|word| !all.known[word] & open[word]);
        // Why a row is undetermined is also looked for in its amount.
        let priced = match asked {
            Asked::Counts => eligible,
            Asked::Rows => std::array::from_fn(|word| eligible[word] | undetermined[word]),
        };
        if priced != [0; WORDS] && (version.amount.is_some() || version.months.is_some()) {
            self.run_in(&engine.program, columns, &version.amount_ops, &priced);
        }
        if let Some(amount) = version.amount {
            let known = self.longs.get(at(amount.0)).map_or([0; WORDS], |longs| longs.known);
            undetermined = std::array::from_fn(|word| undetermined[word] | (eligible[word] & !known[word]));
            eligible = std::array::from_fn(|word| eligible[word] & known[word]);
        }
        Verdicts {
            eligible,
            undetermined,
            present: *rows,
        }
    }

    /// All cheap, or all dear, conditions of a version.
    fn all_of(&self, version: &Version, dear: bool) -> Truth {
        let mut all = Truth {
            yes: [u64::MAX; WORDS],
            known: [u64::MAX; WORDS],
        };
        for condition in version.conditions.iter().filter(|condition| condition.is_dear == dear) {
            if let Some(truth) = self.masks.get(at(condition.mask.0)) {
                both(&mut all, truth);
            }
        }
        all
    }

    fn sum(&self, engine: &Engine, amount: Option<Narrow>, rows: &Bits, count: u64) -> i128 {
        let Some(amount) = amount else { return 0 };
        if let Some((_, Op::Narrow(NarrowOp::Constant(value)))) = engine.program.writer(Register::Narrow(amount)) {
            return i128::from(*value) * i128::from(count);
        }
        let Some(longs) = self.longs.get(at(amount.0)) else {
            return 0;
        };
        sum_rows(&longs.values, rows)
    }

    fn write(&self, version: &Version, verdicts: &Verdicts, number: u8, several: bool, out: &mut Decisions) {
        let words = self.rows.div_ceil(64);
        for word in 0..words {
            let (eligible, undetermined) = (verdicts.eligible[word], verdicts.undetermined[word]);
            let rows = word * 64..word * 64 + 64;
            let Some(outcome) = out.outcome.get_mut(rows.clone()) else {
                continue;
            };
            if several {
                let mine = verdicts.present[word];
                let version_bytes = out.version.get_mut(rows).unwrap_or_default();
                for (lane, (byte, version)) in outcome.iter_mut().zip(version_bytes).enumerate() {
                    if mine >> lane & 1 == 1 {
                        (*byte, *version) = (byte_of(eligible, undetermined, lane), number);
                    }
                }
            } else {
                for (lane, byte) in outcome.iter_mut().enumerate() {
                    *byte = byte_of(eligible, undetermined, lane);
                }
            }
        }
        let masks: Vec<&Truth> = version
            .conditions
            .iter()
            .filter_map(|condition| self.masks.get(at(condition.mask.0)))
            .collect();
        transpose(
            &masks,
            |truth| &truth.yes,
            words,
            &verdicts.present,
            several,
            &mut out.true_mask,
        );
        transpose(
            &masks,
            |truth| &truth.known,
            words,
            &verdicts.present,
            several,
            &mut out.known_mask,
        );
        if let Some(longs) = version.amount.and_then(|amount| self.longs.get(at(amount.0))) {
            for (lane, (to, value)) in out.amount_fen.iter_mut().zip(&longs.values).enumerate().take(self.rows) {
                let due = bit(&verdicts.eligible, lane);
                if due || !several || bit(&verdicts.present, lane) {
                    *to = *value & -i64::from(due);
                }
            }
        } else {
            clear(&mut out.amount_fen, &verdicts.present, several);
        }
        self.write_months(version, verdicts, several, out);
    }

    fn write_months(&self, version: &Version, verdicts: &Verdicts, several: bool, out: &mut Decisions) {
        clear(&mut out.months, &verdicts.present, several);
        let Some(months) = version.months.and_then(|months| self.longs.get(at(months.0))) else {
            return;
        };
        each_lane(&common(&verdicts.eligible, &months.known), |row| {
            if let (Some(to), Some(value)) = (out.months.get_mut(row), months.values.get(row)) {
                *to = i32::try_from(*value).unwrap_or(if *value < 0 { i32::MIN } else { i32::MAX });
            }
        });
    }

    fn write_reasons(
        &mut self,
        program: &Program,
        version: &Version,
        verdicts: &Verdicts,
        several: bool,
        out: &mut Decisions,
    ) {
        clear(&mut out.reason, &verdicts.present, several);
        let mut fill = |rows: &Bits, reason: Reason| {
            each_lane(rows, |row| {
                if let Some(to) = out.reason.get_mut(row) {
                    *to = reason.number();
                }
            });
        };
        // The gravest comes last and stays.
        let causes = self.causes(program, version, &verdicts.undetermined);
        fill(&verdicts.undetermined, version.open.unwrap_or(Reason::Fact));
        if let Some(causes) = causes {
            if version.open.is_none() {
                fill(&causes.parameter, Reason::Parameter);
            }
            fill(&causes.arithmetic, Reason::Arithmetic);
            fill(&causes.conflict, Reason::Conflict);
        }
    }
}

/// Zeros in all rows, or in those of one version.
fn clear<T: Copy + Default>(out: &mut [T], present: &Bits, several: bool) {
    if several {
        each_lane(present, |row| {
            if let Some(to) = out.get_mut(row) {
                *to = T::default();
            }
        });
    } else {
        out.fill(T::default());
    }
}

fn byte_of(eligible: u64, undetermined: u64, lane: usize) -> u8 {
    let bits = (eligible >> lane & 1) | (undetermined >> lane & 1) << 1;
    bits.to_le_bytes()[0]
}

/// From one mask per condition to one mask per row: eight conditions and eight rows at a time.
fn transpose(
    masks: &[&Truth],
    side: impl Fn(&Truth) -> &Bits,
    words: usize,
    present: &Bits,
    several: bool,
    out: &mut [u64],
) {
    for (word, rows) in out.chunks_exact_mut(64).enumerate().take(words) {
        let mine = if several { present[word] } else { u64::MAX };
        for (chunk, conditions) in masks.chunks(8).enumerate() {
            let mut columns = [0_u64; 8];
            for (column, truth) in columns.iter_mut().zip(conditions) {
                *column = side(truth)[word];
            }
            for (byte, eight) in rows.chunks_exact_mut(8).enumerate() {
                let mut square = 0;
                for (at, column) in columns.iter().enumerate() {
                    square |= (column >> (8 * byte) & 0xff) << (8 * at);
                }
                let square = turned(square).to_le_bytes();
                for (lane, (to, bits)) in eight.iter_mut().zip(square).enumerate() {
                    let bits = u64::from(bits) << (8 * chunk);
                    if several && mine >> (8 * byte + lane) & 1 == 0 {
                        continue;
                    }
                    *to = if chunk == 0 { bits } else { *to | bits };
                }
            }
        }
    }
}

/// A square of eight by eight bits, rows and columns exchanged.
fn turned(mut square: u64) -> u64 {
    let mut swap = |mask: u64, by: u32| {
        let moved = (square ^ (square >> by)) & mask;
        square ^= moved ^ (moved << by);
    };
    swap(0x00aa_00aa_00aa_00aa, 7);
    swap(0x0000_cccc_0000_cccc, 14);
    swap(0x0000_0000_f0f0_f0f0, 28);
    square
}

fn count(bits: &Bits) -> u64 {
    bits.iter().map(|word| u64::from(word.count_ones())).sum()
}
