//! One benefit to registers.

use std::collections::{BTreeMap, BTreeSet};

use policy::benefit::{Benefit, Citation, Expression, Implements, Right, Status};
use policy::file::{Diagnostics, Located};

use super::history::Span;
use super::money::note;
use super::{Condition, MAX_CONDITIONS, Moves, Origin, Step, Version};
use crate::decision::Reason;
use crate::kernel::Sum;
use crate::language::parse;
use crate::program::{Builder, Mask, MaskOp, Program, Register};
use crate::typed::{Kind, Typed, TypedNode, check};

/// The declared condition that the case lies in the document's region.
const IN_REGION: &str = "in-region";

/// A child region's benefit that takes a circle out of this one.
#[derive(Debug, Clone)]
pub struct Carried<'b> {
    /// The child's benefit.
    pub child: &'b Benefit,
    /// What it says.
    pub implements: &'b Implements,
    /// The child's region.
    pub region: String,
    /// The child's document as it is cited on screen.
    pub document: String,
}

/// What a benefit's file does not say of itself.
#[derive(Debug, Clone, Default)]
pub struct Surroundings<'b> {
    /// Code and name of the region its document is for.
    pub region: Option<(String, String)>,
    /// The benefits of child regions that carry it out.
    pub carried: Vec<Carried<'b>>,
    /// All benefits that count as this one where a month must not be paid twice: the parent's that it carries out, and
    /// all that carry out the same.
    pub kin: Vec<String>,
}

/// What may be wanted of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    Condition,
    Money,
    Whole,
    Date,
    Rate,
    Choice,
}

/// Compiles one benefit.
pub(super) struct Compile<'c, 'v, 'b> {
    pub(super) builder: &'c mut Builder<'v>,
    pub(super) benefit: &'b Benefit,
    pub(super) diagnostics: &'c Diagnostics,
    pub(super) conditions: Vec<Condition>,
}

/// Compiles a version of a benefit; what is wrong is reported and `None` answered.
pub fn compile(
    builder: &mut Builder<'_>,
    benefit: &Benefit,
    surroundings: &Surroundings<'_>,
    diagnostics: &Diagnostics,
) -> Option<Version> {
    let mut compile = Compile {
        builder,
        benefit,
        diagnostics,
        conditions: Vec::new(),
    };
    compile.version(surroundings)
}

