//! One row of a run, explained: its facts as a case, its history, the grants of the same run before it; then decided by
//! the same rules as any single case.

use std::collections::{BTreeMap, BTreeSet};

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Date32Type, Decimal128Type, Int16Type, Int32Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use civil::Day;
use policy::fact::{FactType, WhenAbsent};
use registers::derive::{GRANTS_FILE, Reach};
use rules::catalogue::Catalogue;
use rules::decision::{Decider, Decision};
use serde_json::{Map, Value, json};

use crate::coverage::Coverage;
use crate::error::ScreeningError;
use crate::flat::Flat;
use crate::opened::Opened;
use crate::question::Claim;
use crate::resolved::{self, Resolved};
use crate::rows::find;
use crate::run::{DECISIONS, FACTS};
use crate::runs::{Manifest, Runs};
use crate::table::{SUBJECTS, keys, text_at};
use crate::wide::{self, Decided};

/// A row explained.
#[derive(Debug, Clone)]
pub struct Explained {
    /// The facts as a case, its history with them.
    pub facts: Value,
    /// The decision on them.
    pub decision: Decision,
    /// What the run says, where it was decided again because rows of the same run come first.
    pub resolved: Option<Resolved>,
    /// Whether the run's own files say the same.
    pub agrees: bool,
}

/// Explains rows of one run.
pub struct Explainer<'a> {
    catalogue: &'a Catalogue,
    runs: &'a Runs,
    manifest: Manifest,
    coverage: Coverage,
    decider: Decider<'a>,
    resolved: Vec<Resolved>,
    claim: Claim,
    /// By benefit, those whose grants count for it.
    counted: BTreeMap<String, BTreeSet<String>>,
}

impl<'a> Explainer<'a> {
    /// Opens a run.
    ///
    /// # Errors
    /// [`ScreeningError`] where there is no such run, or the packs are not those it was made with.
    pub fn open(catalogue: &'a Catalogue, runs: &'a Runs, run: &str) -> Result<Self, ScreeningError> {
        let Opened {
            manifest,
            claim,
            coverage,
        } = Opened::of(catalogue, runs, run, |_| false)?;
        Ok(Self {
            catalogue,
            runs,
            coverage,
            decider: Decider::new(catalogue),
            resolved: resolved::read(&runs.folder(run).join(resolved::FILE))?,
            manifest,
            claim,
            counted: BTreeMap::new(),
        })
    }

    /// The run's manifest.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Explains the row of a key.
    ///
    /// # Errors
    /// [`ScreeningError::NotInRun`], [`ScreeningError::NoRow`], or what keeps a file from being read.
    pub fn explain(&mut self, benefit: &str, key: &str) -> Result<Explained, ScreeningError> {
        let reach = self.reach(benefit)?;
        let flat = self.flat(FACTS, reach)?;
        let row = find(&flat, reach, key)?.ok_or_else(|| ScreeningError::NoRow {
            run: self.manifest.run.clone(),
            benefit: benefit.to_owned(),
            key: key.to_owned(),
        })?;
        self.explain_row(benefit, reach, &flat, row)
    }

    /// Explains a row by its number in the table of a benefit.
    ///
    /// # Errors
    /// As [`Self::explain`].
    pub fn explain_number(&mut self, benefit: &str, row: u64) -> Result<Explained, ScreeningError> {
        let reach = self.reach(benefit)?;
        let flat = self.flat(FACTS, reach)?;
        if row >= flat.rows() {
            return Err(ScreeningError::NoRow {
                run: self.manifest.run.clone(),
                benefit: benefit.to_owned(),
                key: format!("第{}行", row.saturating_add(1)),
            });
        }
        self.explain_row(benefit, reach, &flat, row)
    }

    /// How many rows the table of a benefit has.
    ///
    /// # Errors
    /// As [`Self::explain`].
    pub fn rows(&self, benefit: &str) -> Result<u64, ScreeningError> {
        Ok(self.flat(FACTS, self.reach(benefit)?)?.rows())
    }

