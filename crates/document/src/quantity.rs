//! Figures with their place: money, rates, counts, ages, durations, days and windows, and what the words around them say.
//!
//! A figure is a number, its unit, and the words before and behind that bound it. 以上, 以下, 以内, 届满, 不超过, 不少于,
//! 不低于, 不高于 include the number; 超过, 不满, 不足, 以外, 高于, 低于 exclude it; the longer word is matched first, for
//! 不超过 holds 超过. Words of nearness (近, 余, 约, 左右) are kept beside the number and never folded into it.

use crate::fold::{Folded, Script};
use crate::model::{Bound, Quantity, QuantityKind};

mod number;
mod time;
mod unit;

use number::{Number, number_at};
use unit::{Unit, unit_at};

/// Words before a number, longest first.
const BEFORE: &[(&str, Bound)] = &[
    ("最高不超过", Bound::AtMost),
    ("最长不超过", Bound::AtMost),
    ("最多不超过", Bound::AtMost),
    ("原则上不超过", Bound::AtMost),
    ("最低不少于", Bound::AtLeast),
    ("不得超过", Bound::AtMost),
    ("不得高于", Bound::AtMost),
    ("不得低于", Bound::AtLeast),
    ("不得少于", Bound::AtLeast),
    ("不超过", Bound::AtMost),
    ("不高于", Bound::AtMost),
    ("不大于", Bound::AtMost),
    ("不多于", Bound::AtMost),
    ("不少于", Bound::AtLeast),
    ("不低于", Bound::AtLeast),
    ("不小于", Bound::AtLeast),
    ("控制在", Bound::AtMost),
    ("至少进行", Bound::AtLeast),
    ("至少组织", Bound::AtLeast),
    ("至少", Bound::AtLeast),
    ("最高", Bound::AtMost),
    ("最多", Bound::AtMost),
    ("最长", Bound::AtMost),
    ("超过", Bound::Above),
    ("高于", Bound::Above),
    ("多于", Bound::Above),
    ("大于", Bound::Above),
    ("突破", Bound::Above),
    ("低于", Bound::Below),
    ("少于", Bound::Below),
    ("小于", Bound::Below),
    ("不满", Bound::Below),
    ("未满", Bound::Below),
    ("不足", Bound::Below),
    ("不到", Bound::Below),
    ("年满", Bound::AtLeast),
    ("届满", Bound::AtLeast),
    ("累计满", Bound::AtLeast),
    ("连续满", Bound::AtLeast),
    ("满", Bound::AtLeast),
    ("大约", Bound::About),
    ("约", Bound::About),
    ("将近", Bound::Nearly),
    ("近", Bound::Nearly),
];

/// Words behind a number and its unit, longest first.
const BEHIND: &[(&str, Bound)] = &[
    ("（含）以上", Bound::AtLeast),
    ("（含）以下", Bound::AtMost),
    ("及以上", Bound::AtLeast),
    ("及以下", Bound::AtMost),
    ("以上", Bound::AtLeast),
    ("以下", Bound::AtMost),
    ("以内", Bound::AtMost),
    ("之内", Bound::AtMost),
    ("以外", Bound::Above),
    ("左右", Bound::About),
    ("上下", Bound::About),
    ("内", Bound::AtMost),
    ("余", Bound::AndMore),
    ("多", Bound::AndMore),
];

/// Figures in `raw`, which begins at `base` of the document; spans are offsets into the document.
pub fn quantities(raw: &str, base: usize) -> Vec<Quantity> {
    let folded = Folded::new(raw, base, Script::default(), false);
    let text = folded.text.as_str();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = next_start(text, at) {
        match figure_at(text, start) {
            Some(figure) => {
                at = figure.end.max(start + 1);
                let from = figure.start;
                let span = folded.span(from, figure.end);
                found.push(Quantity {
                    raw: text[from..figure.end].to_owned(),
                    kind: figure.kind,
                    value: figure.value,
                    measure: figure.measure,
                    bound: figure.bound,
                    span,
                });
            }
            None => at = start + skip_len(text, start),
        }
    }
    found
}

/// A figure in folded text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Figure {
    start: usize,
    end: usize,
    kind: QuantityKind,
    value: String,
    measure: String,
    bound: Option<Bound>,
}

/// The next byte at which a number may begin.
fn next_start(text: &str, from: usize) -> Option<usize> {
    text[from..]
        .char_indices()
        .find(|(_, c)| c.is_ascii_digit() || number::begins_han(*c))
        .map(|(at, _)| from + at)
}

