//! The packs that come with the program.

use policy::file::Tree;
use rules::catalogue::Catalogue;

#[test]
fn the_built_in_packs_have_no_mistake() {
    let catalogue = Catalogue::load(&Tree::built_in());
    let findings: Vec<String> = catalogue.diagnostics.iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "{}", findings.join("\n"));
    assert_eq!(catalogue.benefits.by_id.len(), 15);
}
