//! JSON to a case, strictly: an unknown fact or a wrong type is an error that names the nearest fact.

use civil::Day;
use policy::benefit::Subject;
use policy::fact::{Fact, FactType, WhenAbsent};
use policy::file::{meant, nearest};
use serde_json::{Map, Value};

use super::{Case, Grant, Known};
use crate::calendar;
use crate::receipt;
use crate::typed::{Kind, Vocabulary, region_digits};

/// Largest count of earlier grants of one case.
const MAX_GRANTS: usize = 10_000;

/// What is wrong with a case, in Chinese.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{at}：{message}。{hint}")]
pub struct CaseError {
    /// Where in the file: `employer.size`.
    pub at: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
}

fn error<T>(at: impl Into<String>, message: impl Into<String>, hint: impl Into<String>) -> Result<T, CaseError> {
    Err(CaseError {
        at: at.into(),
        message: message.into(),
        hint: hint.into(),
    })
}

/// Reads a case; values known only after `known_on` are left out.
///
/// # Errors
/// [`CaseError`] for the first thing that does not fit.
pub fn read(vocabulary: &Vocabulary, facts: &Value, known_on: Option<Day>) -> Result<Case, CaseError> {
    let Value::Object(entities) = facts else {
        return error(
            "文件",
            "内容不是一个 JSON 对象",
            "应为 {\"person\": {…}, \"employer\": {…}}",
        );
    };
    let mut case = Case {
        sm3: receipt::sm3_of(facts),
        ..Case::default()
    };
    for (entity, value) in entities {
        if entity == "history" {
            case.history = Some(grants(vocabulary, value, known_on, &mut case.latest_known)?);
            continue;
        }
        let Value::Object(values) = value else {
            return error(entity, "应为一个 JSON 对象", format!("如 \"{entity}\": {{…}}"));
        };
        for (key, value) in values {
            let name = format!("{entity}.{key}");
            let Some((index, fact)) = vocabulary.fact_index(&name).zip(vocabulary.dictionary.fact(&name)) else {
                return error(
                    &name,
                    format!("没有信息项“{name}”"),
                    unknown_hint(vocabulary, entity, &name),
                );
            };
            let Some(value) = at_the_time(&name, value, known_on, &mut case.latest_known)? else {
                continue;
            };
            let known = known(vocabulary, fact, value)?;
            case.given.insert(name, value.clone());
            case.facts.extend(known.map(|known| (index, known)));
        }
    }
    Ok(case)
}

/// The latest day from which any value of a case is known; `None` where no value says so, or the case cannot be read.
pub fn latest_known(vocabulary: &Vocabulary, facts: &Value) -> Option<Day> {
    read(vocabulary, facts, None).ok().and_then(|case| case.latest_known)
}

fn unknown_hint(vocabulary: &Vocabulary, entity: &str, name: &str) -> String {
    let entities: std::collections::BTreeSet<&str> = vocabulary.dictionary.facts().map(Fact::entity).collect();
    if entities.contains(entity) {
        let same: Vec<&str> = vocabulary
            .dictionary
            .facts()
            .map(|fact| fact.name.as_str())
            .filter(|known| known.split('.').next() == Some(entity))
            .collect();
        if let Some(fact) = nearest(name, same.iter().copied(), 1)
            .first()
            .and_then(|best| vocabulary.dictionary.fact(best))
        {
            return format!("最接近的是“{}”（{}）", fact.name, fact.label);
        }
    }
    vocabulary.dictionary.meant(name)
}

/// The value known on `known_on`; nothing where none was.
fn at_the_time<'v>(
    name: &str,
    value: &'v Value,
    known_on: Option<Day>,
    latest: &mut Option<Day>,
) -> Result<Option<&'v Value>, CaseError> {
    let dated: Vec<&Map<String, Value>> = match value {
        Value::Object(one) => vec![one],
        Value::Array(list) => list
            .iter()
            .map(|one| {
                one.as_object()
                    .map_or_else(|| error(name, "列表中应逐个写明值和可知日期", DATED), Ok)
            })
            .collect::<Result<_, _>>()?,
        plain => return Ok(Some(plain)),
    };
    let mut best: Option<(Day, &Value)> = None;
    for one in dated {
        if let Some(key) = one.keys().find(|key| !matches!(key.as_str(), "value" | "known_from")) {
            return error(name, format!("没有“{key}”这一项"), DATED);
        }
        let (Some(inner), Some(Value::String(from))) = (one.get("value"), one.get("known_from")) else {
            return error(name, "值或可知日期没有写明", DATED);
        };
        let Ok(from) = Day::parse(from) else {
            return error(name, format!("“{from}”不是有效日期"), DATED);
        };
        *latest = (*latest).max(Some(from));
        if known_on.is_none_or(|known_on| from <= known_on) && best.is_none_or(|(known, _)| known <= from) {
            best = Some((from, inner));
        }
    }
    Ok(best.map(|(_, value)| value))
}

