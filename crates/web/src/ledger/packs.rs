//! The packs' ledger as the rows of a workbook.

use document::Role;
use policy::ledger::{AsOf, Duty, Falls, OBLIGATIONS, Scope, Sources, note, pack_remarks, region_name};
use report::ledger::{Entry, Involvement, Ledger};
use report::roster::{Cell, Sheet};

use super::documents::{LEAD_OPEN, ledger_part};

/// The tasks as a workbook, one row a task; what is to be reported, published and the like on a sheet of its own.
pub fn workbook(scope: &Scope<'_>, sources: &Sources<'_>, as_of: AsOf, duties: &[Duty<'_>]) -> Ledger {
    let mut note = note(scope, as_of, duties.len());
    for remark in pack_remarks(scope, sources, as_of, duties) {
        note.push('\n');
        note.push_str(&remark);
    }
    let mut regions: Vec<String> = duties.iter().map(|duty| region_name(scope, duty.pack)).collect();
    regions.dedup();
    // 市财政局 of two cities are two units, and each has its own sheet.
    let names_region = regions.len() > 1 && scope.region.is_none();
    Ledger {
        title: "责任台账".to_owned(),
        note,
        entries: duties.iter().map(|duty| entry(scope, duty, names_region)).collect(),
        beside: obligations(scope, as_of).into_iter().collect(),
    }
}

/// What the documents ask for beside their tasks, one row each; no sheet where they ask for nothing.
fn obligations(scope: &Scope<'_>, as_of: AsOf) -> Option<Sheet> {
    let found = scope.obligations();
    if found.is_empty() {
        return None;
    }
    let headers = [
        "类别", "由谁", "向谁", "何时", "月份", "事项（摘要，非原文）", "地区", "文件依据",
    ];
    let rows = found.iter().map(|one| {
        let months: Vec<String> = one.falls().iter().map(Falls::month_words).collect();
        let cells = [
            one.duty.kind.label().to_owned(),
            one.by(scope),
            one.to(),
            one.when().to_owned(),
            months.join("\n"),
            one.duty.text.clone(),
            region_name(scope, one.pack),
            one.basis(),
        ];
        cells.map(Cell::Text).to_vec()
    });
    Some(Sheet {
        name: OBLIGATIONS.to_owned(),
        title: OBLIGATIONS.to_owned(),
        notes: vec![note(scope, as_of, found.len())],
        headers: headers.map(str::to_owned).to_vec(),
        rows: rows.collect(),
        names_rows: true,
        ..Sheet::default()
    })
}

fn entry(scope: &Scope<'_>, duty: &Duty<'_>, names_region: bool) -> Entry {
    let region = region_name(scope, duty.pack);
    let lead = duty.units_with(Role::Lead);
    let mut remarks = vec![format!("到期灯：{}", duty.light_text())];
    if duty.units.is_empty() {
        remarks.push(duty.units_text());
    }
    remarks.push(duty.suggestions_text());
    remarks.retain(|remark| !remark.is_empty());
    Entry {
        // As the document prints it, so that it sorts; the basis tells the parts of one item apart.
        no: duty.task.no.clone(),
        project: format!("{}\n{}", region, duty.task.section.join(" ")).trim().to_owned(),
        content: duty.content(),
        basis: duty.basis(),
        lead: if lead.is_empty() {
            LEAD_OPEN.to_owned()
        } else {
            lead.join("、")
        },
        support: duty.units_with(Role::Support).join("、"),
        responsible: duty.units_with(Role::Responsible).join("、"),
        deadline: duty.deadline(),
        remarks: remarks.join("\n"),
        units: duty
            .units
            .iter()
            .map(|(unit, _)| Involvement {
                unit: match scope.unit_name(duty.pack, &unit.unit) {
                    name if names_region => format!("{region} {name}"),
                    name => name.to_owned(),
                },
                part: ledger_part(unit.role),
            })
            .collect(),
        ..Entry::default()
    }
}
