//! Moving only `known_on` by one day turns the outcome: for a document, a parameter, and a fact.

use rules::decision::{Outcome, Reason};
use serde_json::json;

use crate::model::World;

#[test]
fn a_document_counts_from_the_day_it_is_known() {
    let mut world = World::with(
        "amount = { is = \"yuan(100)\" }\n[[condition]]\nid = \"c\"\ntext = \"满3\"\nwhen = \"person.a >= 3\"\n",
    );
    world.put(
        "city-later/benefits/b.toml",
        "format = 1\namends = \"city/b\"\ncite = { item = \"1\" }\n[[condition]]\nid = \"c\"\ntext = \"满2\"\nwhen = \"person.a >= 2\"\n",
    );
    let outcome = |known| {
        world
            .decide_on(json!({"person": {"a": 2}}), "2020-12-01", Some(known))
            .outcome
    };
    assert_eq!(outcome("2020-09-14"), Outcome::Ineligible);
    assert_eq!(outcome("2020-09-15"), Outcome::Eligible);
    let first = |known| world.decide_on(json!({"person": {"a": 3}}), "2020-12-01", Some(known));
    assert_eq!(first("2020-05-31").reason.map(Reason::word), Some("document"));
    assert_eq!(first("2020-06-01").outcome, Outcome::Eligible);
}

#[test]
fn a_parameter_counts_from_the_day_it_is_known_even_where_it_reaches_back() {
    let mut world = World::with(
        "amount = { is = \"yuan(100)\" }\n[[condition]]\nid = \"c\"\ntext = \"达到下限\"\nwhen = \"person.a >= $least\"\n",
    );
    world.put(
        "shared/parameters/least.toml",
        "format = 1\nid = \"least\"\nname = \"下限\"\nkind = \"int\"\nset_by = \"省厅\"\n\
         [[value]]\nfrom = 2020-01-01\nknown_from = 2020-01-01\nis = 5\nsource = \"甲\"\n\
         [[value]]\nfrom = 2020-03-01\nknown_from = 2020-11-20\nis = 4\nsource = \"乙\"\n",
    );
    let outcome = |as_of, known| world.decide_on(json!({"person": {"a": 4}}), as_of, Some(known)).outcome;
    assert_eq!(outcome("2020-12-01", "2020-11-19"), Outcome::Ineligible);
    assert_eq!(outcome("2020-12-01", "2020-11-20"), Outcome::Eligible);
    assert_eq!(
        outcome("2020-02-29", "2020-11-20"),
        Outcome::Ineligible,
        "it reaches back to March, not further"
    );
}

#[test]
fn a_fact_counts_from_the_day_it_is_known() {
    let world = World::with(
        "amount = { is = \"yuan(100)\" }\n[[condition]]\nid = \"c\"\ntext = \"满3\"\nwhen = \"person.a >= 3\"\n",
    );
    let facts = json!({"person": {"a": [
        {"value": 2, "known_from": "2020-10-01"},
        {"value": 3, "known_from": "2020-11-02"},
    ]}});
    let outcome = |known| world.decide_on(facts.clone(), "2020-12-01", known).outcome;
    assert_eq!(outcome(Some("2020-09-30")), Outcome::Undetermined);
    assert_eq!(outcome(Some("2020-10-01")), Outcome::Ineligible);
    assert_eq!(outcome(Some("2020-11-01")), Outcome::Ineligible);
    assert_eq!(outcome(Some("2020-11-02")), Outcome::Eligible);
    assert_eq!(
        outcome(None),
        Outcome::Eligible,
        "without a day the latest of everything loaded counts"
    );
    let decision = world.decide_on(facts.clone(), "2020-12-01", None);
    assert_eq!(decision.known_on.to_string(), "2020-11-02");
}

#[test]
fn a_grant_counts_from_the_day_it_is_known() {
    let world = World::with("amount = { is = \"yuan(100)\" }\nonce = \"person\"\n");
    let facts = json!({"history": [{"benefit": "b", "on": "2020-08-01", "known_from": "2020-08-10"}]});
    let outcome = |known| world.decide_on(facts.clone(), "2020-12-01", Some(known)).outcome;
    assert_eq!(outcome("2020-08-09"), Outcome::Eligible);
    assert_eq!(outcome("2020-08-10"), Outcome::Ineligible);
}
