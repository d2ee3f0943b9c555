//! Pages in headless Chromium: what axe-core finds, what the keyboard reaches, what it looks like, and whole journeys.
//!
//! A journey is `in_browser(|browser| async move { … })`; `browser.page(path)` opens a page and checks it.

mod axe;
mod citizens;
mod documents;
mod driver;
mod journeys;
mod screening;
mod session;

pub(crate) use driver::{in_browser, in_browser_at};
pub(crate) use session::Browser;

use web::pages::entries;

#[tokio::test]
async fn every_page_is_accessible_from_the_keyboard_and_on_a_phone() {
    in_browser(async |browser: &Browser| {
        for example in entries().flat_map(|entry| entry.examples) {
            browser.page(example).await;
        }
        browser.page("/no-such-page").await;
    })
    .await;
}
