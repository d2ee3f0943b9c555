//! What a person does with the rows of a document, all posted to its own address; and a reading taken off the shelf before
//! its time.

use axum::extract::Path;
use axum::response::Response;
use tokio::time::Instant;

use super::add::{add, pick};
use super::correct::correct;
use super::{UPLOAD, find, go, gone, row_href};
use crate::documents::Reading;
use crate::error::Error;
use crate::form::Form;
use crate::visit::Visit;

pub(super) async fn answer(visit: Visit, Path(word): Path<String>, form: Form) -> Result<Response, Error> {
    let Some(reading) = find(&visit, &word) else {
        return gone(&visit);
    };
    if reading.is_sample {
        return Err(Error::unprocessable(
            "样例不能更正、增列或剔除，也不能删除",
            "请上传自己的文件后再试",
        ));
    }
    match form.get("do") {
        "forget" => {
            visit.app.shelf.remove(&word, Instant::now());
            Ok(go(UPLOAD))
        }
        "correct" | "restore" => correct(&visit, &word, &reading, row(&reading, &form)?, &form),
        "pick" => pick(&visit, &word, &reading, &form),
        "add" => add(&visit, &word, &reading, &form).await,
        act @ ("strike" | "reinstate") => {
            let at = row(&reading, &form)?;
            reading.strike(at, act == "strike");
            Ok(go(&row_href(&word, &reading, at)))
        }
        _ => Err(Error::unprocessable("不知道要做什么", "请在页面上用按钮操作")),
    }
}

/// The row that a form is about.
fn row(reading: &Reading, form: &Form) -> Result<usize, Error> {
    let at = form.get("task").parse::<usize>().ok();
    let at = at.and_then(|task| task.checked_sub(1));
    at.filter(|at| *at < reading.rows())
        .ok_or_else(|| Error::unprocessable("文件中没有这项任务", "请从台账中选择一项"))
}
