//! Small pieces that pages share: lights, notices, terms with their values, charts with the table beneath.

use askama::Template;
use askama::filters::HtmlSafe;
use policy::due;

pub use report::chart::Tone;

/// A light: a shape, a colour and a word, so that neither colour nor shape is needed to understand it. `{{ light }}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Template)]
#[template(path = "parts/light.html")]
pub struct Light {
    /// What it means.
    pub tone: Tone,
    /// Its words: 红（已过12天）.
    pub text: String,
}

impl HtmlSafe for Light {}

impl Light {
    /// A light.
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self {
            tone,
            text: text.into(),
        }
    }

    /// The light of a task; grey where it has none.
    pub fn due(light: Option<due::Light>, text: impl Into<String>) -> Self {
        let tone = match light {
            Some(due::Light::Red) => Tone::Bad,
            Some(due::Light::Yellow) => Tone::Warn,
            Some(due::Light::Green) => Tone::Good,
            None => Tone::Mute,
        };
        Self::new(tone, text)
    }

    fn class(&self) -> &'static str {
        class(self.tone)
    }

    fn shape(&self) -> &'static str {
        match self.tone {
            Tone::Plain => "■",
            Tone::Good => "●",
            Tone::Warn => "◆",
            Tone::Bad => "▲",
            Tone::Mute => "○",
        }
    }
}

const fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "plain",
        Tone::Good => "good",
        Tone::Warn => "warn",
        Tone::Bad => "bad",
        Tone::Mute => "mute",
    }
}

/// A notice above or within a page. `{{ notice }}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(path = "parts/notice.html")]
pub struct Notice {
    /// What it means.
    pub tone: Tone,
    /// Its heading: 注意.
    pub title: String,
    /// Its lines.
    pub lines: Vec<String>,
}

impl HtmlSafe for Notice {}

impl Notice {
    /// A notice of one line.
    pub fn new(tone: Tone, title: impl Into<String>, line: impl Into<String>) -> Self {
        Self {
            tone,
            title: title.into(),
            lines: vec![line.into()],
        }
    }

    fn class(&self) -> &'static str {
        class(self.tone)
    }
}

/// Terms with their values. `{{ terms }}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(path = "parts/terms.html")]
pub struct Terms {
    /// Term and value; a value of several lines is shown as such.
    pub pairs: Vec<(String, String)>,
}

impl HtmlSafe for Terms {}

/// One figure with what it counts, in a row of such. `{{ figures }}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(path = "parts/figures.html")]
pub struct Figures {
    /// The figures.
    pub figures: Vec<Figure>,
}

impl HtmlSafe for Figures {}

/// A figure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figure {
    /// What is counted.
    pub label: String,
    /// The count with its unit.
    pub value: String,
    /// Where the counted things are; empty for nowhere.
    pub href: String,
    /// What it means.
    pub tone: Tone,
}

impl Figure {
    fn class(&self) -> &'static str {
        class(self.tone)
    }
}

/// A chart, drawn on the server. The table with the same figures stands beneath it. `{{ chart }}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(path = "parts/chart.html")]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// The picture, as `report::chart` draws it: its texts are escaped there.
    pub svg: String,
}

impl HtmlSafe for Chart {}
