//! A batch of a flat table as the columns that a program reads.

use arrow_array::{Array, ArrayRef, BooleanArray, Decimal128Array, Int64Array, RecordBatch};
use arrow_buffer::{BooleanBuffer, NullBuffer, ScalarBuffer};
use arrow_schema::Schema;
use policy::fact::WhenAbsent;
use rules::catalogue::Catalogue;
use rules::engine::Engine;
use rules::kernel::{Column, Columns, Data};
use rules::program::Input;
use rules::typed::Kind;

use crate::coverage::Coverage;
use crate::error::ScreeningError;
use crate::question::Claim;

/// Where one input of a program comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Origin {
    /// A column of the flat table; what an empty cell means.
    Column(String, WhenAbsent),
    /// The same for all rows.
    Constant(i128),
    /// Nobody knows it in a run.
    Unknown,
}

/// The inputs of a program over one flat table.
#[derive(Debug, Clone)]
pub(crate) struct Inputs {
    list: Vec<(Kind, Origin)>,
}

/// The name of an input: a fact or a count; `as_of` has none.
pub(crate) fn name_of<'e>(engine: &'e Engine, catalogue: &'e Catalogue, input: &Input) -> Option<&'e str> {
    let vocabulary = &catalogue.vocabulary;
    let fact = input.fact?;
    match fact.checked_sub(vocabulary.fact_count()) {
        Some(at) => engine
            .history
            .get(usize::try_from(at).ok()?)
            .map(|counted| counted.name.as_str()),
        None => Some(vocabulary.fact_name(fact)),
    }
}

impl Inputs {
    /// Finds each input of the program among the columns of `schema` and the facts of the claim.
    pub(crate) fn of(
        engine: &Engine,
        catalogue: &Catalogue,
        schema: &Schema,
        claim: &Claim,
        coverage: &Coverage,
    ) -> Self {
        let list = engine.program.inputs.iter().map(|input| {
            let origin = match name_of(engine, catalogue, input) {
                None => Origin::Constant(i128::from(claim.date.days_since_epoch())),
                Some(name) => match claim.value(name) {
                    Some(value) => Origin::Constant(value),
                    None if schema.field_with_name(name).is_ok() => {
                        Origin::Column(name.to_owned(), coverage.when_absent(catalogue, name))
                    }
                    None => Origin::Unknown,
                },
            };
            (input.kind, origin)
        });
        Self { list: list.collect() }
    }

    /// The columns of the flat table that are read.
    pub(crate) fn names(&self) -> impl Iterator<Item = &String> {
        self.list.iter().filter_map(|(_, origin)| match origin {
            Origin::Column(name, _) => Some(name),
            _ => None,
        })
    }

    /// The columns of a batch.
    pub(crate) fn columns(&self, engine: &Engine, batch: &RecordBatch) -> Result<Columns, ScreeningError> {
        let rows = batch.num_rows();
        if self.list.is_empty() {
            return Ok(Columns::without(rows));
        }
        let mut list = Vec::with_capacity(self.list.len());
        for (kind, origin) in &self.list {
            list.push(match origin {
                Origin::Unknown => constant(*kind, 0, rows, false),
                Origin::Constant(value) => constant(*kind, *value, rows, true),
                Origin::Column(name, absent) => {
                    let array = batch
                        .column_by_name(name)
                        .ok_or_else(|| ScreeningError::Fault(format!("明细表缺少列“{name}”")))?;
                    column(*kind, array, *absent)
                        .ok_or_else(|| ScreeningError::Fault(format!("明细表的列“{name}”类型不符")))?
                }
            });
        }
        Columns::new(&engine.program, list).ok_or_else(|| ScreeningError::Fault("明细表各列行数不一".to_owned()))
    }
}

fn constant(kind: Kind, value: i128, rows: usize, known: bool) -> Column {
    let narrow = i64::try_from(value).unwrap_or(0);
    let data = match kind {
        Kind::Bool if value != 0 => Data::Flags(BooleanBuffer::new_set(rows)),
        Kind::Bool => Data::Flags(BooleanBuffer::new_unset(rows)),
        Kind::Date | Kind::Month => Data::Medium(vec![i32::try_from(value).unwrap_or(0); rows].into()),
        Kind::Code(_) => Data::Small(vec![i16::try_from(value).unwrap_or(0); rows].into()),
        kind if kind.is_narrow() => Data::Long(vec![narrow; rows].into()),
        _ => Data::Huge(vec![value; rows].into()),
    };
    let valid = if known {
        NullBuffer::new_valid(rows)
    } else {
        NullBuffer::new_null(rows)
    };
    Column::new(data, Some(valid))
}

/// A column of a flat table; empty cells stand for what `absent` says.
fn column(kind: Kind, array: &ArrayRef, absent: WhenAbsent) -> Option<Column> {
    let Some(nulls) = array.nulls().filter(|nulls| nulls.null_count() > 0) else {
        return Column::of_array(kind, array);
    };
    match absent {
        WhenAbsent::Unknown => Column::of_array(kind, array),
        WhenAbsent::None => {
            let there_is_none = !nulls.inner();
            Some(Column::of_array(kind, array)?.with_absent(there_is_none))
        }
        WhenAbsent::No => {
            let flags = array.as_any().downcast_ref::<BooleanArray>()?;
            Some(Column::new(Data::Flags(flags.values() & nulls.inner()), None))
        }
        WhenAbsent::Zero if kind.is_narrow() => {
            let numbers = array.as_any().downcast_ref::<Int64Array>()?;
            let values: ScalarBuffer<i64> = numbers.iter().map(Option::unwrap_or_default).collect();
            Some(Column::new(Data::Long(values), None))
        }
        WhenAbsent::Zero => {
            let numbers = array.as_any().downcast_ref::<Decimal128Array>()?;
            let values: ScalarBuffer<i128> = numbers.iter().map(Option::unwrap_or_default).collect();
            Some(Column::new(Data::Huge(values), None))
        }
    }
}

/// The columns with others in the place of some, by input name: counts of the history that the run itself has changed.
pub(crate) fn replaced(batch: &RecordBatch, changes: &[(String, ArrayRef)]) -> Result<RecordBatch, ScreeningError> {
    let schema = batch.schema();
    let mut columns = batch.columns().to_vec();
    for (name, array) in changes {
        if let Ok(place) = schema.index_of(name)
            && let Some(column) = columns.get_mut(place)
        {
            *column = ArrayRef::clone(array);
        }
    }
    RecordBatch::try_new(schema, columns).map_err(|error| ScreeningError::Fault(error.to_string()))
}
