//! The towns of those whom questions concern, as their registers have them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::Int64Type;
use arrow_array::{ArrayRef, RecordBatch, StringArray};
use registers::inquiry::{Inquiry, InquiryError};

use super::CheckError;
use super::found::{Found, Row};

/// Where the town of what a check is about stands: the word of `per`, the register, the column with the key, and the place,
/// a person's residence before the registered household. Of the others no register says where they lie.
const PLACES: [(&str, &str, &str, &str); 4] = [
    (
        "person",
        "person",
        "person_key",
        "coalesce(max(t.residence_region), max(t.household_region))",
    ),
    ("employer", "employer", "employer_key", "max(t.region)"),
    ("startup", "startup", "employer_key", "max(t.region)"),
    ("institution", "institution", "institution_key", "max(t.region)"),
];

/// Towns by key, nine digits.
#[derive(Debug, Default)]
pub(super) struct Towns(BTreeMap<String, i64>);

impl Towns {
    /// Of all whom rows of a check about `about` concern; `number` is the check's own among those that are asked.
    pub(super) fn find(inquiry: &Inquiry, about: &str, number: usize, found: &Found) -> Result<Self, CheckError> {
        let place = PLACES.iter().find(|(word, ..)| *word == about);
        let (Some((_, register, key, region)), false) = (place, found.rows().is_empty()) else {
            return Ok(Self::default());
        };
        let keys: StringArray = found.sides().into_iter().map(Some).collect();
        let table = format!("concerned_{number}");
        inquiry.add_rows(
            &table,
            RecordBatch::try_from_iter([("key", Arc::new(keys) as ArrayRef)])?,
        )?;
        let sql = format!(
            "SELECT c.key, {region} AS region FROM {table} c JOIN {register} t ON t.{key} = c.key GROUP BY c.key"
        );
        let mut towns = BTreeMap::new();
        inquiry.each(&sql, |batch| {
            let keys = batch.column(0).as_string_opt::<i32>();
            let regions = batch.column(1).as_primitive_opt::<Int64Type>();
            for (key, region) in keys.into_iter().flatten().zip(regions.into_iter().flatten()) {
                if let (Some(key), Some(region)) = (key, region) {
                    towns.insert(key.to_owned(), region / 1_000);
                }
            }
            Ok::<(), InquiryError>(())
        })?;
        Ok(Self(towns))
    }

    /// The towns of a row, the subject's first.
    pub(super) fn of(&self, row: &Row) -> Vec<i64> {
        let of = |key: &str| self.0.get(key).copied().filter(|town| *town != 0);
        let first = of(&row.subject);
        let rest: BTreeSet<i64> = row.parties.iter().filter_map(|key| of(key)).collect();
        let rest = rest.into_iter().filter(|town| Some(*town) != first);
        first.into_iter().chain(rest).collect()
    }

    /// How many rows each town has, 0 being the town of those without. A row of two towns counts in both.
    pub(super) fn count(&self, found: &Found) -> BTreeMap<i64, u64> {
        let mut counts = BTreeMap::new();
        for row in found.rows() {
            let towns = self.of(row);
            let none = towns.is_empty().then_some(0);
            for town in towns.into_iter().chain(none) {
                *counts.entry(town).or_default() += 1;
            }
        }
        counts
    }
}
