//! Random rows for every column that the packs read: values near the numbers that expressions compare them with, so that
//! both sides occur; nulls; facts that are known to be absent; now and then a value at the edge of its type.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Date32Builder, Decimal128Builder, Int16Builder, Int64Builder};
use arrow_array::{ArrayRef, BooleanArray};
use civil::Day;
use policy::fact::{DECIMAL_SCALE, WhenAbsent};
use rules::program::{Program, Record};
use rules::typed::{Kind, Typed, TypedNode, Vocabulary};

/// A generator of numbers from a seed (xorshift).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 3
    }

    pub(crate) fn below(&mut self, limit: i64) -> i64 {
        i64::try_from(self.next() % u64::try_from(limit).expect("positive")).expect("small")
    }

    fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[usize::try_from(self.below(i64::try_from(list.len()).expect("length"))).expect("index")]
    }
}

/// What a column is and what is drawn for it.
struct Column {
    kind: Kind,
    /// A register may say that there is none.
    may_be_none: bool,
    /// Literals of its own type that stand in an expression with it, in the column's unit.
    near: Vec<i64>,
    /// Whole numbers that stand in an expression with a date: years, months, days.
    steps: Vec<i64>,
    codes: Vec<i64>,
}

/// Draws rows for the inputs of a program.
pub(crate) struct Population {
    columns: Vec<Column>,
    dice: Dice,
    today: i64,
}

/// A column of rows, and where it is known that there is none.
pub(crate) struct Drawn {
    pub(crate) values: ArrayRef,
    pub(crate) none: BooleanArray,
}

impl Population {
    pub(crate) fn new(program: &Program, records: &[Record], vocabulary: &Vocabulary, today: Day, seed: u64) -> Self {
        let mut near: BTreeMap<u32, BTreeSet<(Kind, i128)>> = BTreeMap::new();
        for record in records {
            gather(&record.typed, &mut near);
        }
        let columns = program.inputs.iter().map(|input| {
            let literals = input.fact.and_then(|fact| near.get(&fact)).cloned().unwrap_or_default();
            let of = |wanted: &dyn Fn(Kind) -> bool| -> Vec<i64> {
                let fitting = literals.iter().filter(|(kind, _)| wanted(*kind));
                fitting.filter_map(|(_, value)| i64::try_from(*value).ok()).collect()
            };
            let fact = input
                .fact
                .and_then(|fact| vocabulary.dictionary.fact(vocabulary.fact_name(fact)));
            Column {
                kind: input.kind,
                may_be_none: fact.is_some_and(|fact| fact.when_absent == WhenAbsent::None),
                near: of(&|kind| similar(kind, input.kind)),
                steps: of(&|kind| kind == Kind::INT),
                codes: match input.kind {
                    Kind::Code(list) => {
                        let list = vocabulary.list(list).expect("the list of a fact");
                        list.codes.iter().map(|code| i64::from(code.number)).collect()
                    }
                    _ => Vec::new(),
                },
            }
        });
        Self {
            columns: columns.collect(),
            dice: Dice(seed),
            today: rules::day_number(today),
        }
    }

    /// The next rows, a column an input.
    pub(crate) fn rows(&mut self, count: usize) -> Vec<Drawn> {
        let (dice, today) = (&mut self.dice, self.today);
        self.columns
            .iter()
            .map(|column| column.draw(dice, today, count))
            .collect()
    }
}

fn similar(a: Kind, b: Kind) -> bool {
    match (a, b) {
        (Kind::Date | Kind::Month, Kind::Date | Kind::Month) => true,
        (Kind::Number { money: a, .. }, Kind::Number { money: b, .. }) => a == b,
        (a, b) => a == b,
    }
}

/// For each fact the literals of the smallest condition, or the whole expression, that it stands in.
fn gather(typed: &Typed, near: &mut BTreeMap<u32, BTreeSet<(Kind, i128)>>) {
    let mut literals = BTreeSet::new();
    collect(typed, &mut literals);
    for fact in typed.facts() {
        near.entry(fact).or_default().extend(&literals);
    }
}

fn collect(typed: &Typed, literals: &mut BTreeSet<(Kind, i128)>) {
    match &typed.node {
        TypedNode::Literal(value) => {
            literals.insert((typed.kind, *value));
        }
        TypedNode::InRegion(_, low, high, above) => {
            let bounds = above.iter().chain([low, high]);
            literals.extend(bounds.map(|bound| (Kind::Region, i128::from(*bound))));
        }
        _ => {}
    }
    for child in typed.children() {
        collect(child, literals);
    }
}

impl Column {
    fn draw(&self, dice: &mut Dice, today: i64, count: usize) -> Drawn {
        let mut none = Vec::with_capacity(count);
        let values: Vec<Option<i128>> = (0..count)
            .map(|_| {
                let unknown = dice.below(16) == 0;
                let absent = self.may_be_none && dice.below(6) == 0;
                none.push(absent);
                let value = self.value(dice, today);
                (!unknown && !absent).then_some(value)
            })
            .collect();
        Drawn {
            values: self.array(&values),
            none: none.into(),
        }
    }

