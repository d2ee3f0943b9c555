//! 文件识别: an official document in, its text with everything marked beside the ledger out. What `leye extract` does.
//!
//! What was read lies on [`crate::documents::Shelf`] under a random word, which stands in the address of its pages: whoever
//! knows the word sees it, and nobody else can find it.

mod add;
mod change;
mod checks;
mod compare;
mod compared;
mod correct;
mod files;
mod ledger;
mod listed;
mod reading;
mod upload;

use std::sync::Arc;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use policy::reading::understand;
use tokio::time::Instant;

use super::Entry;
use crate::documents::Reading;
use crate::error::Error;
use crate::form::{Field, File, Input};
use crate::layout::{Layout, Link, page_with};
use crate::parts::{Notice, Tone};
use crate::visit::Visit;

/// Where documents are uploaded.
pub(super) const UPLOAD: &str = "/documents";
/// Endings of the formats that are read, as a browser offers them.
const ENDINGS: &str = ".docx,.pdf,.ofd,.html,.htm,.xlsx,.xls,.txt";

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        path: UPLOAD,
        navigation: Some("文件识别"),
        route: || get(upload::ask).post(upload::answer),
        uploads: true,
        examples: &["/documents"],
        forms: true,
    },
    Entry {
        path: "/documents/compare",
        navigation: None,
        route: || get(compare::ask).post(compare::answer),
        uploads: true,
        examples: &["/documents/compare"],
        forms: true,
    },
    Entry {
        path: "/documents/{word}",
        navigation: None,
        route: || get(reading::show).post(change::answer),
        uploads: false,
        examples: &["/documents/sample-prose", "/documents/sample-table?leaf=2"],
        forms: true,
    },
    Entry {
        path: "/documents/{word}/ledger",
        navigation: None,
        route: || get(ledger::show),
        uploads: false,
        examples: &["/documents/sample-table/ledger"],
        forms: false,
    },
    Entry {
        path: "/documents/{word}/checks",
        navigation: None,
        route: || get(checks::show),
        uploads: false,
        examples: &["/documents/sample-prose/checks"],
        forms: false,
    },
    Entry {
        path: "/documents/{word}/compare",
        navigation: None,
        route: || get(compare::show).post(compare::add),
        uploads: true,
        examples: &[
            "/documents/sample-prose/compare",
            "/documents/sample-prose/compare?with=sample-draft",
        ],
        forms: true,
    },
];

/// The line that stands at every upload of a document.
const NO_SECRETS: &str = "严禁上传涉密文件和工作秘密";

pub(super) fn no_secrets() -> Notice {
    Notice {
        tone: Tone::Bad,
        title: NO_SECRETS.to_owned(),
        lines: vec!["标有密级标志的文件一律拒绝读取，不保存任何内容。".to_owned()],
    }
}

/// How long a reading is kept, in words.
fn life_in_words(visit: &Visit) -> String {
    let minutes = visit.app.shelf.life().as_secs() / 60;
    if minutes > 0 && minutes.is_multiple_of(60) {
        format!("{} 小时", minutes / 60)
    } else {
        format!("{} 分钟", minutes.max(1))
    }
}

/// A field for one document.
pub(super) fn file_field(visit: &Visit, name: &str, label: &str) -> Field {
    let most = visit.app.limits.upload_bytes >> 20;
    Field::new(name, label)
        .hint(format!(
            "可以把文件拖到框内。支持 docx、带文字的 PDF、OFD、HTML、xlsx、xls、txt，不超过 {most} MB；doc、wps 格式和扫描件请先用 WPS 另存为 docx 或带文字的 PDF。"
        ))
        .input(Input::File(ENDINGS.to_owned()))
        .required()
}

