//! A small dictionary and one-line helpers.

use std::collections::BTreeMap;

use civil::Day;
use policy::fact;
use policy::file::{Diagnostics, Tree};
use policy::parameter;
use rules::kernel::{CaseSpace, Column, Columns, Data, Space, Workspace};
use rules::language::{ExpressionError, parse};
use rules::program::{Builder, Program, Register};
use rules::typed::{Kind, Typed, Vocabulary, check};

/// The facts of the tests: each type once or twice.
pub(crate) const FACTS: &str = r#"
format = 1
[codes]
size = { large = { no = 1, label = "大型" }, medium = { no = 2, label = "中型" }, small = { no = 3, label = "小型" } }
"#;

pub(crate) const NAMES: &[(&str, &str, &str)] = &[
    ("person.a", "int", "unknown"),
    ("person.b", "int", "zero"),
    ("employer.x_fen", "fen", "unknown"),
    ("employer.y_fen", "fen", "zero"),
    ("loan.p", "decimal", "unknown"),
    ("loan.q", "decimal", "unknown"),
    ("person.f", "bool", "unknown"),
    ("person.g", "bool", "no"),
    ("training.d", "date", "unknown"),
    ("training.e", "date", "none"),
    ("claim.m", "month", "unknown"),
    ("employer.size", "code", "unknown"),
    ("employer.region", "region", "unknown"),
];

pub(crate) const PARAMETERS: &[(&str, &str)] = &[
    (
        "shared/parameters/lpr.toml",
        "format = 1\nid = \"lpr\"\nname = \"利率\"\nkind = \"rate\"\nset_by = \"央行\"\n\
         [[value]]\nfrom = 2019-08-20\nknown_from = 2019-08-20\nis = \"4.25%\"\nsource = \"公告\"\n\
         [[value]]\nfrom = 2020-04-20\nknown_from = 2020-04-20\nis = \"3.85%\"\nsource = \"公告\"\n",
    ),
    (
        "shared/parameters/wage.toml",
        "format = 1\nid = \"wage\"\nname = \"最低工资\"\nkind = \"money\"\nset_by = \"省政府\"\n",
    ),
];

/// The dictionary and parameters of the tests.
pub(crate) fn vocabulary() -> Vocabulary {
    let mut facts = FACTS.to_owned();
    for (name, kind, absent) in NAMES {
        let codes = if *kind == "code" { "codes = \"size\"\n" } else { "" };
        facts.push_str(&format!(
            "[[fact]]\nname = \"{name}\"\ntype = \"{kind}\"\n{codes}label = \"{name}\"\nregister = \"r\"\nsensitivity = \"open\"\nwhen_absent = \"{absent}\"\n"
        ));
    }
    let mut files = vec![("shared/facts.toml", facts.as_str())];
    files.extend(PARAMETERS.iter().copied());
    let tree = Tree::from_files(files);
    let diagnostics = Diagnostics::new();
    let dictionary = fact::load(&tree, &diagnostics);
    let parameters = parameter::load(&tree, &dictionary, &diagnostics);
    let found = diagnostics.into_sorted();
    assert!(found.is_empty(), "{found:?}");
    let mut vocabulary = Vocabulary::new(dictionary, parameters);
    vocabulary.benefits.insert("b".to_owned());
    vocabulary
}

pub(crate) fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

/// Parses and checks.
pub(crate) fn typed(vocabulary: &Vocabulary, text: &str) -> Result<Typed, ExpressionError> {
    check(vocabulary, &parse(text)?)
}

/// The error of an expression: the text from where it points, and the message with its hint.
pub(crate) fn refused(text: &str) -> (String, String) {
    let error = typed(&vocabulary(), text).expect_err(text);
    (text[error.offset..].to_owned(), error.to_string())
}

/// A value of a test case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Given {
    Value(i128),
    Unknown,
    Absent,
}

/// The outcome of one expression on one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Got {
    Truth(Option<bool>),
    Number(Option<i128>),
}

/// A compiled expression.
pub(crate) struct Compiled {
    pub(crate) program: Program,
    pub(crate) register: Register,
}

