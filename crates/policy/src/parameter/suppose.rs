//! A value that a reform supposes.

use civil::Day;

use super::load::{Loaded, within};
use super::{Parameters, Source, Value};
use crate::Library;
use crate::fact::Dictionary;
use crate::file::{Located, Table, meant};
use crate::reform::limits;

/// Reads a `[[parameter]]` of a reform and puts its value over those that are known; the parameter's id where that could be
/// done.
///
/// A value beyond a bound is refused like one of a pack. With `document` it holds for the benefits of that document and of
/// those below it, without for all.
pub(crate) fn suppose(
    parameters: &mut Parameters,
    dictionary: &Dictionary,
    library: &Library,
    mut table: Table<'_>,
) -> Option<String> {
    let diagnostics = table.diagnostics();
    table.require(&["id", "from", "is"]);
    let place = table.here();
    let id = table.text("id");
    let document = table.text("document");
    let (from, to) = (table.date("from"), table.date("to"));
    let is = table.take("is");
    table.finish();
    let id = id?;
    let Some(parameter) = parameters.0.get_mut(&*id) else {
        let hint = parameters.meant(&id);
        id.report(diagnostics, format!("没有政策标准“{}”", *id), hint);
        return None;
    };
    if let Some(document) = document.as_ref().filter(|id| !library.packs.contains_key(id.as_str())) {
        let hint = meant(document, library.packs.keys().map(String::as_str));
        document.report(diagnostics, format!("没有政策文件“{}”", **document), hint);
        return None;
    }
    let reader = Loaded {
        dictionary,
        diagnostics,
        parameters: std::collections::BTreeMap::new(),
    };
    let is = is?;
    if let Some(wrong) = limits::of_standard(&parameter.kind, &is) {
        let message = format!("政策标准“{}”（{}）：{wrong}", parameter.name, *id);
        is.located().report(diagnostics, message, "");
        return None;
    }
    let is = reader.scalar(&parameter.kind, is)?;
    let from = *from?;
    if let Some(to) = &to
        && **to < from
    {
        to.report(diagnostics, "结束日早于开始日", "from 和 to 都包含在内");
        return None;
    }
    let value = Value {
        pack: document.map(Located::into_value),
        from,
        to: to.map(|to| *to),
        known_from: Day::MIN,
        is,
        source: Source {
            document: None,
            item: None,
            text: Some("测算方案".to_owned()),
        },
        place,
    };
    let overlaps = |other: &Value| {
        let before = |end: Option<Day>, start: Day| end.is_some_and(|end| end < start);
        other.pack == value.pack && !before(other.to, value.from) && !before(value.to, other.from)
    };
    if parameter.supposed.iter().any(overlaps) {
        let message = format!("政策标准“{}”在同一时段写了两个值", *id);
        id.report(diagnostics, message, "请用 from、to 分开时段");
        return None;
    }
    if !within(&parameter.name, &value, &parameter.bounds, diagnostics) {
        return None;
    }
    parameter.supposed.push(value);
    Some(id.into_value())
}
