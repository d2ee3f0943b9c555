//! What earlier grants count for.

use rules::decision::{Missing, Outcome};
use serde_json::{Value, json};

use crate::model::World;

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
