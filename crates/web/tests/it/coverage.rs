//! 条款对应情况: items of a pack, and the figures of a copy that nothing cites.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use document::Role;
use policy::Pack;
use policy::reading::understand;
use web::coverage::{Coverage, identify};

use crate::site::{Answer, full, get, send};

pub(crate) const PACK: &str = "cixi-2020";

/// A copy of a pack's document in our own words: its tasks with their units, and what else is to stand in item 24.
pub(crate) fn copy(pack: &Pack, in_24: &str) -> String {
    let mut text = format!("附件\n{}\n序号\t工作内容\t牵头单位\t配合单位\n", pack.policy.title);
    for task in &pack.tasks {
        let units = |role: Role| {
            let units = task.assignments.iter().filter(|assignment| assignment.role == role);
            units
                .map(|assignment| assignment.unit.to_string())
                .collect::<Vec<_>>()
                .join("、")
        };
        let more = if *task.id == "24" { in_24 } else { "" };
        writeln!(
            text,
            "{}\t{}{more}\t{}\t{}",
            task.no,
            task.title,
            units(Role::Lead),
            units(Role::Support)
        )
        .unwrap();
    }
    text
}

async fn check(text: &[u8]) -> Answer {
    let router = web::router(full());
    let address = format!("/rules/{PACK}/coverage");
    let asked = send(&router, get(&address)).await;
    let cookie = asked.header("set-cookie").split(';').next().unwrap().to_owned();
    let page = asked.text();
    let token = page
        .split("name=\"csrf\" value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let mut body = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"原文.txt\"\r\n\r\n"
    )
    .into_bytes();
    body.extend(text);
    body.extend(b"\r\n--edge--\r\n");
    let request = Request::post(&address)
        .header("cookie", cookie)
        .header("content-type", "multipart/form-data; boundary=edge")
        .body(Body::from(body))
        .unwrap();
    send(&router, request).await
}

#[tokio::test]
async fn every_item_says_what_carries_it_and_can_be_chosen_by_that() {
    let router = web::router(full());
    let page = send(&router, get("/rules/cixi-2020/coverage")).await.text();
    for piece in [
        "第24项",
        "一次性吸纳就业补贴",
        "任务、补贴项目",
        "未核对",
        "严禁上传涉密文件和工作秘密",
    ] {
        assert!(page.contains(piece), "{piece}\n{page}");
    }
    let some = send(&router, get("/rules/cixi-2020/coverage?carried=目标"))
        .await
        .text();
    assert!(some.matches("<tr role=\"row\">").count() < page.matches("<tr role=\"row\">").count());
    let unknown = send(&router, get("/rules/atlantis-1999/coverage")).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let pack = send(&router, get("/rules/cixi-2020")).await.text();
    assert!(pack.contains("href=\"/rules/cixi-2020/coverage\""));
}

#[tokio::test]
async fn a_figure_of_the_copy_that_nothing_cites_is_shown_with_its_place_and_a_cited_one_is_not() {
    let app = full();
    let pack = &app.catalogue.library.packs[PACK];
    let answer = check(copy(pack, "，每人3000元").as_bytes()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert!(!answer.text().contains("【3000元】"), "{}", answer.text());
    let answer = check(copy(pack, "，每人31415元").as_bytes()).await;
    let page = answer.text();
    for piece in ["核对完毕，有遗漏", "没有着落的数字", "第24项", "每人【31415元】"] {
        assert!(page.contains(piece), "{piece}\n{page}");
    }
}

#[tokio::test]
async fn a_copy_of_another_document_and_one_that_cannot_be_read_are_refused_with_both_sides() {
    let other = "青禾县分工表\n序号\t工作内容\t责任单位\n1\t做好服务<script>alert(1)</script>\t县人社局\n";
    let cases: [(&[u8], &str); 4] = [
        (
            other.as_bytes(),
            "没有找到“进一步做好稳就业工作责任分工”的任何一项任务。请上传与本政策文件对应的原文",
        ),
        (b"\x89PNG\r\n\x1a\n", "请用 WPS 另存为"),
        (b"", "空"),
        ("秘密★\n通知".as_bytes(), "该文件标有密级标志"),
    ];
    for (bytes, message) in cases {
        let answer = check(bytes).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{message}");
        let page = answer.text();
        assert!(
            page.contains(message) && page.contains("href=\"#file\""),
            "{message}\n{page}"
        );
        assert!(!page.contains("<script>alert"));
    }
}

/// The documents that the packs were made of, where they are at hand; they are nobody's to publish.
fn founding_documents() -> Option<PathBuf> {
    let shared = std::env::var_os("LEYE_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    if shared.exists() {
        return Some(shared.join("documents"));
    }
    assert!(
        std::env::var("LEYE_REQUIRE_ALL").as_deref() != Ok("1"),
        "{} is not there and LEYE_REQUIRE_ALL=1",
        shared.display()
    );
    eprintln!("skipped: {} is not there", shared.display());
    None
}

#[test]
fn no_clause_and_no_figure_of_a_founding_document_is_nowhere() {
    let Some(folder) = founding_documents() else { return };
    let app = full();
    let library = &app.catalogue.library;
    for (pack, file, count) in [
        ("cixi-2020", "cixi-2020-division.txt", 67),
        ("ziyang-2019", "ziyang-2019-division.txt", 42),
        ("dazu-2020", "dazu-2020-division.txt", 25),
    ] {
        let bytes = std::fs::read(folder.join(file)).unwrap();
        let copy = understand(&bytes, &library.units).unwrap();
        let pack = &library.packs[pack];
        assert!(identify(pack, &copy.extraction).is_ok(), "{file}");
        let coverage = Coverage::of(&app.catalogue, pack, Some(&copy));
        assert_eq!(coverage.gaps(), 0, "{file}: {coverage:#?}");
        assert_eq!(coverage.figures.unwrap().count, count, "{file}");
    }
}

#[tokio::test]
async fn clauses_left_to_a_person_are_counted_alike_on_every_page() {
    let app = full();
    let router = web::router(std::sync::Arc::clone(&app));
    let mut whole = 0;
    for pack in app.catalogue.library.packs.values() {
        let benefits = app.catalogue.benefits.all().filter(|benefit| benefit.pack == pack.id());
        let inside: usize = benefits.map(|benefit| benefit.untranslated.len()).sum();
        let others = pack.untranslated.len();
        let all = inside + others;
        whole += all;
        assert_eq!(Coverage::of(&app.catalogue, pack, None).judged(), all, "{}", pack.id());
        let page = send(&router, get(&format!("/rules/{}?clauses-size=200", pack.id())))
            .await
            .text();
        let line = format!("共 {all} 条：扶持政策中 {inside} 条，其他条款 {others} 条");
        assert!(page.contains(&line), "{line}");
        assert!(
            page.contains(&format!("扶持政策中需人工判断条款 {inside} 条")),
            "{}",
            pack.id()
        );
        // The table lists what the line counts.
        let table = page.split_once("<h2>需人工判断条款</h2>").unwrap().1;
        assert_eq!(
            table.matches("data-label=\"为什么不能计算\"").count(),
            all,
            "{}",
            pack.id()
        );
        let coverage = send(&router, get(&format!("/rules/{}/coverage", pack.id())))
            .await
            .text();
        assert!(coverage.contains(&format!("{all} 条")), "{}", pack.id());
    }
    let list = send(&router, get("/rules")).await.text();
    assert!(list.contains(&format!("{whole} 条")));
}
