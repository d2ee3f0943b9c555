//! Every number of the packs is proved by a case.

use std::thread;

use policy::file::Tree;
use rules::catalogue::Catalogue;
use rules::{mutation, trial};

/// Workers that share the benefits.
const WORKERS: usize = 2;

#[test]
fn no_number_of_the_built_in_packs_goes_unproved() {
    let ids: Vec<String> = Catalogue::load(&Tree::built_in())
        .benefits
        .by_id
        .keys()
        .cloned()
        .collect();
    let reports: Vec<mutation::Report> = thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS)
            .map(|worker| {
                let ids = &ids;
                scope.spawn(move || {
                    let tree = Tree::built_in();
                    let mut catalogue = Catalogue::load(&tree);
                    let (trials, _) = trial::load(&catalogue, &tree);
                    let mine = |id: &str| {
                        ids.iter()
                            .position(|known| known == id)
                            .is_some_and(|at| at % WORKERS == worker)
                    };
                    mutation::run(&mut catalogue, &tree, &trials, mine)
                })
            })
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().expect("a worker ends"))
            .collect()
    });
    let survivors: Vec<String> = reports
        .iter()
        .flat_map(|report| &report.survivors)
        .map(|mutant| format!("{} {}: {} -> {}", mutant.place, mutant.of, mutant.was, mutant.now))
        .collect();
    let tried: usize = reports.iter().map(|report| report.tried).sum();
    assert!(tried > 500, "only {tried} mutants were tried");
    assert!(
        survivors.is_empty(),
        "{tried} tried, unproved:\n{}",
        survivors.join("\n")
    );
}

#[test]
fn a_number_without_a_case_is_found_and_the_catalogue_comes_back_as_it_was() {
    let mut world = crate::model::World::with(
        "[amount]\nis = \"yuan(100)\"\n[[condition]]\nid = \"c\"\ntext = \"满3\"\nwhen = \"person.a >= 3\"\n",
    );
    world.put(
        "city/cases/b.toml",
        "format = 1\nbenefit = \"b\"\nfacts = { person = { a = 3 }, employer = { region = \"330282\" } }\n[[case]]\nname = \"满3\"\nas_of = 2020-12-01\nexpect = { outcome = \"eligible\" }\n",
    );
    let tree = world.tree();
    let mut catalogue = world.catalogue();
    let before = catalogue.benefits.versions("b").to_vec();
    let (trials, _) = trial::load(&catalogue, &tree);
    let report = mutation::run(&mut catalogue, &tree, &trials, |_| true);
    let mut survivors: Vec<(&str, &str)> = report
        .survivors
        .iter()
        .map(|mutant| (mutant.was.as_str(), mutant.now.as_str()))
        .collect();
    survivors.sort_unstable();
    // Nothing says that 2 is refused, nor what the amount is.
    assert_eq!(survivors, [("100", "101"), ("100", "99"), ("3", "2")]);
    assert_eq!(report.tried, 4);
    assert_eq!(catalogue.benefits.versions("b"), before);
}
