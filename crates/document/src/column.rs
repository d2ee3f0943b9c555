//! What a table's columns are, by the names in its header.

use crate::assign::label::{Label, label};
use crate::assign::name;
use crate::deadline::reads_as_deadline;
use crate::fold::fold;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Column {
    /// 序号
    Number,
    /// 项目, 类别: a section that spans rows
    Section,
    /// 事项, 任务名称: the short name of the item
    Title,
    /// 工作内容, 具体措施
    Content,
    /// Units, by what the header says of them
    Units(Label),
    /// 完成时限
    Deadline,
    /// 责任领导, 联系电话
    Person,
    /// 考核部门, 评分单位: bodies that look on and have no part in the work
    Watchers,
    /// 建设地点, 实施范围: places, which may read like units
    Place,
    /// 备注, 进展情况: known, and not read
    Other,
}

const NUMBER: &[&str] = &[
    "序号", "编号", "序", "号", "项次", "任务序号", "工作序号", "NO", "No", "No.",
];
const SECTION: &[&str] = &[
    "项目", "类别", "分类", "类型", "领域", "板块", "方面", "重点领域", "任务类别", "工作类别", "工作领域", "大类",
    "任务分类", "工作项目", "任务板块", "维度", "任务领域", "一级任务", "重点方向", "工作板块", "主要方面", "环节",
    "一级指标", "工作方面", "政策类别", "政策类型",
];
const TITLE: &[&str] = &[
    "责任事项", "事项", "名称", "任务名称", "事项名称", "重点事项", "工作事项", "政策名称", "项目名称", "工作项",
    "任务项目", "二级任务", "政策事项", "工作名称", "改革事项", "任务事项", "目标名称", "重点项目", "政策项目",
    "服务事项", "二级指标",
];
const CONTENT: &[&str] = &[
    "内容", "任务", "措施", "举措", "要求", "目标", "重点工作", "工作", "分工", "政策", "要点", "做法", "职责", "行动",
    "标准",
];
const OTHER: &[&str] = &[
    "备注", "进展", "情况", "问题", "打算", "状态", "依据", "来源", "说明", "成果", "完成情况", "得分", "分值", "评分",
    "佐证", "下步", "落实情况", "形式", "受理", "资金", "预期",
];

/// What the header `cell` announces, if it is a word that headers use.
pub(crate) fn column(cell: &str) -> Option<Column> {
    let text = fold(cell);
    let text = text.trim_matches(['*', '：', '-', ' ', '、', '。']);
    let length = text.chars().count();
    // A title above a table is no column of it.
    let title = length > 5
        && ["表", "清单", "方案", "台账", "分工"].iter().any(|e| text.ends_with(e))
        && !text.ends_with("任务分工");
    if text.is_empty() || title || length > 16 || text.contains(['。', '；']) {
        return None;
    }
    if NUMBER.contains(&text) {
        return Some(Column::Number);
    }
    if ["考核", "评分", "督导", "督查", "监督", "评价", "验收"]
        .iter()
        .any(|w| text.starts_with(w))
        && ["单位", "部门"].iter().any(|w| text.ends_with(w))
    {
        return Some(Column::Watchers);
    }
    match label(text) {
        Some(Label::Deadline) => return Some(Column::Deadline),
        Some(Label::Person) => return Some(Column::Person),
        Some(units)
            if !text.contains("内容") && !text.ends_with("分工") || text == "责任分工" || text == "任务分工" =>
        {
            return Some(Column::Units(units));
        }
        _ => {}
    }
    if matches!(text, "单位" | "部门" | "责任" | "牵头" | "配合" | "主体") {
        return Some(Column::Units(
            label(&format!(
                "{}单位",
                if text == "单位" || text == "部门" {
                    "责任"
                } else {
                    text
                }
            ))
            .unwrap_or(Label::Responsible),
        ));
    }
    if ["时限", "时间", "期限", "完成日期", "进度"]
        .iter()
        .any(|w| text.contains(w))
        && !text.contains("进度情况")
    {
        return Some(Column::Deadline);
    }
    if ["地点", "位置", "范围", "区域", "地址"]
        .iter()
        .any(|w| text.ends_with(w))
    {
        return Some(Column::Place);
    }
    if SECTION.contains(&text) {
        return Some(Column::Section);
    }
    if TITLE.contains(&text) {
        return Some(Column::Title);
    }
    if ["目标", "指标", "任务"].iter().any(|w| text.ends_with(w)) && length <= 12 {
        return Some(Column::Content);
    }
    if OTHER.iter().any(|w| text.contains(w)) {
        return Some(Column::Other);
    }
    (CONTENT.iter().any(|w| text.contains(w)) && length <= 12).then_some(Column::Content)
}