    fn reach(&self, benefit: &str) -> Result<&'static Reach, ScreeningError> {
        let per = self.manifest.per_of(benefit).ok_or_else(|| ScreeningError::NotInRun {
            run: self.manifest.run.clone(),
            id: benefit.to_owned(),
            hint: policy::file::meant(benefit, self.manifest.benefits.values().flatten().map(String::as_str)),
        })?;
        Reach::of(per).ok_or_else(|| ScreeningError::Fault(format!("没有“{per}”这种明细")))
    }

    fn flat(&self, folder: &str, reach: &Reach) -> Result<Flat, ScreeningError> {
        let run = self.runs.folder(&self.manifest.run);
        Flat::open(&run.join(folder).join(format!("{}.parquet", reach.per)))
    }

    fn explain_row(
        &mut self,
        benefit: &str,
        reach: &'static Reach,
        flat: &Flat,
        row: u64,
    ) -> Result<Explained, ScreeningError> {
        let names: Vec<String> = flat
            .schema()
            .fields()
            .iter()
            .map(|field| field.name().clone())
            .collect();
        let batch = flat.single(&[row], &names)?;
        let key = keys(&batch, reach.key)?.value(0).to_owned();
        let resolved = self
            .resolved
            .iter()
            .find(|one| one.benefit == benefit && one.key == key)
            .cloned();
        let mut facts = self.facts(&batch);
        if !self.manifest.without_history {
            let mut history = self.grants(benefit, reach, &batch)?;
            for before in resolved.iter().flat_map(|one| &one.before) {
                history.push(of_the_run(before, reach));
            }
            facts.insert("history".to_owned(), Value::Array(history));
        }
        let facts = Value::Object(facts);
        let decision = self
            .decider
            .decide(benefit, &facts, self.manifest.as_of, Some(self.manifest.known_on))
            .map_err(|error| ScreeningError::Fault(error.to_string()))?;
        let decided = self.decided(benefit, reach, row)?;
        Ok(Explained {
            agrees: agrees(&decision, &decided),
            facts,
            decision,
            resolved,
        })
    }

    /// The run's own decision.
    fn decided(&self, benefit: &str, reach: &Reach, row: u64) -> Result<Decided, ScreeningError> {
        let flat = self.flat(DECISIONS, reach)?;
        let column = |what: &str| format!("{benefit}.{what}");
        let names = wide::WHATS.map(column).to_vec();
        let batch = flat.single(&[row], &names)?;
        wide::read(&batch, benefit, 0)
            .ok_or_else(|| ScreeningError::damaged(flat.path())(format!("缺少补贴项目 {benefit} 的列")))
    }

    /// The facts of a row as a case.
    fn facts(&self, batch: &RecordBatch) -> Map<String, Value> {
        let mut case = Map::new();
        let mut put = |name: &str, value: Value| {
            if let Some((entity, fact)) = name.split_once('.') {
                let of = case
                    .entry(entity.to_owned())
                    .or_insert_with(|| Value::Object(Map::new()));
                if let Value::Object(of) = of {
                    of.insert(fact.to_owned(), value);
                }
            }
        };
        let schema = batch.schema();
        for field in schema.fields() {
            let name = field.name();
            let Some(fact) = self.catalogue.vocabulary.dictionary.fact(name) else {
                continue;
            };
            match self.value(batch, name, &fact.kind) {
                Some(value) => put(name, value),
                // The register was asked, and has nothing.
                None if self.coverage.when_absent(self.catalogue, name) != WhenAbsent::Unknown => {
                    put(name, Value::Null)
                }
                None => {}
            }
        }
        put("claim.date", json!(self.claim.date.to_string()));
        put("claim.month", json!(self.manifest.month));
        put("claim.region", json!(self.manifest.region.to_string()));
        case
    }

    fn value(&self, batch: &RecordBatch, name: &str, kind: &FactType) -> Option<Value> {
        let column = batch.column_by_name(name)?;
        if column.is_null(0) {
            return None;
        }
        let day = |days: i32| Day::from_days_since_epoch(days).map(|day| day.to_string());
        Some(match kind {
            FactType::Bool => json!(column.as_boolean_opt()?.value(0)),
            FactType::Date => json!(day(column.as_primitive_opt::<Date32Type>()?.value(0))?),
            FactType::Month => json!(day(column.as_primitive_opt::<Date32Type>()?.value(0))?.get(..7)?),
            FactType::Code(list) => {
                let number = column.as_primitive_opt::<Int16Type>()?.value(0);
                let list = self.catalogue.registers.list(list)?;
                json!(list.codes.iter().find(|code| code.number == number)?.code)
            }
            FactType::Region => json!(region_text(column.as_primitive_opt::<Int64Type>()?.value(0))),
            FactType::Decimal => json!(decimal_text(column.as_primitive_opt::<Decimal128Type>()?.value(0))),
            _ => json!(column.as_primitive_opt::<Int64Type>()?.value(0)),
        })
    }

    /// What those whom a row is about had received before.
    fn grants(&mut self, benefit: &str, reach: &Reach, row: &RecordBatch) -> Result<Vec<Value>, ScreeningError> {
        let counted = self.counted(benefit);
        let path = self.runs.folder(&self.manifest.run).join(FACTS).join(GRANTS_FILE);
        if counted.is_empty() || !path.is_file() {
            return Ok(Vec::new());
        }
        let flat = Flat::open(&path)?;
        let names: Vec<String> = flat
            .schema()
            .fields()
            .iter()
            .map(|field| field.name().clone())
            .collect();
        let [person, household, employer, institution] = SUBJECTS.map(|name| text_at(row, name, 0));
        let mut list = Vec::new();
        for group in 0..flat.groups() {
            for batch in flat.group(group, &names)? {
                let batch = batch.map_err(ScreeningError::damaged(flat.path()))?;
                for at in 0..batch.num_rows() {
                    let Some(of) = text_at(&batch, "benefit", at).filter(|of| counted.contains(*of)) else {
                        continue;
                    };
                    let same = |name: &str, key: Option<&str>| key.is_some() && text_at(&batch, name, at) == key;
                    let subjects = [
                        ("person", same("person_key", person)),
                        ("household", same("household_no", household)),
                        ("employer", same("employer_key", employer)),
                        ("startup", reach.entity == "startup" && same("employer_key", employer)),
                        ("institution", same("employer_key", institution)),
                    ];
                    for (subject, _) in subjects.into_iter().filter(|(_, same)| *same) {
                        list.push(grant(&batch, at, of, subject));
                    }
                }
            }
        }
        Ok(list)
    }

    /// Benefits whose grants count for one.
    fn counted(&mut self, benefit: &str) -> BTreeSet<String> {
        if let Some(counted) = self.counted.get(benefit) {
            return counted.clone();
        }
        let (engine, _) = rules::engine::Engine::compile_only(
            self.catalogue,
            self.manifest.known_on,
            Some(self.manifest.as_of),
            [benefit],
        );
        let counted: BTreeSet<String> = engine.history.into_iter().flat_map(|fact| fact.benefits).collect();
        self.counted.insert(benefit.to_owned(), counted.clone());
        counted
    }
}

