//! Tables: what an address asks of them, and what comes out as a file.

use std::io::Cursor;

use calamine::{Reader as _, Xlsx};
use web::address::Address;
use web::table::{Cell, Column, Listing};

use crate::homes::RUN;
use crate::site::{full, get, send};

struct Town {
    name: &'static str,
    level: &'static str,
    people: usize,
}

const TOWNS: [Town; 4] = [
    Town {
        name: "第10镇",
        level: "镇",
        people: 300,
    },
    Town {
        name: "第2镇",
        level: "镇",
        people: 20,
    },
    Town {
        name: "东街道",
        level: "街道",
        people: 1_000,
    },
    Town {
        name: "=cmd()",
        level: "街道",
        people: 4,
    },
];

fn listing(query: &str) -> Listing {
    let columns = [
        Column::new("name", "名称", |town: &Town| Cell::text(town.name))
            .sorted()
            .names_row(),
        Column::new("level", "类别", |town: &Town| Cell::text(town.level)).chosen(),
        Column::new("people", "人数", |town: &Town| Cell::count(town.people))
            .sorted()
            .number(),
    ];
    Listing::of(&Address::of("/towns", query), "", &columns, TOWNS)
}

/// Names in the order in which the page shows them.
fn names(query: &str) -> Vec<String> {
    let html = listing(query).table("镇街").to_string();
    html.split("data-label=\"名称\">")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap().to_owned())
        .collect()
}

#[test]
fn rows_stand_as_the_address_asks() {
    for (query, expected) in [
        ("", vec!["第10镇", "第2镇", "东街道", "=cmd()"]),
        ("sort=name", vec!["=cmd()", "东街道", "第2镇", "第10镇"]),
        ("sort=-people", vec!["东街道", "第10镇", "第2镇", "=cmd()"]),
        ("sort=level", vec!["第10镇", "第2镇", "东街道", "=cmd()"]),
        (
            "sort=nonsense&page=x&size=7",
            vec!["第10镇", "第2镇", "东街道", "=cmd()"],
        ),
        ("level=%E9%95%87&sort=people", vec!["第2镇", "第10镇"]),
        ("level=%E5%8E%BF", vec![]),
        ("q=%E8%A1%97", vec!["东街道", "=cmd()"]),
        ("q=CMD", vec!["=cmd()"]),
        ("page=9", vec!["第10镇", "第2镇", "东街道", "=cmd()"]),
    ] {
        assert_eq!(names(query), expected, "{query}");
    }
}

#[test]
fn links_keep_what_was_asked_and_sorting_goes_up_down_and_back() {
    let html = |query: &str| listing(query).table("镇街").to_string();
    assert!(html("level=%E9%95%87").contains("href=\"/towns?level=%E9%95%87&#38;sort=people#table-block\""));
    assert!(html("sort=people").contains("href=\"/towns?sort=-people#table-block\""));
    assert!(html("sort=people").contains("aria-sort=\"ascending\""));
    assert!(html("sort=-people").contains("href=\"/towns#table-block\""));
    assert!(html("mine=1").contains("<input type=\"hidden\" name=\"mine\" value=\"1\">"));
    assert!(html("level=%E5%8E%BF").contains("没有符合所选条件的内容"));
}

#[tokio::test]
async fn a_listing_comes_as_csv_that_no_spreadsheet_takes_for_a_formula() {
    let response = listing("export=csv&level=%E8%A1%97%E9%81%93")
        .export("镇街", "")
        .unwrap()
        .unwrap();
    let disposition = response.headers()["content-disposition"].to_str().unwrap();
    assert_eq!(
        disposition,
        "attachment; filename=\"leye.csv\"; filename*=UTF-8''%E9%95%87%E8%A1%97.csv"
    );
    let bytes = http_body_util::BodyExt::collect(response.into_body())
        .await
        .unwrap()
        .to_bytes();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    assert_eq!(text, "\u{feff}名称,类别,人数\r\n东街道,街道,1000\r\n'=cmd(),街道,4\r\n");
}

#[tokio::test]
async fn the_ledger_comes_as_a_workbook_of_what_was_filtered() {
    let router = web::router(full());
    let page = send(&router, get("/duties?region=330282&export=xlsx")).await;
    let mut book = Xlsx::new(Cursor::new(page.bytes)).unwrap();
    let range = book.worksheet_range("任务列表").unwrap();
    let tasks = full().catalogue.library.packs["cixi-2020"].tasks.len();
    assert_eq!(range.height(), tasks + 3);
    let file = send(&router, get("/duties/ledger.xlsx?region=330282")).await;
    let book = Xlsx::new(Cursor::new(file.bytes)).unwrap();
    assert_eq!(book.sheet_names()[0], "责任台账");
    assert!(book.sheet_names().len() > 10);
}

