//! Why rows of a block are undetermined, for all rows at once: what [`why`](super::why()) says of one row, down to the
//! gravest cause.
//!
//! Demand flows from the conditions and the amount to what they rest on: each operation gets the rows in which it is
//! unknown and somebody asked, and hands them on to the operands that made it so. Few rows have faults, and most benefits
//! take no parameter that could be unset; all others need no walk.

use super::registers::{at, set};
use super::values::{common, without};
use super::{Bits, NONE, Workspace, is_empty};
use crate::benefit::{Origin, Version};
use crate::program::{Mask, MaskOp, NarrowOp, Op, Program, Register, WideOp};

/// Rows by a cause that is graver than a fact nobody knows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Causes {
    pub(crate) conflict: Bits,
    pub(crate) arithmetic: Bits,
    pub(crate) parameter: Bits,
}

impl Workspace {
    /// The causes of `rows`, which are undetermined, so that their conditions and their amount have been computed;
    /// nothing where no row has any graver than a missing fact or what keeps the benefit open.
    pub(crate) fn causes(&mut self, program: &Program, version: &Version, rows: &Bits) -> Option<Causes> {
        if is_empty(rows) {
            return None;
        }
        let mine = |op: u32| version.cause_ops.binary_search(&op).is_ok();
        let faulty = self
            .faults
            .iter()
            .any(|fault| !is_empty(&common(&fault.rows, rows)) && mine(fault.op));
        // What keeps the benefit open is graver than a parameter.
        let unset = version.open.is_none()
            && version
                .parameter_ops
                .iter()
                .any(|op| !is_empty(&self.unset(program, *op, rows)));
        (faulty || unset).then(|| self.walk(program, version, rows))
    }

    /// The rows in which an operation finds no value of its parameter.
    fn unset(&self, program: &Program, op: u32, rows: &Bits) -> Bits {
        let Some((op, register)) = program.ops.get(at(op)) else {
            return NONE;
        };
        let (day, known) = match op {
            Op::Narrow(NarrowOp::Unset(_)) | Op::Wide(WideOp::Unset(_)) => return *rows,
            Op::Narrow(NarrowOp::Step(_, day)) => (day, self.longs.get(at(*register)).map(|longs| longs.known)),
            Op::Wide(WideOp::Step(_, day)) => (day, self.huges.get(at(*register)).map(|huges| huges.known)),
            _ => return NONE,
        };
        let asked = common(rows, &self.known(Register::Narrow(*day)));
        without(&asked, &known.unwrap_or(NONE))
    }

    fn walk(&mut self, program: &Program, version: &Version, rows: &Bits) -> Causes {
        let mut causes = Causes {
            conflict: NONE,
            arithmetic: NONE,
            parameter: NONE,
        };
        let conditions = version
            .conditions
            .iter()
            .filter(|condition| condition.origin != Origin::Open)
            .map(|condition| Register::Mask(condition.mask));
        for register in conditions.chain(version.amount.map(Register::Narrow)) {
            self.demand(program, register, rows);
        }
        // Operands stand before what rests on them.
        for index in version.cause_ops.iter().rev() {
            let asked = self
                .demanded
                .get_mut(at(*index))
                .map_or(NONE, |asked| std::mem::replace(asked, NONE));
            if let Some((op, _)) = program.ops.get(at(*index)).filter(|_| !is_empty(&asked)) {
                self.hand_on(program, *index, op, &asked, &mut causes);
            }
        }
        causes
    }

    /// Asks a register in those of the rows in which it is unknown.
    fn demand(&mut self, program: &Program, register: Register, rows: &Bits) {
        let unknown = without(rows, &self.known(register));
        if let Some((index, _)) = program.writer(register).filter(|_| !is_empty(&unknown))
            && let Some(asked) = self.demanded.get_mut(at(index))
        {
            set(asked, &unknown);
        }
    }

