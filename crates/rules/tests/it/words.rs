//! What an officer and a citizen read of a decision, of a benefit and of a standard.

use policy::file::Tree;
use rules::catalogue::Catalogue;
use rules::decision::{Decider, beside, explain, handling, set_by, soon};
use rules::difference::scalar_in_series;
use rules::entitlement::{Entitlements, Standing};
use rules::replay::altered;
use serde_json::{Value, json};

use crate::model::World;
use crate::support::day;

fn handled<'c>(catalogue: &'c Catalogue, id: &str) -> &'c str {
    handling(&catalogue.benefits.versions(id)[0])
}

#[test]
fn only_what_is_a_reduction_is_called_one() {
    let catalogue = Catalogue::load(&Tree::built_in());
    assert!(handled(&catalogue, "cx-veteran-tax").starts_with("征收时减免"));
    for id in ["cx-platform-work-injury", "ln-pension-defer-2020", "cx-tax-deferral"] {
        assert!(handled(&catalogue, id).contains("不是减免"), "{id}");
    }
}

#[test]
fn what_finance_pays_is_not_said_to_be_paid_by_banks() {
    let catalogue = Catalogue::load(&Tree::built_in());
    for id in [
        "cx-weidantong-loss-share", "zy-guarantee-balance", "zy-guarantee-capital", "zy-loan-award", "zy-loan-loss",
        "zy-guarantee-loss", "zy-reguarantee-compensation",
    ] {
        assert_eq!(handled(&catalogue, id), "转其他部门办理", "{id}");
    }
    let list = &catalogue.benefits.versions("cx-whitelist")[0];
    assert_eq!(list.payee, "employer");
    assert_eq!(handling(list), "由有关部门办理，不发放资金");
    assert_eq!(handled(&catalogue, "cx-startup-loan-personal"), "银行");
}

#[test]
fn who_must_say_something_is_told_without_the_same_word_twice() {
    assert_eq!(set_by("省人民政府"), "由省人民政府规定");
    assert_eq!(set_by("财政部门的规定"), "由财政部门的规定明确");
    assert_eq!(set_by("上级规定（原文未载明）"), "由上级规定（原文未载明）明确");
    let catalogue = Catalogue::load(&Tree::built_in());
    for benefit in catalogue.benefits.all() {
        for open in &benefit.open {
            assert!(!set_by(&open.set_by).contains("规定规定"), "{}", *benefit.id);
        }
    }
}

#[test]
fn a_title_within_a_title_has_marks_of_its_own() {
    let catalogue = Catalogue::load(&Tree::built_in());
    let title = catalogue.library.packs["anshan-2020"].policy.titled();
    assert!(
        title.starts_with("《关于转发〈") && title.ends_with("〉的通知》"),
        "{title}"
    );
}

#[test]
fn rates_of_one_series_have_as_many_places() {
    let catalogue = Catalogue::load(&Tree::built_in());
    let words = |id: &str| -> Vec<String> {
        let parameter = catalogue.vocabulary.parameters.get(id).expect("a parameter");
        let values = parameter.values.iter();
        values.map(|value| scalar_in_series(parameter, &value.is)).collect()
    };
    let rates = words("lpr_1y");
    assert!(
        rates.contains(&"4.20%".to_owned()) && rates.contains(&"3.00%".to_owned()),
        "{rates:?}"
    );
    assert!(rates.contains(&"3.85%".to_owned()), "{rates:?}");
    assert_eq!(words("as_post_subsidy_share"), ["40%", "50%", "40%"]);
}

fn bonus(insured_months: i64, size: Option<&str>) -> Value {
    let mut facts = json!({
        "person": {"is_graduate": true, "in_graduation_year": true},
        "employer": {"region": "330282"},
        "employment": {"contract_date": "2020-06-15", "contract_months": 12, "insured_months": insured_months},
        "history": []
    });
    if let Some(size) = size {
        facts["employer"]["size"] = json!(size);
    }
    facts
}

#[test]
fn a_refusal_that_time_mends_says_how_much_is_missing_and_until_when() {
    let catalogue = Catalogue::load(&Tree::built_in());
    let mut decider = Decider::new(&catalogue);
    let mut told = |months: i64| {
        let facts = bonus(months, Some("small"));
        let decision = decider.decide("cx-sme-graduate-bonus", &facts, day("2020-09-01"), None);
        soon(&catalogue, &decision.expect("a decision"))
    };
    let words = "还差1个月（在该单位缴纳社会保险费的月数），其他情况不变，最早2020-10-01起可申领";
    assert_eq!(told(2).as_deref(), Some(words));
    assert_eq!(told(3), None);
}

#[test]
fn what_is_refused_asks_for_nothing_more() {
    let catalogue = Catalogue::load(&Tree::built_in());
    let mut decider = Decider::new(&catalogue);
    let mut facts = bonus(3, None);
    let decide = |decider: &mut Decider<'_>, facts: &Value| {
        let decision = decider.decide("cx-sme-graduate-bonus", facts, day("2020-09-01"), None);
        decision.expect("a decision")
    };
    let open = beside(&catalogue, &decide(&mut decider, &facts));
    assert!(open.iter().any(|line| line.starts_with("需补充：企业规模")), "{open:?}");
    facts["person"]["is_graduate"] = Value::Null;
    let refused = decide(&mut decider, &facts);
    let lines = beside(&catalogue, &refused);
    assert!(!lines.iter().any(|line| line.starts_with("需补充")), "{lines:?}");
    // The register was asked and holds nothing; a fact that nobody asked for is without data.
    let whole = explain(&catalogue, &refused).join("\n");
    assert!(whole.contains("高校毕业生：登记中没有，按“否”"), "{whole}");
    assert!(whole.contains("企业规模：无数据"), "{whole}");
}

