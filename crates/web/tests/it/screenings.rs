//! 筛查: what its pages say, what they refuse, what they leave behind.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::StatusCode;
use serde_json::Value;
use web::App;
use web::jobs::Job;
use web::limits::Limits;

use crate::homes::{BENEFIT, RUN, runs, screened, unscreened};
use crate::site::{Answer, full, get, over, post, send, wide_limits};

/// Longest that a screening of the small region may take.
const LONGEST: Duration = Duration::from_secs(240);

/// The token of a page's form and the cookie it belongs to.
pub(crate) async fn token(router: &Router, page: &str) -> (String, String) {
    let answer = send(router, get(page)).await;
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    let text = answer.text();
    let token = text.split("name=\"csrf\" value=\"").nth(1).unwrap();
    (token.split('"').next().unwrap().to_owned(), cookie)
}

/// Sends a form of a page, its token with it.
async fn fill(router: &Router, page: &str, to: &str, fields: &str) -> Answer {
    let (token, cookie) = token(router, page).await;
    let body = format!("csrf={token}&{fields}");
    let request = post(to, &body).header("cookie", cookie);
    send(router, request.body(Body::from(body)).unwrap()).await
}

const WANTED: &str = "region=330282&as_of=2020-12-15&known_on=2020-12-15&month=";

/// Starts a screening; its job.
async fn start(app: &Arc<App>, router: &Router, fields: &str) -> Arc<Job> {
    let answer = fill(router, "/screening", "/screening", fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let id = answer.header("location").strip_prefix("/screening/jobs/").unwrap();
    app.jobs.get(id).unwrap()
}

/// Waits until it is over.
pub(crate) async fn over_with(job: &Job) {
    let mut watch = job.watch();
    let over = watch.wait_for(web::progress::Progress::is_over);
    tokio::time::timeout(LONGEST, over).await.unwrap().unwrap();
}

/// No run of 17 digits with a check character: no ID in clear.
pub(crate) fn names_nobody(text: &str) -> bool {
    let digits = text.split(|c: char| !c.is_ascii_digit());
    // Keys and hashes are letters and digits; only a run of digits could be an ID.
    digits.into_iter().all(|run| run.len() != 17 && run.len() != 18)
}

pub(crate) async fn summary() -> Value {
    let answer = send(&web::router(full()), get(&format!("/api/v1/runs/{RUN}"))).await;
    serde_json::from_slice(&answer.bytes).unwrap()
}

fn benefit<'s>(summary: &'s Value, id: &str) -> &'s Value {
    let all = summary["benefits"].as_array().unwrap();
    all.iter().find(|one| one["id"] == id).unwrap()
}

