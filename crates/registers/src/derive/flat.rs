//! The flat tables: for each row of a register all facts its `per` reaches, so that screening never joins.

use std::fmt::Write as _;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, RecordBatch, new_null_array};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use policy::fact::{Dictionary, FactType, WhenAbsent};
use policy::register::{ColumnType, Register, Registers};

use super::DeriveError;
use super::groups::{GROUPS, Group, defined};
use super::history::{self, HistoryColumn};
use super::reach::Reach;
use super::session::table_name;
use crate::layout;

/// Columns of flat tables with the keys of those whom a row is about.
pub const PERSON: &str = "subject.person";
/// The person's household.
pub const HOUSEHOLD: &str = "subject.household";
/// The employer.
pub const EMPLOYER: &str = "subject.employer";
/// The institution.
pub const INSTITUTION: &str = "subject.institution";

/// Where a fact of an entity comes from: one relation joined to the entity's rows.
struct Source {
    /// A table, or a query in brackets.
    relation: String,
    /// Columns that must be equal on both sides.
    on: Vec<String>,
    /// Column there, fact here.
    facts: Vec<(String, String)>,
}

/// Facts with their sources, and the dictionary that says which there are.
pub(super) struct Facts<'a> {
    pub(super) dictionary: &'a Dictionary,
    pub(super) registers: &'a Registers,
}

/// True where the schema has what a group needs.
pub(super) fn usable(group: &Group, registers: &Registers) -> bool {
    group.needs.is_none_or(|(register, column)| {
        registers
            .get(register)
            .is_some_and(|register| register.column(column).is_some())
    })
}

