//! What a benefit file may say, and what it comes to: packs of our own, in memory.

use civil::Day;
use policy::file::Tree;
use rules::catalogue::Catalogue;
use rules::decision::{Decider, Decision, Missing, Outcome, Reason};
use serde_json::{Value, json};

use crate::support::{FACTS, day};

pub(crate) const POLICY: &str = "format = 1\nid = \"city\"\ntitle = \"甲市办法\"\nregion = \"330282\"\nparent = \"province\"\nknown_from = { date = 2020-06-01, basis = \"印发\" }\nlead_rule = \"none\"\n[[part]]\nrole = \"body\"\ntitle = \"甲市办法\"\n";
pub(crate) const TASKS: &str = "format = 1\n[[task]]\nid = \"1\"\nno = \"1\"\npart = \"body\"\nsection = []\ntitle = \"事项\"\nlead = []\nsupport = []\nresponsible = [\"市人社局\"]\ninherited = []\ncollective = []\nopen_ended = []\ndeadline = { class = \"none\" }\n";

/// The keys every benefit needs.
pub(crate) const HEAD: &str = "format = 1\nid = \"b\"\nname = \"某补贴\"\nkind = \"subsidy\"\nright = \"entitlement\"\nstatus = \"computable\"\npayee = \"employer\"\nchannel = \"hr-budget\"\nper = \"employment\"\ncite = { item = \"1\" }\nfunding = { fund = \"n/s\" }\n";

/// A tree of a province, a city and a later document of the city.
pub(crate) struct World {
    files: Vec<(String, String)>,
}

impl World {
    pub(crate) fn new() -> Self {
        let mut facts = FACTS.replace(
            "[codes]",
            "[codes]\nway = { first = { no = 1, label = \"甲\" }, second = { no = 2, label = \"乙\" } }",
        );
        for (name, kind) in [
            ("person.a", "int"),
            ("person.b", "int"),
            ("person.f", "bool"),
            ("person.g", "bool"),
            ("person.birth_date", "date"),
            ("employer.x_fen", "fen"),
            ("employer.region", "region"),
            ("training.start_date", "date"),
            ("training.end_date", "date"),
            ("claim.month", "month"),
            ("claim.date", "date"),
            ("claim.region", "region"),
            ("region.rank", "int"),
        ] {
            facts.push_str(&format!("[[fact]]\nname = \"{name}\"\ntype = \"{kind}\"\nlabel = \"{name}\"\nregister = \"登记\"\nsensitivity = \"open\"\n"));
            if name == "person.a" {
                facts.push_str("min = -1\n");
            }
        }
        let province = POLICY
            .replace("\"city\"", "\"province\"")
            .replace("parent = \"province\"\n", "")
            .replace("330282", "330000")
            .replace("2020-06-01", "2020-05-01");
        let later = POLICY
            .replace("\"city\"", "\"city-later\"")
            .replace("2020-06-01", "2020-09-15");
        let mut world = Self { files: Vec::new() };
        for (folder, policy) in [
            ("province", province),
            ("city", POLICY.to_owned()),
            ("city-later", later),
        ] {
            world.put(&format!("{folder}/policy.toml"), &policy);
            world.put(&format!("{folder}/tasks.toml"), TASKS);
        }
        world.put("shared/facts.toml", &facts);
        world.put("shared/units.toml", "format = 1\n");
        world.put("shared/regions.toml", "format = 1\n");
        world
    }

    pub(crate) fn put(&mut self, path: &str, text: &str) {
        self.files.retain(|(known, _)| known != path);
        self.files.push((path.to_owned(), text.to_owned()));
    }

    /// A world with one benefit of the city: the usual head and `body`.
    pub(crate) fn with(body: &str) -> Self {
        let mut world = Self::new();
        world.put("city/benefits/b.toml", &format!("{HEAD}{body}"));
        world
    }

    pub(crate) fn tree(&self) -> Tree {
        Tree::from_files(self.files.iter().map(|(path, text)| (path.as_str(), text.as_str())))
    }

    pub(crate) fn catalogue(&self) -> Catalogue {
        Catalogue::load(&self.tree())
    }

