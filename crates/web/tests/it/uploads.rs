//! Uploads that are refused, on the page and by the API, and what the API answers of the others.

use std::io::Cursor;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use policy::file::Tree;
use web::App;
use web::limits::Limits;

use crate::documents::{TABLE, Visitor};
use crate::site::{Log, full, get, in_uri, outside, send, wide_limits};

#[tokio::test]
async fn an_upload_that_cannot_be_read_is_answered_with_why_and_what_to_do() {
    let mut bomb = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    bomb.start_file("[Content_Types].xml", options).unwrap();
    bomb.start_file("word/document.xml", options).unwrap();
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..64 {
        std::io::Write::write_all(&mut bomb, &zeros).unwrap();
    }
    let bomb = bomb.finish().unwrap().into_inner();
    let encrypted = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj trailer<</Root 1 0 R/Encrypt<</Filter/Standard/V 5/R 6/O(x)/U(y)/P -1>>>>";
    let cases: [(&str, &[u8], &str); 8] = [
        ("bomb.docx", &bomb, "请"),
        ("locked.pdf", encrypted, "请"),
        (
            "picture.png",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            "请用 WPS 另存为 docx 或带文字的 PDF",
        ),
        ("empty.txt", b"", "空"),
        ("blank.txt", b" \n\n", "空"),
        ("../../etc/passwd<script>alert(1)</script>", b"\0\x01\x02\x03", "请"),
        ("broken.docx", b"PK\x03\x04 not really", "请"),
        (
            "秘密.txt",
            "机密★1年\n关于某事的通知\n一、做好某事。（责任单位：县人社局）".as_bytes(),
            "该文件标有密级标志，已拒绝读取，未保存任何内容",
        ),
    ];
    let log = Log::default();
    let app = Arc::new(App::new(outside(Tree::built_in(), wide_limits(), &log)).unwrap());
    let mut visitor = Visitor::new(Arc::clone(&app));
    for (name, bytes, message) in cases {
        let answer = visitor.upload("/documents", &[("file", name, bytes)], &[]).await;
        let page = answer.text();
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(page.contains(message), "{name}: {page}");
        // The way out: the form again, with the summary leading to its field.
        for piece in [
            "有 1 处需要更正",
            "href=\"#file\"",
            "type=\"file\"",
            "严禁上传涉密文件和工作秘密",
        ] {
            assert!(page.contains(piece), "{name}: {piece}");
        }
        assert!(
            !page.contains("<script>alert") && !page.contains("etc/passwd") && !page.contains("关于某事"),
            "{name}"
        );
    }
    assert!(
        app.shelf.is_empty(tokio::time::Instant::now()),
        "nothing of a refused file is kept"
    );
    assert_eq!(*log.lock().unwrap(), Vec::<String>::new(), "nor told to the log");
    let answer = visitor.upload("/documents", &[], &[]).await;
    assert!(answer.text().contains("请选择一份文件"));
    let two: [(&str, &str, &[u8]); 2] = [("file", "a.txt", b"a"), ("file", "b.txt", b"b")];
    let answer = visitor.upload("/documents", &two, &[]).await;
    assert!(answer.text().contains("一次只能识别一份文件"));
}

#[tokio::test]
async fn an_upload_without_its_token_is_refused_before_its_file_is_read() {
    let mut visitor = Visitor::new(full());
    for address in [
        "/documents", "/documents/compare", "/documents/sample-prose/compare", "/rules/cixi-2020/coverage",
    ] {
        visitor.see("/documents").await;
        visitor.token = "0".repeat(96);
        let answer = visitor
            .upload(address, &[("file", "a.txt", TABLE.as_bytes())], &[])
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{address}");
    }
}

#[tokio::test]
async fn the_api_answers_what_the_command_line_prints() {
    let router = web::router(full());
    let send_file = |address: &str, kind: &str, body: Vec<u8>| {
        let request = Request::post(in_uri(address))
            .header("content-type", kind)
            .body(Body::from(body))
            .unwrap();
        send(&router, request)
    };
    let answer = send_file(
        "/api/v1/extract?file=分工.txt",
        "application/octet-stream",
        TABLE.into(),
    )
    .await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/json");
    assert!(answer.text().ends_with("}\n") && answer.text().lines().count() == 1);
    let value: serde_json::Value = serde_json::from_slice(&answer.bytes).unwrap();
    assert_eq!((&value["format"], &value["file"]), (&1.into(), &"分工.txt".into()));
    assert_eq!(value["tasks"].as_array().unwrap().len(), 3);
    assert_eq!(value["tasks"][0]["assignments"][0]["unit"], "县人社局");
    assert_eq!(value["tasks"][0]["assignments"][0]["function"], "human-resources");

    let form = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"分工.txt\"\r\n\r\n{TABLE}\r\n--edge--\r\n"
    );
    let same = send_file(
        "/api/v1/extract",
        "multipart/form-data; boundary=edge",
        form.into_bytes(),
    )
    .await;
    assert_eq!(same.bytes, answer.bytes);

    for (body, kind, message) in [
        (Vec::new(), "application/octet-stream", "没有收到文件"),
        (b"\x89PNG\r\n\x1a\n".to_vec(), "image/png", "无法读取"),
        (
            "绝密★\n通知".into(),
            "text/plain",
            "该文件标有密级标志，已拒绝读取，未保存任何内容",
        ),
        (
            b"--edge--\r\n".to_vec(),
            "multipart/form-data; boundary=edge",
            "没有收到文件",
        ),
    ] {
        let answer = send_file("/api/v1/extract", kind, body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{message}");
        let value: serde_json::Value = serde_json::from_slice(&answer.bytes).unwrap();
        assert!(value["error"]["message"].as_str().unwrap().contains(message), "{value}");
        assert!(!value["error"]["hint"].as_str().unwrap().is_empty(), "{value}");
    }
    let answer = send(&router, get("/api/v1/extract")).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    let request = Request::post("/api/v1/extract")
        .header("sec-fetch-site", "cross-site")
        .body(TABLE.into())
        .unwrap();
    assert_eq!(send(&router, request).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_upload_beyond_the_limit_is_refused_on_the_page_and_by_the_api() {
    let limits = Limits {
        upload_bytes: 10_000,
        ..wide_limits()
    };
    let app = Arc::new(App::new(outside(Tree::built_in(), limits, &Log::default())).unwrap());
    let mut visitor = Visitor::new(app);
    let large = vec![b'a'; 20_000];
    let answer = visitor.upload("/documents", &[("file", "a.txt", &large)], &[]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.text().contains("内容过大") && answer.text().contains("href=\"/\""));
    let request = Request::post("/api/v1/extract").body(Body::from(large)).unwrap();
    assert_eq!(
        send(&visitor.router, request).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}
