//! 政策测算: what the form takes and refuses, and that a page says what the command line says.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use policy::file::SourceFile;
use rules::catalogue::Catalogue;
use screening::home::Means;
use screening::simulation::Comparison;
use web::App;

use crate::homes::{BENEFIT, RUN};
use crate::screenings::{over_with, token};
use crate::site::{Answer, full, get, send};

/// Most bytes of a reform that the page takes.
const LONGEST_REFORM: usize = 256 << 10;
const PAGE: &str = "/screening/simulations";
const EDGE: &str = "xxxxxEDGExxxxx";

/// Sends the form as a browser does, with a file where there is one (name and bytes).
async fn ask(router: &Router, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Answer {
    let (token, cookie) = token(router, PAGE).await;
    let mut body = Vec::new();
    for (name, value) in [("csrf", token.as_str())].iter().chain(fields) {
        let part = format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    if let Some((name, bytes)) = file {
        let head = format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{EDGE}--\r\n").as_bytes());
    let request = Request::builder()
        .method("POST")
        .uri(PAGE)
        .header("content-type", format!("multipart/form-data; boundary={EDGE}"))
        .header("content-length", body.len())
        .header("cookie", cookie);
    send(router, request.body(Body::from(body)).unwrap()).await
}

/// What came of a question that was taken; the address of its page.
async fn answered(app: &Arc<App>, answer: &Answer) -> (String, Arc<Comparison>) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let id = answer.header("location").strip_prefix("/screening/jobs/").unwrap();
    let job = app.jobs.get(id).unwrap();
    over_with(&job).await;
    let page = job.now().finished.unwrap_or_else(|| panic!("{:?}", job.now()));
    (page, app.screenings.simulation(id).unwrap())
}

/// The same question asked without any page.
fn by_hand(text: &str) -> Comparison {
    let app = full();
    let file = SourceFile::new("reform.toml", "reform.toml", text);
    let (reformed, reform) = Catalogue::load_reformed(&app.tree, &file);
    let means = Means {
        threads: 2,
        memory_bytes: 512 << 20,
        progress: &|_| {},
        stop: &AtomicBool::new(false),
    };
    let asked = app
        .screenings
        .home()
        .simulate(&app.catalogue, RUN, means, |simulation| {
            simulation.reform(&reformed, &reform.unwrap())
        });
    asked.unwrap().unwrap()
}

/// The fields of the form for one change.
fn one<'f>(what: &'f str, value: &'f str) -> [(&'f str, &'f str); 4] {
    [("run", RUN), ("kind", "one"), ("what", what), ("value", value)]
}

/// All cells of a workbook, as text.
fn cells(answer: &Answer) -> Vec<String> {
    use calamine::{Reader as _, Xlsx, open_workbook_from_rs};

    let mut book: Xlsx<_> = open_workbook_from_rs(std::io::Cursor::new(answer.bytes.clone())).unwrap();
    let sheets = book.worksheets();
    let rows = sheets.iter().flat_map(|(_, range)| range.rows());
    rows.flatten().map(ToString::to_string).collect()
}

#[tokio::test]
async fn a_simulation_says_what_it_changes_on_its_page_and_in_its_workbook() {
    let (app, router) = (full(), web::router(full()));
    let what = format!("benefit:{BENEFIT}");
    let (page, comparison) = answered(&app, &ask(&router, &one(&what, "４,５００元"), None).await).await;
    let reform = comparison.reform.as_ref().unwrap();
    assert!(reform.name.ends_with("改为4500元"), "{}", reform.name);
    let [change] = reform.changes.as_slice() else {
        panic!("{:?}", reform.changes);
    };
    let benefit = comparison.concerned().next().unwrap();
    assert!(change.starts_with(&benefit.name) && change.contains(" → "), "{change}");
    let text = send(&router, get(&page)).await.text();
    assert!(text.contains(&format!("改动内容：{change}")) && text.contains("原金额") && text.contains("现金额"));
    let cells = cells(&send(&router, get(&format!("{page}/result.xlsx"))).await);
    assert!(cells.iter().any(|cell| cell.contains(change.as_str())));
    assert!(
        !cells.iter().any(|cell| cell == "cixi-2020"),
        "documents stand by their titles"
    );
}

#[tokio::test]
async fn a_change_that_leaves_everything_to_be_verified_says_what_stands_in_the_way_and_no_zero() {
    let (app, router) = (full(), web::router(full()));
    let fields = one("parameter:cx_si_subsidy_hard_to_employ_monthly", "1200");
    let (page, comparison) = answered(&app, &ask(&router, &fields, None).await).await;
    assert!(comparison.is_unmeasured());
    let benefit = comparison.concerned().next().unwrap();
    let waiting = benefit.change.undetermined_after;
    assert!(
        waiting > 0 && benefit.waiting.values().sum::<u64>() == waiting,
        "{benefit:?}"
    );
    let text = send(&router, get(&page)).await.text();
    assert!(text.contains("无法测算") && !text.contains("没有任何一条的预审结果或金额因此改变"));
    assert!(text.contains(&format!("改动后仍有 {waiting} 条待核实（")));
    let most = civil::Money::from_fen(i64::try_from(waiting).unwrap() * 120_000);
    assert!(
        text.contains(&format!("最多 {most}")),
        "every month of it is the same sum"
    );
}

fn reform(yuan: u32) -> String {
    format!("format = 1\nname = \"测试\"\n\n[[benefit]]\nid = \"{BENEFIT}\"\namount = {{ is = \"yuan({yuan})\" }}\n")
}

#[tokio::test]
async fn one_amount_of_the_form_is_the_reform_of_a_file() {
    let (app, router) = (full(), web::router(full()));
    let what = format!("benefit:{BENEFIT}");
    let fields = [
        ("run", RUN),
        ("kind", "one"),
        ("what", &*what),
        ("value", "4,500元"),
        ("name", "测试"),
    ];
    let answer = ask(&router, &fields, None).await;
    let (page, by_form) = answered(&app, &answer).await;
    assert_eq!(*by_form, by_hand(&reform(4_500)));
    assert!(by_form.total.more.rows > 0 && by_form.total.difference_fen() > 0);
    let file = reform(4_500);
    let fields = [("run", RUN), ("kind", "file")];
    let answer = ask(&router, &fields, Some(("../../etc/passwd.toml", file.as_bytes()))).await;
    assert_eq!(*answered(&app, &answer).await.1, *by_form);
    let text = send(&router, get(&page)).await.text();
    assert!(text.contains("政策测算：测试") && text.contains("金额提高") && text.contains("<svg"));
    assert!(text.contains("以免识别个人") || by_form.towns.iter().all(|line| line.change.is_some()));
    // The office's own page shows every line; what leaves it says 不列 in the place of small numbers.
    let withheld = by_form.towns.iter().filter(|line| line.change.is_none()).count()
        + by_form.groups.iter().filter(|line| line.change.is_none()).count();
    assert!(withheld > 0 && !text.contains(">不列<"), "{withheld}");
    let book = send(&router, get(&format!("{page}/result.xlsx"))).await;
    assert_eq!(book.status, StatusCode::OK);
    let cells = cells(&book);
    assert!(
        cells.iter().filter(|cell| *cell == "不列").count() >= withheld * 11,
        "{withheld}"
    );
    assert!(send(&router, get(PAGE)).await.text().contains(&page));
}

#[tokio::test]
async fn a_standard_of_the_form_is_a_parameter_of_a_file() {
    let (app, router) = (full(), web::router(full()));
    let fields = [
        ("run", RUN),
        ("kind", "one"),
        ("what", "parameter:cx_internship_monthly"),
        ("value", "1500"),
        ("name", "引号\"和\\反斜杠"),
    ];
    let (page, comparison) = answered(&app, &ask(&router, &fields, None).await).await;
    let reform = comparison.reform.as_ref().unwrap();
    assert_eq!(reform.parameters, ["cx_internship_monthly"]);
    assert_eq!(reform.name, "引号\"和\\反斜杠");
    assert!(send(&router, get(&page)).await.text().contains("引号&#34;和\\反斜杠"));
}

#[tokio::test]
async fn later_documents_are_asked_about_and_every_case_is_covered() {
    let (app, router) = (full(), web::router(full()));
    let fields = [("run", RUN), ("kind", "retro"), ("known_on", "2022-06-30")];
    let (page, comparison) = answered(&app, &ask(&router, &fields, None).await).await;
    assert!(comparison.retro.is_some());
    let text = send(&router, get(&page)).await.text();
    assert!(text.contains("追溯测算") && text.contains("不是补发或退回决定"));
}

#[tokio::test]
async fn what_cannot_be_asked_is_shown_again_with_what_is_wrong() {
    let router = web::router(full());
    let what = format!("benefit:{BENEFIT}");
    let long = "长".repeat(61);
    let cases: [(&[(&str, &str)], &str); 21] = [
        (&[("run", RUN)], "请在列表中选择"),
        (&[("run", RUN), ("kind", "<script>alert(1)</script>")], "请选择一种"),
        (&[("run", "../../keys"), ("kind", "one")], "没有这次筛查"),
        (
            &[("run", "' OR 1=1"), ("kind", "retro"), ("known_on", "2022-06-30")],
            "没有这次筛查",
        ),
        (&[("run", RUN), ("kind", "one"), ("value", "1")], "请在列表中选择"),
        (
            &[
                ("run", RUN),
                ("kind", "one"),
                ("what", "benefit:no-such"),
                ("value", "1"),
            ],
            "请在列表中选择",
        ),
        (
            &[
                ("run", RUN),
                ("kind", "one"),
                ("what", "parameter:lpr_1y\"\n[[x]]"),
                ("value", "1"),
            ],
            "请在列表中选择",
        ),
        (
            &[("run", RUN), ("kind", "one"), ("what", what.as_str()), ("value", "-5")],
            "请写不小于零的元数",
        ),
        (
            &[
                ("run", RUN),
                ("kind", "one"),
                ("what", what.as_str()),
                ("value", "1) + yuan(1"),
            ],
            "请填数字，如 5000",
        ),
        (
            &[
                ("run", RUN),
                ("kind", "one"),
                ("what", what.as_str()),
                ("value", "<script>"),
            ],
            "请填数字，如 5000",
        ),
        (&one(&what, "五千元"), "请填数字，如 5000"),
        (&one(&what, "99999999999999元"), "金额过大"),
        (&one(&what, "100000000.01"), "金额过大"),
        (&one(&what, "5000.001"), "至多两位小数"),
        (&one("parameter:lpr_1y", "3.85"), "请写百分号，如 3.85%"),
        (&one("parameter:lpr_1y", "385%"), "比例不能超过 100%"),
        (&one("parameter:lpr_1y", "-1%"), "比例不能小于零"),
        (&one("parameter:lpr_1y", "三点八五"), "请填比例，如 3.85%"),
        (
            &[
                ("run", RUN),
                ("kind", "one"),
                ("what", what.as_str()),
                ("value", "1"),
                ("name", long.as_str()),
            ],
            "请不超过 60 个字",
        ),
        (
            &[("run", RUN), ("kind", "retro"), ("known_on", "2020-12-15")],
            "请写晚于 2020-12-15 的日期",
        ),
        (&[("run", RUN), ("kind", "file")], "请选择测算方案文件"),
    ];
    for (fields, wrong) in cases {
        let answer = ask(&router, fields, None).await;
        let text = answer.text();
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        assert!(
            text.contains("error-summary") && text.contains(wrong),
            "{fields:?}\n{text}"
        );
        assert!(!text.contains("<script>"), "{fields:?}");
    }
}

#[tokio::test]
async fn a_file_that_is_no_reform_is_refused_with_its_own_lines() {
    let router = web::router(full());
    let bomb = vec![b'['; LONGEST_REFORM + 1];
    let deep = "[".repeat(10_000);
    let unknown = "format = 1\nname = \"x\"\n\n[[benefit]]\nid = \"no-such\"\namount = { is = \"yuan(1)\" }\n";
    let other = "format = 1\nname = \"x\"\n\n[[benefit]]\nid = \"zy-internship\"\namount = { is = \"yuan(1)\" }\n";
    let files: [(&[u8], &str); 7] = [
        (b"<script>alert(1)</script>", "reform.toml"),
        (unknown.as_bytes(), "no-such"),
        (other.as_bytes(), "补贴项目"),
        (&bomb, "文件过大"),
        (deep.as_bytes(), "reform.toml"),
        (b"\xff\xfe\x00", "不是 UTF-8"),
        (b"PK\x03\x04\x00\x00", "reform.toml"),
    ];
    for (bytes, wrong) in files {
        let fields = [("run", RUN), ("kind", "file")];
        let answer = ask(&router, &fields, Some(("reform.toml", bytes))).await;
        let text = answer.text();
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}: {text}");
        assert!(
            text.contains("error-summary") && text.contains(wrong),
            "{wrong}: {text}"
        );
        assert!(!text.contains("<script>alert"), "{wrong}");
    }
}

#[tokio::test]
async fn a_question_without_a_token_is_refused_before_its_file_is_read() {
    let router = web::router(full());
    let body = format!(
        "--{EDGE}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.toml\"\r\n\r\nformat = 1\r\n--{EDGE}--\r\n"
    );
    let request = Request::builder()
        .method("POST")
        .uri(PAGE)
        .header("content-type", format!("multipart/form-data; boundary={EDGE}"))
        .body(Body::from(body))
        .unwrap();
    assert_eq!(send(&router, request).await.status, StatusCode::FORBIDDEN);
}
