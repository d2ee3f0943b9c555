//! Rows checked and turned into columns: one chunk at a time, by as many threads as there are.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::builder::{Int32Builder, UInt64Builder};
use arrow_array::{ArrayRef, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use civil::{CreditCode, Day, ResidentId, Sex};
use policy::register::{ColumnType, OfId, Register, Registers};
use seal::{EmployerKey, Indexer, KeyText, PersonKey, SealError, Sealer};

use crate::columns::Builder;
use crate::header::Header;
use crate::layout;
use crate::problem::{Problem, masked};
use crate::row_key::RowKeys;
use crate::source::{Cell, Chunk, Row};
use crate::value::{Names, Reader, Value};

/// Column of a working batch: months since year 0, or 0 in a snapshot.
pub(crate) const PERIOD: &str = "__period";
/// Column of a working batch: the key as text.
pub(crate) const KEY: &str = "__key";
/// Column of a working batch: sheet and row it came from.
pub(crate) const AT: &str = "__at";
/// Words at the head of rows that are no data.
const REMARKS: [&str; 9] = ["合计", "总计", "小计", "共计", "填表", "制表", "备注", "注：", "说明"];

/// What is wrong with one row.
#[derive(Debug, Clone)]
pub struct Reject {
    /// Its sheet in the file.
    pub sheet: usize,
    /// Its row, from 1.
    pub row: u32,
    /// The cells and what is wrong with them.
    pub faults: Vec<Fault>,
    /// Its cells as they were, one a column of the register. Personal data.
    pub cells: Vec<String>,
}

/// What is wrong with one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The column of the register; `None` for the row as a whole.
    pub column: Option<usize>,
    /// The cell, masked.
    pub shown: String,
    /// What is wrong.
    pub problem: Problem,
}

/// An official number and the key made from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Identity {
    Person(PersonKey, ResidentId),
    Employer(EmployerKey, CreditCode),
}

/// A chunk that has been read.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) read: u64,
    pub(crate) remarks: u64,
    pub(crate) batch: RecordBatch,
    pub(crate) rejects: Vec<Reject>,
    pub(crate) identities: Vec<Identity>,
}

/// The keys of a register that others refer to.
#[derive(Debug, Default)]
pub(crate) struct KnownKeys {
    /// Sorted.
    pub(crate) keys: Vec<KeyText>,
}

/// What a thread that checks rows holds.
pub(crate) struct Hand<'h> {
    indexer: &'h Indexer,
    sealer: &'h mut Sealer,
    /// Keys of employers met lately: a file is about many people of few employers.
    employers: BTreeMap<CreditCode, EmployerKey>,
}

/// Employers whose keys are remembered.
const MAX_EMPLOYERS: usize = 65_536;

impl<'h> Hand<'h> {
    pub(crate) fn new(indexer: &'h Indexer, sealer: &'h mut Sealer) -> Self {
        Self {
            indexer,
            sealer,
            employers: BTreeMap::new(),
        }
    }

    fn employer(&mut self, code: CreditCode) -> EmployerKey {
        if self.employers.len() >= MAX_EMPLOYERS {
            self.employers.clear();
        }
        let indexer = self.indexer;
        *self.employers.entry(code).or_insert_with(|| indexer.employer(code))
    }
}

/// What is needed to read the rows of one sheet.
pub(crate) struct RowPlan<'r> {
    pub(crate) register: &'r Register,
    header: &'r Header,
    readers: Vec<Reader<'r>>,
    schema: SchemaRef,
    /// By column: the register it refers to and the keys that are there.
    references: Vec<Option<Reference<'r>>>,
    of_id: Vec<(usize, OfId)>,
    not_before: Vec<(usize, usize)>,
    key: Vec<usize>,
    person: Option<usize>,
    month_of: Option<usize>,
    seals: Vec<Option<seal::Column>>,
    delimited: bool,
}

struct Reference<'r> {
    register: (String, String),
    known: &'r KnownKeys,
}