    /// The findings about benefits, cases, facts and parameters.
    pub(crate) fn findings(&self) -> Vec<String> {
        let wanted = |path: &str| {
            ["benefits/", "parameters/", "facts.toml", "cases/"]
                .iter()
                .any(|part| path.contains(part))
        };
        self.catalogue()
            .diagnostics
            .iter()
            .filter(|finding| wanted(&finding.place.file))
            .map(ToString::to_string)
            .collect()
    }

    pub(crate) fn decide(&self, facts: Value) -> Decision {
        self.decide_on(facts, "2020-12-01", None)
    }

    pub(crate) fn decide_on(&self, facts: Value, as_of: &str, known_on: Option<&str>) -> Decision {
        assert_eq!(self.findings(), Vec::<String>::new());
        let catalogue = self.catalogue();
        let known_on: Option<Day> = known_on.map(day);
        let facts = placed(facts);
        let mut decider = Decider::new(&catalogue);
        decider
            .decide("b", &facts, day(as_of), known_on)
            .unwrap_or_else(|error| panic!("{error}"))
    }
}

/// The facts with the city as their place, where they name none.
pub(crate) fn placed(mut facts: Value) -> Value {
    for entity in ["employer", "claim"] {
        if let Some(facts) = facts.as_object_mut() {
            let inner = facts.entry(entity).or_insert_with(|| json!({}));
            if let Some(inner) = inner.as_object_mut() {
                inner.entry("region").or_insert_with(|| json!("330282"));
            }
        }
    }
    facts
}

const CONDITION: &str = "[[condition]]\nid = \"c\"\ntext = \"满3\"\nwhen = \"person.a >= 3\"\n";

#[test]
fn a_case_of_another_region_is_refused_and_one_of_no_known_place_waits() {
    let world = World::with("amount = { is = \"yuan(1)\" }\n");
    let decide = |region: Value| world.decide(json!({"employer": {"region": region}}));
    assert_eq!(decide(json!("330282")).outcome, Outcome::Eligible);
    assert_eq!(decide(json!("330282101")).outcome, Outcome::Eligible);
    assert_eq!(decide(json!("330281")).decided_by.as_deref(), Some("in-region"));
    let unknown = decide(Value::Null);
    assert_eq!(unknown.outcome, Outcome::Undetermined);
    assert_eq!(unknown.missing, [Missing::Fact("employer.region".to_owned())]);
    let by_claim = World::with("amount = { is = \"yuan(1)\" }\nregion_fact = \"claim.region\"\n");
    let decision = by_claim.decide(json!({"employer": {"region": "110000"}}));
    assert_eq!(decision.outcome, Outcome::Eligible);
}

#[test]
fn a_month_that_has_not_begun_waits_for_its_first_day() {
    let world = World::with("amount = { is = \"yuan(1)\" }\nperiod = \"month\"\n");
    let decide = |as_of: &str| world.decide_on(json!({"claim": {"month": "2020-12"}}), as_of, None);
    assert_eq!(decide("2020-12-01").outcome, Outcome::Eligible);
    let early = decide("2020-11-30");
    assert_eq!(early.decided_by.as_deref(), Some("month-begun"));
    assert_eq!(early.eligible_from, Some(day("2020-12-01")));
}

#[test]
fn a_written_condition_may_not_bear_the_name_of_a_declared_one() {
    let world = World::with("once = \"person\"\n[[condition]]\nid = \"once\"\ntext = \"x\"\nwhen = \"person.a > 1\"\n");
    let findings = world.findings().join("\n");
    assert!(
        findings.contains("b.toml:14:6") && findings.contains("once"),
        "{findings}"
    );
}

#[test]
fn an_exception_takes_the_general_rules_place_and_two_at_once_are_a_conflict_naming_both() {
    let world = World::with(&format!(
        "[amount]\nis = \"yuan(100)\"\n{CONDITION}\
         [[condition.exception]]\nid = \"e1\"\ntext = \"甲类满1\"\nif = \"person.f\"\nwhen = \"person.a >= 1\"\n\
         [[condition.exception]]\nid = \"e2\"\ntext = \"乙类满2\"\nif = \"person.g\"\nwhen = \"person.a >= 2\"\n"
    ));
    let case = |a: i64, f: bool, g: bool| world.decide(json!({"person": {"a": a, "f": f, "g": g}}));
    assert_eq!(case(2, false, false).outcome, Outcome::Ineligible);
    assert_eq!(case(1, true, false).outcome, Outcome::Eligible);
    assert_eq!(case(1, true, false).conditions[0].text, "甲类满1");
    assert_eq!(case(1, false, true).outcome, Outcome::Ineligible);
    let both = case(9, true, true);
    assert_eq!(
        (both.outcome, both.reason.map(Reason::word)),
        (Outcome::Undetermined, Some("conflict"))
    );
    assert!(
        both.places[0].contains("e1、e2") && both.places[0].contains("city/benefits/b.toml:"),
        "{:?}",
        both.places
    );
    let half_known = world.decide(json!({"person": {"a": 9, "f": true}}));
    assert_eq!(
        (half_known.outcome, half_known.reason.map(Reason::word)),
        (Outcome::Undetermined, Some("missing"))
    );
}

