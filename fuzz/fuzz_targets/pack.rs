//! Any text as a benefit file, a parameter file and a case file of a pack: loaded, checked, compiled, its cases run.
#![no_main]

use libfuzzer_sys::fuzz_target;
use policy::file::Tree;
use rules::catalogue::Catalogue;
use rules::trial;

const POLICY: &str = "format = 1\nid = \"p\"\ntitle = \"t\"\nregion = \"330282\"\nknown_from = { date = 2020-01-01, basis = \"b\" }\nlead_rule = \"none\"\n";
const FACTS: &str = include_str!("../../policies/shared/facts.toml");

fuzz_target!(|text: &str| {
    let (benefit, rest) = text.split_once("\u{1}").unwrap_or((text, ""));
    let (parameter, cases) = rest.split_once("\u{1}").unwrap_or((rest, ""));
    let tree = Tree::from_files([
        ("p/policy.toml", POLICY),
        ("shared/facts.toml", FACTS),
        ("p/benefits/b.toml", benefit),
        ("p/parameters/x.toml", parameter),
        ("p/cases/b.toml", cases),
    ]);
    let catalogue = Catalogue::load(&tree);
    for finding in &catalogue.diagnostics {
        assert!(finding.place.line >= 1 && finding.place.column >= 1);
    }
    let (trials, _) = trial::load(&catalogue, &tree);
    for trial in &trials {
        let _ = trial.run(&catalogue);
    }
});
