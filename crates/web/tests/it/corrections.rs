//! What people change of a document, beside its words, and how it is told apart in files: rows corrected, added, struck out.

use std::io::{Cursor, Read as _};

use axum::body::Body;
use axum::http::StatusCode;
use calamine::{Reader as _, Xlsx};
use serde_json::Value;

use crate::documents::{TABLE, Visitor, workbook};
use crate::site::{full, post, send};

const TEXT: &str = "青禾县人民政府办公室关于促进就业的通知\n一、支持企业稳定岗位。对不裁员的企业给予支持。（责任单位：县人社局、县财政局）\n二、做好就业服务。常年开展招聘活动。（责任单位：县人社局）\n";

#[tokio::test]
async fn the_words_of_a_task_stand_in_its_form() {
    let mut visitor = Visitor::new(full());
    let address = visitor.read("通知.txt", TEXT.as_bytes()).await;
    let form = visitor.see(&format!("{address}?correct=2")).await.text();
    let passage = form.split_once("<blockquote class=\"passage\"").unwrap().1;
    let passage = passage.split_once("</blockquote>").unwrap().0;
    assert!(passage.contains("常年开展招聘活动"), "{passage}");
    assert!(!passage.contains("支持企业稳定岗位"), "{passage}");
}

#[tokio::test]
async fn units_that_a_person_took_away_are_not_said_to_be_absent_from_the_document() {
    let mut visitor = Visitor::new(full());
    let address = visitor.read("通知.txt", TEXT.as_bytes()).await;
    visitor.see(&format!("{address}?correct=1")).await;
    let typed = [
        ("do", "correct"),
        ("task", "1"),
        ("lead", ""),
        ("support", ""),
        ("responsible", ""),
        ("deadline", ""),
        ("content", "支持企业稳定岗位。"),
    ];
    visitor.form(&address, &typed).await;
    let page = visitor.see(&address).await.text();
    assert!(
        page.contains("单位已由人工删去") && !page.contains("原文未写责任单位"),
        "{page}"
    );
    let ledger = visitor.see(&format!("{address}/ledger")).await.text();
    assert!(
        ledger.contains("人工更正") && !ledger.contains("原文未写责任单位"),
        "{ledger}"
    );
    let json = visitor.see(&format!("{address}?file=json")).await.text();
    let value: Value = serde_json::from_str(&json).unwrap();
    let parts: Vec<&str> = value["corrections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["part"].as_str().unwrap())
        .collect();
    assert!(parts.contains(&"responsible") && parts.contains(&"content"), "{json}");
}

#[tokio::test]
async fn the_two_workbooks_have_two_names_and_json_without_corrections_is_that_of_the_command() {
    let mut visitor = Visitor::new(full());
    let address = visitor.read("通知.txt", TEXT.as_bytes()).await;
    let mut names = Vec::new();
    for file in ["xlsx", "units"] {
        let answer = visitor.see(&format!("{address}?file={file}")).await;
        names.push(answer.header("content-disposition").to_owned());
    }
    assert_ne!(names[0], names[1]);
    let json = visitor.see(&format!("{address}?file=json")).await.text();
    let value: Value = serde_json::from_str(&json).unwrap();
    assert!(value.get("corrections").is_none() && value["format"] == 1, "{json}");
}

/// A text whose third paragraph states a duty of its own, which the reader takes for more words of the first item.
const MISSED: &str = "青禾县人民政府办公室关于促进就业的通知\n一、支持企业稳定岗位。对不裁员的企业给予支持。（责任单位：县人社局、县财政局）\n办好青年夜校，由县教育局牵头，2024年9月底前开班，每班不少于30人。按季公布名单。\n二、做好就业服务。常年开展招聘活动。（责任单位：县人社局）\n";

/// The first sentence of its third paragraph, as a form adds it.
const NIGHT_SCHOOL: [(&str, &str); 7] = [
    ("do", "add"),
    ("picked", "3"),
    ("paragraph", "3"),
    ("sentence", "1"),
    ("lead", "县教育局"),
    ("support", "各乡镇、县总工会"),
    ("deadline", "2024年9月底前"),
];

async fn json(visitor: &mut Visitor, address: &str) -> Value {
    let text = visitor.see(&format!("{address}?file=json")).await.text();
    serde_json::from_str(&text).unwrap()
}

/// The tasks of the draft pack.
async fn pack_tasks(visitor: &mut Visitor, address: &str) -> String {
    let pack = visitor.see(&format!("{address}?file=pack&pack=qinghe-2024")).await;
    let mut archive = zip::ZipArchive::new(Cursor::new(pack.bytes)).unwrap();
    let mut tasks = String::new();
    let mut file = archive.by_name("qinghe-2024/tasks.toml").unwrap();
    file.read_to_string(&mut tasks).unwrap();
    tasks
}

#[tokio::test]
async fn a_duty_that_was_missed_is_added_from_the_words_of_a_numbered_paragraph() {
    let mut visitor = Visitor::new(full());
    let address = visitor.read("通知.txt", MISSED.as_bytes()).await;
    let page = visitor.see(&address).await.text();
    assert!(page.contains("?leaf=1&#38;add=0#adding") || page.contains("?leaf=1&amp;add=0#adding"));
    let menu = visitor.see(&format!("{address}?add=0")).await.text();
    for piece in [
        "<option value=\"3\">第 3 段　办好青年夜校",
        "<a class=\"paragraph-number\" href=\"?add=3#adding\">第3段</a>",
        "选定这一段",
    ] {
        assert!(menu.contains(piece), "{piece}\n{menu}");
    }
    let form = visitor.see(&format!("{address}?add=3")).await.text();
    for piece in [
        "name=\"picked\" value=\"3\"",
        "name=\"sentence\" value=\"1\" id=\"sentence\" checked>办好青年夜校",
        "name=\"sentence\" value=\"2\" checked>按季公布名单。",
        "id=\"lead\"",
        "id=\"deadline\"",
    ] {
        assert!(form.contains(piece), "{piece}\n{form}");
    }
    assert!(!form.contains("id=\"content\""), "the words are the text's");
    let answer = visitor.form(&address, &NIGHT_SCHOOL).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert_eq!(answer.header("location"), format!("{address}#row-3"));
}

#[tokio::test]
async fn an_added_row_points_at_its_text_and_back_and_is_counted_and_kept_as_one() {
    let mut visitor = Visitor::new(full());
    let address = visitor.read("通知.txt", MISSED.as_bytes()).await;
    visitor.see(&address).await;
    visitor.form(&address, &NIGHT_SCHOOL).await;
    let page = visitor.see(&address).await.text();
    for piece in [
        "id=\"text-3\"",
        "href=\"#text-3\"",
        "href=\"#row-3\"",
        "<span class=\"by-hand\">人工增列</span>",
        "任务 3 项（识别 2 项）",
        "人工增列 1 项",
        "<mark class=\"mark-lead\">县教育局</mark>",
        "<mark class=\"mark-figure\">不少于30人</mark>",
        "截至2024-09-30",
    ] {
        assert!(page.contains(piece), "{piece}\n{page}");
    }
    let place = |row: &str| page.find(row).unwrap();
    assert!(
        place("id=\"row-1\"") < place("id=\"row-3\"") && place("id=\"row-3\"") < place("id=\"row-2\""),
        "it stands where the text has it"
    );

    let book = visitor.see(&format!("{address}?file=xlsx")).await.bytes;
    let cells = workbook(&book).concat().join("|");
    assert!(
        cells.contains("人工增列：原文第 3 段") && cells.contains("（识别 2 项，人工增列 1 项）"),
        "{cells}"
    );
    let value = json(&mut visitor, &address).await;
    assert_eq!(value["tasks"].as_array().unwrap().len(), 3);
    let task = &value["tasks"][1];
    assert!(task["text"].as_str().unwrap().ends_with("每班不少于30人。"), "{task}");
    assert_eq!(task["assignments"].as_array().unwrap().len(), 3);
    assert_eq!(
        (&task["deadline"]["due"], &task["quantities"][1]["value"]),
        (&"2024-09-30".into(), &"30".into())
    );
    assert_eq!(
        (&value["added"][0]["task"], &value["added"][0]["paragraph"]),
        (&1.into(), &3.into())
    );
    assert!(
        value.get("corrections").is_none() && value.get("struck").is_none(),
        "{value}"
    );
    assert!(pack_tasks(&mut visitor, &address).await.contains("县教育局"));
    let added = visitor.see(&format!("{address}/ledger?by-hand=added")).await.text();
    assert!(added.contains("#text-3") && !added.contains("#text-1\""), "{added}");

    // It is corrected like any other row, and nothing of it is said to have been read.
    let typed = [
        ("do", "correct"),
        ("task", "3"),
        ("lead", "县团委"),
        ("content", "办好夜校，每班不少于50人。"),
    ];
    let answer = visitor.form(&address, &typed).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let page = visitor.see(&address).await.text();
    assert!(
        page.contains("原文为：<del>办好青年夜校") && !page.contains("识别为"),
        "{page}"
    );
    let value = json(&mut visitor, &address).await;
    assert_eq!(value["tasks"][1]["assignments"][0]["unit"], "县团委");
    assert!(
        value["added"][0]["words"].as_str().unwrap().starts_with("办好青年夜校"),
        "{value}"
    );
}

#[tokio::test]
async fn a_row_that_is_no_duty_is_struck_out_of_page_and_files_and_comes_back_as_it_was() {
    let mut visitor = Visitor::new(full());
    let address = visitor.read("通知.txt", TEXT.as_bytes()).await;
    visitor.see(&address).await;
    let (before, pack) = (
        json(&mut visitor, &address).await,
        pack_tasks(&mut visitor, &address).await,
    );
    let answer = visitor.form(&address, &[("do", "strike"), ("task", "2")]).await;
    assert_eq!(
        answer.header("location"),
        format!("{address}#row-2"),
        "{}",
        answer.text()
    );
    let page = visitor.see(&address).await.text();
    for piece in [
        "id=\"row-2\" class=\"struck\"",
        "<span class=\"by-hand\">人工剔除</span>",
        "任务 1 项（识别 2 项）",
        "人工剔除 1 项",
        "id=\"text-2\"",
        "form=\"reinstate\" name=\"task\" value=\"2\"",
    ] {
        assert!(page.contains(piece), "{piece}\n{page}");
    }
    assert!(!page.contains("?correct=2"), "what is struck out is not corrected");

    for file in ["xlsx", "units"] {
        let bytes = visitor.see(&format!("{address}?file={file}")).await.bytes;
        let ledger = workbook(&bytes).concat().join("|");
        assert!(
            !ledger.contains("做好就业服务") && ledger.contains("支持企业稳定岗位"),
            "{ledger}"
        );
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        let struck = book.worksheet_range("人工剔除").unwrap();
        let struck = struck
            .rows()
            .flatten()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("|");
        assert!(
            struck.contains("做好就业服务") && struck.contains("县人社局"),
            "{struck}"
        );
    }
    let value = json(&mut visitor, &address).await;
    assert_eq!(value["tasks"].as_array().unwrap().len(), 1);
    assert_eq!(
        value["struck"].as_array().unwrap(),
        &before["tasks"].as_array().unwrap()[1..]
    );
    let without = pack_tasks(&mut visitor, &address).await;
    assert_eq!(
        (pack.matches("[[task]]").count(), without.matches("[[task]]").count()),
        (2, 1)
    );
    let ledger = visitor.see(&format!("{address}/ledger")).await.text();
    assert!(!ledger.contains("#text-2\""), "{ledger}");
    let struck = visitor.see(&format!("{address}/ledger?by-hand=struck")).await.text();
    assert!(
        struck.contains("#text-2\"") && struck.contains("人工剔除：不是任务"),
        "{struck}"
    );
    let refused = visitor
        .form(&address, &[("do", "correct"), ("task", "2"), ("content", "服务")])
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);

    let answer = visitor.form(&address, &[("do", "reinstate"), ("task", "2")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(json(&mut visitor, &address).await, before);
    assert!(!visitor.see(&address).await.text().contains("人工剔除"));
}

#[tokio::test]
async fn an_added_row_that_is_taken_back_leaves_no_trace_in_files_and_can_be_brought_back() {
    let mut visitor = Visitor::new(full());
    let address = visitor.read("通知.txt", MISSED.as_bytes()).await;
    visitor.see(&address).await;
    let before = json(&mut visitor, &address).await;
    visitor.form(&address, &NIGHT_SCHOOL).await;
    visitor.form(&address, &[("do", "strike"), ("task", "3")]).await;
    assert_eq!(json(&mut visitor, &address).await, before);
    let page = visitor.see(&address).await.text();
    assert!(
        page.contains("增列已撤销") && page.contains("任务 2 项") && !page.contains("人工增列 1 项"),
        "{page}"
    );
    let again = visitor.form(&address, &NIGHT_SCHOOL).await;
    assert!(again.text().contains("已经增列为任务3（已撤销"), "{}", again.text());
    visitor.form(&address, &[("do", "reinstate"), ("task", "3")]).await;
    assert_eq!(json(&mut visitor, &address).await["added"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_cannot_be_added_is_said_at_its_field_and_nothing_typed_is_lost() {
    let mut visitor = Visitor::new(full());
    let address = visitor.read("通知.txt", MISSED.as_bytes()).await;
    visitor.see(&address).await;
    let long = "县".repeat(2_001);
    let typed = [
        ("do", "add"),
        ("picked", "3"),
        ("paragraph", "3"),
        ("lead", long.as_str()),
        ("support", "'; DROP TABLE task; --"),
    ];
    let answer = visitor.form(&address, &typed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.text();
    for piece in [
        "有 2 处需要更正",
        "href=\"#sentence\"",
        "请至少选一处",
        "有 2001 个字，最多 2000 个字",
        "&#39;; DROP TABLE task; --",
        long.as_str(),
    ] {
        assert!(page.contains(piece), "{piece}\n{page}");
    }
    assert!(!page.contains(" checked"), "what was not ticked is not ticked");
    // Another paragraph than the one whose sentences were seen is shown first, with what was typed.
    let other = [
        ("do", "add"),
        ("picked", "3"),
        ("paragraph", "2"),
        ("sentence", "1"),
        ("lead", "县教育局"),
    ];
    let answer = visitor.form(&address, &other).await;
    let page = answer.text();
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for piece in ["换了段落", "value=\"县教育局\"", "checked>对不裁员的企业给予支持。"] {
        assert!(page.contains(piece), "{piece}\n{page}");
    }
    let pick = [
        ("do", "pick"),
        ("picked", "3"),
        ("paragraph", "2"),
        ("lead", "县教育局"),
    ];
    let answer = visitor.form(&address, &pick).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text().contains("value=\"县教育局\"") && answer.text().contains("name=\"picked\" value=\"2\""));
    for (paragraph, sentence, message) in [
        ("99", "1", "请选择原文中的一段"),
        ("", "1", "请选择原文中的一段"),
        ("3", "7", "请至少选一处"),
        ("3", "0", "请至少选一处"),
    ] {
        let typed = [
            ("do", "add"),
            ("picked", paragraph),
            ("paragraph", paragraph),
            ("sentence", sentence),
        ];
        let answer = visitor.form(&address, &typed).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains(message), "{paragraph} {sentence}");
    }
    visitor.form(&address, &NIGHT_SCHOOL).await;
    let twice = visitor.form(&address, &NIGHT_SCHOOL).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(twice.text().contains("这些文字已经增列为任务3"));
    for act in ["strike", "reinstate", "correct"] {
        let answer = visitor.form(&address, &[("do", act), ("task", "4")]).await;
        assert!(answer.text().contains("没有这项任务"), "{act}");
    }
    assert_eq!(json(&mut visitor, &address).await["tasks"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn of_a_row_of_a_table_the_cell_with_the_words_is_proposed() {
    let mut visitor = Visitor::new(full());
    let address = visitor.read("分工.txt", TABLE.as_bytes()).await;
    let form = visitor.see(&format!("{address}?add=3")).await.text();
    let form = form
        .split_once("id=\"adding\"")
        .unwrap()
        .1
        .split_once("</form>")
        .unwrap()
        .0
        .to_owned();
    assert_eq!(form.matches("name=\"sentence\"").count(), 6, "{form}");
    assert_eq!(form.matches(" checked>").count(), 1, "{form}");
    assert!(form.contains("checked>落实稳岗返还，资金不少于500万元。"), "{form}");
}

#[tokio::test]
async fn versions_are_compared_as_people_left_them_and_the_page_says_so() {
    let mut visitor = Visitor::new(full());
    let old = visitor.read("旧.txt", MISSED.as_bytes()).await;
    let new = visitor.read("新.txt", MISSED.as_bytes()).await;
    let compare = format!("{new}/compare?with={}", old.rsplit('/').next().unwrap());
    let page = visitor.see(&compare).await.text();
    assert!(page.contains("未变（2）") && page.contains("有变化的（0）"), "{page}");
    visitor.see(&new).await;
    visitor.form(&new, &NIGHT_SCHOOL).await;
    visitor.form(&new, &[("do", "strike"), ("task", "2")]).await;
    let page = visitor.see(&compare).await.text();
    for piece in [
        "新增（1）",
        "删去（1）",
        "未变（1）",
        "新版此项为人工增列",
        "按人工处理后的台账比较：人工增列 1 项、人工剔除 1 项",
    ] {
        assert!(page.contains(piece), "{piece}\n{page}");
    }
    assert!(page.contains(&format!("href=\"{new}#text-3\"")), "{page}");
}

#[tokio::test]
async fn rows_are_neither_added_nor_struck_out_without_a_token_or_of_a_sample() {
    let app = full();
    let mut visitor = Visitor::new(app.clone());
    let address = visitor.read("通知.txt", MISSED.as_bytes()).await;
    let router = web::router(app);
    for body in ["do=strike&task=1", "do=add&picked=3&paragraph=3&sentence=1"] {
        let request = post(&address, body).body(Body::from(body)).unwrap();
        assert_eq!(send(&router, request).await.status, StatusCode::FORBIDDEN, "{body}");
    }
    let page = visitor.see("/documents/sample-table?add=3").await.text();
    assert!(!page.contains("增列任务") && !page.contains("不是任务"), "{page}");
    visitor.see(&address).await;
    for fields in [&NIGHT_SCHOOL[..], &[("do", "strike"), ("task", "1")]] {
        let answer = visitor.form("/documents/sample-table", fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains("样例不能更正、增列或剔除"));
    }
}
