//! Journeys of the public: a graduate asks what she may have, finds a benefit by her situation; a firm checks its roster.

use fantoccini::Locator;

use super::{Browser, in_browser};

async fn press(browser: &Browser, css: &str) {
    browser
        .client
        .find(Locator::Css(css))
        .await
        .unwrap()
        .click()
        .await
        .unwrap();
}

/// The browser's own back key leads to the question before, with its answer, and forth again.
async fn back_and_forth(browser: &Browser, before: &str, fact: &str) {
    let asks = |fact: &str| format!("input[name=asked][value='{fact}']");
    browser.client.back().await.unwrap();
    browser
        .client
        .wait()
        .for_element(Locator::Css(&asks(before)))
        .await
        .unwrap();
    assert!(browser.text().await.contains("您之前的回答"));
    browser.client.forward().await.unwrap();
    browser
        .client
        .wait()
        .for_element(Locator::Css(&asks(fact)))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_graduate_answers_on_her_phone_goes_back_and_learns_what_she_may_have() {
    in_browser(async |browser: &Browser| {
        browser.phone().await;
        browser.open("/").await;
        browser.follow("我能享受什么").await;
        press(browser, "input[name=region][value='330282']").await;
        press(browser, "button[value=begin]").await;
        let question = Locator::Css("input[name=asked]");
        browser.client.wait().for_element(question).await.unwrap();
        browser.check("ask-question").await;
        browser.picture_now("ask-question-360").await;
        let mut asked = 0;
        let mut before: Option<String> = None;
        loop {
            let question = browser.client.find(Locator::Css("input[name=asked]")).await;
            let Ok(question) = question else { break };
            let fact = question.attr("value").await.unwrap().unwrap();
            asked += 1;
            assert!(asked < 30, "no end of questions");
            // Nothing answered stands in the address.
            let address = browser.address().await;
            assert!(address.ends_with(&format!("/{asked}")) && !address.contains('?') && !address.contains("person"));
            if let Some(before) = before.replace(fact.clone()).filter(|_| asked == 3) {
                back_and_forth(browser, &before, &fact).await;
            }
            let yes = ["person.is_graduate", "person.is_orphan"].contains(&fact.as_str());
            let tap = if yes { "button[value=yes]" } else { "button[value=no]" };
            match browser.client.find(Locator::Css(tap)).await {
                Ok(button) => button.click().await.unwrap(),
                Err(_) => press(browser, "button[value=unsure]").await,
            }
            let answered = format!("input[name=a][value^='{fact}=']");
            browser
                .client
                .wait()
                .for_element(Locator::Css(&answered))
                .await
                .unwrap();
        }
        let text = browser.text().await;
        assert!(text.contains("求职创业补贴") && text.contains("约 3000元"), "{text}");
        browser.check("ask-result").await;
        browser.picture_now("ask-result-360").await;
        // She changes an answer, and the result changes with it.
        press(browser, "button[name=change][value='person.is_graduate']").await;
        let again = Locator::Css("input[name=asked][value='person.is_graduate']");
        browser.client.wait().for_element(again).await.unwrap();
        press(browser, "button[value=no]").await;
        let changed = Locator::Css("input[name=a][value='person.is_graduate=no']");
        browser.client.wait().for_element(changed).await.unwrap();
        assert!(!browser.text().await.contains("约 3000元"));
        browser.desktop().await;
        browser.picture_now("ask-changed-1366").await;
        // Whoever comes after her on this computer finds nothing.
        browser.leave_by("button[value=forget]").await;
        assert_eq!(browser.address().await, "/ask");
        browser.client.back().await.unwrap();
        let anew = Locator::Css("main a.button[href='/ask']");
        browser.client.wait().for_element(anew).await.unwrap();
        assert!(browser.text().await.contains("这里的回答已经没有了"));
        browser.check("ask-gone").await;
    })
    .await;
}

#[tokio::test]
async fn a_citizen_finds_a_benefit_by_region_and_situation() {
    in_browser(async |browser: &Browser| {
        browser.open("/catalogue").await;
        browser.follow("浙江省宁波市慈溪市").await;
        browser.follow("应届毕业").await;
        assert!(browser.address().await.contains("situation=graduate"));
        browser.follow("求职创业补贴").await;
        assert!(browser.address().await.ends_with("/catalogue/cx-jobseek-subsidy"));
        let text = browser.text().await;
        assert!(
            text.contains("谁能申领") && text.contains("第29项") && text.contains("3000元"),
            "{text}"
        );
    })
    .await;
}

/// The pages of the PDF that a browser prints of the page that is open.
async fn printed_pages(browser: &Browser) -> usize {
    let printed = browser.print().await;
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0_u32, 0_u32);
    for c in printed.bytes().filter(|c| *c != b'=') {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let six = alphabet.iter().position(|known| *known == c).unwrap();
        held = held << 6 | u32::try_from(six).unwrap();
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).unwrap());
        }
    }
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    text.matches("/Type /Page\n").count()
}

#[tokio::test]
async fn a_benefit_prints_as_a_sheet_of_one_page_a_long_one_of_two() {
    in_browser(async |browser: &Browser| {
        // One with many standards that others must set and stages of payment takes a second page.
        for (id, pages) in [
            ("cx-jobseek-subsidy", 1),
            ("cx-sme-graduate-bonus", 1),
            ("zy-skill-upgrade", 2),
            ("ln-internship", 2),
        ] {
            browser.open(&format!("/catalogue/{id}")).await;
            let printed = printed_pages(browser).await;
            assert!((1..=pages).contains(&printed), "{id}: {printed}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_firm_checks_its_roster_and_mends_a_row() {
    in_browser(async |browser: &Browser| {
        browser.open("/employer?region=330282").await;
        for one in browser.client.find_all(Locator::Css("input[name=benefit]:checked")).await.unwrap() {
            one.click().await.unwrap();
        }
        press(browser, "input[name=benefit][value='cx-sme-graduate-bonus']").await;
        let size = browser.client.find(Locator::Id("employer.size")).await.unwrap();
        size.select_by_value("small").await.unwrap();
        let roster = browser.client.find(Locator::Id("roster")).await.unwrap();
        let table = "姓名,身份证号,高校毕业生,处于毕业年度,合同签订日,劳动合同期限（月）,在该单位缴纳社会保险费的月数\n甲,11010519491231002X,是,是,2020-06-15,12,6\n乙,,是,是,六月,12,6\n丙,,否,否,2020-06-15,12,6";
        roster.send_keys(table).await.unwrap();
        press(browser, "button[value=check]").await;
        browser.client.wait().for_element(Locator::Css("tbody")).await.unwrap();
        assert_eq!(browser.address().await, "/employer");
        let text = browser.text().await;
        assert!(text.contains("第 3 行“合同签订日”") && text.contains("002X"), "{text}");
        let rows = browser.client.find(Locator::Css("tbody")).await.unwrap();
        assert!(!rows.text().await.unwrap().contains("110105194912310"));
        browser.check("employer-result").await;
        browser.picture_now("employer-result-1366").await;
        browser.phone().await;
        browser.check("employer-result-phone").await;
        browser.picture_now("employer-result-360").await;
        browser.desktop().await;
    })
    .await;
}