impl<'r> RowPlan<'r> {
    pub(crate) fn new(
        register: &'r Register,
        registers: &'r Registers,
        names: Names<'r>,
        header: &'r Header,
        known: &'r BTreeMap<String, KnownKeys>,
        delimited: bool,
    ) -> Self {
        let columns = &register.columns;
        let readers = columns
            .iter()
            .zip(&header.scales)
            .map(|(column, scale)| Reader::new(column, registers, names, *scale))
            .collect();
        let references = columns
            .iter()
            .map(|column| {
                let target = registers.get(column.refers.as_deref()?)?;
                Some(Reference {
                    register: (target.id.clone(), target.label.clone()),
                    known: known.get(&target.id)?,
                })
            })
            .collect();
        let key: Vec<usize> = register.key.iter().filter_map(|id| register.position(id)).collect();
        let person = key
            .iter()
            .copied()
            .find(|index| columns.get(*index).is_some_and(|c| c.kind == ColumnType::ResidentId));
        Self {
            register,
            header,
            readers,
            schema: working_schema(register),
            references,
            of_id: columns
                .iter()
                .enumerate()
                .filter_map(|(index, column)| Some((index, column.of_id?)))
                .collect(),
            not_before: columns
                .iter()
                .enumerate()
                .filter_map(|(index, column)| Some((index, register.position(column.not_before.as_deref()?)?)))
                .collect(),
            key,
            person,
            month_of: register.month_of.as_deref().and_then(|id| register.position(id)),
            seals: columns
                .iter()
                .map(|column| {
                    column
                        .kind
                        .is_sealed()
                        .then(|| seal::Column::new(&register.id, &column.id))
                })
                .collect(),
            delimited,
        }
    }

    /// Reads a chunk.
    pub(crate) fn check(&self, chunk: &Chunk, hand: &mut Hand<'_>) -> Result<Checked, SealError> {
        let mut out = Output::new(self.register);
        let (mut read, mut remarks) = (0, 0);
        let mut rejects = Vec::new();
        for row in chunk.rows().filter(|row| !row.is_empty()) {
            if self.is_remark(&row) {
                remarks += 1;
                continue;
            }
            read += 1;
            match self.row(&row) {
                Ok(values) => {
                    let at = (u64::try_from(chunk.sheet).unwrap_or_default() << 32) | u64::from(row.number());
                    if let Some(problem) = out.push(self, values, at, hand) {
                        rejects.push(self.reject(chunk.sheet, &row, vec![problem]));
                    }
                }
                Err(faults) => rejects.push(self.reject(chunk.sheet, &row, faults)),
            }
        }
        let (batch, identities) = out.finish(self, &mut *hand.sealer)?;
        Ok(Checked {
            read,
            remarks,
            batch,
            rejects,
            identities,
        })
    }

    /// The last row of the header, and how many cells of a row count.
    pub(crate) fn span(&self) -> (u32, usize) {
        (self.header.row, self.header.width)
    }

    /// A row's cells, one a column of the register.
    pub(crate) fn cells(&self, row: &Row<'_>) -> Vec<String> {
        self.header
            .places
            .iter()
            .map(|place| place.map_or_else(String::new, |place| row.cell(place).text.to_owned()))
            .collect()
    }

    fn reject(&self, sheet: usize, row: &Row<'_>, faults: Vec<Fault>) -> Reject {
        Reject {
            sheet,
            row: row.number(),
            faults,
            cells: self.cells(row),
        }
    }

