//! A liaison uploads documents, looks at what was marked, corrects a row, keeps the ledger, compares two versions.

use std::path::{Path, PathBuf};
use std::time::Duration;

use fantoccini::Locator;
use serde_json::json;

use super::{Browser, in_browser};
use crate::coverage::{PACK, copy};
use crate::site::full;

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../samples")
        .canonicalize()
        .unwrap()
}

/// Puts a file into a field.
async fn choose(browser: &Browser, field: &str, file: &Path) {
    let input = browser.client.find(Locator::Id(field)).await.unwrap();
    input.send_keys(file.to_str().unwrap()).await.unwrap();
}

/// Uploads a document; the address of its page.
async fn upload(browser: &Browser, file: &Path) -> String {
    browser.open("/documents").await;
    choose(browser, "file", file).await;
    browser.press("上传并识别").await;
    arrived(browser, ".reading").await;
    let address = browser.address().await;
    assert!(
        address.len() > "/documents/".len() + 30,
        "{}: {address}",
        file.display()
    );
    address
}

/// Waits for the page that a form leads to.
async fn arrived(browser: &Browser, css: &str) {
    let wait = browser.client.wait().at_most(Duration::from_secs(60));
    wait.for_element(Locator::Css(css)).await.unwrap();
}

async fn count(browser: &Browser, css: &str) -> usize {
    browser.client.find_all(Locator::Css(css)).await.unwrap().len()
}

