//! Sorted rows of a file and of the partition they go to, walked together.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Date32Type, Decimal128Type, Int16Type, Int32Type, Int64Type, UInt64Type};
use arrow_array::{Array, ArrayRef, Int32Array, RecordBatch, StringArray, UInt64Array, new_null_array};
use arrow_schema::{ArrowError, DataType, SchemaRef};
use arrow_select::interleave::interleave;
use policy::register::Register;
use seal::{Column, Opener};

use crate::layout;
use crate::row_key::RowKeys;
use crate::rows::{AT, KEY, PERIOD};

/// Rows of an output batch.
const BATCH_ROWS: usize = 8_192;

/// Batches, one after the other.
pub(crate) type Batches = Box<dyn Iterator<Item = Result<RecordBatch, ArrowError>>>;

/// Sorted batches with a place in them.
pub(crate) struct Cursor {
    batches: Batches,
    batch: RecordBatch,
    keys: StringArray,
    periods: Option<Int32Array>,
    at: Option<UInt64Array>,
    row: usize,
    /// Of the partition as it stands.
    old: Option<(Arc<Register>, SchemaRef)>,
    done: bool,
    held: Option<usize>,
}

impl std::fmt::Debug for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cursor").field("row", &self.row).finish_non_exhaustive()
    }
}

impl Cursor {
    /// Rows of the file.
    pub(crate) fn fresh(batches: Batches) -> Result<Self, ArrowError> {
        Self::new(batches, None)
    }

    /// Rows of the partition as it stands, with the columns the register has today.
    pub(crate) fn standing(batches: Batches, register: Arc<Register>) -> Result<Self, ArrowError> {
        let schema = layout::schema(&register);
        Self::new(batches, Some((register, schema)))
    }

    fn new(batches: Batches, old: Option<(Arc<Register>, SchemaRef)>) -> Result<Self, ArrowError> {
        let empty = RecordBatch::new_empty(Arc::new(arrow_schema::Schema::empty()));
        let mut cursor = Self {
            batches,
            batch: empty,
            keys: StringArray::new_null(0),
            periods: None,
            at: None,
            row: 0,
            old,
            done: false,
            held: None,
        };
        cursor.load()?;
        Ok(cursor)
    }

    fn load(&mut self) -> Result<(), ArrowError> {
        self.row = 0;
        self.held = None;
        loop {
            match self.batches.next().transpose()? {
                None => {
                    self.done = true;
                    return Ok(());
                }
                Some(batch) if batch.num_rows() == 0 => {}
                Some(batch) => {
                    if let Some((register, schema)) = &self.old {
                        self.batch = aligned(&batch, schema)?;
                        self.keys = RowKeys::of(register, &self.batch).all(self.batch.num_rows());
                    } else {
                        let column = |name: &str| {
                            batch
                                .column_by_name(name)
                                .ok_or_else(|| ArrowError::SchemaError(format!("no column {name}")))
                        };
                        self.keys = column(KEY)?.as_string::<i32>().clone();
                        self.periods = Some(column(PERIOD)?.as_primitive::<Int32Type>().clone());
                        self.at = Some(column(AT)?.as_primitive::<UInt64Type>().clone());
                        self.batch = batch;
                    }
                    return Ok(());
                }
            }
        }
    }

    fn step(&mut self) -> Result<(), ArrowError> {
        self.row += 1;
        if self.row >= self.batch.num_rows() {
            self.load()?;
        }
        Ok(())
    }

    /// The period of the next row.
    pub(crate) fn period(&self) -> Option<i32> {
        if self.done {
            return None;
        }
        Some(self.periods.as_ref().map_or(0, |periods| periods.value(self.row)))
    }

    fn key(&self) -> &str {
        self.keys.value(self.row)
    }

    fn at(&self) -> u64 {
        self.at.as_ref().map_or(u64::MAX, |at| at.value(self.row))
    }

    fn order(&self, other: &Self, by_period: bool) -> Ordering {
        let period = if by_period {
            self.period().cmp(&other.period())
        } else {
            Ordering::Equal
        };
        period
            .then_with(|| self.key().cmp(other.key()))
            .then_with(|| self.at().cmp(&other.at()))
    }
}