/// Reads an uploaded document and puts it on the shelf; the word it lies under, or what is wrong with it in Chinese.
///
/// # Errors
/// Where too much is being read already, or there is no randomness.
async fn shelve(visit: &Visit, files: &[File], field: &str) -> Result<Result<String, String>, Error> {
    let mut own = files.iter().filter(|file| file.field == field);
    let Some(file) = own.next().cloned() else {
        return Ok(Err("请选择一份文件".to_owned()));
    };
    if own.next().is_some() {
        return Ok(Err("一次只能识别一份文件，请逐份上传".to_owned()));
    }
    let app = Arc::clone(&visit.app);
    let read = move || {
        let understood = understand(&file.bytes, &app.catalogue.library.units)?;
        Ok::<_, String>(Arc::new(Reading::new(&file.name, understood)))
    };
    let reading = match visit.app.heavy.run(read).await? {
        Ok(reading) => reading,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let word = visit
        .app
        .random_word()
        .map_err(|error| Error::inside(format!("randomness: {error}")))?;
    if visit.app.shelf.put(word.clone(), reading, Instant::now()) {
        Ok(Ok(word))
    } else {
        Ok(Err(
            "文件内容过多，网页无法显示。请拆分后上传，或由维护人员用 leye extract 识别".to_owned(),
        ))
    }
}

/// The reading under a word.
fn find(visit: &Visit, word: &str) -> Option<Arc<Reading>> {
    let sample = || visit.app.samples.get(word, &visit.app.catalogue.library.units);
    visit.app.shelf.get(word, Instant::now()).or_else(sample)
}

#[derive(Template)]
#[template(path = "documents/gone.html")]
struct Gone {
    layout: Layout,
    life: String,
}

/// The page of a word under which nothing lies, any more or ever.
fn gone(visit: &Visit) -> Result<Response, Error> {
    page_with(
        StatusCode::NOT_FOUND,
        &Gone {
            layout: visit.layout("识别结果已经删除").beneath("文件识别", UPLOAD),
            life: life_in_words(visit),
        },
    )
}

/// To another page, by GET.
fn go(href: &str) -> Response {
    Redirect::to(href).into_response()
}

/// The address of a leaf, at a place of it.
fn leaf_href(word: &str, leaf: usize, place: &str) -> String {
    let leaf = if leaf == 0 {
        String::new()
    } else {
        format!("?leaf={}", leaf + 1)
    };
    let place = if place.is_empty() {
        String::new()
    } else {
        format!("#{place}")
    };
    format!("/documents/{word}{leaf}{place}")
}

/// The address of a row's task in the text.
fn text_href(word: &str, reading: &Reading, at: usize) -> String {
    leaf_href(word, leaf_of(reading, at), &format!("text-{}", at + 1))
}

/// The address of a row.
fn row_href(word: &str, reading: &Reading, at: usize) -> String {
    leaf_href(word, leaf_of(reading, at), &format!("row-{}", at + 1))
}

/// The leaf in which a row's task begins.
fn leaf_of(reading: &Reading, at: usize) -> usize {
    let start = reading.original(at).map_or(0, |task| task.span.start);
    reading.text().leaf_at(start)
}

/// A link between the views of one document.
struct View {
    link: Link,
    current: bool,
}

/// The views of a document; `now` is the path of the one shown.
fn views(word: &str, reading: &Reading, now: &str) -> Vec<View> {
    let checks = reading.extraction().diagnostics.len();
    let of = |text: String, path: &str| View {
        link: Link::new(text, format!("/documents/{word}{path}")),
        current: path == now,
    };
    vec![
        of("原文与台账".to_owned(), ""),
        of("台账全表".to_owned(), "/ledger"),
        of(format!("请核对（{checks}）"), "/checks"),
        of("比较版本".to_owned(), "/compare"),
    ]
}

/// What every page of a document says of it.
struct Facts {
    line: String,
    sample: bool,
    life: String,
}

fn facts(visit: &Visit, reading: &Reading) -> Facts {
    let header = &reading.extraction().document;
    let printed = if header.date_basis == document::DateBasis::Printed {
        "印发"
    } else {
        ""
    };
    let date = header.date.map(|day| format!("{day}{printed}"));
    let known = [header.number.as_deref(), header.issuer.as_deref(), date.as_deref()];
    let mut line: Vec<String> = known.into_iter().flatten().map(str::to_owned).collect();
    let tally = reading.tally();
    line.push(tally.standing());
    line.extend(tally.by_hand());
    Facts {
        line: line.join("　"),
        sample: reading.is_sample,
        life: life_in_words(visit),
    }
}
