//! Wide decisions, a block at a time, say of each row what deciding it alone says: outcome, conditions, amount, months
//! and reason.

use std::collections::{BTreeMap, BTreeSet};

use arrow_buffer::{BooleanBuffer, NullBuffer};
use civil::Day;
use policy::file::Tree;
use rules::case::{Case, Known, read};
use rules::catalogue::Catalogue;
use rules::day_number;
use rules::decision::{ConditionResult, Decider, Decision, Outcome, Reason};
use rules::engine::Engine;
use rules::kernel::{BLOCK, Column, Columns, Data, Decisions, Workspace, outcome_of};
use rules::program::Input;
use rules::trial;
use rules::typed::Kind;
use serde_json::{Value, json};

use crate::model::World;
use crate::support::Dice;

/// Parameters that cases suppose to have a value.
type Supposed = BTreeMap<String, i128>;

/// A case to decide: for which benefit, on which day.
struct Wanted {
    benefit: String,
    as_of: Day,
    facts: Value,
    case: Case,
}

/// The cases of the packs by what they suppose, and each again with a fact fewer, with a number beyond all measure and with one below zero.
fn wanted(catalogue: &Catalogue) -> BTreeMap<Supposed, Vec<Wanted>> {
    let (trials, found) = trial::load(catalogue, &Tree::built_in());
    assert!(found.is_empty(), "{found:?}");
    let mut dice = Dice(20_201_231);
    let mut wanted: BTreeMap<Supposed, Vec<Wanted>> = BTreeMap::new();
    for trial in trials {
        let list = wanted.entry(trial.parameters.clone()).or_default();
        let mut variants = vec![trial.facts.clone()];
        for change in [None, Some(json!(9_000_000_000_000_000_i64)), Some(json!(-1))] {
            let mut facts = trial.facts.clone();
            if altered(&mut facts, change.as_ref(), &mut dice) {
                variants.push(facts);
            }
        }
        for facts in variants {
            // A change that the dictionary refuses is no case.
            if let Ok(case) = read(&catalogue.vocabulary, &facts, Some(catalogue.latest_known())) {
                let (benefit, as_of) = (trial.benefit.to_string(), trial.as_of);
                list.push(Wanted {
                    benefit,
                    as_of,
                    facts,
                    case,
                });
            }
        }
    }
    wanted
}

/// Takes a fact away, or gives a number another value; nothing where there is none to change.
fn altered(facts: &mut Value, to: Option<&Value>, dice: &mut Dice) -> bool {
    let Value::Object(entities) = facts else { return false };
    let mut places: Vec<(String, String)> = Vec::new();
    for (entity, values) in entities.iter().filter(|(entity, _)| *entity != "history") {
        let Value::Object(values) = values else { continue };
        let of_it = values.iter().filter(|(_, value)| to.is_none() || value.is_i64());
        places.extend(of_it.map(|(name, _)| (entity.clone(), name.clone())));
    }
    if places.is_empty() {
        return false;
    }
    let (entity, name) = dice.pick(&places);
    match to {
        Some(value) => facts[entity][name] = value.clone(),
        None => drop(facts[entity].as_object_mut().expect("an entity").remove(name)),
    }
    true
}

fn column(catalogue: &Catalogue, engine: &Engine, input: &Input, rows: &[Wanted]) -> Column {
    let vocabulary = &catalogue.vocabulary;
    let known: Vec<Option<Known>> = rows
        .iter()
        .map(|row| {
            let day = day_number(row.as_of);
            let Some(fact) = input.fact else {
                return Some(Known::Value(i128::from(day)));
            };
            match fact.checked_sub(vocabulary.fact_count()) {
                Some(counted) => {
                    let counted = &engine.history[usize::try_from(counted).expect("index")];
                    let count = row.case.count(counted, vocabulary, day);
                    count.map(|count| Known::Value(i128::from(count)))
                }
                None => row.case.facts.get(&fact).copied(),
            }
        })
        .collect();
    let value = |known: &Option<Known>| match known {
        Some(Known::Value(value)) => *value,
        Some(Known::Absent) | None => 0,
    };
    let longs = || known.iter().map(|known| i64::try_from(value(known)).expect("a long"));
    let data = match input.kind {
        Kind::Bool => Data::Flags(known.iter().map(|known| value(known) != 0).collect()),
        Kind::Date | Kind::Month => Data::Medium(longs().map(|day| i32::try_from(day).expect("a day")).collect()),
        Kind::Code(_) => Data::Small(longs().map(|code| i16::try_from(code).expect("a code")).collect()),
        kind if kind.is_narrow() => Data::Long(longs().collect()),
        _ => Data::Huge(known.iter().map(value).collect()),
    };
    let valid: NullBuffer = known
        .iter()
        .map(|known| matches!(known, Some(Known::Value(_))))
        .collect();
    let absent: BooleanBuffer = known.iter().map(|known| *known == Some(Known::Absent)).collect();
    Column::new(data, Some(valid)).with_absent(absent)
}

