//! What a person has said, as it travels in the hidden fields of the form and, sealed, in a cookie: nothing of it is kept on
//! the server.

use std::collections::BTreeMap;

use civil::{Day, Money, Month};
use policy::Regions;
use policy::fact::{Dictionary, Fact, FactType, WhenAbsent};
use rules::interview::Answers;
use serde_json::Value;

use crate::error::Error;
use crate::form::{Field, Form, Input};

/// Most answers of one person; no pack asks so many.
const MOST_ANSWERS: usize = 300;
/// Longest answer that is read.
const MOST_CHARACTERS: usize = 40;
/// Words of a list that do not answer the question of this fact: no bank trains anybody.
const NOT_OFFERED: [(&str, &[&str]); 1] = [(
    "institution.kind",
    &["bank", "guarantor", "re-guarantor", "loan-fund-operator", "incubator"],
)];
/// Stands for 不清楚.
pub(super) const UNSURE: &str = "?";
/// Stands for 还没有.
pub(in crate::pages) const NONE: &str = "-";

/// Everything said so far, in the order in which it was said.
#[derive(Debug, Clone, Default)]
pub(super) struct Said {
    pub(super) region: String,
    pub(super) concerns: Vec<String>,
    /// Facts with the words of their answers.
    pub(super) answers: Vec<(String, String)>,
    /// A fact and a word that does not answer it: it is asked again, with what is wrong.
    pub(super) tried: Option<(String, String)>,
}

/// As a browser keeps it: region, concerns, answers, what was tried; each fact by its place in the dictionary.
type Kept = (String, Vec<String>, Vec<(usize, String)>, Option<(usize, String)>);

impl Said {
    /// As a browser keeps it.
    pub(super) fn kept(&self, dictionary: &Dictionary) -> Vec<u8> {
        let places: BTreeMap<&str, usize> = dictionary.facts().map(|fact| fact.name.as_str()).zip(0..).collect();
        let placed = |(fact, word): &(String, String)| Some((*places.get(fact.as_str())?, word.clone()));
        let kept: Kept = (
            self.region.clone(),
            self.concerns.clone(),
            self.answers.iter().filter_map(placed).collect(),
            self.tried.as_ref().and_then(placed),
        );
        // Texts and numbers always have a form as JSON.
        serde_json::to_vec(&kept).unwrap_or_default()
    }

    /// From what a browser kept; nothing where it is none of ours.
    pub(super) fn of_kept(kept: &[u8], dictionary: &Dictionary) -> Option<Self> {
        let (region, concerns, answers, tried): Kept = serde_json::from_slice(kept).ok()?;
        let facts: Vec<&Fact> = dictionary.facts().collect();
        let named = |(place, word): (usize, String)| Some((facts.get(place)?.name.clone(), word));
        Some(Self {
            region,
            concerns,
            answers: answers.into_iter().map(named).collect::<Option<_>>()?,
            tried: match tried {
                Some(tried) => Some(named(tried)?),
                None => None,
            },
        })
    }

    /// Takes back what was said of things that do not concern the person.
    pub(super) fn keep_concerned(&mut self, dictionary: &Dictionary) {
        let unconcerned = |fact: &str| {
            let entity = fact.split('.').next().unwrap_or_default();
            dictionary.concerns().any(|(known, _)| known == entity)
                && !self.concerns.iter().any(|ticked| ticked == entity)
        };
        self.answers.retain(|(fact, _)| !unconcerned(fact));
    }

    /// The number of the question about this fact, from 1: its place among the answers, or behind them.
    pub(super) fn number(&self, fact: &str) -> usize {
        let place = self.answers.iter().position(|(known, _)| known == fact);
        place.unwrap_or(self.answers.len()) + 1
    }

    /// A word that does not answer a fact's question, cut to what could be one at most.
    pub(super) fn try_out(&mut self, fact: &str, word: &str) {
        let word = word.chars().take(MOST_CHARACTERS + 1).collect();
        self.tried = Some((fact.to_owned(), word));
    }

    /// Reads the hidden fields. Whoever changed them by hand is told so.
    pub(super) fn read(form: &Form, dictionary: &Dictionary) -> Result<Self, Error> {
        let mut said = Self {
            region: form.get("region").to_owned(),
            ..Self::default()
        };
        let known = |word: &&str| dictionary.concerns().any(|(entity, _)| entity == *word);
        for concern in form.all("concern").filter(known) {
            if !said.concerns.iter().any(|ticked| ticked == concern) {
                said.concerns.push(concern.to_owned());
            }
        }
        for pair in form.all("a") {
            let (fact, word) = pair.split_once('=').ok_or_else(changed)?;
            let fact = dictionary
                .fact(fact)
                .filter(|fact| fact.question.is_some())
                .ok_or_else(changed)?;
            read(fact, word, dictionary).map_err(|_| changed())?;
            said.put(&fact.name, word);
            if said.answers.len() > MOST_ANSWERS {
                return Err(changed());
            }
        }
        Ok(said)
    }

