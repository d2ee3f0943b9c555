//! 文件识别: uploads, what they show, corrections, downloads, comparisons, and what is refused.

use std::io::{Cursor, Read as _};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use calamine::{Reader as _, Xlsx};
use policy::file::Tree;
use web::App;
use web::limits::Limits;

use crate::site::{Answer, Log, full, get, in_uri, outside, post, send, wide_limits};

/// A division of duties as a table.
pub(crate) const TABLE: &str = "\
青禾县促进就业工作责任分工表
序号\t项目\t工作内容\t牵头单位\t配合单位\t完成时限
1\t稳定岗位\t落实稳岗返还，资金不少于500万元。\t县人社局\t县财政局、县税务局\t2024年6月底
2\t招聘服务\t每季度举办一场招聘会，每场不少于30家企业。\t县人社局、县总工会\t各乡镇\t长期
3\t技能培训\t全年培训不少于1000人次。\t县教育局\t县财政局\t2024年12月底
";

/// The same a year later: item 1 with other units and figures, 2 left out, 3 unchanged under another number, one new.
const NEXT: &str = "\
青禾县促进就业工作责任分工表
序号\t项目\t工作内容\t牵头单位\t配合单位\t完成时限
1\t稳定岗位\t落实稳岗返还，资金不少于800万元。\t县人社局\t县财政局、县发改局\t2024年9月底
2\t技能培训\t全年培训不少于1000人次。\t县教育局\t县财政局\t2024年12月底
3\t创业扶持\t发放创业担保贷款200笔，建立入库企业名册。\t县人民银行\t县财政局\t2024年12月底
";

/// Points in prose, the second without a unit.
const PROSE: &str = "\
青禾县人民政府办公室关于促进就业的通知
青政办发〔2024〕8号
各乡镇人民政府，县政府各部门：
为促进就业，现将有关事项通知如下。
一、支持企业稳定岗位。对不裁员的企业给予支持，每人补助300元。（责任单位：县人社局、县财政局）
二、做好就业服务。常年开展招聘活动。
三、开展技能培训。全年培训不少于1000人次。（责任单位：县人社局、县总工会等）
";

/// A browser without a screen: it keeps its cookie and takes the token out of the page it saw last.
pub(crate) struct Visitor {
    pub(crate) router: Router,
    cookie: String,
    pub(crate) token: String,
}

impl Visitor {
    pub(crate) fn new(app: Arc<App>) -> Self {
        Self {
            router: web::router(app),
            cookie: String::new(),
            token: String::new(),
        }
    }

    pub(crate) async fn see(&mut self, address: &str) -> Answer {
        let mut request = get(address);
        if !self.cookie.is_empty() {
            request.headers_mut().insert("cookie", self.cookie.parse().unwrap());
        }
        let answer = send(&self.router, request).await;
        if let Some(cookie) = answer
            .header("set-cookie")
            .split(';')
            .next()
            .filter(|cookie| !cookie.is_empty())
        {
            self.cookie = cookie.to_owned();
        }
        if answer.header("content-type").starts_with("text/html") {
            let text = answer.text();
            if let Some((_, rest)) = text.split_once("name=\"csrf\" value=\"") {
                self.token = rest.split('"').next().unwrap().to_owned();
            }
        }
        answer
    }

    /// Sends files, each with its field and name, and other fields.
    pub(crate) async fn upload(
        &mut self,
        address: &str,
        files: &[(&str, &str, &[u8])],
        fields: &[(&str, &str)],
    ) -> Answer {
        if self.token.is_empty() {
            self.see("/documents").await;
        }
        let mut body = Vec::new();
        let token = self.token.clone();
        for (name, value) in [("csrf", token.as_str())].iter().chain(fields) {
            body.extend(
                format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        for (field, name, bytes) in files {
            body.extend(
                format!("--edge\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\r\n")
                    .bytes(),
            );
            body.extend(*bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--edge--\r\n");
        let request = Request::post(in_uri(address))
            .header("cookie", &self.cookie)
            .header("content-type", "multipart/form-data; boundary=edge")
            .body(Body::from(body))
            .unwrap();
        send(&self.router, request).await
    }

    /// Uploads a document; the address of what was read.
    pub(crate) async fn read(&mut self, name: &str, bytes: &[u8]) -> String {
        let answer = self.upload("/documents", &[("file", name, bytes)], &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{name}: {}", answer.text());
        answer.header("location").to_owned()
    }

    pub(crate) async fn form(&mut self, address: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token.clone();
        let pairs = [("csrf", token.as_str())];
        let pairs = pairs.iter().chain(fields);
        let pairs = pairs.map(|(name, value)| format!("{name}={}", web::address::encoded(value)));
        let body = pairs.collect::<Vec<_>>().join("&");
        let request = post(address, &body).header("cookie", &self.cookie);
        send(&self.router, request.body(Body::from(body)).unwrap()).await
    }
}

fn samples() -> Vec<(String, Vec<u8>)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples");
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file() && path.extension().is_some_and(|ending| ending != "md"))
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read(path).unwrap())
        })
        .collect();
    found.sort();
    found
}