impl Facts<'_> {
    /// Fact columns of a register that are of its entity.
    fn columns(&self, register: &Register) -> Vec<(String, String)> {
        let facts = register
            .columns
            .iter()
            .filter_map(|column| Some((column, column.fact.clone()?)));
        facts.map(|(column, fact)| (column.stored(), fact)).collect()
    }

    /// Registers of an entity other than the one its rows are of, each with at most one row for each `on`.
    fn registers_of(&self, entity: &str, key: &[&str], but: &str) -> Vec<Source> {
        let registers = self
            .registers
            .all()
            .filter(|register| register.entity == entity && register.id != but);
        registers
            .filter_map(|register| {
                let facts = self.columns(register);
                let stored: Vec<String> = register.key_columns().map(policy::register::Column::stored).collect();
                let on: Vec<String> = stored
                    .iter()
                    .filter(|column| key.contains(&column.as_str()))
                    .cloned()
                    .collect();
                if facts.is_empty() || on.is_empty() {
                    return None;
                }
                let name = table_name(&register.id);
                let relation = if on.len() == stored.len() {
                    name
                } else {
                    chosen(register, &name, &on, &stored)
                };
                Some(Source { relation, on, facts })
            })
            .collect()
    }

    fn groups_of(&self, entity: &str) -> Vec<Source> {
        let groups = GROUPS
            .iter()
            .filter(|group| group.entity == Some(entity) && usable(group, self.registers));
        groups
            .filter_map(|group| {
                let known = defined(group)
                    .into_iter()
                    .filter(|fact| self.dictionary.fact(fact).is_some());
                let facts: Vec<(String, String)> = known
                    .filter_map(|fact| Some((fact.split_once('.')?.1.to_owned(), fact)))
                    .collect();
                (!facts.is_empty()).then(|| Source {
                    relation: group.name.to_owned(),
                    on: group.key.iter().map(|key| (*key).to_owned()).collect(),
                    facts,
                })
            })
            .collect()
    }

    /// One row for each row of a register, with all facts of its own entity; `key` tells rows apart.
    pub(super) fn of_entity(&self, reach: &Reach) -> Result<String, DeriveError> {
        let register = self
            .registers
            .get(reach.register)
            .ok_or(DeriveError::Register(reach.register))?;
        let name = table_name(&register.id);
        let links = [reach.person, reach.employer, reach.institution].into_iter().flatten();
        let mut plain: Vec<&str> = reach.key.to_vec();
        plain.extend(links.filter(|link| !reach.key.contains(link)));
        let mut sources = self.registers_of(reach.entity, reach.key, &register.id);
        sources.extend(self.groups_of(reach.entity));
        let own = self.columns(register);
        let mut select: Vec<String> = plain.iter().map(|column| format!("b.\"{column}\"")).collect();
        let base = match reach.per {
            "household" => {
                select.extend(own.iter().map(|(column, fact)| format!("b.\"{column}\" AS \"{fact}\"")));
                households(register, &name, &own)
            }
            "contribution-month" => {
                select.extend(own.iter().map(|(column, fact)| format!("b.\"{column}\" AS \"{fact}\"")));
                format!("(SELECT * FROM {name} WHERE month BETWEEN $months_from AND $months_to)")
            }
            "employment" => {
                select.extend(own.iter().map(|(column, fact)| format!("b.\"{column}\" AS \"{fact}\"")));
                employments(&own)
            }
            _ => {
                select.extend(own.iter().map(|(column, fact)| format!("b.\"{column}\" AS \"{fact}\"")));
                name
            }
        };
        let mut joins = String::new();
        for (place, source) in sources.iter().enumerate() {
            let on = source
                .on
                .iter()
                .map(|column| format!("s{place}.\"{column}\" = b.\"{column}\""));
            let on = on.collect::<Vec<_>>().join(" AND ");
            // Writing to a text cannot fail.
            let _ = write!(joins, "\nLEFT JOIN {} s{place} ON {on}", source.relation);
            select.extend(
                source
                    .facts
                    .iter()
                    .map(|(column, fact)| format!("s{place}.\"{column}\" AS \"{fact}\"")),
            );
        }
        Ok(format!("SELECT {}\nFROM {base} b{joins}", select.join(", ")))
    }

    /// Names of the facts of an entity that some register or group gives.
    pub(super) fn given(&self, entity: &str) -> Vec<String> {
        let registers = self.registers.all().filter(|register| register.entity == entity);
        let mut given: Vec<String> = registers.flat_map(|r| self.columns(r)).map(|(_, fact)| fact).collect();
        given.extend(
            self.groups_of(entity)
                .into_iter()
                .flat_map(|s| s.facts)
                .map(|(_, fact)| fact),
        );
        given.sort();
        given.dedup();
        given
    }

    /// The flat table of a `per`, sorted by its key. The entities' own tables (`person_facts`, …) are there already.
    pub(super) fn flat(&self, reach: &Reach, history: &[HistoryColumn]) -> String {
        let mut select: Vec<String> = reach.key.iter().map(|column| format!("b.\"{column}\"")).collect();
        select.extend(subjects(reach).map(|(name, column)| format!("{column} AS \"{name}\"")));
        select.extend(self.given(reach.entity).iter().map(|fact| format!("b.\"{fact}\"")));
        // A join copies every column that came before it: what brings few stands first, the widest last.
        let (mut narrow, mut wide) = (String::new(), String::new());
        let join = |joins: &mut String, table: &str, on: &str| {
            let _ = write!(joins, "\nLEFT JOIN {table} ON {on}");
        };
        let facts = |select: &mut Vec<String>, alias: &str, entity: &str| {
            select.extend(self.given(entity).iter().map(|fact| format!("{alias}.\"{fact}\"")));
        };
        if let Some(person) = reach.person {
            join(&mut narrow, "household_of h", &format!("h.person_key = b.\"{person}\""));
            join(&mut wide, "household_facts hf", "hf.household_no = h.household_no");
            facts(&mut select, "hf", "household");
        }
        for (place, link) in reach.links.iter().enumerate() {
            let of_row = |alias: &str| {
                let keys = reach.key.iter().map(|key| format!("{alias}.\"{key}\" = b.\"{key}\""));
                keys.collect::<Vec<_>>().join(" AND ")
            };
            let led = link
                .key
                .iter()
                .map(|key| format!("f{place}.\"{key}\" = l{place}.\"to_{key}\""));
            let led = led.collect::<Vec<_>>().join(" AND ");
            join(
                &mut narrow,
                &format!("{} l{place}", link.name),
                &of_row(&format!("l{place}")),
            );
            join(&mut wide, &format!("{}_facts f{place}", link.entity), &led);
            let told = self.given(link.entity);
            let told = told.iter().filter(|fact| self.tells(reach, fact));
            select.extend(told.map(|fact| format!("f{place}.\"{fact}\"")));
        }
        for history::Join { relation, on, columns } in history::joins(reach, &facts_table(reach), history) {
            join(&mut narrow, &relation, &on);
            select.extend(columns);
        }
        if let Some(institution) = reach.institution.filter(|_| reach.entity != "institution") {
            let on = format!("i.institution_key = b.\"{institution}\"");
            join(&mut wide, "institution_facts i", &on);
            facts(&mut select, "i", "institution");
        }
        if let Some(employer) = reach.employer.filter(|_| reach.entity != "employer") {
            join(
                &mut wide,
                "employer_facts e",
                &format!("e.employer_key = b.\"{employer}\""),
            );
            facts(&mut select, "e", "employer");
        }
        if let Some(person) = reach.person.filter(|_| reach.entity != "person") {
            join(&mut wide, "person_facts p", &format!("p.person_key = b.\"{person}\""));
            facts(&mut select, "p", "person");
        }
        let order = reach
            .key
            .iter()
            .map(|column| format!("b.\"{column}\""))
            .collect::<Vec<_>>()
            .join(", ");
        format!(
            "SELECT {}\nFROM {} b{narrow}{wide}\nORDER BY {order}",
            select.join(", "),
            facts_table(reach)
        )
    }

    /// Whether a flat table has the fact: of what rows are led to and might have missed, only where an empty cell says
    /// nothing.
    fn tells(&self, reach: &Reach, fact: &str) -> bool {
        let entity = fact.split_once('.').map_or("", |(entity, _)| entity);
        let link = reach.links.iter().find(|link| link.entity == entity);
        link.is_none_or(|link| {
            let known = self.dictionary.fact(fact);
            link.is_complete || known.is_none_or(|known| known.when_absent == WhenAbsent::Unknown)
        })
    }

    /// The schema of a flat table: its key, every fact of the dictionary it reaches, what was received.
    pub(super) fn schema(&self, reach: &Reach, history: &[HistoryColumn]) -> SchemaRef {
        let register = self.registers.get(reach.register);
        let stored = |name: &str| register.and_then(|r| r.columns.iter().find(|column| column.stored() == name));
        let mut fields: Vec<Field> = reach
            .key
            .iter()
            .filter_map(|name| Some(Field::new(*name, layout::data_type(&stored(name)?.kind), true)))
            .collect();
        fields.extend(subjects(reach).map(|(name, _)| Field::new(name, DataType::Utf8, true)));
        let entities = reach.entities();
        let facts = self.dictionary.facts();
        let facts = facts.filter(|fact| entities.contains(&fact.entity()) && self.tells(reach, &fact.name));
        fields.extend(facts.map(|fact| {
            let kind = layout::data_type(&ColumnType::Value(fact.kind.clone()));
            Field::new(fact.name.clone(), kind, true)
        }));
        fields.extend(history::fields(reach, history));
        Arc::new(Schema::new(fields))
    }
}