impl Compile<'_, '_, '_> {
    fn version(&mut self, surroundings: &Surroundings<'_>) -> Option<Version> {
        let written = self.written();
        let mut version = Version {
            benefit: self.benefit.clone(),
            version: self.benefit.version(),
            kin: if self.benefit.monthly {
                surroundings.kin.clone()
            } else {
                Vec::new()
            },
            conditions: Vec::new(),
            place: None,
            window: None,
            window_over: None,
            amount: None,
            amount_facts: Vec::new(),
            amount_exceptions: Vec::new(),
            monthly: None,
            months: None,
            breakdown: Vec::new(),
            loan: None,
            staging: None,
            recovery: None,
            shares: Vec::new(),
            condition_ops: Vec::new(),
            place_ops: Vec::new(),
            window_ops: Vec::new(),
            steps: Vec::new(),
            sum: None,
            amount_ops: Vec::new(),
            cause_ops: Vec::new(),
            parameter_ops: Vec::new(),
            open: None,
            other_ops: Vec::new(),
            amount_moves: Moves::Never,
        };
        // Everything is compiled even where something failed, so that all mistakes of a file are told at once.
        let parts = [
            written,
            self.money(&mut version),
            self.loan(&mut version),
            self.months(&mut version),
            self.in_region(surroundings),
            self.window(&mut version),
            self.claim_until(),
            self.by_the_month(&surroundings.kin),
            self.limits(),
            self.carried(&surroundings.carried),
            self.staging(&mut version),
            self.shares(&mut version),
        ];
        self.open_parts();
        version.conditions = std::mem::take(&mut self.conditions);
        self.distinct(&version.conditions);
        if version.conditions.len() > MAX_CONDITIONS {
            let message = format!(
                "“{}”有 {} 个条件，上限 {MAX_CONDITIONS} 个",
                self.benefit.name,
                version.conditions.len()
            );
            self.benefit
                .id
                .report(self.diagnostics, message, "请拆成几个补贴项目，或用 OR、IN 合并条件");
            return None;
        }
        if parts.contains(&None) {
            return None;
        }
        self.plan(&mut version);
        Some(version)
    }

    /// Which operations each part of the work needs.
    fn plan(&self, version: &mut Version) {
        let program = self.builder.program();
        let conditions = version.condition_registers();
        let amount: Vec<Register> = [version.amount, version.monthly, version.months]
            .into_iter()
            .flatten()
            .map(Register::Narrow)
            .collect();
        let mut others: Vec<Register> = version.breakdown.iter().map(|part| part.register).collect();
        if let Some(loan) = &version.loan {
            others.extend(
                [loan.limit, loan.term_months]
                    .into_iter()
                    .flatten()
                    .map(Register::Narrow),
            );
            let rates = [loan.rate_ceiling, loan.borrower_rate, loan.subsidy_rate];
            others.extend(rates.into_iter().flatten().map(|(register, _)| register));
        }
        others.extend(
            version
                .staging
                .into_iter()
                .flat_map(|(a, b)| [Register::Narrow(a), Register::Narrow(b)]),
        );
        others.extend(
            version
                .recovery
                .into_iter()
                .flat_map(|(a, b)| [Register::Mask(a), Register::Narrow(b)]),
        );
        others.extend(version.window_over.map(Register::Mask));
        others.extend(version.shares.iter().flatten().map(|mask| Register::Mask(*mask)));
        let selectors = version
            .amount_exceptions
            .iter()
            .chain(version.conditions.iter().flat_map(|condition| &condition.exceptions));
        others.extend(selectors.map(|(.., mask)| Register::Mask(*mask)));
        version.condition_ops = program.needed(&conditions);
        version.sum = version.amount.and_then(|amount| Sum::of(program, amount));
        version.amount_ops = program.needed(&amount);
        version.other_ops = program.needed(&others);
        let causes = conditions.iter().copied().chain(version.amount.map(Register::Narrow));
        version.cause_ops = program.needed(&causes.collect::<Vec<_>>());
        version.parameter_ops = version.cause_ops.clone();
        version.parameter_ops.retain(|op| program.may_be_unset(*op));
        let mut open = version
            .conditions
            .iter()
            .filter(|condition| condition.origin == Origin::Open);
        version.open = open.find_map(|condition| Reason::of_open(&condition.id));
        for condition in &mut version.conditions {
            condition.moves = self.moves(&[Register::Mask(condition.mask)]);
        }
        let place = |condition: &Condition| condition.origin == Origin::Declared && condition.id == IN_REGION;
        version.place = version.conditions.iter().position(place);
        let of_place = version.place().map(|condition| Register::Mask(condition.mask));
        version.place_ops = program.needed(of_place.as_slice());
        version.window_ops = program.needed(version.window.map(Register::Mask).as_slice());
        version.steps = steps(program, version);
        version.amount_moves = self.moves(&amount);
    }

    /// How the passing of time alone may change one of the registers.
    fn moves(&self, registers: &[Register]) -> Moves {
        let (program, vocabulary) = (self.builder.program(), self.builder.vocabulary);
        let advances = |fact: u32| {
            vocabulary
                .dictionary
                .fact(vocabulary.fact_name(fact))
                .is_some_and(|fact| fact.advances)
        };
        // A count by the year of `as_of` may change on any day, though only the new year's does.
        let of_today = |fact: u32| {
            let counted = fact
                .checked_sub(vocabulary.fact_count())
                .and_then(|at| usize::try_from(at).ok());
            counted
                .and_then(|at| self.builder.history.get(at))
                .is_some_and(|fact| fact.span == Span::YearOf(None))
        };
        if program.reads(registers, |input| input.fact.is_none_or(of_today)) {
            Moves::Daily
        } else if program.reads(registers, |input| input.fact.is_some_and(advances)) {
            Moves::Monthly
        } else {
            Moves::Never
        }
    }

    fn written(&mut self) -> Option<()> {
        let mut fine = Some(());
        for condition in &self.benefit.conditions {
            let cite = condition.cite.clone().unwrap_or_else(|| self.benefit.cite.clone());
            match self.written_one(condition) {
                Some((whole, facts, exceptions)) => {
                    let place = condition.when.place().to_string();
                    self.record(&condition.id, &place, &whole);
                    self.conditions.push(Condition {
                        id: condition.id.to_string(),
                        text: condition.text.clone(),
                        cite,
                        origin: Origin::Written,
                        mask: self.builder.condition(&whole),
                        facts,
                        exceptions,
                        place,
                        moves: Moves::Never,
                    });
                }
                None => fine = None,
            }
        }
        fine
    }

    /// The general rule with its labelled exceptions, its facts, and id, text and selector of the exceptions.
    #[expect(clippy::type_complexity, reason = "one caller, which takes it apart at once")]
    fn written_one(
        &mut self,
        condition: &policy::benefit::Condition,
    ) -> Option<(Typed, Vec<u32>, Vec<(String, String, Mask)>)> {
        let general = self.typed(&condition.when, Want::Condition);
        let mut exceptions = Vec::new();
        for exception in &condition.exceptions {
            let (applies, when) = (
                self.typed(&exception.applies, Want::Condition),
                self.typed(&exception.when, Want::Condition),
            );
            exceptions.push((exception, applies?, when?));
        }
        let general = general?;
        let mut facts = general.facts();
        if exceptions.is_empty() {
            return Some((general, facts, Vec::new()));
        }
        let mut named = Vec::new();
        for (exception, applies, when) in &exceptions {
            note(&mut facts, applies);
            note(&mut facts, when);
            let selector = self.builder.condition(applies);
            named.push((exception.id.to_string(), exception.text.clone(), selector));
        }
        let branches = exceptions
            .into_iter()
            .map(|(_, applies, when)| (applies, when))
            .collect();
        Some((Typed::exclusive(branches, general), facts, named))
    }

    /// Keeps an expression for whoever compares the kernel with another engine.
    pub(super) fn record(&mut self, part: &str, place: &str, typed: &Typed) {
        self.builder
            .record(&self.benefit.id, &self.benefit.pack, part, place, typed);
    }

    /// Parses and checks an expression against what is wanted there.
    pub(super) fn typed(&mut self, expression: &Expression, want: Want) -> Option<Typed> {
        let typed = parse(expression).and_then(|syntax| check(self.builder.vocabulary, &syntax));
        let typed = match typed {
            Ok(typed) => typed,
            Err(error) => {
                expression.report_within(self.diagnostics, error.offset, error.message, error.hint);
                return None;
            }
        };
        let (fits, wanted, hint) = match want {
            Want::Condition => (typed.kind == Kind::Bool, "条件", "如 employment.insured_months >= 3"),
            Want::Money => (
                typed.kind == Kind::FEN,
                "金额",
                "金额写成 yuan(3000)；有小数的用 round(…, 2, 'half_up') 取整到分",
            ),
            Want::Whole => (typed.kind == Kind::INT, "整数", "有小数的用 floor、ceil 或 round 取整"),
            Want::Date => (
                matches!(typed.kind, Kind::Date | Kind::Month),
                "日期",
                "如 employment.contract_date",
            ),
            Want::Rate => (
                matches!(typed.kind, Kind::Number { money: false, .. }),
                "比率",
                "如 $lpr_1y + 0.01，1 个百分点写 0.01",
            ),
            Want::Choice => (
                matches!(typed.kind, Kind::Code(_)),
                "选项类政策标准",
                "如 $zy_refund_method",
            ),
        };
        if !fits {
            let message = format!("这里应是{wanted}，写的是{}", typed.kind.label());
            expression.report_within(self.diagnostics, typed.at, message, hint);
            return None;
        }
        self.record("", &expression.place().to_string(), &typed);
        Some(typed)
    }

    /// Adds a condition that the file declares.
    pub(super) fn declare(
        &mut self,
        id: &str,
        text: String,
        origin: Origin,
        condition: &Typed,
        place: &Located<String>,
    ) {
        let facts = condition.facts();
        self.record(id, &place.place().to_string(), condition);
        let mask = self.builder.condition(condition);
        self.declare_mask(id, text, origin, mask, facts, place);
    }

    pub(super) fn declare_mask(
        &mut self,
        id: &str,
        text: String,
        origin: Origin,
        mask: Mask,
        facts: Vec<u32>,
        place: &Located<String>,
    ) {
        self.conditions.push(Condition {
            id: id.to_owned(),
            text,
            cite: self.benefit.cite.clone(),
            origin,
            mask,
            facts,
            exceptions: Vec::new(),
            place: place.place().to_string(),
            moves: Moves::Never,
        });
    }

    /// What keeps a benefit from being decided from the loaded documents alone.
    fn open_parts(&mut self) {
        let unknown = |compile: &mut Self| compile.builder.mask(MaskOp::Constant(None));
        let id = self.benefit.id.clone();
        if self.benefit.right == Right::Discretionary && self.benefit.local_rule.is_none() {
            let mask = unknown(self);
            let text = "原文只赋予裁量权，是否给予须由有权决定的部门规定".to_owned();
            self.declare_mask("local-rule", text, Origin::Open, mask, Vec::new(), &id);
        }
        if self.benefit.right == Right::Directive {
            let mask = unknown(self);
            let text = "原文要求另行落实，不能仅凭本文申领".to_owned();
            self.declare_mask("directive", text, Origin::Open, mask, Vec::new(), &id);
        }
        for open in &self.benefit.open {
            if let Some(parameter) = open
                .parameter
                .as_ref()
                .filter(|id| self.builder.vocabulary.parameters.get(id).is_none())
            {
                let hint = self.builder.vocabulary.parameters.meant(parameter);
                parameter.report(self.diagnostics, format!("没有政策标准“${}”", **parameter), hint);
            }
        }
        let what: Vec<&str> = self
            .benefit
            .open
            .iter()
            .filter(|open| open.parameter.is_none())
            .map(|open| open.what.as_str())
            .collect();
        if self.benefit.status == Status::Delegated && !what.is_empty() {
            let mask = unknown(self);
            self.declare_mask(
                "delegated",
                format!("另有规定未收录：{}", what.join("、")),
                Origin::Open,
                mask,
                Vec::new(),
                &id,
            );
        }
    }

    /// The case lies in the region that the document is for.
    fn in_region(&mut self, surroundings: &Surroundings<'_>) -> Option<()> {
        let Some((code, name)) = &surroundings.region else {
            return Some(());
        };
        let fact = self.benefit.place_fact();
        let inside = fact.with(format!("in_region({}, '{}')", *fact, significant(code)));
        let typed = self.typed(&inside, Want::Condition)?;
        let label = self.builder.vocabulary.dictionary.fact(&fact);
        let text = format!("{}在{name}", label.map_or(fact.as_str(), |fact| fact.label.as_str()));
        self.declare(IN_REGION, text, Origin::Declared, &typed, &fact);
        Some(())
    }

    /// A written condition must not bear the name of one that the program declares.
    fn distinct(&self, conditions: &[Condition]) {
        for condition in &self.benefit.conditions {
            if conditions.iter().filter(|other| other.id == *condition.id).count() > 1 {
                let message = format!("条件编号“{}”由程序自动产生，不能自用", *condition.id);
                condition.id.report(
                    self.diagnostics,
                    message,
                    "范围、月份、次数和期限由程序按声明检查，请删去这个条件",
                );
            }
        }
    }

    fn carried(&mut self, carried: &[Carried<'_>]) -> Option<()> {
        let mut fine = Some(());
        for one in carried {
            if self.carried_one(one).is_none() {
                fine = None;
            }
        }
        fine
    }

    /// Outside the circle that a child region's benefit covers in its region.
    fn carried_one(&mut self, one: &Carried<'_>) -> Option<()> {
        let fact = one.child.place_fact();
        let inside = fact.with(format!("in_region({}, '{}')", *fact, significant(&one.region)));
        let mut circle = vec![self.typed(&inside, Want::Condition)?];
        if let Some(expression) = &one.implements.circle {
            circle.push(self.typed(expression, Want::Condition)?);
        }
        let all = Typed {
            at: 0,
            kind: Kind::Bool,
            node: TypedNode::And(circle),
        };
        let outside = Typed {
            at: 0,
            kind: Kind::Bool,
            node: TypedNode::Not(Box::new(all)),
        };
        let text = format!(
            "不属于另有本地规定的情形：本地按“{}”（{}{}）办理的，由该项代替本项",
            one.child.name,
            one.document,
            policy::item::words(&one.child.cite.item)
        );
        let id = format!("{}{}", super::OUTSIDE, *one.child.id);
        self.declare(&id, text, Origin::Declared, &outside, &one.implements.id);
        if let Some(last) = self.conditions.last_mut() {
            last.cite = Citation::clone(&one.child.cite);
        }
        Some(())
    }
}

