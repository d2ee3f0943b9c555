//! Bad packs and bad facts: each a clear message with its place, never a panic or a wrong amount.

use rules::case::read;
use rules::decision::{DecideError, Decider, Reason};
use rules::language::{MAX_EXPRESSION_BYTES, parse};
use serde_json::{Value, json};

use crate::model::{HEAD, World};
use crate::support::{Dice, day, typed, vocabulary};

fn finding(body: &str) -> String {
    World::with(body).findings().join("\n")
}

#[test]
fn a_wrong_key_name_type_or_expression_is_told_with_file_line_and_column() {
    for (body, place, words) in [
        ("amunt = { is = \"yuan(1)\" }\n", "b.toml:12:1", "amount"),
        ("amount = { is = \"yuan(1)\", iss = \"x\" }\n", "b.toml:12:", "is"),
        ("once = \"persn\"\n", "b.toml:12:8", "person"),
        (
            "[[condition]]\nid = \"c\"\ntext = \"x\"\nwhen = \"person.aa >= 3\"\n",
            "b.toml:15:9",
            "person.a",
        ),
        (
            "[[condition]]\nid = \"c\"\ntext = \"x\"\nwhen = \"person.f AND person.a\"\n",
            "b.toml:15:22",
            "条件",
        ),
        (
            "[[condition]]\nid = \"c\"\ntext = \"x\"\nwhen = \"\"\"\nperson.f\nAND person.q\"\"\"\n",
            "b.toml:17:5",
            "person.q",
        ),
        ("amount = { is = \"3000\" }\n", "b.toml:12:18", "yuan"),
        (
            "amount = { is = \"round(yuan(1) * 0.335, 2, 'half_up') * 0.5\" }\n",
            "b.toml:12:",
            "round",
        ),
        (
            "amount = { is = \"yuan(1)\" }\ncredit = { total = \"yuan(1)\", tax = [{ id = \"t\", name = \"税\", due = \"yuan(1)\" }] }\n",
            "b.toml:2:",
            "只能写一种",
        ),
        (
            "effective = { on = \"claim.date\", from = 2020-12-31, to = 2020-01-01 }\n",
            "b.toml:12:",
            "早于",
        ),
        (
            "effective = { on = \"person.a\", from = 2020-12-31 }\n",
            "b.toml:12:",
            "日期",
        ),
        (
            "share = [{ part = [{ level = \"centre\", share = \"30%\", fund = \"n/s\" }] }]\n",
            "b.toml:12:",
            "100%",
        ),
        ("implements = { id = \"c\" }\n", "b.toml:12:", "上级文件"),
        (
            "[[condition]]\nid = \"c\"\ntext = \"x\"\nwhen = \"person.f\"\ncite = { item = \"99\" }\n",
            "b.toml:16:",
            "99",
        ),
    ] {
        let found = finding(body);
        assert!(found.contains(place) && found.contains(words), "{body}\n{found}");
    }
}

#[test]
fn a_credit_is_taken_from_eight_taxes_and_no_more() {
    let credit = |taxes: usize| {
        let tax = (0..taxes).map(|tax| format!("{{ id = \"t{tax}\", name = \"税\", due = \"employer.x_fen\" }}"));
        let tax: Vec<String> = tax.collect();
        finding(&format!(
            "credit = {{ total = \"yuan(1)\", tax = [{}] }}\n",
            tax.join(", ")
        ))
    };
    let (most, more) = (credit(rules::benefit::MAX_TAXES), credit(rules::benefit::MAX_TAXES + 1));
    assert!(!most.contains("上限"), "{most}");
    assert!(
        more.contains("b.toml:12:") && more.contains("有 9 种，上限 8 种"),
        "{more}"
    );
}

#[test]
fn an_expression_of_a_megabyte_or_of_endless_brackets_is_refused_at_once() {
    let long = format!("person.a > 1{}", " AND person.a > 1".repeat(60_000));
    assert!(long.len() > 1_000_000);
    let message = parse(&long).expect_err("too long").to_string();
    assert!(message.contains(&MAX_EXPRESSION_BYTES.to_string()), "{message}");
    let found = finding(&format!("[[condition]]\nid = \"c\"\ntext = \"x\"\nwhen = \"{long}\"\n"));
    assert!(
        found.contains("b.toml:15:") && found.contains("字节"),
        "{}",
        &found[..found.len().min(300)]
    );
    for text in [
        format!("{}person.f{}", "(".repeat(5_000), ")".repeat(5_000)),
        format!("{}person.f", "NOT ".repeat(1_000)),
        format!("1 > 0{}", " + 1".repeat(1_000)),
        format!("person.a{} > 0", " + person.a".repeat(900)),
        "CASE WHEN ".repeat(300),
        format!("{}person.a{}", "floor(".repeat(60), " / 2)".repeat(60)),
    ] {
        assert!(typed(&vocabulary(), &text).is_err(), "{}", &text[..40]);
    }
    let chain = format!("person.f{}", " OR person.g".repeat(300));
    assert!(
        typed(&vocabulary(), &chain).is_ok(),
        "a long list of alternatives is no nesting"
    );
}

