//! 疑点 of a run: which are shown, of which town, beside which rows, in which file.

use axum::http::StatusCode;
use policy::file::Tree;
use rules::catalogue::Catalogue;
use screening::checks::hits::Hit;
use screening::rows::Rows;
use screening::{Home, lists};
use serde_json::Value;

use crate::homes::{RUN, screened};
use crate::screenings::{names_nobody, summary};
use crate::site::{full, get, send};

fn address() -> String {
    format!("/screening/runs/{RUN}/questions")
}

fn hits() -> Vec<Hit> {
    lists::hits(&Home::of(screened()).runs(), RUN).unwrap()
}

#[tokio::test]
async fn questions_say_who_gave_the_data_and_are_no_findings() {
    let router = web::router(full());
    let address = format!("/screening/runs/{RUN}/questions");
    let text = send(&router, get(&address)).await.text();
    assert!(text.contains("不是认定结论") && text.contains("演示提供，批次"));
    assert!(names_nobody(&text));
    let summary = summary().await;
    let checks = summary["checks"].as_array().unwrap();
    for check in checks.iter().filter(|check| check["hits"].as_u64().unwrap() > 0) {
        let id = check["id"].as_str().unwrap();
        let text = send(&router, get(&format!("{address}?check={id}&size=1000")))
            .await
            .text();
        assert!(text.contains(&format!("共 {} 项", check["hits"])), "{id}");
        assert!(text.contains(check["question"].as_str().unwrap()), "{id}");
        // Every row of the window is of this check.
        let labels = text
            .matches(&format!(">{}</td>", check["label"].as_str().unwrap()))
            .count();
        assert_eq!(labels as u64, check["hits"].as_u64().unwrap(), "{id}");
    }
}

/// The towns of the run's questions in the address, and how many questions there are in each.
fn towns(summary: &Value) -> std::collections::BTreeMap<String, u64> {
    let mut towns = std::collections::BTreeMap::new();
    for check in summary["checks"].as_array().unwrap() {
        for town in check["towns"].as_array().unwrap() {
            let code: u64 = town["region"].as_str().unwrap().parse().unwrap_or(0);
            *towns.entry(format!("{code:09}")).or_default() += town["hits"].as_u64().unwrap();
        }
    }
    towns
}

#[tokio::test]
async fn questions_of_one_town_are_those_that_the_run_counts_for_it_on_the_page_and_in_the_workbook() {
    use calamine::{Reader as _, Xlsx, open_workbook_from_rs};

    let router = web::router(full());
    let all = hits();
    let towns = towns(&summary().await);
    assert!(towns.len() > 3, "{towns:?}");
    for (town, count) in &towns {
        let code: i64 = town.parse().unwrap();
        let of_town = all.iter().filter(|hit| hit.is_of(code)).count() as u64;
        assert_eq!(of_town, *count, "{town}");
        let text = send(&router, get(&format!("{}?area={town}&size=1000", address())))
            .await
            .text();
        assert!(text.contains(&format!("共 {count} 项")), "{town}");
        let shown = lists::town(code);
        let cells = text.split("data-label=\"所在乡镇（街道）\">").skip(1);
        let cells: Vec<&str> = cells.map(|rest| rest.split('<').next().unwrap()).collect();
        assert_eq!(cells.len() as u64, *count, "{town}");
        assert!(cells.iter().all(|cell| cell.contains(&shown)), "{town}: {cells:?}");
        let file = format!("{}.xlsx?area={town}", address());
        assert!(text.contains(&file), "{town}");
        let answer = send(&router, get(&file)).await;
        assert_eq!(answer.status, StatusCode::OK);
        let mut book: Xlsx<_> = open_workbook_from_rs(std::io::Cursor::new(answer.bytes)).unwrap();
        let sheet = book.worksheet_range_at(0).unwrap().unwrap();
        let numbered = sheet.rows().filter(|row| row[0].to_string().parse::<u64>().is_ok());
        assert_eq!(numbered.count() as u64, *count, "{town}");
    }
    // Of one check in one town.
    let hit = all.iter().find(|hit| !hit.towns.is_empty()).unwrap();
    let of_both = all
        .iter()
        .filter(|one| one.check == hit.check && one.is_of(hit.towns[0]))
        .count();
    let page = format!("{}?check={}&area={:09}", address(), hit.check, hit.towns[0]);
    let text = send(&router, get(&page)).await.text();
    assert!(text.contains(&format!("共 {of_both} 项")), "{page}");
    // A town that there is not shows them all.
    let text = send(&router, get(&format!("{}?area=999999999", address())))
        .await
        .text();
    assert!(text.contains(&format!("共 {} 项", all.len())));
}

#[tokio::test]
async fn the_workbook_of_questions_has_each_once_with_its_town_and_both_marks() {
    use calamine::{Reader as _, Xlsx, open_workbook_from_rs};

    let answer = send(&web::router(full()), get(&format!("{}.xlsx", address()))).await;
    assert_eq!(answer.status, StatusCode::OK);
    let mut book: Xlsx<_> = open_workbook_from_rs(std::io::Cursor::new(answer.bytes)).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let rows: Vec<Vec<String>> = sheet
        .rows()
        .map(|row| row.iter().map(ToString::to_string).collect())
        .collect();
    let heads = rows.iter().find(|row| row[0] == "序号").unwrap();
    let place = |head: &str| heads.iter().position(|one| one == head).unwrap();
    let numbered: Vec<&Vec<String>> = rows.iter().filter(|row| row[0].parse::<u64>().is_ok()).collect();
    let hits = hits();
    assert_eq!(numbered.len(), hits.len());
    for (row, hit) in numbered.iter().zip(&hits) {
        assert_eq!(row[place("所在乡镇（街道）")], lists::towns(hit));
        let marks = format!("{}\n{}", row[place("标识")], row[place("相关标识")]);
        for side in hit.sides().filter(|_| hit.row_keys.is_empty()).take(5) {
            assert!(marks.contains(side), "{hit:?}");
        }
        assert!(hit.party_keys.is_empty() || !row[place("相关对象")].is_empty());
    }
}

#[tokio::test]
async fn the_one_question_about_several_is_seen_from_the_row_of_each() {
    let router = web::router(full());
    let summary = summary().await;
    let catalogue = Catalogue::load(&Tree::built_in());
    let benefits = summary["benefits"].as_array().unwrap();
    let benefit = benefits.iter().find(|one| one["per"] == "person").unwrap();
    let benefit = benefit["id"].as_str().unwrap();
    let rows = Rows::open(&catalogue, &Home::of(screened()).runs(), RUN, benefit).unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for hit in hits().iter().filter(|hit| !hit.party_keys.is_empty()) {
        for side in hit.sides() {
            let number = rows.number_of(side).unwrap().unwrap() + 1;
            let page = format!("/screening/runs/{RUN}/benefits/{benefit}/rows/{number}");
            let text = send(&router, get(&page)).await.text();
            assert!(text.contains(&hit.evidence), "{page}: {}", hit.evidence);
            assert!(text.contains("；相关对象："), "{page}");
            assert!(names_nobody(&text), "{page}");
        }
        seen.insert(hit.check.clone());
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), ["shared-account", "unlinked-ids"]);
}
