//! Pages for the public: questions, benefits, rosters. What is typed comes back in the page alone.

use axum::Router;
use axum::body::Body;
use axum::http::StatusCode;
use web::address::encoded;

use crate::site::{Answer, full, get, post, send};

/// A visit: its cookie and the token of the page opened last.
pub(crate) struct Visit {
    router: Router,
    /// As the browser sends it.
    pub(crate) cookie: String,
    token: String,
}

impl Visit {
    pub(crate) async fn begin(path: &str) -> Self {
        let router = web::router(full());
        let answer = send(&router, get(path)).await;
        let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
        let token = token(&answer.text());
        Self { router, cookie, token }
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = format!("csrf={}", self.token);
        for (name, value) in fields {
            body.push_str(&format!("&{}={}", encoded(name), encoded(value)));
        }
        let request = post(path, &body).header("cookie", &self.cookie);
        send(&self.router, request.body(Body::from(body)).unwrap()).await
    }

    /// An answer to a question of 我能享受什么: the page that the browser is sent on to.
    pub(crate) async fn ask(&self, fields: &[(&str, &str)]) -> Answer {
        self.go_on(fields).await.1
    }

    /// The same with its address and the cookie that opens it, as the browser sends it; what is refused has none.
    pub(crate) async fn go_on(&self, fields: &[(&str, &str)]) -> ([String; 2], Answer) {
        let sent = self.post("/ask", fields).await;
        if sent.status != StatusCode::SEE_OTHER {
            return (Default::default(), sent);
        }
        let address = sent.header("location").to_owned();
        let kept = sent.header("set-cookie").split(';').next().unwrap().to_owned();
        let page = self.open(&address, &kept).await;
        ([address, kept], page)
    }

    /// Opens an address with this cookie besides that of the visit.
    pub(crate) async fn open(&self, address: &str, kept: &str) -> Answer {
        let mut request = get(address);
        let cookies = format!("{}; {kept}", self.cookie);
        request.headers_mut().insert("cookie", cookies.parse().unwrap());
        send(&self.router, request).await
    }

