//! What a register's own tables cannot see: names of other columns and registers, and facts that no register keeps.

use std::collections::BTreeSet;

use super::load::Draft;
use super::{ColumnType, OfId, Register};
use crate::fact::{Dictionary, FactType};
use crate::file::{Diagnostics, Located, meant};

/// Ids are lower-case words joined by `_`; of money they end in `_fen`.
pub(super) fn column_id(id: &Located<String>, kind: &ColumnType, diagnostics: &Diagnostics) {
    let plain = !id.is_empty()
        && id
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !plain {
        let hint = "用小写英文、数字和下划线，如 issued_on";
        id.report(diagnostics, format!("列名“{}”不合规范", **id), hint);
    }
    if id.ends_with("_fen") != (*kind == ColumnType::Value(FactType::Fen)) {
        let hint = "金额列以 _fen 结尾，其他列不以 _fen 结尾";
        id.report(diagnostics, format!("列“{}”与类型不符", **id), hint);
    }
}

/// Columns named once, keys and references that exist.
pub(super) fn registers(drafts: &[Draft], diagnostics: &Diagnostics) {
    for draft in drafts {
        let register = &draft.register;
        twice(draft, diagnostics);
        for id in draft.key.iter().chain(&draft.choose_by) {
            exists(register, id, diagnostics);
        }
        if draft.key.is_empty() {
            draft.id.report(
                diagnostics,
                format!("数据表“{}”没有主键", *draft.id),
                "请写明用哪几列区分各行",
            );
        }
        if let Some(id) = &draft.month_of {
            month_of(register, id, diagnostics);
        }
        for reference in &draft.references {
            let name = &reference.name;
            if !reference.to_register {
                exists(register, name, diagnostics);
            } else if let Some(other) = drafts.iter().find(|other| *other.id == **name) {
                one_key(register, &reference.column, &other.register, name, diagnostics);
            } else {
                let known: Vec<&str> = drafts.iter().map(|other| other.id.as_str()).collect();
                name.report(
                    diagnostics,
                    format!("没有数据表“{}”", **name),
                    meant(name, known.iter().copied()),
                );
            }
        }
        of_id(draft, diagnostics);
    }
}

/// Every fact that is not derived should have a column: without one nobody can fill it in.
pub(super) fn facts(drafts: &[Draft], dictionary: &Dictionary, here: &Located<()>, diagnostics: &Diagnostics) {
    let kept: BTreeSet<&str> = drafts
        .iter()
        .flat_map(|draft| &draft.register.columns)
        .filter_map(|column| column.fact.as_deref())
        .collect();
    for fact in dictionary.facts().filter(|fact| !fact.derived) {
        if !kept.contains(fact.name.as_str()) {
            here.warn(
                diagnostics,
                format!(
                    "信息项“{}”（{}）没有归入任何数据表，来源是“{}”",
                    fact.name, fact.label, fact.register
                ),
                "请在某张数据表的 facts_of 中写上这个来源",
            );
        }
    }
}

fn twice(draft: &Draft, diagnostics: &Diagnostics) {
    let mut ids = BTreeSet::new();
    let mut headers = BTreeSet::new();
    for column in &draft.register.columns {
        if !ids.insert(column.id.as_str()) {
            draft.id.report(
                diagnostics,
                format!("数据表“{}”的列“{}”写了两次", *draft.id, column.id),
                "请改列名或删去一处",
            );
        }
        let also = column.also.iter().chain(std::iter::once(&column.label));
        for header in also.chain(&column.field) {
            if !headers.insert(header.as_str()) {
                draft.id.report(
                    diagnostics,
                    format!("数据表“{}”有两列的名称都是“{header}”", *draft.id),
                    "请改其中一列的名称",
                );
            }
        }
    }
}

fn exists(register: &Register, id: &Located<String>, diagnostics: &Diagnostics) -> bool {
    let known = register.column(id).is_some();
    if !known {
        let ids: Vec<&str> = register.columns.iter().map(|column| column.id.as_str()).collect();
        id.report(
            diagnostics,
            format!("数据表“{}”没有列“{}”", register.id, **id),
            meant(id, ids.iter().copied()),
        );
    }
    known
}

fn month_of(register: &Register, id: &Located<String>, diagnostics: &Diagnostics) {
    if !exists(register, id, diagnostics) {
        return;
    }
    let fits = register.column(id).is_some_and(|column| {
        column.required && matches!(column.kind, ColumnType::Value(FactType::Month | FactType::Date))
    });
    if !fits {
        id.report(diagnostics, format!("列“{}”不能用来分月", **id), "应为必填的日期或月份");
    }
    if !register.key.contains(&**id) {
        id.report(
            diagnostics,
            format!("分月的列“{}”不在主键中", **id),
            "同一主键的行必须在同一个月，请把它写进 key",
        );
    }
}

/// A reference holds one key, so the register it goes to must have a key of that one kind.
fn one_key(register: &Register, column: &str, other: &Register, name: &Located<String>, diagnostics: &Diagnostics) {
    let kind = register.column(column).map(|column| &column.kind);
    let fits = other.key.len() == 1 && other.key_columns().next().map(|key| &key.kind) == kind;
    if !fits || kind.is_some_and(|kind| !kind.is_key() && *kind != ColumnType::Text) {
        name.report(
            diagnostics,
            format!("列“{column}”不能指向数据表“{}”", other.id),
            "只能指向主键为一列、类型相同的数据表",
        );
    }
}

fn of_id(draft: &Draft, diagnostics: &Diagnostics) {
    let register = &draft.register;
    let has_person = register
        .key_columns()
        .any(|column| column.kind == ColumnType::ResidentId);
    for column in &register.columns {
        let fits = match column.of_id {
            None => continue,
            Some(OfId::Birth) => column.kind == ColumnType::Value(FactType::Date),
            Some(OfId::Sex) => column.kind == ColumnType::Value(FactType::Code("sex".to_owned())),
        };
        if !fits || !has_person {
            draft.id.report(
                diagnostics,
                format!("数据表“{}”的列“{}”不能写 of_id", *draft.id, column.id),
                "只用于以公民身份号码为主键的数据表中的出生日期和性别",
            );
        }
    }
}
