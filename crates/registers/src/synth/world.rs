//! The region as it is, before any row is written.

use civil::Month;

use super::employers::{self, Employers};
use super::faults::Faults;
use super::people::{self, Household, Person};
use super::plan::{MONTHS, Plan};

/// Everybody and everything.
#[derive(Debug)]
pub(super) struct World {
    pub(super) plan: Plan,
    pub(super) people: Vec<Person>,
    pub(super) households: Vec<Household>,
    pub(super) employers: Employers,
    pub(super) faults: Faults,
    /// The months written, the last one first.
    pub(super) months: Vec<Month>,
    codes: Vec<String>,
}

impl World {
    pub(super) fn new(plan: Plan) -> Self {
        let (people, households) = people::people(&plan);
        let employers = employers::employers(&plan, &people);
        let faults = Faults::choose(&plan, &people, &employers);
        let last = plan.last_month();
        let months = (0..i32::try_from(MONTHS).unwrap_or(0))
            .filter_map(|back| last.add_months(-back))
            .collect();
        let count = u32::try_from(employers.list.len()).unwrap_or(u32::MAX);
        let codes = (0..count).map(|number| employers.code(number)).collect();
        Self {
            plan,
            people,
            households,
            employers,
            faults,
            months,
            codes,
        }
    }

    /// The credit code of an employer.
    pub(super) fn code(&self, employer: u32) -> &str {
        self.codes.get(employer as usize).map_or("", String::as_str)
    }
}
