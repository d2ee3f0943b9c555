//! What keeps benefits open for one case, and what answers would settle: for choosing the next question.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use civil::Day;
use serde_json::Value;

use super::account::Row;
use super::decide::chosen;
use super::{Missing, Survey, rows};
use crate::benefit::{Origin, Version};
use crate::case::{CaseError, read};
use crate::catalogue::Catalogue;
use crate::day_number;
use crate::kernel::{CASE_BLOCK, CaseSpace, Cause, why};
use crate::program::Register;

/// Values that somebody could give of facts, by number, in the fact's own unit: a fact that is not here is not asked.
pub(crate) type Possible = BTreeMap<u32, Vec<i128>>;

/// A condition or an amount that is unknown, and what an answer could do for it.
struct Gap {
    benefit: String,
    register: Register,
    /// Facts that could be asked, in the order of the text.
    facts: Vec<u32>,
    /// True where something is missing that cannot be asked: an office's finding, a parameter.
    lacks_more: bool,
}

impl<C: Deref<Target = Catalogue>> Survey<C> {
    /// For each benefit that nothing has refused: the facts whose answers may still change it, in document order, those
    /// of the amount last. A fact is left out where, whatever was answered, the condition would stay unknown for want of
    /// something else, and an amount that no answer could make known.
    ///
    /// # Errors
    /// [`CaseError`] where the facts do not fit the dictionary.
    pub(crate) fn open_facts(
        &mut self,
        facts: &Value,
        as_of: Day,
        possible: &Possible,
    ) -> Result<BTreeMap<String, Vec<u32>>, CaseError> {
        let gaps = self.gaps(facts, as_of, possible)?;
        let doubtful: Vec<Register> = gaps
            .iter()
            .filter(|gap| gap.lacks_more)
            .map(|gap| gap.register)
            .collect();
        let hopeful = self.decidable(facts, as_of, possible, &doubtful)?;
        let mut open: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for gap in gaps
            .into_iter()
            .filter(|gap| !gap.lacks_more || hopeful.contains(&gap.register))
        {
            let own = open.entry(gap.benefit).or_default();
            for fact in gap.facts {
                if !own.contains(&fact) {
                    own.push(fact);
                }
            }
        }
        Ok(open)
    }

    fn gaps(&mut self, facts: &Value, as_of: Day, possible: &Possible) -> Result<Vec<Gap>, CaseError> {
        let vocabulary = &self.catalogue.vocabulary;
        let case = read(vocabulary, facts, Some(self.known_on))?;
        let (engine, workspace) = (&self.engine, &mut self.workspace);
        let day = day_number(as_of);
        let mut gaps = Vec::new();
        let Some(columns) = rows::columns(engine, vocabulary, &case, &[day]) else {
            return Ok(gaps);
        };
        workspace.begin(&columns, 0);
        for (id, versions) in &engine.benefits {
            let Some(version) = chosen(engine, versions, workspace, &columns) else {
                continue;
            };
            workspace.run(&engine.program, &columns, &version.condition_ops);
            workspace.run(&engine.program, &columns, &version.amount_ops);
            let refused = version
                .conditions
                .iter()
                .any(|one| workspace.truth(one.mask, 0) == Some(false));
            if refused {
                continue;
            }
            let row = Row {
                engine,
                workspace,
                catalogue: &self.catalogue,
                case: &case,
                day,
            };
            let registers = open_registers(version, workspace);
            gaps.extend(registers.into_iter().filter_map(|(register, order)| {
                let (mut asked, mut lacks_more) = (BTreeSet::new(), false);
                for cause in why(&engine.program, workspace, register, 0) {
                    let missing = match cause {
                        Cause::Fact(fact) => row.missing_facts(fact),
                        Cause::Parameter(_) | Cause::Arithmetic | Cause::Conflict(_) => Vec::new(),
                    };
                    lacks_more |= missing.is_empty();
                    for missing in missing {
                        let fact = match &missing {
                            Missing::Fact(name) => vocabulary.fact_index(name),
                            Missing::Parameter(..) | Missing::Document(..) => None,
                        };
                        match fact.filter(|fact| possible.contains_key(fact)) {
                            Some(fact) => {
                                asked.insert(fact);
                            }
                            None => lacks_more = true,
                        }
                    }
                }
                let mut facts: Vec<u32> = order.iter().copied().filter(|fact| asked.contains(fact)).collect();
                facts.extend(asked.into_iter().filter(|fact| !order.contains(fact)));
                (!facts.is_empty()).then(|| Gap {
                    benefit: id.clone(),
                    register,
                    facts,
                    lacks_more,
                })
            }));
        }
        Ok(gaps)
    }