/// Whom a row is about, and where its flat table's query finds the key: what limits by subject compare.
fn subjects(reach: &Reach) -> impl Iterator<Item = (&'static str, String)> {
    let of = |column: Option<&str>| column.map(|column| format!("b.\"{column}\""));
    let household = match reach.entity {
        "household" => Some("b.\"household_no\"".to_owned()),
        _ => reach.person.map(|_| "h.\"household_no\"".to_owned()),
    };
    [
        (PERSON, of(reach.person)),
        (HOUSEHOLD, household),
        (EMPLOYER, of(reach.employer)),
        (INSTITUTION, of(reach.institution)),
    ]
    .into_iter()
    .filter_map(|(name, column)| Some((name, column?)))
}

/// The table of an entity's facts.
pub(super) fn facts_table(reach: &Reach) -> String {
    format!("{}_facts", reach.entity)
}

/// One row for each `on` of a register that may have several, by its `choose`, else by the rest of its key.
fn chosen(register: &Register, name: &str, on: &[String], key: &[String]) -> String {
    let mut order = Vec::new();
    if let Some(choose) = &register.choose {
        let direction = if choose.greatest { "DESC" } else { "ASC" };
        order.push(format!("\"{}\" {direction} NULLS LAST", choose.by));
    }
    order.extend(
        key.iter()
            .filter(|column| !on.contains(column))
            .map(|column| format!("\"{column}\"")),
    );
    let on = on
        .iter()
        .map(|column| format!("\"{column}\""))
        .collect::<Vec<_>>()
        .join(", ");
    format!(
        "(SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY {on} ORDER BY {}) AS place FROM {name}) WHERE place = 1)",
        order.join(", ")
    )
}

