//! Decisions of a block written out, one element a row.

use super::reasons::Causes;
use super::registers::{Longs, Truth, at, bit};
use super::values::{each_lane, without};
use super::verdicts::Verdicts;
use super::{ALL, BLOCK, Bits, NONE, Workspace};
use crate::benefit::Version;
use crate::decision::{Outcome, Reason};
use crate::program::{Narrow, Program};

/// Rows are written one by one where no more than so many of any 64 may lie in the region; else masks are turned whole.
const FEW_IN_WORD: u32 = 12;

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
    /// The rows that may say something else than that they lie elsewhere, so that few need be wiped.
    written: Bits,
    /// The known mask of the others.
    elsewhere: u64,
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
            written: NONE,
            elsewhere: 0,
        }
    }
}

/// What a benefit's decisions say of one row; the fields are those of [`Decisions`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "said of the columns of the same names")]
pub struct Decided {
    pub true_mask: u64,
    pub known_mask: u64,
    pub amount_fen: i64,
    pub months: i32,
    pub outcome: u8,
    pub version: u8,
    pub reason: u8,
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
            out.written = ALL;
            each_lane(&verdicts.present, |row| source.row(row, out));
            return;
        }
        let possible = &verdicts.possible;
        if possible.iter().all(|word| word.count_ones() <= FEW_IN_WORD) {
            out.wipe(source.place, possible);
            each_lane(possible, |row| source.row(row, out));
            return;
        }
        out.written = ALL;
        out.version.fill(number);
        out.months.fill(0);
        out.reason.fill(0);
        for word in 0..self.rows.div_ceil(64) {
            source.word(word, out);
        }
    }
}

impl Decisions {
    /// What they say of a row.
    pub fn row(&self, row: usize) -> Option<Decided> {
        Some(Decided {
            true_mask: *self.true_mask.get(row)?,
            known_mask: *self.known_mask.get(row)?,
            amount_fen: *self.amount_fen.get(row)?,
            months: *self.months.get(row)?,
            outcome: *self.outcome.get(row)?,
            version: *self.version.get(row)?,
            reason: *self.reason.get(row)?,
        })
    }

