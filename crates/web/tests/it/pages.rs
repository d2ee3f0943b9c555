//! What every page must do, whoever wrote it: all of it walks over the list of entries.

use axum::http::StatusCode;
use web::gate::CONTENT_SECURITY_POLICY;
use web::pages::entries;

use crate::site::{full, get, post, send};

/// Most that a page may be before it is compressed, with style and script.
const MOST_BYTES: usize = 150 << 10;

#[tokio::test]
async fn every_page_answers_in_chinese_with_the_security_headers_and_is_kept_nowhere() {
    let router = web::router(full());
    for example in entries().flat_map(|entry| entry.examples) {
        let answer = send(&router, get(example)).await;
        let text = answer.text();
        let wrong_on_purpose = example.contains("没有这个");
        let expected = if wrong_on_purpose {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        };
        assert_eq!(answer.status, expected, "{example}");
        assert!(text.contains("<html lang=\"zh-CN\">"), "{example}");
        assert_eq!(
            answer.header("content-security-policy"),
            CONTENT_SECURITY_POLICY,
            "{example}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{example}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{example}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{example}");
        assert_eq!(answer.header("cache-control"), "no-store", "{example}");
        assert!(answer.header("permissions-policy").contains("camera=()"), "{example}");
        assert!(text.contains("演示日期：2020-12-15"), "{example}");
    }
}

#[tokio::test]
async fn no_page_holds_a_script_or_style_of_its_own_or_asks_another_host() {
    let router = web::router(full());
    for example in entries().flat_map(|entry| entry.examples) {
        let text = send(&router, get(example)).await.text();
        assert!(!text.contains("<style"), "{example}");
        assert!(!text.contains(" style="), "{example}");
        assert!(!text.contains("javascript:"), "{example}");
        assert!(!text.contains(" onclick=") && !text.contains(" onload="), "{example}");
        for script in text.split("<script").skip(1) {
            assert!(script.starts_with(" src=\"/assets/"), "{example}");
        }
        for address in text.split("href=\"").chain(text.split("src=\"")).skip(1) {
            assert!(!address.starts_with("http") && !address.starts_with("//"), "{example}");
        }
    }
}

#[tokio::test]
async fn every_page_with_style_and_script_is_under_150_kb() {
    let router = web::router(full());
    for example in entries().flat_map(|entry| entry.examples) {
        let text = send(&router, get(example)).await.text();
        let mut bytes = text.len();
        for asset in text.split("\"/assets/").skip(1) {
            let name = asset.split('"').next().unwrap();
            let answer = send(&router, get(&format!("/assets/{name}"))).await;
            assert_eq!(answer.status, StatusCode::OK, "{name}");
            bytes += answer.bytes.len();
        }
        assert!(bytes < MOST_BYTES, "{example}: {bytes} bytes");
    }
}

#[tokio::test]
async fn every_form_is_refused_without_a_token() {
    let router = web::router(full());
    for entry in entries().filter(|entry| entry.forms) {
        let request = if entry.uploads {
            let body = "--edge\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--edge--\r\n";
            let request = post(entry.path, body);
            let mut request = request.body(body.into()).unwrap();
            let kind = "multipart/form-data; boundary=edge".parse().unwrap();
            request.headers_mut().insert("content-type", kind);
            request
        } else {
            post(entry.path, "a=1").body("a=1".into()).unwrap()
        };
        let answer = send(&router, request).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", entry.path);
        assert!(answer.text().contains("表单已失效"), "{}", entry.path);
    }
}

#[tokio::test]
async fn a_page_that_says_it_takes_no_form_takes_none() {
    let router = web::router(full());
    for entry in entries().filter(|entry| !entry.forms && !entry.path.contains('{')) {
        let answer = send(&router, post(entry.path, "").body("".into()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{}", entry.path);
    }
}

/// What somebody may type into any parameter.
const HOSTILE: [&str; 6] = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' OR 1=1; DROP TABLE task; --",
    "../../etc/passwd", "{{7*7}}", "\u{202e}\u{0}\u{7f}",
];

#[tokio::test]
async fn script_and_sql_in_any_parameter_is_shown_as_text_or_not_at_all() {
    let router = web::router(full());
    for entry in entries().filter(|entry| !entry.examples.is_empty()) {
        let path = entry.examples[0].split('?').next().unwrap();
        for hostile in HOSTILE {
            let typed = web::address::encoded(hostile);
            for name in [
                "q", "sort", "page", "size", "export", "region", "unit", "function", "as_of", "light", "pack", "status",
            ] {
                let answer = send(&router, get(&format!("{path}?{name}={typed}"))).await;
                let text = answer.text();
                assert!(!answer.status.is_server_error(), "{path} {name} {hostile}");
                assert!(!text.contains("<script>alert"), "{path} {name}");
                assert!(!text.contains("<img src=x"), "{path} {name}");
            }
        }
    }
}

#[tokio::test]
async fn pages_shrink_for_whoever_takes_gzip() {
    let router = web::router(full());
    let mut request = get("/duties");
    request
        .headers_mut()
        .insert("accept-encoding", "gzip, deflate".parse().unwrap());
    let small = send(&router, request).await;
    let whole = send(&router, get("/duties")).await;
    assert_eq!(small.header("content-encoding"), "gzip");
    assert!(small.bytes.len() * 4 < whole.bytes.len());
    assert_eq!(whole.header("content-encoding"), "");
}