#[tokio::test]
async fn the_api_answers_with_the_very_summary_that_the_run_keeps() {
    let router = web::router(full());
    let list = send(&router, get("/api/v1/runs")).await;
    let list: Value = serde_json::from_slice(&list.bytes).unwrap();
    assert_eq!(list["format"], 1);
    assert_eq!(list["runs"][0]["run"], RUN);
    let kept = std::fs::read(screened().join("runs").join(RUN).join("summary.json")).unwrap();
    assert_eq!(summary().await, serde_json::from_slice::<Value>(&kept).unwrap());
    let one = send(&router, get(&format!("/api/v1/runs/{RUN}/benefits/{BENEFIT}"))).await;
    let one: Value = serde_json::from_slice(&one.bytes).unwrap();
    assert_eq!(&one, benefit(&summary().await, BENEFIT));
    for absent in [
        "/api/v1/runs/no-such",
        "/api/v1/runs/..%2F..%2Fkeys",
        &format!("/api/v1/runs/{RUN}/benefits/x"),
    ] {
        let answer = send(&router, get(absent)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{absent}");
        let error: Value = serde_json::from_slice(&answer.bytes).unwrap();
        assert_eq!(error["error"]["status"], 404, "{absent}");
    }
}

#[tokio::test]
async fn a_run_shows_its_counts_its_money_and_what_is_missing() {
    let router = web::router(full());
    let text = send(&router, get(&format!("/screening/runs/{RUN}?size=200")))
        .await
        .text();
    let summary = summary().await;
    for one in summary["benefits"].as_array().unwrap() {
        assert!(text.contains(one["name"].as_str().unwrap()), "{}", one["name"]);
    }
    let eligible: u64 = summary["benefits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["eligible"].as_u64().unwrap())
        .sum();
    assert!(eligible > 0 && text.contains(&format!("{eligible} 条")));
    let missing = &summary["missing"][0];
    assert!(text.contains(missing["label"].as_str().unwrap()));
    assert!(
        text.contains("是否符合以工作人员核实为准") && text.contains("未列入本次名单不代表不符合条件，您可自行申请。")
    );
    let registers = summary["registers_absent"].as_array().unwrap();
    assert!(registers.iter().all(|one| text.contains(one.as_str().unwrap())));
}

#[tokio::test]
async fn the_funnel_stands_in_document_order_as_picture_and_table() {
    let router = web::router(full());
    let text = send(&router, get(&format!("/screening/runs/{RUN}/benefits/{BENEFIT}")))
        .await
        .text();
    let summary = summary().await;
    let steps = benefit(&summary, BENEFIT)["funnel"].as_array().unwrap().clone();
    let table = text.split("id=\"funnel-0\"").nth(1).unwrap();
    let places: Vec<usize> = steps
        .iter()
        .map(|step| table.find(step["text"].as_str().unwrap()).unwrap())
        .collect();
    assert!(places.is_sorted() && places.len() > 1);
    assert!(text.contains("<svg") && text.contains("全部对象"));
}

#[tokio::test]
async fn a_list_is_shown_in_windows_that_make_up_the_whole() {
    let router = web::router(full());
    let summary = summary().await;
    let of = benefit(&summary, BENEFIT);
    for (outcome, count) in [
        ("", "eligible"),
        ("undetermined", "undetermined"),
        ("ineligible", "ineligible"),
    ] {
        let count = of[count].as_u64().unwrap();
        let mut seen = BTreeSet::new();
        for page in 1..=count.div_ceil(20).clamp(1, 4) {
            let address = format!("/screening/runs/{RUN}/benefits/{BENEFIT}?outcome={outcome}&size=20&page={page}");
            let text = send(&router, get(&address)).await.text();
            let link = format!("/benefits/{BENEFIT}/rows/");
            let rows = text.split(&link).skip(1);
            let rows: Vec<u64> = rows
                .map(|row| row.split('"').next().unwrap().parse().unwrap())
                .collect();
            assert_eq!(rows.len() as u64, (count - (page - 1) * 20).min(20), "{address}");
            assert!(rows.is_sorted());
            assert!(rows.into_iter().all(|row| seen.insert(row)), "{address}");
            assert!(names_nobody(&text), "{address}");
        }
    }
}

/// The cells of a column, row by row, of the list on a page.
fn column(text: &str, heading: &str) -> Vec<String> {
    let table = text
        .split("<table role=\"table\" id=\"table\"")
        .nth(1)
        .unwrap_or_default();
    let table = table.split("</table>").next().unwrap();
    let label = format!("data-label=\"{heading}\"");
    let cells = table.split(&label).skip(1);
    cells
        .map(|cell| {
            cell.split_once('>')
                .unwrap()
                .1
                .split("</td>")
                .next()
                .unwrap()
                .to_owned()
        })
        .collect()
}

#[tokio::test]
async fn a_list_is_put_in_order_by_amount_date_and_town_over_all_its_pages() {
    let router = web::router(full());
    let summary = summary().await;
    let mut orders = Vec::new();
    for (list, outcome, sort, heading) in [
        ("cx-jobseek-subsidy", "ineligible", "", "所在乡镇（街道）"),
        ("cx-jobseek-subsidy", "ineligible", "town", "所在乡镇（街道）"),
        ("cx-jobseek-subsidy", "ineligible", "-town", "所在乡镇（街道）"),
        (BENEFIT, "ineligible", "-date", "依据日期"),
        (BENEFIT, "eligible", "date", "依据日期"),
        (BENEFIT, "eligible", "-amount", "金额"),
    ] {
        let count = benefit(&summary, list)[outcome].as_u64().unwrap();
        assert!(count > 0, "{list} {outcome}");
        let (mut rows, mut values) = (Vec::new(), Vec::new());
        for page in 1..=count.div_ceil(200) {
            let list = format!("/screening/runs/{RUN}/benefits/{list}");
            let address = format!("{list}?outcome={outcome}&sort={sort}&size=200&page={page}");
            let text = send(&router, get(&address)).await.text();
            let link = format!("{list}/rows/");
            let links = text.split(&link).skip(1);
            rows.extend(links.map(|row| row.split('"').next().unwrap().parse::<u64>().unwrap()));
            values.extend(column(&text, heading));
            assert!(names_nobody(&text), "{address}");
        }
        assert_eq!(rows.iter().collect::<BTreeSet<_>>().len() as u64, count, "{sort}");
        // What a row lacks comes last, whichever way.
        let known: Vec<&String> = values
            .iter()
            .take_while(|value| !value.is_empty() && *value != "未载明")
            .collect();
        assert!(
            values
                .iter()
                .skip(known.len())
                .all(|value| value.is_empty() || value == "未载明"),
            "{sort}"
        );
        let in_order = match sort.strip_prefix('-') {
            Some(_) => known.is_sorted_by(|a, b| a >= b),
            None => known.is_sorted(),
        };
        assert!(sort.is_empty() || (in_order && !known.is_empty()), "{sort}: {known:?}");
        orders.push(rows);
    }
    assert!(orders[0].is_sorted() && orders[0] != orders[1] && orders[1] != orders[2]);
}

#[tokio::test]
async fn a_list_of_one_town_has_its_rows_and_its_workbook_no_others() {
    use calamine::{Reader as _, Xlsx, open_workbook_from_rs};

    const LIST: &str = "cx-jobseek-subsidy";
    let router = web::router(full());
    let summary = summary().await;
    let of = benefit(&summary, LIST);
    let towns = of["towns"].as_array().unwrap();
    assert!(towns.len() > 1);
    let mut seen = 0;
    for town in towns {
        let (region, eligible) = (town["region"].as_str().unwrap(), town["eligible"].as_u64().unwrap());
        let list = format!("/screening/runs/{RUN}/benefits/{LIST}");
        let text = send(&router, get(&format!("{list}?area={region}&size=1000")))
            .await
            .text();
        let shown = column(&text, "所在乡镇（街道）");
        assert!(shown.len() as u64 == eligible && shown.iter().all(|shown| shown.starts_with(&region[..9])));
        seen += eligible;
        if eligible == 0 {
            continue;
        }
        let link = format!("{list}/list.xlsx?area={region}");
        assert!(text.contains(&link), "{link}");
        let answer = send(&router, get(&link)).await;
        let mut book: Xlsx<_> = open_workbook_from_rs(std::io::Cursor::new(answer.bytes)).unwrap();
        let sheet = book.worksheet_range_at(0).unwrap().unwrap();
        let numbered = sheet.rows().filter(|row| row[0].to_string().parse::<u64>().is_ok());
        assert_eq!(numbered.count() as u64, eligible);
        let head: String = sheet.rows().take(3).map(|row| row[0].to_string()).collect();
        assert!(
            head.contains(region) && head.contains(&format!("共 {eligible} 条")),
            "{head}"
        );
        let amount = town["amount_fen"].as_i64().unwrap();
        assert!(head.contains(&civil::Money::from_fen(amount).to_string()), "{head}");
    }
    assert_eq!(seen, of["eligible"].as_u64().unwrap());
}

#[tokio::test]
async fn an_order_or_a_town_that_there_is_not_shows_the_list_as_it_stands() {
    let router = web::router(full());
    let list = format!("/screening/runs/{RUN}/benefits/{BENEFIT}");
    let plain = column(&send(&router, get(&list)).await.text(), "依据日期");
    for asked in [
        "sort=nothing", "sort=--amount", "area=999999999", "area=%27%3Cscript%3E", "area=",
    ] {
        let answer = send(&router, get(&format!("{list}?{asked}"))).await;
        assert_eq!(answer.status, StatusCode::OK, "{asked}");
        assert!(
            !answer.text().contains("<script>'") && column(&answer.text(), "依据日期") == plain,
            "{asked}"
        );
    }
}

#[tokio::test]
async fn a_window_beyond_the_last_is_the_last() {
    let router = web::router(full());
    let address = format!("/screening/runs/{RUN}/benefits/{BENEFIT}?page=99999999");
    let answer = send(&router, get(&address)).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text().contains(&format!("/benefits/{BENEFIT}/rows/")));
}

#[tokio::test]
async fn every_row_of_a_window_is_explained_and_agrees_with_the_run() {
    let router = web::router(full());
    for outcome in ["", "undetermined", "ineligible"] {
        let list = format!("/screening/runs/{RUN}/benefits/{BENEFIT}?outcome={outcome}&size=20");
        let text = send(&router, get(&list)).await.text();
        let link = format!("/benefits/{BENEFIT}/rows/");
        let rows = text.split(&link).skip(1).take(4);
        for row in rows.map(|row| row.split('"').next().unwrap()) {
            let address = format!("/screening/runs/{RUN}/benefits/{BENEFIT}/rows/{row}");
            let answer = send(&router, get(&address)).await;
            let text = answer.text();
            assert_eq!(answer.status, StatusCode::OK, "{address}");
            let word = match outcome {
                "" => "初步符合",
                "undetermined" => "待核实",
                _ => "暂不符合",
            };
            let lead = text.split("系统预审结果：").nth(1).unwrap();
            assert!(lead.split("</p>").next().unwrap().contains(word), "{address}");
            assert!(!text.contains("不一致"), "{address}");
            assert!(text.contains("本页不显示什么") && text.contains("href=\"/rules/cixi-2020/items/"));
            assert!(names_nobody(&text), "{address}");
        }
    }
}

#[tokio::test]
async fn every_clause_that_a_row_cites_is_there() {
    let router = web::router(full());
    let address = format!("/screening/runs/{RUN}/benefits/{BENEFIT}/rows/1");
    let text = send(&router, get(&address)).await.text();
    let clauses: BTreeSet<&str> = text
        .split("href=\"/rules/")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    let clauses: Vec<&&str> = clauses.iter().filter(|clause| clause.contains("/items/")).collect();
    assert!(!clauses.is_empty());
    for clause in clauses {
        let answer = send(&router, get(&format!("/rules/{clause}"))).await;
        assert_eq!(answer.status, StatusCode::OK, "{clause}");
        assert!(answer.text().contains("依据这一条款的扶持政策"));
    }
}

/// Every clause that any funnel of the run links to is a page.
#[tokio::test]
async fn every_clause_of_every_benefit_is_there() {
    let router = web::router(full());
    let summary = summary().await;
    let mut clauses = BTreeSet::new();
    for one in summary["benefits"].as_array().unwrap() {
        let address = format!("/screening/runs/{RUN}/benefits/{}?size=20", one["id"].as_str().unwrap());
        let answer = send(&router, get(&address)).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}");
        let text = answer.text();
        let found = text
            .split("href=\"/rules/")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().to_owned());
        clauses.extend(found.filter(|clause| clause.contains("/items/")));
    }
    assert!(clauses.len() > 10);
    for clause in clauses {
        let answer = send(&router, get(&format!("/rules/{clause}"))).await;
        assert_eq!(answer.status, StatusCode::OK, "{clause}");
    }
}

