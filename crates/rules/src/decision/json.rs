//! The decision as JSON, by its contract.

use serde_json::Value;

use super::{Decision, Missing};
use crate::catalogue::FORMAT;
use crate::receipt::{object, sm3_of};

/// The engine as receipts name it.
pub(crate) const ENGINE: &str = concat!("leye-rules ", env!("CARGO_PKG_VERSION"));

/// The keys of all objects of the contract, in its order.
const ORDER: &[&str] = &[
    "format", "engine", "packs", "id", "benefit", "version", "sm3", "as_of", "known_on", "outcome", "result", "text",
    "cite", "document", "known_from", "item", "facts", "reason", "level", "fund", "amount_fen", "event",
    "within_working_days", "months", "monthly_fen", "payee", "channel", "loan", "limit_fen", "rate_ceiling",
    "borrower_rate", "subsidy_rate", "term_months", "breakdown", "stages", "shares", "conditions", "decided_by",
    "fact", "parameter", "set_by", "missing", "assumed", "readings", "eligible_from", "places", "receipt", "facts_sm3",
    "decision_sm3",
];

/// JSON with its keys in the contract's order; keys that it does not name, such as those of facts, by the alphabet.
fn ordered(value: &Value, text: &mut String) {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort_by_key(|key| {
                let at = ORDER.iter().position(|known| known == key);
                (at.unwrap_or(ORDER.len()), *key)
            });
            text.push('{');
            for (at, key) in keys.into_iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                text.push_str(&Value::from(key.as_str()).to_string());
                text.push(':');
                ordered(map.get(key).unwrap_or(&Value::Null), text);
            }
            text.push('}');
        }
        Value::Array(list) => {
            text.push('[');
            for (at, item) in list.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                ordered(item, text);
            }
            text.push(']');
        }
        plain => text.push_str(&plain.to_string()),
    }
}

impl Decision {
    /// [`Self::to_json`] as text, its keys in the contract's order.
    pub fn to_json_text(&self) -> String {
        let mut text = String::new();
        ordered(&self.to_json(), &mut text);
        text
    }

    /// The decision by the contract of `decide --json`, with its receipt.
    pub fn to_json(&self) -> Value {
        let mut decision = self.without_receipt();
        let decision_sm3 = sm3_of(&decision);
        if let Value::Object(map) = &mut decision {
            map.insert("receipt".to_owned(), self.receipt(&decision_sm3));
        }
        decision
    }

    fn receipt(&self, decision_sm3: &str) -> Value {
        let packs = self.packs.iter().map(|pack| {
            object([
                ("id", Value::from(pack.id.as_str())),
                ("version", Value::from(pack.version.as_str())),
                ("sm3", Value::from(pack.sm3.as_str())),
            ])
        });
        object([
            ("engine", Value::from(ENGINE)),
            ("packs", Value::Array(packs.collect())),
            ("benefit", Value::from(self.benefit.as_str())),
            ("version", Value::from(self.version.as_str())),
            ("as_of", Value::from(self.as_of.to_string())),
            ("known_on", Value::from(self.known_on.to_string())),
            ("facts_sm3", Value::from(self.facts_sm3.as_str())),
            ("decision_sm3", Value::from(decision_sm3)),
        ])
    }

    fn without_receipt(&self) -> Value {
        let list = |items: Vec<Value>| Value::Array(items);
        let mut value = object([
            ("format", Value::from(FORMAT)),
            ("benefit", Value::from(self.benefit.as_str())),
            ("version", Value::from(self.version.as_str())),
            ("as_of", Value::from(self.as_of.to_string())),
            ("known_on", Value::from(self.known_on.to_string())),
            ("outcome", Value::from(self.outcome.word())),
            (
                "reason",
                self.reason.map_or(Value::Null, |reason| Value::from(reason.word())),
            ),
            ("amount_fen", number(self.amount_fen)),
            ("months", number(self.months)),
            ("monthly_fen", number(self.monthly_fen)),
            ("payee", Value::from(self.payee.as_str())),
            ("channel", Value::from(self.channel.as_str())),
            ("loan", self.loan_json()),
            ("breakdown", list(self.breakdown.iter().map(breakdown).collect())),
            ("stages", list(self.stages.iter().map(stage).collect())),
            ("shares", list(self.shares.iter().map(share).collect())),
            ("conditions", list(self.conditions.iter().map(condition).collect())),
            (
                "decided_by",
                self.decided_by.as_deref().map_or(Value::Null, Value::from),
            ),
            ("missing", list(self.missing.iter().map(missing).collect())),
            (
                "assumed",
                list(self.assumed.iter().map(|word| Value::from(word.as_str())).collect()),
            ),
            (
                "readings",
                list(self.readings.iter().map(|(id, ..)| Value::from(id.as_str())).collect()),
            ),
            (
                "eligible_from",
                self.eligible_from
                    .map_or(Value::Null, |day| Value::from(day.to_string())),
            ),
        ]);
        // Only a fault of the rule or its arithmetic has places in the pack.
        if let (false, Value::Object(map)) = (self.places.is_empty(), &mut value) {
            map.insert(
                "places".to_owned(),
                list(self.places.iter().map(|place| Value::from(place.as_str())).collect()),
            );
        }
        value
    }

    fn loan_json(&self) -> Value {
        let Some(loan) = &self.loan else {
            return Value::Null;
        };
        let text = |text: &Option<String>| text.as_deref().map_or(Value::Null, Value::from);
        object([
            ("limit_fen", number(loan.limit_fen)),
            ("rate_ceiling", text(&loan.rate_ceiling)),
            ("borrower_rate", text(&loan.borrower_rate)),
            ("subsidy_rate", text(&loan.subsidy_rate)),
            ("term_months", number(loan.term_months)),
        ])
    }
}

fn number(number: Option<i64>) -> Value {
    number.map_or(Value::Null, Value::from)
}

fn breakdown((id, _, amount): &(String, String, i64)) -> Value {
    object([("id", Value::from(id.as_str())), ("amount_fen", Value::from(*amount))])
}

fn stage(stage: &super::StageAmount) -> Value {
    object([
        ("id", Value::from(stage.id.as_str())),
        ("amount_fen", number(stage.amount_fen)),
        ("event", Value::from(stage.event.as_str())),
        ("within_working_days", number(stage.within_working_days)),
    ])
}

fn share(share: &super::ShareAmount) -> Value {
    object([
        ("level", Value::from(share.level.as_str())),
        ("fund", Value::from(share.fund.as_str())),
        ("amount_fen", Value::from(share.amount_fen)),
    ])
}

fn condition(condition: &super::ConditionResult) -> Value {
    let facts = condition
        .facts
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    object([
        ("id", Value::from(condition.id.as_str())),
        ("result", condition.result.map_or(Value::Null, Value::from)),
        ("text", Value::from(condition.text.as_str())),
        (
            "cite",
            object([
                ("document", Value::from(condition.cite.document.as_str())),
                ("item", Value::from(condition.cite.item.as_str())),
            ]),
        ),
        ("facts", Value::Object(facts)),
    ])
}

fn missing(missing: &Missing) -> Value {
    match missing {
        Missing::Fact(fact) => object([("fact", Value::from(fact.as_str()))]),
        Missing::Parameter(parameter, set_by) => object([
            ("parameter", Value::from(parameter.as_str())),
            ("set_by", Value::from(set_by.as_str())),
        ]),
        Missing::Document(document, known_from) => object([
            ("document", Value::from(document.as_str())),
            ("known_from", Value::from(known_from.to_string())),
        ]),
    }
}
