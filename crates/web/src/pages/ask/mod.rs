//! 我能享受什么: one question at a time, the result so far beneath it.
//!
//! What is answered travels in hidden fields of POST forms, and sealed in a cookie for the browser's back key ([`talk`]): it
//! stands in no address, no log and on no disk of ours, and the server keeps nothing between two questions.

mod outcome;
pub(super) mod said;
mod talk;

use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
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
use talk::Talk;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        path: "/ask",
        navigation: Some("我能享受什么"),
        route: || get(begin).post(answer),
        uploads: false,
        examples: &["/ask", "/ask?region=330282"],
        forms: true,
    },
    Entry {
        path: "/ask/{talk}/{number}",
        navigation: None,
        route: || get(at),
        uploads: false,
        examples: &[],
        forms: false,
    },
];

/// The first page: where, and what concerns the person.
#[derive(Template)]
#[template(path = "ask/begin.html")]
struct Begin {
    layout: Layout,
    csrf: String,
    summary: Summary,
    /// The interview that goes on; empty for a new one.
    talk: String,
    said: Said,
    region: Field,
    /// Entity, words, whether ticked.
    concerns: Vec<(String, String, bool)>,
    /// How long answers can be opened after the last of them.
    life: String,
}

/// What stands where answers can no longer be opened.
#[derive(Template)]
#[template(path = "ask/gone.html")]
struct Gone {
    layout: Layout,
    /// How long they can be opened.
    life: String,
}

/// A question with what follows so far, or the result alone.
#[derive(Template)]
#[template(path = "ask/step.html")]
struct Asking {
    layout: Layout,
    csrf: String,
    summary: Summary,
    place: String,
    talk: String,
    said: Said,
    asked: Option<Asked>,
    so_far: String,
    groups: Vec<Group>,
    answers: Vec<Answered>,
    unconcerned: Vec<String>,
    /// Supposed day of the claim.
    day: String,
    /// How long answers can be opened after the last of them.
    life: String,
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
    let said = Said {
        region: visit.address.get("region").unwrap_or_default().to_owned(),
        ..Said::default()
    };
    let form = first(&visit, None, &said, "")?;
    page(&form)
}

/// The first page; `wrong` is what is wrong with the region.
fn first(visit: &Visit, talk: Option<&Talk>, said: &Said, wrong: &str) -> Result<Begin, Error> {
    let region = said.region.as_str();
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
        layout: visit.layout("我能享受什么").with_script("afresh"),
        csrf: visit.csrf()?,
        summary: Summary::of([&field]),
        talk: talk.map_or("", Talk::word).to_owned(),
        said: said.clone(),
        region: field,
        concerns: own
            .into_iter()
            .map(|(entity, words)| {
                (
                    entity.to_owned(),
                    words.to_owned(),
                    said.concerns.iter().any(|known| known == entity),
                )
            })
            .collect(),
        life: life(visit),
    })
}

/// How long answers can be opened after the last of them, in words.
fn life(visit: &Visit) -> String {
    let minutes = visit.app.limits.answers_life.as_secs().div_ceil(60);
    if minutes.is_multiple_of(60) {
        format!("{} 小时", minutes / 60)
    } else {
        format!("{minutes} 分钟")
    }
}

async fn answer(visit: Visit, form: Form) -> Result<Response, Error> {
    let talk = Talk::of(&visit, form.get("talk"))?;
    if form.get("act") == "forget" {
        return talk.forget(&visit);
    }
    let (said, number) = taken(&visit, &form)?;
    match talk.go_on(&visit, &said, number)? {
        Some(onward) => Ok(onward),
        // More than a cookie holds: the page is the answer itself, and only the back key is lost.
        None => show(&visit, &talk, &said, number),
    }
}