#[tokio::test]
async fn what_is_not_in_the_run_is_not_found_and_hostile_addresses_do_no_harm() {
    let router = web::router(full());
    let run = format!("/screening/runs/{RUN}");
    for path in [
        "/screening/runs/no-such-run".to_owned(),
        "/screening/runs/..%2F..%2Fetc".to_owned(),
        "/screening/runs/.unfinished".to_owned(),
        format!("{run}/benefits/no-such-benefit"),
        format!("{run}/benefits/..%2F..%2Fkeys"),
        format!("{run}/benefits/{BENEFIT}/rows/0"),
        format!("{run}/benefits/{BENEFIT}/rows/999999999"),
        format!("{run}/benefits/{BENEFIT}/rows/99999999999999999999999999"),
        format!("{run}/benefits/{BENEFIT}/rows/%3Cscript%3Ealert(1)%3C%2Fscript%3E"),
        format!("{run}/benefits/{BENEFIT}/rows/1%27%20OR%201=1"),
        "/screening/jobs/no-such-job".to_owned(),
        "/screening/simulations/no-such-simulation".to_owned(),
        "/rules/cixi-2020/items/no-such-item".to_owned(),
        "/rules/no-such/items/1".to_owned(),
    ] {
        let answer = send(&router, get(&path)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!answer.text().contains("<script>alert"), "{path}");
        assert!(!answer.text().contains(&*screened().to_string_lossy()), "{path}");
    }
}

