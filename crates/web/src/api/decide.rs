//! `POST /api/v1/decide` and `POST /api/v1/entitlements`: one case, answered as `leye decide --json` and
//! `leye entitlements --json` print it. Nothing of the case is kept.
//!
//! ```json
//! {"benefit": "cx-sme-graduate-bonus", "as_of": "2020-12-15", "facts": {"person": {"is_graduate": true}}}
//! {"region": "330282", "as_of": "2020-12-15", "known_on": "2020-12-15", "facts": {}}
//! ```

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use civil::Day;
use rules::decision::{DecideError, Decider};
use rules::entitlement::{Entitlements, benefits_of, to_json};
use serde_json::{Map, Value};

use crate::app::App;
use crate::error::Error;

/// A request: its keys, each read once.
struct Asked {
    keys: Map<String, Value>,
}

impl Asked {
    fn read(headers: &HeaderMap, body: &[u8], known: &[&str]) -> Result<Self, Error> {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let kind = kind.and_then(|kind| kind.split(';').next()).map(str::trim);
        if !kind.is_some_and(|kind| kind.eq_ignore_ascii_case("application/json")) {
            return Err(Error::unsupported(
                "请求的内容不是 JSON",
                "请加上 Content-Type: application/json",
            ));
        }
        // The parser's own message would repeat what was sent.
        let Ok(Value::Object(keys)) = serde_json::from_slice(body) else {
            return Err(Error::unprocessable(
                "请求的内容不是一个 JSON 对象",
                "请核对括号、引号和编码（UTF-8）",
            ));
        };
        if keys.keys().any(|key| !known.contains(&key.as_str())) {
            let hint = format!("可以写的有：{}", known.join("、"));
            return Err(Error::unprocessable("请求中有不认识的键", hint));
        }
        Ok(Self { keys })
    }

    fn text(&self, key: &str) -> Result<&str, Error> {
        let found = self.keys.get(key).and_then(Value::as_str);
        found.ok_or_else(|| Error::unprocessable(format!("没有写明 {key}，或不是加引号的文字"), "请补上后重试"))
    }

    fn day(&self, key: &str) -> Result<Day, Error> {
        let day = Day::parse(self.text(key)?);
        day.map_err(|_| Error::unprocessable(format!("{key} 不是有效日期"), "请写成 2020-12-31"))
    }

    fn known_on(&self) -> Result<Option<Day>, Error> {
        self.keys.get("known_on").map(|_| self.day("known_on")).transpose()
    }

    fn facts(&self) -> Result<&Value, Error> {
        let found = self.keys.get("facts");
        found.ok_or_else(|| Error::unprocessable("没有写明 facts", "请写入信息项，如 {\"person\": {…}}"))
    }
}

/// One benefit.
pub(super) async fn one(State(app): State<Arc<App>>, headers: HeaderMap, body: Bytes) -> Result<Response, Error> {
    let asked = Asked::read(&headers, &body, &["benefit", "as_of", "known_on", "facts"])?;
    let benefit = asked.text("benefit")?.to_owned();
    let (as_of, known_on, facts) = (asked.day("as_of")?, asked.known_on()?, asked.facts()?.clone());
    let catalogue = Arc::clone(&app.catalogue);
    let work = move || Decider::new(&catalogue).decide(&benefit, &facts, as_of, known_on);
    let decision = app.heavy.run(work).await?.map_err(|error| refused(&error))?;
    let mut text = decision.to_json_text();
    text.push('\n');
    Ok(([(header::CONTENT_TYPE, "application/json")], text).into_response())
}

/// All benefits of a region.
pub(super) async fn all(State(app): State<Arc<App>>, headers: HeaderMap, body: Bytes) -> Result<Response, Error> {
    let asked = Asked::read(&headers, &body, &["region", "as_of", "known_on", "facts"])?;
    let region = asked.text("region")?.to_owned();
    let (as_of, known_on, facts) = (asked.day("as_of")?, asked.known_on()?, asked.facts()?.clone());
    let digits = matches!(region.len(), 6 | 9 | 12) && region.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || benefits_of(&app.catalogue, &region).is_empty() {
        return Err(Error::unprocessable(
            "没有适用于这个地区的扶持政策",
            "region 写 6、9 或 12 位区划代码，如 330282",
        ));
    }
    let catalogue = Arc::clone(&app.catalogue);
    let work = move || {
        let latest = Some(catalogue.latest_known()).max(rules::case::latest_known(&catalogue.vocabulary, &facts));
        let known_on = known_on.or(latest).unwrap_or(as_of);
        let list = Entitlements::new(&*catalogue, &region, known_on).of(&facts, as_of)?;
        Ok::<_, rules::case::CaseError>(to_json(&region, as_of, known_on, &list))
    };
    let listed = app.heavy.run(work).await?;
    let listed = listed.map_err(|error| refused(&DecideError::Facts(error)))?;
    super::answer(&listed)
}

fn refused(error: &DecideError) -> Error {
    match error {
        DecideError::Facts(error) => {
            Error::unprocessable(format!("{}：{}", error.at, error.message), error.hint.clone())
        }
        other => Error::unprocessable(other.to_string(), "补贴项目的编号见 /api/v1/policy"),
    }
}