#[tokio::test]
async fn every_sample_is_uploaded_and_its_duties_are_found_marked() {
    in_browser(async |browser: &Browser| {
        let mut files: Vec<PathBuf> = std::fs::read_dir(samples())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.retain(|file| file.is_file() && file.extension().is_some_and(|ending| ending != "md"));
        files.sort();
        assert!(files.len() >= 15);
        for file in files {
            let name = file.file_name().unwrap().to_str().unwrap().to_owned();
            upload(browser, &file).await;
            browser.check(&name).await;
            let rows = count(browser, ".duties tbody tr").await;
            assert!(rows > 0, "{name} has no task");
            assert_eq!(count(browser, ".official .duty-chip").await, rows, "{name}");
            assert!(count(browser, "mark.mark-figure").await > 0, "{name}");
            let units = count(browser, "mark.mark-lead, mark.mark-support, mark.mark-responsible").await;
            assert!(units > 0, "{name}");
            // From the first row to its text, which is lit and in sight, and back.
            for (link, target) in [
                (".duties a[href='#text-1']", "text-1"),
                (".official a[href='#row-1']", "row-1"),
            ] {
                browser
                    .client
                    .find(Locator::Css(link))
                    .await
                    .unwrap()
                    .click()
                    .await
                    .unwrap();
                let seen = "const at = document.querySelector(':target'); const box = at.getBoundingClientRect();
                    return [at.id, getComputedStyle(at).outlineStyle, box.bottom > 0 && box.top < window.innerHeight];";
                let seen = browser.client.execute(seen, Vec::new()).await.unwrap();
                assert_eq!(seen, json!([target, "solid", true]), "{name}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_row_is_corrected_and_the_correction_stands_beside_what_was_read() {
    in_browser(async |browser: &Browser| {
        let address = upload(browser, &samples().join("yanhu-2024-prose.docx")).await;
        browser
            .client
            .find(Locator::Css("a[href*='correct=2#']"))
            .await
            .unwrap()
            .click()
            .await
            .unwrap();
        arrived(browser, "#lead").await;
        browser.check("a row as a form").await;
        browser.shoot("documents-correct").await;
        let lead = browser.client.find(Locator::Id("lead")).await.unwrap();
        lead.clear().await.unwrap();
        lead.send_keys("区商务委、区民政局").await.unwrap();
        browser.press("保存更正").await;
        arrived(browser, "#row-2 ins").await;
        assert!(browser.address().await.starts_with(&address));
        browser.check("a corrected row").await;
        browser.shoot("documents-corrected").await;
        let row = browser.client.find(Locator::Id("row-2")).await.unwrap();
        let text = row.text().await.unwrap();
        assert!(
            text.contains("区商务委、区民政局") && text.contains("识别为：区民政局"),
            "{text}"
        );
        assert!(browser.text().await.contains("人工更正 1 项"));
        // The ledger is a file of this address.
        let fetched = "const done = arguments[arguments.length - 1];
            fetch(arguments[0]).then(async answer => {
                const bytes = new Uint8Array(await answer.arrayBuffer());
                done([answer.status, answer.headers.get('content-disposition').slice(0, 10), bytes[0], bytes[1]]);
            }, error => done(String(error)));";
        browser
            .client
            .find(Locator::Css("summary"))
            .await
            .unwrap()
            .click()
            .await
            .unwrap();
        let link = browser.client.find(Locator::Css("a[href$='file=xlsx']")).await.unwrap();
        let href = link.attr("href").await.unwrap().unwrap();
        let file = browser.client.execute_async(fetched, vec![json!(href)]).await.unwrap();
        assert_eq!(file, json!([200, "attachment", b'P', b'K']));
        browser.page(&address).await;
    })
    .await;
}

#[tokio::test]
async fn a_duty_is_added_from_its_paragraph_and_a_row_struck_out_and_brought_back() {
    in_browser(async |browser: &Browser| {
        let address = upload(browser, &samples().join("yanhu-2024-prose.docx")).await;
        let read = count(browser, ".duties tbody tr").await;
        browser.leave_by(".ledger-acts a").await;
        browser.check("the numbered paragraphs").await;
        browser.shoot("documents-add").await;
        // The last paragraph of the leaf, by its number in the text.
        let numbers = browser
            .client
            .find_all(Locator::Css("a.paragraph-number"))
            .await
            .unwrap();
        let href = numbers.last().unwrap().attr("href").await.unwrap().unwrap();
        browser.leave_by(&format!("a.paragraph-number[href='{href}']")).await;
        browser.check("the form of a row to be added").await;
        browser.page(&browser.address().await).await;
        let lead = browser.client.find(Locator::Id("lead")).await.unwrap();
        lead.send_keys("区教育局").await.unwrap();
        browser.leave_by("button[value='add']").await;
        assert!(browser.address().await.starts_with(&address));
        assert_eq!(count(browser, ".duties tbody tr").await, read + 1);
        assert_eq!(
            count(browser, ".duties tr:target .by-hand").await,
            1,
            "one arrives at it"
        );
        assert!(browser.text().await.contains("人工增列 1 项"));
        browser.check("an added row").await;
        browser.shoot("documents-added").await;

        browser.open(&address).await;
        browser.leave_by("button[form='strike'][value='1']").await;
        assert_eq!(count(browser, "#row-1.struck").await, 1);
        assert!(browser.text().await.contains("人工剔除 1 项"));
        browser.check("a row that is struck out").await;
        browser.shoot("documents-struck").await;
        browser.leave_by("button[form='reinstate'][value='1']").await;
        assert_eq!(count(browser, ".struck").await, 0);
        browser.page(&address).await;
    })
    .await;
}

#[tokio::test]
async fn two_versions_are_uploaded_and_their_changes_found_side_by_side() {
    in_browser(async |browser: &Browser| {
        browser.open("/documents/compare").await;
        choose(browser, "old", &samples().join("versions/yanhu-2024-prose-draft.txt")).await;
        choose(browser, "new", &samples().join("yanhu-2024-prose.pdf")).await;
        browser.press("上传并比较").await;
        arrived(browser, ".versions").await;
        browser.check("two versions").await;
        let text = browser.text().await;
        for piece in ["新增", "删去", "改动", "36", "24", "青年夜校"] {
            assert!(text.contains(piece), "{piece}\n{text}");
        }
        assert!(count(browser, ".versions del").await > 0 && count(browser, ".versions ins").await > 0);
        let link = browser
            .client
            .find(Locator::Css(".versions .side-head a"))
            .await
            .unwrap();
        link.click().await.unwrap();
        assert!(browser.address().await.starts_with("/documents/"));
        assert_eq!(count(browser, ":target").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_deleted_reading_and_a_refused_file_leave_a_way_out() {
    in_browser(async |browser: &Browser| {
        let address = upload(browser, &samples().join("lanchuan-2021-traditional.txt")).await;
        browser
            .client
            .find(Locator::Css(".document-files summary"))
            .await
            .unwrap()
            .click()
            .await
            .unwrap();
        browser.press("现在删除").await;
        arrived(browser, "#file").await;
        browser.open(&address).await;
        browser.check("a reading that is gone").await;
        browser.follow("重新上传").await;
        let folder = tempfolder("documents");
        let file = folder.join("picture.png");
        std::fs::write(&file, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").unwrap();
        choose(browser, "file", &file).await;
        browser.press("上传并识别").await;
        arrived(browser, ".error-summary").await;
        browser.check("a refused file").await;
        assert!(browser.text().await.contains("请用 WPS 另存为 docx 或带文字的 PDF"));
        std::fs::remove_dir_all(folder).unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_copy_is_checked_against_its_pack_and_the_figure_that_nothing_cites_is_found() {
    in_browser(async |browser: &Browser| {
        let app = full();
        let folder = tempfolder("coverage");
        let file = folder.join("原文.txt");
        std::fs::write(&file, copy(&app.catalogue.library.packs[PACK], "，每人31415元")).unwrap();
        browser.open(&format!("/rules/{PACK}")).await;
        browser
            .follow("条款对应情况：每一条款由什么承接，原文中的数字是否都有着落")
            .await;
        choose(browser, "file", &file).await;
        browser.press("上传并核对").await;
        arrived(browser, ".notice-warn").await;
        browser.check("a copy with a loose figure").await;
        browser.shoot("rules-coverage-checked").await;
        assert!(browser.text().await.contains("每人【31415元】"));
        std::fs::remove_dir_all(folder).unwrap();
    })
    .await;
}

fn tempfolder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("leye-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
