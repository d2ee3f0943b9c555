//! The responsibility ledger's pages: units under all their names, towns, reports.

use axum::http::StatusCode;

use crate::site::{full, get, send};

#[tokio::test]
async fn a_town_is_led_to_the_names_of_groups_that_include_it() {
    let router = web::router(full());
    let answer = send(&router, get("/duties?region=330282&unit=浒山街道")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = answer.text();
    let link = text.split_once("包括它的集合名称：").unwrap().1;
    let href = link.split_once("href=\"").unwrap().1.split('"').next().unwrap();
    assert!(link.contains("各镇（街道）"), "{link}");
    let led = send(&router, get(&href.replace("&amp;", "&").replace("&#38;", "&"))).await;
    assert_eq!(led.status, StatusCode::OK, "{href}");
}

#[tokio::test]
async fn what_is_to_be_reported_stands_beneath_the_tasks_and_in_its_months() {
    let router = web::router(full());
    let list = send(&router, get("/duties?region=500111")).await.text();
    for piece in ["报送、公开等职责", "区就业工作领导小组办公室", "7月上旬"] {
        assert!(list.contains(piece), "{piece}");
    }
    let months = send(&router, get("/duties/months?region=500111")).await.text();
    let reports = months.split_once("各月报送等职责").unwrap().1;
    assert!(reports.contains("2020-07") && reports.contains("2021-01"), "{reports}");
}

#[tokio::test]
async fn a_unit_under_two_names_has_one_row() {
    let router = web::router(full());
    let units = send(&router, get("/duties/units?region=330282&export=csv"))
        .await
        .text();
    assert_eq!(units.matches("市税务局").count(), 1, "{units}");
}
