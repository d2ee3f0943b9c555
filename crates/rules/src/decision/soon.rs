//! What is still missing and from which day, where time alone will do: 还差1个月…，最早2020-12-01起可申领.

use serde_json::Value;

use super::{ConditionResult, Decision};
use crate::catalogue::Catalogue;
use crate::language::{Comparison, Node, Syntax, parse};

/// From which day a case would be eligible, nothing else changing, and how much is missing until then; nothing where time
/// alone does not help.
pub fn soon(catalogue: &Catalogue, decision: &Decision) -> Option<String> {
    let day = decision.eligible_from?;
    let failing = decision
        .conditions
        .iter()
        .filter(|condition| condition.result == Some(false));
    let mut lacks: Vec<String> = Vec::new();
    for lack in failing.flat_map(|condition| of_condition(catalogue, decision, condition)) {
        if !lacks.contains(&lack) {
            lacks.push(lack);
        }
    }
    let lacks = lacks.iter().map(|lack| format!("还差{lack}，")).collect::<String>();
    Some(format!("{lacks}其他情况不变，最早{day}起可申领"))
}

/// How far the counts of a condition that fails are from what it asks for: 1个月（缴纳社会保险费的月数）.
fn of_condition(catalogue: &Catalogue, decision: &Decision, condition: &ConditionResult) -> Vec<String> {
    let versions = catalogue.benefits.versions(&decision.benefit).iter();
    let written = versions
        .filter(|benefit| benefit.version() == decision.version)
        .flat_map(|benefit| &benefit.conditions);
    // Where an exception took the place of the general rule, its words stand in the result.
    let written = written.filter(|one| *one.id == condition.id);
    let expression = written.into_iter().find_map(|one| {
        let exception = one.exceptions.iter().find(|exception| exception.text == condition.text);
        (one.text == condition.text)
            .then_some(&one.when)
            .or(exception.map(|exception| &exception.when))
    });
    let Some(Ok(syntax)) = expression.map(|expression| parse(expression)) else {
        return Vec::new();
    };
    let tests = match &syntax.node {
        Node::And(list) => list.iter().collect(),
        _ => vec![&syntax],
    };
    tests
        .into_iter()
        .filter_map(|test| of_test(catalogue, condition, test))
        .collect()
}

/// `fact >= number` where the case has less of a count with a unit.
fn of_test(catalogue: &Catalogue, condition: &ConditionResult, test: &Syntax) -> Option<String> {
    let Node::Compare(comparison, left, right) = &test.node else {
        return None;
    };
    let (Node::Fact(name), Node::Number(digits)) = (&left.node, &right.node) else {
        return None;
    };
    let wanted: i64 = digits.parse().ok()?;
    let wanted = match comparison {
        Comparison::GreaterOrEqual => wanted,
        Comparison::Greater => wanted.checked_add(1)?,
        Comparison::Equal | Comparison::NotEqual | Comparison::Less | Comparison::LessOrEqual => return None,
    };
    let (_, given) = condition.facts.iter().find(|(known, _)| known == name)?;
    let given = match given {
        Value::Null => 0,
        other => other.as_i64()?,
    };
    let lack = wanted.checked_sub(given).filter(|lack| *lack > 0)?;
    let fact = catalogue.vocabulary.dictionary.fact(name)?;
    Some(format!("{lack}{}（{}）", fact.unit.as_deref()?, fact.label))
}