    /// Which of the registers some answers would decide: every fact that can be asked is supposed to be known, in as many
    /// combinations as a block has rows.
    fn decidable(
        &mut self,
        facts: &Value,
        as_of: Day,
        possible: &Possible,
        registers: &[Register],
    ) -> Result<BTreeSet<Register>, CaseError> {
        let mut decided = BTreeSet::new();
        if registers.is_empty() {
            return Ok(decided);
        }
        let vocabulary = &self.catalogue.vocabulary;
        let case = read(vocabulary, facts, Some(self.known_on))?;
        let (engine, workspace) = (&self.engine, &mut self.workspace);
        let rows = CASE_BLOCK - 1;
        let supposed = possible.keys().copied().collect();
        let value = |row: usize, fact: u32| {
            let values = possible.get(&fact)?;
            values.get(scattered(row, fact).checked_rem(values.len())?).copied()
        };
        let day = day_number(as_of);
        let Some(columns) = rows::supposed(engine, vocabulary, &case, day, rows, &supposed, value) else {
            return Ok(decided);
        };
        workspace.begin(&columns, 0);
        workspace.run(&engine.program, &columns, &engine.program.needed(registers));
        for register in registers {
            let known = |row| match register {
                Register::Mask(mask) => workspace.truth(*mask, row).is_some(),
                Register::Narrow(narrow) => workspace.long(*narrow, row).is_some(),
                Register::Wide(wide) => workspace.huge(*wide, row).is_some(),
            };
            if (1..=rows).any(known) {
                decided.insert(*register);
            }
        }
        Ok(decided)
    }

    /// What single answers would refuse: for each benefit, whether it would be refused if, beside what is known, one fact
    /// had one value. The answers stand in the order of `suppositions`, all of which are rows of the same few blocks, so
    /// that many cost little more than one.
    ///
    /// # Errors
    /// [`CaseError`] where the facts do not fit the dictionary.
    pub(crate) fn refused(
        &mut self,
        facts: &Value,
        as_of: Day,
        suppositions: &[(u32, i128)],
    ) -> Result<BTreeMap<&str, Vec<bool>>, CaseError> {
        let vocabulary = &self.catalogue.vocabulary;
        let case = read(vocabulary, facts, Some(self.known_on))?;
        let (engine, workspace) = (&self.engine, &mut self.workspace);
        let mut refused: BTreeMap<&str, Vec<bool>> = BTreeMap::new();
        // The first row of each block supposes nothing: by it the version is chosen.
        for part in suppositions.chunks(CASE_BLOCK - 1) {
            let supposed = part.iter().map(|(fact, _)| *fact).collect();
            let value = |row: usize, fact: u32| {
                let (of, value) = part.get(row)?;
                (*of == fact).then_some(*value)
            };
            let day = day_number(as_of);
            let Some(columns) = rows::supposed(engine, vocabulary, &case, day, part.len(), &supposed, value) else {
                continue;
            };
            workspace.begin(&columns, 0);
            for (id, versions) in &engine.benefits {
                let Some(version) = chosen(engine, versions, workspace, &columns) else {
                    continue;
                };
                workspace.run(&engine.program, &columns, &version.condition_ops);
                let rows = (1..=part.len()).map(|row| {
                    let mut conditions = version.conditions.iter();
                    conditions.any(|condition| workspace.truth(condition.mask, row) == Some(false))
                });
                refused.entry(id.as_str()).or_default().extend(rows);
            }
        }
        Ok(refused)
    }
}

/// Conditions that are unknown, and the amount where it is, each with its facts in the order of the text. What is open for
/// good (a power without a rule, an order, a part left to another document) is no question's.
fn open_registers<'v>(version: &'v Version, workspace: &CaseSpace) -> Vec<(Register, &'v [u32])> {
    let conditions = version
        .conditions
        .iter()
        .filter(|condition| condition.origin != Origin::Open);
    let open = conditions.filter(|condition| workspace.truth(condition.mask, 0).is_none());
    let mut registers: Vec<(Register, &[u32])> = open
        .map(|condition| (Register::Mask(condition.mask), condition.facts.as_slice()))
        .collect();
    let amount = version.amount.filter(|amount| workspace.long(*amount, 0).is_none());
    registers.extend(amount.map(|amount| (Register::Narrow(amount), version.amount_facts.as_slice())));
    registers
}

/// A number for a row and a fact by which combinations are spread evenly; always the same.
fn scattered(row: usize, fact: u32) -> usize {
    let row = u64::try_from(row).unwrap_or_default();
    let mixed = (row + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ u64::from(fact + 1).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0x94d0_49bb_1331_11eb);
    usize::try_from(mixed >> 33).unwrap_or_default()
}
