//! What a citizen is asked next, and what follows so far (我能享受什么).
//!
//! An interview looks at the benefits of a region that go to the person asked. It asks only facts that have a `question` in
//! the dictionary, only while they keep a benefit open that is a right, and nothing about what does not concern the
//! person. It is a pure function of the catalogue and of the answers: nothing is kept between two steps.

mod choice;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use civil::Day;
use policy::benefit::Right;
use policy::fact::{Fact, Sensitivity};
use policy::situation::Asker;
use serde_json::{Map, Value};

use crate::case::CaseError;
use crate::catalogue::Catalogue;
use crate::decision::{Missing, Outcome, Possible, Reason};
use crate::entitlement::{Entitlement, Entitlements, Standing, benefits_of};

/// Payees who are the person asked, or their family; and who takes the person in, so that they are paid for it.
const OWN_PAYEES: &[&str] = &["person", "household", "founder", "borrower", "host", "n/s"];

/// What a person has said so far.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answers {
    /// Facts with their values as a case has them; `null` where there is none (还没有).
    pub facts: BTreeMap<String, Value>,
    /// Facts that were asked and that the person does not know (不清楚): they stay unknown and are not asked again.
    pub unsure: BTreeSet<String>,
    /// Entities that the person has to do with, of those that not everybody has ([`policy::fact::Dictionary::concerns`]).
    pub concerns: BTreeSet<String>,
}

impl Answers {
    fn is_answered(&self, fact: &str) -> bool {
        self.facts.contains_key(fact) || self.unsure.contains(fact)
    }

    /// The answers as a case. Whoever asks is supposed to claim on `as_of`, for its month.
    pub fn case(&self, as_of: Day) -> Value {
        let mut entities: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
        let claim = entities.entry("claim").or_default();
        claim.insert("date".to_owned(), Value::from(as_of.to_string()));
        claim.insert(
            "month".to_owned(),
            Value::from(as_of.to_string().get(..7).unwrap_or_default()),
        );
        for (name, value) in &self.facts {
            if let Some((entity, key)) = name.split_once('.') {
                entities
                    .entry(entity)
                    .or_default()
                    .insert(key.to_owned(), value.clone());
            }
        }
        let entities = entities.into_iter();
        Value::Object(
            entities
                .map(|(entity, facts)| (entity.to_owned(), Value::Object(facts)))
                .collect(),
        )
    }
}

/// The next question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The fact asked.
    pub fact: String,
    /// The benefits that are open for want of it, by id: why it is asked.
    pub decides: Vec<String>,
}

/// How things stand after some answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The benefits that concern the person, by standing.
    pub entitlements: Vec<Entitlement>,
    /// Benefits that the person has nothing to do with, by id.
    pub unconcerned: Vec<String>,
    /// What to ask next; nothing where no answer of the person would change anything.
    pub next: Option<Question>,
    /// Facts that may still be asked.
    pub left: usize,
}

/// The benefits of one region that go to a person, compiled. `C` is the catalogue, borrowed or shared.
#[derive(Debug)]
pub struct Interview<C> {
    entitlements: Entitlements<C>,
    region: String,
}

/// The benefits of a region that an interview is about: they stand under a situation of persons and are paid to them
/// or, of an internship, to who takes them in.
pub fn benefits_for_persons<'c>(catalogue: &'c Catalogue, region: &str) -> BTreeSet<&'c str> {
    let persons: Vec<&str> = catalogue
        .situations
        .0
        .iter()
        .filter(|situation| situation.asker == Asker::Person)
        .map(|situation| situation.id.as_str())
        .collect();
    let mut benefits = benefits_of(catalogue, region);
    benefits.retain(|id| {
        let versions = catalogue.benefits.versions(id).iter();
        let own = versions
            .into_iter()
            .any(|benefit| OWN_PAYEES.contains(&benefit.payee.as_str()));
        own && persons.iter().any(|situation| catalogue.placed.is_under(id, situation))
    });
    benefits
}

/// Entities that benefits of a region for persons are about and that not everybody has to do with, with the words by which
/// a person says so.
pub fn concerns<'c>(catalogue: &'c Catalogue, region: &str) -> Vec<(&'c str, &'c str)> {
    let benefits = benefits_for_persons(catalogue, region);
    let about: BTreeSet<&str> = benefits.iter().filter_map(|id| about(catalogue, id)).collect();
    let all = catalogue.vocabulary.dictionary.concerns();
    all.filter(|(entity, _)| about.contains(entity)).collect()
}

fn about<'c>(catalogue: &'c Catalogue, benefit: &str) -> Option<&'c str> {
    catalogue
        .benefits
        .versions(benefit)
        .first()
        .map(|benefit| benefit.per.as_str())
}

impl<C: Deref<Target = Catalogue>> Interview<C> {
    /// Compiles the benefits of a region for persons as they were known on `known_on`.
    pub fn new(catalogue: C, region: &str, known_on: Day) -> Self {
        let benefits = benefits_for_persons(&catalogue, region);
        let benefits: Vec<String> = benefits.into_iter().map(str::to_owned).collect();
        let ids = benefits.iter().map(String::as_str);
        Self {
            entitlements: Entitlements::among(catalogue, region, known_on, ids),
            region: region.to_owned(),
        }
    }