/// A household's facts stand on each of its members' rows; where they differ the greatest counts. Of truth values that is
/// whether any holds, which the engine counts for all households at once: its `max` of them is a heap object each.
fn households(register: &Register, name: &str, own: &[(String, String)]) -> String {
    let is_truth = |stored: &str| {
        let mut columns = register.columns.iter();
        columns.any(|column| column.stored() == stored && column.kind == ColumnType::Value(FactType::Bool))
    };
    let facts = own
        .iter()
        .map(|(column, _)| {
            let greatest = if is_truth(column) { "bool_or" } else { "max" };
            format!(", {greatest}(\"{column}\") AS \"{column}\"")
        })
        .collect::<String>();
    format!("(SELECT household_no{facts} FROM {name} GROUP BY household_no)")
}

/// Contracts, and people insured with an employer of which no contract was filed.
fn employments(own: &[(String, String)]) -> String {
    let columns: Vec<&String> = own
        .iter()
        .map(|(column, _)| column)
        .filter(|c| *c != "contract_date")
        .collect();
    let named = columns
        .iter()
        .map(|column| format!(", \"{column}\""))
        .collect::<String>();
    let none = columns
        .iter()
        .map(|column| format!(", NULL AS \"{column}\""))
        .collect::<String>();
    format!(
        "(SELECT person_key, employer_key, contract_date{named} FROM employment \
         UNION ALL SELECT i.person_key, i.employer_key, NULL AS contract_date{none} FROM insured i \
         WHERE i.employer_key IS NOT NULL AND NOT EXISTS (SELECT 1 FROM employment e \
         WHERE e.person_key = i.person_key AND e.employer_key = i.employer_key))"
    )
}

/// A batch in the shape of a schema: columns by name, those that are not there null.
pub(super) fn shaped(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, DeriveError> {
    let mut columns: Vec<ArrayRef> = Vec::with_capacity(schema.fields().len());
    for field in schema.fields() {
        columns.push(match batch.column_by_name(field.name()) {
            Some(column) if column.data_type() == field.data_type() => Arc::clone(column),
            Some(column) => datafusion::arrow::compute::cast(column, field.data_type())
                .map_err(datafusion::error::DataFusionError::from)?,
            None => new_null_array(field.data_type(), batch.num_rows()),
        });
    }
    RecordBatch::try_new(Arc::clone(schema), columns)
        .map_err(datafusion::error::DataFusionError::from)
        .map_err(DeriveError::from)
}