    /// Says of some rows what was decided on them, and of every other that it lies elsewhere.
    pub(super) fn scatter<'d>(&mut self, place: u64, rows: impl Iterator<Item = (usize, &'d Decided)> + Clone) {
        let mut written = NONE;
        for (row, _) in rows.clone() {
            if let Some(word) = written.get_mut(row / 64) {
                *word |= 1 << (row % 64);
            }
        }
        self.wipe(place, &written);
        rows.for_each(|(row, decided)| self.put(row, decided));
    }

    fn put(&mut self, row: usize, decided: &Decided) {
        put(&mut self.outcome, row, decided.outcome);
        put(&mut self.version, row, decided.version);
        put(&mut self.true_mask, row, decided.true_mask);
        put(&mut self.known_mask, row, decided.known_mask);
        put(&mut self.amount_fen, row, decided.amount_fen);
        put(&mut self.months, row, decided.months);
        put(&mut self.reason, row, decided.reason);
    }

    /// Says of every row but those about to be written that it lies elsewhere.
    fn wipe(&mut self, place: u64, written: &Bits) {
        if self.elsewhere != place {
            self.known_mask.fill(place);
            self.elsewhere = place;
        }
        if self.written == ALL {
            self.outcome.fill(0);
            self.version.fill(0);
            self.true_mask.fill(0);
            self.known_mask.fill(place);
            self.amount_fen.fill(0);
            self.months.fill(0);
            self.reason.fill(0);
        } else {
            let elsewhere = Decided {
                known_mask: place,
                ..Decided::default()
            };
            each_lane(&without(&self.written, written), |row| self.put(row, &elsewhere));
        }
        self.written = *written;
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
            amount.and_then(|amount| amount.values().get(row).copied()).unwrap_or(0),
        );
        put(
            &mut out.months,
            row,
            months
                .and_then(|months| months.values().get(row))
                .map_or(0, |months| fitted(*months)),
        );
        put(
            &mut out.reason,
            row,
            if undetermined { self.reason(row).number() } else { 0 },
        );
    }

    /// Why a row is undetermined that has no graver cause.
    fn usual(&self) -> Reason {
        self.version.open.unwrap_or(Reason::Fact)
    }

    /// The gravest cause of an undetermined row.
    fn reason(&self, row: usize) -> Reason {
        let usual = self.usual();
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

    /// 64 rows at once, whose version, months and reason are those of most rows.
    fn word(&self, word: usize, out: &mut Decisions) {
        let (eligible, undetermined) = (self.verdicts.eligible[word], self.verdicts.undetermined[word]);
        let rows = word * 64..word * 64 + 64;
        let bytes = out.outcome.get_mut(rows.clone()).unwrap_or_default();
        for (at, eight) in bytes.chunks_exact_mut(8).enumerate() {
            let both = spread(eligible >> (8 * at)) | spread(undetermined >> (8 * at)) << 1;
            eight.copy_from_slice(&both.to_le_bytes());
        }
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
        match self.amount.filter(|_| eligible != 0) {
            None => fill(&mut out.amount_fen, word, 0),
            Some(amount) => {
                let (to, from) = (out.amount_fen.get_mut(rows.clone()), amount.values().get(rows));
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
                let months = self.months.and_then(|months| months.values().get(row));
                put(&mut out.months, row, months.map_or(0, |months| fitted(*months)));
            },
        );
        if self.causes.is_some() {
            each_in(word, undetermined, |row| {
                put(&mut out.reason, row, self.reason(row).number())
            });
        } else if undetermined != 0 {
            let reason = u64::from(self.usual().number());
            let bytes = out.reason.get_mut(word * 64..word * 64 + 64).unwrap_or_default();
            for (at, eight) in bytes.chunks_exact_mut(8).enumerate() {
                eight.copy_from_slice(&(spread(undetermined >> (8 * at)) * reason).to_le_bytes());
            }
        }
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
            let (eights, _) = out.as_chunks_mut::<8>();
            for (eight, square) in eights.iter_mut().zip(squares(columns).map(turned)) {
                for (to, bits) in eight.iter_mut().zip(square.to_le_bytes()) {
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

/// Eight words as eight squares: the first bytes of all, the second bytes of all, and so on. Halves change places, then
/// quarters, then bytes.
fn squares(mut words: [u64; 8]) -> [u64; 8] {
    const STAGES: [(usize, u32, u64); 3] = [
        (4, 32, 0x0000_0000_ffff_ffff),
        (2, 16, 0x0000_ffff_0000_ffff),
        (1, 8, 0x00ff_00ff_00ff_00ff),
    ];
    for (apart, shift, mask) in STAGES {
        for at in (0..8).filter(|at| at & apart == 0) {
            let (low, high) = (words[at], words[at + apart]);
            let moved = ((low >> shift) ^ high) & mask;
            (words[at], words[at + apart]) = (low ^ (moved << shift), high ^ moved);
        }
    }
    words
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

#[cfg(test)]
mod tests {
    use super::{spread, squares, turned};

    #[test]
    fn bits_of_columns_become_bits_of_rows() {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let columns: [u64; 8] = std::array::from_fn(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            state ^ (state >> 29)
        });
        let turned: Vec<u8> = squares(columns)
            .map(turned)
            .iter()
            .flat_map(|square| square.to_le_bytes())
            .collect();
        for (row, bits) in turned.iter().enumerate() {
            for (column, word) in columns.iter().enumerate() {
                assert_eq!(
                    u64::from(bits >> column & 1),
                    word >> row & 1,
                    "row {row}, column {column}"
                );
            }
        }
    }

    #[test]
    fn a_bit_becomes_a_byte() {
        for bits in 0..=255_u8 {
            let bytes = spread(u64::from(bits) | 0xff00).to_le_bytes();
            assert_eq!(bytes, std::array::from_fn(|at| bits >> at & 1));
        }
    }
}