/// How far to go on where no figure begins: behind the whole run of digits, or one character.
fn skip_len(text: &str, start: usize) -> usize {
    let digits = text[start..].bytes().take_while(|b| b.is_ascii_digit()).count();
    if digits > 0 {
        digits
    } else {
        text[start..].chars().next().map_or(1, char::len_utf8)
    }
}

fn figure_at(text: &str, start: usize) -> Option<Figure> {
    // G20, 5G: digits that belong to a word.
    let previous = text[..start].chars().next_back();
    if previous.is_some_and(|c| {
        c.is_ascii_alphabetic()
            || c == '.'
            || c == '-' && text[..start - 1].ends_with(|p: char| p.is_ascii_alphabetic())
    }) {
        return None;
    }
    // 上半年 is the first half of a year, not half a year.
    if text[start..].starts_with("半年") && matches!(previous, Some('上' | '下')) {
        return None;
    }
    if let Some(figure) = time::time_at(text, start) {
        return Some(bounded(text, figure));
    }
    let first = number_at(text, start)?;
    let (low, number) = match range_end(text, &first) {
        Some((second, low_unit)) => (Some((first, low_unit)), second),
        None => (None, first),
    };
    // 2200余万元: the word of nearness stands inside.
    let (inner, unit_start) = match BEHIND
        .iter()
        .find(|(w, b)| *b == Bound::AndMore && text[number.end..].starts_with(w))
    {
        Some((word, bound)) => (Some(*bound), number.end + word.len()),
        None => (None, number.end),
    };
    let unit = unit_at(text, unit_start, start)?;
    if number.han && !unit.allows_han() {
        return None;
    }
    let figure = Figure {
        start,
        end: unit.end,
        kind: unit.kind,
        value: value_of(low.as_ref(), &number, &unit)?,
        measure: unit.measure.clone(),
        bound: inner,
    };
    Some(bounded(text, figure))
}

/// The other end of a range such as 3-12个月, 16至24岁, 5%至10%.
fn range_end(text: &str, first: &Number) -> Option<(Number, Option<Unit>)> {
    let (low_unit, after) = match unit_at(text, first.end, first.end) {
        Some(unit)
            if matches!(
                unit.kind,
                QuantityKind::Rate | QuantityKind::Money | QuantityKind::Duration | QuantityKind::Age
            ) =>
        {
            let end = unit.end;
            (Some(unit), end)
        }
        _ => (None, first.end),
    };
    let joint = ["至", "-", "~", "到"]
        .into_iter()
        .find(|j| text[after..].starts_with(j))?;
    let second = number_at(text, after + joint.len())?;
    unit_at(text, second.end, second.end)?;
    Some((second, low_unit))
}

fn value_of(low: Option<&(Number, Option<Unit>)>, number: &Number, unit: &Unit) -> Option<String> {
    let high = number.scaled(unit.exponent)?;
    match low {
        None => Some(high),
        Some((low, own)) => Some(format!(
            "{}..{high}",
            low.scaled(own.as_ref().map_or(unit.exponent, |u| u.exponent))?
        )),
    }
}