/// The columns of today out of an older file: what it did not have is empty.
pub(crate) fn aligned(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, ArrowError> {
    let columns = schema
        .fields()
        .iter()
        .map(|field| match batch.column_by_name(field.name()) {
            Some(column) if column.data_type() == field.data_type() => Ok(Arc::clone(column)),
            Some(column) => Err(ArrowError::SchemaError(format!(
                "{} is {}, not {}",
                field.name(),
                column.data_type(),
                field.data_type()
            ))),
            None => Ok(new_null_array(field.data_type(), batch.num_rows())),
        })
        .collect::<Result<Vec<_>, _>>()?;
    RecordBatch::try_new(Arc::clone(schema), columns)
}

/// Cursors by their next row: a heap of places.
struct Heap {
    places: Vec<usize>,
    by_period: bool,
}

impl Heap {
    fn new(cursors: &[Cursor], places: Vec<usize>, by_period: bool) -> Self {
        let mut heap = Self { places, by_period };
        for at in (0..heap.places.len() / 2).rev() {
            heap.sink(cursors, at);
        }
        heap
    }

    fn first(&self) -> Option<usize> {
        self.places.first().copied()
    }

    fn less(&self, cursors: &[Cursor], a: usize, b: usize) -> bool {
        let cursor = |place: usize| self.places.get(place).and_then(|index| cursors.get(*index));
        match (cursor(a), cursor(b)) {
            (Some(a), Some(b)) => a.order(b, self.by_period) == Ordering::Less,
            _ => false,
        }
    }

    fn sink(&mut self, cursors: &[Cursor], mut at: usize) {
        loop {
            let (left, right) = (at * 2 + 1, at * 2 + 2);
            let mut least = at;
            if left < self.places.len() && self.less(cursors, left, least) {
                least = left;
            }
            if right < self.places.len() && self.less(cursors, right, least) {
                least = right;
            }
            if least == at {
                return;
            }
            self.places.swap(at, least);
            at = least;
        }
    }

    /// After the first cursor has moved: `gone` takes it out.
    fn moved(&mut self, cursors: &[Cursor], gone: bool) {
        if gone {
            self.places.swap_remove(0);
        }
        self.sink(cursors, 0);
    }
}

/// Rows picked out of many batches into one.
struct Picked {
    schema: SchemaRef,
    held: Vec<RecordBatch>,
    rows: Vec<(usize, usize)>,
}

impl Picked {
    fn new(schema: SchemaRef) -> Self {
        Self {
            schema,
            held: Vec::new(),
            rows: Vec::with_capacity(BATCH_ROWS),
        }
    }

    fn pick(&mut self, cursor: &mut Cursor) {
        let held = match cursor.held {
            Some(held) => held,
            None => {
                self.held.push(cursor.batch.clone());
                let held = self.held.len() - 1;
                cursor.held = Some(held);
                held
            }
        };
        self.rows.push((held, cursor.row));
    }

    fn is_full(&self) -> bool {
        self.rows.len() >= BATCH_ROWS
    }

    fn take(&mut self, cursors: &mut [Cursor]) -> Result<Option<RecordBatch>, ArrowError> {
        if self.rows.is_empty() {
            return Ok(None);
        }
        let columns = (0..self.schema.fields().len())
            .map(|index| {
                let arrays: Vec<&dyn Array> = self.held.iter().map(|batch| batch.column(index).as_ref()).collect();
                interleave(&arrays, &self.rows)
            })
            .collect::<Result<Vec<ArrayRef>, _>>()?;
        self.held.clear();
        self.rows.clear();
        for cursor in cursors {
            cursor.held = None;
        }
        RecordBatch::try_new(Arc::clone(&self.schema), columns).map(Some)
    }
}

/// Several runs as one.
pub(crate) fn merge_runs(
    mut cursors: Vec<Cursor>,
    schema: &SchemaRef,
) -> Result<impl Iterator<Item = Result<RecordBatch, ArrowError>> + use<>, ArrowError> {
    let places = (0..cursors.len())
        .filter(|i| cursors.get(*i).is_some_and(|c| !c.done))
        .collect();
    let mut heap = Heap::new(&cursors, places, true);
    let mut picked = Picked::new(Arc::clone(schema));
    Ok(std::iter::from_fn(move || {
        loop {
            if picked.is_full() {
                return picked.take(&mut cursors).transpose();
            }
            let Some(first) = heap.first() else {
                return picked.take(&mut cursors).transpose();
            };
            let cursor = cursors.get_mut(first)?;
            picked.pick(cursor);
            if let Err(error) = cursor.step() {
                return Some(Err(error));
            }
            let gone = cursor.done;
            heap.moved(&cursors, gone);
        }
    }))
}

/// What became of the rows of one partition.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Changes {
    /// Rows that were not there.
    pub added: u64,
    /// Rows with other values.
    pub changed: u64,
    /// Rows that were there just so.
    pub unchanged: u64,
    /// Rows that are gone.
    pub removed: u64,
    /// Rows that the partition now has.
    pub rows: u64,
}