#[tokio::test]
async fn the_workbook_has_as_many_rows_as_the_run_counts() {
    use calamine::{Reader as _, Xlsx, open_workbook_from_rs};

    let router = web::router(full());
    let answer = send(
        &router,
        get(&format!("/screening/runs/{RUN}/benefits/{BENEFIT}/list.xlsx")),
    )
    .await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.header("content-disposition").contains("filename*=UTF-8''"));
    let mut book: Xlsx<_> = open_workbook_from_rs(std::io::Cursor::new(answer.bytes)).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let numbered = sheet
        .rows()
        .filter(|row| row[0].to_string().parse::<u64>().is_ok())
        .count();
    assert_eq!(
        numbered as u64,
        benefit(&summary().await, BENEFIT)["eligible"].as_u64().unwrap()
    );
}

#[tokio::test]
async fn a_form_that_cannot_be_used_is_shown_again_with_what_is_wrong() {
    let router = web::router(full());
    let cases = [
        (
            "region=999999&as_of=2020-12-15&known_on=2020-12-15",
            "请在列表中选择地区",
        ),
        (
            "region=%3Cscript%3E&as_of=2020-12-15&known_on=2020-12-15",
            "请在列表中选择地区",
        ),
        (
            "region=330282&as_of=2020-13-45&known_on=2020-12-15",
            "不是有效日期，请写成 2020-12-31",
        ),
        (
            "region=330282&as_of=2020-12-15&known_on=%27%20OR%201=1",
            "不是有效日期，请写成 2020-12-31",
        ),
        (
            "region=330282&as_of=2020-12-15&known_on=2020-12-15&month=13",
            "不是有效月份",
        ),
        (
            "region=330282&as_of=2020-12-15&known_on=2020-12-15&benefit=no-such",
            "所选项目中有政策文件库没有的",
        ),
        (
            "region=330282&as_of=2020-12-15&known_on=2020-12-15&benefit=zy-internship",
            "补贴项目",
        ),
        (
            "region=110105&as_of=2020-12-15&known_on=2020-12-15",
            "没有可筛查的补贴项目",
        ),
        (
            "region=330282&as_of=2020-12-15&known_on=1999-01-01",
            "没有可筛查的补贴项目",
        ),
    ];
    for (fields, wrong) in cases {
        let answer = fill(&router, "/screening", "/screening", fields).await;
        let text = answer.text();
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields}");
        assert!(
            text.contains("error-summary") && text.contains(wrong),
            "{fields}\n{text}"
        );
        assert!(!text.contains("<script>") && !text.contains("--region"), "{fields}");
    }
    assert!(full().jobs.all().iter().all(|(job, _)| !job.title.starts_with("筛查")));
}

