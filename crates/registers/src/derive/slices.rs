//! Slices of the people: what is told row by row of each person is worked out for some of them at a time.
//!
//! A join holds one of its sides in memory, and nothing of it can go to disk. Cut by the person's key, each piece is as
//! large for a city of five million as for one of one, and the pieces one after the other, in the order of keys, are the
//! same rows in the same order. Registers lie sorted by key, so that a piece reads only its own part of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Memory that a row of a register needs where it is joined and counted, in bytes: measured, with room to spare.
const ROW_BYTES: u64 = 256;

/// Rows of registers kept by person that so much memory is enough for at once.
pub fn rows_within(memory_bytes: usize) -> u64 {
    u64::try_from(memory_bytes).unwrap_or(u64::MAX) / ROW_BYTES
}

/// The digits that keys are written in, in their order (Crockford's base 32, as `seal` writes them).
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Digits of a border, and the values that they can have: of the first digit only eight are used, for 26 digits hold two
/// bits more than a key.
const BORDER_DIGITS: u32 = 4;
const BORDERS: u64 = 1 << (5 * BORDER_DIGITS - 2);

/// Where the people are cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slices {
    /// The first key of each slice but the first, in order.
    borders: Vec<String>,
}

impl Slices {
    /// As many as leave no more than `at_once` of so many rows in each, keys being spread evenly.
    pub(super) fn of(rows: u64, at_once: u64) -> Self {
        let count = rows.div_ceil(at_once.max(1)).clamp(1, BORDERS);
        Self {
            borders: (1..count).map(|place| border(place * BORDERS / count)).collect(),
        }
    }

    /// A statement for each slice, in the order of keys. `by_person` names, for tables kept by person, the column with the
    /// key; of them a slice sees its own people's rows. The statement must give each person's rows out of that person's
    /// alone, as far as it reads such tables.
    pub(super) fn cut(&self, sql: &str, by_person: &BTreeMap<String, String>) -> Vec<String> {
        let read: Vec<(&String, &String)> = by_person.iter().filter(|(table, _)| names(sql, table)).collect();
        if self.borders.is_empty() || read.is_empty() {
            return vec![sql.to_owned()];
        }
        let of = |place: usize| {
            let from = place.checked_sub(1).and_then(|before| self.borders.get(before));
            let to = self.borders.get(place);
            let mut statement = String::new();
            for (table, column) in &read {
                let lead = if statement.is_empty() { "WITH" } else { "," };
                // Writing to a text cannot fail.
                let _ = write!(
                    statement,
                    "{lead} {table} AS (SELECT * FROM {table} WHERE {})",
                    between(column, from, to)
                );
            }
            format!("{statement}\n{sql}")
        };
        (0..=self.borders.len()).map(of).collect()
    }
}

/// Keys from one on and before another. Who has none stands in the first slice, so that no row is lost.
fn between(column: &str, from: Option<&String>, to: Option<&String>) -> String {
    match (from, to) {
        (None, None) => "true".to_owned(),
        (None, Some(to)) => format!("\"{column}\" < '{to}' OR \"{column}\" IS NULL"),
        (Some(from), None) => format!("\"{column}\" >= '{from}'"),
        (Some(from), Some(to)) => format!("\"{column}\" >= '{from}' AND \"{column}\" < '{to}'"),
    }
}

fn border(value: u64) -> String {
    let digit = |place: u32| {
        let at = usize::try_from(value >> (5 * place) & 31).unwrap_or_default();
        char::from(DIGITS.get(at).copied().unwrap_or(b'0'))
    };
    (0..BORDER_DIGITS).rev().map(digit).collect()
}

/// Whether a statement has the name of a table as a word. One that stands there for something else does no harm: a table
/// that nobody reads is not read.
fn names(sql: &str, table: &str) -> bool {
    sql.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
        .any(|word| word == table)
}

#[cfg(test)]
mod tests {
    use super::{BORDERS, DIGITS, Slices, border};

    #[test]
    fn borders_lie_in_the_order_of_keys_and_cut_them_evenly() {
        assert!(DIGITS.is_sorted());
        assert_eq!(
            [border(0), border(BORDERS / 2), border(BORDERS - 1)],
            ["0000", "4000", "7ZZZ"]
        );
        for count in [1_u64, 2, 3, 11, 1_000] {
            let slices = Slices::of(count * 1_000, 1_000);
            assert_eq!(slices.borders.len() as u64, count - 1);
            assert!(slices.borders.is_sorted() && slices.borders.iter().all(|key| *key > border(0)));
        }
        assert_eq!(Slices::of(u64::MAX, 0).borders.len() as u64, BORDERS - 1);
        assert_eq!(Slices::of(0, 9).borders.len(), 0);
    }

    #[test]
    fn only_tables_kept_by_person_that_are_read_are_cut() {
        let tables = [
            ("person", "person_key"),
            ("startup", "founder_key"),
            ("employment", "person_key"),
        ];
        let tables = tables
            .map(|(table, column)| (table.to_owned(), column.to_owned()))
            .into();
        let sql = "SELECT * FROM startup s JOIN employer e ON e.employer_key = s.employer_key";
        let cut = Slices::of(3, 2).cut(sql, &tables);
        let within = |test: &str| format!("WITH startup AS (SELECT * FROM startup WHERE {test})\n{sql}");
        assert_eq!(
            cut,
            [
                within("\"founder_key\" < '4000' OR \"founder_key\" IS NULL"),
                within("\"founder_key\" >= '4000'")
            ]
        );
        assert_eq!(Slices::of(3, 2).cut("SELECT 1 FROM employer", &tables).len(), 1);
        assert_eq!(Slices::of(1, 1).cut(sql, &tables), [sql]);
    }
}
