//! The form that takes a document.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::{file_field, go, life_in_words, no_secrets, shelve};
use crate::error::Error;
use crate::form::{Field, Summary, Upload};
use crate::layout::{Layout, page_with};
use crate::parts::Notice;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "documents/upload.html")]
struct Ask {
    layout: Layout,
    csrf: String,
    no_secrets: Notice,
    summary: Summary,
    file: Field,
    life: String,
}

pub(super) async fn ask(visit: Visit) -> Result<Response, Error> {
    show(&visit, String::new())
}

fn show(visit: &Visit, wrong: String) -> Result<Response, Error> {
    let status = if wrong.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let file = file_field(visit, "file", "文件").wrong(wrong);
    page_with(
        status,
        &Ask {
            layout: visit.layout("文件识别"),
            csrf: visit.csrf()?,
            no_secrets: no_secrets(),
            summary: Summary::of([&file]),
            file,
            life: life_in_words(visit),
        },
    )
}

pub(super) async fn answer(visit: Visit, upload: Upload) -> Result<Response, Error> {
    match shelve(&visit, &upload.files, "file").await? {
        Ok(word) => Ok(go(&format!("/documents/{word}"))),
        Err(wrong) => show(&visit, wrong),
    }
}
