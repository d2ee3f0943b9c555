//! Groups of people and employers by which a change is told.

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Date32Type, Int16Type};
use arrow_array::{Array as _, BooleanArray, RecordBatch};
use arrow_schema::Schema;
use civil::{Day, age};
use rules::catalogue::Catalogue;

/// A group: what it is told by, and which of them.
pub(crate) type Group = (Dimension, i16);

/// By what people and employers are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Dimension {
    /// Age on the day of the run: every person is in one band.
    Age,
    /// Something a person is; one may be several or none.
    Kind,
    /// Size of the employer: every employer is in one.
    Size,
}

const BIRTH: &str = "person.birth_date";
const SIZE: &str = "employer.size";
/// The code list of [`SIZE`].
const SIZES: &str = "employer_size";
/// Facts that make a group of persons.
const KINDS: [&str; 4] = [
    "person.is_hard_to_employ", "person.is_graduate", "person.is_veteran", "person.is_disabled",
];
/// Age bands: the first age that no longer belongs to it, and its name.
const BANDS: [(u16, &str); 7] = [
    (16, "16岁以下（不含16岁）"),
    (25, "16—24岁"),
    (35, "25—34岁"),
    (45, "35—44岁"),
    (55, "45—54岁"),
    (u16::MAX, "55岁以上"),
    (u16::MAX, "年龄不明"),
];
/// The band of those whose birth is not known.
const NO_AGE: i16 = 6;
/// The size that is not known.
const NO_SIZE: i16 = i16::MAX;

impl Dimension {
    /// Whether each row that the dimension is about is in exactly one of its groups.
    pub(crate) fn is_partition(self) -> bool {
        self != Self::Kind
    }

    /// Its name on screen.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Age => "年龄",
            Self::Kind => "重点群体",
            Self::Size => "用人单位规模",
        }
    }
}

/// The columns of a table that say in which groups a row is.
pub(crate) fn columns(schema: &Schema) -> impl Iterator<Item = &'static str> {
    let all = [BIRTH, SIZE].into_iter().chain(KINDS);
    all.filter(|name| schema.field_with_name(name).is_ok())
}

/// The groups of a batch's rows.
pub(crate) struct Groups<'b> {
    births: Option<&'b arrow_array::PrimitiveArray<Date32Type>>,
    sizes: Option<&'b arrow_array::PrimitiveArray<Int16Type>>,
    kinds: [Option<&'b BooleanArray>; KINDS.len()],
    as_of: Day,
}

impl<'b> Groups<'b> {
    pub(crate) fn of(batch: &'b RecordBatch, as_of: Day) -> Self {
        let column = |name: &str| batch.column_by_name(name);
        Self {
            births: column(BIRTH).and_then(|column| column.as_primitive_opt()),
            sizes: column(SIZE).and_then(|column| column.as_primitive_opt()),
            kinds: KINDS.map(|name| column(name).and_then(|column| column.as_boolean_opt())),
            as_of,
        }
    }

    /// Puts the groups of a row in the place of what is in `into`.
    pub(crate) fn fill(&self, row: usize, into: &mut Vec<Group>) {
        into.clear();
        if let Some(births) = self.births {
            into.push((
                Dimension::Age,
                births
                    .is_valid(row)
                    .then(|| self.band(births.value(row)))
                    .unwrap_or(NO_AGE),
            ));
        }
        for (kind, flags) in (0_i16..).zip(&self.kinds) {
            if flags.is_some_and(|flags| flags.is_valid(row) && flags.value(row)) {
                into.push((Dimension::Kind, kind));
            }
        }
        if let Some(sizes) = self.sizes {
            into.push((
                Dimension::Size,
                if sizes.is_valid(row) { sizes.value(row) } else { NO_SIZE },
            ));
        }
    }

    fn band(&self, birth: i32) -> i16 {
        let years = Day::from_days_since_epoch(birth).and_then(|birth| age(birth, self.as_of));
        let place = years.and_then(|years| BANDS.iter().position(|(end, _)| years < *end));
        place.and_then(|place| i16::try_from(place).ok()).unwrap_or(NO_AGE)
    }
}

/// The name of a group on screen.
pub(crate) fn label(catalogue: &Catalogue, (dimension, which): Group) -> String {
    let dictionary = &catalogue.vocabulary.dictionary;
    let place = usize::try_from(which).unwrap_or(usize::MAX);
    match dimension {
        Dimension::Age => BANDS.get(place).map_or("", |(_, label)| label).to_owned(),
        Dimension::Kind => {
            let fact = KINDS.get(place).and_then(|name| dictionary.fact(name));
            fact.map_or_else(String::new, |fact| fact.label.clone())
        }
        Dimension::Size => {
            let codes = dictionary.list(SIZES).map_or(&[][..], |list| &list.codes);
            let code = codes.iter().find(|code| code.number == which);
            code.map_or_else(|| "规模不明".to_owned(), |code| code.label.clone())
        }
    }
}
