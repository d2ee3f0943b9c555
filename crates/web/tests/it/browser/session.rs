//! One open browser, and what every page is checked for in it.

use std::time::Duration;

use axum::http::Method;
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::error::CmdError;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};
use url::Url;

use super::axe::target;
use crate::site::in_uri;

/// The screens that pages are made for.
const SCREENS: [(&str, u32, u32); 2] = [("1366", 1_366, 768), ("360", 360, 740)];
/// A screen at 400 %: 1280 pixels wide become 320.
const ZOOMED: u32 = 320;
/// The tab key of WebDriver.
const TAB: char = '\u{e004}';
/// Taller pictures are cut.
const TALLEST: u64 = 6_000;

/// An open browser on the site under test.
pub(crate) struct Browser {
    /// The session, for journeys.
    pub(crate) client: Client,
    site: String,
    axe: &'static str,
}

impl Browser {
    pub(super) const fn new(client: Client, site: String, axe: &'static str) -> Self {
        Self { client, site, axe }
    }

    /// Opens a page and checks nothing.
    pub(crate) async fn open(&self, path: &str) {
        self.client
            .goto(&format!("{}{}", self.site, in_uri(path)))
            .await
            .unwrap();
    }

    /// The screen of a phone, for a journey.
    pub(crate) async fn phone(&self) {
        let (_, width, height) = SCREENS[1];
        self.screen(width, height).await;
    }

    /// The screen of a desk.
    pub(crate) async fn desktop(&self) {
        let (_, width, height) = SCREENS[0];
        self.screen(width, height).await;
    }

    /// A picture of the whole page that is open, on the screen as it is.
    pub(crate) async fn picture_now(&self, name: &str) {
        let size = "return [window.innerWidth, window.innerHeight]";
        let size = self.client.execute(size, Vec::new()).await.unwrap();
        let side = |at: usize| u32::try_from(size[at].as_u64().unwrap()).unwrap();
        self.picture(name, side(0), side(1)).await;
    }

    /// The path and query of the page that is open.
    pub(crate) async fn address(&self) -> String {
        let url = self.client.current_url().await.unwrap();
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        format!("{}{query}", url.path())
    }

