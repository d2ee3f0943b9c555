//! 我能享受什么: one question at a time, the result so far beneath it.
//!
//! What is answered travels in hidden fields of POST forms: it stands in no address, no log and on no disk, and the server
//! keeps nothing between two questions.

mod outcome;
pub(super) mod said;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use policy::fact::{Fact, FactType};
use rules::decision::cited;
use rules::interview::{Step, concerns, is_delicate};

use super::Entry;
use crate::citizen::regions;
use crate::error::Error;
use crate::form::{Field, Form, Input, Summary};
use crate::layout::{Layout, page, page_with};
use crate::visit::Visit;
use outcome::{Group, groups, in_short};
use said::{NONE, Said, UNSURE, can_be_none, field, in_words, read};

pub(super) const ENTRIES: &[Entry] = &[Entry {
    path: "/ask",
    navigation: Some("我能享受什么"),
    route: || get(begin).post(answer),
    uploads: false,
    examples: &["/ask", "/ask?region=330282"],
    forms: true,
}];

/// The first page: where, and what concerns the person.
#[derive(Template)]
#[template(path = "ask/begin.html")]
struct Begin {
    layout: Layout,
    csrf: String,
    summary: Summary,
    region: Field,
    /// Entity, words, whether ticked.
    concerns: Vec<(String, String, bool)>,
}

/// A question with what follows so far, or the result alone.
#[derive(Template)]
#[template(path = "ask/step.html")]
struct Asking {
    layout: Layout,
    csrf: String,
    summary: Summary,
    place: String,
    said: Said,
    asked: Option<Asked>,
    so_far: String,
    groups: Vec<Group>,
    answers: Vec<Answered>,
    unconcerned: Vec<String>,
    /// Supposed day of the claim.
    day: String,
}

/// The question on the page.
struct Asked {
    fact: String,
    question: String,
    hint: String,
    /// The field; nothing for yes or no.
    field: Option<Field>,
    can_be_none: bool,
    /// About how many questions are left, this one counted.
    left: usize,
    /// Why it is asked, for what is sensitive.
    why: Vec<String>,
    number: usize,
    /// What was answered before; empty where nothing was.
    before: String,
}

/// An answer in the list of answers.
struct Answered {
    fact: String,
    question: String,
    words: String,
}

async fn begin(visit: Visit) -> Result<Response, Error> {
    let region = visit.address.get("region").unwrap_or_default().to_owned();
    let form = first(&visit, &region, &[], "")?;
    page(&form)
}

/// The first page; `wrong` is what is wrong with the region.
fn first(visit: &Visit, region: &str, ticked: &[String], wrong: &str) -> Result<Begin, Error> {
    let catalogue = &visit.app.catalogue;
    let places = regions(catalogue);
    let known = places.iter().any(|(code, _)| code == region);
    let dictionary = &catalogue.vocabulary.dictionary;
    // Before a region is chosen, everything that any region has.
    let own: Vec<(&str, &str)> = if known {
        concerns(catalogue, region)
    } else {
        dictionary.concerns().collect()
    };
    let field = Field::new("region", "您在哪里申领")
        .hint("只列已收录文件的地区")
        .value(if known { region } else { "" })
        .input(Input::OneOf(places))
        .required()
        .wrong(wrong);
    Ok(Begin {
        layout: visit.layout("我能享受什么"),
        csrf: visit.csrf()?,
        summary: Summary::of([&field]),
        region: field,
        concerns: own
            .into_iter()
            .map(|(entity, words)| {
                (
                    entity.to_owned(),
                    words.to_owned(),
                    ticked.iter().any(|known| known == entity),
                )
            })
            .collect(),
    })
}

async fn answer(visit: Visit, form: Form) -> Result<Response, Error> {
    let catalogue = &visit.app.catalogue;
    let dictionary = &catalogue.vocabulary.dictionary;
    let mut said = Said::read(&form, dictionary)?;
    if !regions(catalogue).iter().any(|(code, _)| *code == said.region) {
        let again = first(&visit, "", &said.concerns, "请选择地区")?;
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
    }
    let change = form.get("change");
    if change == "begin" {
        return page(&first(&visit, &said.region, &said.concerns, "")?);
    }
    if let Some(fact) = dictionary.fact(change).filter(|fact| !said.word(&fact.name).is_empty()) {
        let old = said.word(&fact.name).to_owned();
        return again(&visit, &said, fact, &old, "");
    }
    if form.get("act") == "back" {
        let before = said.before(form.get("asked")).and_then(|name| dictionary.fact(name));
        let Some(fact) = before else {
            return page(&first(&visit, &said.region, &said.concerns, "")?);
        };
        let old = said.word(&fact.name).to_owned();
        return again(&visit, &said, fact, &old, "");
    }
    let asked = dictionary
        .fact(form.get("asked"))
        .filter(|fact| fact.question.is_some());
    if let Some(fact) = asked {
        let word = match form.get("act") {
            "unsure" => UNSURE,
            "none" if can_be_none(fact) => NONE,
            _ => form.get("value"),
        };
        if let Err(wrong) = read(fact, word, dictionary) {
            return again(&visit, &said, fact, word, &wrong);
        }
        said.put(&fact.name, word);
    }
    let step = step(&visit, &said)?;
    let next = step.next.clone();
    let asked = next
        .as_ref()
        .and_then(|next| Some((dictionary.fact(&next.fact)?, next)));
    let asked = asked.map(|(fact, next)| ask(&visit, &said, fact, &next.decides, step.left));
    page(&shown(&visit, &said, &step, asked)?)
}

