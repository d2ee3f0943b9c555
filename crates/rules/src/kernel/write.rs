//! Decisions of a block written out, one element a row.

use super::reasons::Causes;
use super::registers::{Longs, Truth, at, bit};
use super::values::each_lane;
use super::verdicts::Verdicts;
use super::{BLOCK, Bits, Workspace};
use crate::benefit::Version;
use crate::decision::{Outcome, Reason};
use crate::program::{Narrow, Program};

/// Of 64 rows no more than so many are written one by one; for more the masks are turned whole.
const FEW_IN_WORD: u32 = 8;

/// One benefit's decisions of a block, used again for every block: one element a row.
///
/// **Where it is known that a row lies outside the benefit's region, no other condition is asked:** their bits are 0 in
/// both masks, that of `in-region` alone is known. What a row's decision says never depends on the rows beside it. A row
/// of which nobody knows where it lies is asked everything; `leye decide` shows every condition of its one case.
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

/// One version's results of a block.
struct Source<'w> {
    version: &'w Version,
    number: u8,
    verdicts: &'w Verdicts,
    /// By condition.
    masks: Vec<&'w Truth>,
    /// The bit of the place, if it is a condition.
    place: u64,
    amount: Option<&'w Longs>,
    months: Option<&'w Longs>,
    causes: Option<Causes>,
}

impl Workspace {
    /// Writes a version's rows; where the benefit has several versions, those rows alone.
    pub(super) fn write(
        &mut self,
        program: &Program,
        version: &Version,
        verdicts: &Verdicts,
        (number, several): (u8, bool),
        out: &mut Decisions,
    ) {
        let causes = self.causes(program, version, &verdicts.undetermined);
        let longs = |register: Option<Narrow>| register.and_then(|register| self.longs.get(at(register.0)));
        let conditions = version.conditions.iter();
        let source = Source {
            version,
            number,
            verdicts,
            masks: conditions
                .filter_map(|condition| self.masks.get(at(condition.mask.0)))
                .collect(),
            place: version.place.map_or(0, |place| 1 << place),
            amount: longs(version.amount),
            months: longs(version.months),
            causes,
        };
        if several {
            each_lane(&verdicts.present, |row| source.row(row, out));
            return;
        }
        for word in 0..self.rows.div_ceil(64) {
            if verdicts.possible[word].count_ones() <= FEW_IN_WORD {
                source.elsewhere(word, out);
                let mut left = verdicts.possible[word];
                while left != 0 {
                    source.row(
                        word * 64 + usize::try_from(left.trailing_zeros()).unwrap_or_default(),
                        out,
                    );
                    left &= left - 1;
                }
            } else {
                source.word(word, out);
            }
        }
    }
}