#[tokio::test]
async fn a_home_without_data_says_what_to_do_with_the_command() {
    let folder = tempfile::tempdir().unwrap();
    let router = web::router(over(folder.path(), wide_limits()));
    let answer = send(&router, get("/screening")).await;
    let text = answer.text();
    assert_eq!(answer.status, StatusCode::OK);
    assert!(text.contains("数据文件夹中还没有数据") && text.contains("leye register import"));
    assert!(
        !text.contains(&*folder.path().to_string_lossy()),
        "no path of the machine on a page"
    );
    assert!(!text.contains("<button type=\"submit\">开始筛查"));
    let answer = send(&router, get("/screening/simulations")).await;
    assert!(answer.text().contains("还没有可以测算的筛查"));
    assert_eq!(runs(folder.path()), [""; 0]);
}

#[tokio::test]
async fn a_home_without_keys_says_what_to_do_with_the_command() {
    let folder = unscreened();
    std::fs::rename(folder.path().join("keys"), folder.path().join("elsewhere")).unwrap();
    let router = web::router(over(folder.path(), wide_limits()));
    let text = send(&router, get("/screening")).await.text();
    assert!(text.contains("数据文件夹中还没有密钥") && text.contains("leye key init"));
}

#[tokio::test]
async fn a_run_that_cannot_be_read_hides_no_other_and_says_why() {
    let folder = unscreened();
    copy(
        &screened().join("runs").join(RUN),
        &folder.path().join("runs").join(RUN),
    );
    copy(
        &screened().join("runs").join(RUN),
        &folder.path().join("runs").join("2020-12-15-330282-2"),
    );
    std::fs::write(folder.path().join("runs/2020-12-15-330282-2/summary.json"), "{").unwrap();
    let router = web::router(over(folder.path(), wide_limits()));
    let text = send(&router, get("/screening")).await.text();
    assert!(text.contains(&format!("/screening/runs/{RUN}\"")));
    assert!(text.contains("2020-12-15-330282-2") && text.contains("已损坏，不能读取"));
    let answer = send(&router, get("/screening/runs/2020-12-15-330282-2")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!answer.text().contains(&*folder.path().to_string_lossy()));
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to.parent().unwrap()).unwrap();
    let status = std::process::Command::new("cp").arg("-a").arg(from).arg(to).status();
    assert!(status.unwrap().success());
}

