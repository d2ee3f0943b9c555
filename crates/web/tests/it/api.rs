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
