//! The packs that come with the program.

use policy::file::Tree;
use rules::catalogue::Catalogue;

#[test]
fn the_built_in_packs_have_no_mistake() {
    let catalogue = Catalogue::load(&Tree::built_in());
    let findings: Vec<String> = catalogue.diagnostics.iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "{}", findings.join("\n"));
    assert_eq!(catalogue.benefits.by_id.len(), 134);
}

#[test]
fn every_case_of_the_built_in_packs_comes_out_and_every_benefit_has_some() {
    let tree = Tree::built_in();
    let catalogue = Catalogue::load(&tree);
    let (trials, findings) = rules::trial::load(&catalogue, &tree);
    assert!(findings.is_empty(), "{findings:?}");
    let failed: Vec<_> = trials
        .iter()
        .map(|trial| trial.run(&catalogue))
        .filter(|verdict| !verdict.differences.is_empty())
        .collect();
    assert!(failed.is_empty(), "{failed:#?}");
    for id in catalogue.benefits.by_id.keys() {
        assert!(
            trials.iter().any(|trial| trial.benefit.as_str() == id),
            "{id} has no case"
        );
    }
    assert!(trials.len() >= 140);
}