#[tokio::test]
async fn a_screening_of_a_page_is_the_one_of_the_command_line() {
    let folder = unscreened();
    let app = over(folder.path(), wide_limits());
    let router = web::router(Arc::clone(&app));
    let job = start(&app, &router, WANTED).await;
    let page = format!("/screening/jobs/{}", job.id);
    let text = send(&router, get(&page)).await.text();
    assert!(text.contains("data-events") && text.contains("刷新进度") && text.contains("停止"));
    over_with(&job).await;
    assert_eq!(
        job.now().finished.as_deref(),
        Some(&*format!("/screening/runs/{RUN}")),
        "{:?}",
        job.now()
    );
    // Whoever comes late is told the end and nothing more.
    let events = send(&router, get(&format!("{page}/events"))).await;
    assert_eq!(events.header("content-type"), "text/event-stream");
    assert_eq!(events.text().matches("event: progress").count(), 1);
    assert!(events.text().contains(&format!("/screening/runs/{RUN}")));
    assert!(send(&router, get(&page)).await.text().contains("查看结果"));
    let summary = |home: &Path| std::fs::read(home.join("runs").join(RUN).join("summary.json")).unwrap();
    assert_eq!(summary(folder.path()), summary(screened()));
    assert_eq!(runs(folder.path()), [RUN]);
}

#[tokio::test]
async fn a_screening_stopped_midway_leaves_no_run() {
    let folder = unscreened();
    let app = over(folder.path(), wide_limits());
    let router = web::router(Arc::clone(&app));
    let job = start(&app, &router, WANTED).await;
    let mut watch = job.watch();
    tokio::time::timeout(LONGEST, watch.wait_for(|now| now.done > 1))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(runs(folder.path()), [".unfinished"]);
    let page = format!("/screening/jobs/{}", job.id);
    let answer = fill(&router, &page, &format!("{page}/stop"), "").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    over_with(&job).await;
    assert!(job.now().failed.unwrap().contains("没有留下任何结果"));
    assert_eq!(runs(folder.path()), [""; 0]);
    assert!(send(&router, get("/screening")).await.text().contains("还没有做过筛查"));
}

