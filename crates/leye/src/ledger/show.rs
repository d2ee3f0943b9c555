//! The ledger on the terminal, by unit.

use policy::ledger::{AsOf, Duty, OBLIGATIONS, Scope, Sources, groups, note, pack_remarks};
use policy::matching::role_word;
use report::table::{Column, Table};

use crate::failure::Failure;
use crate::screen::Screen;

/// Prints the ledger.
pub(super) fn print(
    screen: &mut Screen,
    scope: &Scope<'_>,
    sources: &Sources<'_>,
    as_of: AsOf,
    duties: &[Duty<'_>],
) -> Result<(), Failure> {
    screen.line(&format!("责任台账　{}", note(scope, as_of, duties.len())))?;
    for remark in pack_remarks(scope, sources, as_of, duties) {
        screen.line(&remark)?;
    }
    for group in groups(scope, duties) {
        screen.line("")?;
        screen.line(&group.title(scope, as_of))?;
        let mut table = Table::new(vec![
            Column::new("编号", 4, 14),
            Column::new("分工", 4, 4),
            Column::new("工作内容", 20, 72),
            Column::new("责任单位", 12, 44),
            Column::new("完成时限", 8, 24),
            Column::new("到期灯", 6, 14),
            Column::new("文件依据", 10, 26),
        ]);
        for (duty, role) in &group.rows {
            let mut units = duty.units_text();
            let suggestions = duty.suggestions_text();
            if !suggestions.is_empty() {
                units = format!("{units}\n{suggestions}");
            }
            table.rows.push(vec![
                duty.item_number(),
                role.map_or("", role_word).to_owned(),
                duty.content(),
                units,
                duty.deadline(),
                duty.light_text(),
                duty.basis(),
            ]);
        }
        let rendered = table.render(screen.width());
        screen.raw(&rendered)?;
    }
    obligations(screen, scope)
}

/// What is to be reported, published and kept beside the tasks.
fn obligations(screen: &mut Screen, scope: &Scope<'_>) -> Result<(), Failure> {
    let found = scope.obligations();
    if found.is_empty() {
        return Ok(());
    }
    screen.line("")?;
    screen.line(&format!("{OBLIGATIONS}：{} 项", found.len()))?;
    let mut table = Table::new(vec![
        Column::new("类别", 4, 8),
        Column::new("由谁", 8, 32),
        Column::new("向谁", 8, 28),
        Column::new("何时", 8, 30),
        Column::new("事项（摘要，非原文）", 16, 60),
        Column::new("文件依据", 10, 26),
    ]);
    for one in &found {
        table.rows.push(vec![
            one.duty.kind.label().to_owned(),
            one.by(scope),
            one.to(),
            one.when().to_owned(),
            one.duty.text.clone(),
            one.basis(),
        ]);
    }
    let rendered = table.render(screen.width());
    screen.raw(&rendered)?;
    Ok(())
}