/// What a row of wide decisions holds, and what a decision of one case says.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    outcome: Outcome,
    reason: Option<Reason>,
    amount_fen: i64,
    months: i64,
    true_mask: u64,
    known_mask: u64,
}

fn written(decisions: &Decisions, row: usize) -> Said {
    Said {
        outcome: outcome_of(decisions.outcome[row]),
        reason: Reason::of_number(decisions.reason[row]),
        amount_fen: decisions.amount_fen[row],
        months: i64::from(decisions.months[row]),
        true_mask: decisions.true_mask[row],
        known_mask: decisions.known_mask[row],
    }
}

fn alone(decision: &Decision) -> Said {
    let eligible = decision.outcome == Outcome::Eligible;
    let bits = |test: fn(Option<bool>) -> bool| {
        let conditions = decision.conditions.iter().enumerate();
        // Of a row that lies elsewhere nothing else is asked.
        let elsewhere =
            |(_, condition): &(usize, &ConditionResult)| condition.id == "in-region" && condition.result == Some(false);
        let is_elsewhere = conditions.clone().any(|condition| elsewhere(&condition));
        let conditions = conditions.filter(|condition| !is_elsewhere || elsewhere(condition));
        conditions.fold(0, |bits, (at, condition)| {
            bits | (u64::from(test(condition.result)) << at)
        })
    };
    Said {
        outcome: decision.outcome,
        reason: decision.reason,
        amount_fen: decision.amount_fen.filter(|_| eligible).unwrap_or(0),
        months: decision.months.filter(|_| eligible).unwrap_or(0),
        true_mask: bits(|result| result == Some(true)),
        known_mask: bits(|result| result.is_some()),
    }
}

/// Decides the rows in blocks and each alone, which must agree; adds how often each reason and a number of months came up.
fn compare(
    catalogue: &Catalogue,
    supposed: Supposed,
    rows: &[Wanted],
    seen: &mut BTreeMap<Option<Reason>, usize>,
) -> usize {
    let known_on = catalogue.latest_known();
    let ids: BTreeSet<&str> = rows.iter().map(|row| row.benefit.as_str()).collect();
    let (engine, found) = Engine::compile_supposing(catalogue, known_on, None, ids, supposed.clone());
    assert!(found.is_empty(), "{found:?}");
    let inputs = engine.program.inputs.iter();
    let list = inputs.map(|input| column(catalogue, &engine, input, rows)).collect();
    let columns = Columns::new(&engine.program, list).expect("columns fit");
    let mut decider = Decider::new(catalogue).supposing(supposed).without_later_days();
    let (mut workspace, mut buffer) = (Workspace::new(&engine.program), Decisions::default());
    let ids: Vec<&String> = engine.benefits.keys().collect();
    let mut by_the_month = 0;
    for start in (0..rows.len()).step_by(BLOCK) {
        engine.decide_block(&columns, start, &mut workspace, &mut buffer, |at, decisions| {
            for (row, wanted) in rows[start..].iter().take(BLOCK).enumerate() {
                if wanted.benefit != *ids[at] {
                    continue;
                }
                let decision = decider
                    .decide(&wanted.benefit, &wanted.facts, wanted.as_of, Some(known_on))
                    .expect("a decision");
                let said = written(decisions, row);
                assert_eq!(said, alone(&decision), "{} on {}", wanted.benefit, wanted.facts);
                let version = &engine.benefits[ids[at]][usize::from(decisions.version[row])];
                assert_eq!(version.version, decision.version, "{}", wanted.facts);
                *seen.entry(said.reason).or_default() += 1;
                by_the_month += usize::from(said.months > 0);
            }
        });
    }
    by_the_month
}

#[test]
fn wide_decisions_say_of_every_case_of_the_packs_what_deciding_it_alone_says() {
    let catalogue = Catalogue::load(&Tree::built_in());
    let mut seen: BTreeMap<Option<Reason>, usize> = BTreeMap::new();
    let mut by_the_month = 0;
    for (supposed, rows) in wanted(&catalogue) {
        by_the_month += compare(&catalogue, supposed, &rows, &mut seen);
    }
    for reason in Reason::ALL
        .into_iter()
        .filter(|reason| !matches!(reason, Reason::Conflict | Reason::Document))
    {
        assert!(seen.contains_key(&Some(reason)), "{reason:?} never came up: {seen:?}");
    }
    assert!(by_the_month > 10, "{by_the_month}");
}

