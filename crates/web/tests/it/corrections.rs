//! What people correct of a document, beside its words, and how it is told apart in files.

use crate::documents::Visitor;
use crate::site::full;

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
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
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
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(value.get("corrections").is_none() && value["format"] == 1, "{json}");
}
