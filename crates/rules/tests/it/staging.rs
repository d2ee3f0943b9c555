//! Payment in stages.

use rules::decision::{Missing, Outcome, Reason};
use serde_json::json;

use crate::model::World;

#[test]
fn stages_without_their_estimate_are_undetermined_and_name_it() {
    let world = World::with(
        "amount = { is = \"yuan(100)\" }\n[staging]\nestimate = \"employer.x_fen\"\nactual = \"employer.x_fen\"\n\
         [[staging.stage]]\nid = \"start\"\nevent = \"开班\"\nof_estimate = \"50%\"\n\
         [[staging.stage]]\nid = \"rest\"\nevent = \"结业\"\nrest = true\n",
    );
    let unknown = world.decide(json!({}));
    assert_eq!(
        (unknown.outcome, unknown.reason.map(Reason::word)),
        (Outcome::Undetermined, Some("missing"))
    );
    assert_eq!(unknown.missing, [Missing::Fact("employer.x_fen".to_owned())]);
    let known = world.decide(json!({"employer": {"x_fen": 10_000}}));
    assert_eq!(known.outcome, Outcome::Eligible);
    let amounts: Vec<Option<i64>> = known.stages.iter().map(|stage| stage.amount_fen).collect();
    assert_eq!(amounts, [Some(5_000), Some(5_000)]);
}