    fn hand_on(&mut self, program: &Program, index: u32, op: &Op, asked: &Bits, causes: &mut Causes) {
        match op {
            op if op.columns().next().is_some() => {
                let failed = self.failed(index, asked);
                set(&mut causes.arithmetic, &failed);
            }
            Op::Narrow(NarrowOp::Unset(_)) | Op::Wide(WideOp::Unset(_)) => set(&mut causes.parameter, asked),
            Op::Narrow(NarrowOp::Step(_, day)) | Op::Wide(WideOp::Step(_, day)) => {
                let unset = common(asked, &self.known(Register::Narrow(*day)));
                set(&mut causes.parameter, &unset);
                self.demand(program, Register::Narrow(*day), asked);
            }
            Op::Mask(MaskOp::Case(branches, last)) => {
                let branches = branches.iter().map(|(when, then)| (*when, Register::Mask(*then)));
                self.demand_case(program, branches, Register::Mask(*last), asked);
            }
            Op::Narrow(NarrowOp::Case(branches, last)) => {
                let branches = branches.iter().map(|(when, then)| (*when, Register::Narrow(*then)));
                self.demand_case(program, branches, Register::Narrow(*last), asked);
            }
            Op::Wide(WideOp::Case(branches, last)) => {
                let branches = branches.iter().map(|(when, then)| (*when, Register::Wide(*then)));
                self.demand_case(program, branches, Register::Wide(*last), asked);
            }
            Op::Mask(MaskOp::OneAtMost(_)) => {
                let conflict = self.failed(index, asked);
                set(&mut causes.conflict, &conflict);
                self.demand_operands(program, op, &without(asked, &conflict));
            }
            Op::Mask(MaskOp::Given(guard, _))
            | Op::Narrow(NarrowOp::Given(guard, _))
            | Op::Wide(WideOp::Given(guard, _)) => {
                let known = self.known(Register::Mask(*guard));
                self.demand(program, Register::Mask(*guard), asked);
                self.demand_operands(program, op, &common(asked, &known));
            }
            // A region too coarse to tell is a fact of its own.
            Op::Mask(MaskOp::Region(region, ..)) => self.demand(program, Register::Narrow(*region), asked),
            _ => {
                let explained = self.demand_operands(program, op, asked);
                let failed = self.failed(index, &without(asked, &explained));
                set(&mut causes.arithmetic, &failed);
            }
        }
    }

    /// Asks every operand; answers the rows in which one is unknown.
    fn demand_operands(&mut self, program: &Program, op: &Op, rows: &Bits) -> Bits {
        let mut explained = NONE;
        for operand in op.operands() {
            set(&mut explained, &without(rows, &self.known(operand)));
            self.demand(program, operand, rows);
        }
        explained
    }

    /// Asks the unknown condition that stopped the choice, or the branch that was taken.
    fn demand_case(
        &mut self,
        program: &Program,
        branches: impl Iterator<Item = (Mask, Register)>,
        last: Register,
        asked: &Bits,
    ) {
        let mut open = *asked;
        for (when, then) in branches {
            self.demand(program, Register::Mask(when), &open);
            let truth = self.mask(when);
            self.demand(program, then, &common(&open, &truth.yes));
            open = common(&open, &without(&truth.known, &truth.yes));
        }
        self.demand(program, last, &open);
    }

    fn failed(&self, op: u32, rows: &Bits) -> Bits {
        let mut failed = NONE;
        for fault in self.faults.iter().filter(|fault| fault.op == op) {
            set(&mut failed, &common(&fault.rows, rows));
        }
        failed
    }

    fn known(&self, register: Register) -> Bits {
        let known = match register {
            Register::Mask(mask) => self.masks.get(at(mask.0)).map(|truth| &truth.known),
            Register::Narrow(narrow) => self.longs.get(at(narrow.0)).map(|longs| &longs.known),
            Register::Wide(wide) => self.huges.get(at(wide.0)).map(|huges| &huges.known),
        };
        known.copied().unwrap_or(NONE)
    }
}
