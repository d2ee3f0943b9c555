//! Journeys of an office through the screening pages.

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use fantoccini::Locator;
use web::App;
use web::jobs::Ended;

use super::{Browser, in_browser, in_browser_at};
use crate::homes::{BENEFIT, RUN, unscreened};
use crate::site::{over, wide_limits};

/// Longest that a screening of the small region may take.
const LONGEST: Duration = Duration::from_secs(240);

/// Waits until the browser stands at an address that begins so.
async fn arrives(browser: &Browser, path: &str) {
    let arrived = async {
        while !browser.address().await.starts_with(path) {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    let waited = tokio::time::timeout(LONGEST, arrived).await;
    assert!(waited.is_ok(), "{} {}", browser.address().await, browser.text().await);
}

/// Takes the turn of what the pages start until the other end is dropped: however fast the machine is, a page that shows
/// what is not over yet stays as it is while it is looked at.
fn hold(app: &Arc<App>) -> Sender<()> {
    let (held, until) = channel();
    let work = move |_: &_| {
        let _ = until.recv();
        Ended::Stopped
    };
    app.jobs.start(app, "占用".to_owned(), work).unwrap();
    held
}

#[tokio::test]
async fn a_clerk_starts_a_screening_watches_it_and_reaches_the_clause_of_a_row_in_two_clicks() {
    let home = unscreened();
    let app = over(home.path(), wide_limits());
    let held = hold(&app);
    in_browser_at(
        || app,
        async |browser: &Browser| {
            browser.open("/").await;
            browser.follow("筛查").await;
            assert!(browser.text().await.contains("还没有做过筛查"));
            let region = browser.client.find(Locator::Id("region")).await.unwrap();
            region.select_by_value("330282").await.unwrap();
            browser.press("开始筛查").await;
            arrives(browser, "/screening/jobs/").await;
            browser.check("a screening under way").await;
            drop(held);
            // The script goes to the run by itself.
            arrives(browser, &format!("/screening/runs/{RUN}")).await;
            assert!(browser.text().await.contains("初步符合"));
            let benefit = format!("a[href='/screening/runs/{RUN}/benefits/{BENEFIT}']");
            let benefit = browser.client.find(Locator::Css(&benefit)).await.unwrap();
            benefit.click().await.unwrap();
            let picture = browser.client.find(Locator::Css("svg[role=img] title")).await.unwrap();
            assert!(picture.html(true).await.unwrap().contains("逐条筛选"));
            // From a row of the list: one click to its reasons, a second to the clause.
            let row = format!("a[href^='/screening/runs/{RUN}/benefits/{BENEFIT}/rows/']");
            browser
                .client
                .find(Locator::Css(&row))
                .await
                .unwrap()
                .click()
                .await
                .unwrap();
            let text = browser.text().await;
            assert!(
                text.contains("系统预审结果：") && text.contains("申领条件逐条判断"),
                "{text}"
            );
            browser.check("a row with its reasons").await;
            let clause = "#table a[href^='/rules/']";
            browser
                .client
                .find(Locator::Css(clause))
                .await
                .unwrap()
                .click()
                .await
                .unwrap();
            assert!(browser.address().await.contains("/items/"));
            assert!(browser.text().await.contains("依据这一条款的扶持政策"));
            browser.check("a clause").await;
        },
    )
    .await;
}

#[tokio::test]
async fn a_screening_is_stopped_from_its_page_and_leaves_nothing() {
    let home = unscreened();
    let app = over(home.path(), wide_limits());
    let held = hold(&app);
    in_browser_at(
        || app,
        async |browser: &Browser| {
            browser.open("/screening").await;
            let region = browser.client.find(Locator::Id("region")).await.unwrap();
            region.select_by_value("330282").await.unwrap();
            browser.press("开始筛查").await;
            arrives(browser, "/screening/jobs/").await;
            browser.press("停止").await;
            let stopped = async {
                while !browser.text().await.contains("没有留下任何结果") {
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            };
            tokio::time::timeout(LONGEST, stopped).await.unwrap();
            browser.check("a screening that was stopped").await;
            drop(held);
            browser.open("/screening").await;
            assert!(browser.text().await.contains("还没有做过筛查"));
        },
    )
    .await;
    assert_eq!(crate::homes::runs(home.path()), [""; 0]);
}

#[tokio::test]
async fn an_officer_asks_what_another_amount_would_cost() {
    in_browser(async |browser: &Browser| {
        browser.open(&format!("/screening/runs/{RUN}")).await;
        browser.follow("用这次筛查做政策测算").await;
        let what = browser.client.find(Locator::Id("what")).await.unwrap();
        what.select_by_value(&format!("benefit:{BENEFIT}")).await.unwrap();
        let value = browser.client.find(Locator::Id("value")).await.unwrap();
        value.send_keys("4500").await.unwrap();
        browser.press("开始测算").await;
        arrives(browser, "/screening/simulations/").await;
        let text = browser.text().await;
        assert!(text.contains("4500元") && text.contains("金额提高"), "{text}");
        assert!(text.contains("测算结果仅供参考，以经办机构审核为准。"));
        browser.check("a simulation").await;
        let path = browser.address().await;
        browser.page(&path).await;
    })
    .await;
}
