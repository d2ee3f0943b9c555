//! A screening or simulation under way: how far it is, live or by a link, and a button that stops it.

use std::sync::Arc;

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::TITLE;
use crate::error::Error;
use crate::form::Form;
use crate::jobs::Job;
use crate::layout::{Layout, page};
use crate::progress::{self, Bar};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "screening/job.html")]
struct Work {
    layout: Layout,
    csrf: String,
    bar: Bar,
    is_open: bool,
    before: usize,
    stop: String,
}

fn found(visit: &Visit, id: &str) -> Result<Arc<Job>, Error> {
    visit.app.jobs.get(id).ok_or_else(|| {
        Error::not_found(
            "没有这项工作，或服务已重新启动过",
            "请从筛查的列表中查看：完成的筛查都在列表里，没有完成的不留下任何结果",
        )
    })
}

pub(super) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Error> {
    let job = found(&visit, &id)?;
    let now = job.now();
    let before = visit.app.jobs.all().into_iter();
    let before = before.filter(|(other, _)| other.id == job.id && job.is_waiting());
    page(&Work {
        layout: visit
            .layout(&*job.title)
            .beneath(TITLE, "/screening")
            .with_script("progress"),
        csrf: visit.csrf()?,
        is_open: !now.is_over(),
        before: before.map(|(_, before)| before).sum(),
        bar: Bar {
            events: format!("/screening/jobs/{}/events", job.id),
            again: format!("/screening/jobs/{}", job.id),
            now,
        },
        stop: format!("/screening/jobs/{}/stop", job.id),
    })
}

pub(super) async fn events(visit: Visit, Path(id): Path<String>) -> Result<Response, Error> {
    Ok(progress::events(found(&visit, &id)?.watch()).into_response())
}

pub(super) async fn stop(visit: Visit, Path(id): Path<String>, _: Form) -> Result<Response, Error> {
    let job = found(&visit, &id)?;
    job.stop();
    Ok(Redirect::to(&format!("/screening/jobs/{}", job.id)).into_response())
}