#[test]
fn division_by_zero_and_overflow_are_told_with_their_place() {
    let world = World::with(
        "[amount]\nis = \"yuan(100)\"\n[[condition]]\nid = \"c\"\ntext = \"比例\"\nwhen = \"floor(person.a / person.b) >= 1\"\n",
    );
    let zero = world.decide(json!({"person": {"a": 1, "b": 0}}));
    assert_eq!(
        (zero.outcome, zero.reason.map(Reason::word)),
        (Outcome::Undetermined, Some("arithmetic"))
    );
    assert!(
        zero.places[0].starts_with("city/benefits/b.toml:17:"),
        "{:?}",
        zero.places
    );
    let world = World::with("amount = { is = \"employer.x_fen * person.a\" }\n");
    let huge = world.decide(json!({"person": {"a": i64::MAX}, "employer": {"x_fen": 1_000_000}}));
    assert_eq!(
        (huge.outcome, huge.reason.map(Reason::word), huge.amount_fen),
        (Outcome::Undetermined, Some("arithmetic"), None)
    );
    let negative = world.decide(json!({"person": {"a": -1}, "employer": {"x_fen": 1}}));
    assert_eq!(
        (negative.outcome, negative.reason.map(Reason::word), negative.amount_fen),
        (Outcome::Undetermined, Some("arithmetic"), None)
    );
}

#[test]
fn a_power_without_a_local_rule_an_order_and_an_open_part_stay_undetermined() {
    for (from, to, reason) in [
        ("entitlement", "discretionary", "discretionary"),
        ("entitlement", "directive", "directive"),
        (
            "\"computable\"",
            "\"delegated\"\nopen = [{ what = \"标准\", set_by = \"省厅\" }]",
            "delegated",
        ),
    ] {
        let mut world = World::new();
        world.put(
            "city/benefits/b.toml",
            &format!("{}amount = {{ is = \"yuan(1)\" }}\n", HEAD.replace(from, to)),
        );
        let decision = world.decide(json!({}));
        assert_eq!(
            (decision.outcome, decision.reason.map(Reason::word)),
            (Outcome::Undetermined, Some(reason))
        );
    }
    let mut world = World::new();
    let head = HEAD.replace("entitlement\"", "discretionary\"\nlocal_rule = { item = \"1\" }");
    world.put(
        "city/benefits/b.toml",
        &format!("{head}amount = {{ is = \"yuan(1)\" }}\n"),
    );
    assert_eq!(world.decide(json!({})).outcome, Outcome::Eligible);
}

#[test]
fn caps_tiers_awards_and_cumulative_limits() {
    let world = World::with(
        "amount = { is = \"employer.x_fen\", cap = [{ id = \"k\", text = \"至多\", is = \"yuan(50) * person.a\" }] }\n",
    );
    let paid = |x: i64, a: Option<i64>| {
        let mut facts = json!({"employer": {"x_fen": x}, "person": {}});
        if let Some(a) = a {
            facts["person"]["a"] = json!(a);
        }
        world.decide(facts).amount_fen
    };
    assert_eq!(paid(4_999, Some(1)), Some(4_999));
    assert_eq!(paid(5_001, Some(1)), Some(5_000));
    assert_eq!(paid(1, None), None, "an unknown cap never pays uncapped");

    let world =
        World::with("award = { rank = \"region.rank\", amounts = [\"yuan(500)\", \"yuan(300)\", \"yuan(100)\"] }\n");
    for (rank, amount) in [(1, Some(50_000)), (3, Some(10_000)), (4, None), (0, None)] {
        assert_eq!(
            world.decide(json!({"region": {"rank": rank}})).amount_fen,
            amount,
            "{rank}"
        );
    }

    let world = World::with(
        "amount = { is = \"employer.x_fen\" }\n[[at_most]]\nsubject = \"employer\"\namount = \"yuan(1000)\"\nyear_of = \"claim.date\"\n",
    );
    let so_far = |fen: i64, on: &str| {
        let facts = json!({"employer": {"x_fen": 40_000}, "claim": {"date": "2020-10-01"},
            "history": [{"benefit": "b", "subject": "employer", "on": on, "amount_fen": fen}]});
        world.decide(facts).outcome
    };
    assert_eq!(so_far(60_000, "2020-01-01"), Outcome::Eligible);
    assert_eq!(so_far(60_001, "2020-01-01"), Outcome::Ineligible);
    assert_eq!(so_far(60_001, "2019-12-31"), Outcome::Eligible);
}

