//! What a value of a reform may be: sums, shares and counts that nobody means are refused, in a form and in a file alike.
//!
//! A pack is copied from a document and may hold whatever that says. A reform is typed by a person, and a zero or a
//! percent sign more or less changes a forecast of millions.

use std::sync::Arc;

use crate::benefit::{Benefit, Expression, Role};
use crate::fact::FactType;
use crate::file::{Diagnostics, Severity, SourceFile, Value};
use crate::parameter::millionths;

/// The greatest sum that a reform may set, in fen: a standard is what one person or body gets, and none comes near it.
pub const MOST_FEN: i64 = 10_000_000_000;

/// Said of a sum beyond [`MOST_FEN`].
const TOO_MUCH: &str = "金额过大：一条至多 100,000,000 元，请核对是否多写了零";
/// Digits before the point that no sum of money has.
const MOST_DIGITS: usize = 12;
/// The whole, in millionths.
const WHOLE: i128 = 1_000_000;

/// A sum in yuan, at most two decimals, in fen.
///
/// # Errors
/// What is wrong with it and what to write, in Chinese.
pub fn sum(yuan: &str) -> Result<i64, &'static str> {
    match civil::Money::parse(&format!("{yuan}元")) {
        Ok(money) if money.fen() > MOST_FEN => Err(TOO_MUCH),
        Ok(money) if !money.is_negative() => Ok(money.fen()),
        // Longer than any sum of money.
        Err(_) if yuan.bytes().take_while(u8::is_ascii_digit).count() > MOST_DIGITS => Err(TOO_MUCH),
        _ => Err("请写不小于零的元数，至多两位小数，如 5000"),
    }
}

/// A share between nothing and the whole, in millionths. Without a percent sign 3.85 would be 385%, which nobody means.
///
/// # Errors
/// What is wrong with it and what to write, in Chinese.
pub fn share(text: &str) -> Result<i128, String> {
    let Some(share) = millionths(text) else {
        return Err("请填比例，如 3.85%".to_owned());
    };
    match (share, text.ends_with('%')) {
        (..0, _) => Err("比例不能小于零，请填比例，如 3.85%".to_owned()),
        (share, true) if share > WHOLE => Err("比例不能超过 100%，请核对".to_owned()),
        (share, false) if share > WHOLE => Err(format!(
            "请写百分号，如 {text}%；不写百分号的 {text} 是几倍，不是百分之几"
        )),
        (share, _) => Ok(share),
    }
}

/// A count: no number of months, people or days is below zero.
///
/// # Errors
/// What to write, in Chinese.
pub fn count(number: i64) -> Result<i64, &'static str> {
    if number < 0 {
        Err("请写不小于零的整数，如 12")
    } else {
        Ok(number)
    }
}

/// What is wrong with the value of a standard; `None` for what is no number, and for a value of another kind, which is
/// told where it is read.
pub(crate) fn of_standard(kind: &FactType, value: &Value<'_>) -> Option<String> {
    match (kind, value) {
        (FactType::Fen, Value::Text(yuan)) => sum(yuan).err().map(str::to_owned),
        (FactType::Decimal, Value::Text(text)) => share(text).err(),
        (FactType::Int, Value::Integer(number)) => count(**number).err().map(str::to_owned),
        _ => None,
    }
}

/// Reports every number of a benefit beyond the limits that the file `here` writes: what its packs say is left alone.
pub(crate) fn of_benefit(benefit: &Benefit, here: &Arc<SourceFile>, diagnostics: &Diagnostics) {
    let entry = format!("补贴项目“{}”（{}）", benefit.name, *benefit.id);
    let is_here = |expression: &Expression| Arc::ptr_eq(expression.file(), here);
    let report = |expression: &Expression, at: usize, wrong: &str| {
        let place = expression.place_within(at);
        diagnostics.report(Severity::Error, place, format!("{entry}：{wrong}"), "");
    };
    let ranks = benefit.award.iter().flat_map(|award| &award.amounts);
    let all = benefit
        .expressions()
        .into_iter()
        .map(|(role, expression, _)| (role, expression));
    for (role, expression) in all.chain(ranks.map(|amount| (Role::Amount, amount))) {
        if !is_here(expression) {
            continue;
        }
        // A condition may well ask for a turnover of some 亿元.
        let sums = if role == Role::Amount {
            sums_in(expression)
        } else {
            Vec::new()
        };
        for (at, number) in sums {
            if let Err(wrong) = sum(number) {
                report(expression, at, wrong);
            }
        }
        let wrong = match (role, term_of(expression)) {
            (Role::Rate, Some((at, term))) => share(term).err().map(|wrong| (at, wrong)),
            (Role::Months, Some((at, term))) => {
                let below = term.parse().ok().and_then(|number| count(number).err());
                below.map(|wrong| (at, wrong.to_owned()))
            }
            _ => None,
        };
        if let Some((at, wrong)) = wrong {
            report(expression, at, &wrong);
        }
    }
}

/// The numbers within `yuan(…)`, each with its place.
fn sums_in(expression: &str) -> Vec<(usize, &str)> {
    const OPEN: &str = "yuan";
    let mut found = Vec::new();
    for (at, _) in expression.match_indices(OPEN) {
        let within = expression.get(at + OPEN.len()..).unwrap_or_default().trim_start();
        let number = within
            .strip_prefix('(')
            .and_then(|rest| Some(rest.split_once(')')?.0.trim()));
        if let Some(number) = number.filter(|number| is_number(number)) {
            found.push((at, number));
        }
    }
    found
}

/// The number that an expression is (`0.05`), or that it ends with as a term of a sum (`at($lpr_1y, …) + 0.01`), with its
/// place; none that multiplies, divides, is compared or is handed to a function.
fn term_of(expression: &str) -> Option<(usize, &str)> {
    let text = expression.trim_end();
    let whole = text.trim_start();
    if is_number(whole) {
        return Some((text.len() - whole.len(), whole));
    }
    let from = text.rfind(|c: char| !c.is_ascii_digit() && c != '.')?;
    let from = from + text.get(from..)?.chars().next()?.len_utf8();
    let (before, number) = text.split_at(from);
    (is_number(number) && before.trim_end().ends_with(['+', '-'])).then_some((from, number))
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}
