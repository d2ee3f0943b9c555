//! What a receipt says a decision rests on.

use serde_json::json;

use crate::model::{HEAD, World};

#[test]
fn a_receipt_lists_the_pack_of_every_document_that_a_condition_cites() {
    let mut world = World::new();
    world.put(
        "province/benefits/b.toml",
        &format!("{HEAD}amount = {{ is = \"yuan(1)\" }}\n"),
    );
    let facts = json!({"employer": {"region": "330282"}});
    let packs = |world: &World| -> Vec<String> {
        let decision = world.decide(facts.clone());
        decision.packs.into_iter().map(|pack| pack.id).collect()
    };
    assert_eq!(packs(&world), ["province", "shared"]);
    let child = HEAD.replace("\"b\"", "\"c\"");
    world.put(
        "city/benefits/c.toml",
        &format!("{child}amount = {{ is = \"yuan(1)\" }}\nimplements = {{ id = \"b\" }}\n"),
    );
    let decision = world.decide(facts.clone());
    assert!(
        decision
            .conditions
            .iter()
            .any(|condition| condition.cite.document == "city")
    );
    assert_eq!(packs(&world), ["province", "city", "shared"]);
}

#[test]
fn the_text_of_a_decision_keeps_the_order_of_its_contract() {
    let world = World::with(
        "amount = { is = \"yuan(1)\" }\n[[condition]]\nid = \"c\"\ntext = \"满3\"\nwhen = \"person.a >= 3\"\n",
    );
    let decision = world.decide(json!({"person": {"a": 3}}));
    let text = decision.to_json_text();
    let order = [
        "format", "benefit", "version", "as_of", "known_on", "outcome", "reason", "amount_fen", "months",
        "monthly_fen", "payee", "channel", "loan", "breakdown", "stages", "shares", "conditions", "id", "result",
        "text", "cite", "document", "item", "facts", "person.a", "decided_by", "missing", "assumed", "readings",
        "eligible_from", "receipt", "engine", "packs", "id", "version", "sm3",
    ];
    let mut from = 0;
    for key in order {
        let found = text[from..].find(&format!("\"{key}\":"));
        from += found.unwrap_or_else(|| panic!("{key} is missing or too early: {text}")) + 1;
    }
    let end = text.find("\"decision_sm3\"").expect("a hash");
    assert!(text.find("\"facts_sm3\"").expect("a hash") < end);
    let back: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(back, decision.to_json());
}