const DATED: &str = "写作 {\"value\": 3, \"known_from\": \"2020-11-02\"}";

/// The value in the fact's own unit.
fn known(vocabulary: &Vocabulary, fact: &Fact, value: &Value) -> Result<Option<Known>, CaseError> {
    let wrong = |expected: &str| {
        error(
            &fact.name,
            format!("“{}”应为{expected}，写的是 {}", fact.label, echoed(value)),
            "请核对类型和引号",
        )
    };
    let number = match (&fact.kind, value) {
        (_, Value::Null) => {
            return Ok(match fact.when_absent {
                WhenAbsent::Unknown => None,
                WhenAbsent::No | WhenAbsent::Zero => Some(Known::Value(0)),
                WhenAbsent::None => Some(Known::Absent),
            });
        }
        (FactType::Int, Value::Number(number)) => match number.as_i64() {
            Some(number) => i128::from(number),
            None => return wrong("整数"),
        },
        (FactType::Int, _) => return wrong("整数"),
        (FactType::Fen, Value::Number(number)) => match number.as_i64() {
            Some(fen) if i128::from(fen).abs() <= crate::MAX_FEN => i128::from(fen),
            Some(_) => return beyond(fact, value),
            None if number.is_u64() => return beyond(fact, value),
            None => return wrong("以分为单位的整数（超出范围或带小数的不收）"),
        },
        (FactType::Fen, _) => return wrong("以分为单位的整数，不加引号"),
        (FactType::Decimal, Value::String(text)) => match policy::parameter::millionths(text) {
            Some(number) => number,
            None => return wrong("加引号的小数，至多六位小数，如 \"0.0385\" 或 \"3.85%\""),
        },
        (FactType::Decimal, _) => return wrong("加引号的小数，如 \"0.0385\" 或 \"3.85%\""),
        (FactType::Bool, Value::Bool(flag)) => i128::from(*flag),
        (FactType::Bool, _) => return wrong("true 或 false"),
        (FactType::Date, Value::String(text)) => match calendar::parse_date(text) {
            Some(day) => i128::from(day),
            None => return wrong("日期，如 \"2020-12-31\"（1900 年至 9999 年）"),
        },
        (FactType::Date, _) => return wrong("日期，如 \"2020-12-31\""),
        (FactType::Month, Value::String(text)) => match calendar::parse_month(text) {
            Some(day) => i128::from(day),
            None => return wrong("月份，如 \"2020-11\""),
        },
        (FactType::Month, _) => return wrong("月份，如 \"2020-11\""),
        (FactType::Region, Value::String(text)) => match region_digits(text) {
            Some(region) => i128::from(region),
            None => return wrong("6、9 或 12 位行政区划代码，加引号"),
        },
        (FactType::Region, _) => return wrong("加引号的行政区划代码"),
        (FactType::Code(_), Value::String(text)) => return code(vocabulary, fact, text).map(Some),
        (FactType::Code(_), _) => return wrong("加引号的选项"),
    };
    let least = match fact.kind {
        FactType::Int | FactType::Fen => Some(i128::from(fact.min)),
        FactType::Decimal => Some(i128::from(fact.min) * 1_000_000),
        _ => None,
    };
    if least.is_some_and(|least| number < least) {
        let message = format!("“{}”写的是 {value}，不能小于 {}", fact.label, fact.min);
        return error(&fact.name, message, "请核对正负号和位数");
    }
    Ok(Some(Known::Value(number)))
}

/// A value as it was written, as far as that can be said: a number too large for a whole one is no longer as written.
fn echoed(value: &Value) -> String {
    match value {
        Value::Number(number) if number.as_f64().is_some_and(|size| size.abs() >= 1e15) => "过大的数".to_owned(),
        other => other.to_string(),
    }
}

fn beyond(fact: &Fact, value: &Value) -> Result<Option<Known>, CaseError> {
    let message = format!(
        "“{}”为 {value} 分，超出金额上限 {} 元",
        fact.label,
        crate::MAX_FEN / 100
    );
    error(&fact.name, message, "金额以分为单位，请核对位数")
}

fn code(vocabulary: &Vocabulary, fact: &Fact, text: &str) -> Result<Known, CaseError> {
    let Kind::Code(list) = vocabulary.kind_of(&fact.kind) else {
        return error(&fact.name, "选项表不存在", "请检查 shared/facts.toml");
    };
    let Some(codes) = vocabulary.list(list) else {
        return error(&fact.name, "选项表不存在", "请检查 shared/facts.toml");
    };
    match codes.find(text) {
        Some(code) => Ok(Known::Value(i128::from(code.number))),
        None => error(
            &fact.name,
            format!("“{}”没有选项“{text}”", fact.label),
            meant(text, codes.codes.iter().map(|code| code.code.as_str())),
        ),
    }
}