    /// How things stand after these answers, and what to ask next: what settles most for the least trouble, and what
    /// is sensitive last.
    ///
    /// # Errors
    /// [`CaseError`] where an answer does not fit the dictionary.
    pub fn step(&mut self, answers: &Answers, as_of: Day) -> Result<Step, CaseError> {
        let case = answers.case(as_of);
        let (list, unconcerned) = self.standings(&case, answers, as_of)?;
        let possible = self.possible(answers, as_of);
        let (survey, case) = self.entitlements.survey(&case);
        let mut open = survey.open_facts(&case, as_of, &possible)?;
        open.retain(|benefit, facts| !facts.is_empty() && list.iter().any(|one| is_open(one, benefit)));
        let left: BTreeSet<u32> = open.values().flatten().copied().collect();
        let next = choice::next(survey, &case, as_of, &possible, &open)?;
        let catalogue = self.entitlements.catalogue();
        let next = next.map(|fact| Question {
            decides: open
                .iter()
                .filter(|(_, facts)| facts.contains(&fact))
                .map(|(benefit, _)| benefit.clone())
                .collect(),
            fact: catalogue.vocabulary.fact_name(fact).to_owned(),
        });
        Ok(Step {
            left: left.len(),
            entitlements: list,
            unconcerned,
            next,
        })
    }

    /// The next question of a form that follows the documents: benefit by benefit, condition by condition, every fact that
    /// a condition names, until a condition fails; those of the amount last. It is here to measure [`Interview::step`]
    /// against.
    ///
    /// # Errors
    /// [`CaseError`] where an answer does not fit the dictionary.
    pub fn next_in_document_order(&mut self, answers: &Answers, as_of: Day) -> Result<Option<String>, CaseError> {
        let case = answers.case(as_of);
        let (mut list, _) = self.standings(&case, answers, as_of)?;
        list.sort_by(|one, other| one.decision.benefit.cmp(&other.decision.benefit));
        let possible = self.possible(answers, as_of);
        let vocabulary = &self.entitlements.catalogue().vocabulary;
        let may_be_asked = |name: &&str| {
            vocabulary
                .fact_index(name)
                .is_some_and(|fact| possible.contains_key(&fact))
        };
        for one in &list {
            let decision = &one.decision;
            let until_one_fails = decision
                .conditions
                .iter()
                .take_while(|condition| condition.result != Some(false));
            let named = until_one_fails.flat_map(|condition| condition.facts.iter().map(|(name, _)| name.as_str()));
            let missing = decision.missing.iter().filter_map(|missing| match missing {
                Missing::Fact(fact) if decision.outcome == Outcome::Undetermined => Some(fact.as_str()),
                _ => None,
            });
            if let Some(fact) = named.chain(missing).find(may_be_asked) {
                return Ok(Some(fact.to_owned()));
            }
        }
        Ok(None)
    }

    fn standings(
        &mut self,
        case: &Value,
        answers: &Answers,
        as_of: Day,
    ) -> Result<(Vec<Entitlement>, Vec<String>), CaseError> {
        let mut list = self.entitlements.of(case, as_of)?;
        let catalogue = self.entitlements.catalogue();
        let asked: BTreeSet<&str> = catalogue
            .vocabulary
            .dictionary
            .concerns()
            .map(|(entity, _)| entity)
            .collect();
        let mut unconcerned = Vec::new();
        list.retain(|one| {
            let about = about(catalogue, &one.decision.benefit).unwrap_or_default();
            let concerns = !asked.contains(about) || answers.concerns.contains(about);
            if !concerns {
                unconcerned.push(one.decision.benefit.clone());
            }
            concerns
        });
        Ok((list, unconcerned))
    }

    /// The facts that could still be asked, with values that stand for all a person may answer.
    fn possible(&self, answers: &Answers, as_of: Day) -> Possible {
        let vocabulary = &self.entitlements.catalogue().vocabulary;
        let dictionary = &vocabulary.dictionary;
        let concerns: BTreeMap<&str, &str> = dictionary.concerns().collect();
        let facts = dictionary.facts().filter(|fact| {
            let concerned = !concerns.contains_key(fact.entity()) || answers.concerns.contains(fact.entity());
            fact.question.is_some() && concerned && !answers.is_answered(&fact.name)
        });
        facts
            .filter_map(|fact| {
                let index = vocabulary.fact_index(&fact.name)?;
                Some((index, choice::values(vocabulary, fact, &self.region, as_of)))
            })
            .collect()
    }
}

/// True where an answer may still turn the benefit: it is a right, and nothing has refused it. Where a window is over and
/// the person has not said yet whether it was within it, the answer may.
fn is_open(one: &Entitlement, benefit: &str) -> bool {
    let standing = matches!(
        one.standing,
        Standing::Undetermined | Standing::NoInformation | Standing::Expired
    ) && one.decision.outcome == Outcome::Undetermined;
    one.decision.benefit == benefit
        && standing
        && one.right != Right::Directive
        && one.decision.reason != Some(Reason::Conflict)
}

/// Whether a fact is asked last, with a word why.
pub fn is_delicate(fact: &Fact) -> bool {
    fact.sensitivity == Sensitivity::Sensitive
}
