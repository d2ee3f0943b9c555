//! A reform from a form of one line: a standard or an amount set to another value, written as the file that it would be.

use std::collections::BTreeSet;

use policy::benefit::Benefit;
use policy::fact::FactType;
use policy::parameter::Parameter;
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
    let plain: String = value
        .trim_end_matches('元')
        .chars()
        .filter(|c| !matches!(c, ',' | '，' | ' '))
        .collect();
    let money = civil::Money::parse(&format!("{plain}元"));
    match money {
        Ok(money) if !money.is_negative() => Ok(plain),
        _ => Err("请写不小于零的元数，至多两位小数，如 5000".to_owned()),
    }
}

/// A value as a reform's file writes it.
fn literal(kind: &FactType, value: &str) -> Result<String, String> {
    match kind {
        FactType::Fen => amount(value).map(|yuan| quoted(&yuan)),
        FactType::Int => match value.parse::<i64>() {
            Ok(number) if number >= 0 => Ok(number.to_string()),
            _ => Err("请写不小于零的整数，如 12".to_owned()),
        },
        FactType::Bool => match value {
            "是" => Ok("true".to_owned()),
            "否" => Ok("false".to_owned()),
            _ => Err("请写 是 或 否".to_owned()),
        },
        FactType::Date | FactType::Month => {
            let day = exact_day(value).ok_or("请写有效日期，如 2020-12-31")?;
            Ok(day.to_string())
        }
        // A share as 3.85% or 0.0385, a word of a list: checked where the file is read.
        FactType::Decimal | FactType::Code(_) | FactType::Region => Ok(quoted(value)),
    }
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    out
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
