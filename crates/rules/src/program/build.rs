//! Collects operations, each once.

use std::collections::BTreeMap;

use civil::Day;
use policy::parameter::Scalar;

use super::{Input, Mask, MaskOp, Narrow, NarrowOp, Op, Program, Register, Steps, Wide, WideOp};
use crate::benefit::HistoryFact;
use crate::calendar;
use crate::typed::{Kind, Typed, Vocabulary};

/// Builds a program.
#[derive(Debug)]
pub struct Builder<'v> {
    /// What expressions name.
    pub vocabulary: &'v Vocabulary,
    /// The day whose documents and parameters may be used.
    pub known_on: Day,
    /// The day decisions are about, where it is the same for all rows; otherwise it is a column.
    pub as_of: Option<Day>,
    /// The pack whose expressions are being compiled, its parent, and so on: for parameters.
    pub lineage: Vec<String>,
    /// Counts taken from the benefit history, numbered after the facts of the dictionary.
    pub history: Vec<HistoryFact>,
    /// Parameters supposed to have one value on all days, whatever documents say: for trying a standard out.
    pub supposed: BTreeMap<String, i128>,
    /// Where somebody wants them: the expressions met so far, in order.
    pub records: Option<Vec<Record>>,
    program: Program,
    known: BTreeMap<Op, u32>,
}

/// An expression with the register it is compiled to, for comparing the kernel with another engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The benefit.
    pub benefit: String,
    /// The pack its version is from.
    pub pack: String,
    /// The condition's id, or what of the benefit it is; empty for an expression as it is written.
    pub part: String,
    /// File, line and column.
    pub place: String,
    /// The pack, its parent, and so on: for parameters.
    pub lineage: Vec<String>,
    /// The expression.
    pub typed: Typed,
    /// Its register.
    pub register: Register,
}

impl<'v> Builder<'v> {
    /// An empty program.
    pub fn new(vocabulary: &'v Vocabulary, known_on: Day, as_of: Option<Day>) -> Self {
        Self {
            vocabulary,
            known_on,
            as_of,
            lineage: Vec::new(),
            history: Vec::new(),
            supposed: BTreeMap::new(),
            records: None,
            program: Program::default(),
            known: BTreeMap::new(),
        }
    }

    /// Records an expression, where records are wanted. It is compiled at once: the same expression later finds its
    /// operations there.
    pub fn record(&mut self, benefit: &str, pack: &str, part: &str, place: &str, typed: &Typed) {
        if self.records.is_none() {
            return;
        }
        let record = Record {
            benefit: benefit.to_owned(),
            pack: pack.to_owned(),
            part: part.to_owned(),
            place: place.to_owned(),
            lineage: self.lineage.clone(),
            typed: typed.clone(),
            register: self.value(typed),
        };
        self.records.get_or_insert_default().push(record);
    }

    /// The number of a count taken from the history; the same count twice has one number.
    pub fn history_fact(&mut self, fact: HistoryFact) -> u32 {
        let at = self.history.iter().position(|known| *known == fact).unwrap_or_else(|| {
            self.history.push(fact);
            self.history.len() - 1
        });
        self.vocabulary.fact_count() + count(at)
    }

    /// The finished program, and the counts it takes from the history.
    pub fn finish(self) -> (Program, Vec<HistoryFact>) {
        (self.program, self.history)
    }

    /// The program so far.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The column of a fact, or of `as_of`.
    pub fn slot(&mut self, fact: Option<u32>, kind: Kind) -> u32 {
        let at = self
            .program
            .inputs
            .iter()
            .position(|input| input.fact == fact)
            .unwrap_or_else(|| {
                self.program.inputs.push(Input { fact, kind });
                self.program.inputs.len() - 1
            });
        count(at)
    }

    /// The register of an operation on truth values.
    pub fn mask(&mut self, op: MaskOp) -> Mask {
        let op = match op {
            MaskOp::All(list) | MaskOp::Any(list) if list.len() == 1 => {
                return list.first().copied().unwrap_or(Mask(0));
            }
            other => other,
        };
        let next = self.program.masks;
        let register = self.keep(Op::Mask(op), next, Register::Mask(Mask(next)));
        self.program.masks = next.max(register + 1);
        Mask(register)
    }

    /// The register of an operation on 64-bit values.
    pub fn narrow(&mut self, op: NarrowOp) -> Narrow {
        let op = self.folded_narrow(op);
        let next = self.program.narrows;
        let register = self.keep(Op::Narrow(op), next, Register::Narrow(Narrow(next)));
        self.program.narrows = next.max(register + 1);
        Narrow(register)
    }

    /// The register of an operation on 128-bit values.
    pub fn wide(&mut self, op: WideOp) -> Wide {
        let op = self.folded_wide(op);
        let next = self.program.wides;
        let register = self.keep(Op::Wide(op), next, Register::Wide(Wide(next)));
        self.program.wides = next.max(register + 1);
        Wide(register)
    }

    fn keep(&mut self, op: Op, next: u32, register: Register) -> u32 {
        if let Some(known) = self.known.get(&op) {
            return *known;
        }
        self.program.writers.insert(register, count(self.program.ops.len()));
        self.program.ops.push((op.clone(), next));
        self.known.insert(op, next);
        next
    }

    /// The value a 64-bit register holds in every row, if it does.
    pub(super) fn constant(&self, register: Narrow) -> Option<i64> {
        self.program.constant(register)
    }

