//! 政策测算: what is asked of a run by other rules. One value in a form, a reform's file, or documents known later.

use std::sync::Arc;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use civil::Day;
use policy::file::SourceFile;
use policy::reform::Reform;
use rules::catalogue::Catalogue;
use screening::home::Means;
use screening::simulation::words::title;
use screening::simulation::{Comparison, Simulation, SimulationError};

use super::start::exact_day;
use super::{TITLE, at_home, reform};
use crate::app::App;
use crate::error::Error;
use crate::form::{Field, Form, Input, Summary, Upload};
use crate::jobs::{Ended, Job};
use crate::layout::{Layout, Link, page_with};
use crate::screenings::{Line, Run, refused};
use crate::visit::Visit;

/// What is wrong with a reform's file, at most so many lines of it.
const SHOWN: usize = 8;
/// Most bytes of a reform's file: a hundred benefits written anew.
const LONGEST_REFORM: usize = 256 << 10;
/// Longest name of a simulation, in characters.
const LONGEST_NAME: usize = 60;

/// The three ways to ask.
const ONE: &str = "one";
const FILE: &str = "file";
const RETRO: &str = "retro";

#[derive(Template)]
#[template(path = "screening/simulate.html")]
struct Ask {
    layout: Layout,
    csrf: String,
    summary: Summary,
    /// Which run; where there is none, nothing can be asked.
    runs: Option<Field>,
    kind: Field,
    one: Vec<Field>,
    file: Field,
    retro: Field,
    kept: Vec<Link>,
}

/// The form as it was filled in, with what is wrong.
struct Filled {
    run: String,
    kind: Field,
    what: Field,
    value: Field,
    name: Field,
    file: Field,
    known_on: Field,
    wrong_run: String,
}

impl Filled {
    fn of(get: impl Fn(&str) -> String) -> Self {
        let kind = get("kind");
        let kinds = [
            (ONE, "改一项政策标准或一项补贴金额"),
            (FILE, "按测算方案文件"),
            (RETRO, "按后来可知的文件（追溯测算）"),
        ];
        Self {
            run: get("run"),
            kind: Field::new("kind", "怎样测算")
                .value(if kind.is_empty() { ONE.to_owned() } else { kind })
                .input(Input::OneOf(
                    kinds.map(|(word, text)| (word.to_owned(), text.to_owned())).to_vec(),
                )),
            what: Field::new("what", "改动内容").value(get("what")),
            value: Field::new("value", "改为")
                .hint("金额写元数，如 5000；比例写 3.85%；月数、人数写整数。")
                .value(get("value"))
                .input(Input::Number),
            name: Field::new("name", "测算名称")
                .hint("如：见习补贴提高到1500元；不写则自动取名。")
                .value(get("name")),
            file: Field::new("file", "测算方案文件")
                .hint("TOML 文本，写法见 docs/writing-policy.md，与命令 leye simulate --reform 相同。")
                .input(Input::File(".toml,.txt".to_owned())),
            known_on: Field::new("known_on", "用这一天前可知的文件和标准")
                .hint("晚于该次筛查所用文件的截至日，如 2021-06-30。")
                .value(get("known_on"))
                .input(Input::Day),
            wrong_run: String::new(),
        }
    }

    fn fields(&self) -> [&Field; 6] {
        [
            &self.kind, &self.what, &self.value, &self.name, &self.file, &self.known_on,
        ]
    }

    fn is_wrong(&self) -> bool {
        !self.wrong_run.is_empty() || self.fields().iter().any(|field| !field.wrong.is_empty())
    }
}

pub(super) async fn ask(visit: Visit) -> Result<Response, Error> {
    let filled = Filled::of(|name| visit.address.get(name).unwrap_or_default().to_owned());
    show(&visit, StatusCode::OK, filled).await
}

