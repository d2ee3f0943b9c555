//! Reads `tasks.toml`: who must do what by when.

use document::{DeadlineClass, PartRole, Role};

use crate::file::{Located, Table, meant};
use crate::pack::{Assignment, Deadline, Task};
use crate::policy_file::{PART_ROLES, values};

/// Classes of deadlines, by their word in pack files.
pub(crate) const DEADLINE_CLASSES: [(&str, DeadlineClass); 5] = [
    ("date", DeadlineClass::Date),
    ("standing", DeadlineClass::Standing),
    ("as-required", DeadlineClass::AsRequired),
    ("on-issue", DeadlineClass::OnIssue),
    ("none", DeadlineClass::None),
];

/// Roles of units, by their key in a task.
pub(crate) const ROLES: [(&str, Role); 3] = [
    ("lead", Role::Lead),
    ("support", Role::Support),
    ("responsible", Role::Responsible),
];

/// Most characters of a task's own title.
pub const MAX_TITLE_CHARACTERS: usize = 30;

/// Reads the file.
pub(crate) fn read(mut table: Table<'_>) -> Vec<Task> {
    let tasks = table.tables("task").into_iter().filter_map(task).collect();
    table.finish();
    tasks
}

fn task(mut table: Table<'_>) -> Option<Task> {
    table.require(&["id", "no", "part", "title"]);
    let id = table.text("id");
    let no = table.text("no");
    let part = table.word("part", &PART_ROLES);
    let section = values(table.texts("section"));
    let title = table.text("title");
    check_title(&table, title.as_ref());
    let assignments = assignments(&mut table);
    let deadline = table.table("deadline").map_or(Deadline::NONE, deadline);
    let part = part.unwrap_or_else(|| table.here().with(PartRole::Body));
    table.finish();
    Some(Task {
        id: id?,
        no: no.map(Located::into_value).unwrap_or_default(),
        part,
        section,
        title: title.map(Located::into_value).unwrap_or_default(),
        assignments,
        deadline,
    })
}

fn check_title(table: &Table<'_>, title: Option<&Located<String>>) {
    let Some(title) = title else { return };
    let characters = title.chars().count();
    if characters > MAX_TITLE_CHARACTERS {
        let message = format!("摘要有 {characters} 字，超过 {MAX_TITLE_CHARACTERS} 字");
        title.report(table.diagnostics(), message, "请用自己的话概括成一个动作");
    }
}

fn assignments(table: &mut Table<'_>) -> Vec<Assignment> {
    let mut assignments: Vec<Assignment> = Vec::new();
    for (key, role) in ROLES {
        for unit in table.texts(key) {
            if assignments
                .iter()
                .any(|known| known.role == role && *known.unit == *unit)
            {
                let message = format!("“{key}”中重复列出“{}”", *unit);
                unit.report(table.diagnostics(), message, "请删去一处");
                continue;
            }
            assignments.push(Assignment {
                unit,
                role,
                collective: false,
                open_ended: false,
                inherited: false,
            });
        }
    }
    mark(table, &mut assignments, "inherited", |assignment| {
        assignment.inherited = true
    });
    mark(table, &mut assignments, "collective", |assignment| {
        assignment.collective = true
    });
    mark(table, &mut assignments, "open_ended", |assignment| {
        assignment.open_ended = true
    });
    assignments
}

/// Sets a flag on the units named under `key`, which must be among the units of the task.
fn mark(table: &mut Table<'_>, assignments: &mut [Assignment], key: &str, set: impl Fn(&mut Assignment)) {
    for name in table.texts(key) {
        let mut found = false;
        for assignment in assignments.iter_mut().filter(|assignment| *assignment.unit == *name) {
            set(assignment);
            found = true;
        }
        if !found {
            let units = assignments.iter().map(|assignment| assignment.unit.as_str());
            let message = format!("“{key}”列出的“{}”不在本项的责任单位中", *name);
            name.report(table.diagnostics(), message, meant(&name, units));
        }
    }
}

fn deadline(mut table: Table<'_>) -> Deadline {
    table.require(&["raw", "class"]);
    let here = table.here();
    let raw = table.text("raw").map(Located::into_value);
    let class = table.word("class", &DEADLINE_CLASSES);
    let due = table.date("due");
    let reading = table.text("reading").map(Located::into_value);
    let diagnostics = table.diagnostics();
    table.finish();
    let class = class.map_or(DeadlineClass::None, Located::into_value);
    match (class, &due) {
        (DeadlineClass::Date, None) => {
            here.report(
                diagnostics,
                "完成时限类别为 date，但没有写 due",
                "请写明到期日，如 due = 2020-12-31",
            );
        }
        (DeadlineClass::Date, Some(_)) | (_, None) => {}
        (_, Some(due)) => due.report(
            diagnostics,
            "只有类别为 date 的完成时限才有 due",
            "请删去 due，或将类别改为 date",
        ),
    }
    Deadline {
        raw,
        class,
        due: due.map(Located::into_value),
        reading,
    }
}
