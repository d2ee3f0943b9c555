//! All benefits of a region for one case.

use policy::benefit::Right;
use policy::file::Tree;
use rules::catalogue::Catalogue;
use rules::decision::{Decider, Outcome};
use rules::entitlement::{Entitlement, Entitlements, Standing, benefits_of};
use rules::trial;
use serde_json::json;

use crate::support::day;

fn of<'l>(list: &'l [Entitlement], id: &str) -> &'l Entitlement {
    list.iter()
        .find(|one| one.decision.benefit == id)
        .expect("the benefit is listed")
}

#[test]
fn a_city_has_its_own_benefits_and_its_provinces_and_no_other() {
    let catalogue = Catalogue::load(&Tree::built_in());
    let packs = |region: &str| -> Vec<String> {
        let ids = benefits_of(&catalogue, region);
        let mut packs: Vec<String> = ids
            .iter()
            .map(|id| catalogue.benefits.versions(id)[0].pack.clone())
            .collect();
        packs.sort();
        packs.dedup();
        packs
    };
    assert_eq!(packs("330282"), ["cixi-2020"]);
    assert_eq!(packs("330282101"), ["cixi-2020"]);
    assert_eq!(packs("210300"), ["anshan-2020", "liaoning-2020"]);
    assert_eq!(packs("210100"), ["liaoning-2020"]);
    assert_eq!(packs("110000"), [""; 0]);
}

#[test]
fn a_closed_window_is_expired_and_never_a_refusal() {
    let catalogue = Catalogue::load(&Tree::built_in());
    let facts = json!({
        "person": {"is_graduate": true, "in_graduation_year": true},
        "employer": {"size": "small", "kind": "enterprise", "region": "330282"},
        "employment": {"contract_date": "2021-06-15", "contract_months": 6, "insured_months": 3}, "history": []
    });
    let list = Entitlements::new(&catalogue, "330282", catalogue.latest_known())
        .of(&facts, day("2021-10-01"))
        .expect("the facts fit");
    let bonus = of(&list, "cx-sme-graduate-bonus");
    assert_eq!(bonus.standing, Standing::Expired);
    assert_eq!(bonus.expired_on, Some(day("2020-12-31")));
    assert!(
        list.iter()
            .all(|one| (one.standing == Standing::Expired) == one.expired_on.is_some())
    );
}

#[test]
fn what_a_document_only_allows_or_orders_is_never_shown_as_a_right() {
    let catalogue = Catalogue::load(&Tree::built_in());
    // Every case of the packs, against every benefit of its place.
    let (trials, _) = trial::load(&catalogue, &Tree::built_in());
    let mut seen = 0;
    for region in ["330282", "210300", "512000", "500111"] {
        let mut entitlements = Entitlements::new(&catalogue, region, catalogue.latest_known());
        for trial in trials
            .iter()
            .filter(|trial| benefits_of(&catalogue, region).contains(trial.benefit.as_str()))
            .step_by(7)
        {
            for one in entitlements.of(&trial.facts, trial.as_of).expect("the facts fit") {
                let open = one.right == Right::Directive
                    || one.right == Right::Discretionary
                        && catalogue.benefits.versions(&one.decision.benefit)[0]
                            .local_rule
                            .is_none();
                assert!(!open || one.standing != Standing::Eligible, "{}", one.decision.benefit);
                seen += usize::from(open);
            }
        }
    }
    assert!(seen > 1_000, "only {seen}");
}

#[test]
fn one_case_against_all_benefits_is_decided_as_against_each_alone() {
    let tree = Tree::built_in();
    let catalogue = Catalogue::load(&tree);
    let (trials, _) = trial::load(&catalogue, &tree);
    let known_on = catalogue.latest_known();
    let mut decider = Decider::new(&catalogue);
    let mut compared = 0;
    for region in ["330282", "210300", "512000", "500111"] {
        let mut entitlements = Entitlements::new(&catalogue, region, known_on);
        let own = benefits_of(&catalogue, region);
        let placed = |trial: &&trial::Trial| {
            own.contains(trial.benefit.as_str())
                && trial.facts["claim"].get("region").is_some()
                && trial.parameters.is_empty()
        };
        for trial in trials.iter().filter(placed).step_by(11) {
            for one in entitlements.of(&trial.facts, trial.as_of).expect("the facts fit") {
                let alone = decider
                    .decide(&one.decision.benefit, &trial.facts, trial.as_of, Some(known_on))
                    .expect("a decision");
                assert_eq!(one.decision, alone, "{} in case {}", alone.benefit, *trial.name);
                compared += 1;
            }
        }
    }
    assert!(compared > 1_000, "only {compared}");
}

#[test]
fn a_place_that_is_not_named_is_the_region_asked_about_and_is_told_as_assumed() {
    let catalogue = Catalogue::load(&Tree::built_in());
    let facts = json!({"person": {"skill_level": "technician"}});
    let mut entitlements = Entitlements::new(&catalogue, "330282", catalogue.latest_known());
    let list = entitlements.of(&facts, day("2020-12-01")).expect("the facts fit");
    assert!(
        list.iter()
            .all(|one| one.decision.assumed.contains(&"claim.region".to_owned()))
    );
    let elsewhere = json!({"claim": {"region": "330281"}, "person": {"skill_level": "technician"}});
    let list = entitlements.of(&elsewhere, day("2020-12-01")).expect("the facts fit");
    assert!(
        list.iter()
            .all(|one| !one.decision.assumed.contains(&"claim.region".to_owned()))
    );
    assert!(
        list.iter()
            .any(|one| one.decision.decided_by.as_deref() == Some("in-region"))
    );
    assert!(list.iter().all(|one| one.decision.outcome != Outcome::Eligible));
}
