//! The form of a screening: read, checked, taken up.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use civil::{Day, Month, RegionCode};
use policy::Regions;
use screening::home::{HISTORY, Means, Standing};
use screening::{Request, ScreeningError};

use super::list::show_with;
use super::run_href;
use crate::app::App;
use crate::error::Error;
use crate::form::{Field, Form, Input, Summary};
use crate::jobs::{Ended, Job};
use crate::visit::Visit;

/// The form as it was filled in, with what is wrong.
pub(super) struct Asked {
    fields: Vec<Field>,
    pub(super) benefits: BTreeSet<String>,
    pub(super) wrong_benefits: String,
    pub(super) without_history: bool,
    /// The region has no history, and somebody must say what that means.
    pub(super) lacks_history: bool,
    pub(super) pack_titles: BTreeMap<String, String>,
}

/// Most benefits that a form may name: far more than there are.
const MOST_BENEFITS: usize = 1_000;

impl Asked {
    /// As it stands before anybody filled it in.
    pub(super) fn first(app: &App) -> Self {
        let today = app.today().to_string();
        Self {
            fields: vec![
                Field::new("region", "地区")
                    .hint("该地区及其下属乡镇（街道）的数据一并筛查。")
                    .required(),
                Field::new("as_of", "判断日")
                    .hint("按这一天是否符合来判断，如 2020-12-31。")
                    .value(&*today)
                    .input(Input::Day)
                    .required(),
                Field::new("known_on", "所用文件和数据截至")
                    .hint(
                        "只用这一天前可知的文件、标准和收到的数据，默认为今天。命令 leye screen 不写 --known-on 时用全部已收录的，\
                         两边要一致请写同一天。",
                    )
                    .value(today)
                    .input(Input::Day)
                    .required(),
                Field::new("month", "按月享受的项目所属月份").hint("如 2020-11；不写则为判断日所在月。"),
            ],
            benefits: BTreeSet::new(),
            wrong_benefits: String::new(),
            without_history: false,
            lacks_history: false,
            pack_titles: app
                .catalogue
                .library
                .packs
                .values()
                .map(|pack| (pack.id().to_owned(), pack.policy.title.clone()))
                .collect(),
        }
    }

    fn filled(app: &App, form: &Form) -> Self {
        let mut asked = Self::first(app);
        for field in &mut asked.fields {
            form.get(&field.name).clone_into(&mut field.value);
        }
        asked.benefits = form.all("benefit").take(MOST_BENEFITS).map(str::to_owned).collect();
        asked.without_history = form.get("without_history") == "yes";
        asked
    }

    fn value(&self, name: &str) -> &str {
        let field = self.fields.iter().find(|field| field.name == name);
        field.map_or("", |field| field.value.as_str())
    }

    pub(super) fn refuse(&mut self, name: &str, wrong: impl Into<String>) {
        if let Some(field) = self.fields.iter_mut().find(|field| field.name == name) {
            field.wrong = wrong.into();
        }
    }

    pub(super) fn is_wrong(&self) -> bool {
        !self.wrong_benefits.is_empty() || self.fields.iter().any(|field| !field.wrong.is_empty())
    }

    pub(super) fn summary(&self) -> Summary {
        let mut summary = Summary::of(&self.fields);
        if !self.wrong_benefits.is_empty() {
            let line = format!("补贴项目：{}", self.wrong_benefits);
            summary.lines.push(("benefits".to_owned(), line));
        }
        summary
    }

    /// The fields, the regions to choose from among them.
    pub(super) fn into_fields(mut self, visit: &Visit, standing: Option<Standing>) -> Vec<Field> {
        let choices = regions(&visit.app, standing);
        if let Some(field) = self.fields.iter_mut().find(|field| field.name == "region") {
            field.input = Input::Menu(choices);
        }
        self.fields
    }

    /// What is asked for, or what is wrong with it.
    fn request(&mut self, app: &App) -> Option<Request> {
        let library = &app.catalogue.library;
        let region = RegionCode::parse(self.value("region")).ok();
        let region = region.filter(|code| known_name(*code, &library.regions).is_some());
        if region.is_none() {
            self.refuse("region", "请在列表中选择地区");
        }
        let mut day = |name: &str| {
            let day = exact_day(self.value(name));
            if day.is_none() {
                self.refuse(name, "不是有效日期，请写成 2020-12-31");
            }
            day
        };
        let (as_of, known_on) = (day("as_of"), day("known_on"));
        let month = match (self.value("month"), as_of) {
            ("", as_of) => as_of.map(Day::month),
            (text, _) => {
                let month = Month::parse(text).ok();
                if month.is_none() {
                    self.refuse("month", "不是有效月份，请写成 2020-11");
                }
                month
            }
        };
        let benefits = &app.catalogue.benefits;
        let unknown = self.benefits.iter().any(|id| benefits.versions(id).is_empty());
        if unknown {
            "所选项目中有政策文件库没有的，请重新选择".clone_into(&mut self.wrong_benefits);
        }
        Some(Request {
            region: region?,
            as_of: as_of?,
            known_on: known_on?,
            month: month?,
            benefits: (!self.benefits.is_empty()).then(|| self.benefits.clone()),
            without_history: self.without_history,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            memory_bytes: app.limits.screening_bytes,
        })
        .filter(|_| !self.is_wrong())
    }

