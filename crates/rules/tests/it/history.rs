//! What earlier grants count for.

use rules::decision::{Decider, Missing, Outcome};
use serde_json::{Value, json};

use crate::model::{HEAD, World};
use crate::support::day;

#[test]
fn days_from_and_to_count_their_whole_months_or_are_unknown_but_never_none() {
    let world = World::with("amount = { is = \"yuan(1)\" }\nat_most = [{ subject = \"person\", months = 12 }]\n");
    let with = |grant: Value| world.decide(json!({"history": [grant]}));
    for (from, to, outcome) in [
        ("2019-07-01", "2020-05-31", Outcome::Eligible),
        ("2019-07-01", "2020-06-29", Outcome::Eligible),
        ("2019-07-01", "2020-06-30", Outcome::Ineligible),
        ("2019-07-15", "2020-07-14", Outcome::Ineligible),
        ("2020-05-01", "2020-05-30", Outcome::Undetermined),
        ("2020-05-01", "2020-05-31", Outcome::Eligible),
    ] {
        let decision = with(json!({"benefit": "b", "from": from, "to": to}));
        assert_eq!(decision.outcome, outcome, "{from} {to}");
        if outcome == Outcome::Undetermined {
            assert_eq!(decision.missing, [Missing::Fact("history".to_owned())]);
        }
    }
    let only_a_day = with(json!({"benefit": "b", "on": "2020-05-06"}));
    assert_eq!(only_a_day.outcome, Outcome::Undetermined);
    let said = with(json!({"benefit": "b", "from": "2019-07-01", "to": "2020-06-30", "months": 11}));
    assert_eq!(
        said.outcome,
        Outcome::Eligible,
        "what is written goes before what is counted"
    );
}

#[test]
fn a_grant_without_its_amount_is_not_counted_as_nothing() {
    let world = World::with(
        "amount = { is = \"employer.x_fen\" }\n[[at_most]]\nsubject = \"employer\"\namount = \"yuan(1000)\"\n",
    );
    let facts = json!({"employer": {"x_fen": 40_000}, "history": [{"benefit": "b", "on": "2020-01-01"}]});
    let decision = world.decide(facts);
    assert_eq!(decision.outcome, Outcome::Undetermined);
    assert_eq!(decision.missing, [Missing::Fact("history".to_owned())]);
}

#[test]
fn a_month_already_drawn_is_refused_and_its_neighbours_are_not() {
    let world = World::with("period = \"month\"\namount = { is = \"yuan(1)\" }\n");
    let with = |grant: Value| world.decide(json!({"claim": {"month": "2020-09"}, "history": [grant]}));
    for (grant, drawn) in [
        (json!({"benefit": "b", "month": "2020-08"}), false),
        (json!({"benefit": "b", "month": "2020-09"}), true),
        (json!({"benefit": "b", "month": "2020-10"}), false),
        (json!({"benefit": "b", "on": "2020-09-30"}), true),
        (json!({"benefit": "b", "on": "2020-10-01"}), false),
        (json!({"benefit": "b", "from": "2020-07-01", "to": "2020-08-31"}), false),
        (json!({"benefit": "b", "from": "2020-07-01", "to": "2020-09-01"}), true),
        (
            json!({"benefit": "b", "subject": "employer", "month": "2020-09"}),
            false,
        ),
    ] {
        let decision = with(grant.clone());
        let decided_by = drawn.then_some("once-a-month");
        assert_eq!(decision.decided_by.as_deref(), decided_by, "{grant}");
        assert!(
            decision
                .conditions
                .iter()
                .any(|condition| condition.text == "该月尚未享受过本项")
        );
    }
    let nothing_said = world.decide(json!({"history": []}));
    assert_eq!(nothing_said.missing, [Missing::Fact("claim.month".to_owned())]);
}

#[test]
fn a_month_drawn_by_the_document_that_carries_it_out_counts_both_ways() {
    let mut world = World::new();
    let body = "period = \"month\"\namount = { is = \"yuan(1)\" }\n";
    let child = HEAD.replace("\"b\"", "\"c\"");
    world.put("province/benefits/b.toml", &format!("{HEAD}{body}"));
    world.put(
        "city/benefits/c.toml",
        &format!("{child}{body}implements = {{ id = \"b\" }}\n"),
    );
    let decided_by = |benefit: &str, grant: &str, month: &str| {
        let catalogue = world.catalogue();
        let place = if benefit == "b" { "330100" } else { "330282" };
        let facts = json!({"claim": {"month": "2020-09", "region": place}, "employer": {"region": place},
            "history": [{"benefit": grant, "month": month}]});
        let decision = Decider::new(&catalogue).decide(benefit, &facts, day("2020-12-01"), None);
        decision.expect("a decision").decided_by
    };
    for (benefit, grant) in [("b", "c"), ("c", "b"), ("c", "c")] {
        assert_eq!(decided_by(benefit, grant, "2020-09").as_deref(), Some("once-a-month"));
        assert_eq!(decided_by(benefit, grant, "2020-08"), None);
    }
}