    fn value(&self, dice: &mut Dice, today: i64) -> i128 {
        match self.kind {
            Kind::Bool => i128::from(dice.below(2)),
            Kind::Code(_) => i128::from(dice.pick(&self.codes)),
            Kind::Region => {
                if self.near.is_empty() || dice.below(8) == 0 {
                    return 330_000_000_000 + i128::from(dice.below(300_000)) * 1_000;
                }
                i128::from(dice.pick(&self.near) + [0, 0, 0, 1_000, -1][usize::try_from(dice.below(5)).expect("index")])
            }
            Kind::Date => i128::from(self.day(dice, today)),
            Kind::Month => {
                let day = self.day(dice, today);
                let day = Day::from_days_since_epoch(i32::try_from(day).expect("day")).expect("in the calendar");
                i128::from(day.month().first_day().days_since_epoch())
            }
            Kind::Number { money, .. } if self.kind.is_narrow() => self.whole(dice, money),
            Kind::Number { .. } => {
                let unit = 10_i128.pow(DECIMAL_SCALE);
                match dice.below(20) {
                    0 => i128::from(dice.below(2_000_000_000)) * unit,
                    1 => -i128::from(dice.below(3)) * unit,
                    2..8 => i128::from(dice.below(100)) * unit / 100,
                    _ => i128::from(dice.below(50)) * unit + i128::from(dice.below(1_000_000)),
                }
            }
        }
    }

    fn whole(&self, dice: &mut Dice, money: bool) -> i128 {
        let value = match dice.below(40) {
            0 => dice.pick(&[i64::MAX, i64::MIN, i64::MAX / 2, i64::MIN / 3, 1 << 53]),
            1 => -dice.below(1_000),
            2 | 3 => 0,
            4..20 if !self.near.is_empty() => dice.pick(&self.near).saturating_add(dice.below(3) - 1),
            20..28 if money => dice.below(5_000_000),
            _ if money => dice.below(100_000_000),
            28..34 => dice.below(5),
            _ => dice.below(120),
        };
        i128::from(value)
    }

    /// A day near one that an expression names or that the decision is about, often moved by as many years, months or
    /// days as an expression counts.
    fn day(&self, dice: &mut Dice, today: i64) -> i64 {
        let (first, last) = (rules::day_number(Day::MIN), rules::day_number(Day::MAX));
        if dice.below(400) == 0 {
            return dice.pick(&[first, last, last - 400]);
        }
        let base = if self.near.is_empty() || dice.below(2) == 0 {
            today
        } else {
            dice.pick(&self.near)
        };
        let moved = match dice.below(4) {
            0 => base,
            1 => base + dice.below(1_500) - 750,
            2 => base - dice.below(60 * 366),
            _ => {
                let step = if self.steps.is_empty() {
                    dice.below(40)
                } else {
                    dice.pick(&self.steps).clamp(-999, 999)
                };
                let day = Day::from_days_since_epoch(i32::try_from(base).expect("day")).expect("in the calendar");
                let months = step * dice.pick(&[12, 1, -12, -1]);
                let day = day.add_months(i32::try_from(months).expect("small"));
                day.map_or(base, rules::day_number) + dice.below(3) - 1
            }
        };
        moved.clamp(first, last)
    }

    fn array(&self, values: &[Option<i128>]) -> ArrayRef {
        let long = |value: i128| i64::try_from(value).expect("64 bits");
        match self.kind {
            Kind::Bool => {
                let mut builder = BooleanBuilder::new();
                values
                    .iter()
                    .for_each(|value| builder.append_option(value.map(|value| value != 0)));
                Arc::new(builder.finish())
            }
            Kind::Date | Kind::Month => {
                let mut builder = Date32Builder::new();
                let days = values
                    .iter()
                    .map(|value| value.map(|day| i32::try_from(day).expect("day")));
                days.for_each(|day| builder.append_option(day));
                Arc::new(builder.finish())
            }
            Kind::Code(_) => {
                let mut builder = Int16Builder::new();
                let codes = values
                    .iter()
                    .map(|value| value.map(|code| i16::try_from(code).expect("code")));
                codes.for_each(|code| builder.append_option(code));
                Arc::new(builder.finish())
            }
            kind if kind.is_narrow() => {
                let mut builder = Int64Builder::new();
                values.iter().for_each(|value| builder.append_option(value.map(long)));
                Arc::new(builder.finish())
            }
            _ => {
                let mut builder = Decimal128Builder::new();
                values.iter().for_each(|value| builder.append_option(*value));
                let scale = i8::try_from(DECIMAL_SCALE).expect("small");
                Arc::new(builder.finish().with_precision_and_scale(18, scale).expect("a decimal"))
            }
        }
    }
}
