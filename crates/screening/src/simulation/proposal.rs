//! A reform in words: what it changes, from what into what, which benefits it concerns, and what a row of them comes to
//! where all come to the same.

use std::collections::BTreeMap;

use policy::benefit::{Amount, Benefit, lineage};
use policy::parameter::Scalar;
use policy::reform::Reform;
use rules::catalogue::Catalogue;
use rules::difference::{Change, Direction, Owner, Part, Value, What, changes, scalar};
use rules::formula;

use super::Proposal;
use crate::run::latest;
use crate::runs::Manifest;

/// What a reform proposes for the benefits of a run.
pub(super) fn proposal(own: &Catalogue, reformed: &Catalogue, manifest: &Manifest, reform: &Reform) -> Proposal {
    let decided = manifest.benefits.values().flatten();
    let concerned: Vec<&Benefit> = decided
        .filter_map(|id| latest(reformed, manifest.known_on, id))
        .filter(|benefit| reform.benefits.contains(&benefit.id) || names(benefit, &reform.parameters))
        .collect();
    let mut lines = Vec::new();
    for id in &reform.parameters {
        let of = concerned
            .iter()
            .find(|benefit| names(benefit, std::slice::from_ref(id)));
        lines.extend(parameter(own, reformed, manifest, (id, of.copied())));
    }
    let all = changes(own, reformed);
    for id in &reform.benefits {
        let Some(benefit) = latest(own, manifest.known_on, id) else {
            continue;
        };
        let of_benefit = |change: &&Change| matches!(&change.of, Owner::Benefit { id: of, .. } if of == id);
        let own = all.iter().filter(of_benefit);
        lines.extend(own.map(|change| format!("{}：{}", benefit.name, words(reformed, benefit, change))));
    }
    let each = concerned.iter().filter_map(|benefit| {
        let fen = each_fen(reformed, manifest, benefit)?;
        Some((benefit.id.to_string(), fen))
    });
    Proposal {
        name: reform.name.clone(),
        by: reform.by.clone(),
        note: reform.note.clone(),
        benefits: reform.benefits.clone(),
        parameters: reform.parameters.clone(),
        changes: lines,
        each_fen: each.collect::<BTreeMap<_, _>>(),
        concerns: concerned.iter().map(|benefit| benefit.id.to_string()).collect(),
    }
}

/// Whether a benefit's rules name one of the parameters.
fn names(benefit: &Benefit, parameters: &[String]) -> bool {
    let named = benefit
        .expressions()
        .into_iter()
        .flat_map(|(_, expression, _)| formula::parameters(expression));
    named.into_iter().any(|id| parameters.contains(&id))
}

/// A standard and its values: as it was on the day of the run, and each value that the reform supposes.
fn parameter(
    own: &Catalogue,
    reformed: &Catalogue,
    manifest: &Manifest,
    (id, of): (&str, Option<&Benefit>),
) -> Vec<String> {
    let packs = of.map_or_else(Vec::new, |benefit| lineage(&own.library, &benefit.pack));
    let known = own.vocabulary.parameters.get(id);
    let was = known
        .and_then(|parameter| parameter.on(manifest.as_of, &packs, manifest.known_on))
        .map(|value| &value.is);
    let Some(parameter) = reformed.vocabulary.parameters.get(id) else {
        return Vec::new();
    };
    let supposed = parameter.supposed.iter();
    supposed
        .map(|value| {
            let end = value.to.map_or_else(String::new, |to| format!("至 {to}"));
            let direction = was.and_then(|was| Direction::of_scalars(was, &value.is));
            format!(
                "{}：{} → {}（{}自 {} 起{end}）",
                parameter.name,
                was.map_or_else(|| "尚无数值".to_owned(), scalar),
                scalar(&value.is),
                direction.map_or_else(String::new, |direction| format!("{}，", direction.label())),
                value.from
            )
        })
        .collect()
}

/// One thing that changes of a benefit.
fn words(catalogue: &Catalogue, benefit: &Benefit, change: &Change) -> String {
    let altered = match &change.what {
        What::New => return "新增该项目".to_owned(),
        What::Gone => return "取消该项目".to_owned(),
        What::Altered(altered) => altered,
    };
    let shown = |value: &Value| value.words(&|expression| formula::in_words(catalogue, expression));
    let (was, now) = (altered.was.as_ref().map(shown), altered.now.as_ref().map(shown));
    if let Part::Condition(id) = &altered.part {
        let own = benefit.conditions.iter().find(|condition| *condition.id == *id);
        return match (own, now) {
            (Some(condition), None) => format!("取消申领条件“{}”", condition.text),
            (Some(condition), Some(now)) => format!("改动申领条件“{}”，改为“{now}”", condition.text),
            (None, now) => format!("增加申领条件“{}”", now.unwrap_or_default()),
        };
    }
    let label = altered.part.label();
    match (was, now) {
        (Some(was), Some(now)) => {
            let direction = altered.direction();
            let direction = direction.map_or_else(String::new, |direction| format!("（{}）", direction.label()));
            format!("{label} {was} → {now}{direction}")
        }
        (Some(was), None) => format!("取消{label}（{was}）"),
        (None, Some(now)) => format!("增加{label}（{now}）"),
        (None, None) => label,
    }
}

/// What every row of a benefit comes to, where all come to the same: one sum, or one month of a monthly sum.
fn each_fen(catalogue: &Catalogue, manifest: &Manifest, benefit: &Benefit) -> Option<i64> {
    let amount: &Amount = benefit.amount.as_ref()?;
    let is_plain = amount.tiers.is_empty()
        && amount.exceptions.is_empty()
        && amount.caps.is_empty()
        && amount.alternatives.is_none();
    let expression = match (&amount.is, &amount.monthly) {
        (Some(is), None) => is,
        (None, Some((monthly, None))) if benefit.monthly => monthly,
        _ => return None,
    };
    if !is_plain {
        return None;
    }
    if let Some(formula::Fixed::Fen(fen)) = formula::fixed(expression) {
        return Some(fen);
    }
    let id = formula::parameter_of_the_day(expression)?;
    let is_of_the_month = manifest.as_of.to_string().starts_with(&manifest.month);
    let packs = lineage(&catalogue.library, &benefit.pack);
    let parameter = catalogue.vocabulary.parameters.get(&id).filter(|_| is_of_the_month)?;
    match parameter.on(manifest.as_of, &packs, manifest.known_on)?.is {
        Scalar::Fen(fen) => Some(fen),
        _ => None,
    }
}