#[test]
fn limits_by_times_and_months_and_other_subjects_grants() {
    let world = World::with(
        "amount = { is = \"yuan(1)\" }\nat_most = [{ subject = \"person\", times = 2 }, { subject = \"person\", months = 3, among = [\"other\"] }]\n",
    );
    let with = |history: Value| world.decide(json!({"history": history}));
    assert_eq!(with(json!([])).outcome, Outcome::Eligible);
    assert_eq!(
        with(json!([{"benefit": "b", "month": "2020-01"}])).outcome,
        Outcome::Eligible
    );
    let twice = with(json!([{"benefit": "b", "on": "2020-01-01"}, {"benefit": "b", "on": "2020-02-01"}]));
    assert_eq!(twice.decided_by.as_deref(), Some("at-most"));
    let months = with(json!([{"benefit": "other", "on": "2020-01-01", "months": 3}]));
    assert_eq!(months.decided_by.as_deref(), Some("at-most-2"));
    let employers = with(json!([{"benefit": "b", "subject": "employer", "on": "2020-01-01", "months": 9}]));
    assert_eq!(employers.outcome, Outcome::Eligible);
    assert_eq!(world.decide(json!({})).assumed, ["history"]);
    assert!(with(json!([])).assumed.is_empty());
}

#[test]
fn each_row_uses_the_version_whose_window_holds_its_date() {
    let mut world = World::with(
        "amount = { is = \"yuan(100)\" }\neffective = { on = \"claim.date\", from = 2020-01-01, to = 2020-12-31 }\n",
    );
    world.put(
        "city-later/benefits/b.toml",
        "format = 1\namends = \"city/b\"\ncite = { item = \"1\" }\namount = { is = \"yuan(200)\" }\neffective = { on = \"claim.date\", from = 2020-10-01, to = 2021-06-30 }\n",
    );
    let paid = |on: &str, known: &str| {
        let decision = world.decide_on(json!({"claim": {"date": on}}), "2021-07-01", Some(known));
        (decision.amount_fen, decision.version)
    };
    assert_eq!(
        paid("2020-09-30", "2020-12-31"),
        (Some(10_000), "city@2020-01-01..2020-12-31".to_owned())
    );
    assert_eq!(
        paid("2020-10-01", "2020-12-31"),
        (Some(20_000), "city-later@2020-10-01..2021-06-30".to_owned())
    );
    assert_eq!(paid("2021-06-30", "2020-12-31").0, Some(20_000));
    assert_eq!(paid("2021-07-01", "2020-12-31").0, None);
    assert_eq!(paid("2019-12-31", "2020-12-31").0, None);
    assert_eq!(
        paid("2020-10-01", "2020-09-14").0,
        Some(10_000),
        "the later document is not known yet"
    );
}

#[test]
fn from_which_day_a_case_would_be_eligible() {
    let world = World::with(
        "amount = { is = \"yuan(1)\" }\n[[condition]]\nid = \"c\"\ntext = \"满16岁\"\nwhen = \"age(person.birth_date) >= 16\"\n",
    );
    let from = |birth: &str| world.decide(json!({"person": {"birth_date": birth}})).eligible_from;
    assert_eq!(from("2004-12-02"), Some(day("2020-12-02")));
    assert_eq!(from("2005-02-28"), Some(day("2021-02-28")));
    assert_eq!(from("2004-12-01"), None, "already eligible");
    assert_eq!(from("2019-01-01"), None, "beyond the horizon of ten years");
}

