//! What a citizen is asked: few questions, what is sensitive last, and the same result in whatever order.

use std::collections::{BTreeMap, BTreeSet};

use civil::Day;
use policy::benefit::Right;
use policy::fact::{Fact, FactType};
use policy::file::Tree;
use rules::catalogue::Catalogue;
use rules::decision::Outcome;
use rules::interview::{Answers, Interview, Step, benefits_for_persons, concerns, is_delicate};
use serde_json::{Value, json};

use crate::support::{Dice, day};

const REGIONS: [&str; 4] = ["330282", "210300", "512000", "500111"];
const TODAY: &str = "2020-12-15";
const PEOPLE: u64 = 10;

/// A person who has an answer to every question; the same seed is the same person.
struct Person(u64);

impl Person {
    fn dice(&self, name: &str) -> Dice {
        let seed = name
            .bytes()
            .fold(self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1, |seed, byte| {
                (seed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        let mut dice = Dice(seed | 1);
        dice.next();
        dice.next();
        dice
    }

    fn concerns(&self, catalogue: &Catalogue, region: &str) -> BTreeSet<String> {
        let all = concerns(catalogue, region).into_iter();
        all.filter(|(entity, _)| self.dice(entity).below(100) < 45)
            .map(|(entity, _)| entity.to_owned())
            .collect()
    }

    /// The answer; nothing for 不清楚.
    fn answer(&self, catalogue: &Catalogue, region: &str, fact: &Fact) -> Option<Value> {
        let mut dice = self.dice(&fact.name);
        if dice.below(100) < 6 {
            return None;
        }
        let today = day(TODAY);
        Some(match &fact.kind {
            FactType::Bool => json!(dice.below(100) < 45),
            FactType::Code(list) => {
                let list = catalogue.vocabulary.dictionary.list(list).expect("the list is there");
                json!(dice.pick(&list.codes).code)
            }
            FactType::Date => {
                let back = i32::try_from(dice.below(1_600)).expect("small") - 60;
                json!(today.add_days(-back).expect("in the calendar").to_string())
            }
            FactType::Month => json!("2020-11"),
            FactType::Int => json!(*dice.pick(&[0, 1, 3, 6, 12, 18, 36, 60])),
            FactType::Fen => json!(*dice.pick(&[1_000_000, 8_000_000, 10_000_000, 15_000_000, 30_000_000])),
            FactType::Decimal => json!(*dice.pick(&["0.0385", "0.0435", "0.0485", "0.06"])),
            FactType::Region => json!(*dice.pick(&[region, "330000", "420000", "210000", "510000"])),
        })
    }
}

/// The questions asked in order, and how things stand at the end.
fn interview(
    catalogue: &Catalogue,
    region: &str,
    person: &Person,
    mut next: impl FnMut(&mut Interview<&Catalogue>, &Answers) -> Option<String>,
    interview: &mut Interview<&Catalogue>,
) -> (Vec<String>, Step) {
    let mut answers = Answers {
        concerns: person.concerns(catalogue, region),
        ..Answers::default()
    };
    let mut asked = Vec::new();
    while let Some(fact) = next(interview, &answers) {
        assert!(asked.len() < 200 && !asked.contains(&fact), "{fact} is asked twice");
        let known = catalogue
            .vocabulary
            .dictionary
            .fact(&fact)
            .expect("a fact of the dictionary");
        match person.answer(catalogue, region, known) {
            Some(value) => {
                answers.facts.insert(fact.clone(), value);
            }
            None => {
                answers.unsure.insert(fact.clone());
            }
        }
        asked.push(fact);
    }
    let step = interview.step(&answers, day(TODAY)).expect("the answers fit");
    (asked, step)
}

/// What counts of a result: outcome and amount of every benefit that is a right and that nothing refused. One whose place
/// another takes is left out of the list, which is known only where its own question was asked.
fn result(step: &Step) -> BTreeMap<String, (Outcome, Option<i64>)> {
    step.entitlements
        .iter()
        .filter(|one| one.right == Right::Entitlement && one.decision.outcome != Outcome::Ineligible)
        .map(|one| {
            let decision = &one.decision;
            let amount = decision.amount_fen.filter(|_| decision.outcome == Outcome::Eligible);
            (decision.benefit.clone(), (decision.outcome, amount))
        })
        .collect()
}

#[test]
fn it_asks_a_third_fewer_questions_than_the_documents_order_with_the_same_result() {
    let catalogue = Catalogue::load(&Tree::built_in());
    let (mut all, mut all_by_document, mut most) = (0, 0, 0);
    for region in REGIONS {
        let mut talk = Interview::new(&catalogue, region, catalogue.latest_known());
        let (mut chosen, mut by_document) = (0, 0);
        for seed in 1..=PEOPLE {
            let person = Person(seed);
            let (asked, step) = interview(
                &catalogue,
                region,
                &person,
                |talk, answers| talk.step(answers, day(TODAY)).expect("fits").next.map(|next| next.fact),
                &mut talk,
            );
            let (other, in_order) = interview(
                &catalogue,
                region,
                &person,
                |talk, answers| talk.next_in_document_order(answers, day(TODAY)).expect("fits"),
                &mut talk,
            );
            assert_eq!(result(&step), result(&in_order), "{region}, person {seed}");
            assert_eq!((step.left, &step.next), (0, &None));
            chosen += asked.len();
            by_document += other.len();
            most = most.max(asked.len());
        }
        all += chosen;
        all_by_document += by_document;
    }
    assert!(
        all * 3 <= all_by_document * 2,
        "{all} questions, {all_by_document} in the documents' order"
    );
    assert!(most <= 30, "{most} questions to one person");
}

#[test]
fn what_is_sensitive_is_asked_last_and_what_only_an_office_knows_never() {
    let catalogue = Catalogue::load(&Tree::built_in());
    let mut seen = 0;
    for region in REGIONS {
        let mut talk = Interview::new(&catalogue, region, catalogue.latest_known());
        for seed in 1..=10 {
            let (asked, _) = interview(
                &catalogue,
                region,
                &Person(seed),
                |talk, answers| {
                    let step = talk.step(answers, day(TODAY)).expect("fits");
                    let next = step.next?;
                    assert!(!next.decides.is_empty(), "{} decides nothing", next.fact);
                    assert!(step.left > 0);
                    Some(next.fact)
                },
                &mut talk,
            );
            for fact in &asked {
                let fact = catalogue.vocabulary.dictionary.fact(fact).expect("a fact");
                assert!(fact.question.is_some(), "{}", fact.name);
                seen += usize::from(is_delicate(fact));
            }
        }
    }
    assert!(seen > 0, "nobody was asked anything sensitive");
    // At one moment nothing sensitive is asked while something plain could be.
    let mut talk = Interview::new(&catalogue, "330282", catalogue.latest_known());
    let step = talk.step(&Answers::default(), day(TODAY)).expect("fits");
    let first = catalogue
        .vocabulary
        .dictionary
        .fact(&step.next.expect("a question").fact)
        .expect("a fact");
    assert!(!is_delicate(first));
}

#[test]
fn nothing_is_asked_of_what_does_not_concern_the_person() {
    let catalogue = Catalogue::load(&Tree::built_in());
    let mut talk = Interview::new(&catalogue, "330282", catalogue.latest_known());
    let person = Person(7);
    let mut answers = Answers::default();
    while let Some(next) = talk.step(&answers, day(TODAY)).expect("fits").next {
        assert!(next.fact.starts_with("person."), "{} concerns nobody here", next.fact);
        let fact = catalogue.vocabulary.dictionary.fact(&next.fact).expect("a fact");
        answers.facts.insert(
            next.fact,
            person.answer(&catalogue, "330282", fact).unwrap_or(json!(null)),
        );
    }
    let step = talk.step(&answers, day(TODAY)).expect("fits");
    assert!(step.unconcerned.contains(&"cx-startup-rent".to_owned()));
    assert!(
        step.entitlements
            .iter()
            .all(|one| one.decision.benefit != "cx-startup-rent")
    );
}

#[test]
fn an_answer_that_settles_a_benefit_spares_its_other_questions() {
    let catalogue = Catalogue::load(&Tree::built_in());
    let mut talk = Interview::new(&catalogue, "330282", catalogue.latest_known());
    let mut answers = Answers::default();
    let before = talk.step(&answers, day(TODAY)).expect("fits").left;
    answers.facts.insert("person.is_graduate".to_owned(), json!(false));
    let after = talk.step(&answers, day(TODAY)).expect("fits");
    assert!(after.left + 3 < before, "{before} questions, then {}", after.left);
    let hardship = ["person.is_orphan", "person.is_disabled"];
    let next = after.next.map(|next| next.fact).unwrap_or_default();
    assert!(!hardship.contains(&next.as_str()));
}

#[test]
fn a_person_meets_only_benefits_that_go_to_persons() {
    let catalogue = Catalogue::load(&Tree::built_in());
    for region in REGIONS {
        let benefits = benefits_for_persons(&catalogue, region);
        assert!(benefits.len() >= 8, "{region}: {}", benefits.len());
        for id in benefits {
            let benefit = &catalogue.benefits.versions(id)[0];
            assert!(
                !["employer", "government", "bank"].contains(&benefit.payee.as_str()),
                "{id}"
            );
        }
    }
}

#[test]
fn whoever_may_do_an_internship_learns_of_its_subsidy() {
    let catalogue = Catalogue::load(&Tree::built_in());
    for (region, id) in [
        ("330282", "cx-internship"),
        ("512000", "zy-internship"),
        ("210300", "ln-internship"),
    ] {
        assert!(benefits_for_persons(&catalogue, region).contains(id), "{id}");
        let mut talk = Interview::new(&catalogue, region, catalogue.latest_known());
        let mut answers = Answers::default();
        let step = talk.step(&answers, day(TODAY)).expect("fits");
        assert!(step.unconcerned.contains(&id.to_owned()), "{id}");
        answers.concerns.insert("internship".to_owned());
        let step = talk.step(&answers, day(TODAY)).expect("fits");
        assert!(step.entitlements.iter().any(|one| one.decision.benefit == id), "{id}");
    }
}

#[test]
fn every_benefit_stands_under_a_situation_and_every_situation_has_some() {
    let catalogue = Catalogue::load(&Tree::built_in());
    assert!(catalogue.benefits.all().count() > 100);
    for benefit in catalogue.benefits.all() {
        let under = catalogue.placed.situations(&benefit.id);
        assert!(!under.is_empty(), "{} stands under no situation", *benefit.id);
    }
    for situation in &catalogue.situations.0 {
        let count = catalogue
            .benefits
            .by_id
            .keys()
            .filter(|id| catalogue.placed.is_under(id, &situation.id))
            .count();
        assert!(count >= 3, "{}: {count}", *situation.id);
    }
}

#[test]
fn a_benefit_under_no_situation_is_told_by_the_check() {
    let narrow = "format = 1\n[[situation]]\nid = \"a\"\nlabel = \"a\"\ntext = \"a\"\nasker = \"person\"\n[[situation.where]]\npayee = [\"household\"]\n";
    let tree = Tree::built_in().with("shared/situations.toml", narrow, |_| true);
    let catalogue = Catalogue::load(&tree);
    let found: Vec<String> = catalogue.diagnostics.iter().map(ToString::to_string).collect();
    assert!(
        found.iter().any(|line| line.contains("没有归入任何办事情形")),
        "{found:?}"
    );
    let wrong = "format = 1\n[[situation]]\nid = \"a\"\nlabel = \"a\"\ntext = \"a\"\nasker = \"person\"\n[[situation.where]]\npayee = [\"persn\"]\nfacts = [\"person.is_gradute\"]\n";
    let catalogue = Catalogue::load(&Tree::built_in().with("shared/situations.toml", wrong, |_| true));
    let found: Vec<String> = catalogue.errors().map(ToString::to_string).collect();
    assert!(
        found.iter().any(|line| line.contains("没有享受对象“persn”")),
        "{found:?}"
    );
    assert!(
        found.iter().any(|line| line.contains("没有信息项“person.is_gradute”")),
        "{found:?}"
    );
}

#[test]
fn a_question_in_the_dictionary_is_checked() {
    let text = String::from_utf8(Tree::built_in().bytes("shared/facts.toml").expect("there").to_vec()).expect("text");
    for (from, to, message) in [
        ("question = \"您是孤儿吗？\"", "question = \"孤儿\"", "不是问句"),
        ("question = \"您是孤儿吗？\"", "question = \"？\\n\"", "不是问句"),
        ("question = \"您是孤儿吗？\"", "hint = \"x\"", "有 hint 而没有 question"),
        ("loan = \"办了", "lone = \"办了", "没有“lone”这类对象"),
    ] {
        assert!(text.contains(from));
        let tree = Tree::built_in().with("shared/facts.toml", &text.replacen(from, to, 1), |_| true);
        let found: Vec<String> = Catalogue::load(&tree).errors().map(ToString::to_string).collect();
        assert!(found.iter().any(|line| line.contains(message)), "{message}: {found:?}");
    }
}

#[test]
fn an_answer_of_the_wrong_type_is_an_error_and_no_panic() {
    let catalogue = Catalogue::load(&Tree::built_in());
    let mut talk = Interview::new(&catalogue, "330282", catalogue.latest_known());
    let mut answers = Answers::default();
    answers
        .facts
        .insert("person.is_graduate".to_owned(), json!("' OR 1=1 --"));
    assert!(talk.step(&answers, Day::parse(TODAY).expect("a day")).is_err());
}
