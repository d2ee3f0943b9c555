//! A reform from a form of one line: a standard or an amount set to another value, written as the file that it would be.

use std::collections::BTreeSet;

use policy::benefit::Benefit;
use policy::fact::FactType;
use policy::file::quoted;
use policy::parameter::Parameter;
use policy::reform::limits;
use rules::catalogue::Catalogue;
use rules::difference::scalar;

use super::start::exact_day;
use crate::app::App;
use crate::screenings::Run;

/// What the form may change.
pub(super) enum Change<'c> {
    /// A standard (政策标准).
    Parameter(&'c Parameter),
    /// The fixed amount of a benefit.
    Amount(&'c Benefit),
}

/// Everything that the form may change for a run, as (word in the form, text on screen): standards that its benefits name,
/// then benefits with a fixed amount.
pub(super) fn choices(app: &App, run: &Run) -> Vec<(String, String)> {
    let catalogue = &app.catalogue;
    let benefits = benefits_of(catalogue, run);
    let named = named(app, &benefits);
    let known_on = run.manifest.known_on;
    let parameters = catalogue.vocabulary.parameters.0.values();
    let parameters = parameters.filter(|parameter| named.contains(parameter.id.as_str()));
    let parameters = parameters.map(|parameter| {
        let now = benefits.iter().find_map(|benefit| {
            let lineage = policy::benefit::lineage(&catalogue.library, &benefit.pack);
            let lineage: Vec<String> = lineage.into_iter().collect();
            parameter.on(run.manifest.as_of, &lineage, known_on)
        });
        let now = now.map_or_else(|| "尚无数值".to_owned(), |value| format!("现为 {}", scalar(&value.is)));
        (
            format!("parameter:{}", parameter.id),
            format!("标准：{}（{now}）", parameter.name),
        )
    });
    let amounts = benefits.iter().filter_map(|benefit| {
        let fixed = fixed_amount(benefit)?;
        Some((
            format!("benefit:{}", *benefit.id),
            format!("金额：{}（现为 {fixed} 元）", benefit.name),
        ))
    });
    let mut all: Vec<(String, String)> = parameters.collect();
    all.extend(amounts);
    all
}

/// What a word of the form means.
pub(super) fn change_of<'c>(app: &'c App, run: &Run, word: &str) -> Option<Change<'c>> {
    if !choices(app, run).iter().any(|(known, _)| known == word) {
        return None;
    }
    match word.split_once(':')? {
        ("parameter", id) => app.catalogue.vocabulary.parameters.get(id).map(Change::Parameter),
        ("benefit", id) => {
            let of_run = benefits_of(&app.catalogue, run).into_iter();
            of_run
                .into_iter()
                .find(|benefit| benefit.id.as_str() == id)
                .map(Change::Amount)
        }
        _ => None,
    }
}

/// The name of a simulation that nobody named: what changes, and into what.
pub(super) fn name(change: &Change<'_>, value: &str) -> String {
    let value = plain(value);
    match change {
        Change::Parameter(parameter) if parameter.kind == FactType::Fen => {
            format!("{}改为{}元", parameter.name, value.trim_end_matches('元'))
        }
        Change::Parameter(parameter) => format!("{}改为{value}", parameter.name),
        Change::Amount(benefit) => format!("{}改为{}元", benefit.name, value.trim_end_matches('元')),
    }
}

/// What somebody typed with the digits and signs of a Chinese keyboard as plain ones, without marks between thousands.
fn plain(value: &str) -> String {
    value
        .chars()
        .filter(|c| !matches!(c, ',' | '，' | ' ' | '\u{3000}'))
        .map(civil::half_width)
        .collect()
}

