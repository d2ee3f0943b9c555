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
    let facts = json!({"claim": {"region": "330100"}});
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