/// Takes in the words before and behind a figure.
fn bounded(text: &str, mut figure: Figure) -> Figure {
    if matches!(figure.kind, QuantityKind::Window | QuantityKind::Date) {
        return figure;
    }
    if let Some((word, bound)) = BEHIND.iter().find(|(w, _)| text[figure.end..].starts_with(w)) {
        // 3年内 bounds a time; 5人内 is nothing anybody writes; 1000多 stands before the unit.
        let fits = *word != "内"
            || figure.kind == QuantityKind::Duration
                && !text[figure.end + word.len()..].starts_with(['部', '容', '设']);
        let more =
            *bound != Bound::AndMore || figure.kind != QuantityKind::Duration || text[figure.end..].starts_with('余');
        if fits
            && more
            && !(word == &"多"
                && text[figure.end + word.len()..].starts_with(['元', '方', '渠', '措', '部', '层', '维', '地']))
        {
            figure.end += word.len();
            figure.bound.get_or_insert(*bound);
        }
    }
    if let Some((word, bound)) = BEFORE.iter().find(|(w, _)| text[..figure.start].ends_with(w)) {
        let before = &text[..figure.start - word.len()];
        let other_word = *word == "近" && before.ends_with(['最', '附', '临', '接', '就'])
            || *word == "满" && before.ends_with(['期', '圆', '美', '充']);
        if !other_word {
            figure.start -= word.len();
            // 控制在3.3%以下: what stands behind is nearer to the number.
            figure.bound.get_or_insert(*bound);
        }
    }
    figure
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `raw=value measure bound` of every figure.
    fn show(text: &str) -> Vec<String> {
        quantities(text, 0)
            .into_iter()
            .map(|q| {
                let bound = q.bound.map_or(String::new(), |b| {
                    format!(" {}", serde_json::to_value(b).unwrap().as_str().unwrap())
                });
                format!("{}={} {}{bound}", q.raw, q.value, q.measure)
            })
            .collect()
    }

    #[test]
    fn figures_are_read_with_their_units_and_bounds() {
        let cases: &[(&str, &[&str])] = &[
            ("每人补贴3000元", &["3000元=300000 fen"]),
            ("发放1.83亿元", &["1.83亿元=18300000000 fen"]),
            ("发放6060.24万元", &["6060.24万元=6060240000 fen"]),
            ("单笔不超过500 万元", &["不超过500万元=500000000 fen at-most"]),
            ("各类补贴2200余万元", &["2200余万元=2200000000 fen and-more"]),
            ("岗位近400个", &["近400个=400 个 nearly"]),
            ("稳步保持在3.5%以下", &["3.5%以下=3.5 % at-most"]),
            ("超过100人的企业", &["超过100人=100 人 above"]),
            ("10人以下企业", &["10人以下=10 人 at-most"]),
            ("不少于3人、5人的", &["不少于3人=3 人 at-least", "5人=5 人"]),
            ("降低0. 5个百分点", &["0.5个百分点=0.5 pp"]),
            ("上浮50个基点", &["50个基点=50 bp"]),
            ("余额的1‰", &["1‰=1 ‰"]),
            ("参加3-12个月的见习", &["3-12个月=3..12 months"]),
            ("16至24岁青年", &["16至24岁=16..24 years"]),
            ("16-24岁失业青年", &["16-24岁=16..24 years"]),
            ("在3 年内按实际人数", &["3年内=3 years at-most"]),
            ("提前30日向工会说明", &["30日=30 days"]),
            ("于5个工作日内拨付", &["5个工作日内=5 working-days at-most"]),
            ("连续缴费满6个月", &["满6个月=6 months at-least"]),
            ("不足1年", &["不足1年=1 years below"]),
            (
                "2020年1月1日至12月31日",
                &["2020年1月1日至12月31日=2020-01-01/2020-12-31 date"],
            ),
            (
                "2020年11月至2021年10月",
                &["2020年11月至2021年10月=2020-11-01/2021-10-31 date"],
            ),
            ("延长至2021年4月30日", &["2021年4月30日=2021-04-30 date"]),
            ("50元/天/人", &["50元/天/人=5000 fen/天/人"]),
            ("按城镇居民500元/月", &["500元/月=50000 fen/月"]),
            ("新增9.9万人", &["9.9万人=99000 人"]),
            ("培训1.26万人次", &["1.26万人次=12600 人次"]),
            ("共302场，11768家企业", &["302场=302 场", "11768家=11768 家"]),
            ("推进5G商用，实施“232”行动", &[]),
            ("一次性补贴，第一责任人", &[]),
            ("暂缓三个月，延长一年", &["三个月=3 months", "一年=1 years"]),
            (
                "上半年和2020年下半年，半年以上",
                &["2020年下半年=2020 year", "半年以上=0.5 years at-least"],
            ),
            ("不高于近1年期LPR，贷款3年期", &["3年=3 years"]),
            ("2020届毕业生", &["2020届=2020 year"]),
            ("到2020年底，6月底前", &["2020年底=2020 year", "6月底=--06 month"]),
            ("每年7月上旬和12月底前", &["7月上旬=--07 month", "12月底=--12 month"]),
            (
                "6月30日前报送，７月５号公布",
                &["6月30日=--06-30 date", "7月5号=--07-05 date"],
            ),
            ("自毕业前1年7月1日起", &["1年=1 years", "7月1日=--07-01 date"]),
            ("2月30日、13月1日", &[]),
            (
                "2020年6月底至2021年6月底",
                &["2020年6月底=2020-06 month", "2021年6月底=2021-06 month"],
            ),
            ("培训1万农民工", &["1万=10000 人"]),
            ("由12学时增至16学时", &["12学时=12 学时", "16学时=16 学时"]),
            ("百分之五十", &["百分之五十=50 %"]),
            ("家庭月收入在低保标准两倍以内", &["两倍以内=2 ratio at-most"]),
        ];
        for (text, expected) in cases {
            assert_eq!(show(text), *expected, "{text}");
        }
    }

    #[test]
    fn a_span_points_at_the_text_as_printed() {
        let raw = "降低0. 5个百分点";
        let found = quantities(raw, 0);
        assert_eq!(found[0].span.of(raw), "0. 5个百分点");
    }
}