#[tokio::test]
async fn money_and_rates_leave_a_table_as_they_are_read() {
    let columns = [
        Column::new("name", "项目", |row: &(&'static str, i64)| Cell::text(row.0)).sorted(),
        Column::new("amount", "金额", |row: &(&'static str, i64)| {
            Cell::text("…").money(Some(row.1))
        })
        .sorted()
        .number(),
        Column::new("rate", "利率", |_: &(&'static str, i64)| {
            Cell::text("3.85%").measured(Some(38_500))
        })
        .number(),
    ];
    let address = Address::of("/money", "export=csv&sort=-amount");
    let listing = Listing::of(&address, "", &columns, [("甲", -4_600_000), ("乙", 29_400_000)]);
    let response = listing.export("金额", "").unwrap().unwrap();
    let bytes = http_body_util::BodyExt::collect(response.into_body())
        .await
        .unwrap()
        .to_bytes();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    assert_eq!(
        text,
        "\u{feff}项目,金额（元）,利率\r\n乙,294000.00,3.85%\r\n甲,-46000.00,3.85%\r\n"
    );
}

#[tokio::test]
async fn the_chart_of_a_standard_starts_at_nothing_and_its_sources_are_links() {
    let router = web::router(full());
    let text = send(&router, get("/rules/parameters/lpr_1y")).await.text();
    let chart = text.split("<svg").nth(1).unwrap().split("</svg>").next().unwrap();
    assert!(chart.contains(">0%<") || chart.contains(">0.00%<"), "{chart}");
    let text = send(&router, get("/rules/parameters/flex_graduate_extension_months"))
        .await
        .text();
    assert!(text.contains("href=\"/rules/anshan-2020/items/%E4%BA%8C\""), "{text}");
    assert!(
        !text.contains(">anshan-2020<"),
        "documents stand by their number or title"
    );
}

#[tokio::test]
async fn from_a_clause_one_comes_to_its_benefits_their_readings_and_whom_they_reach() {
    let router = web::router(full());
    let text = send(&router, get("/rules/cixi-2020/items/29")).await.text();
    for link in [
        "href=\"/catalogue/cx-jobseek-subsidy\"".to_owned(),
        format!("href=\"/screening/runs/{RUN}/benefits/cx-jobseek-subsidy\""),
        "href=\"/rules/readings?q=".to_owned(),
    ] {
        assert!(text.contains(&link), "{link}");
    }
    let coverage = send(&router, get("/rules/cixi-2020/coverage?size=200")).await.text();
    assert!(coverage.contains("href=\"/rules/cixi-2020/items/29\""));
    let pack = send(&router, get("/rules/cixi-2020?size=200")).await.text();
    assert!(
        pack.contains("href=\"/rules/cixi-2020/items/29\"") && pack.contains("href=\"/catalogue/cx-jobseek-subsidy\"")
    );
}

#[tokio::test]
async fn rows_that_wait_come_as_a_workbook_that_says_what_each_waits_for() {
    const LIST: &str = "cx-si-subsidy-hard-to-employ";
    let router = web::router(full());
    let page = format!("/screening/runs/{RUN}/benefits/{LIST}?outcome=undetermined");
    let text = send(&router, get(&page)).await.text();
    let link = format!("/screening/runs/{RUN}/benefits/{LIST}/list.xlsx?outcome=undetermined");
    assert!(text.contains(&link), "{link}");
    let waiting = text
        .split("待核实（")
        .nth(1)
        .unwrap()
        .split('）')
        .next()
        .unwrap()
        .to_owned();
    let mut book = Xlsx::new(Cursor::new(send(&router, get(&link)).await.bytes)).unwrap();
    let sheet = book.worksheet_range("待核实名单").unwrap();
    let rows: Vec<_> = sheet
        .rows()
        .filter(|row| row[0].to_string().parse::<u64>().is_ok())
        .collect();
    assert_eq!(rows.len().to_string(), waiting);
    assert!(
        rows.iter()
            .all(|row| !row[6].to_string().is_empty() && !row[7].to_string().is_empty())
    );
}

#[tokio::test]
async fn a_row_says_of_each_value_where_it_comes_from() {
    let router = web::router(full());
    let address = format!("/screening/runs/{RUN}/benefits/cx-jobseek-subsidy/rows/1");
    let text = send(&router, get(&address)).await.text();
    assert!(
        text.contains("受理地") && text.contains("（来源：按本次筛查地区）"),
        "{address}"
    );
    assert!(
        text.contains("（来源：补贴发放记录和本次筛查中在先的享受）"),
        "{address}"
    );
    assert!(!text.contains("cixi-2020@"), "a version stands by its document");
}
