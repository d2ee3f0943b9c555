//! `shared/parameters/*.toml` and `<pack>/parameters/*.toml`.
//!
//! A file with `id` defines a parameter, with values or without. A file with `sets` gives values (and bounds) of a
//! parameter that another file defines: how a local document fills in what a parent left open.

use std::collections::BTreeMap;

use civil::{Day, Money};

use super::{Bound, Parameter, Parameters, Scalar, Source, Value};
use crate::fact::{DECIMAL_SCALE, Dictionary, FactType};
use crate::file::{Diagnostics, Located, Table, Tree, Value as Toml, meant};

/// Reads every parameter of the tree.
pub fn load(tree: &Tree, dictionary: &Dictionary, diagnostics: &Diagnostics) -> Parameters {
    let paths: Vec<String> = tree
        .paths()
        .filter(|path| path.split('/').nth(1) == Some("parameters") && path.ends_with(".toml"))
        .map(str::to_owned)
        .collect();
    let mut loaded = Loaded {
        dictionary,
        diagnostics,
        parameters: BTreeMap::new(),
    };
    let mut settings = Vec::new();
    for path in &paths {
        let pack = path
            .split('/')
            .next()
            .filter(|folder| *folder != "shared")
            .map(str::to_owned);
        let Some(mut table) = tree
            .open(path, diagnostics)
            .and_then(|file| Table::of_file(&file, diagnostics))
        else {
            continue;
        };
        if table.has("sets") {
            settings.push((pack, table));
        } else {
            loaded.define(pack, &mut table);
            table.finish();
        }
    }
    for (pack, mut table) in settings {
        loaded.set(pack, &mut table);
        table.finish();
    }
    loaded.check_bounds();
    Parameters(loaded.parameters)
}

pub(super) struct Loaded<'d> {
    pub(super) dictionary: &'d Dictionary,
    pub(super) diagnostics: &'d Diagnostics,
    pub(super) parameters: BTreeMap<String, Parameter>,
}

impl Loaded<'_> {
    fn define(&mut self, pack: Option<String>, table: &mut Table<'_>) {
        table.require(&["id", "name", "kind", "set_by"]);
        let id = table.text("id");
        let name = table.text("name").map(Located::into_value);
        let kind = self.kind(table);
        let set_by = table.text("set_by").map(Located::into_value);
        let (Some(id), Some(kind)) = (id, kind) else {
            // Still taken, so that they are not called unknown.
            drop((table.tables("value"), table.tables("bound")));
            return;
        };
        if self.parameters.contains_key(&*id) {
            id.report(
                self.diagnostics,
                format!("政策标准“{}”写了两次", *id),
                "另一份文件只作规定时请写 sets = \"…\"",
            );
        }
        let bounds = self.bounds(pack.as_deref(), &kind, table);
        let values = self.values(pack, &kind, table);
        let parameter = Parameter {
            id: id.to_string(),
            name: name.unwrap_or_default(),
            kind,
            set_by: set_by.unwrap_or_default(),
            bounds,
            values,
            supposed: Vec::new(),
        };
        self.parameters.insert(id.into_value(), parameter);
    }

    fn set(&mut self, pack: Option<String>, table: &mut Table<'_>) {
        let Some(sets) = table.text("sets") else {
            return;
        };
        let Some(kind) = self.parameters.get(&*sets).map(|parameter| parameter.kind.clone()) else {
            let hint = meant(&sets, self.parameters.keys().map(String::as_str));
            sets.report(self.diagnostics, format!("没有政策标准“{}”", *sets), hint);
            drop((table.tables("value"), table.tables("bound")));
            return;
        };
        let bounds = self.bounds(pack.as_deref(), &kind, table);
        let values = self.values(pack, &kind, table);
        if let Some(parameter) = self.parameters.get_mut(&*sets) {
            parameter.bounds.extend(bounds);
            parameter.values.extend(values);
        }
    }

    fn kind(&self, table: &mut Table<'_>) -> Option<FactType> {
        let words = [
            ("int", 0_u8),
            ("money", 1),
            ("rate", 2),
            ("decimal", 2),
            ("flag", 3),
            ("date", 4),
            ("code", 5),
        ];
        let word = table.word("kind", &words);
        let codes = table.text("codes");
        let word = word?;
        if *word != 5 {
            return Some(match *word {
                0 => FactType::Int,
                1 => FactType::Fen,
                2 => FactType::Decimal,
                3 => FactType::Bool,
                _ => FactType::Date,
            });
        }
        match codes {
            Some(list) if self.dictionary.list(&list).is_some() => Some(FactType::Code(list.into_value())),
            Some(list) => {
                list.report(
                    self.diagnostics,
                    format!("没有选项表“{}”", *list),
                    "选项表写在 shared/facts.toml 的 [codes] 中",
                );
                None
            }
            None => {
                word.report(self.diagnostics, "选项类政策标准缺少 codes", "请写明用哪一张选项表");
                None
            }
        }
    }

    fn values(&self, pack: Option<String>, kind: &FactType, table: &mut Table<'_>) -> Vec<Value> {
        let mut values = Vec::new();
        for mut entry in table.tables("value") {
            let place = entry.here();
            entry.require(&["from", "known_from", "is"]);
            let (from, to, known) = (entry.date("from"), entry.date("to"), entry.date("known_from"));
            let is = entry.take("is").and_then(|is| self.scalar(kind, is));
            let source = source(pack.as_deref(), &mut entry, self.diagnostics);
            entry.finish();
            let (Some(from), Some(known_from), Some(is)) = (from, known, is) else {
                continue;
            };
            if let Some(to) = &to
                && **to < *from
            {
                to.report(self.diagnostics, "结束日早于开始日", "from 和 to 都包含在内");
            }
            values.push(Value {
                pack: pack.clone(),
                from: *from,
                to: to.map(|to| *to),
                known_from: *known_from,
                is,
                source,
                place,
            });
        }
        values
    }

    fn bounds(&self, pack: Option<&str>, kind: &FactType, table: &mut Table<'_>) -> Vec<Bound> {
        let mut bounds = Vec::new();
        for mut entry in table.tables("bound") {
            let min = entry.take("min").and_then(|value| self.scalar(kind, value));
            let max = entry.take("max").and_then(|value| self.scalar(kind, value));
            let source = source(pack, &mut entry, self.diagnostics);
            entry.finish();
            bounds.push(Bound { min, max, source });
        }
        bounds
    }

    /// A value of the parameter's kind; decimals and rates are quoted (`"3.85%"`), money is quoted in yuan (`"50"`).
    pub(super) fn scalar(&self, kind: &FactType, value: Toml<'_>) -> Option<Scalar> {
        let here = value.located();
        let refuse = |expected: &str| {
            here.report(self.diagnostics, format!("这里的值应为{expected}"), "");
            None
        };
        match (kind, value) {
            (FactType::Int, Toml::Integer(number)) => Some(Scalar::Int(*number)),
            (FactType::Int, _) => refuse("整数，不加引号"),
            (FactType::Fen, Toml::Text(text)) => match Money::parse(&format!("{}元", *text)) {
                Ok(money) if !money.is_negative() => Some(Scalar::Fen(money.fen())),
                _ => refuse("加引号的元数，如 \"1860\" 或 \"0.5\""),
            },
            (FactType::Fen, _) => refuse("加引号的元数，如 \"1860\" 或 \"0.5\""),
            (FactType::Decimal, Toml::Text(text)) => match millionths(&text) {
                Some(value) => Some(Scalar::Decimal(value)),
                None => refuse("加引号的比率，如 \"3.85%\" 或 \"0.0385\"，至多六位小数"),
            },
            (FactType::Decimal, _) => refuse("加引号的比率，如 \"3.85%\" 或 \"0.0385\"，至多六位小数"),
            (FactType::Bool, Toml::Flag(flag)) => Some(Scalar::Flag(*flag)),
            (FactType::Bool, _) => refuse("true 或 false"),
            (FactType::Date | FactType::Month, Toml::Date(day)) => Some(Scalar::Date(*day)),
            (FactType::Date | FactType::Month, _) => refuse("日期，如 2020-12-31"),
            (FactType::Code(list), Toml::Text(code)) => {
                let codes = self.dictionary.list(list)?;
                if codes.find(&code).is_none() {
                    let hint = meant(&code, codes.codes.iter().map(|known| known.code.as_str()));
                    code.report(self.diagnostics, format!("选项表“{list}”中没有“{}”", *code), hint);
                    return None;
                }
                Some(Scalar::Code(code.into_value()))
            }
            (FactType::Code(_) | FactType::Region, _) => refuse("加引号的选项"),
        }
    }

    /// A value outside a bound is refused, with both citations.
    fn check_bounds(&mut self) {
        for parameter in self.parameters.values_mut() {
            let (name, bounds) = (parameter.name.clone(), parameter.bounds.clone());
            let diagnostics = self.diagnostics;
            parameter
                .values
                .retain(|value| within(&name, value, &bounds, diagnostics));
        }
    }
}