#[tokio::test]
async fn stopping_the_server_stops_what_runs_and_leaves_nothing() {
    let folder = unscreened();
    let app = over(folder.path(), wide_limits());
    let router = web::router(Arc::clone(&app));
    let (first, second) = (start(&app, &router, WANTED).await, start(&app, &router, WANTED).await);
    let mut watch = first.watch();
    tokio::time::timeout(LONGEST, watch.wait_for(|now| now.done > 0))
        .await
        .unwrap()
        .unwrap();
    assert!(second.is_waiting());
    app.stop();
    over_with(&first).await;
    over_with(&second).await;
    assert_eq!(runs(folder.path()), [""; 0]);
    let answer = fill(&router, "/screening", "/screening", WANTED).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn one_runs_some_wait_and_the_rest_are_refused_in_clear_words() {
    let folder = unscreened();
    let limits = Limits {
        screenings_waiting: 1,
        ..wide_limits()
    };
    let app = over(folder.path(), limits);
    let router = web::router(Arc::clone(&app));
    let first = start(&app, &router, WANTED).await;
    let second = start(&app, &router, WANTED).await;
    let answer = fill(&router, "/screening", "/screening", WANTED).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.text().contains("已有 2 项筛查或测算在进行和等待，本次未受理"));
    assert!(!answer.header("retry-after").is_empty());
    let list = send(&router, get("/screening")).await.text();
    assert!(list.contains("前面还有 1 项"));
    // One that waits is gone at once.
    second.stop();
    assert!(second.now().failed.is_some());
    first.stop();
    over_with(&first).await;
    assert_eq!(runs(folder.path()), [""; 0]);
}

