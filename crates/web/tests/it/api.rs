//! The JSON API.

use crate::site::{TODAY, full, get, send};

#[tokio::test]
async fn policy_lists_packs_benefits_and_readings() {
    let answer = send(&web::router(full()), get("/api/v1/policy")).await;
    let value: serde_json::Value = serde_json::from_slice(&answer.bytes).unwrap();
    let app = full();
    assert_eq!(
        value["packs"].as_array().unwrap().len(),
        app.catalogue.library.packs.len()
    );
    assert_eq!(value["benefits"].as_array().unwrap().len(), app.registry().len());
    let open: u64 = value["benefits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["open_readings"].as_u64().unwrap())
        .sum();
    assert_eq!(value["readings"].as_array().unwrap().len() as u64, open);
}

#[tokio::test]
async fn the_ledger_is_about_today_where_nobody_says_a_day() {
    let router = web::router(full());
    let answer = send(&router, get("/api/v1/ledger?region=330282")).await;
    let value: serde_json::Value = serde_json::from_slice(&answer.bytes).unwrap();
    assert_eq!(value["as_of"], TODAY);
    assert_eq!(value["as_of_basis"], "today");
    assert!(!value["tasks"].as_array().unwrap().is_empty());
    let answer = send(&router, get("/api/v1/ledger?region=330282&as_of=2020-06-30")).await;
    let value: serde_json::Value = serde_json::from_slice(&answer.bytes).unwrap();
    assert_eq!(
        (&value["as_of"], &value["as_of_basis"]),
        (&"2020-06-30".into(), &"asked".into())
    );
}

async fn ask(path: &str, body: &str) -> (u16, serde_json::Value) {
    let request = axum::http::Request::post(path).header("content-type", "application/json");
    let answer = send(&web::router(full()), request.body(body.to_owned().into()).unwrap()).await;
    (answer.status.as_u16(), serde_json::from_slice(&answer.bytes).unwrap())
}

#[tokio::test]
async fn a_case_is_decided_as_the_command_line_prints_it() {
    let facts = r#"{"person": {"is_graduate": true, "is_orphan": true}, "claim": {"region": "330282"}, "history": []}"#;
    let body = format!(r#"{{"benefit": "cx-jobseek-subsidy", "as_of": "2020-12-15", "facts": {facts}}}"#);
    let (status, value) = ask("/api/v1/decide", &body).await;
    assert_eq!(
        (status, &value["outcome"], &value["amount_fen"]),
        (200, &"eligible".into(), &300_000.into())
    );
    let app = full();
    let facts: serde_json::Value = serde_json::from_str(facts).unwrap();
    let day = civil::Day::parse("2020-12-15").unwrap();
    let own = rules::decision::Decider::new(&app.catalogue)
        .decide("cx-jobseek-subsidy", &facts, day, None)
        .unwrap();
    assert_eq!(value, own.to_json());
}

#[tokio::test]
async fn all_benefits_of_a_region_are_listed_for_a_case() {
    let body = r#"{"region": "210300", "as_of": "2020-12-15", "known_on": "2020-12-15", "facts": {"person": {"is_graduate": true}}}"#;
    let (status, value) = ask("/api/v1/entitlements", body).await;
    assert_eq!(
        (status, &value["region"], &value["known_on"]),
        (200, &"210300".into(), &"2020-12-15".into())
    );
    assert!(value["benefits"].as_array().unwrap().len() > 20);
}

#[tokio::test]
async fn a_request_that_cannot_be_used_says_what_is_wrong() {
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    for (path, body, message) in [
        ("/api/v1/decide", "{", "不是一个 JSON 对象"),
        ("/api/v1/decide", deep.as_str(), "不是一个 JSON 对象"),
        ("/api/v1/decide", r#"{"benefits": 1}"#, "不认识的键"),
        (
            "/api/v1/decide",
            r#"{"benefit": "cx-jobseek", "as_of": "2020-12-15", "facts": {}}"#,
            "没有补贴项目",
        ),
        (
            "/api/v1/decide",
            r#"{"benefit": "cx-jobseek-subsidy", "as_of": "never", "facts": {}}"#,
            "as_of 不是有效日期",
        ),
        (
            "/api/v1/decide",
            r#"{"benefit": "cx-jobseek-subsidy", "as_of": "2020-12-15", "facts": {"person": {"is_graduate": "1"}}}"#,
            "true 或 false",
        ),
        (
            "/api/v1/entitlements",
            r#"{"region": "99", "as_of": "2020-12-15", "facts": {}}"#,
            "没有适用于这个地区",
        ),
        (
            "/api/v1/entitlements",
            r#"{"region": "330282", "as_of": "2020-12-15"}"#,
            "没有写明 facts",
        ),
    ] {
        let (status, value) = ask(path, body).await;
        assert_eq!(status, 422, "{body:.60}");
        assert!(value["error"]["message"].as_str().unwrap().contains(message), "{value}");
    }
    let request = axum::http::Request::post("/api/v1/decide").header("content-type", "text/plain");
    let answer = send(&web::router(full()), request.body("{}".into()).unwrap()).await;
    assert_eq!(answer.status.as_u16(), 415);
}
