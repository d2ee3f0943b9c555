//! How many tasks there are, by unit and by month of the due day.

use std::collections::BTreeMap;

use civil::Month;
use document::Role;

use super::duty::Duty;
use super::group::region_of;
use super::scope::{Scope, suggested_name};
use crate::due::Light;

/// Tasks by their lights.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// All of them.
    pub all: usize,
    /// Past their day.
    pub red: usize,
    /// Soon to be due.
    pub yellow: usize,
    /// Not yet soon.
    pub green: usize,
}

impl Count {
    fn add(&mut self, light: Option<Light>) {
        self.all += 1;
        match light {
            Some(Light::Red) => self.red += 1,
            Some(Light::Yellow) => self.yellow += 1,
            Some(Light::Green) => self.green += 1,
            None => {}
        }
    }

    /// Of these tasks.
    pub fn of<'a, 'd: 'a>(duties: impl IntoIterator<Item = &'a Duty<'d>>) -> Self {
        let mut count = Self::default();
        for duty in duties {
            count.add(duty.light);
        }
        count
    }
}

/// A unit with its tasks; for tasks from above, the unit that is suggested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitTally {
    /// Name of the region.
    pub region: String,
    /// The unit.
    pub unit: String,
    /// By what to ask for it and for no unit of another region.
    pub asked_by: String,
    /// It is only suggested.
    pub suggested: bool,
    /// Tasks it leads.
    pub lead: usize,
    /// Tasks it is responsible for, where nothing says who leads.
    pub responsible: usize,
    /// Tasks it supports.
    pub support: usize,
    /// Its tasks by their lights; one in which it has two parts counts once.
    pub count: Count,
}

/// By unit, in order of first appearance; the units that were asked for.
pub fn by_unit(scope: &Scope<'_>, duties: &[Duty<'_>]) -> Vec<UnitTally> {
    let mut places: BTreeMap<(String, String, bool), usize> = BTreeMap::new();
    let mut tallies: Vec<(UnitTally, usize)> = Vec::new();
    for (number, duty) in (1..).zip(duties) {
        let region = region_of(scope, duty);
        for (assignment, suggestion) in duty.wanted_units(scope) {
            let (unit, suggested) = match (duty.above, suggested_name(suggestion)) {
                (false, _) => (scope.unit_name(duty.pack, &assignment.unit), false),
                (true, Some(name)) => (scope.suggested_unit_name(name), true),
                (true, None) => continue,
            };
            let place = *places
                .entry((region.clone(), unit.to_owned(), suggested))
                .or_insert_with(|| {
                    let tally = UnitTally {
                        region: region.clone(),
                        unit: unit.to_owned(),
                        asked_by: scope.asking_name(duty.pack, unit),
                        suggested,
                        lead: 0,
                        responsible: 0,
                        support: 0,
                        count: Count::default(),
                    };
                    tallies.push((tally, 0));
                    tallies.len() - 1
                });
            let (tally, last) = &mut tallies[place];
            match assignment.role {
                Role::Lead => tally.lead += 1,
                Role::Responsible => tally.responsible += 1,
                Role::Support => tally.support += 1,
            }
            if *last != number {
                tally.count.add(duty.light);
                *last = number;
            }
        }
    }
    tallies.into_iter().map(|(tally, _)| tally).collect()
}

/// The tasks due in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthTally {
    /// The month.
    pub month: Month,
    /// Tasks by their lights.
    pub count: Count,
}

/// By month of the due day, earliest first; tasks without one are in no month.
pub fn by_month(duties: &[Duty<'_>]) -> Vec<MonthTally> {
    let mut months: BTreeMap<Month, Count> = BTreeMap::new();
    for duty in duties {
        if let Some(due) = duty.task.deadline.due.filter(|_| duty.light.is_some()) {
            months.entry(due.month()).or_default().add(duty.light);
        }
    }
    months
        .into_iter()
        .map(|(month, count)| MonthTally { month, count })
        .collect()
}