/// A question that was answered before, or whose answer cannot be read.
fn again(visit: &Visit, said: &Said, fact: &Fact, word: &str, wrong: &str) -> Result<Response, Error> {
    let step = step(visit, said)?;
    let mut asked = ask(visit, said, fact, &[], step.left);
    let place = said.answers.iter().position(|(known, _)| *known == fact.name);
    asked.number = place.map_or(asked.number, |place| place + 1);
    let value = if matches!(word, UNSURE | NONE) { "" } else { word };
    asked.field = asked.field.map(|field| field.value(value).wrong(wrong));
    let mut shown = shown(visit, said, &step, Some(asked))?;
    if wrong.is_empty() {
        return page(&shown);
    }
    shown.summary = Summary::of(shown.asked.iter().filter_map(|asked| asked.field.as_ref()));
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

fn step(visit: &Visit, said: &Said) -> Result<Step, Error> {
    let app = &visit.app;
    let answers = said.answers(&app.catalogue.vocabulary.dictionary);
    let found = app
        .interviews
        .with(&app.catalogue, &said.region, |talk| talk.step(&answers, app.today()));
    // What was read once fits the dictionary; the place it names must not get into the log.
    found.map_err(|_| Error::unprocessable("有一项回答无法识别", "请从“我能享受什么”重新开始"))
}

fn ask(visit: &Visit, said: &Said, fact: &Fact, decides: &[String], left: usize) -> Asked {
    let catalogue = &visit.app.catalogue;
    let named = |id: &String| {
        let benefit = catalogue.benefits.versions(id).first()?;
        Some(format!("{}（{}）", benefit.name, cited(catalogue, &benefit.cite)))
    };
    let why = if is_delicate(fact) {
        decides.iter().filter_map(named).collect()
    } else {
        Vec::new()
    };
    let dictionary = &catalogue.vocabulary.dictionary;
    Asked {
        fact: fact.name.clone(),
        question: fact.question.clone().unwrap_or_else(|| fact.label.clone()),
        hint: fact.hint.clone().unwrap_or_default(),
        field: field(fact, &said.region, dictionary, &catalogue.library.regions),
        can_be_none: can_be_none(fact) && fact.kind != FactType::Bool,
        left,
        why,
        number: said.answers.len() + 1,
        before: match said.word(&fact.name) {
            "" => String::new(),
            word => in_words(fact, word, dictionary, &catalogue.library.regions),
        },
    }
}

fn shown(visit: &Visit, said: &Said, step: &Step, asked: Option<Asked>) -> Result<Asking, Error> {
    let catalogue = &visit.app.catalogue;
    let (dictionary, regions) = (&catalogue.vocabulary.dictionary, &catalogue.library.regions);
    let answers = said.answers(dictionary);
    let answered = said.answers.iter().filter_map(|(name, word)| {
        let fact = dictionary.fact(name)?;
        Some(Answered {
            fact: name.clone(),
            question: fact.question.clone().unwrap_or_default(),
            words: in_words(fact, word, dictionary, regions),
        })
    });
    let names = step
        .unconcerned
        .iter()
        .filter_map(|id| catalogue.benefits.versions(id).first());
    let title = if asked.is_some() {
        "我能享受什么"
    } else {
        "测算结果"
    };
    Ok(Asking {
        layout: visit.layout(title),
        csrf: visit.csrf()?,
        summary: Summary::default(),
        place: regions.full_name(&said.region),
        // What is asked again keeps its place and, until it is answered anew, its answer.
        said: said.clone(),
        so_far: in_short(step),
        groups: groups(catalogue, step, &answers),
        answers: answered.collect(),
        unconcerned: names.map(|benefit| benefit.name.clone()).collect(),
        day: visit.app.today().chinese(),
        asked,
    })
}
