//! Two versions of a document: the forms that take them, and what they differ in.

use std::sync::Arc;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use super::compared::{self, Compared, Shown};
use super::{Facts, UPLOAD, View, facts, file_field, find, go, gone, no_secrets, shelve, views};
use crate::documents::Reading;
use crate::error::Error;
use crate::form::{Field, Input, Summary, Upload};
use crate::layout::{Layout, page, page_with};
use crate::parts::Notice;
use crate::visit::Visit;

/// The form for two versions, or for one more.
#[derive(Template)]
#[template(path = "documents/compare.html")]
struct Ask {
    layout: Layout,
    csrf: String,
    action: String,
    views: Vec<View>,
    facts: Option<Facts>,
    no_secrets: Notice,
    summary: Summary,
    fields: Vec<Field>,
}

#[derive(Template)]
#[template(path = "documents/compared.html")]
struct Page {
    layout: Layout,
    views: Vec<View>,
    old: String,
    new: String,
    compared: Compared,
    turn: String,
}

const OLD: &str = "old";
const NEW: &str = "new";
const OTHER: &str = "file";
const WHICH: &str = "which";

pub(super) async fn ask(visit: Visit) -> Result<Response, Error> {
    ask_both(&visit, [String::new(), String::new()])
}

fn ask_both(visit: &Visit, wrong: [String; 2]) -> Result<Response, Error> {
    let [old, new] = wrong;
    let fields = vec![
        file_field(visit, OLD, "旧版").wrong(old),
        file_field(visit, NEW, "新版").wrong(new),
    ];
    let layout = visit.layout("比较两个版本").beneath("文件识别", UPLOAD);
    form(visit, layout, "/documents/compare".to_owned(), None, fields)
}

fn form(
    visit: &Visit,
    layout: Layout,
    action: String,
    of: Option<(&str, &Reading)>,
    fields: Vec<Field>,
) -> Result<Response, Error> {
    let summary = Summary::of(&fields);
    let status = if summary.lines.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    page_with(
        status,
        &Ask {
            layout,
            csrf: visit.csrf()?,
            action,
            views: of
                .map(|(word, reading)| views(word, reading, "/compare"))
                .unwrap_or_default(),
            facts: of.map(|(_, reading)| facts(visit, reading)),
            no_secrets: no_secrets(),
            summary,
            fields,
        },
    )
}

pub(super) async fn answer(visit: Visit, upload: Upload) -> Result<Response, Error> {
    let old = shelve(&visit, &upload.files, OLD).await?;
    let new = shelve(&visit, &upload.files, NEW).await?;
    match (old, new) {
        (Ok(old), Ok(new)) => Ok(go(&compared_href(&old, &new))),
        (old, new) => ask_both(&visit, [old, new].map(|side| side.err().unwrap_or_default())),
    }
}

fn compared_href(old: &str, new: &str) -> String {
    format!("/documents/{new}/compare?with={old}")
}

pub(super) async fn show(visit: Visit, Path(word): Path<String>) -> Result<Response, Error> {
    let Some(new) = find(&visit, &word) else {
        return gone(&visit);
    };
    let Some(with) = visit.address.get("with").map(str::to_owned) else {
        return ask_other(&visit, &word, &new, String::new(), OLD);
    };
    let Some(old) = find(&visit, &with) else {
        return gone(&visit);
    };
    let (readings, words) = ([Arc::clone(&old), Arc::clone(&new)], [with.clone(), word.clone()]);
    let address = visit.address.clone();
    let work = move || {
        let [old, new] = &readings;
        let corrected = [old.corrected(), new.corrected()];
        let comparison = new.compared_with(&words[0], &corrected);
        let shown = Shown {
            words: [&words[0], &words[1]],
            readings: [old, new],
            corrected: &corrected,
            comparison: &comparison,
        };
        compared::compared(&shown, &address)
    };
    let compared = match visit.app.heavy.run(work).await?? {
        Ok(compared) => compared,
        Err(file) => return Ok(*file),
    };
    page(&Page {
        layout: visit
            .layout("比较版本")
            .beneath("文件识别", UPLOAD)
            .beneath(new.title(), format!("/documents/{word}")),
        views: views(&word, &new, "/compare"),
        old: compared::side_in_words(&old),
        new: compared::side_in_words(&new),
        compared,
        turn: compared_href(&word, &with),
    })
}

fn ask_other(visit: &Visit, word: &str, reading: &Reading, wrong: String, which: &str) -> Result<Response, Error> {
    let choices = [(OLD, "另一份是旧版，本文件是新版"), (NEW, "另一份是新版，本文件是旧版")];
    let choices = choices.map(|(value, text)| (value.to_owned(), text.to_owned()));
    let which = if which == NEW { NEW } else { OLD };
    let fields = vec![
        file_field(visit, OTHER, "另一个版本").wrong(wrong),
        Field::new(WHICH, "哪一份在前")
            .input(Input::OneOf(choices.to_vec()))
            .value(which),
    ];
    let layout = visit
        .layout("比较版本")
        .beneath("文件识别", UPLOAD)
        .beneath(reading.title(), format!("/documents/{word}"));
    form(
        visit,
        layout,
        format!("/documents/{word}/compare"),
        Some((word, reading)),
        fields,
    )
}

pub(super) async fn add(visit: Visit, Path(word): Path<String>, upload: Upload) -> Result<Response, Error> {
    let Some(reading) = find(&visit, &word) else {
        return gone(&visit);
    };
    let which = upload.form.get(WHICH);
    match shelve(&visit, &upload.files, OTHER).await? {
        Ok(other) if which == NEW => Ok(go(&compared_href(&word, &other))),
        Ok(other) => Ok(go(&compared_href(&other, &word))),
        Err(wrong) => ask_other(&visit, &word, &reading, wrong, which),
    }
}