#[test]
fn conflicts_faults_and_two_versions_in_one_block_are_told_apart_row_by_row() {
    let mut world = World::with(
        "amount = { is = \"employer.x_fen * person.a\" }\neffective = { on = \"claim.date\", from = 2020-01-01, to = 2020-09-30 }\n\
         [[condition]]\nid = \"c\"\ntext = \"满1\"\nwhen = \"person.a >= 1\"\n\
         [[condition.exception]]\nid = \"e1\"\ntext = \"甲类\"\nif = \"person.f\"\nwhen = \"person.a >= 0\"\n\
         [[condition.exception]]\nid = \"e2\"\ntext = \"乙类\"\nif = \"person.g\"\nwhen = \"person.a >= -1\"\n\
         [[condition]]\nid = \"d\"\ntext = \"比例\"\nwhen = \"floor(person.a / person.b) >= 0\"\n",
    );
    world.put(
        "city-later/benefits/b.toml",
        "format = 1\namends = \"city/b\"\ncite = { item = \"1\" }\namount = { is = \"employer.x_fen\" }\neffective = { on = \"claim.date\", from = 2020-10-01, to = 2021-06-30 }\n",
    );
    let catalogue = world.catalogue();
    let mut dice = Dice(11);
    // A share of the rows that is many, some and few of a block's.
    for elsewhere in [2, 70, 95] {
        let rows: Vec<Wanted> = (0..3 * BLOCK / 2)
            .map(|_| {
                let place = if dice.below(100) < elsewhere {
                    "110000"
                } else {
                    "330282"
                };
                let mut facts = json!({
                    "person": {
                        "a": dice.pick(&[-1_i64, 0, 1, 3, 9_000_000_000_000]), "b": dice.pick(&[0, 1, 2]),
                        "f": dice.below(3) == 0, "g": dice.below(3) == 0
                    },
                    "employer": {"x_fen": dice.pick(&[0_i64, 1, 1_000_000_000_000]), "region": place},
                    "claim": {"date": dice.pick(&["2019-12-31", "2020-09-30", "2020-10-01"])}
                });
                if dice.below(2) == 0 {
                    assert!(altered(&mut facts, None, &mut dice), "a fact fewer");
                }
                let case = read(&catalogue.vocabulary, &facts, None).expect("a case");
                let (benefit, as_of) = ("b".to_owned(), Day::new(2020, 12, 1).expect("day"));
                Wanted {
                    benefit,
                    as_of,
                    facts,
                    case,
                }
            })
            .collect();
        let mut seen = BTreeMap::new();
        compare(&catalogue, Supposed::new(), &rows, &mut seen);
        for reason in [
            None,
            Some(Reason::Fact),
            Some(Reason::Arithmetic),
            Some(Reason::Conflict),
        ] {
            assert!(seen.get(&reason).is_some_and(|rows| *rows > 3), "{reason:?}: {seen:?}");
        }
    }
}

#[test]
fn a_reason_keeps_its_number() {
    let numbers = Reason::ALL.map(Reason::number);
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 8]);
    assert!(
        Reason::ALL
            .into_iter()
            .all(|reason| Reason::of_number(reason.number()) == Some(reason))
    );
    assert_eq!(Reason::of_number(0), None);
    assert_eq!(Reason::of_number(9), None);
}

#[test]
fn an_engine_may_hold_only_what_a_run_is_for() {
    let catalogue = Catalogue::load(&Tree::built_in());
    let known_on = catalogue.latest_known();
    let here = rules::entitlement::benefits_of(&catalogue, "210300");
    let wanted = |benefit: &policy::benefit::Benefit| benefit.per == "employment" && here.contains(benefit.id.as_str());
    let (engine, found) = Engine::compile_where(&catalogue, known_on, None, wanted);
    assert!(found.is_empty(), "{found:?}");
    let expected: Vec<&str> = catalogue
        .benefits
        .all()
        .filter(|benefit| wanted(benefit))
        .map(|benefit| benefit.id.as_str())
        .collect();
    assert!(expected.iter().any(|id| id.starts_with("as-")) && expected.iter().any(|id| id.starts_with("ln-")));
    assert_eq!(engine.benefits.keys().collect::<Vec<_>>(), expected);
    let (before, _) = Engine::compile_where(&catalogue, Day::new(2019, 1, 1).expect("day"), None, wanted);
    assert!(before.benefits.is_empty(), "nothing was known in 2019");
}