fn grants(
    vocabulary: &Vocabulary,
    value: &Value,
    known_on: Option<Day>,
    latest: &mut Option<Day>,
) -> Result<Vec<Grant>, CaseError> {
    let Value::Array(list) = value else {
        return error("history", "应为列表", "如 \"history\": []");
    };
    if list.len() > MAX_GRANTS {
        return error(
            "history",
            format!("记录有 {} 条，上限 {MAX_GRANTS} 条", list.len()),
            "请只列本案对象自己的享受记录",
        );
    }
    let mut grants = Vec::with_capacity(list.len());
    for (number, item) in (1..).zip(list) {
        let at = format!("history[{number}]");
        let Value::Object(fields) = item else {
            return error(at, "应为一个 JSON 对象", GRANT);
        };
        let known = [
            "benefit", "subject", "on", "month", "from", "to", "months", "amount_fen", "known_from",
        ];
        if let Some(key) = fields.keys().find(|key| !known.contains(&key.as_str())) {
            return error(at, format!("没有“{key}”这一项"), meant(key, known.iter().copied()));
        }
        let grant = grant(vocabulary, fields, &at)?;
        if let Some(from) = day(fields, "known_from", &at)? {
            let from = i32::try_from(from).ok().and_then(Day::from_days_since_epoch);
            *latest = (*latest).max(from);
            if known_on.zip(from).is_some_and(|(known_on, from)| from > known_on) {
                continue;
            }
        }
        grants.push(grant);
    }
    Ok(grants)
}

const GRANT: &str = "如 {\"benefit\": \"zy-training-living\", \"on\": \"2020-05-06\", \"amount_fen\": 30000}";

fn grant(vocabulary: &Vocabulary, fields: &Map<String, Value>, at: &str) -> Result<Grant, CaseError> {
    let Some(Value::String(benefit)) = fields.get("benefit") else {
        return error(at, "没有写明补贴项目", GRANT);
    };
    if !vocabulary.benefits.contains(benefit) {
        return error(
            at,
            format!("没有补贴项目“{benefit}”"),
            meant(benefit, vocabulary.benefits.iter().map(String::as_str)),
        );
    }
    let subject = match fields.get("subject") {
        None => None,
        Some(Value::String(subject)) if Subject::words().any(|word| word == subject) => Some(subject.clone()),
        Some(Value::String(subject)) => {
            return error(at, format!("没有“{subject}”这类对象"), meant(subject, Subject::words()));
        }
        Some(_) => {
            return error(
                at,
                "subject 应为加引号的文字",
                "person、household、employer、startup、institution 之一",
            );
        }
    };
    let month = match fields.get("month") {
        None => None,
        Some(Value::String(text)) => match calendar::parse_month(text) {
            Some(day) => Some(day),
            None => return error(at, format!("“{text}”不是有效月份"), GRANT),
        },
        Some(_) => return error(at, "month 应为加引号的月份", GRANT),
    };
    let whole = |key: &str, otherwise: Option<i64>| match fields.get(key) {
        None => Ok(otherwise),
        Some(value) => match value.as_i64() {
            Some(number) if number >= 0 && i128::from(number) <= crate::MAX_FEN => Ok(Some(number)),
            _ => error(at, format!("“{key}”应为不小于 0 的整数，写的是 {value}"), GRANT),
        },
    };
    let (on, from, to) = (day(fields, "on", at)?, day(fields, "from", at)?, day(fields, "to", at)?);
    if on.is_none() && month.is_none() && from.is_none() {
        return error(
            at,
            "没有写明享受日期",
            "请写 on（日期）、month（月份）或 from、to（起止）",
        );
    }
    if let Some((from, to)) = from.zip(to).filter(|(from, to)| from > to) {
        let message = format!(
            "from（{}）晚于 to（{}）",
            calendar::date_text(from),
            calendar::date_text(to)
        );
        return error(at, message, "请核对起止日期");
    }
    Ok(Grant {
        benefit: benefit.clone(),
        subject,
        on: on.or(month),
        from: from.or(month),
        to: to.or(month
            .and_then(|month| calendar::add_months(month, 1))
            .map(|next| next - 1)),
        months: whole("months", month.map(|_| 1).or_else(|| whole_months(from, to)))?,
        amount_fen: whole("amount_fen", None)?,
    })
}

/// Whole months from the first to the last day; where there is none, what was paid cannot be told from the days.
fn whole_months(from: Option<i64>, to: Option<i64>) -> Option<i64> {
    let months = calendar::full_months(from?, to? + 1);
    (months > 0).then_some(months)
}

fn day(fields: &Map<String, Value>, key: &str, at: &str) -> Result<Option<i64>, CaseError> {
    match fields.get(key) {
        None => Ok(None),
        Some(Value::String(text)) => match calendar::parse_date(text) {
            Some(day) => Ok(Some(day)),
            None => error(at, format!("“{text}”不是有效日期"), GRANT),
        },
        Some(other) => error(at, format!("“{key}”应为加引号的日期，写的是 {other}"), GRANT),
    }
}