    /// Puts beside its field why a screening cannot begin.
    fn refused(&mut self, error: &ScreeningError) {
        let (message, hint) = error.shown();
        match error {
            ScreeningError::NothingToScreen { .. } => self.refuse("region", message),
            ScreeningError::NoBenefit { .. } => self.wrong_benefits = message,
            ScreeningError::NoRegister { register, .. } if register == HISTORY => {
                self.lacks_history = true;
                let why = "没有“补贴发放”数据，不知道谁已经享受过什么，会重复发放。请先用 leye register import 导入；\
                           确认此前都未享受过的，勾选下面一项";
                self.refuse("region", why);
            }
            _ => self.refuse("region", format!("{message}。{hint}")),
        }
    }
}

/// A day written in full.
pub(super) fn exact_day(text: &str) -> Option<Day> {
    let exact = text.len() == 10 && text.is_ascii();
    Day::parse(text).ok().filter(|_| exact)
}

/// The name of a region, of a town that of its county.
fn known_name(code: RegionCode, regions: &Regions) -> Option<String> {
    let text = code.to_string();
    let region = regions.get(text.get(..6).unwrap_or(&text))?;
    Some(if text.len() > 6 {
        format!("{}（乡镇、街道 {text}）", region.name)
    } else {
        format!("{}（{text}）", region.name)
    })
}

/// Regions with data first, then those that documents are for.
fn regions(app: &App, standing: Option<Standing>) -> Vec<(String, String)> {
    let library = &app.catalogue.library;
    let with_data = standing.map(|standing| standing.regions).unwrap_or_default();
    let named = |code: RegionCode, remark: &str| {
        let name = known_name(code, &library.regions)?;
        Some((code.to_string(), format!("{name}{remark}")))
    };
    let mut choices: Vec<(String, String)> = with_data.iter().filter_map(|code| named(*code, "")).collect();
    for pack in library.packs.values() {
        let code = pack
            .policy
            .region
            .as_ref()
            .and_then(|code| RegionCode::parse(code).ok());
        let choice = code.and_then(|code| named(code, "，没有直接导入的数据"));
        choices.extend(choice.filter(|(code, _)| !choices.iter().any(|(known, _)| known == code)));
    }
    choices
}

pub(super) async fn start(visit: Visit, form: Form) -> Result<Response, Error> {
    let mut asked = Asked::filled(&visit.app, &form);
    let Some(request) = asked.request(&visit.app) else {
        return show_with(&visit, StatusCode::UNPROCESSABLE_ENTITY, asked).await;
    };
    let app = std::sync::Arc::clone(&visit.app);
    let checked = request.clone();
    let ready = visit
        .app
        .heavy
        .run(move || app.screenings.home().check(&app.catalogue, &checked))
        .await?;
    if let Err(error) = ready {
        visit.app.log(&format!("screening: {error}"));
        asked.refused(&error);
        return show_with(&visit, StatusCode::UNPROCESSABLE_ENTITY, asked).await;
    }
    let place = known_name(request.region, &visit.app.catalogue.library.regions).unwrap_or_default();
    let title = format!("筛查 {place} {}", request.as_of);
    let app = std::sync::Arc::clone(&visit.app);
    let job = visit
        .app
        .jobs
        .start(&visit.app, title, move |job| screen(&app, &request, job))?;
    Ok(Redirect::to(&format!("/screening/jobs/{}", job.id)).into_response())
}

fn screen(app: &App, request: &Request, job: &Job) -> Ended {
    let means = Means {
        threads: request.threads,
        memory_bytes: request.memory_bytes,
        progress: &|stage| job.tell(&stage),
        stop: &job.stop,
    };
    match app.screenings.home().screen(&app.catalogue, request, means) {
        Ok(Some(made)) => Ended::Finished(run_href(&made.run)),
        Ok(None) => Ended::Stopped,
        Err(error) => {
            app.log(&format!("screening: {error}"));
            let (message, hint) = error.shown();
            Ended::Failed(format!("{message}。{hint}"))
        }
    }
}
