//! The packs' ledger counted by unit and by month.

use std::collections::BTreeMap;

use civil::Day;
use policy::Library;
use policy::file::Tree;
use policy::ledger::{Count, Scope, Sources, by_month, by_unit};

#[test]
fn every_task_with_a_day_is_in_one_month_and_every_light_is_counted_once() {
    let library = Library::load(&Tree::built_in());
    let scope = Scope::of(&library, None, None, None).unwrap();
    let wordings = BTreeMap::new();
    let sources = Sources {
        wordings: &wordings,
        day: Day::parse("2020-12-15").unwrap(),
    };
    let duties = scope.duties(&sources);
    let all = Count::of(&duties);
    let months = by_month(&duties);
    let sum = |count: fn(&Count) -> usize| months.iter().map(|tally| count(&tally.count)).sum::<usize>();
    assert_eq!(all.all, duties.len());
    assert!(all.yellow > 0 && all.green > 0);
    assert_eq!(
        sum(|count| count.all),
        duties.iter().filter(|duty| duty.light.is_some()).count()
    );
    assert_eq!(
        [
            sum(|count| count.red),
            sum(|count| count.yellow),
            sum(|count| count.green)
        ],
        [all.red, all.yellow, all.green]
    );
    assert!(months.windows(2).all(|pair| pair[0].month < pair[1].month));
}

#[test]
fn a_unit_has_as_many_tasks_as_the_ledger_lists_for_it() {
    let library = Library::load(&Tree::built_in());
    let wordings = BTreeMap::new();
    let sources = Sources {
        wordings: &wordings,
        day: Day::parse("2020-12-15").unwrap(),
    };
    let whole = Scope::of(&library, Some("330282"), None, None).unwrap();
    let tallies = by_unit(&whole, &whole.duties(&sources));
    assert!(tallies.len() > 10);
    for tally in tallies {
        let own = Scope::of(&library, Some("330282"), Some(&tally.unit), None).unwrap();
        let listed = own.duties(&sources);
        assert!(tally.count.all <= listed.len(), "{}", tally.unit);
        assert!(
            tally.lead + tally.responsible + tally.support >= tally.count.all,
            "{}",
            tally.unit
        );
        assert!(
            listed
                .iter()
                .any(|duty| duty.units.iter().any(|(unit, _)| *unit.unit == tally.unit)),
            "{}",
            tally.unit
        );
    }
}