/// What only the whole header tells: 单位 beside 责任部门 is a unit of measure; a name that no table of duties uses,
/// between the number and the units, holds the work. `cells` are the header's cells, folded.
pub(crate) fn settle(cells: &[String], columns: &mut [Option<Column>]) {
    let is_units = |c: &Option<Column>| matches!(c, Some(Column::Units(_)));
    let units = columns.iter().filter(|c| is_units(c)).count();
    for (cell, kind) in cells.iter().zip(columns.iter_mut()) {
        if units > 1 && matches!(cell.as_str(), "单位" | "计量单位") {
            *kind = Some(Column::Other);
        }
    }
    let work = columns
        .iter()
        .any(|c| matches!(c, Some(Column::Content | Column::Title | Column::Section)));
    let first_units = columns.iter().position(is_units);
    if let Some(index) = first_units.filter(|_| !work).and_then(|u| {
        (0..u)
            .rev()
            .find(|i| columns[*i].is_none() && !cells.get(*i).is_none_or(String::is_empty))
    }) {
        columns[index] = Some(Column::Content);
    }
}

/// True where `columns` can be the header of a table of duties.
pub(crate) fn is_duty_header(columns: &[Option<Column>]) -> bool {
    let count = |wanted: fn(&Column) -> bool| columns.iter().flatten().filter(|c| wanted(c)).count();
    let units = count(|c| matches!(c, Column::Units(_)));
    let work = count(|c| matches!(c, Column::Content | Column::Title | Column::Section));
    let known = columns.iter().flatten().count();
    units >= 1 && work >= 1 && known >= 2 && known * 2 >= columns.len()
}

/// How well `cell` (folded) fits a column: higher is better, 0 is indifferent.
pub(crate) fn fit(cell: &str, column: Option<Column>) -> i32 {
    if cell.is_empty() {
        return match column {
            Some(Column::Content) => -6,
            Some(Column::Units(_)) => -2,
            Some(Column::Number) => -1,
            _ => 0,
        };
    }
    let length = cell.chars().count();
    match column {
        Some(Column::Number) => {
            if is_number(cell) {
                8
            } else {
                -10
            }
        }
        Some(Column::Units(_) | Column::Watchers) => {
            if reads_as_units(cell) {
                6
            } else {
                -6
            }
        }
        Some(Column::Deadline) => {
            if reads_as_deadline(cell.trim_end_matches('。')) || is_deadline_word(cell) || is_year(cell) {
                6
            } else if length > 24 {
                -8
            } else {
                -4
            }
        }
        Some(Column::Content) => {
            if reads_as_units(cell) || is_number(cell) {
                -4
            } else {
                2 + i32::try_from(length.min(40) / 20).unwrap_or(0)
            }
        }
        Some(Column::Title | Column::Section) => {
            if is_number(cell) || reads_as_units(cell) {
                -4
            } else if length <= 30 {
                2
            } else {
                -2
            }
        }
        Some(Column::Person) => {
            if length <= 12 && !is_number(cell) {
                1
            } else {
                -3
            }
        }
        Some(Column::Place) => {
            if reads_as_units(cell) {
                5
            } else if length <= 20 {
                1
            } else {
                -3
            }
        }
        Some(Column::Other) | None => 0,
    }
}

/// A bare number such as 12, 12. or 十二.
pub(crate) fn is_number(cell: &str) -> bool {
    let text = cell.trim_matches(['.', '、', '（', '）', ' ']);
    !text.is_empty()
        && !is_year(text)
        && text.len() <= 9
        && (text.bytes().all(|b| b.is_ascii_digit()) && text.len() <= 4
            || crate::marker::han_number(text).is_some_and(|(_, len)| len == text.len()))
}

/// 2024 in a column of times is a year and no number of a row.
fn is_year(cell: &str) -> bool {
    cell.len() == 4 && (cell.starts_with("19") || cell.starts_with("20")) && cell.bytes().all(|b| b.is_ascii_digit())
}

fn is_deadline_word(cell: &str) -> bool {
    cell.chars().count() <= 14
        && [
            "长期", "持续", "按要求", "每年", "每月", "全年", "年度", "即", "下发", "印发", "常态",
        ]
        .iter()
        .any(|w| cell.contains(w))
}

/// A cell that lists units and nothing else.
pub(crate) fn reads_as_units(cell: &str) -> bool {
    if cell.chars().count() > 400 {
        return false;
    }
    let listed = crate::assign::parse::parse(cell, 0..cell.len(), crate::assign::parse::Said::Listed);
    !listed.mentions.is_empty()
        && listed.strange.is_empty()
        && (listed.verbs || listed.labels || listed.mentions.iter().all(|m| name::is_unit(&m.name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_say_what_their_columns_hold() {
        let cases = [
            ("序号", Some(Column::Number)),
            ("项目", Some(Column::Section)),
            ("内容", Some(Column::Content)),
            ("牵头部门", Some(Column::Units(Label::Lead))),
            ("配合\n部门", Some(Column::Units(Label::Support))),
            ("责任单位（部门）", Some(Column::Units(Label::Responsible))),
            ("完成时限", Some(Column::Deadline)),
            ("责任事项", Some(Column::Title)),
            ("责任内容", Some(Column::Content)),
            ("重点任务", Some(Column::Content)),
            ("责任领导", Some(Column::Person)),
            ("备 注", Some(Column::Other)),
            ("市财政局", None),
        ];
        for (cell, expected) in cases {
            assert_eq!(column(cell), expected, "{cell}");
        }
    }
}