impl Changes {
    /// Whether the partition is other than it was.
    pub fn any(&self) -> bool {
        self.added + self.changed + self.removed > 0
    }
}

/// A row that is not taken, for another row of the file has its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Twice {
    pub(crate) at: u64,
    /// The other one.
    pub(crate) other: u64,
    /// They hold the same: the other one is taken. Else neither is, for nobody here knows which is right.
    pub(crate) same: bool,
}

/// Compares rows, sealed values by what they hold.
pub(crate) struct Comparing {
    opener: Opener,
    sealed: Vec<Option<Column>>,
}

impl Comparing {
    pub(crate) fn new(register: &Register, opener: Opener) -> Self {
        let sealed = register
            .columns
            .iter()
            .map(|column| column.kind.is_sealed().then(|| Column::new(&register.id, &column.id)))
            .collect();
        Self { opener, sealed }
    }

    fn same(&mut self, key: &str, a: (&RecordBatch, usize), b: (&RecordBatch, usize)) -> bool {
        for (index, sealed) in self.sealed.iter().enumerate() {
            let (left, right) = (a.0.column(index), b.0.column(index));
            let equal = match (left.is_null(a.1), right.is_null(b.1)) {
                (true, true) => true,
                (false, false) => match sealed {
                    Some(column) => {
                        let clear = |opener: &mut Opener, array: &ArrayRef, row: usize| {
                            let bytes = array.as_binary::<i32>().value(row);
                            opener
                                .open(column, key, bytes)
                                .ok()
                                .map(<[u8]>::to_vec)
                                .map(zeroize::Zeroizing::new)
                        };
                        // What does not open any more counts as changed: it is written anew.
                        let left = clear(&mut self.opener, left, a.1);
                        left.is_some() && left == clear(&mut self.opener, right, b.1)
                    }
                    None => same_value(left.as_ref(), a.1, right.as_ref(), b.1),
                },
                _ => false,
            };
            if !equal {
                return false;
            }
        }
        true
    }
}

fn same_value(a: &dyn Array, i: usize, b: &dyn Array, j: usize) -> bool {
    match a.data_type() {
        DataType::Utf8 => a.as_string::<i32>().value(i) == b.as_string::<i32>().value(j),
        DataType::Int64 => a.as_primitive::<Int64Type>().value(i) == b.as_primitive::<Int64Type>().value(j),
        DataType::Int16 => a.as_primitive::<Int16Type>().value(i) == b.as_primitive::<Int16Type>().value(j),
        DataType::Date32 => a.as_primitive::<Date32Type>().value(i) == b.as_primitive::<Date32Type>().value(j),
        DataType::Boolean => a.as_boolean().value(i) == b.as_boolean().value(j),
        DataType::Decimal128(..) => {
            a.as_primitive::<Decimal128Type>().value(i) == b.as_primitive::<Decimal128Type>().value(j)
        }
        _ => false,
    }
}

/// The rows of one period: those of the file over those that stand. `write` gets what the partition will hold.
pub(crate) fn merge_period<E: From<ArrowError>>(
    cursors: &mut Vec<Cursor>,
    period: i32,
    standing: Option<Cursor>,
    replaces: bool,
    comparing: &mut Comparing,
    schema: &SchemaRef,
    write: &mut dyn FnMut(RecordBatch) -> Result<(), E>,
) -> Result<(Changes, Vec<Twice>), E> {
    let fresh = cursors.len();
    cursors.extend(standing);
    let result = walk(cursors, fresh, period, replaces, comparing, schema, write);
    cursors.truncate(fresh);
    result
}

