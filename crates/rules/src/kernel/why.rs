//! Why a register is unknown in a row: down to the facts nobody knows, the parameters nobody has set, and the
//! operations that failed.

use std::collections::BTreeSet;

use super::Space;
use super::registers::bit;
use crate::program::{Mask, MaskOp, NarrowOp, Op, Program, Register, WideOp};

/// What makes a result unknown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// A fact (its index) is not known, or a region only too coarsely.
    Fact(u32),
    /// A parameter (its index) has no value on that day.
    Parameter(u32),
    /// An operation overflowed, divided by zero or left the calendar.
    Arithmetic,
    /// Several exceptions hold at once: their registers.
    Conflict(Vec<Mask>),
}

/// The causes for a row of the present block, each once; none where the register is known.
pub fn why<const W: usize>(program: &Program, workspace: &Space<W>, register: Register, row: usize) -> BTreeSet<Cause> {
    let mut walk = Walk {
        program,
        workspace,
        row,
        seen: BTreeSet::new(),
        causes: BTreeSet::new(),
    };
    walk.go(register);
    walk.causes
}

struct Walk<'a, const W: usize> {
    program: &'a Program,
    workspace: &'a Space<W>,
    row: usize,
    seen: BTreeSet<Register>,
    causes: BTreeSet<Cause>,
}

impl<const W: usize> Walk<'_, W> {
    fn known(&self, register: Register) -> bool {
        match register {
            Register::Mask(mask) => self.workspace.truth(mask, self.row).is_some(),
            Register::Narrow(narrow) => self.workspace.long(narrow, self.row).is_some(),
            Register::Wide(wide) => self.workspace.huge(wide, self.row).is_some(),
        }
    }

    fn go(&mut self, register: Register) {
        if self.known(register) || !self.seen.insert(register) {
            return;
        }
        let program = self.program;
        let Some((index, op)) = program.writer(register) else {
            return;
        };
        if op.columns().next().is_some() {
            if self.failed(index) {
                self.causes.insert(Cause::Arithmetic);
            }
            let unknown = |slot: &u32| !bit(self.workspace.valid(*slot), self.row);
            let unknown: Vec<u32> = op.columns().filter(unknown).collect();
            unknown.into_iter().for_each(|slot| self.column(slot));
            return;
        }
        match op {
            Op::Mask(MaskOp::Case(branches, last)) => {
                let branches = branches.iter().map(|(when, then)| (*when, Register::Mask(*then)));
                self.case(branches, Register::Mask(*last));
            }
            Op::Narrow(NarrowOp::Case(branches, last)) => {
                let branches = branches.iter().map(|(when, then)| (*when, Register::Narrow(*then)));
                self.case(branches, Register::Narrow(*last));
            }
            Op::Wide(WideOp::Case(branches, last)) => {
                let branches = branches.iter().map(|(when, then)| (*when, Register::Wide(*then)));
                self.case(branches, Register::Wide(*last));
            }
            Op::Mask(MaskOp::OneAtMost(list)) if self.failed(index) => {
                let holding = list
                    .iter()
                    .filter(|mask| self.workspace.truth(**mask, self.row) == Some(true));
                self.causes.insert(Cause::Conflict(holding.copied().collect()));
            }
            Op::Mask(MaskOp::Given(guard, _))
            | Op::Narrow(NarrowOp::Given(guard, _))
            | Op::Wide(WideOp::Given(guard, _))
                if !self.known(Register::Mask(*guard)) =>
            {
                self.go(Register::Mask(*guard));
            }
            Op::Narrow(NarrowOp::Unset(parameter)) | Op::Wide(WideOp::Unset(parameter)) => {
                self.causes.insert(Cause::Parameter(*parameter));
            }
            Op::Narrow(NarrowOp::Step(steps, day)) | Op::Wide(WideOp::Step(steps, day))
                if self.known(Register::Narrow(*day)) =>
            {
                let steps = usize::try_from(*steps).ok().and_then(|at| program.steps.get(at));
                self.causes.extend(steps.map(|steps| Cause::Parameter(steps.parameter)));
            }
            Op::Mask(MaskOp::Region(region, ..)) if self.known(Register::Narrow(*region)) => {
                if let Some((_, Op::Narrow(NarrowOp::Column(slot)))) = program.writer(Register::Narrow(*region)) {
                    self.column(*slot);
                }
            }
            _ => {
                let unknown: Vec<Register> = op
                    .operands()
                    .into_iter()
                    .filter(|operand| !self.known(*operand))
                    .collect();
                if unknown.is_empty() && self.failed(index) {
                    self.causes.insert(Cause::Arithmetic);
                }
                unknown.into_iter().for_each(|operand| self.go(operand));
            }
        }
    }

    fn column(&mut self, slot: u32) {
        let input = usize::try_from(slot)
            .ok()
            .and_then(|slot| self.program.inputs.get(slot));
        self.causes.extend(input.and_then(|input| input.fact).map(Cause::Fact));
    }

    /// The unknown condition that stopped the choice, or the branch that was taken.
    fn case(&mut self, branches: impl Iterator<Item = (Mask, Register)>, last: Register) {
        for (when, then) in branches {
            match self.workspace.truth(when, self.row) {
                None => return self.go(Register::Mask(when)),
                Some(true) => return self.go(then),
                Some(false) => {}
            }
        }
        self.go(last);
    }

    fn failed(&self, op: u32) -> bool {
        self.workspace
            .faults
            .iter()
            .any(|fault| fault.op == op && bit(&fault.rows, self.row))
    }
}