    fn cell<'c>(&self, row: &Row<'c>, column: usize) -> Cell<'c> {
        let place = self.header.places.get(column).copied().flatten();
        // A column that the file does not have is empty.
        row.cell(place.unwrap_or(usize::MAX))
    }

    /// A total or a remark under the table: its first words say so, and no key is filled.
    fn is_remark(&self, row: &Row<'_>) -> bool {
        let first = (0..self.header.width)
            .map(|column| row.cell(column).text)
            .find(|text| !text.is_empty())
            .unwrap_or_default();
        let folded: String = first.chars().filter(|c| !c.is_whitespace()).take(4).collect();
        REMARKS.iter().any(|word| folded.starts_with(word))
            && self.key.iter().any(|column| {
                let text = self.cell(row, *column).text;
                text.is_empty() || text == first
            })
    }

    fn row<'c>(&self, row: &Row<'c>) -> Result<Vec<Value<'c>>, Vec<Fault>> {
        let mut faults = Vec::new();
        if self.delimited {
            let had = row.cells_in_file();
            let problem = match had.cmp(&self.header.width) {
                std::cmp::Ordering::Less => Some(Problem::TooFewCells),
                std::cmp::Ordering::Greater => Some(Problem::TooManyCells),
                std::cmp::Ordering::Equal => None,
            };
            if let Some(problem) = problem {
                // Every other complaint would only follow from cells in the wrong place.
                return Err(vec![Fault {
                    column: None,
                    shown: String::new(),
                    problem,
                }]);
            }
        }
        let mut values = Vec::with_capacity(self.readers.len());
        for (index, reader) in self.readers.iter().enumerate() {
            match reader.read(self.cell(row, index)) {
                Ok(value) => values.push(value),
                Err(problem) => {
                    faults.push(self.fault(row, index, problem));
                    values.push(Value::Absent);
                }
            }
        }
        self.across(row, &mut values, &mut faults);
        if faults.is_empty() { Ok(values) } else { Err(faults) }
    }

    /// What cells say of each other.
    fn across(&self, row: &Row<'_>, values: &mut [Value<'_>], faults: &mut Vec<Fault>) {
        let faulty = |faults: &[Fault], index: usize| faults.iter().any(|fault| fault.column == Some(index));
        let empty = self
            .key
            .iter()
            .all(|index| values.get(*index) == Some(&Value::Absent) && !faulty(faults, *index));
        if empty {
            faults.push(Fault {
                column: None,
                shown: String::new(),
                problem: Problem::NoKey,
            });
        }
        let id = self.person.and_then(|index| match values.get(index) {
            Some(Value::Person(id)) => Some(*id),
            _ => None,
        });
        if let Some(id) = id {
            for (index, what) in &self.of_id {
                let expected = match what {
                    OfId::Birth => Value::Days(id.birth().days_since_epoch()),
                    OfId::Sex => Value::Small(if id.sex() == Sex::Male { 1 } else { 2 }),
                };
                match values.get_mut(*index) {
                    _ if faulty(faults, *index) => {}
                    Some(value) if *value == Value::Absent => *value = expected,
                    Some(value) if *value != expected => {
                        let problem = match what {
                            OfId::Birth => Problem::BirthDisagrees,
                            OfId::Sex => Problem::SexDisagrees,
                        };
                        faults.push(self.fault(row, *index, problem));
                    }
                    _ => {}
                }
            }
        }
        for (index, earlier) in &self.not_before {
            if let (Some(Value::Days(day)), Some(Value::Days(first))) = (values.get(*index), values.get(*earlier))
                && day < first
            {
                let label = self.register.columns.get(*earlier).map(|column| column.label.clone());
                faults.push(self.fault(row, *index, Problem::Before(label.unwrap_or_default())));
            }
        }
    }

    fn fault(&self, row: &Row<'_>, index: usize, problem: Problem) -> Fault {
        self.fault_of(index, self.cell(row, index).text, problem)
    }

    pub(crate) fn fault_of(&self, index: usize, text: &str, problem: Problem) -> Fault {
        let kind = self
            .register
            .columns
            .get(index)
            .map_or(&ColumnType::Text, |column| &column.kind);
        Fault {
            column: Some(index),
            shown: masked(text, kind),
            problem,
        }
    }
}

/// The schema of working batches.
pub(crate) fn working_schema(register: &Register) -> SchemaRef {
    let mut fields: Vec<Field> = register.columns.iter().map(layout::field).collect();
    fields.push(Field::new(PERIOD, DataType::Int32, false));
    fields.push(Field::new(KEY, DataType::Utf8, false));
    fields.push(Field::new(AT, DataType::UInt64, false));
    Arc::new(Schema::new(fields))
}

/// Months since year 0 of a day; how periods are numbered in working batches.
pub(crate) fn period_of_days(days: i32) -> i32 {
    Day::from_days_since_epoch(days).map_or(0, |day| i32::from(day.year()) * 12 + i32::from(day.month_number()) - 1)
}

/// The columns of good rows.
struct Output {
    builders: Vec<Builder>,
    periods: Int32Builder,
    at: UInt64Builder,
    /// Clear values that will be sealed, by column; wiped with the chunk.
    secrets: Vec<Vec<Option<zeroize::Zeroizing<String>>>>,
    identities: Vec<Identity>,
    rows: usize,
}

impl Output {
    fn new(register: &Register) -> Self {
        let rows = crate::source::CHUNK_ROWS;
        Self {
            builders: register
                .columns
                .iter()
                .map(|column| Builder::new(&column.kind, rows))
                .collect(),
            periods: Int32Builder::with_capacity(rows),
            at: UInt64Builder::with_capacity(rows),
            secrets: register.columns.iter().map(|_| Vec::new()).collect(),
            identities: Vec::new(),
            rows: 0,
        }
    }