/// The conditions beside the place from cheap to dear, each with the operations that are new in it.
fn steps(program: &Program, version: &Version) -> Vec<Step> {
    let mut steps: Vec<Step> = version
        .conditions
        .iter()
        .enumerate()
        .filter(|(number, _)| Some(*number) != version.place)
        .map(|(number, condition)| Step {
            condition: number,
            ops: program.needed(&[Register::Mask(condition.mask)]),
        })
        .collect();
    steps.sort_by_key(|step| step.ops.iter().map(|op| program.cost(*op)).sum::<u32>());
    let mut known: BTreeSet<u32> = version.place_ops.iter().copied().collect();
    for step in &mut steps {
        step.ops.retain(|op| known.insert(*op));
    }
    steps
}

/// The digits of a region's code that its whole subtree shares: `21` of 210000, `5120` of 512000, `330282`.
fn significant(code: &str) -> &str {
    code.strip_suffix("0000")
        .or_else(|| code.strip_suffix("00"))
        .unwrap_or(code)
}

/// Names of selectors, for saying which two exceptions hold at once.
pub(crate) fn selector_names(version: &Version) -> BTreeMap<Mask, (String, String)> {
    version
        .amount_exceptions
        .iter()
        .chain(version.conditions.iter().flat_map(|condition| &condition.exceptions))
        .map(|(id, text, mask)| (*mask, (id.clone(), text.clone())))
        .collect()
}
