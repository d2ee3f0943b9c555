//! The SQL files: one a group of facts, run in this order; a later one may read what an earlier one gave.

/// One SQL file.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    /// The name of the file, and of the table it gives.
    pub name: &'static str,
    /// The entity its facts are of; nothing for a step that gives no facts.
    pub entity: Option<&'static str>,
    /// The columns that tell its rows apart; all others are facts of the entity.
    pub key: &'static [&'static str],
    /// The text.
    pub sql: &'static str,
    /// A column of a register without which the group is left out: its fact is of a dictionary that may not be loaded.
    pub needs: Option<(&'static str, &'static str)>,
}

const PAIR: &[&str] = &["person_key", "employer_key"];
const CONTRACT: &[&str] = &["person_key", "employer_key", "contract_date"];

macro_rules! group {
    ($name:literal, $entity:expr, $key:expr) => {
        group!($name, $entity, $key, None)
    };
    ($name:literal, $entity:expr, $key:expr, $needs:expr) => {
        Group {
            name: $name,
            entity: $entity,
            key: $key,
            sql: include_str!(concat!("../../sql/", $name, ".sql")),
            needs: $needs,
        }
    };
}

/// All groups.
pub const GROUPS: &[Group] = &[
    group!("insured", None, PAIR),
    group!("grants", None, &[]),
    group!("person_dates", Some("person"), &["person_key"]),
    group!("person_contributions", Some("person"), &["person_key"]),
    group!("person_loans", Some("person"), &["person_key"]),
    group!("employer_contributions", Some("employer"), &["employer_key"]),
    group!("employer_loans", Some("employer"), &["employer_key"]),
    group!("employment_contributions", Some("employment"), PAIR),
    group!("employment_stability", Some("employment"), CONTRACT),
    group!(
        "employment_reduction",
        Some("employment"),
        CONTRACT,
        Some(("employment", "si_subsidy_start_date"))
    ),
    group!("startup_order", Some("startup"), &["founder_key", "employer_key"]),
];

/// The facts that a file's comment defines, in its order: a line that begins `-- entity.name (`.
pub fn defined(group: &Group) -> Vec<String> {
    let Some(entity) = group.entity else {
        return Vec::new();
    };
    let lines = group.sql.lines().filter_map(|line| line.strip_prefix("-- "));
    lines
        .filter_map(|line| line.split_once(" ("))
        .map(|(name, _)| name)
        .filter(|name| {
            name.strip_prefix(entity)
                .is_some_and(|rest| rest.starts_with('.') && !rest.contains(' '))
        })
        .map(str::to_owned)
        .collect()
}