    /// An answer; one that was given before is changed in its place.
    pub(super) fn put(&mut self, fact: &str, word: &str) {
        match self.answers.iter_mut().find(|(known, _)| known == fact) {
            Some((_, old)) => word.clone_into(old),
            None => self.answers.push((fact.to_owned(), word.to_owned())),
        }
    }

    /// The word of an answer; empty where there is none.
    pub(super) fn word(&self, fact: &str) -> &str {
        let found = self.answers.iter().find(|(known, _)| known == fact);
        found.map_or("", |(_, word)| word)
    }

    /// As an interview takes it.
    pub(super) fn answers(&self, dictionary: &Dictionary) -> Answers {
        let mut answers = Answers {
            concerns: self.concerns.iter().cloned().collect(),
            ..Answers::default()
        };
        for (name, word) in &self.answers {
            match dictionary.fact(name).map(|fact| read(fact, word, dictionary)) {
                Some(Ok(Some(value))) => {
                    answers.facts.insert(name.clone(), value);
                }
                Some(Ok(None) | Err(_)) | None => {
                    answers.unsure.insert(name.clone());
                }
            }
        }
        answers
    }
}

fn changed() -> Error {
    Error::unprocessable("页面中保存的回答不完整或被改动", "请从“我能享受什么”重新开始")
}

/// An answer as a case has it; nothing for 不清楚. What cannot be read is told in Chinese.
pub(in crate::pages) fn read(fact: &Fact, word: &str, dictionary: &Dictionary) -> Result<Option<Value>, String> {
    let word = word.trim();
    if word == UNSURE {
        return Ok(None);
    }
    if word == NONE && can_be_none(fact) {
        return Ok(Some(Value::Null));
    }
    if word.is_empty() {
        return Err("还没有回答".to_owned());
    }
    if word.chars().count() > MOST_CHARACTERS {
        return Err(format!("最多写 {MOST_CHARACTERS} 个字"));
    }
    let value = match &fact.kind {
        FactType::Bool => match word {
            "yes" => Value::from(true),
            "no" => Value::from(false),
            _ => return Err("请选“是”或“否”".to_owned()),
        },
        FactType::Code(list) => match dictionary.list(list).and_then(|list| list.find(word)) {
            Some(code) => Value::from(code.code.as_str()),
            None => return Err("请选其中一项".to_owned()),
        },
        FactType::Region if word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit()) => Value::from(word),
        FactType::Region => return Err("请在列表中选择".to_owned()),
        FactType::Date => {
            let day = day(word).ok_or("请写完整的年月日，如 2020-06-30")?;
            Value::from(day.to_string())
        }
        FactType::Month => {
            let month = Month::parse(word).map_err(|_| "请写年份和月份，如 2020-06")?;
            Value::from(month.to_string())
        }
        FactType::Int => {
            let number: i64 = word.parse().map_err(|_| "请写一个整数，如 12")?;
            if !(fact.min..=100_000_000).contains(&number) {
                return Err(format!("请写 {} 以上的整数，核对位数", fact.min));
            }
            Value::from(number)
        }
        FactType::Fen => {
            let text = if word.ends_with(['元', '角', '分']) {
                word.to_owned()
            } else {
                format!("{word}元")
            };
            let money = Money::parse(&text).map_err(|_| "请写金额，如 100000 或 10万元")?;
            if money.fen() < 0 || i128::from(money.fen()) > rules::MAX_FEN {
                return Err("金额不能小于 0，也不能过大，请核对位数".to_owned());
            }
            Value::from(money.fen())
        }
        FactType::Decimal => {
            let written = if word.ends_with('%') {
                word.to_owned()
            } else {
                format!("{word}%")
            };
            let millionths = policy::parameter::millionths(&written).filter(|number| (0..=1_000_000).contains(number));
            millionths.ok_or("请写百分数，如 4.35%")?;
            Value::from(written)
        }
    };
    Ok(Some(value))
}

/// A day, also as eight digits, which a phone's number keys give.
fn day(word: &str) -> Option<Day> {
    let digits = word.len() == 8 && word.bytes().all(|byte| byte.is_ascii_digit());
    let dashed = || Some(format!("{}-{}-{}", word.get(..4)?, word.get(4..6)?, word.get(6..)?));
    let written = if digits { dashed()? } else { word.to_owned() };
    Day::parse(&written).ok()
}