    /// Adds a row, unless it refers to a row that is not there.
    fn push(&mut self, plan: &RowPlan<'_>, values: Vec<Value<'_>>, at: u64, hand: &mut Hand<'_>) -> Option<Fault> {
        let keys: Vec<Option<Identity>> = values
            .iter()
            .map(|value| match value {
                Value::Person(id) => Some(Identity::Person(hand.indexer.person(*id), *id)),
                Value::Body(code) => Some(Identity::Employer(hand.employer(*code), *code)),
                _ => None,
            })
            .collect();
        for (index, reference) in plan.references.iter().enumerate() {
            let (Some(reference), Some(key)) = (reference, keys.get(index).and_then(Option::as_ref)) else {
                continue;
            };
            let known = &reference.known.keys;
            let there = known.binary_search(&key.text()).is_ok();
            if !there {
                let problem = Problem::NoSuchRow {
                    register: reference.register.clone(),
                    empty: known.is_empty(),
                };
                let text = match key {
                    Identity::Person(_, id) => id.masked(),
                    Identity::Employer(_, code) => code.to_string(),
                };
                return Some(plan.fault_of(index, &text, problem));
            }
        }
        let period = match plan.month_of.and_then(|index| values.get(index)) {
            Some(Value::Days(days)) => period_of_days(*days),
            _ => 0,
        };
        self.periods.append_value(period);
        self.at.append_value(at);
        self.rows += 1;
        for (((builder, secrets), value), key) in self.builders.iter_mut().zip(&mut self.secrets).zip(values).zip(keys)
        {
            match (value, key) {
                (_, Some(key)) => {
                    builder.push_key(&key.text());
                    self.identities.push(key);
                }
                (Value::Secret(text), _) => secrets.push(Some(text.into_owned().into())),
                (value, _) if matches!(builder, Builder::Sealed(_)) => {
                    debug_assert!(value == Value::Absent, "a sealed column holds secrets only");
                    secrets.push(None);
                }
                (value, _) => builder.push(&value),
            }
        }
        None
    }

    fn finish(mut self, plan: &RowPlan<'_>, sealer: &mut Sealer) -> Result<(RecordBatch, Vec<Identity>), SealError> {
        let keys = self.keys(plan);
        let mut sealed = Vec::new();
        for ((builder, secrets), seal) in self.builders.iter_mut().zip(&self.secrets).zip(&plan.seals) {
            let Some(column) = seal else { continue };
            for (row, secret) in secrets.iter().enumerate() {
                match secret {
                    Some(clear) => {
                        sealed.clear();
                        sealer.seal(column, keys.value(row), clear.as_bytes(), &mut sealed)?;
                        builder.push_sealed(Some(&sealed));
                    }
                    None => builder.push_sealed(None),
                }
            }
        }
        let mut arrays: Vec<ArrayRef> = self.builders.into_iter().map(Builder::finish).collect();
        arrays.push(Arc::new(self.periods.finish()));
        arrays.push(Arc::new(keys));
        arrays.push(Arc::new(self.at.finish()));
        let batch = RecordBatch::try_new(Arc::clone(&plan.schema), arrays)
            .unwrap_or_else(|_| RecordBatch::new_empty(Arc::clone(&plan.schema)));
        debug_assert_eq!(batch.num_rows(), self.rows, "every column has a value of every row");
        Ok((batch, self.identities))
    }

    /// The key of every row, out of the columns of the key.
    fn keys(&mut self, plan: &RowPlan<'_>) -> StringArray {
        let mut fields = Vec::new();
        let mut arrays = Vec::new();
        for index in &plan.key {
            if let (Some(builder), Some(column)) = (self.builders.get_mut(*index), plan.register.columns.get(*index)) {
                fields.push(layout::field(column));
                arrays.push(builder.snapshot());
            }
        }
        match RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays) {
            Ok(batch) => RowKeys::of(plan.register, &batch).all(self.rows),
            Err(_) => StringArray::new_null(0),
        }
    }
}

impl Identity {
    /// The key as text.
    pub(crate) fn text(&self) -> KeyText {
        match self {
            Self::Person(key, _) => key.text(),
            Self::Employer(key, _) => key.text(),
        }
    }
}