    fn wide_constant(&self, register: Wide) -> Option<i128> {
        match self.program.writer(Register::Wide(register)) {
            Some((_, Op::Wide(WideOp::Constant(value)))) => Some(*value),
            _ => None,
        }
    }

    /// What never changes from row to row is computed now; what would overflow stays, and is a fault of each row.
    fn folded_narrow(&self, op: NarrowOp) -> NarrowOp {
        let both = |a: Narrow, b: Narrow| Some((self.constant(a)?, self.constant(b)?));
        let folded = match &op {
            NarrowOp::Add(a, b) => both(*a, *b).and_then(|(a, b)| a.checked_add(b)),
            NarrowOp::Subtract(a, b) => both(*a, *b).and_then(|(a, b)| a.checked_sub(b)),
            NarrowOp::Multiply(a, b) => both(*a, *b).and_then(|(a, b)| a.checked_mul(b)),
            NarrowOp::Calendar(function, a, b) => {
                both(*a, *b).and_then(|(a, b)| crate::kernel::calendar(*function, a, b))
            }
            NarrowOp::Narrowed(a) => self.wide_constant(*a).and_then(|value| i64::try_from(value).ok()),
            NarrowOp::NotNegative(a) => self.constant(*a).filter(|value| *value >= 0),
            NarrowOp::Step(steps, day) => {
                let (Some(day), Some(steps)) = (self.constant(*day), self.steps(*steps)) else {
                    return op;
                };
                match steps.on(day) {
                    Some(value) => i64::try_from(value).ok(),
                    None => return NarrowOp::Unset(steps.parameter),
                }
            }
            _ => None,
        };
        folded.map_or(op, NarrowOp::Constant)
    }

    fn folded_wide(&self, op: WideOp) -> WideOp {
        let both = |a: Wide, b: Wide| Some((self.wide_constant(a)?, self.wide_constant(b)?));
        let folded = match &op {
            WideOp::Widened(a) => self.constant(*a).map(i128::from),
            WideOp::Scaled(a, power) => self
                .wide_constant(*a)
                .and_then(|a| a.checked_mul(10_i128.checked_pow(u32::from(*power))?)),
            WideOp::Add(a, b) => both(*a, *b).and_then(|(a, b)| a.checked_add(b)),
            WideOp::Subtract(a, b) => both(*a, *b).and_then(|(a, b)| a.checked_sub(b)),
            WideOp::Multiply(a, b) => both(*a, *b).and_then(|(a, b)| a.checked_mul(b)),
            WideOp::Step(steps, day) => {
                let (Some(day), Some(steps)) = (self.constant(*day), self.steps(*steps)) else {
                    return op;
                };
                match steps.on(day) {
                    Some(value) => Some(value),
                    None => return WideOp::Unset(steps.parameter),
                }
            }
            _ => None,
        };
        folded.map_or(op, WideOp::Constant)
    }

    fn steps(&self, steps: u32) -> Option<&Steps> {
        usize::try_from(steps).ok().and_then(|at| self.program.steps.get(at))
    }

    /// The parameter's values by day, of what was known on `known_on`, for the lineage; `None` where nobody has set any.
    pub(super) fn parameter_steps(&mut self, parameter: u32) -> Option<u32> {
        let known = self
            .vocabulary
            .parameters
            .get(self.vocabulary.parameter_id(parameter))?;
        let list = match self.vocabulary.kind_of(&known.kind) {
            Kind::Code(list) => self.vocabulary.list(list),
            _ => None,
        };
        let days = known.turns(&self.lineage, self.known_on);
        let mut values: Vec<(i64, Option<i128>)> = days
            .into_iter()
            .map(|day| {
                let value = known
                    .on(day, &self.lineage, self.known_on)
                    .and_then(|value| match &value.is {
                        Scalar::Int(value) | Scalar::Fen(value) => Some(i128::from(*value)),
                        Scalar::Decimal(value) => Some(*value),
                        Scalar::Code(code) => list
                            .and_then(|list| list.find(code))
                            .map(|code| i128::from(code.number)),
                        Scalar::Flag(flag) => Some(i128::from(*flag)),
                        Scalar::Date(day) => Some(i128::from(crate::day_number(*day))),
                    });
                (crate::day_number(day), value)
            })
            .collect();
        if let Some(supposed) = self.supposed.get(&known.id) {
            values = vec![(calendar::FIRST_DAY, Some(*supposed))];
        }
        if values.iter().all(|(_, value)| value.is_none()) {
            return None;
        }
        let steps = Steps { parameter, values };
        let at = self
            .program
            .steps
            .iter()
            .position(|known| *known == steps)
            .unwrap_or_else(|| {
                self.program.steps.push(steps);
                self.program.steps.len() - 1
            });
        Some(count(at))
    }

    /// The day the decision is about.
    pub fn today(&mut self) -> Narrow {
        match self.as_of {
            Some(day) => self.narrow(NarrowOp::Constant(crate::day_number(day))),
            None => {
                let slot = self.slot(None, Kind::Date);
                self.narrow(NarrowOp::Column(slot))
            }
        }
    }
}

pub(super) fn count(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Days for which a comparison with a function of a date is turned into a comparison with a date.
pub(super) const DAYS: (i64, i64) = (calendar::FIRST_DAY, calendar::LAST_DAY);