#[tokio::test]
async fn every_task_of_every_sample_is_marked_in_its_text_and_stands_in_the_ledger() {
    let app = full();
    let mut visitor = Visitor::new(Arc::clone(&app));
    let mut seen = 0;
    for (name, bytes) in samples() {
        let address = visitor.read(&name, &bytes).await;
        let word = address.rsplit('/').next().unwrap();
        let reading = app.shelf.get(word, tokio::time::Instant::now()).unwrap();
        let extraction = reading.extraction();
        assert!(!extraction.tasks.is_empty(), "{name}");
        let mut pages = String::new();
        for leaf in 1..=reading.text().leaves().len() {
            let answer = visitor.see(&format!("{address}?leaf={leaf}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{name}");
            assert!(answer.bytes.len() < 130_000, "{name}: {}", answer.bytes.len());
            pages.push_str(&answer.text());
        }
        for (at, task) in extraction.tasks.iter().enumerate() {
            let number = at + 1;
            for id in [format!("id=\"text-{number}\""), format!("id=\"row-{number}\"")] {
                assert_eq!(pages.matches(&id).count(), 1, "{name}: {id}");
            }
            // Back from the row and forward to it.
            assert!(pages.contains(&format!("href=\"#text-{number}\"")), "{name} {number}");
            assert!(pages.contains(&format!("href=\"#row-{number}\"")), "{name} {number}");
            for (assignment, place) in task.assignments.iter().zip(&task.places.units) {
                let Some(place) = place else {
                    assert!(assignment.inherited, "{name}: {} has no place", assignment.unit);
                    continue;
                };
                let printed = place.of(&reading.understood.source.text);
                assert!(
                    is_marked(&pages, printed),
                    "{name}: {printed} of task {number} is not marked"
                );
            }
            if let Some(place) = task.places.deadline {
                let printed = place.of(&reading.understood.source.text);
                assert!(
                    is_marked(&pages, printed),
                    "{name}: {printed} of task {number} is not marked"
                );
            }
            for figure in &task.quantities {
                let printed = figure.span.of(&reading.understood.source.text);
                assert!(pages.contains(printed), "{name}: {printed}");
            }
            seen += 1;
        }
    }
    assert!(seen > 100, "{seen} tasks in all samples");
}

/// True where a text stands in a mark of a page, whole or, over the edge of a line, in part.
fn is_marked(pages: &str, printed: &str) -> bool {
    let escaped = printed.replace('&', "&#38;");
    pages.split("<mark class=\"mark-").skip(1).any(|rest| {
        let text = rest.split_once('>').and_then(|(_, rest)| rest.split_once("</mark>"));
        text.is_some_and(|(text, _)| text.contains(&escaped) || escaped.contains(text) && !text.is_empty())
    })
}

#[tokio::test]
async fn units_deadlines_and_figures_are_marked_each_in_its_own_way_with_a_legend() {
    let mut visitor = Visitor::new(full());
    let address = visitor.read("分工.txt", TABLE.as_bytes()).await;
    let page = visitor.see(&address).await.text();
    for piece in [
        "<mark class=\"mark-lead\">县人社局</mark>",
        "<mark class=\"mark-support\">县税务局</mark>",
        "<mark class=\"mark-deadline\">2024年6月底</mark>",
        "<mark class=\"mark-figure\">不少于500万元</mark>",
        "aria-label=\"图例\"",
        "任务 3 项",
        "<table class=\"sheet\">",
    ] {
        assert!(page.contains(piece), "{piece}\n{page}");
    }
    let address = visitor.read("通知.txt", PROSE.as_bytes()).await;
    let page = visitor.see(&address).await.text();
    for piece in [
        "<mark class=\"mark-responsible\">县人社局</mark>",
        "<mark class=\"mark-figure\">300元</mark>",
        "青政办发〔2024〕8号",
        "id=\"check-1\"",
        "未写责任单位",
        "待明确",
    ] {
        assert!(page.contains(piece), "{piece}\n{page}");
    }
    let checks = visitor.see(&format!("{address}/checks")).await.text();
    assert!(
        checks.contains("第 ") && checks.contains("#check-1") && checks.contains("怎么办"),
        "{checks}"
    );
    let ledger = visitor.see(&format!("{address}/ledger?unit=县总工会")).await.text();
    assert!(ledger.contains("#text-3") && !ledger.contains("#text-1\""), "{ledger}");
}

#[tokio::test]
async fn a_row_is_corrected_in_its_place_and_the_text_stays() {
    let mut visitor = Visitor::new(full());
    let address = visitor.read("分工.txt", TABLE.as_bytes()).await;
    let form = visitor.see(&format!("{address}?correct=1")).await.text();
    assert!(
        form.contains("更正任务1") && form.contains("value=\"县人社局\""),
        "{form}"
    );
    let typed = [
        ("do", "correct"),
        ("task", "1"),
        ("lead", "县发改局<script>alert(1)</script>、县人社局等"),
        ("support", "县财政局、县税务局"),
        ("responsible", ""),
        ("deadline", "2024年7月底"),
        ("content", "落实稳岗返还，资金不少于500万元。"),
    ];
    let answer = visitor.form(&address, &typed).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert_eq!(answer.header("location"), format!("{address}#row-1"));
    let page = visitor.see(&address).await.text();
    for piece in [
        "县人社局等</ins>",
        "识别为：<del>县人社局</del>",
        "2024年7月底",
        "截至2024-07-31",
        "人工更正 1 项",
        "<mark class=\"mark-lead\">县人社局</mark>",
        "<mark class=\"mark-deadline\">2024年6月底</mark>",
    ] {
        assert!(page.contains(piece), "{piece}\n{page}");
    }
    assert!(!page.contains("<script>alert"), "{page}");
    // What was typed as it was read is no correction.
    assert_eq!(page.matches("<ins>").count(), 2, "{page}");

    let rows = workbook(&visitor.see(&format!("{address}?file=xlsx")).await.bytes);
    let cells = rows.concat().join("|");
    assert!(
        cells.contains("县发改局") && cells.contains("人工更正：牵头单位（识别为：县人社局）"),
        "{cells}"
    );
    let json = visitor.see(&format!("{address}?file=json")).await.text();
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["tasks"][0]["assignments"].as_array().unwrap().len(), 4);
    assert_eq!(value["tasks"][0]["deadline"]["due"], "2024-07-31");

    let answer = visitor.form(&address, &[("do", "restore"), ("task", "1")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(!visitor.see(&address).await.text().contains("<ins>"));
}

pub(crate) fn workbook(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    let name = book.sheet_names()[0].clone();
    let sheet = book.worksheet_range(&name).unwrap();
    sheet
        .rows()
        .map(|row| row.iter().map(ToString::to_string).collect())
        .collect()
}

#[tokio::test]
async fn a_day_without_a_year_is_marked_with_the_day_that_it_means() {
    let text = "\
青禾县人民政府办公室关于报送台账的通知
青政办发〔2024〕9号
各乡镇人民政府：
一、报送台账。各乡镇于6月30日前报送台账，明年7月5日前报送总结，每年3月5日前更新名册。（责任单位：县人社局）

青禾县人民政府办公室
2024年3月1日
";
    let mut visitor = Visitor::new(full());
    let address = visitor.read("报送.txt", text.as_bytes()).await;
    let page = visitor.see(&address).await.text();
    for piece in [
        "title=\"未写年份，识别为2024年6月30日\">6月30日",
        "title=\"未写年份，识别为2025年7月5日\">7月5日</mark>",
        // What comes back every year is a day of no year.
        "<mark class=\"mark-figure\">3月5日</mark>",
        "<mark class=\"mark-figure\">2024年3月1日</mark>",
    ] {
        assert!(page.contains(piece), "{piece}\n{page}");
    }
    // The words of a deadline tell their day in the same way.
    let table = TABLE
        .replace("2024年6月底", "6月底")
        .replacen("青禾县", "青禾县2024年", 1);
    let address = visitor.read("分工.txt", table.as_bytes()).await;
    let page = visitor.see(&address).await.text();
    let marked = "<mark class=\"mark-deadline\" title=\"未写年份，识别为2024年6月30日\">6月底</mark>";
    assert!(page.contains(marked), "{page}");
    assert!(
        page.contains("<mark class=\"mark-deadline\">2024年12月底</mark>"),
        "{page}"
    );
}

#[tokio::test]
async fn what_cannot_be_corrected_is_said_at_its_field_and_nothing_typed_is_lost() {
    let mut visitor = Visitor::new(full());
    let address = visitor.read("分工.txt", TABLE.as_bytes()).await;
    visitor.see(&address).await;
    let long = "县".repeat(2_001);
    let typed = [
        ("do", "correct"),
        ("task", "2"),
        ("lead", long.as_str()),
        ("support", "'; DROP TABLE task; --"),
        ("content", ""),
    ];
    let answer = visitor.form(&address, &typed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.text();
    for piece in [
        "有 2 处需要更正",
        "有 2001 个字，最多 2000 个字",
        "工作内容：不能为空",
        "&#39;; DROP TABLE task; --",
        long.as_str(),
    ] {
        assert!(page.contains(piece), "{piece}\n{page}");
    }
    for (fields, message) in [
        (&[("do", "correct"), ("task", "99")][..], "没有这项任务"),
        (&[("do", "correct"), ("task", "0")], "没有这项任务"),
        (&[("do", "explode"), ("task", "1")], "不知道要做什么"),
    ] {
        let answer = visitor.form(&address, fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains(message), "{message}");
    }
    let unsigned = post(&address, "do=forget").header("cookie", &visitor.cookie);
    let answer = send(&visitor.router, unsigned.body("do=forget".into()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(visitor.see(&address).await.status, StatusCode::OK);
}

#[tokio::test]
async fn ledger_text_json_and_draft_pack_are_kept_as_files() {
    let mut visitor = Visitor::new(full());
    let address = visitor.read("通知.txt", PROSE.as_bytes()).await;
    let answer = visitor.see(&format!("{address}?file=xlsx")).await;
    assert!(answer.header("content-disposition").starts_with("attachment"));
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(workbook(&answer.bytes).concat().join("|").contains("支持企业稳定岗位"));
    assert!(visitor.see(&format!("{address}?file=units")).await.bytes.len() > answer.bytes.len());
    assert!(
        visitor
            .see(&format!("{address}?file=text"))
            .await
            .text()
            .starts_with("青禾县人民政府办公室")
    );
    let pack = format!("{address}?file=pack&pack=qinghe-2024");
    let first = visitor.see(&pack).await;
    assert_eq!(first.header("content-type"), "application/zip");
    let mut archive = zip::ZipArchive::new(Cursor::new(first.bytes.clone())).unwrap();
    let mut policy = String::new();
    archive
        .by_name("qinghe-2024/policy.toml")
        .unwrap()
        .read_to_string(&mut policy)
        .unwrap();
    assert!(
        policy.contains("id = \"qinghe-2024\"") && policy.contains("青政办发〔2024〕8号"),
        "{policy}"
    );
    assert!(archive.by_name("qinghe-2024/tasks.toml").is_ok() && archive.by_name("qinghe-2024/targets.toml").is_ok());
    assert_eq!(visitor.see(&pack).await.bytes, first.bytes, "the same bytes each time");
    let refused = visitor.see(&format!("{address}?file=pack&pack=../../etc")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("不能作为编号") && refused.text().contains("value=\"../../etc\""));
    assert_eq!(
        visitor.see(&format!("{address}?file=passwd")).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn two_versions_are_compared_task_by_task_whatever_their_numbers() {
    let mut visitor = Visitor::new(full());
    visitor.see("/documents/compare").await;
    let files: [(&str, &str, &[u8]); 2] = [("old", "旧.txt", TABLE.as_bytes()), ("new", "新.txt", NEXT.as_bytes())];
    let answer = visitor.upload("/documents/compare", &files, &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let address = answer.header("location").to_owned();
    let page = visitor.see(&address).await.text();
    for piece in [
        "新增（1）",
        "删去（1）",
        "改动（1）",
        "未变（1）",
        "增加配合单位：县发改局",
        "不再列配合单位：县税务局",
        "数字：不少于500万元 → 不少于800万元",
        "<del>500</del>",
        "<ins>800</ins>",
        "截至2024-06-30",
        "截至2024-09-30",
        "旧版没有这项任务",
        "新版没有这项任务",
    ] {
        assert!(page.contains(piece), "{piece}\n{page}");
    }
    assert!(
        !page.contains("全年培训不少于1000人次"),
        "what stayed is not shown at first"
    );
    let kept = visitor.see(&format!("{address}&show=kept")).await.text();
    assert!(kept.contains("全年培训不少于1000人次") && kept.contains("序号 3") && kept.contains("序号 2"));
    let rows = workbook(&visitor.see(&format!("{address}&show=all&export=xlsx")).await.bytes);
    assert!(rows.concat().join("|").contains("发放创业担保贷款200笔"));
    // A correction of either version is compared anew.
    let new = address
        .trim_end_matches(|c| c != '?')
        .split('/')
        .nth(2)
        .unwrap()
        .to_owned();
    visitor.see(&format!("/documents/{new}")).await;
    let typed = [
        ("do", "correct"),
        ("task", "2"),
        ("lead", "县妇联"),
        ("support", "县财政局"),
        ("deadline", "2024年12月底"),
        ("content", "全年培训不少于1000人次。"),
    ];
    let answer = visitor.form(&format!("/documents/{new}"), &typed).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let page = visitor.see(&address).await.text();
    assert!(
        page.contains("改动（2）") && page.contains("增加牵头单位：县妇联"),
        "{page}"
    );
    // One more version, for a document that lies there already.
    let word = address.split('?').next().unwrap();
    let answer = visitor
        .upload(word, &[("file", "再.txt", TABLE.as_bytes())], &[("which", "new")])
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let with = format!("?with={}", word.split('/').nth(2).unwrap());
    assert!(
        answer.header("location").ends_with(&with),
        "{}",
        answer.header("location")
    );
}

#[tokio::test]
async fn a_hostile_name_is_shown_as_text_and_opens_no_path() {
    let mut visitor = Visitor::new(full());
    let text = "加强工作\n一、支持企业。（责任单位：县人社局）\n二、做好服务。（责任单位：县财政局）";
    for name in [
        "..\\\\..\\\\windows\\\\<img src=x onerror=alert(1)>.txt",
        "/etc/\u{202e}txt.exe",
        "{{7*7}}.txt",
    ] {
        let address = visitor.read(name, text.as_bytes()).await;
        for page in ["", "/ledger", "/checks", "/compare"] {
            let answer = visitor.see(&format!("{address}{page}")).await;
            assert_eq!(answer.status, StatusCode::OK);
            let page = answer.text();
            assert!(
                !page.contains("<img src=x") && !page.contains('\u{202e}') && !page.contains("49.txt"),
                "{page}"
            );
        }
        let answer = visitor.see(&format!("{address}?file=xlsx")).await;
        let disposition = answer.header("content-disposition");
        assert!(
            !disposition.contains("..") && !disposition.contains('<') && !disposition.contains('\\'),
            "{disposition}"
        );
    }
}

#[tokio::test]
async fn script_in_the_document_itself_is_shown_as_text() {
    let mut visitor = Visitor::new(full());
    let text = "<b>一、</b><script>alert(1)</script>\n一、支持<img src=x onerror=alert(1)>企业300元。（责任单位：县人社局<script>alert(2)</script>、县财政局）\n二、\"><script>alert(3)</script>服务。（责任单位：县财政局）";
    // A text that is no web page: its signs are its words.
    let address = visitor.read("a.txt", format!("说明\n{text}").as_bytes()).await;
    for page in ["", "/ledger", "/checks", "?correct=1", "?correct=2"] {
        let page = visitor.see(&format!("{address}{page}")).await.text();
        assert!(
            !page.contains("<script>alert") && !page.contains("<img src=x"),
            "{page}"
        );
    }
    let other = visitor.read("b.txt", format!("说明\n{text}改").as_bytes()).await;
    let with = other.rsplit('/').next().unwrap();
    let page = visitor
        .see(&format!("{address}/compare?with={with}&show=all"))
        .await
        .text();
    assert!(
        !page.contains("<script>alert") && !page.contains("<img src=x"),
        "{page}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_reading_is_gone_after_its_time_and_its_page_says_so() {
    let limits = Limits {
        reading_life: Duration::from_secs(600),
        ..wide_limits()
    };
    let app = Arc::new(App::new(outside(Tree::built_in(), limits, &Log::default())).unwrap());
    let mut visitor = Visitor::new(Arc::clone(&app));
    let address = visitor.read("分工.txt", TABLE.as_bytes()).await;
    tokio::time::advance(Duration::from_secs(599)).await;
    assert_eq!(
        visitor.see(&address).await.status,
        StatusCode::OK,
        "opening it keeps it"
    );
    tokio::time::advance(Duration::from_secs(599)).await;
    assert_eq!(visitor.see(&address).await.status, StatusCode::OK);
    tokio::time::advance(Duration::from_secs(600)).await;
    for page in ["", "/ledger", "/checks", "/compare"] {
        let answer = visitor.see(&format!("{address}{page}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{page}");
        let text = answer.text();
        assert!(
            text.contains("10 分钟没有打开") && text.contains("href=\"/documents\""),
            "{text}"
        );
    }
    assert!(app.shelf.is_empty(tokio::time::Instant::now()));
}

#[tokio::test]
async fn a_reading_can_be_deleted_and_a_sample_cannot() {
    let mut visitor = Visitor::new(full());
    let address = visitor.read("分工.txt", TABLE.as_bytes()).await;
    visitor.see(&address).await;
    let answer = visitor.form(&address, &[("do", "forget")]).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/documents")
    );
    assert_eq!(visitor.see(&address).await.status, StatusCode::NOT_FOUND);
    let answer = visitor.form("/documents/sample-table", &[("do", "forget")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(visitor.see("/documents/sample-table").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_shelf_is_bounded_and_the_longest_unopened_makes_room() {
    let limits = Limits {
        readings: 2,
        ..wide_limits()
    };
    let app = Arc::new(App::new(outside(Tree::built_in(), limits, &Log::default())).unwrap());
    let mut visitor = Visitor::new(Arc::clone(&app));
    let first = visitor.read("1.txt", TABLE.as_bytes()).await;
    let second = visitor.read("2.txt", TABLE.as_bytes()).await;
    visitor.see(&first).await;
    let third = visitor.read("3.txt", TABLE.as_bytes()).await;
    assert_eq!(visitor.see(&second).await.status, StatusCode::NOT_FOUND);
    for address in [&first, &third] {
        assert_eq!(visitor.see(address).await.status, StatusCode::OK);
    }
    assert_eq!(app.shelf.len(tokio::time::Instant::now()), 2);
    let limits = Limits {
        readings_bytes: 1 << 20,
        ..wide_limits()
    };
    let app = Arc::new(App::new(outside(Tree::built_in(), limits, &Log::default())).unwrap());
    let mut visitor = Visitor::new(Arc::clone(&app));
    let answer = visitor
        .upload("/documents", &[("file", "a.txt", TABLE.as_bytes())], &[])
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("文件内容过多"));
}

#[tokio::test]
async fn a_document_of_a_thousand_tasks_is_shown_leaf_by_leaf_and_each_leaf_is_small() {
    let mut text = String::from("青禾县促进就业工作责任分工\n");
    for number in 1..=1_200 {
        text.push_str(&format!(
            "{number}．为第{number}批企业落实稳岗返还，每户不超过{number}万元，覆盖职工不少于{number}人，做到应返尽返、不漏一户。（责任单位：县人社局、县财政局；完成时限：2024年{}月底）\n",
            number % 12 + 1
        ));
    }
    let app = full();
    let mut visitor = Visitor::new(Arc::clone(&app));
    let address = visitor.read("长.txt", text.as_bytes()).await;
    let word = address.rsplit('/').next().unwrap();
    let reading = app.shelf.get(word, tokio::time::Instant::now()).unwrap();
    assert_eq!(reading.extraction().tasks.len(), 1_200);
    let marked = reading.text();
    let leaves = marked.leaves();
    let tasks: usize = leaves.iter().map(|leaf| leaf.tasks.len()).sum();
    assert_eq!(tasks, 1_200, "each task stands on one leaf");
    for leaf in [1, leaves.len() / 2, leaves.len(), leaves.len() + 9] {
        let answer = visitor.see(&format!("{address}?leaf={leaf}")).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.bytes.len() < 130_000, "leaf {leaf}: {}", answer.bytes.len());
    }
    let page = visitor.see(&format!("{address}?correct=1200")).await.text();
    assert!(page.contains("更正任务1200") && page.contains("id=\"text-1200\""));
}

#[tokio::test]
async fn a_paragraph_or_a_cell_without_end_is_cut_into_pages() {
    let app = full();
    let mut visitor = Visitor::new(Arc::clone(&app));
    let long = "就业是最大的民生工程民心工程根基工程".repeat(20_000);
    for text in [
        format!("通知\n{long}"),
        format!("序号\t工作内容\t责任单位\n1\t{long}\t县人社局\n2\t做好服务\t县财政局\n"),
    ] {
        let address = visitor.read("长.txt", text.as_bytes()).await;
        let answer = visitor.see(&address).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.bytes.len() < 130_000, "{}", answer.bytes.len());
    }
}