/// What is said now, and the number of the question that is shown next; 0 for the first page.
fn taken(visit: &Visit, form: &Form) -> Result<(Said, usize), Error> {
    let dictionary = &visit.app.catalogue.vocabulary.dictionary;
    let mut said = Said::read(form, dictionary)?;
    let (act, change) = (form.get("act"), form.get("change"));
    if !is_known(visit, &said.region) || change == "begin" {
        return Ok((said, 0));
    }
    if act == "begin" {
        said.keep_concerned(dictionary);
    }
    if !said.word(change).is_empty() {
        let number = said.number(change);
        return Ok((said, number));
    }
    if act == "back" {
        let number = said.number(form.get("asked")) - 1;
        return Ok((said, number));
    }
    let asked = dictionary
        .fact(form.get("asked"))
        .filter(|fact| fact.question.is_some());
    if let Some(fact) = asked {
        let word = match act {
            "unsure" => UNSURE,
            "none" if can_be_none(fact) => NONE,
            _ => form.get("value"),
        };
        if read(fact, word, dictionary).is_err() {
            said.try_out(&fact.name, word);
            let number = said.number(&fact.name);
            return Ok((said, number));
        }
        said.put(&fact.name, word);
    }
    let next = said.answers.len() + 1;
    Ok((said, next))
}

fn is_known(visit: &Visit, region: &str) -> bool {
    regions(&visit.app.catalogue).iter().any(|(code, _)| code == region)
}

/// A page of an interview, opened anew: by the redirect after an answer, by the back key, or by reloading.
async fn at(visit: Visit, Path((word, number)): Path<(String, String)>, headers: HeaderMap) -> Result<Response, Error> {
    let found = Talk::named(&word).zip(number.parse().ok());
    let found = found.and_then(|(talk, number)| {
        let said = talk.said(&visit, &headers)?;
        Some((talk, number, said))
    });
    match found {
        Some((talk, number, said)) => show(&visit, &talk, &said, number),
        None => {
            let gone = Gone {
                layout: visit.layout("这一页已经打不开"),
                life: life(&visit),
            };
            page_with(StatusCode::GONE, &gone)
        }
    }
}

/// The page of a question by its number: one that was answered with its answer, the next one, or the result.
fn show(visit: &Visit, talk: &Talk, said: &Said, number: usize) -> Result<Response, Error> {
    let dictionary = &visit.app.catalogue.vocabulary.dictionary;
    if !is_known(visit, &said.region) {
        let form = first(visit, Some(talk), said, "请选择地区")?;
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &form);
    }
    let Some(place) = number.checked_sub(1) else {
        return page(&first(visit, Some(talk), said, "")?);
    };
    if let Some((name, word)) = &said.tried
        && let Some(fact) = dictionary.fact(name)
        && said.number(name) == number
    {
        let wrong = read(fact, word, dictionary).err().unwrap_or_default();
        return again(visit, talk, said, fact, word, &wrong);
    }
    let answered = said.answers.get(place);
    if let Some((fact, word)) = answered.and_then(|(name, word)| Some((dictionary.fact(name)?, word))) {
        return again(visit, talk, said, fact, word, "");
    }
    let step = step(visit, said)?;
    let asked = step
        .next
        .as_ref()
        .and_then(|next| Some((dictionary.fact(&next.fact)?, next)));
    let asked = asked.map(|(fact, next)| ask(visit, said, fact, &next.decides, step.left));
    page(&shown(visit, talk, said, &step, asked)?)
}

/// A question that was answered before, or whose answer cannot be read.
fn again(visit: &Visit, talk: &Talk, said: &Said, fact: &Fact, word: &str, wrong: &str) -> Result<Response, Error> {
    let step = step(visit, said)?;
    let mut asked = ask(visit, said, fact, &[], step.left);
    let value = if matches!(word, UNSURE | NONE) { "" } else { word };
    asked.field = asked.field.map(|field| field.value(value).wrong(wrong));
    let mut shown = shown(visit, talk, said, &step, Some(asked))?;
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
        number: said.number(&fact.name),
        before: match said.word(&fact.name) {
            "" => String::new(),
            word => in_words(fact, word, dictionary, &catalogue.library.regions),
        },
    }
}

fn shown(visit: &Visit, talk: &Talk, said: &Said, step: &Step, asked: Option<Asked>) -> Result<Asking, Error> {
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
        layout: visit.layout(title).with_script("afresh"),
        csrf: visit.csrf()?,
        summary: Summary::default(),
        place: regions.full_name(&said.region),
        talk: talk.word().to_owned(),
        // What is asked again keeps its place and, until it is answered anew, its answer.
        said: said.clone(),
        so_far: in_short(step),
        groups: groups(catalogue, step, &answers),
        answers: answered.collect(),
        unconcerned: names.map(|benefit| benefit.name.clone()).collect(),
        day: visit.app.today().chinese(),
        life: life(visit),
        asked,
    })
}