impl Source<'_> {
    /// One row.
    fn row(&self, row: usize, out: &mut Decisions) {
        let Verdicts {
            eligible,
            undetermined,
            possible,
            ..
        } = self.verdicts;
        let (eligible, undetermined) = (bit(eligible, row), bit(undetermined, row));
        let (mut yes, mut known) = (0, self.place);
        if bit(possible, row) {
            known = 0;
            for (number, truth) in self.masks.iter().enumerate() {
                yes |= u64::from(bit(&truth.yes, row)) << number;
                known |= u64::from(bit(&truth.known, row)) << number;
            }
        }
        let amount = self.amount.filter(|_| eligible);
        let months = self.months.filter(|months| eligible && bit(&months.known, row));
        put(&mut out.outcome, row, u8::from(eligible) | u8::from(undetermined) << 1);
        put(&mut out.version, row, self.number);
        put(&mut out.true_mask, row, yes);
        put(&mut out.known_mask, row, known);
        put(
            &mut out.amount_fen,
            row,
            amount.and_then(|amount| amount.values.get(row).copied()).unwrap_or(0),
        );
        put(
            &mut out.months,
            row,
            months
                .and_then(|months| months.values.get(row))
                .map_or(0, |months| fitted(*months)),
        );
        put(
            &mut out.reason,
            row,
            if undetermined { self.reason(row).number() } else { 0 },
        );
    }

    /// The gravest cause of an undetermined row.
    fn reason(&self, row: usize) -> Reason {
        let usual = self.version.open.unwrap_or(Reason::Fact);
        let Some(causes) = &self.causes else { return usual };
        if bit(&causes.conflict, row) {
            Reason::Conflict
        } else if bit(&causes.arithmetic, row) {
            Reason::Arithmetic
        } else if bit(&causes.parameter, row) && self.version.open.is_none() {
            Reason::Parameter
        } else {
            usual
        }
    }

    /// 64 rows that all lie elsewhere.
    fn elsewhere(&self, word: usize, out: &mut Decisions) {
        fill(&mut out.outcome, word, 0);
        fill(&mut out.version, word, self.number);
        fill(&mut out.true_mask, word, 0);
        fill(&mut out.known_mask, word, self.place);
        fill(&mut out.amount_fen, word, 0);
        fill(&mut out.months, word, 0);
        fill(&mut out.reason, word, 0);
    }

    /// 64 rows at once.
    fn word(&self, word: usize, out: &mut Decisions) {
        let (eligible, undetermined) = (self.verdicts.eligible[word], self.verdicts.undetermined[word]);
        let rows = word * 64..word * 64 + 64;
        let bytes = out.outcome.get_mut(rows.clone()).unwrap_or_default();
        for (at, eight) in bytes.chunks_exact_mut(8).enumerate() {
            let both = spread(eligible >> (8 * at)) | spread(undetermined >> (8 * at)) << 1;
            eight.copy_from_slice(&both.to_le_bytes());
        }
        fill(&mut out.version, word, self.number);
        self.turn(
            word,
            |truth| &truth.yes,
            0,
            out.true_mask.get_mut(rows.clone()).unwrap_or_default(),
        );
        self.turn(
            word,
            |truth| &truth.known,
            self.place,
            out.known_mask.get_mut(rows.clone()).unwrap_or_default(),
        );
        fill(&mut out.months, word, 0);
        fill(&mut out.reason, word, 0);
        match self.amount.filter(|_| eligible != 0) {
            None => fill(&mut out.amount_fen, word, 0),
            Some(amount) => {
                let (to, from) = (out.amount_fen.get_mut(rows.clone()), amount.values.get(rows));
                for (lane, (to, value)) in to
                    .unwrap_or_default()
                    .iter_mut()
                    .zip(from.unwrap_or_default())
                    .enumerate()
                {
                    *to = value & (eligible >> lane & 1).cast_signed().wrapping_neg();
                }
            }
        }
        each_in(
            word,
            self.months.map_or(0, |months| eligible & months.known[word]),
            |row| {
                let months = self.months.and_then(|months| months.values.get(row));
                put(&mut out.months, row, months.map_or(0, |months| fitted(*months)));
            },
        );
        each_in(word, undetermined, |row| {
            put(&mut out.reason, row, self.reason(row).number())
        });
    }

    /// From one word per condition to one mask per row: eight conditions and eight rows at a time. A row elsewhere has
    /// the bits of `elsewhere`.
    fn turn(&self, word: usize, side: impl Fn(&Truth) -> &Bits, elsewhere: u64, out: &mut [u64]) {
        let possible = self.verdicts.possible[word];
        for (chunk, conditions) in self.masks.chunks(8).enumerate() {
            let mut columns = [0_u64; 8];
            for ((number, column), truth) in (chunk * 8..).zip(&mut columns).zip(conditions) {
                let rest = if elsewhere >> number & 1 == 1 { !possible } else { 0 };
                *column = (side(truth)[word] & possible) | rest;
            }
            for (byte, eight) in out.chunks_exact_mut(8).enumerate() {
                let mut square = 0;
                for (at, column) in columns.iter().enumerate() {
                    square |= (column >> (8 * byte) & 0xff) << (8 * at);
                }
                for (to, bits) in eight.iter_mut().zip(turned(square).to_le_bytes()) {
                    let bits = u64::from(bits) << (8 * chunk);
                    *to = if chunk == 0 { bits } else { *to | bits };
                }
            }
        }
    }
}

fn put<T>(out: &mut [T], row: usize, value: T) {
    if let Some(to) = out.get_mut(row) {
        *to = value;
    }
}

fn fill<T: Copy>(out: &mut [T], word: usize, value: T) {
    out.get_mut(word * 64..word * 64 + 64).unwrap_or_default().fill(value);
}

/// Calls `each` with every marked row of a word.
fn each_in(word: usize, mut marked: u64, mut each: impl FnMut(usize)) {
    while marked != 0 {
        each(word * 64 + usize::try_from(marked.trailing_zeros()).unwrap_or_default());
        marked &= marked - 1;
    }
}

fn fitted(months: i64) -> i32 {
    i32::try_from(months).unwrap_or(if months < 0 { i32::MIN } else { i32::MAX })
}

/// The lowest eight bits as eight bytes of 0 or 1.
fn spread(bits: u64) -> u64 {
    let apart = (bits & 0xff).wrapping_mul(0x0101_0101_0101_0101) & 0x8040_2010_0804_0201;
    (apart + 0x7f7f_7f7f_7f7f_7f7f) >> 7 & 0x0101_0101_0101_0101
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