#[test]
fn quotients_that_would_multiply_without_end_are_refused() {
    let mut text = "person.a".to_owned();
    for _ in 0..30 {
        text = format!("floor({text} / person.b + {text} / 3)");
        if text.len() > 12_000 {
            break;
        }
    }
    let _ = typed(&vocabulary(), &text);
    let many = format!("floor(1{}) > 0", " + 1 / person.a".repeat(300));
    assert!(typed(&vocabulary(), &many).is_err());
}

#[test]
fn random_texts_never_panic() {
    let pieces = [
        "person.a", "person.f", "$lpr", "'small'", "DATE '2020-02-30'", "(", ")", " AND ", " OR ", " NOT ", "=", "<",
        ">=", "+", "-", "*", "/", "1", "9999999999999999999", "0.1", "round(", "least(", ", 2, 'down')", "CASE WHEN ",
        " THEN ", " ELSE ", " END", " IS NULL", " BETWEEN ", " IN (", "'", "\"", "$", "_", "::", ";", "yuan(", "at(",
        "employer.x_fen", "in_region(employer.region, '33')", "\u{0}", "万", "[", "{", "--", "/*", "E'", "X'", "$$",
        "@", "as_of",
    ];
    let vocabulary = vocabulary();
    let mut dice = Dice(99);
    for _ in 0..20_000 {
        let text: String = (0..dice.below(14)).map(|_| *dice.pick(&pieces)).collect();
        match typed(&vocabulary, &text) {
            Ok(tree) => drop(crate::support::compile(&vocabulary, &tree, None)),
            Err(error) => assert!(
                error.offset <= text.len() && text.is_char_boundary(error.offset),
                "{text}: {error:?}"
            ),
        }
    }
}

#[test]
fn sixty_five_conditions_are_one_too_many() {
    let conditions = |count: usize| -> String {
        (0..count)
            .map(|at| format!("[[condition]]\nid = \"c{at}\"\ntext = \"x\"\nwhen = \"person.a > {at}\"\n"))
            .collect()
    };
    // One is declared: the case lies in the region of the document.
    assert_eq!(finding(&conditions(63)), "");
    let found = finding(&conditions(64));
    assert!(
        found.contains("b.toml:2:") && found.contains("65") && found.contains("64"),
        "{found}"
    );
}

#[test]
fn a_value_outside_its_parents_bound_is_refused_with_both_citations() {
    let mut world = World::with(
        "amount = { is = \"yuan(1)\" }\n[[condition]]\nid = \"c\"\ntext = \"x\"\nwhen = \"person.a <= $months\"\n",
    );
    world.put("province/parameters/months.toml", "format = 1\nid = \"months\"\nname = \"延长月数\"\nkind = \"int\"\nset_by = \"各市\"\n[[bound]]\nmax = 6\ncite = { item = \"1\" }\n");
    let set = |months: i64| {
        format!(
            "format = 1\nsets = \"months\"\n[[value]]\nfrom = 2020-06-01\nknown_from = 2020-06-01\nis = {months}\ncite = {{ item = \"1\" }}\n"
        )
    };
    world.put("city/parameters/months.toml", &set(6));
    assert_eq!(world.decide(json!({"person": {"a": 6}})).outcome.word(), "eligible");
    world.put("city/parameters/months.toml", &set(7));
    let found = world.findings().join("\n");
    assert!(
        found.contains("city/parameters/months.toml:3:")
            && found.contains("city 第1项")
            && found.contains("province 第1项"),
        "{found}"
    );
    let catalogue = world.catalogue();
    let decision = Decider::new(&catalogue)
        .decide("b", &json!({"person": {"a": 6}}), day("2020-12-01"), None)
        .expect("a decision");
    assert_eq!(decision.outcome.word(), "undetermined", "the refused value is not used");
}

#[test]
fn cyclic_parents_are_told_and_do_not_hang() {
    let mut world = World::with("amount = { is = \"yuan(1)\" }\n");
    world.put(
        "province/policy.toml",
        &crate::model::POLICY
            .replace("\"city\"", "\"province\"")
            .replace("parent = \"province\"", "parent = \"city\""),
    );
    let catalogue = world.catalogue();
    let all: Vec<String> = catalogue.diagnostics.iter().map(ToString::to_string).collect();
    assert!(
        all.iter()
            .any(|finding| finding.contains("policy.toml:") && finding.contains("成环")),
        "{all:?}"
    );
    let decision = Decider::new(&catalogue).decide("b", &json!({}), day("2020-12-01"), None);
    assert!(decision.is_ok());
}