#[test]
fn a_receipt_changes_with_facts_and_packs_and_with_nothing_else() {
    let world = World::with(&format!("[amount]\nis = \"yuan(100)\"\n{CONDITION}"));
    let receipt = |world: &World, facts: Value| world.decide(facts).to_json()["receipt"].clone();
    let one = receipt(&world, json!({"person": {"a": 3, "b": 1}}));
    assert_eq!(one, receipt(&world, json!({"person": {"b": 1, "a": 3}})));
    let two = receipt(&world, json!({"person": {"a": 4, "b": 1}}));
    assert_ne!(one["facts_sm3"], two["facts_sm3"]);
    assert_ne!(one["decision_sm3"], two["decision_sm3"]);
    let other = World::with(&format!("[amount]\nis = \"yuan(101)\"\n{CONDITION}"));
    let three = receipt(&other, json!({"person": {"a": 3, "b": 1}}));
    assert_eq!(one["facts_sm3"], three["facts_sm3"]);
    assert_ne!(one["packs"][0]["sm3"], three["packs"][0]["sm3"]);
    // The published test value of SM3.
    assert_eq!(
        rules::receipt::sm3(b"abc"),
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    );
}

#[test]
fn a_case_that_does_not_come_out_as_expected_is_told() {
    let mut world = World::with(&format!("[amount]\nis = \"yuan(100)\"\n{CONDITION}"));
    let case = |expect: &str| {
        format!(
            "format = 1\nbenefit = \"b\"\nfacts = {{ person = {{ a = 3 }}, employer = {{ region = \"330282\" }} }}\n[[case]]\nname = \"满3\"\nas_of = 2020-12-01\nexpect = {expect}\n"
        )
    };
    for (expect, differs) in [
        (
            "{ outcome = \"eligible\", amount_fen = 10000, decided_by = \"null\" }",
            0,
        ),
        ("{ outcome = \"ineligible\" }", 1),
        ("{ amount_fen = 10001 }", 1),
        ("{ amount_fen = \"null\" }", 1),
        ("{ missing = [{ fact = \"person.b\" }] }", 1),
        ("{ no_such_key = 1 }", 1),
        ("{ conditions = [{ id = \"c\", result = false }] }", 1),
    ] {
        world.put("city/cases/b.toml", &case(expect));
        let catalogue = world.catalogue();
        let (trials, findings) = rules::trial::load(&catalogue, &world.tree());
        assert!(findings.is_empty(), "{findings:?}");
        assert_eq!(trials[0].run(&catalogue).differences.len(), differs, "{expect}");
    }
}

#[test]
fn the_guide_can_be_followed() {
    let guide = include_str!("../../../../docs/writing-policy.md");
    let built_in = Tree::built_in();
    let mut files: Vec<(String, String)> = built_in
        .paths()
        .filter(|path| path.starts_with("shared/"))
        .map(|path| {
            (
                path.to_owned(),
                String::from_utf8(built_in.bytes(path).expect("bytes").to_vec()).expect("text"),
            )
        })
        .collect();
    let policy = POLICY
        .replace("\"city\"", "\"my-city\"")
        .replace("parent = \"province\"\n", "");
    files.push(("my-city/policy.toml".to_owned(), policy));
    files.push(("my-city/tasks.toml".to_owned(), TASKS.to_owned()));
    for block in guide.split("```toml file:").skip(1) {
        let (path, rest) = block.split_once('\n').expect("a path");
        let (text, _) = rest.split_once("\n```").expect("an end");
        files.push((path.to_owned(), text.to_owned()));
    }
    let tree = Tree::from_files(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let catalogue = Catalogue::load(&tree);
    let (trials, findings) = rules::trial::load(&catalogue, &tree);
    let wanted = |path: &str| path.contains("benefits/") || path.contains("cases/");
    let wrong: Vec<_> = catalogue
        .diagnostics
        .iter()
        .chain(&findings)
        .filter(|finding| wanted(&finding.place.file))
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    assert_eq!(trials.len(), 6);
    for trial in &trials {
        assert_eq!(
            trial.run(&catalogue).differences,
            Vec::<String>::new(),
            "{}",
            *trial.name
        );
    }
}