#[test]
fn a_parents_benefit_whose_place_the_citys_own_takes_is_left_out_of_the_list() {
    let catalogue = Catalogue::load(&Tree::built_in());
    let known_on = catalogue.latest_known();
    let ids = |kind: &str| -> Vec<String> {
        let facts = json!({
            "employer": {"kind": kind, "region": "210302", "size": "small", "insured_staff": 5},
            "person": {"is_hard_to_employ": true}, "history": []
        });
        let list = Entitlements::new(&catalogue, "210300", known_on)
            .of(&facts, day("2020-12-15"))
            .expect("the facts fit");
        list.into_iter().map(|one| one.decision.benefit).collect()
    };
    let has = |list: &[String], id: &str| list.iter().any(|known| known == id);
    let enterprise = ids("enterprise");
    assert!(has(&enterprise, "as-hard-to-employ-post") && !has(&enterprise, "ln-hard-to-employ-post"));
    assert!(has(&enterprise, "as-auto-refund-micro") && !has(&enterprise, "ln-auto-refund-micro"));
    assert!(has(&ids("public-institution"), "ln-hard-to-employ-post"));
}

#[test]
fn a_window_that_is_over_is_expired_where_the_case_does_not_say_its_date() {
    let catalogue = Catalogue::load(&Tree::built_in());
    let standing = |region: &str, facts: &Value, on: &str, id: &str| {
        let list = Entitlements::new(&catalogue, region, catalogue.latest_known())
            .of(facts, day(on))
            .expect("the facts fit");
        let one = list.into_iter().find(|one| one.decision.benefit == id);
        let one = one.expect("listed");
        (one.standing, one.expired_on)
    };
    let firm = json!({"employer": {"kind": "enterprise"}, "history": []});
    let id = "zy-refund-difficult";
    let over = (Standing::Expired, Some(day("2019-12-31")));
    assert_eq!(standing("512000", &firm, "2020-11-15", id), over);
    assert_ne!(standing("512000", &firm, "2019-12-31", id).0, Standing::Expired);
    // A hire within the window may still be claimed for: its date decides, not the day asked.
    let hired = bonus(3, Some("small"));
    let id = "cx-sme-graduate-bonus";
    assert_eq!(standing("330282", &hired, "2022-05-01", id).0, Standing::Eligible);
    assert_eq!(
        standing("330282", &firm, "2022-05-01", id),
        (Standing::Expired, Some(day("2020-12-31")))
    );
}

#[test]
fn a_replay_compares_all_that_was_given() {
    let catalogue = Catalogue::load(&Tree::built_in());
    let facts = bonus(2, Some("small"));
    let decision = Decider::new(&catalogue).decide("cx-sme-graduate-bonus", &facts, day("2020-09-01"), None);
    let now = decision.expect("a decision").to_json();
    assert_eq!(altered(&now, &now), []);
    assert_eq!(altered(&now["receipt"], &now), []);
    let paths = |change: &dyn Fn(&mut Value)| -> Vec<String> {
        let mut given = now.clone();
        change(&mut given);
        altered(&given, &now).into_iter().map(|(path, ..)| path).collect()
    };
    assert_eq!(paths(&|given| given["outcome"] = json!("eligible")), ["outcome"]);
    assert_eq!(paths(&|given| given["approved"] = json!(true)), ["approved"]);
    assert_eq!(
        paths(&|given| given["receipt"]["as_of"] = json!("2020-09-02")),
        ["receipt.as_of"]
    );
    // Another program that decides the same is no alteration.
    assert_eq!(
        paths(&|given| given["receipt"]["engine"] = json!("leye-rules 9")),
        [""; 0]
    );
    let mut receipt = now["receipt"].clone();
    receipt["version"] = json!("other");
    assert_eq!(altered(&receipt, &now).len(), 1);
}

#[test]
fn whoever_is_helped_finds_it_by_their_situation() {
    let catalogue = Catalogue::load(&Tree::built_in());
    for (benefit, situation) in [
        ("cx-internship", "graduate"),
        ("zy-internship", "graduate"),
        ("zy-internship", "unemployed"),
        ("cx-internship", "enterprise"),
        ("cx-loan-relief", "enterprise"),
        ("cx-guarantee-fee-cut", "enterprise"),
    ] {
        assert!(
            catalogue.placed.is_under(benefit, situation),
            "{benefit} under {situation}"
        );
    }
}

#[test]
fn a_claim_after_its_last_day_is_too_late_and_no_failing() {
    let world = World::with("claim_until = { on = \"claim.date\", to = 2020-10-31 }\namount = { is = \"yuan(1)\" }\n");
    let closed = |claimed: &str| {
        let decision = world.decide(json!({"claim": {"date": claimed}, "history": []}));
        let mut conditions = decision.conditions.into_iter();
        conditions.find_map(|condition| condition.closed)
    };
    assert_eq!(closed("2020-11-05"), Some(day("2020-10-31")));
    assert_eq!(closed("2020-10-31"), None);
}
