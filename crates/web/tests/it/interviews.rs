//! An interview between two pages: where it stands, who can open it, and for how long.

use std::time::Duration;

use axum::http::StatusCode;
use tokio::time::Instant;
use web::sealed::{MOST_CHARACTERS, Seal};

use crate::citizen::{Visit, between, hidden};
use crate::site::Answer;

/// The fact that a page asks about.
fn asked(page: &Answer) -> String {
    between(&page.text(), "name=\"asked\" value=\"", "\"").to_owned()
}

#[tokio::test]
async fn the_browsers_own_back_key_opens_the_question_before_with_its_answer() {
    let visit = Visit::begin("/ask").await;
    let begin = [("region", "330282"), ("concern", "training"), ("act", "begin")];
    let ([first, _], page) = visit.go_on(&begin).await;
    let (word, fact) = (between(&first, "/ask/", "/").to_owned(), asked(&page));
    assert!(word.len() == 32 && first == format!("/ask/{word}/1"), "{first}");
    let fields = hidden(&page.text());
    let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    fields.push(("act", "unsure"));
    let sent = visit.post("/ask", &fields).await;
    let attributes = format!("; Path=/ask/{word}; HttpOnly; SameSite=Strict");
    assert!(
        sent.header("set-cookie").ends_with(&attributes),
        "{}",
        sent.header("set-cookie")
    );
    let ([second, kept], page) = visit.go_on(&fields).await;
    // Nothing said stands in the address, nothing can be read in the cookie.
    assert_eq!(second, format!("/ask/{word}/2"));
    let sealed = kept.strip_prefix("leye-ask=").unwrap();
    assert!(sealed.bytes().all(|byte| byte.is_ascii_hexdigit()), "{sealed}");
    let written: String = "330282".bytes().map(|byte| format!("{byte:02x}")).collect();
    assert!(!sealed.contains(&written));
    assert_ne!(asked(&page), fact);
    let back = visit.open(&first, &kept).await;
    assert_eq!(
        (back.status, back.header("cache-control")),
        (StatusCode::OK, "no-store")
    );
    assert_eq!(asked(&back), fact);
    assert!(back.text().contains("您之前的回答：不清楚"), "{}", back.text());
    let begun = visit.open(&format!("/ask/{word}/0"), &kept).await.text();
    for ticked in ["330282", "training"] {
        let input = between(&begun, &format!("value=\"{ticked}\""), ">");
        assert!(input.ends_with(" checked"), "{ticked}: {input}");
    }
    assert!(
        begun.contains(&format!("value=\"{fact}=?\"")),
        "what was answered goes on with the form"
    );
    // Reloading asks the same question again.
    assert_eq!(asked(&visit.open(&second, &kept).await), asked(&page));
}

#[tokio::test]
async fn an_address_of_an_interview_opens_nothing_for_anybody_else() {
    let (visit, other) = (Visit::begin("/ask").await, Visit::begin("/ask").await);
    assert_ne!(visit.cookie, other.cookie);
    let begin = [("region", "330282"), ("act", "begin")];
    let ([address, kept], page) = visit.go_on(&begin).await;
    assert_eq!(page.status, StatusCode::OK);
    let ([_, another], _) = visit.go_on(&begin).await;
    let last = if kept.ends_with('0') { "1" } else { "0" };
    let altered = format!("{}{last}", &kept[..kept.len() - 1]);
    let elsewhere = address.replace("/1", "/x");
    for (visit, address, kept) in [
        (&visit, address.as_str(), "leye-ask="),
        (&visit, address.as_str(), another.as_str()),
        (&visit, address.as_str(), altered.as_str()),
        (&visit, "/ask/word/1", kept.as_str()),
        (&visit, elsewhere.as_str(), kept.as_str()),
        (&other, address.as_str(), kept.as_str()),
    ] {
        let gone = visit.open(address, kept).await;
        let text = gone.text();
        assert_eq!(gone.status, StatusCode::GONE, "{address} {kept}");
        assert!(text.contains("重新开始") && text.contains("href=\"/ask\"") && asked(&gone).is_empty());
    }
}

#[tokio::test]
async fn what_no_cookie_holds_is_answered_in_the_page_itself() {
    let visit = Visit::begin("/ask").await;
    let region = "x".repeat(MOST_CHARACTERS);
    let answer = visit.post("/ask", &[("region", &region), ("act", "begin")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("请选择地区") && answer.header("set-cookie").is_empty());
}

#[tokio::test]
async fn whoever_wants_it_has_the_browser_forget_the_answers() {
    let visit = Visit::begin("/ask").await;
    let ([address, _], page) = visit.go_on(&[("region", "330282"), ("act", "begin")]).await;
    assert!(page.text().contains("清除回答，重新开始"));
    let word = between(&address, "/ask/", "/");
    // Also where what the form holds cannot be read any more.
    let sent = visit
        .post("/ask", &[("talk", word), ("a", "<script>"), ("act", "forget")])
        .await;
    assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, "/ask"));
    let expected = format!("leye-ask=; Path=/ask/{word}; HttpOnly; SameSite=Strict; Max-Age=0");
    assert_eq!(sent.header("set-cookie"), expected);
}

#[tokio::test]
async fn whoever_changes_what_concerns_them_keeps_the_other_answers() {
    let visit = Visit::begin("/ask").await;
    let said = [
        ("region", "330282"),
        ("a", "person.is_graduate=yes"),
        ("a", "loan.amount_fen=1000"),
    ];
    let answers = |page: &Answer| {
        let mut fields = hidden(&page.text());
        fields.retain(|(name, _)| name == "a");
        fields.into_iter().map(|(_, value)| value).collect::<Vec<_>>()
    };
    let mut fields = said.to_vec();
    fields.extend([("concern", "loan"), ("change", "begin")]);
    let page = visit.ask(&fields).await;
    assert!(page.text().contains("您在哪里申领"));
    assert_eq!(answers(&page), ["person.is_graduate=yes", "loan.amount_fen=1000"]);
    let mut fields = said.to_vec();
    fields.push(("act", "begin"));
    assert_eq!(answers(&visit.ask(&fields).await), ["person.is_graduate=yes"]);
}

#[test]
fn what_a_browser_keeps_opens_for_a_while_in_its_place_and_under_its_key_alone() {
    let begun = Instant::now();
    let after = |seconds| begun + Duration::from_secs(seconds);
    let seal = |key| Seal::new([key; Seal::KEY_BYTES], begun, Duration::from_secs(60));
    let sealed = seal(1)
        .close("here", b"said", [7; Seal::NONCE_BYTES], after(100))
        .unwrap();
    for (key, place, second, opens) in [
        (1, "here", 100, true),
        (1, "here", 159, true),
        (1, "here", 160, false),
        (1, "there", 100, false),
        (2, "here", 100, false),
    ] {
        let opened = seal(key).open(place, &sealed, after(second));
        assert_eq!(
            opened.as_deref(),
            opens.then_some(&b"said"[..]),
            "{key} {place} {second}"
        );
    }
    for cut in 0..sealed.len() {
        assert_eq!(seal(1).open("here", &sealed[..cut], after(100)), None, "{cut}");
    }
    // What a cookie cannot hold is not sealed.
    let long = |bytes| seal(1).close("here", &vec![b'x'; bytes], [7; Seal::NONCE_BYTES], begun);
    assert!(long(1_900).is_some_and(|sealed| sealed.len() <= MOST_CHARACTERS) && long(2_000).is_none());
}