/// Whether a value lies within every bound; one that does not is reported with both citations.
pub(super) fn within(name: &str, value: &Value, bounds: &[Bound], diagnostics: &Diagnostics) -> bool {
    let broken = bounds.iter().find(|bound| {
        bound.max.as_ref().is_some_and(|max| value.is > *max) || bound.min.as_ref().is_some_and(|min| value.is < *min)
    });
    let Some(bound) = broken else { return true };
    let message = format!(
        "“{name}”的值超出上级文件规定的范围：此处依据{}，范围依据{}",
        value.source.words(),
        bound.source.words()
    );
    value.place.report(diagnostics, message, "该值不予采用；请核对两处原文");
    false
}

fn source(pack: Option<&str>, table: &mut Table<'_>, diagnostics: &Diagnostics) -> Source {
    let cite = table.table("cite").map(|mut cite| {
        let (document, item) = (cite.text("document"), cite.text("item"));
        cite.finish();
        (document.map(Located::into_value), item.map(Located::into_value))
    });
    let text = table.text("source").map(Located::into_value);
    if cite.is_none() && text.is_none() {
        table.here().report(
            diagnostics,
            "没有写明依据",
            "请写 cite = { item = \"…\" }，或 source = \"文件名称或公告\"",
        );
    }
    let (document, item) = cite.unwrap_or_default();
    let document = document.or_else(|| item.as_ref().and(pack.map(str::to_owned)));
    Source { document, item, text }
}

/// A percentage, or a plain decimal, in millionths; nothing finer, nothing beyond a million.
pub fn millionths(text: &str) -> Option<i128> {
    let (number, shift) = match text.strip_suffix('%') {
        Some(number) => (number, 2),
        None => (text, 0),
    };
    let (sign, digits) = number.strip_prefix('-').map_or((1, number), |digits| (-1, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.len() <= 12 && part.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    let scale = u32::try_from(fraction.len()).ok()? + shift;
    let missing = DECIMAL_SCALE.checked_sub(scale)?;
    let value: i128 = format!("{whole}{fraction}").parse().ok()?;
    Some(sign * value * 10_i128.pow(missing))
}

/// The last day that any value of the tree became known.
pub fn latest_known(parameters: &Parameters) -> Option<Day> {
    parameters
        .0
        .values()
        .flat_map(|parameter| &parameter.values)
        .map(|value| value.known_from)
        .max()
}