/// The reform's file, or what is wrong with the value.
pub(super) fn text(run: &Run, name: &str, change: &Change<'_>, value: &str) -> Result<String, String> {
    let head = format!("format = 1\nname = {}\n\n", quoted(name));
    match change {
        Change::Amount(benefit) => {
            let yuan = amount(value)?;
            Ok(format!(
                "{head}[[benefit]]\nid = {}\namount = {{ is = \"yuan({yuan})\" }}\n",
                quoted(&benefit.id)
            ))
        }
        Change::Parameter(parameter) => {
            let is = literal(&parameter.kind, value)?;
            // Whatever day of the year a benefit asks the value for.
            let from = format!("{:04}-01-01", run.manifest.as_of.year());
            Ok(format!(
                "{head}[[parameter]]\nid = {}\nfrom = {from}\nis = {is}\n",
                quoted(&parameter.id)
            ))
        }
    }
}

/// An amount in yuan, at most two decimals, without what people write around it.
fn amount(value: &str) -> Result<String, String> {
    let plain = plain(value);
    let number = plain.trim_end_matches('元');
    let digits = number.strip_prefix('-').unwrap_or(number);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return Err("请填数字，如 5000".to_owned());
    }
    limits::sum(number)?;
    Ok(number.to_owned())
}

/// A share, between nothing and the whole.
fn share(value: &str) -> Result<String, String> {
    let plain = plain(value);
    limits::share(&plain)?;
    Ok(plain)
}

/// A value as a reform's file writes it.
fn literal(kind: &FactType, value: &str) -> Result<String, String> {
    match kind {
        FactType::Fen => amount(value).map(|yuan| quoted(&yuan)),
        // What is no whole number is told with the words of one below zero: both say what to write.
        FactType::Int => Ok(limits::count(plain(value).parse().unwrap_or(-1))?.to_string()),
        FactType::Bool => match value {
            "是" => Ok("true".to_owned()),
            "否" => Ok("false".to_owned()),
            _ => Err("请写 是 或 否".to_owned()),
        },
        FactType::Date | FactType::Month => {
            let day = exact_day(&plain(value)).ok_or("请写有效日期，如 2020-12-31")?;
            Ok(day.to_string())
        }
        // A share as 3.85% or 0.0385; whether it lies within the bounds of a parent is checked where the file is read.
        FactType::Decimal => share(value).map(|share| quoted(&share)),
        // A word of a list: checked where the file is read.
        FactType::Code(_) | FactType::Region => Ok(quoted(value)),
    }
}

fn benefits_of<'c>(catalogue: &'c Catalogue, run: &Run) -> Vec<&'c Benefit> {
    let known = |benefit: &&Benefit| {
        let from = catalogue.known_from(&benefit.pack);
        from.is_some_and(|from| from <= run.manifest.known_on)
    };
    let ids = run.summary.benefits.iter();
    ids.filter_map(|of| {
        let versions = catalogue.benefits.versions(&of.id).iter().filter(known);
        versions.max_by_key(|benefit| catalogue.known_from(&benefit.pack))
    })
    .collect()
}

/// The standards that the files of these benefits name.
fn named<'c>(app: &'c App, benefits: &[&Benefit]) -> BTreeSet<&'c str> {
    let texts: Vec<&str> = benefits
        .iter()
        .filter_map(|benefit| {
            app.tree
                .bytes(&format!("{}/benefits/{}.toml", benefit.pack, *benefit.id))
        })
        .filter_map(|bytes| str::from_utf8(bytes).ok())
        .collect();
    let mut words: BTreeSet<&str> = BTreeSet::new();
    for text in texts {
        let after = text.split('$').skip(1);
        words.extend(after.map(|rest| {
            let end = rest
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            rest.get(..end).unwrap_or_default()
        }));
    }
    let ids = app.catalogue.vocabulary.parameters.0.keys();
    ids.map(String::as_str).filter(|id| words.contains(id)).collect()
}

/// The amount of a benefit that is one number of yuan and nothing else.
fn fixed_amount(benefit: &Benefit) -> Option<String> {
    let amount = benefit.amount.as_ref()?;
    let plain = amount.tiers.is_empty() && amount.exceptions.is_empty() && amount.caps.is_empty();
    let is = amount.is.as_ref().filter(|_| plain)?;
    let number = is.trim().strip_prefix("yuan(")?.strip_suffix(')')?;
    number
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.')
        .then(|| number.to_owned())
}