pub(crate) fn compile(vocabulary: &Vocabulary, typed: &Typed, as_of: Option<Day>) -> Compiled {
    let mut builder = Builder::new(vocabulary, day("2020-12-31"), as_of);
    let register = builder.value(typed);
    Compiled {
        program: builder.finish().0,
        register,
    }
}

impl Compiled {
    /// Columns of rows: a value for each fact by index, and `as_of`.
    pub(crate) fn columns(&self, rows: &[BTreeMap<u32, Given>], as_of: &[i64]) -> Columns {
        if self.program.inputs.is_empty() {
            return Columns::without(rows.len());
        }
        let list = self.program.inputs.iter().map(|input| {
            let values: Vec<Given> = match input.fact {
                None => as_of.iter().map(|day| Given::Value(i128::from(*day))).collect(),
                Some(fact) => rows
                    .iter()
                    .map(|row| row.get(&fact).copied().unwrap_or(Given::Unknown))
                    .collect(),
            };
            column(input.kind, &values)
        });
        Columns::new(&self.program, list.collect()).expect("columns fit")
    }

    /// Runs all rows in blocks, those of a register and those of one case: they answer alike.
    pub(crate) fn blocks(&self, columns: &Columns) -> Vec<Got> {
        let large = self.blocks_in(columns, Workspace::new(&self.program));
        assert_eq!(
            large,
            self.blocks_in(columns, CaseSpace::new(&self.program)),
            "smaller blocks"
        );
        large
    }

    fn blocks_in<const W: usize>(&self, columns: &Columns, mut workspace: Space<W>) -> Vec<Got> {
        let ops = self.program.needed(&[self.register]);
        let mut results = Vec::new();
        let mut start = 0;
        while start < columns.rows() {
            workspace.begin(columns, start);
            workspace.run(&self.program, columns, &ops);
            let here = (columns.rows() - start).min(Space::<W>::ROWS);
            results.extend((0..here).map(|row| got(&workspace, self.register, row)));
            start += Space::<W>::ROWS;
        }
        results
    }
}

pub(crate) fn got<const W: usize>(workspace: &Space<W>, register: Register, row: usize) -> Got {
    match register {
        Register::Mask(mask) => Got::Truth(workspace.truth(mask, row)),
        Register::Narrow(narrow) => Got::Number(workspace.long(narrow, row).map(i128::from)),
        Register::Wide(wide) => Got::Number(workspace.huge(wide, row)),
    }
}

fn column(kind: Kind, values: &[Given]) -> Column {
    let number = |given: &Given| if let Given::Value(value) = given { *value } else { 0 };
    let valid = values.iter().map(|given| matches!(given, Given::Value(_))).collect();
    let data = match kind {
        Kind::Bool => Data::Flags(values.iter().map(|value| number(value) != 0).collect()),
        Kind::Date | Kind::Month => Data::Medium(
            values
                .iter()
                .map(|value| i32::try_from(number(value)).expect("day"))
                .collect(),
        ),
        Kind::Code(_) => Data::Small(
            values
                .iter()
                .map(|value| i16::try_from(number(value)).expect("code"))
                .collect(),
        ),
        kind if kind.is_narrow() => Data::Long(
            values
                .iter()
                .map(|value| i64::try_from(number(value)).expect("long"))
                .collect(),
        ),
        _ => Data::Huge(values.iter().map(number).collect()),
    };
    Column::new(data, Some(valid)).with_absent(values.iter().map(|given| *given == Given::Absent).collect())
}

/// The result of an expression on one row of named values.
pub(crate) fn evaluate(text: &str, values: &[(&str, Given)]) -> Got {
    let vocabulary = vocabulary();
    let typed = typed(&vocabulary, text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let compiled = compile(&vocabulary, &typed, None);
    let row = values
        .iter()
        .map(|(name, value)| (vocabulary.fact_index(name).expect("fact"), *value))
        .collect();
    let as_of = rules::day_number(day("2020-09-01"));
    let columns = compiled.columns(&[row], &[as_of]);
    compiled.blocks(&columns)[0]
}

/// A generator of numbers from a seed (xorshift).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    pub(crate) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        let at = usize::try_from(self.below(u64::try_from(list.len()).expect("length"))).expect("index");
        &list[at]
    }
}
