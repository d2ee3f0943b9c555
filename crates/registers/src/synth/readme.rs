//! The README that lies beside the files.

use std::fmt::Write as _;

use policy::register::Registers;

use super::Summary;
use super::faults::KINDS;
use super::plan::{MONTHS, Plan};
use super::targets::TARGETS;

/// What the folder holds, which targets it keeps, what is wrong on purpose.
pub(super) fn text(plan: &Plan, registers: &Registers, summary: &Summary) -> String {
    let mut text = format!(
        "# 合成数据\n\n本文件夹中的人员、单位、账号全部由程序生成，不对应任何真实个人或单位：公民身份号码使用未启用的省级代码99，\
         账号以八个0开头。\n\n- 地区：{}\n- 16至69岁人数：{}\n- 种子：{}\n- 截止日：{}\n- 缴费明细：截至当月共{MONTHS}个月，到账日期都不晚于截止日\n\n\
         同一地区、人数、种子和截止日生成的文件逐字节相同。\n\n## 数据表\n\n| 文件 | 数据表 | 行数（不含表头） |\n|---|---|---|\n",
        plan.region,
        plan.people,
        plan.seed,
        plan.as_of.chinese(),
    );
    // Writing to a text cannot fail.
    for (register, rows) in &summary.rows {
        let label = registers.get(register).map_or("", |register| register.label.as_str());
        let _ = writeln!(text, "| {register}.csv | {label} | {rows} |");
    }
    text.push_str("\n## 目标\n\n各项由公开数字和参数定出，用来核对生成的数据。三万人以上时，各项与目标相差不超过5%（相对值）；人数少时相差会更大。\n\n| 项目 | 目标 |\n|---|---|\n");
    for target in TARGETS {
        let _ = writeln!(text, "| {} | {} |", target.label, target.shown());
    }
    text.push_str("\n## 有意埋设的问题\n\ntruth.jsonl 每行一处：kind 类别，register 数据表，row 文件中的行号（表头为第1行），who 相关号码。\n\n| 类别 | 说明 | 处数 |\n|---|---|---|\n");
    for (kind, about) in KINDS {
        let count = summary.planted.get(kind).copied().unwrap_or(0);
        let _ = writeln!(text, "| {kind} | {about} | {count} |");
    }
    text
}
