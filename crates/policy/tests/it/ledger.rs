//! The packs' ledger counted by unit and by month.

use std::collections::BTreeMap;

use civil::Day;
use policy::Library;
use policy::file::Tree;
use policy::ledger::{AsOf, AsOfBasis, Count, Scope, Sources, by_month, by_unit, contract};

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

fn on(wordings: &BTreeMap<String, policy::ledger::Wording>) -> Sources<'_> {
    Sources {
        wordings,
        day: Day::parse("2020-12-15").unwrap(),
    }
}

/// The items that are listed for a unit, each with its pack.
fn listed(library: &Library, region: Option<&str>, unit: &str) -> Vec<String> {
    let wordings = BTreeMap::new();
    let scope = Scope::of(library, region, Some(unit), None).unwrap();
    let duties = scope.duties(&on(&wordings));
    duties
        .iter()
        .map(|duty| format!("{}#{}", duty.pack.id(), duty.task.id))
        .collect()
}

#[test]
fn a_unit_under_several_names_is_one_unit_and_never_one_of_another_region() {
    let library = Library::load(&Tree::built_in());
    let one = listed(&library, Some("500111"), "区农业农村委");
    for item in ["28", "34", "40"] {
        assert!(one.contains(&format!("dazu-2020#{item}")), "{one:?}");
    }
    assert_eq!(one, listed(&library, Some("500111"), "区农业农村委（区扶贫办）"));
    assert_eq!(one, listed(&library, Some("500111"), "大足区农业农村委"));
    let tax = listed(&library, None, "慈溪市税务局");
    assert!(
        !tax.is_empty() && tax.iter().all(|item| item.starts_with("cixi-2020#")),
        "{tax:?}"
    );
    assert_eq!(tax, listed(&library, Some("330282"), "市税务局"));
}

#[test]
fn a_unit_is_counted_once_under_one_name_and_its_link_lists_as_many() {
    let library = Library::load(&Tree::built_in());
    let wordings = BTreeMap::new();
    let whole = Scope::of(&library, None, None, None).unwrap();
    let tallies = by_unit(&whole, &whole.duties(&on(&wordings)));
    let tax = tallies
        .iter()
        .filter(|tally| tally.region == "慈溪市" && tally.unit.ends_with("市税务局"));
    assert_eq!(tax.count(), 1);
    let farming = tallies.iter().filter(|tally| tally.unit.contains("区农业农村委"));
    assert_eq!(farming.count(), 1);
    for tally in &tallies {
        let own = listed(&library, None, &tally.asked_by);
        assert_eq!(own.len(), tally.count.all, "{} {}", tally.region, tally.asked_by);
    }
}

#[test]
fn a_town_is_shown_the_names_of_groups_that_include_it() {
    let library = Library::load(&Tree::built_in());
    let refused = Scope::of(&library, Some("330282"), Some("浒山街道"), None).unwrap_err();
    let towns = refused.instead.iter().find(|one| one.unit == "各镇（街道）").unwrap();
    assert!(towns.tasks > 40 && refused.hint.contains("各镇（街道）"), "{refused:?}");
    assert!(
        refused
            .instead
            .iter()
            .all(|one| one.region.as_deref() == Some("330282"))
    );
    let refused = Scope::of(&library, Some("500111"), Some("龙水镇人民政府"), None).unwrap_err();
    assert!(
        refused.instead.iter().any(|one| one.unit.starts_with("各镇街")),
        "{refused:?}"
    );
    // What is no town is still offered the nearest names.
    let refused = Scope::of(&library, Some("330282"), Some("市火星局"), None).unwrap_err();
    assert!(refused.instead.is_empty());
}

#[test]
fn what_is_to_be_reported_is_listed_by_whom_to_whom_and_when() {
    let library = Library::load(&Tree::built_in());
    let scope = Scope::of(&library, Some("500111"), None, None).unwrap();
    let all = scope.obligations();
    let report = all.iter().find(|one| *one.duty.id == "dz-progress-report").unwrap();
    assert_eq!(report.by(&scope), "各项任务牵头单位");
    assert_eq!(report.to(), "区就业工作领导小组办公室");
    let months: Vec<String> = report
        .falls()
        .iter()
        .map(|one| one.month.unwrap().to_string())
        .collect();
    assert_eq!(months, ["2020-07", "2021-01"]);
    // A unit that leads something reports with the leads; one that leads nothing does not.
    let of = |unit: &str| {
        let scope = Scope::of(&library, Some("500111"), Some(unit), None).unwrap();
        let ids: Vec<String> = scope.obligations().iter().map(|one| one.duty.id.to_string()).collect();
        ids
    };
    assert!(of("区人力社保局").contains(&"dz-progress-report".to_owned()));
    assert!(of("区委网信办").contains(&"dz-opinion".to_owned()));
}

#[test]
fn the_json_of_a_ledger_has_what_is_to_be_reported_beside_the_tasks() {
    let library = Library::load(&Tree::built_in());
    let wordings = BTreeMap::new();
    let as_of = AsOf {
        day: Day::parse("2020-12-15").unwrap(),
        basis: AsOfBasis::Asked,
    };
    let json = |region: Option<&str>| -> serde_json::Value {
        let scope = Scope::of(&library, region, None, None).unwrap();
        let duties = scope.duties(&on(&wordings));
        serde_json::to_value(contract(&scope, as_of, &duties)).unwrap()
    };
    let value = json(Some("500111"));
    let listed = value["obligations"].as_array().unwrap();
    let report = listed.iter().find(|one| one["id"] == "dz-progress-report").unwrap();
    assert_eq!(report["kind"], "report");
    assert_eq!(report["from_above"], false);
    assert_eq!(report["by"], serde_json::json!(["各项任务牵头单位"]));
    assert_eq!(report["to"], serde_json::json!(["区就业工作领导小组办公室"]));
    let months: Vec<&str> = report["months"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["month"].as_str().unwrap())
        .collect();
    assert_eq!(months, ["2020-07", "2021-01"]);
    // What a province asks for stands in the ledger of its city, marked as from above.
    let city = json(Some("210300"));
    let above = city["obligations"].as_array().unwrap().iter();
    assert!(
        above
            .clone()
            .any(|one| one["from_above"] == true && one["pack"] == "liaoning-2020")
    );
    let everywhere = json(None);
    let all: usize = library.packs.values().map(|pack| pack.duties.len()).sum();
    assert_eq!(everywhere["obligations"].as_array().unwrap().len(), all);
}

#[test]
fn a_further_row_of_an_item_is_named_as_the_document_s_reader_knows_it() {
    let library = Library::load(&Tree::built_in());
    let wordings = BTreeMap::new();
    let scope = Scope::of(&library, Some("512000"), None, None).unwrap();
    let duties = scope.duties(&on(&wordings));
    let named = |id: &str| {
        let duty = duties.iter().find(|duty| *duty.task.id == id).unwrap();
        (duty.basis(), duty.item_number())
    };
    let number = "资府发〔2019〕6号";
    assert_eq!(named("3"), (format!("{number}第3项"), "3".to_owned()));
    assert_eq!(
        named("3b"),
        (format!("{number}第3项第2部分"), "3（第2部分）".to_owned())
    );
    assert_eq!(
        named("16c"),
        (format!("{number}第16项第3部分"), "16（第3部分）".to_owned())
    );
    for plain in ["c2", "12", "一（二）", "b", ""] {
        assert_eq!(policy::item::words(plain), format!("第{plain}项"));
        assert_eq!(policy::item::number(plain), plain);
    }
}
