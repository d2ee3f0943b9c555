//! Forms: what a browser sends, checked for its token; and the fields of a form as a page shows them.
//!
//! [`Form`] and [`Upload`] are the only ways by which a handler gets at a body, so no form is taken without a token.

use std::sync::Arc;

use askama::Template;
use askama::filters::HtmlSafe;
use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderMap, StatusCode, header};

use crate::address::pairs_of;
use crate::app::App;
use crate::csrf::FIELD;
use crate::error::Error;
use crate::visit::Word;

/// Fields of a form, in the order in which they were sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    fields: Vec<(String, String)>,
}

impl Form {
    /// The field of this name, without white space at its ends; empty where it was not sent.
    pub fn get(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.trim()).unwrap_or_default()
    }

    /// All values of this name: ticked boxes.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.trim())
    }

    /// Names and values.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    fn check(&self, app: &App, word: Option<&Word>) -> Result<(), Error> {
        let accepted = word.is_some_and(|word| app.key.accepts(word.text(), self.get(FIELD)));
        if accepted { Ok(()) } else { Err(Error::stale_form()) }
    }
}

impl FromRequest<Arc<App>> for Form {
    type Rejection = Error;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Error> {
        let word = request.extensions().get::<Word>().cloned();
        if !is_kind(request.headers(), "application/x-www-form-urlencoded") {
            return Err(Error::unsupported("提交的内容不是本页的表单", "请在页面上填写后提交"));
        }
        let bytes = Bytes::from_request(request, app)
            .await
            .map_err(|error| of_body(error.status()))?;
        let text =
            str::from_utf8(&bytes).map_err(|_| Error::unprocessable("表单内容无法识别", "请在页面上填写后提交"))?;
        let form = Self {
            fields: pairs_of(text).collect(),
        };
        form.check(app, word.as_ref())?;
        Ok(form)
    }
}

/// A form with files. The token must stand before the files, which `parts/csrf.html` at the form's head sees to: nothing
/// is read for a stranger.
#[derive(Debug, Clone, Default)]
pub struct Upload {
    /// The fields that are no files.
    pub form: Form,
    /// The files, those left empty excepted.
    pub files: Vec<File>,
}

/// An uploaded file.
#[derive(Debug, Clone)]
pub struct File {
    /// Name of the field.
    pub field: String,
    /// Its name without folders, as the browser says; never a path to be opened.
    pub name: String,
    /// Its bytes.
    pub bytes: Bytes,
}

impl FromRequest<Arc<App>> for Upload {
    type Rejection = Error;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Error> {
        // A form without a file may come the plain way.
        if is_kind(request.headers(), "application/x-www-form-urlencoded") {
            let form = Form::from_request(request, app).await?;
            return Ok(Self {
                form,
                files: Vec::new(),
            });
        }
        let word = request.extensions().get::<Word>().cloned();
        let parts = Multipart::from_request(request, app).await;
        let mut parts =
            parts.map_err(|_| Error::unsupported("提交的内容不是本页的表单", "请在页面上选择文件后提交"))?;
        let (mut upload, mut checked) = (Self::default(), false);
        while let Some(part) = parts.next_field().await.map_err(|error| of_body(error.status()))? {
            let field = part.name().unwrap_or_default().to_owned();
            let name = part
                .file_name()
                .map(|name| name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned());
            if name.is_some() && !checked {
                upload.form.check(app, word.as_ref())?;
                checked = true;
            }
            let bytes = part.bytes().await.map_err(|error| of_body(error.status()))?;
            match name {
                Some(name) if !name.is_empty() => upload.files.push(File { field, name, bytes }),
                Some(_) => {}
                None => {
                    let value = String::from_utf8_lossy(&bytes).into_owned();
                    upload.form.fields.push((field, value));
                }
            }
        }
        upload.form.check(app, word.as_ref())?;
        Ok(upload)
    }
}

fn of_body(status: StatusCode) -> Error {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        Error::too_large("", "")
    } else {
        Error::unprocessable("提交的内容不完整或无法识别", "请检查网络后重新提交")
    }
}

fn is_kind(headers: &HeaderMap, kind: &str) -> bool {
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    sent.and_then(|sent| sent.split(';').next())
        .is_some_and(|sent| sent.trim().eq_ignore_ascii_case(kind))
}

/// A field as a page shows it: label, hint, what is wrong with it. `{{ field }}` shows it.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/field.html")]
pub struct Field {
    /// Its name; also its id.
    pub name: String,
    /// Its label.
    pub label: String,
    /// What to write, with an example; empty for none.
    pub hint: String,
    /// What was typed.
    pub value: String,
    /// What is wrong, in Chinese; empty for nothing.
    pub wrong: String,
    /// It must be filled in.
    pub required: bool,
    /// How it is filled in.
    pub input: Input,
}

/// How a field is filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Input {
    /// A line of text.
    #[default]
    Line,
    /// A whole number or an amount: a phone shows digits.
    Number,
    /// A day.
    Day,
    /// Several lines.
    Text,
    /// One of a list, shown as buttons; (value, text).
    OneOf(Vec<(String, String)>),
    /// One of a long list, shown as a menu; (value, text).
    Menu(Vec<(String, String)>),
    /// A file; the endings that a browser offers, as `.docx,.pdf`.
    File(String),
}

impl HtmlSafe for Field {}

impl Field {
    /// A field with name and label.
    pub fn new(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            ..Self::default()
        }
    }

    /// With a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// With what was typed.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// Filled in this way.
    #[must_use]
    pub fn input(mut self, input: Input) -> Self {
        self.input = input;
        self
    }

    /// Must be filled in.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// With what is wrong.
    #[must_use]
    pub fn wrong(mut self, wrong: impl Into<String>) -> Self {
        self.wrong = wrong.into();
        self
    }

    /// Ids of what describes the field.
    fn described_by(&self) -> String {
        let hint = (!self.hint.is_empty()).then(|| format!("{}-hint", self.name));
        let wrong = (!self.wrong.is_empty()).then(|| format!("{}-wrong", self.name));
        hint.into_iter().chain(wrong).collect::<Vec<_>>().join(" ")
    }
}

/// What is wrong with a form, above it, each line a link to its field. `{{ summary }}` shows it, and nothing where
/// nothing is wrong.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/error_summary.html")]
pub struct Summary {
    /// Name of the field and what is wrong with it.
    pub lines: Vec<(String, String)>,
}

impl HtmlSafe for Summary {}

impl Summary {
    /// Of the fields that have something wrong.
    pub fn of<'a>(fields: impl IntoIterator<Item = &'a Field>) -> Self {
        let wrong = fields.into_iter().filter(|field| !field.wrong.is_empty());
        Self {
            lines: wrong
                .map(|field| (field.name.clone(), format!("{}：{}", field.label, field.wrong)))
                .collect(),
        }
    }
}
