//! Tokens, forms and uploads.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::http::{Request, StatusCode};
use axum::routing::{get as route, post as take};
use web::App;
use web::error::Error;
use web::form::{Field, Form, Input, Summary, Upload};
use web::limits::Limits;
use web::visit::Visit;

use crate::site::{Answer, bare, get, post, send};

const MOST_BYTES: usize = 100_000;

/// A site of one form and one upload.
fn site() -> Router {
    let (app, _) = bare(Limits::default());
    let routes: Router<Arc<App>> = Router::new()
        .route("/form", route(|visit: Visit| async move { visit.csrf() }))
        .route("/plain", route(|| async { "nothing typed" }))
        .route(
            "/form",
            take(|form: Form| async move { format!("名称={}", form.get("name")) }),
        )
        .route(
            "/upload",
            take(|upload: Upload| async move {
                let files = upload
                    .files
                    .iter()
                    .map(|file| format!("{}:{}", file.name, file.bytes.len()));
                Ok::<_, Error>(files.collect::<Vec<_>>().join(","))
            }),
        )
        .layer(DefaultBodyLimit::max(MOST_BYTES));
    web::guarded(routes, app)
}

/// A token with the cookie it belongs to.
async fn token(router: &Router) -> (String, String) {
    let answer = send(router, get("/form")).await;
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    (answer.text(), cookie)
}

async fn send_form(router: &Router, cookie: &str, body: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = post("/form", body).header("cookie", cookie);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    send(router, request.body(Body::from(body.to_owned())).unwrap()).await
}

#[tokio::test]
async fn a_form_with_its_token_is_taken_and_without_it_refused() {
    let router = site();
    let (token, cookie) = token(&router).await;
    let (_, other_cookie) = {
        let answer = send(&router, get("/form")).await;
        (
            answer.text(),
            answer.header("set-cookie").split(';').next().unwrap().to_owned(),
        )
    };
    let mut forged = token.clone().into_bytes();
    let last = forged.last_mut().unwrap();
    *last = if *last == b'0' { b'1' } else { b'0' };
    let forged = String::from_utf8(forged).unwrap();
    let good = format!("csrf={token}&name=%E7%94%B2");
    let answer = send_form(&router, &cookie, &good, &[]).await;
    assert_eq!((answer.status, answer.text().as_str()), (StatusCode::OK, "名称=甲"));
    for (cookie, body) in [
        (cookie.as_str(), "name=1".to_owned()),
        (cookie.as_str(), "csrf=&name=1".to_owned()),
        (cookie.as_str(), format!("csrf={forged}&name=1")),
        (other_cookie.as_str(), good.clone()),
        ("", good.clone()),
        ("leye-visit=short", good.clone()),
    ] {
        let answer = send_form(&router, cookie, &body, &[]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{cookie} {body}");
        assert!(answer.text().contains("表单已失效"));
    }
}

#[tokio::test]
async fn a_form_that_another_site_sends_is_refused_even_with_its_token() {
    let router = site();
    let (token, cookie) = token(&router).await;
    let body = format!("csrf={token}");
    for (headers, status) in [
        (&[("sec-fetch-site", "same-origin")][..], StatusCode::OK),
        (
            &[("origin", "http://leye.local"), ("host", "leye.local")],
            StatusCode::OK,
        ),
        (&[("sec-fetch-site", "cross-site")], StatusCode::FORBIDDEN),
        (&[("sec-fetch-site", "same-site")], StatusCode::FORBIDDEN),
        (
            &[("origin", "http://evil.example"), ("host", "leye.local")],
            StatusCode::FORBIDDEN,
        ),
        (&[("origin", "null"), ("host", "leye.local")], StatusCode::FORBIDDEN),
    ] {
        assert_eq!(
            send_form(&router, &cookie, &body, headers).await.status,
            status,
            "{headers:?}"
        );
    }
}

#[tokio::test]
async fn the_cookie_is_strict_and_set_only_where_a_page_has_a_form() {
    let router = site();
    let cookie = send(&router, get("/form")).await.header("set-cookie").to_owned();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && cookie.contains("Path=/"),
        "{cookie}"
    );
    assert_eq!(send(&router, get("/plain")).await.header("set-cookie"), "");
}

#[tokio::test]
async fn two_tokens_of_one_visit_differ_and_both_hold() {
    let router = site();
    let (first, cookie) = token(&router).await;
    let mut request = get("/form");
    request.headers_mut().insert("cookie", cookie.parse().unwrap());
    let second = send(&router, request).await.text();
    assert_ne!(first, second);
    for token in [first, second] {
        assert_eq!(
            send_form(&router, &cookie, &format!("csrf={token}"), &[]).await.status,
            StatusCode::OK
        );
    }
}