    /// The text of the page, read at once: an element that is found first and read then may have gone with its page.
    pub(crate) async fn text(&self) -> String {
        let text = "return document.querySelector('main').innerText;";
        for _ in 0..500 {
            // Between two pages there is nothing that could answer.
            if let Ok(Value::String(text)) = self.client.execute(text, Vec::new()).await {
                return text;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("no page is there");
    }

    /// Follows the first link with this text.
    pub(crate) async fn follow(&self, text: &str) {
        self.client
            .find(Locator::LinkText(text))
            .await
            .unwrap()
            .click()
            .await
            .unwrap();
    }

    /// Presses the button with this text.
    pub(crate) async fn press(&self, text: &str) {
        let path = format!("//main//button[normalize-space()='{text}']");
        let button = self.client.find(Locator::XPath(&path)).await.unwrap();
        button.click().await.unwrap();
    }

    /// Clicks on what leads to another page, and waits until that is there: a click may return before.
    pub(crate) async fn leave_by(&self, css: &str) {
        let way = self.client.find(Locator::Css(css)).await.unwrap();
        self.client.execute("window.isLeft = true;", Vec::new()).await.unwrap();
        way.click().await.unwrap();
        let arrived = "return window.isLeft === undefined && document.readyState === 'complete';";
        for _ in 0..500 {
            // Between two pages there is nothing that could answer.
            if matches!(self.client.execute(arrived, Vec::new()).await, Ok(Value::Bool(true))) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{css} leads nowhere");
    }

    /// Opens a page and checks it on every screen: axe-core finds nothing, the keyboard reaches every control and shows
    /// where it is, nothing is wider than the screen even at 400 %. Pictures go to `target/screenshots`.
    pub(crate) async fn page(&self, path: &str) {
        for (name, width, height) in SCREENS {
            self.screen(width, height).await;
            self.open(path).await;
            self.check(path).await;
            self.picture(&format!("{}-{name}", file_name(path)), width, height)
                .await;
        }
        let (_, width, height) = SCREENS[0];
        self.screen(ZOOMED, height).await;
        self.check_width(path).await;
        self.screen(width, height).await;
        self.check_keyboard(path).await;
    }

    /// Checks the page that is open, as it is: axe-core and its width. For journeys that lead to a page by a form.
    pub(crate) async fn check(&self, name: &str) {
        self.client.execute(self.axe, Vec::new()).await.unwrap();
        let run = "const done = arguments[arguments.length - 1];
            axe.run(document, {resultTypes: ['violations']}).then(
                found => done(found.violations.map(one => one.id + ': ' + one.help + ' ' + one.nodes.map(node => node.html + ' ' + node.failureSummary).slice(0, 3).join(' | '))),
                error => done(['axe: ' + error]));";
        let found = self.client.execute_async(run, Vec::new()).await.unwrap();
        assert_eq!(found, json!([]), "{name}: {found:#}");
        self.check_width(name).await;
    }

    async fn check_width(&self, name: &str) {
        let wide = "const most = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= most) { return []; }
            return Array.from(document.body.querySelectorAll('*')).filter(one => one.getBoundingClientRect().right > most + 1
                && !one.closest('.table-scroll, .chart-scroll, .hidden, caption')).slice(0, 5).map(one => one.outerHTML.slice(0, 200));";
        let found = self.client.execute(wide, Vec::new()).await.unwrap();
        assert_eq!(found, json!([]), "{name} is wider than its screen: {found:#}");
    }

    /// Walks with the tab key until every control was reached, and looks at its outline.
    async fn check_keyboard(&self, name: &str) {
        let mark = "window.reached = new Set(); window.unseen = [];
            document.addEventListener('focusin', event => {
                window.reached.add(event.target);
                const style = getComputedStyle(event.target);
                if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) { window.unseen.push(event.target.outerHTML.slice(0, 200)); }
            });
            window.controls = Array.from(document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex=\"0\"]'))
                .filter(one => !one.disabled && one.getClientRects().length > 0)
                .filter(one => one.tagName === 'SUMMARY' || !one.closest('details:not([open])'))
                .filter(one => one.type !== 'radio' || one.checked || (!document.querySelector('input[name=\"' + one.name + '\"]:checked') && one === document.querySelector('input[name=\"' + one.name + '\"]')));
            document.activeElement.blur(); window.scrollTo(0, 0);
            return window.controls.length;";
        let controls = self.client.execute(mark, Vec::new()).await.unwrap().as_u64().unwrap();
        assert!(controls > 0, "{name} has no control");
        let mut left = controls + 3;
        while left > 0 {
            let now = left.min(50);
            let tabs = (0..now).fold(KeyActions::new("keys".to_owned()), |keys, _| {
                keys.then(KeyAction::Down { value: TAB })
                    .then(KeyAction::Up { value: TAB })
            });
            self.client.perform_actions(tabs).await.unwrap();
            left -= now;
        }
        let missed = "return [window.controls.filter(one => !window.reached.has(one)).map(one => one.outerHTML.slice(0, 200)), window.unseen];";
        let found = self.client.execute(missed, Vec::new()).await.unwrap();
        assert_eq!(
            found,
            json!([[], []]),
            "{name}: controls that the keyboard misses, or that do not show it: {found:#}"
        );
    }

    /// The screen as a device of that size has it; Chromium's own window has a least width.
    async fn screen(&self, width: u32, height: u32) {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// A picture of what is seen at first, and one of the whole page.
    async fn picture(&self, name: &str, width: u32, height: u32) {
        self.shoot(name).await;
        let tall = self
            .client
            .execute("return document.documentElement.scrollHeight", Vec::new())
            .await
            .unwrap();
        let tall = tall.as_u64().unwrap().clamp(u64::from(height), TALLEST);
        self.screen(width, u32::try_from(tall).unwrap()).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        self.shoot(&format!("{name}-whole")).await;
        self.screen(width, height).await;
    }

    /// A picture of what is in sight.
    pub(crate) async fn shoot(&self, name: &str) {
        let picture = self.client.screenshot().await.unwrap();
        let folder = target().join("screenshots");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(format!("{name}.png")), picture).unwrap();
    }

    /// A command of Chromium's own protocol.
    pub(crate) async fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.asked(command, &parameters).await.unwrap()
    }

    /// The page that is open as a PDF in base 64. On a busy machine Chromium says now and then that printing failed, of a page
    /// that it prints a moment later.
    pub(crate) async fn print(&self) -> String {
        let options = json!({"preferCSSPageSize": true});
        let mut last = None;
        for _ in 0..5 {
            match self.asked("Page.printToPDF", &options).await {
                Ok(printed) => return printed["data"].as_str().unwrap().to_owned(),
                Err(error) => {
                    assert!(error.to_string().contains("Printing failed"), "{error}");
                    last = Some(error);
                }
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        panic!("{last:?}");
    }

    async fn asked(&self, command: &str, parameters: &Value) -> Result<Value, CmdError> {
        let command = DevTools(json!({"cmd": command, "params": parameters}).to_string());
        self.client.issue_cmd(command).await
    }
}

#[derive(Debug)]
struct DevTools(String);

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.0.clone()))
    }
}

/// `/duties?unit=…` → `duties-unit`.
fn file_name(path: &str) -> String {
    let name: String = path
        .trim_start_matches('/')
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' })
        .collect();
    let name = name.trim_matches('-').to_owned();
    if name.is_empty() { "home".to_owned() } else { name }
}
