//! Journeys of people through the pages.

use fantoccini::Locator;

use super::{Browser, in_browser};

#[tokio::test]
async fn a_clerk_filters_the_ledger_sorts_it_and_finds_the_filter_in_the_address() {
    in_browser(async |browser: &Browser| {
        browser.open("/").await;
        browser.follow("责任台账").await;
        let region = browser.client.find(Locator::Id("region")).await.unwrap();
        region.select_by_label("慈溪市").await.unwrap();
        let light = browser.client.find(Locator::Id("light")).await.unwrap();
        light.select_by_label("黄").await.unwrap();
        browser.leave_by(".filters button").await;
        let address = browser.address().await;
        assert!(
            address.contains("region=330282") && address.contains("light=%E9%BB%84"),
            "{address}"
        );
        let lights = browser.client.find_all(Locator::Css("tbody .light")).await.unwrap();
        assert!(!lights.is_empty());
        for light in lights {
            assert!(light.text().await.unwrap().contains('黄'));
        }
        browser.leave_by("th a[href*='sort=deadline']").await;
        let address = browser.address().await;
        assert!(
            address.contains("sort=deadline") && address.contains("region=330282"),
            "{address}"
        );
        browser.check("the ledger, filtered and sorted").await;
        browser.follow("清除筛选").await;
        assert!(!browser.address().await.contains("region"));
    })
    .await;
}

#[tokio::test]
async fn a_unit_reaches_its_tasks_in_two_clicks() {
    in_browser(async |browser: &Browser| {
        browser.open("/duties/units?region=330282").await;
        let first = browser.client.find(Locator::Css("tbody th a")).await.unwrap();
        let name = first.text().await.unwrap();
        browser.leave_by("tbody th a").await;
        assert!(browser.text().await.contains(&format!("单位：{name}")));
    })
    .await;
}

#[tokio::test]
async fn a_parameter_shows_its_values_as_picture_and_table() {
    in_browser(async |browser: &Browser| {
        browser.open("/rules").await;
        browser.leave_by("main a[href='/rules/parameters']").await;
        let search = browser.client.find(Locator::Id("q")).await.unwrap();
        search.send_keys("lpr_1y\u{e007}").await.unwrap();
        browser.leave_by("tbody a[href='/rules/parameters/lpr_1y']").await;
        let picture = browser.client.find(Locator::Css("svg[role=img] title")).await.unwrap();
        assert!(!picture.html(true).await.unwrap().is_empty());
        let rows = browser.client.find_all(Locator::Css("tbody tr")).await.unwrap();
        let dots = browser.client.find_all(Locator::Css("svg circle")).await.unwrap();
        assert!(rows.len() > 1 && dots.len() > 1);
    })
    .await;
}
