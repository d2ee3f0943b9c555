//! The due light of a task: only a deadline of class `date` can be overdue.

use civil::Day;
use document::DeadlineClass;

use crate::pack::Deadline;

/// Days before the due day from which the light is yellow.
pub const YELLOW_DAYS: i32 = 30;

/// How a task stands with its due day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Light {
    /// More than [`YELLOW_DAYS`] days left.
    Green,
    /// [`YELLOW_DAYS`] days or fewer left, the due day included.
    Yellow,
    /// The due day is past.
    Red,
}

impl Light {
    /// 绿, 黄 or 红.
    pub fn word(self) -> &'static str {
        match self {
            Self::Green => "绿",
            Self::Yellow => "黄",
            Self::Red => "红",
        }
    }
}

/// The light on `as_of`; `None` for every class but `date`.
pub fn light(deadline: &Deadline, as_of: Day) -> Option<Light> {
    let due = deadline.due.filter(|_| deadline.class == DeadlineClass::Date)?;
    Some(match as_of.days_until(due) {
        days if days < 0 => Light::Red,
        days if days <= YELLOW_DAYS => Light::Yellow,
        _ => Light::Green,
    })
}

/// What stands in the place of a light for the classes that have none.
pub fn class_label(class: DeadlineClass) -> &'static str {
    match class {
        DeadlineClass::Date => "限期",
        DeadlineClass::Standing => "长期",
        DeadlineClass::AsRequired => "按要求",
        DeadlineClass::OnIssue => "印发起实施",
        DeadlineClass::None => "未载明",
    }
}
