//! What is wrong with the queries of checks, found without any data.

use std::collections::{BTreeMap, BTreeSet};

use arrow_schema::DataType;
use civil::Day;
use policy::cross_check::{self, CrossCheck};
use policy::fact::Dictionary;
use policy::file::{Diagnostic, Severity};
use policy::register::{Column, Registers};
use registers::inquiry::{Asked, Inquiry, Outline, VINTAGE};

use super::evidence::is_shown;
use super::{CheckError, given, marked};

/// Plans every check over empty registers: a query that does not run, a column that it should give and does not, a table
/// or column that it reads and does not say so. Each is told where the query stands.
///
/// # Errors
/// [`CheckError`] where the empty registers cannot be opened, for want of a folder for temporary files above all.
pub fn examine(
    checks: &[&CrossCheck],
    registers: &Registers,
    dictionary: &Dictionary,
) -> Result<Vec<Diagnostic>, CheckError> {
    if checks.is_empty() {
        return Ok(Vec::new());
    }
    let scratch = tempfile::tempdir()?;
    let any_day = Day::from_days_since_epoch(0).ok_or_else(|| std::io::Error::other("1970-01-01"))?;
    let asked = Asked {
        registers,
        parts: BTreeMap::new(),
        marked: marked(checks, registers),
        as_of: any_day,
        known_on: any_day,
        scratch: scratch.path().to_owned(),
        memory_bytes: 64 << 20,
        threads: 1,
    };
    let inquiry = Inquiry::open(&asked, None)?;
    given::benefits(&inquiry, &policy::benefit::Benefits::default())?;
    given::eligible(&inquiry, None)?;
    given::flat(&inquiry, checks, dictionary, None)?;
    let mut found = Vec::new();
    for check in checks {
        let wrong = match inquiry.outline(&check.sql) {
            Err(error) => vec![format!("查询不能执行：{error}")],
            Ok(outline) => {
                let mut wrong = result(check, &outline);
                wrong.extend(undeclared(check, &outline, registers));
                wrong
            }
        };
        found.extend(wrong.into_iter().map(|message| Diagnostic {
            place: check.sql.place(),
            severity: Severity::Error,
            message: format!("疑点“{}”的{message}", *check.id),
            hint: "各列的写法见 docs/writing-policy.md“Cross-checks”一节".to_owned(),
        }));
    }
    Ok(found)
}

/// What a query should give and does not.
pub(super) fn result(check: &CrossCheck, outline: &Outline) -> Vec<String> {
    let mut wrong = Vec::new();
    let kind = |column: &str| {
        outline
            .gives
            .iter()
            .find(|(name, _)| name == column)
            .map(|(_, kind)| kind)
    };
    let (text, day, number) = ([DataType::Utf8], [DataType::Date32], [DataType::Int64]);
    let keys = [DataType::Utf8, DataType::new_list(DataType::Utf8, true)];
    for (column, expected) in [
        (cross_check::SUBJECT, text.as_slice()),
        (cross_check::ROW, keys.as_slice()),
        (cross_check::OTHER_ROW, keys.as_slice()),
        (cross_check::PARTY, keys.as_slice()),
        (cross_check::OTHER, keys.as_slice()),
        (cross_check::ANOTHER, keys.as_slice()),
        (cross_check::MONTH, day.as_slice()),
        (cross_check::VINTAGE, number.as_slice()),
        (cross_check::OTHER_VINTAGE, number.as_slice()),
    ] {
        match kind(column) {
            Some(found) if !expected.iter().any(|one| is_same(found, one)) => {
                let expected: Vec<String> = expected.iter().map(ToString::to_string).collect();
                let expected = expected.join(" 或 ");
                wrong.push(format!("列 {column} 的类型是 {found}，应为 {expected}"));
            }
            None if column == cross_check::SUBJECT => wrong.push(format!("查询结果没有列 {column}")),
            _ => {}
        }
    }
    for column in check.evidence() {
        match kind(column) {
            None => wrong.push(format!("查询结果没有列 {column}，但 reason 中用到")),
            Some(found) if !is_shown(found) => {
                wrong.push(format!("列 {column} 的类型是 {found}，不能写进 reason"));
            }
            Some(_) => {}
        }
    }
    wrong
}

/// Whether a column holds what is expected; what the texts of a list are called and whether one may be null is all the same.
fn is_same(found: &DataType, expected: &DataType) -> bool {
    match (found, expected) {
        (DataType::List(found), DataType::List(expected)) => found.data_type() == expected.data_type(),
        _ => found == expected,
    }
}

/// What a query reads and `reads` does not name.
fn undeclared(check: &CrossCheck, outline: &Outline, registers: &Registers) -> Vec<String> {
    let mut wrong = Vec::new();
    for (table, columns) in &outline.reads {
        let register = registers.all().find(|register| {
            let name = register.id.replace('-', "_");
            *table == name || *table == format!("{name}_marks")
        });
        let (id, mut allowed): (&str, BTreeSet<String>) = match register {
            Some(register) => {
                let declared = check.reads.get(&register.id).into_iter().flatten();
                let columns = declared.filter_map(|id| register.column(id));
                let mut allowed: BTreeSet<String> = columns.flat_map(stored).collect();
                // The key says whose row it is; nobody has to name it.
                allowed.extend(register.key_columns().map(Column::stored));
                (&register.id, allowed)
            }
            None => {
                let declared = check.reads.get(table).into_iter().flatten();
                (table, declared.cloned().collect())
            }
        };
        allowed.insert(VINTAGE.to_owned());
        if !check.reads.contains_key(id) {
            wrong.push(format!("查询读取了 {id}，但 reads 中没有"));
            continue;
        }
        for column in columns.difference(&allowed) {
            wrong.push(format!("查询读取了 {id} 的 {column}，但 reads 中没有"));
        }
    }
    wrong
}

/// The names under which a column of a register stands in tables.
fn stored(column: &Column) -> Vec<String> {
    if column.kind.is_sealed() {
        vec![format!("{}_key", column.id), format!("{}_masked", column.id)]
    } else {
        vec![column.stored()]
    }
}