#[tokio::test]
async fn a_body_of_another_kind_or_beyond_the_limit_is_refused_with_words() {
    let router = site();
    let (token, cookie) = token(&router).await;
    let large = format!("csrf={token}&name={}", "x".repeat(MOST_BYTES));
    let answer = send_form(&router, &cookie, &large, &[]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.text().contains("内容过大"));
    let request = Request::post("/form")
        .header("content-type", "text/plain")
        .body("x".into())
        .unwrap();
    let answer = send(&router, request).await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(answer.text().contains("不是本页的表单"));
}

/// A multipart body: fields and files in this order.
fn multipart(cookie: &str, parts: &[(&str, Option<&str>, &[u8])]) -> Request<Body> {
    let mut body = Vec::new();
    for (field, file, bytes) in parts {
        let file = file.map(|name| format!("; filename=\"{name}\"")).unwrap_or_default();
        body.extend(format!("--edge\r\nContent-Disposition: form-data; name=\"{field}\"{file}\r\n\r\n").bytes());
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--edge--\r\n");
    Request::post("/upload")
        .header("cookie", cookie)
        .header("content-type", "multipart/form-data; boundary=edge")
        .body(Body::from(body))
        .unwrap()
}

#[tokio::test]
async fn a_file_is_taken_behind_its_token_and_its_name_is_never_a_path() {
    let router = site();
    let (token, cookie) = token(&router).await;
    let csrf = ("csrf", None, token.as_bytes());
    let answer = send(
        &router,
        multipart(&cookie, &[csrf, ("file", Some("../../etc/passwd"), b"abc")]),
    )
    .await;
    assert_eq!((answer.status, answer.text().as_str()), (StatusCode::OK, "passwd:3"));
    let answer = send(
        &router,
        multipart(&cookie, &[csrf, ("file", Some("C:\\\\secret\\\\a.docx"), b"abc")]),
    )
    .await;
    assert_eq!(answer.text(), "a.docx:3");
    let answer = send(&router, multipart(&cookie, &[csrf, ("file", Some(""), b"")])).await;
    assert_eq!((answer.status, answer.text().as_str()), (StatusCode::OK, ""));
}

#[tokio::test]
async fn an_upload_without_a_token_before_its_file_or_beyond_the_limit_is_refused() {
    let router = site();
    let (token, cookie) = token(&router).await;
    let csrf = ("csrf", None, token.as_bytes());
    let file = ("file", Some("a.docx"), &b"abc"[..]);
    let large = vec![b'x'; MOST_BYTES];
    for (parts, status) in [
        (vec![file], StatusCode::FORBIDDEN),
        (vec![file, csrf], StatusCode::FORBIDDEN),
        (
            vec![csrf, ("file", Some("a.docx"), large.as_slice())],
            StatusCode::PAYLOAD_TOO_LARGE,
        ),
    ] {
        assert_eq!(send(&router, multipart(&cookie, &parts)).await.status, status);
    }
    let broken = Request::post("/upload")
        .header("content-type", "multipart/form-data; boundary=edge")
        .body(Body::from(
            "--edge\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nno end",
        ))
        .unwrap();
    assert_eq!(send(&router, broken).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn a_field_says_what_is_wrong_and_the_summary_leads_to_it() {
    let field = Field::new("id_number", "身份证号")
        .hint("18 位")
        .value("<b>")
        .required()
        .wrong("末位校验不符");
    let html = field.to_string();
    for piece in [
        "<label for=\"id_number\">身份证号",
        "aria-describedby=\"id_number-hint id_number-wrong\"",
        "aria-invalid=\"true\"",
        "末位校验不符",
        "value=\"&#60;b&#62;\"",
    ] {
        assert!(html.contains(piece), "{piece}: {html}");
    }
    let summary = Summary::of([&field, &Field::new("name", "姓名")]).to_string();
    assert!(
        summary.contains("有 1 处需要更正") && summary.contains("<a href=\"#id_number\">身份证号：末位校验不符"),
        "{summary}"
    );
    assert_eq!(Summary::of([&Field::new("name", "姓名")]).to_string().trim(), "");
}

#[test]
fn a_choice_is_a_group_with_a_legend() {
    let choices = vec![("y".to_owned(), "是".to_owned()), ("n".to_owned(), "否".to_owned())];
    let html = Field::new("insured", "是否参保")
        .input(Input::OneOf(choices))
        .value("n")
        .to_string();
    assert!(html.contains("<legend>是否参保"), "{html}");
    assert!(html.contains("value=\"n\" checked"), "{html}");
}