    /// A multipart form, with a file where there is one.
    async fn upload(&self, path: &str, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Answer {
        let mut body = Vec::new();
        let head = |name: &str| format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"");
        body.extend(format!("{}\r\n\r\n{}\r\n", head("csrf"), self.token).bytes());
        for (name, value) in fields {
            body.extend(format!("{}\r\n\r\n{value}\r\n", head(name)).bytes());
        }
        if let Some((name, bytes)) = file {
            body.extend(format!("{}; filename=\"{name}\"\r\n\r\n", head("file")).bytes());
            body.extend(bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--edge--\r\n");
        let request = axum::http::Request::post(path)
            .header("cookie", &self.cookie)
            .header("content-type", "multipart/form-data; boundary=edge");
        send(&self.router, request.body(Body::from(body)).unwrap()).await
    }
}

fn token(html: &str) -> String {
    between(html, "name=\"csrf\" value=\"", "\"").to_owned()
}

pub(crate) fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    text.split_once(from)
        .and_then(|(_, rest)| rest.split_once(to))
        .map_or("", |(found, _)| found)
}

/// The hidden answers of a page, as a browser would send them back.
pub(crate) fn hidden(html: &str) -> Vec<(String, String)> {
    html.split("<input type=\"hidden\" name=\"")
        .skip(1)
        .filter_map(|rest| {
            let (name, rest) = rest.split_once("\" value=\"")?;
            Some((name.to_owned(), rest.split_once('"')?.0.to_owned()))
        })
        .filter(|(name, _)| name != "csrf")
        .collect()
}

/// Answers with these words until no question is left; the pages on the way.
async fn talk(
    visit: &Visit,
    begin: &[(&str, &str)],
    answer: impl Fn(&str, &str) -> (&'static str, String),
) -> Vec<String> {
    let mut pages = vec![visit.ask(begin).await.text()];
    for _ in 0..80 {
        let html = pages.last().unwrap().clone();
        let asked = between(&html, "name=\"asked\" value=\"", "\"");
        if asked.is_empty() {
            return pages;
        }
        let (name, value) = answer(asked, &html);
        let mut fields = hidden(&html);
        fields.push((name.to_owned(), value));
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let answer = visit.ask(&fields).await;
        assert_eq!(answer.status, StatusCode::OK, "{asked}: {}", answer.text());
        pages.push(answer.text());
    }
    panic!("no end of questions");
}

#[tokio::test]
async fn a_graduate_of_a_poor_family_learns_what_she_may_have() {
    let visit = Visit::begin("/ask?region=330282").await;
    let yes = ["person.is_graduate", "person.in_subsistence_household"];
    let pages = talk(&visit, &[("region", "330282"), ("act", "begin")], |asked, html| {
        if html.contains("name=\"value\" value=\"yes\"") {
            return ("value", if yes.contains(&asked) { "yes" } else { "no" }.to_owned());
        }
        ("act", "unsure".to_owned())
    })
    .await;
    assert!(pages.len() < 20, "{} pages", pages.len());
    let result = pages.last().unwrap();
    let eligible = between(result, "<summary>初步符合（", "</details>");
    assert!(
        eligible.contains("求职创业补贴") && eligible.contains("3000元"),
        "{eligible}"
    );
    for piece in ["测算结果仅供参考，以经办机构审核为准", "您的回答", "暂不符合", "依据："]
    {
        assert!(result.contains(piece), "{piece}");
    }
    // What is sensitive is asked with a word why.
    let delicate = pages
        .iter()
        .find(|page| page.contains("value=\"person.is_orphan\"") || page.contains("低保"));
    assert!(delicate.is_some());
    assert!(pages.iter().any(|page| page.contains("为什么问")));
}

#[tokio::test]
async fn an_answer_may_be_changed_and_the_others_stay() {
    let visit = Visit::begin("/ask").await;
    let fields = [
        ("region", "330282"),
        ("a", "person.is_graduate=yes"),
        ("a", "person.is_unemployed=no"),
    ];
    let mut change = fields.to_vec();
    change.push(("change", "person.is_graduate"));
    let page = visit.ask(&change).await.text();
    assert_eq!(between(&page, "name=\"asked\" value=\"", "\""), "person.is_graduate");
    // Until it is answered anew, the answer stays in its place.
    assert!(page.contains("value=\"person.is_unemployed=no\"") && page.contains("value=\"person.is_graduate=yes\""));
    assert!(page.contains("您之前的回答：是"));
    // 不清楚 is an answer: it is not asked again.
    let page = visit
        .ask(&[("region", "330282"), ("asked", "person.is_graduate"), ("act", "unsure")])
        .await
        .text();
    assert!(page.contains("value=\"person.is_graduate=?\"") && page.contains("不清楚"));
    assert_ne!(between(&page, "name=\"asked\" value=\"", "\""), "person.is_graduate");
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_asked_again_with_what_to_write() {
    let visit = Visit::begin("/ask").await;
    for (fact, value, message) in [
        ("loan.amount_fen", "很多", "请写金额"),
        ("loan.amount_fen", "-3", "金额"),
        ("startup.registration_date", "2020-02-30", "请写完整的年月日"),
        (
            "startup.registration_date", "<script>alert(1)</script>", "请写完整的年月日",
        ),
        ("startup.jobs_created", "9999999999999999999", "请写一个整数"),
        ("loan.rate", "'; DROP TABLE x; --", "请写百分数"),
        ("person.skill_level", "boss", "请选其中一项"),
        ("person.is_graduate", "", "还没有回答"),
        ("person.household_region", "慈溪", "请在列表中选择"),
    ] {
        let fields = [
            ("region", "330282"),
            ("concern", "loan"),
            ("concern", "startup"),
            ("asked", fact),
            ("value", value),
        ];
        let answer = visit.ask(&fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fact} {value}");
        let text = answer.text();
        assert!(fact == "person.is_graduate" || text.contains(message), "{fact} {value}");
        assert!(!text.contains("<script>alert"));
        assert_eq!(between(&text, "name=\"asked\" value=\"", "\""), fact);
    }
    for date in ["20200630", "2020.6.30", "2020年6月30日"] {
        let fields = [
            ("region", "330282"),
            ("concern", "startup"),
            ("asked", "startup.registration_date"),
            ("value", date),
        ];
        let text = visit.ask(&fields).await.text();
        assert!(text.contains("2020年6月30日"), "{date}");
    }
}

#[tokio::test]
async fn hidden_fields_changed_by_hand_are_refused_with_a_way_out() {
    let visit = Visit::begin("/ask").await;
    let long = format!("person.is_graduate={}", "x".repeat(100_000));
    for field in [
        "person.is_graduate=maybe",
        "no.such=yes",
        "<script>=1",
        "person.is_graduate",
        long.as_str(),
    ] {
        let answer = visit.ask(&[("region", "330282"), ("a", field)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains("重新开始") && !answer.text().contains("<script>=1"));
    }
    let answer = visit.ask(&[("region", "110000' OR 1=1")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("请选择地区"));
}

#[tokio::test]
async fn a_page_of_all_questions_stays_small() {
    let visit = Visit::begin("/ask").await;
    let mut fields = vec![("region", "330282")];
    fields.extend(["unemployment", "employment", "training", "startup", "loan"].map(|entity| ("concern", entity)));
    let answer = visit.ask(&fields).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.bytes.len() < 60 << 10, "{} bytes", answer.bytes.len());
}

#[tokio::test]
async fn a_roster_as_a_browser_sends_it_has_the_lines_of_the_sheet() {
    let visit = Visit::begin("/employer?region=330282").await;
    let sent = ROSTER.replace('\n', "\r\n");
    let text = visit.upload("/employer", &roster(&sent, "check"), None).await.text();
    assert!(text.contains("第 4 行“合同签订日”"));
    assert!(text.contains("符合 1 人，暂不符合 1 人，请单位补填 2 人"), "{text}");
}

#[tokio::test]
async fn every_benefit_has_a_page_that_says_who_how_much_and_where() {
    let router = web::router(full());
    let app = full();
    for benefit in app.catalogue.benefits.all() {
        let answer = send(&router, get(&format!("/catalogue/{}", *benefit.id))).await;
        let text = answer.text();
        assert_eq!(answer.status, StatusCode::OK, "{}", *benefit.id);
        for piece in [
            "谁能申领",
            "标准",
            "资金渠道",
            "依据",
            "到哪里办",
            "咨询电话",
            benefit.name.as_str(),
        ] {
            assert!(text.contains(piece), "{}: {piece}", *benefit.id);
        }
        assert!(
            !text.contains('$') && !text.contains("_fen"),
            "{}: names of the rule language",
            *benefit.id
        );
    }
}

#[tokio::test]
async fn what_has_ended_is_called_so_and_a_power_is_no_right() {
    let router = web::router(full());
    let text = send(&router, get("/catalogue/cx-jobseek-subsidy")).await.text();
    assert!(text.contains("3000元") && text.contains("应给予"));
    let power = send(&router, get("/catalogue/dz-returnee-bonus")).await.text();
    assert!(power.contains("是否给予由有关部门决定") && !power.contains("可享受"));
    let set = send(&router, get("/catalogue/cx-internship")).await.text();
    assert!(set.contains("由") && set.contains("规定"));
    for address in [
        "/catalogue/no-such",
        "/catalogue?region=999999",
        "/catalogue?region=330282&situation=x%27--",
        "/catalogue/%3Cscript%3E",
    ] {
        assert_eq!(
            send(&router, get(address)).await.status,
            StatusCode::NOT_FOUND,
            "{address}"
        );
    }
}

#[tokio::test]
async fn the_list_of_a_situation_leads_to_its_benefits() {
    let router = web::router(full());
    let text = send(&router, get("/catalogue?region=330282&situation=graduate"))
        .await
        .text();
    assert!(text.contains("/catalogue/cx-jobseek-subsidy") && !text.contains("/catalogue/cx-utility-cost"));
    assert!(text.contains("慈溪市：应届毕业"));
    let all = send(&router, get("/catalogue?region=210300")).await.text();
    assert!(all.contains("/catalogue/as-night-loan") && all.contains("/catalogue/ln-hiring-bonus"));
}

const ROSTER: &str = "姓名\t身份证号\t高校毕业生\t处于毕业年度\t合同签订日期\t劳动合同（聘用合同）期限（月）\t在该单位缴纳社会保险费的月数\n\
    甲\t11010519491231002X\t是\t是\t2020-06-15\t12\t6\n\
    乙\t\t否\t否\t2020-06-15\t12\t6\n\
    丙\t123\t是\t是\t6月\t12\t6\n\
    丁\t\t是\t是\t2020-07-01\t12\t\n";

fn roster<'a>(text: &'a str, act: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("region", "330282"),
        ("benefit", "cx-sme-graduate-bonus"),
        ("employer.size", "small"),
        ("employer.kind", "enterprise"),
        ("roster", text),
        ("act", act),
    ]
}

/// The rows of the result, tags aside.
fn rows(html: &str) -> Vec<String> {
    let body = between(html, "<tbody>", "</tbody>");
    let row = |row: &str| {
        let mut text = String::new();
        let mut inside = false;
        for c in row.chars() {
            match c {
                '<' => inside = true,
                '>' => inside = false,
                c if !inside => text.push(c),
                _ => {}
            }
        }
        text.trim().to_owned()
    };
    body.split("<tr>").skip(1).map(row).collect()
}

#[tokio::test]
async fn a_roster_is_checked_row_by_row_and_bad_cells_are_told_by_row_and_column() {
    let visit = Visit::begin("/employer?region=330282").await;
    let answer = visit.upload("/employer", &roster(ROSTER, "check"), None).await;
    let text = answer.text();
    assert_eq!(answer.status, StatusCode::OK, "{text}");
    let rows = rows(&text);
    assert_eq!(rows.len(), 4);
    assert!(rows[0].contains('甲') && rows[0].contains("●符合"), "{}", rows[0]);
    assert!(rows[0].contains("002X") && !rows[0].contains("11010519491231002X"));
    assert!(rows[1].contains("暂不符合"), "{}", rows[1]);
    assert!(rows[2].contains("请单位补填 合同签订日"), "{}", rows[2]);
    assert!(
        rows[3].contains("请单位补填 在该单位缴纳社会保险费的月数"),
        "{}",
        rows[3]
    );
    for piece in [
        "第 4 行“公民身份号码”：身份证号位数或校验不符",
        "第 4 行“合同签订日”：请写完整的年月日",
    ] {
        assert!(text.contains(piece), "{piece}");
    }
}

#[tokio::test]
async fn a_sensitive_column_changes_no_byte_of_any_result() {
    let visit = Visit::begin("/employer?region=512000").await;
    let table = |disabled: &str| {
        format!(
            "姓名\t持证残疾人\t就业困难人员\t低保家庭成员\t见习期满由见习单位留用\t在该单位连续就业的月数\n甲\t{disabled}\t{disabled}\t{disabled}\t是\t8\n乙\t是\t是\t是\t否\t8\n"
        )
    };
    let check = async |text: &str| {
        let fields = [
            ("region", "512000"),
            ("benefit", "zy-intern-retention"),
            ("roster", text),
            ("act", "check"),
        ];
        visit.upload("/employer", &fields, None).await.text()
    };
    let (yes, no, empty) = (
        check(&table("是")).await,
        check(&table("否")).await,
        check(&table("")).await,
    );
    assert_eq!(rows(&yes).len(), 2);
    assert_eq!(rows(&yes), rows(&no));
    assert_eq!(rows(&yes), rows(&empty));
    assert!(rows(&yes)[0].ends_with("需本人到窗口核实"), "{:?}", rows(&yes));
    let result = between(&yes, "<tbody>", "</tbody>");
    for ground in ["残疾", "困难", "低保", "建档立卡"] {
        assert!(!result.contains(ground), "{ground}");
    }
    assert!(yes.contains("没有读取：持证残疾人、就业困难人员、低保家庭成员"));
}

#[tokio::test]
async fn a_roster_may_be_a_file_and_the_result_one_too() {
    let visit = Visit::begin("/employer?region=330282").await;
    let csv = ROSTER.replace('\t', ",").replace("（聘用合同）", "");
    let (gbk, ..) = encoding_rs::GB18030.encode(&csv);
    for bytes in [csv.as_bytes(), &gbk] {
        let answer = visit
            .upload("/employer", &roster("", "check"), Some(("名单.csv", bytes)))
            .await;
        assert!(rows(&answer.text())[0].contains("符合"), "{}", answer.text());
    }
    // The template is filled in by a spreadsheet and comes back.
    let router = web::router(full());
    let template = send(&router, get("/employer/template?region=330282")).await;
    assert_eq!(template.status, StatusCode::OK);
    let answer = visit
        .upload("/employer", &roster("", "check"), Some(("表样.xlsx", &template.bytes)))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let answer = visit.upload("/employer", &roster(ROSTER, "xlsx"), None).await;
    assert!(answer.bytes.starts_with(b"PK"));
    assert!(answer.header("content-disposition").contains("attachment"));
    let read = document::read(&answer.bytes).unwrap();
    assert!(
        read.text.contains("请单位补填（合同签订日）") && !read.text.contains("11010519491231002X"),
        "{}",
        read.text
    );
}

#[tokio::test]
async fn a_hostile_roster_is_refused_or_shown_as_text() {
    let visit = Visit::begin("/employer?region=330282").await;
    let many = format!("姓名\n{}", "甲\n".repeat(2_100));
    let wide = format!("姓名\t{}\n甲", "x\t".repeat(10_000));
    for (text, status, message) in [
        ("", StatusCode::UNPROCESSABLE_ENTITY, "没有内容"),
        ("一\t二\n1\t2", StatusCode::UNPROCESSABLE_ENTITY, "没有认出表头"),
        (many.as_str(), StatusCode::UNPROCESSABLE_ENTITY, "一次最多核对"),
        (wide.as_str(), StatusCode::OK, "核对结果"),
        (
            "姓名\t合同签订日\n<script>alert(1)</script>\t' OR 1=1 --",
            StatusCode::OK,
            "请写完整的年月日",
        ),
        ("姓名\n=HYPERLINK(\"http://x\")", StatusCode::OK, "核对结果"),
    ] {
        let answer = visit.upload("/employer", &roster(text, "check"), None).await;
        let html = answer.text();
        assert_eq!(answer.status, status, "{message}");
        assert!(html.contains(message) && !html.contains("<script>alert"), "{message}");
    }
    for (name, bytes) in [
        ("bomb.xlsx", &b"PK\x03\x04 no zip at all"[..]),
        ("../../etc/passwd", b"\xff\xfe\x00\xff\xff"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 no"),
    ] {
        let answer = visit
            .upload("/employer", &roster("", "check"), Some((name, bytes)))
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
    }
    let none = [("region", "330282"), ("roster", ROSTER)];
    let answer = visit.upload("/employer", &none, None).await;
    assert!(answer.text().contains("请先勾选"));
    let answer = visit.upload("/employer", &[("region", "'--")], None).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// A roster of one person with this heading and this cell for the term of the contract.
fn with_term(heading: &str, cell: &str) -> String {
    format!(
        "姓名\t高校毕业生\t毕业年度\t合同签订日期\t{heading}\t缴纳社会保险费月数\n甲\t是\t是\t2020-06-15\t{cell}\t6\n"
    )
}

#[tokio::test]
async fn the_term_of_a_contract_is_read_in_the_unit_that_is_written_and_asked_for_where_none_is() {
    let visit = Visit::begin("/employer?region=330282").await;
    for (heading, cell, result) in [
        ("合同期限（月）", "36", "●符合"),
        ("合同期限（月）", "3", "暂不符合"),
        ("合同期限（年）", "3", "●符合"),
        ("合同期限", "3年", "●符合"),
        ("劳动合同（聘用合同）期限", "36个月", "●符合"),
        ("合同期限（月）", "无固定期限", "●符合"),
        ("合同期限", "3", "请单位补填 劳动合同（聘用合同）期限（月）"),
        ("合同期限（月）", "长", "请单位补填 劳动合同（聘用合同）期限（月）"),
    ] {
        let table = with_term(heading, cell);
        let text = visit.upload("/employer", &roster(&table, "check"), None).await.text();
        assert!(rows(&text)[0].contains(result), "{heading} {cell}: {:?}", rows(&text));
        assert!(!text.contains("没有读取：合同期限"), "{heading}");
    }
    let text = visit
        .upload("/employer", &roster(&with_term("合同期限", "3"), "check"), None)
        .await
        .text();
    assert!(text.contains("第 1 行“合同期限”：没有写明单位"), "{text}");
    // The page and the template name the unit.
    let page = visit.upload("/employer", &roster("", "check"), None).await.text();
    assert!(page.contains("劳动合同（聘用合同）期限（月）") && page.contains("毕业年度"));
}

#[tokio::test]
async fn a_row_says_who_can_do_something_about_it() {
    let visit = Visit::begin("/employer?region=330282").await;
    let mut fields = roster(ROSTER, "check");
    fields.retain(|(name, _)| *name != "employer.size");
    let text = visit.upload("/employer", &fields, None).await.text();
    // The firm left its own size out: nobody need go anywhere.
    assert!(rows(&text)[0].contains("请单位补填 企业规模"), "{:?}", rows(&text));
    assert!(!rows(&text).concat().contains("需本人到窗口核实"));
    assert!(text.contains("不必让职工到窗口"));
    // Nobody can pass by a standard that is not there: whoever it is for, nobody is sent to a counter in vain.
    let fields = [
        ("region", "330282"),
        ("benefit", "cx-si-subsidy-hard-to-employ"),
        ("roster", "姓名\n甲\n"),
        ("act", "check"),
    ];
    let text = visit.upload("/employer", &fields, None).await.text();
    assert!(rows(&text)[0].ends_with("标准另有规定，尚未收录"), "{:?}", rows(&text));
}

#[tokio::test]
async fn the_same_person_twice_counts_once() {
    let visit = Visit::begin("/employer?region=330282").await;
    let row = "甲\t11010519491231002X\t是\t是\t2020-06-15\t12\t6\n";
    let heads = ROSTER.lines().next().unwrap();
    let table = format!("{heads}\n{row}{row}");
    let text = visit.upload("/employer", &roster(&table, "check"), None).await.text();
    assert!(text.contains("核对结果（1 人，另有重复 1 行不计）"), "{text}");
    assert!(text.contains("：符合 1 人</li>"), "{text}");
    let rows = rows(&text);
    assert!(
        rows[1].contains("重复 与第 2 行是同一个人") && !rows[1].contains("3000"),
        "{rows:?}"
    );
}

#[tokio::test]
async fn lines_are_those_of_the_sheet_also_after_an_upload_and_beneath_empty_lines() {
    let visit = Visit::begin("/employer?region=330282").await;
    // Two lines above the heading, as in our own template.
    let sent = format!("\n\n{ROSTER}");
    let text = visit.upload("/employer", &roster(&sent, "check"), None).await.text();
    assert!(text.contains("第 6 行“合同签订日”"), "{text}");
    assert!(rows(&text)[0].starts_with('4'), "{:?}", rows(&text));
}

#[tokio::test]
async fn what_is_printed_is_the_result_alone() {
    let visit = Visit::begin("/employer?region=330282").await;
    let text = visit.upload("/employer", &roster(ROSTER, "check"), None).await.text();
    assert!(text.contains("class=\"ask roster-form\""));
    let style = include_str!("../../assets/citizen.css");
    let print = style.split_once("@media print").unwrap().1;
    assert!(print.contains(".roster-form { display: none !important; }"));
}

#[tokio::test]
async fn the_question_before_is_asked_again_with_its_answer_and_the_others_keep_their_places() {
    let visit = Visit::begin("/ask").await;
    let said = [
        ("region", "330282"),
        ("a", "person.is_graduate=yes"),
        ("a", "person.is_unemployed=no"),
        ("a", "person.is_hard_to_employ=no"),
    ];
    let back = async |from: &str| {
        let mut fields = said.to_vec();
        fields.extend([("asked", from), ("act", "back")]);
        visit.ask(&fields).await.text()
    };
    let page = back("person.is_disabled").await;
    assert_eq!(
        between(&page, "name=\"asked\" value=\"", "\""),
        "person.is_hard_to_employ"
    );
    let page = back("person.is_hard_to_employ").await;
    assert_eq!(between(&page, "name=\"asked\" value=\"", "\""), "person.is_unemployed");
    assert!(page.contains("上一题") && page.contains("您之前的回答：否"));
    let kept: Vec<String> = hidden(&page)
        .into_iter()
        .filter(|(name, _)| name == "a")
        .map(|(_, value)| value)
        .collect();
    assert_eq!(
        kept,
        [
            "person.is_graduate=yes", "person.is_unemployed=no", "person.is_hard_to_employ=no"
        ]
    );
    // Before the first stands the page of the region.
    let page = back("person.is_graduate").await;
    assert!(page.contains("您在哪里申领"));
}

#[tokio::test]
async fn a_printed_result_has_every_group_and_the_answers() {
    let visit = Visit::begin("/ask?region=330282").await;
    let pages = talk(&visit, &[("region", "330282"), ("act", "begin")], |_, html| {
        if html.contains("name=\"value\" value=\"yes\"") {
            return ("value", "no".to_owned());
        }
        ("act", "unsure".to_owned())
    })
    .await;
    let result = pages.last().unwrap();
    let printed = between(result, "<div class=\"print-copy\">", "</section>");
    for title in ["暂不符合（", "与您无关、没有算的（"] {
        assert!(printed.contains(title), "{title}");
    }
    assert!(!pages[0].contains("print-copy"));
    let style = include_str!("../../assets/citizen.css");
    let print = style.split_once("@media print").unwrap().1;
    assert!(print.contains(".print-copy { display: block; }") && !print.contains(".said"));
}
