//! The responsibility ledger's pages: units under all their names, towns, reports.

use std::io::Cursor;

use axum::http::StatusCode;
use calamine::{Reader as _, Xlsx};

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

#[tokio::test]
async fn what_is_to_be_reported_stands_in_the_workbook_and_in_the_json() {
    let router = web::router(full());
    let answer = send(&router, get("/duties/ledger.xlsx?region=500111")).await;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(answer.bytes.to_vec())).unwrap();
    assert_eq!(book.sheet_names()[..2], ["责任台账", "报送、公开等职责"]);
    let sheet = book.worksheet_range("报送、公开等职责").unwrap();
    let rows: Vec<String> = sheet
        .rows()
        .map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join("|"))
        .collect();
    let row = rows
        .iter()
        .find(|row| row.contains("区就业工作领导小组办公室"))
        .unwrap();
    for piece in ["报送|", "各项任务牵头单位", "2020-07\n2021-01", "大足区"] {
        assert!(row.contains(piece), "{piece} {row}");
    }
    let answer = send(&router, get("/api/v1/ledger?region=500111")).await;
    let value: serde_json::Value = serde_json::from_slice(&answer.bytes).unwrap();
    // Title, note and headings stand above the rows.
    assert_eq!(value["obligations"].as_array().unwrap().len(), rows.len() - 3);
}

#[tokio::test]
async fn no_page_shows_the_letters_that_packs_add_to_an_item_s_number() {
    let router = web::router(full());
    let clause = send(&router, get("/rules/ziyang-2019/items/3b")).await.text();
    assert!(clause.contains("第3项第2部分") && !clause.contains("第3b项"));
    for (page, shown) in [
        ("/duties?region=512000", "3（第2部分）"),
        ("/rules/ziyang-2019", "3（第2部分）"),
        ("/rules/readings?q=分险", "3（第2部分）"),
        ("/rules/ziyang-2019/coverage", "第3项第2部分"),
        ("/catalogue/zy-loan-loss", "第3项第2部分"),
    ] {
        let text = send(&router, get(page)).await.text();
        assert!(text.contains(shown), "{page}");
        assert!(!text.contains("第3b项") && !text.contains(">3b<"), "{page}");
    }
    // The clause behind a further row keeps its address.
    let coverage = send(&router, get("/rules/ziyang-2019/coverage")).await.text();
    assert!(coverage.contains("/rules/ziyang-2019/items/3b"));
}