#[test]
fn money_beyond_all_measure_is_refused_wherever_it_stands() {
    let found = finding("amount = { is = \"yuan(1000000000000000000)\" }\n");
    assert!(found.contains("b.toml:12:") && found.contains("上限"), "{found}");
    let found = finding("amount = { is = \"yuan(99999999999999999999)\" }\n");
    assert!(found.contains("超出"), "{found}");
    let world = World::with("amount = { is = \"employer.x_fen\" }\n");
    let catalogue = world.catalogue();
    for (text, ok) in [
        ("10000000000000000", true),
        ("10000000000000001", false),
        ("100000000000000000000", false),
        ("-10000000000000001", false),
        ("1e20", false),
        ("1.5", false),
        ("\"5\"", false),
    ] {
        let facts: Value = serde_json::from_str(&format!("{{\"employer\": {{\"x_fen\": {text}}}}}")).expect("JSON");
        match Decider::new(&catalogue).decide("b", &facts, day("2020-12-01"), None) {
            Ok(decision) => assert!(ok && decision.amount_fen == Some(10_000_000_000_000_000), "{text}"),
            Err(DecideError::Facts(error)) => assert!(!ok && error.at == "employer.x_fen", "{text}: {error}"),
            Err(other) => panic!("{text}: {other}"),
        }
    }
}

#[test]
fn dates_at_the_end_of_the_calendar_are_decided_or_refused() {
    let world = World::with(
        "amount = { is = \"yuan(1)\" }\n[[condition]]\nid = \"c\"\ntext = \"x\"\nwhen = \"add_months(claim.date, person.a) >= as_of\"\n",
    );
    let outcome = |date: &str, a: i64, as_of: &str| {
        let decision = world.decide_on(json!({"claim": {"date": date}, "person": {"a": a}}), as_of, None);
        (decision.outcome.word(), decision.reason.map(Reason::word))
    };
    assert_eq!(outcome("9999-12-31", 0, "9999-12-31"), ("eligible", None));
    assert_eq!(
        outcome("9999-12-31", 1, "9999-12-31"),
        ("undetermined", Some("arithmetic"))
    );
    assert_eq!(
        outcome("1900-01-01", -1, "2020-01-01"),
        ("undetermined", Some("arithmetic"))
    );
    let vocabulary = vocabulary();
    for text in ["10000-01-01", "0000-00-00", "9999-12-32"] {
        let error = read(&vocabulary, &json!({"training": {"d": text}}), None).expect_err(text);
        assert_eq!(error.at, "training.d");
    }
}

#[test]
fn facts_of_the_wrong_shape_name_the_place_and_the_nearest() {
    let vocabulary = vocabulary();
    for (facts, at, words) in [
        (json!([]), "文件", "JSON"),
        (json!({"person": 1}), "person", "对象"),
        (json!({"person": {"aa": 1}}), "person.aa", "person.a"),
        (json!({"persn": {"a": 1}}), "persn.a", "person.a"),
        (json!({"person": {"a": "1"}}), "person.a", "整数"),
        (json!({"person": {"a": 1.5}}), "person.a", "整数"),
        (json!({"person": {"f": "是"}}), "person.f", "true"),
        (json!({"loan": {"p": 0.05}}), "loan.p", "加引号"),
        (json!({"loan": {"p": "0.0000001"}}), "loan.p", "六位"),
        (json!({"employer": {"size": "tiny"}}), "employer.size", "small"),
        (json!({"employer": {"region": "3302"}}), "employer.region", "位"),
        (json!({"claim": {"m": "2020-11-01"}}), "claim.m", "月份"),
        (json!({"person": {"a": {"value": 1}}}), "person.a", "known_from"),
        (json!({"person": {"a": [1, 2]}}), "person.a", "known_from"),
        (json!({"history": {}}), "history", "列表"),
        (json!({"history": [{"on": "2020-01-01"}]}), "history[1]", "补贴项目"),
        (json!({"history": [{"benefit": "b"}]}), "history[1]", "日期"),
        (
            json!({"history": [{"benefit": "b", "on": "2020-01-01", "amount_fen": -1}]}),
            "history[1]",
            "amount_fen",
        ),
        (
            json!({"history": [{"benefit": "b", "onn": "2020-01-01"}]}),
            "history[1]",
            "on",
        ),
        (
            json!({"history": [{"benefit": "bb", "on": "2020-01-01"}]}),
            "history[1]",
            "“b”",
        ),
        (
            json!({"history": [{"benefit": "b", "on": "2020-01-01", "subject": "persn"}]}),
            "history[1]",
            "person",
        ),
        (
            json!({"history": [{"benefit": "b", "from": "2020-03-02", "to": "2020-03-01"}]}),
            "history[1]",
            "晚于",
        ),
    ] {
        let error = read(&vocabulary, &facts, None).expect_err(&facts.to_string());
        let said = error.to_string();
        assert!(error.at == at && said.contains(words), "{facts}: {said}");
    }
}

#[test]
fn a_benefit_with_a_mistake_is_not_decided() {
    let mut world = World::with("");
    world.put(
        "city/benefits/b.toml",
        &format!("{HEAD}amount = {{ is = \"person.nothing\" }}\n"),
    );
    let catalogue = world.catalogue();
    let refused = Decider::new(&catalogue).decide("b", &json!({}), day("2020-12-01"), None);
    assert!(matches!(refused, Err(DecideError::Broken { .. })), "{refused:?}");
}