async fn show(visit: &Visit, status: StatusCode, mut filled: Filled) -> Result<Response, Error> {
    let wanted = filled.run.clone();
    let (lines, run) = at_home(visit, move |app| {
        let lines = app.screenings.lines()?;
        let readable = || lines.iter().filter(|line| line.wrong.is_empty());
        let known = readable().find(|line| line.run == wanted).or_else(|| readable().next());
        let run = known.map(|line| app.screenings.run(&line.run)).transpose()?;
        Ok((lines, run))
    })
    .await?;
    if let Some(run) = &run {
        let mut menu = vec![(String::new(), "请选择".to_owned())];
        menu.extend(reform::choices(&visit.app, run));
        filled.what.input = Input::Menu(menu);
        if filled.run.is_empty() {
            run.manifest.run.clone_into(&mut filled.run);
        }
    }
    let runs = run.as_ref().map(|_| runs_field(&lines, &filled));
    let mut summary = Summary::of(filled.fields());
    if !filled.wrong_run.is_empty() {
        summary
            .lines
            .insert(0, ("run".to_owned(), format!("筛查：{}", filled.wrong_run)));
    }
    let kept = visit.app.screenings.simulations().into_iter();
    let page = Ask {
        layout: visit
            .layout(if filled.is_wrong() {
                "政策测算（需更正）"
            } else {
                "政策测算"
            })
            .beneath(TITLE, "/screening"),
        csrf: visit.csrf()?,
        summary,
        runs,
        kind: filled.kind,
        one: vec![filled.what, filled.value, filled.name],
        file: filled.file,
        retro: filled.known_on,
        kept: kept
            .map(|(id, comparison)| {
                let text = format!("{}（筛查 {}）", title(&comparison), comparison.run);
                Link::new(text, format!("/screening/simulations/{id}"))
            })
            .collect(),
    };
    page_with(status, &page)
}

fn runs_field(lines: &[Arc<Line>], filled: &Filled) -> Field {
    let readable = lines.iter().filter(|line| line.wrong.is_empty());
    let menu = readable.map(|line| {
        let day = line.as_of.map(|day| day.to_string()).unwrap_or_default();
        (line.run.clone(), format!("{} {day}（{}）", line.place, line.run))
    });
    Field::new("run", "对哪一次筛查")
        .hint("测算用该次筛查的全部对象和当时的信息项，只算不改，筛查结果不变。")
        .value(&*filled.run)
        .wrong(&*filled.wrong_run)
        .input(Input::Menu(menu.collect()))
}

/// What is to be computed.
enum Question {
    Reform(Box<Catalogue>, Reform),
    Retro(Day),
}

pub(super) async fn start(visit: Visit, upload: Upload) -> Result<Response, Error> {
    let form: &Form = &upload.form;
    let mut filled = Filled::of(|name| form.get(name).to_owned());
    let name = filled.run.clone();
    let app = Arc::clone(&visit.app);
    let run = visit.app.heavy.run(move || app.screenings.run(&name)).await?;
    let question = match run {
        Ok(run) => question(&visit, &run, &mut filled, &upload).await?,
        Err(screening::ScreeningError::NoRun(..)) => {
            "没有这次筛查，请在列表中选择".clone_into(&mut filled.wrong_run);
            None
        }
        Err(error) => return Err(refused(&visit.app, &error)),
    };
    let Some(question) = question else {
        return show(&visit, StatusCode::UNPROCESSABLE_ENTITY, filled).await;
    };
    let (app, run) = (Arc::clone(&visit.app), filled.run);
    let title = match &question {
        Question::Reform(_, reform) => format!("政策测算：{}", reform.name),
        Question::Retro(later) => format!("追溯测算：{later}"),
    };
    let job = visit
        .app
        .jobs
        .start(&visit.app, title, move |job| simulate(&app, &run, &question, job))?;
    Ok(Redirect::to(&format!("/screening/jobs/{}", job.id)).into_response())
}