#[tokio::test]
async fn a_job_is_stopped_by_a_form_with_its_token_alone() {
    let folder = unscreened();
    let app = over(folder.path(), wide_limits());
    let router = web::router(Arc::clone(&app));
    let job = start(&app, &router, WANTED).await;
    let stop = format!("/screening/jobs/{}/stop", job.id);
    let answer = send(&router, post(&stop, "").body(Body::from("")).unwrap()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let answer = send(&router, get(&stop)).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    job.stop();
    over_with(&job).await;
}

/// The rows of a CSV file, its headings first.
fn csv(answer: &Answer) -> Vec<Vec<String>> {
    let text = answer.text();
    let lines = text.trim_start_matches('\u{feff}').lines();
    lines.map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

#[tokio::test]
async fn money_leaves_the_pages_in_yuan_and_what_could_not_be_reckoned_as_words() {
    let router = web::router(full());
    let summary = summary().await;
    let rows = csv(&send(&router, get(&format!("/screening/runs/{RUN}?export=csv"))).await);
    let amount = rows[0].iter().position(|heading| heading == "测算金额（元）").unwrap();
    let (mut reckoned, mut not) = (0, 0);
    for one in summary["benefits"].as_array().unwrap() {
        let name = one["name"].as_str().unwrap();
        let count = |what: &str| one[what].as_u64().unwrap().to_string();
        let row = rows
            .iter()
            .find(|row| row[0] == name && row.contains(&count("ineligible")) && row.contains(&count("undetermined")));
        let Some(row) = row else { continue };
        match (one["amount_fen"].as_i64(), one["eligible"].as_u64().unwrap()) {
            (Some(fen), 1..) => {
                assert_eq!(row[amount], format!("{}.{:02}", fen / 100, fen % 100), "{name}");
                reckoned += 1;
            }
            (Some(_), 0) if one["undetermined"].as_u64().unwrap() > 0 => {
                assert_eq!(row[amount], "无法测算", "{name}");
                not += 1;
            }
            _ => {}
        }
    }
    assert!(reckoned > 0 && not > 0, "{reckoned} {not}");
    let list = csv(&send(&router, get("/screening?export=csv")).await);
    assert!(list[0].contains(&"测算金额（元）".to_owned()), "{:?}", list[0]);
    assert!(list[1].last().unwrap().contains('.'), "{:?}", list[1]);
}

#[tokio::test]
async fn a_fact_settles_a_row_only_where_the_row_waits_for_nothing_else() {
    let summary = summary().await;
    let benefits = summary["benefits"].as_array().unwrap();
    let mut open = 0;
    for one in benefits {
        let reasons = one["reasons"].as_object().unwrap();
        let facts = reasons.get("fact").map_or(0, |rows| rows.as_u64().unwrap());
        let all: u64 = reasons.values().map(|rows| rows.as_u64().unwrap()).sum();
        assert_eq!(all, one["undetermined"].as_u64().unwrap(), "{}", one["id"]);
        let missing = one["missing"].as_array().unwrap();
        let alone: u64 = missing.iter().map(|fact| fact["alone"].as_u64().unwrap()).sum();
        assert!(alone <= facts, "{}: {alone} of {facts}", one["id"]);
        open += u64::from(facts == 0 && !missing.is_empty());
    }
    assert!(open > 0, "some benefit lacks facts and waits for documents besides");
    let half = benefit(&summary, "cx-si-subsidy-hard-to-employ");
    let missing = half["missing"].as_array().unwrap();
    assert!(missing.iter().all(|fact| fact["alone"] == 0), "{missing:?}");
}

#[tokio::test]
async fn a_benefit_shows_the_open_readings_that_its_results_rest_on() {
    const LIST: &str = "cx-jobseek-subsidy";
    let (app, router) = (full(), web::router(full()));
    let readings = &app.catalogue.benefits.versions(LIST)[0].readings;
    let open: Vec<_> = readings.iter().filter(|reading| reading.confirmed.is_none()).collect();
    assert!(!open.is_empty());
    let page = format!("/screening/runs/{RUN}/benefits/{LIST}");
    let text = send(&router, get(&page)).await.text();
    let sheet = {
        use calamine::{Reader as _, Xlsx, open_workbook_from_rs};
        let answer = send(&router, get(&format!("{page}/list.xlsx"))).await;
        let mut book: Xlsx<_> = open_workbook_from_rs(std::io::Cursor::new(answer.bytes)).unwrap();
        let range = book.worksheet_range_at(0).unwrap().unwrap();
        range.rows().take(6).map(|row| row[0].to_string()).collect::<String>()
    };
    for reading in open {
        assert!(
            text.contains(&reading.text) && sheet.contains(&reading.text),
            "{}",
            reading.text
        );
    }
    let run = send(&router, get(&format!("/screening/runs/{RUN}?size=200")))
        .await
        .text();
    assert!(run.contains(&format!("{page}#readings")));
}

#[tokio::test]
async fn a_row_of_the_workbook_is_found_by_its_mark_and_no_address_holds_it() {
    use calamine::{Reader as _, Xlsx, open_workbook_from_rs};

    const LIST: &str = "cx-jobseek-subsidy";
    let router = web::router(full());
    let page = format!("/screening/runs/{RUN}/benefits/{LIST}");
    let answer = send(&router, get(&format!("{page}/list.xlsx"))).await;
    let mut book: Xlsx<_> = open_workbook_from_rs(std::io::Cursor::new(answer.bytes)).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let heads = sheet.rows().find(|row| row[0] == "序号").unwrap();
    let at = |name: &str| heads.iter().position(|head| head == name).unwrap();
    let row = sheet.rows().find(|row| row[0] == 3.0).unwrap();
    let (key, date) = (row[at("标识")].to_string(), row[at("依据日期")].to_string());
    let found = fill(&router, &page, &format!("{page}/rows"), &format!("key={key}")).await;
    assert_eq!(found.status, StatusCode::SEE_OTHER, "{}", found.text());
    let to = found.header("location").to_owned();
    assert!(to.starts_with(&format!("{page}/rows/")) && !to.contains(&key), "{to}");
    let text = send(&router, get(&to)).await.text();
    assert!(text.contains(&key[key.len() - 4..]) && text.contains("初步符合"));
    assert!(text.contains(&date), "the page has the date of the workbook: {date}");
    for wrong in ["", "no-such-key", "%27%20OR%201=1", &"A".repeat(5_000)] {
        let answer = fill(&router, &page, &format!("{page}/rows"), &format!("key={wrong}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(answer.text().contains("没有这个标识"), "{wrong}");
    }
}
