//! Payments in stages: shares of an estimate at events, and the balance when what is really due is known.

use std::collections::BTreeSet;

use civil::{Calendar, CalendarError, Day, Money, Rate, Rounding};

/// Most stages of one schedule; more is a mistake.
pub(crate) const MAX_STAGES: usize = 64;

/// One payment of a schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Its name in the policy pack, unique in the schedule.
    pub id: String,
    /// The event that releases it, by its name in the policy pack.
    pub event: String,
    /// Within how many working days after the event it is to be paid; absent where the document sets none.
    pub within_working_days: Option<u16>,
    /// How much it is.
    pub part: Part,
}

/// How much a stage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A share of the whole estimate.
    OfEstimate(Rate),
    /// A share of what the stages before it leave of the estimate: the other reading of a bare percentage.
    OfRest(Rate),
    /// What is really due less what was paid; the last stage and only the last.
    Balance,
}

/// The stages of a benefit, in order, ending in the balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    stages: Vec<Stage>,
    rounding: Rounding,
}

/// What a stage comes to for one estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instalment<'a> {
    /// The stage.
    pub stage: &'a Stage,
    /// How much: what may be paid in advance, or, for the balance, what is expected if the estimate holds.
    pub amount: Money,
}

/// Stages or an estimate that cannot be paid by.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// No stage at all.
    #[error("没有任何拨付阶段；请至少列出结算一个阶段")]
    NoStages,
    /// More stages than [`Schedule`] takes.
    #[error("拨付阶段共{found}个，超过上限{MAX_STAGES}个；请核对")]
    TooManyStages {
        /// How many there are.
        found: usize,
    },
    /// Two stages of one name, or one without a name.
    #[error("拨付阶段“{id}”的编号为空或重复；每个阶段应有自己的编号")]
    Id {
        /// The name.
        id: String,
    },
    /// A share that is not more than nothing and at most the whole.
    #[error("拨付阶段“{id}”的比例为{rate}，应大于0%且不超过100%")]
    Rate {
        /// The stage.
        id: String,
        /// Its share as given.
        rate: Rate,
    },
    /// Advances that together are more than the estimate.
    #[error("到拨付阶段“{id}”时，预拨比例合计超过预计总额的100%；请核对各阶段比例")]
    MoreThanWhole {
        /// The stage at which the sum passes 100%.
        id: String,
    },
    /// The balance missing at the end, or standing before it.
    #[error("结算（余款）应是最后一个阶段，且只有一个；请核对拨付阶段“{id}”")]
    Balance {
        /// The stage that is wrong.
        id: String,
    },
    /// Less than nothing to pay in stages.
    #[error("预计总额为{estimate}，不得为负")]
    NegativeEstimate {
        /// The estimate as given.
        estimate: Money,
    },
}

impl Schedule {
    /// The schedule of these stages; each advance is rounded as named.
    ///
    /// # Errors
    /// No stage or too many, a name that is empty or used twice, a share outside 0% to 100%, advances that together
    /// pass 100% of the estimate, a balance that is not the last stage, or none.
    pub fn new(stages: Vec<Stage>, rounding: Rounding) -> Result<Self, ScheduleError> {
        let Some(last) = stages.len().checked_sub(1) else {
            return Err(ScheduleError::NoStages);
        };
        if stages.len() > MAX_STAGES {
            return Err(ScheduleError::TooManyStages { found: stages.len() });
        }
        let mut ids = BTreeSet::new();
        let mut advanced = Rate::ZERO;
        for (index, stage) in stages.iter().enumerate() {
            let id = || stage.id.clone();
            if stage.id.trim().is_empty() || !ids.insert(stage.id.as_str()) {
                return Err(ScheduleError::Id { id: id() });
            }
            if (stage.part == Part::Balance) != (index == last) {
                return Err(ScheduleError::Balance { id: id() });
            }
            if let Part::OfEstimate(rate) | Part::OfRest(rate) = stage.part
                && !(Rate::ZERO < rate && rate <= Rate::ONE)
            {
                return Err(ScheduleError::Rate { id: id(), rate });
            }
            if let Part::OfEstimate(rate) = stage.part {
                let sum = advanced.checked_add(rate).filter(|sum| *sum <= Rate::ONE);
                advanced = sum.ok_or_else(|| ScheduleError::MoreThanWhole { id: id() })?;
            }
        }
        Ok(Self { stages, rounding })
    }

    /// The stages in order.
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// What each stage comes to for an estimate, in order; together they are the estimate, and none is negative.
    ///
    /// An advance that rounding would carry past the estimate is cut to what is left of it. The last amount is only
    /// what is expected: what is really paid or taken back then says [`crate::settle`].
    ///
    /// # Errors
    /// A negative estimate.
    pub fn plan(&self, estimate: Money) -> Result<Vec<Instalment<'_>>, ScheduleError> {
        if estimate.is_negative() {
            return Err(ScheduleError::NegativeEstimate { estimate });
        }
        let mut left = estimate;
        let mut plan = Vec::with_capacity(self.stages.len());
        for stage in &self.stages {
            let wanted = match stage.part {
                Part::OfEstimate(rate) => rate.of(estimate, self.rounding),
                Part::OfRest(rate) => rate.of(left, self.rounding),
                Part::Balance => Some(left),
            };
            // A share of at most 100% of an amount that fits also fits.
            let amount = wanted.map_or(left, |wanted| wanted.min(left));
            left = left.checked_sub(amount).unwrap_or(Money::ZERO);
            plan.push(Instalment { stage, amount });
        }
        Ok(plan)
    }
}

impl Stage {
    /// By which day it is to be paid, if its event was on that day; nothing where no term is set.
    ///
    /// # Errors
    /// [`CalendarError::UnknownYear`] where the term reaches a year without a calendar.
    pub fn due(&self, event: Day, calendar: &Calendar) -> Result<Option<Day>, CalendarError> {
        let due = self
            .within_working_days
            .map(|days| calendar.add_working_days(event, days));
        due.transpose()
    }
}