/// What is asked, or nothing where the form says what is wrong.
async fn question(
    visit: &Visit,
    run: &Arc<Run>,
    filled: &mut Filled,
    upload: &Upload,
) -> Result<Option<Question>, Error> {
    match filled.kind.value.as_str() {
        RETRO => {
            let day = exact_day(&filled.known_on.value);
            let known_on = run.manifest.known_on;
            match day {
                Some(day) if day > known_on => return Ok(Some(Question::Retro(day))),
                Some(_) => {
                    filled.known_on.wrong = format!("请写晚于 {known_on} 的日期，该次筛查所用文件截至那一天");
                }
                None => "不是有效日期，请写成 2021-06-30".clone_into(&mut filled.known_on.wrong),
            }
            Ok(None)
        }
        FILE => match file_text(upload) {
            Ok((name, text)) => {
                let read = load(visit, run, name, text).await?;
                Ok(read.map_err(|wrong| filled.file.wrong = wrong).ok())
            }
            Err(wrong) => {
                wrong.clone_into(&mut filled.file.wrong);
                Ok(None)
            }
        },
        ONE => {
            let Some(change) = reform::change_of(&visit.app, run, &filled.what.value) else {
                "请在列表中选择".clone_into(&mut filled.what.wrong);
                return Ok(None);
            };
            let named = filled.name.value.clone();
            if named.chars().count() > LONGEST_NAME {
                filled.name.wrong = format!("请不超过 {LONGEST_NAME} 个字");
                return Ok(None);
            }
            let name = if named.is_empty() {
                reform::name(&change, &filled.value.value)
            } else {
                named
            };
            match reform::text(run, &name, &change, &filled.value.value) {
                Ok(text) => {
                    let read = load(visit, run, "测算".to_owned(), text).await?;
                    Ok(read.map_err(|wrong| filled.value.wrong = wrong).ok())
                }
                Err(wrong) => {
                    filled.value.wrong = wrong;
                    Ok(None)
                }
            }
        }
        _ => {
            "请选择一种".clone_into(&mut filled.kind.wrong);
            Ok(None)
        }
    }
}

/// Name and text of the uploaded reform.
fn file_text(upload: &Upload) -> Result<(String, String), &'static str> {
    let file = upload.files.iter().find(|file| file.field == "file");
    let file = file.ok_or("请选择测算方案文件")?;
    if file.bytes.len() > LONGEST_REFORM {
        return Err("文件过大，不像测算方案，请核对");
    }
    let text = str::from_utf8(&file.bytes).map_err(|_| "不是 UTF-8 编码的文本，请用“另存为”选择 UTF-8 编码后重试")?;
    Ok((file.name.clone(), text.to_owned()))
}

/// The packs with the reform laid over them, or what is wrong with it, in its own lines.
async fn load(visit: &Visit, run: &Arc<Run>, name: String, text: String) -> Result<Result<Question, String>, Error> {
    let (app, run) = (Arc::clone(&visit.app), Arc::clone(run));
    let loaded = visit.app.heavy.run(move || {
        let file = SourceFile::new(name.clone(), name, text);
        let (reformed, reform) = Catalogue::load_reformed(&app.tree, &file);
        let errors: Vec<String> = reformed.errors_since(&app.catalogue).map(ToString::to_string).collect();
        match reform.filter(|_| errors.is_empty()) {
            Some(reform) => {
                let decided = |id: &String| run.summary.benefits.iter().any(|benefit| benefit.id == *id);
                match reform.benefits.iter().find(|id| !decided(id)) {
                    Some(absent) => Err(format!("该次筛查没有判断补贴项目“{absent}”，不能对它测算")),
                    None => Ok(Question::Reform(Box::new(reformed), reform)),
                }
            }
            None => Err(errors.get(..SHOWN).unwrap_or(&errors).join("；")),
        }
    });
    loaded.await
}

fn simulate(app: &App, run: &str, question: &Question, job: &Job) -> Ended {
    let means = Means {
        threads: std::thread::available_parallelism().map_or(1, usize::from),
        memory_bytes: app.limits.screening_bytes,
        progress: &|stage| job.tell(&stage),
        stop: &job.stop,
    };
    let ask = |simulation: &Simulation<'_>| -> Result<Option<Comparison>, SimulationError> {
        match question {
            Question::Reform(reformed, reform) => simulation.reform(reformed, reform),
            Question::Retro(later) => simulation.retro(*later),
        }
    };
    match app.screenings.home().simulate(&app.catalogue, run, means, ask) {
        Ok(Some(comparison)) => {
            app.screenings.keep(job.id.clone(), comparison);
            Ended::Finished(format!("/screening/simulations/{}", job.id))
        }
        Ok(None) => Ended::Stopped,
        Err(error) => {
            app.log(&format!("simulation: {error}"));
            let message = match &error {
                SimulationError::Screening(error) => error.shown().0,
                error => error.to_string(),
            };
            Ended::Failed(format!("{message}。{}", error.hint()))
        }
    }
}
