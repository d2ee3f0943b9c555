//! A case as rows of a block: one for the day asked, or one for each of many days.

use std::collections::BTreeSet;

use arrow_buffer::{BooleanBuffer, NullBuffer};

use crate::benefit::Span;
use crate::calendar::{civil_of, month_start};
use crate::case::{Case, Known};
use crate::engine::Engine;
use crate::kernel::{Column, Columns, Data};
use crate::program::Input;
use crate::typed::{Kind, Vocabulary};

/// The columns of the case for each of `days`; `days[0]` is the day asked.
pub(super) fn columns(engine: &Engine, vocabulary: &Vocabulary, case: &Case, days: &[i64]) -> Option<Columns> {
    let asked = days.first().copied()?;
    if engine.program.inputs.is_empty() {
        return Some(Columns::without(days.len()));
    }
    let list = engine
        .program
        .inputs
        .iter()
        .map(|input| column(engine, vocabulary, case, *input, asked, days))
        .collect();
    Columns::new(&engine.program, list)
}

/// The columns of the case, and beneath it `rows` rows of the same case with facts supposed: `value` says for a row and a
/// fact what is supposed, and nothing where the fact is as it is. Facts of which nothing is supposed need not be asked for.
pub(super) fn supposed(
    engine: &Engine,
    vocabulary: &Vocabulary,
    case: &Case,
    day: i64,
    rows: usize,
    facts: &BTreeSet<u32>,
    value: impl Fn(usize, u32) -> Option<i128>,
) -> Option<Columns> {
    let days = vec![day; rows + 1];
    if engine.program.inputs.is_empty() {
        return Some(Columns::without(days.len()));
    }
    let list = engine.program.inputs.iter().map(|input| {
        let Some(fact) = input.fact.filter(|fact| facts.contains(fact)) else {
            return column(engine, vocabulary, case, *input, day, &days);
        };
        let known = match case.facts.get(&fact) {
            Some(Known::Value(value)) => Some(*value),
            Some(Known::Absent) | None => None,
        };
        filled(input.kind, days.len(), |row| {
            row.checked_sub(1).and_then(|row| value(row, fact)).or(known)
        })
    });
    Columns::new(&engine.program, list.collect())
}

fn column(engine: &Engine, vocabulary: &Vocabulary, case: &Case, input: Input, asked: i64, days: &[i64]) -> Column {
    let rows = days.len();
    let Some(fact) = input.fact else {
        return filled(input.kind, rows, |row| days.get(row).map(|day| i128::from(*day)));
    };
    if let Some(at) = fact.checked_sub(vocabulary.fact_count()) {
        let counted = usize::try_from(at).ok().and_then(|at| engine.history.get(at));
        let count = |day: i64| {
            counted
                .and_then(|counted| case.count(counted, vocabulary, day))
                .map(i128::from)
        };
        return if counted.is_some_and(|counted| counted.span == Span::YearOf(None)) {
            filled(input.kind, rows, |row| days.get(row).copied().and_then(count))
        } else {
            same(input.kind, rows, count(asked))
        };
    }
    match case.facts.get(&fact).copied() {
        Some(Known::Value(value)) => {
            let of_it = vocabulary.dictionary.fact(vocabulary.fact_name(fact));
            if rows > 1 && of_it.is_some_and(|fact| fact.advances) {
                // A count of months goes up by one with each new month, while nothing else changes.
                filled(input.kind, rows, |row| {
                    Some(value + months_begun(asked, days.get(row).copied()?))
                })
            } else {
                same(input.kind, rows, Some(value))
            }
        }
        Some(Known::Absent) => same(input.kind, rows, None).with_absent(BooleanBuffer::new_set(rows)),
        None => same(input.kind, rows, None),
    }
}

/// One value, or none, in every row.
fn same(kind: Kind, rows: usize, value: Option<i128>) -> Column {
    let number = value.unwrap_or_default();
    let data = match kind {
        Kind::Bool if number != 0 => Data::Flags(BooleanBuffer::new_set(rows)),
        Kind::Bool => Data::Flags(BooleanBuffer::new_unset(rows)),
        Kind::Date | Kind::Month => Data::Medium(vec![i32::try_from(number).unwrap_or_default(); rows].into()),
        Kind::Code(_) => Data::Small(vec![i16::try_from(number).unwrap_or_default(); rows].into()),
        kind if kind.is_narrow() => Data::Long(vec![i64::try_from(number).unwrap_or_default(); rows].into()),
        _ => Data::Huge(vec![number; rows].into()),
    };
    Column::new(data, value.is_none().then(|| NullBuffer::new_null(rows)))
}

/// Months that begin after one day, up to another.
fn months_begun(from: i64, to: i64) -> i128 {
    let count = |day: i64| {
        let (year, month, _) = civil_of(month_start(day));
        year * 12 + month
    };
    i128::from(count(to) - count(from))
}

fn filled(kind: Kind, rows: usize, value: impl Fn(usize) -> Option<i128>) -> Column {
    let values: Vec<Option<i128>> = (0..rows).map(value).collect();
    let valid: NullBuffer = values.iter().map(Option::is_some).collect();
    let number = |value: &Option<i128>| value.unwrap_or_default();
    let data = match kind {
        Kind::Bool => Data::Flags(values.iter().map(|value| number(value) != 0).collect()),
        Kind::Date | Kind::Month => Data::Medium(
            values
                .iter()
                .map(|value| i32::try_from(number(value)).unwrap_or_default())
                .collect(),
        ),
        Kind::Code(_) => Data::Small(
            values
                .iter()
                .map(|value| i16::try_from(number(value)).unwrap_or_default())
                .collect(),
        ),
        kind if kind.is_narrow() => Data::Long(
            values
                .iter()
                .map(|value| i64::try_from(number(value)).unwrap_or_default())
                .collect(),
        ),
        _ => Data::Huge(values.iter().map(number).collect()),
    };
    Column::new(data, Some(valid))
}