/// A grant of the history as a case has it.
fn grant(batch: &RecordBatch, row: usize, benefit: &str, subject: &str) -> Value {
    let mut grant = Map::new();
    grant.insert("benefit".to_owned(), json!(benefit));
    grant.insert("subject".to_owned(), json!(subject));
    let day = |name: &str| {
        let days = crate::table::date_at(batch, name, row)?;
        Some(Day::from_days_since_epoch(days)?.to_string())
    };
    for (name, column) in [("on", "granted_on"), ("from", "begins"), ("to", "ends")] {
        if let Some(day) = day(column) {
            grant.insert(name.to_owned(), json!(day));
        }
    }
    for name in ["months", "amount_fen"] {
        let number = batch
            .column_by_name(name)
            .filter(|column| column.is_valid(row))
            .and_then(|column| match column.data_type() {
                DataType::Int32 => Some(i64::from(column.as_primitive::<Int32Type>().value(row))),
                DataType::Int64 => Some(column.as_primitive::<Int64Type>().value(row)),
                _ => None,
            });
        if let Some(number) = number {
            grant.insert(name.to_owned(), json!(number));
        }
    }
    Value::Object(grant)
}

/// A grant of the same run as a case has it.
fn of_the_run(before: &resolved::Before, reach: &Reach) -> Value {
    let subject = match before.subject.as_str() {
        "employer" if reach.entity == "startup" => "startup",
        other => other,
    };
    let mut grant = json!({
        "benefit": before.benefit, "subject": subject, "on": before.on.to_string(),
        "from": before.from.to_string(), "to": before.to.to_string(), "amount_fen": before.amount_fen,
    });
    if let (Some(months), Value::Object(grant)) = (before.months, &mut grant) {
        grant.insert("months".to_owned(), json!(months));
    }
    grant
}

/// Twelve digits without the empty levels.
fn region_text(code: i64) -> String {
    let text = format!("{code:012}");
    let short = if text.ends_with("000000") {
        6
    } else if text.ends_with("000") {
        9
    } else {
        12
    };
    text.get(..short).unwrap_or(&text).to_owned()
}

/// Millionths as a decimal.
fn decimal_text(millionths: i128) -> String {
    let sign = if millionths < 0 { "-" } else { "" };
    let all = millionths.unsigned_abs();
    let text = format!("{sign}{}.{:06}", all / 1_000_000, all % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Whether a decision says what a row of the run says, condition by condition.
fn agrees(decision: &Decision, decided: &Decided) -> bool {
    let outcome = rules::kernel::outcome_of(decided.outcome);
    let conditions = decision.conditions.iter().enumerate().all(|(number, condition)| {
        let bit = |mask: u64| mask >> number & 1 == 1;
        let result = bit(decided.known_mask).then(|| bit(decided.true_mask));
        result == condition.result
    });
    let amount = decided.outcome != wide::ELIGIBLE || decision.amount_fen.unwrap_or(0) == decided.amount_fen;
    outcome == decision.outcome && conditions && amount
}
