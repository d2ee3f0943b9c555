//! What a synthetic region must look like: shares and rates, each held within 5% at some tens of thousands of people.
//!
//! Most follow from the shares that are dealt; those that come out of drawn careers are measured once and kept here, so
//! that a change of the drawing shows.

use super::employers::{CLOSED_STARTUPS, NEW_STARTUPS, STAFF_PER_EMPLOYER};
use super::people::{AGE_BANDS, DISABLED, LOW_INCOME_HOUSEHOLDS, MEN, MIGRANTS, SKILL_LEVELS, SKILLED, STATUS};
use super::services::{INTERNS, LOANS, PLACED, POSTS, TRAINED};

/// What a share is one of: a hundred thousand.
pub const WHOLE: usize = 100_000;

/// One target.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// A short name.
    pub id: &'static str,
    /// On screen.
    pub label: &'static str,
    /// The share, in hundred-thousandths; a ratio above one is above [`WHOLE`].
    pub value: usize,
}

impl Target {
    /// 51.500%.
    pub fn shown(&self) -> String {
        format!("{}.{:03}%", self.value / 1000, self.value % 1000)
    }
}

const fn target(id: &'static str, label: &'static str, value: usize) -> Target {
    Target { id, label, value }
}

/// The share of all people that have a status on the day.
const fn of_status(column: usize) -> usize {
    let mut sum = 0;
    let mut band = 0;
    while band < AGE_BANDS.len() {
        sum += AGE_BANDS[band].2 * STATUS[band][column].1;
        band += 1;
    }
    sum / WHOLE
}

const STUDENTS: usize = of_status(0);
const EMPLOYEES: usize = of_status(1);
const FLEXIBLE: usize = of_status(2);
const FOUNDERS: usize = of_status(3);
const UNEMPLOYED: usize = of_status(4);

/// All targets.
pub const TARGETS: &[Target] = &[
    target("men", "男性占比", MEN),
    target("age-16-24", "16至24岁占比", AGE_BANDS[0].2),
    target("age-25-34", "25至34岁占比", AGE_BANDS[1].2),
    target("age-35-44", "35至44岁占比", AGE_BANDS[2].2),
    target("age-45-54", "45至54岁占比", AGE_BANDS[3].2),
    target("age-55-59", "55至59岁占比", AGE_BANDS[4].2),
    target("age-60-69", "60至69岁占比", AGE_BANDS[5].2),
    target("students", "在校学生占比", STUDENTS),
    target("migrants", "外来人口占比", MIGRANTS),
    target("insured", "当月由单位参保缴费的人占比", EMPLOYEES),
    target(
        "insured-alone",
        "当月以灵活就业身份缴费的人占比",
        FLEXIBLE + FOUNDERS * 6 / 10,
    ),
    target("insured-at-first", "缴费明细首月由单位缴费的人占比", 54_600),
    target("unpaid", "缴费明细中未到账的占比", 366),
    target("two-employers", "36个月内在两家以上单位参保的人占比", 37_600),
    target("contracts-of-the-year", "近12个月签订劳动合同的人占比", 18_650),
    target("unemployed", "登记失业人员占比", UNEMPLOYED),
    target(
        "unemployment-rate",
        "登记失业率",
        UNEMPLOYED * WHOLE / (EMPLOYEES + FLEXIBLE + FOUNDERS + UNEMPLOYED),
    ),
    target("registrations", "36个月内失业登记人次与人数之比", 6_400),
    target("benefit-months", "30个月内发放失业保险金的人月与人数之比", 9_360),
    target("graduates", "高校毕业生占比", 12_300),
    target(
        "skilled",
        "持有技能证书的人占比",
        SKILLED * (EMPLOYEES + FLEXIBLE + FOUNDERS) / WHOLE,
    ),
    target(
        "high-skilled",
        "技能人才中高技能人才占比",
        SKILL_LEVELS[0] + SKILL_LEVELS[1] + SKILL_LEVELS[2],
    ),
    target("veterans", "自主就业退役士兵占比", 575),
    target("disabled", "持证残疾人占比", DISABLED),
    target("low-income", "低保家庭成员占比", LOW_INCOME_HOUSEHOLDS),
    target("hard-to-employ", "就业困难人员占比", 2_700),
    target("founders", "现有创业者占比", FOUNDERS),
    target(
        "new-startups",
        "36个月内新办市场主体与人数之比",
        FOUNDERS * NEW_STARTUPS / WHOLE + CLOSED_STARTUPS,
    ),
    target("employers", "参保单位数与人数之比", EMPLOYEES / STAFF_PER_EMPLOYER),
    target("small-employers", "参保单位中30人以下的占比", 93_500),
    target("manufacturing", "用人单位中制造业占比", 52_000),
    target("enterprises", "用人单位中企业占比", 42_500),
    target("tail", "第10位与第100位单位参保人数之比", 700_000),
    target("trained", "36个月内参加培训人次与人数之比", TRAINED),
    target("interns", "36个月内见习人次与人数之比", INTERNS),
    target("posts", "公益性岗位在岗人次与人数之比", POSTS),
    target("placed", "36个月内介绍就业人次与人数之比", PLACED),
    target("loans", "36个月内创业担保贷款笔数与人数之比", LOANS),
];