fn walk<E: From<ArrowError>>(
    cursors: &mut [Cursor],
    fresh: usize,
    period: i32,
    replaces: bool,
    comparing: &mut Comparing,
    schema: &SchemaRef,
    write: &mut dyn FnMut(RecordBatch) -> Result<(), E>,
) -> Result<(Changes, Vec<Twice>), E> {
    let here = |index: usize, cursor: &Cursor| !cursor.done && (index >= fresh || cursor.period() == Some(period));
    let places = cursors
        .iter()
        .enumerate()
        .filter(|(i, c)| here(*i, c))
        .map(|(i, _)| i)
        .collect();
    let mut heap = Heap::new(cursors, places, false);
    let mut picked = Picked::new(Arc::clone(schema));
    let mut changes = Changes::default();
    let mut twice: Vec<Twice> = Vec::new();
    let mut key = String::new();
    // The winning row of the current key: its batch, row, and place in the file.
    let mut winner: Option<(RecordBatch, usize, u64)> = None;
    let mut winner_picked: Option<usize> = None;
    // Where the rows of this key that are not taken begin.
    let mut twice_from = 0;
    while let Some(first) = heap.first() {
        let Some(cursor) = cursors.get_mut(first) else { break };
        if winner.is_none() || cursor.key() != key {
            key.clear();
            key.push_str(cursor.keys.value(cursor.row));
            winner = None;
            winner_picked = None;
            twice_from = twice.len();
            if picked.is_full()
                && let Some(batch) = picked.take(cursors)?
            {
                write(batch)?;
            }
        }
        let Some(cursor) = cursors.get_mut(first) else { break };
        let place = (&cursor.batch, cursor.row);
        match &winner {
            // The first row of this key in the file.
            None if first < fresh => {
                winner = Some((cursor.batch.clone(), cursor.row, cursor.at()));
                picked.pick(cursor);
                winner_picked = Some(picked.rows.len() - 1);
                changes.added += 1;
                changes.rows += 1;
            }
            // A row that stands and that the file does not have.
            None => {
                if replaces {
                    changes.removed += 1;
                } else {
                    picked.pick(cursor);
                    changes.rows += 1;
                }
            }
            Some((batch, row, at)) if first < fresh => {
                let same = winner_picked.is_some() && comparing.same(&key, (batch, *row), place);
                if !same && let Some(place) = winner_picked.take() {
                    // The first one goes too, and what repeated it.
                    picked.rows.truncate(place);
                    changes.added -= 1;
                    changes.rows -= 1;
                    for repeated in twice.iter_mut().skip(twice_from) {
                        (repeated.other, repeated.same) = (cursor.at(), false);
                    }
                    twice.push(Twice {
                        at: *at,
                        other: cursor.at(),
                        same,
                    });
                }
                twice.push(Twice {
                    at: cursor.at(),
                    other: *at,
                    same,
                });
            }
            // Rows that contradict each other change nothing: the one that stands stays.
            Some(_) if winner_picked.is_none() => {
                picked.pick(cursor);
                changes.rows += 1;
            }
            Some((batch, row, _)) => {
                changes.added -= 1;
                if comparing.same(&key, (batch, *row), place) {
                    changes.unchanged += 1;
                    // The row that stands stays, with the seals it has.
                    picked.pick(cursor);
                    let standing = picked.rows.pop();
                    if let (Some(at), Some(standing)) = (winner_picked, standing)
                        && let Some(slot) = picked.rows.get_mut(at)
                    {
                        *slot = standing;
                    }
                } else {
                    changes.changed += 1;
                }
            }
        }
        let Some(cursor) = cursors.get_mut(first) else { break };
        cursor.step()?;
        let gone = !here(first, cursor);
        heap.moved(cursors, gone);
    }
    if let Some(batch) = picked.take(cursors)? {
        write(batch)?;
    }
    Ok((changes, twice))
}