/// Whether 还没有 is an answer of its own: there is none, and the rules know what that means.
pub(super) fn can_be_none(fact: &Fact) -> bool {
    fact.when_absent == WhenAbsent::None
}

/// The field of a question that is not answered by a button; nothing for yes or no.
pub(super) fn field(fact: &Fact, region: &str, dictionary: &Dictionary, regions: &Regions) -> Option<Field> {
    let question = fact.question.as_deref().unwrap_or(&fact.label);
    let own = fact.hint.as_deref().map(|hint| hint.trim_end_matches('。'));
    let hints: Vec<&str> = own.into_iter().chain(how_to_write(&fact.kind)).collect();
    let field = Field::new("value", question).hint(hints.join("。"));
    let input = match &fact.kind {
        FactType::Bool => return None,
        FactType::Code(list) => {
            let codes = dictionary
                .list(list)
                .map(|list| list.codes.as_slice())
                .unwrap_or_default();
            let not_offered = NOT_OFFERED.iter().find(|(name, _)| *name == fact.name);
            let is_offered = |code: &str| not_offered.is_none_or(|(_, codes)| !codes.contains(&code));
            Input::OneOf(
                codes
                    .iter()
                    .filter(|code| is_offered(&code.code))
                    .map(|code| (code.code.clone(), code.label.clone()))
                    .collect(),
            )
        }
        FactType::Region => Input::Menu(places(region, regions)),
        FactType::Date => Input::Day,
        FactType::Month => Input::Line,
        FactType::Int | FactType::Fen | FactType::Decimal => Input::Number,
    };
    Some(field.input(input))
}

/// How an answer is written, where it is typed.
fn how_to_write(kind: &FactType) -> Option<&'static str> {
    match kind {
        FactType::Date => Some("写年月日，如 2020-06-30 或 20200630"),
        FactType::Month => Some("写年份和月份，如 2020-06"),
        FactType::Fen => Some("写金额，如 100000 或 10万元"),
        FactType::Decimal => Some("写百分数，如 4.35%"),
        FactType::Int => Some("写整数，如 12"),
        FactType::Bool | FactType::Code(_) | FactType::Region => None,
    }
}

/// The counties around, the cities of the province, the other provinces: as fine as rules of the region look.
fn places(region: &str, regions: &Regions) -> Vec<(String, String)> {
    let chain = regions.chain(region.get(..6).unwrap_or(region));
    let mut places = vec![(String::new(), "请选择".to_owned())];
    let mut put = |code: &str| {
        if !places.iter().any(|(known, _)| known == code) {
            places.push((code.to_owned(), regions.full_name(code)));
        }
    };
    chain.first().into_iter().for_each(|here| put(&here.code));
    for above in chain.iter().skip(1) {
        let children = regions
            .iter()
            .filter(|other| other.parent.as_ref().is_some_and(|code| **code == *above.code));
        children.for_each(|child| put(&child.code));
    }
    if let Some(own) = chain.first() {
        let children = regions
            .iter()
            .filter(|other| other.parent.as_ref().is_some_and(|code| **code == *own.code));
        children.for_each(|child| put(&child.code));
    }
    regions
        .iter()
        .filter(|other| other.parent.is_none())
        .for_each(|province| put(&province.code));
    places
}

/// An answer in words, for the list of answers.
pub(super) fn in_words(fact: &Fact, word: &str, dictionary: &Dictionary, regions: &Regions) -> String {
    match (&fact.kind, word) {
        (_, UNSURE) => "不清楚".to_owned(),
        (_, NONE) => "还没有".to_owned(),
        (FactType::Bool, "yes") => "是".to_owned(),
        (FactType::Bool, _) => "否".to_owned(),
        (FactType::Code(list), code) => {
            let known = dictionary.list(list).and_then(|list| list.find(code));
            known.map_or_else(|| code.to_owned(), |code| code.label.clone())
        }
        (FactType::Region, code) => regions.full_name(code),
        (FactType::Fen, _) => match read(fact, word, dictionary) {
            Ok(Some(Value::Number(fen))) => Money::from_fen(fen.as_i64().unwrap_or_default()).short(),
            _ => word.to_owned(),
        },
        (FactType::Date, _) => day(word).map_or_else(|| word.to_owned(), Day::chinese),
        (FactType::Decimal, _) if !word.ends_with('%') => format!("{word}%"),
        (FactType::Int, _) => format!("{word}{}", fact.unit.as_deref().unwrap_or_default()),
        _ => word.to_owned(),
    }
}
