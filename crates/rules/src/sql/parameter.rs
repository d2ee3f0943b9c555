//! Parameters: what they were on a day, as a `CASE` over days.

use policy::parameter::Scalar;

use super::number::wide_literal;
use super::{Printer, date};
use crate::typed::{Kind, Typed};

impl Printer<'_> {
    /// The parameter on a day: the latest turn that is not after it, of what was known, for the lineage. An unknown day
    /// passes all branches and is null.
    pub(super) fn parameter(&self, parameter: u32, day: &Typed, kind: Kind) -> String {
        let nothing = format!("CAST(NULL AS {})", sql_type(kind));
        let Some(known) = self.vocabulary.parameters.get(self.vocabulary.parameter_id(parameter)) else {
            return nothing;
        };
        let on = self.narrow(day);
        if let Some(supposed) = self.supposed.get(&known.id) {
            return format!("(CASE WHEN {on} IS NOT NULL THEN {} END)", value_of(*supposed, kind));
        }
        let mut text = String::new();
        for turn in known.turns(self.lineage, self.known_on).into_iter().rev() {
            let value = known.on(turn, self.lineage, self.known_on);
            let value = value.and_then(|value| self.scalar(&value.is, kind));
            let value = value.unwrap_or_else(|| nothing.clone());
            text.push_str(&format!(" WHEN {on} >= DATE '{turn}' THEN {value}"));
        }
        if text.is_empty() {
            return nothing;
        }
        format!("(CASE{text} END)")
    }

    fn scalar(&self, scalar: &Scalar, kind: Kind) -> Option<String> {
        Some(match scalar {
            Scalar::Int(value) | Scalar::Fen(value) => value.to_string(),
            Scalar::Decimal(value) => wide_literal(*value, u8::try_from(policy::fact::DECIMAL_SCALE).ok()?),
            Scalar::Flag(flag) => if *flag { "TRUE" } else { "FALSE" }.to_owned(),
            Scalar::Date(day) => date(i128::from(day.days_since_epoch())),
            Scalar::Code(code) => {
                let Kind::Code(list) = kind else { return None };
                self.vocabulary.list(list)?.find(code)?.number.to_string()
            }
        })
    }
}

/// A value in the kernel's unit.
fn value_of(value: i128, kind: Kind) -> String {
    match kind {
        Kind::Bool => if value == 0 { "FALSE" } else { "TRUE" }.to_owned(),
        Kind::Date | Kind::Month => date(value),
        Kind::Number { scale, .. } if !kind.is_narrow() => wide_literal(value, scale),
        _ => value.to_string(),
    }
}

fn sql_type(kind: Kind) -> String {
    match kind {
        Kind::Bool => "BOOLEAN".to_owned(),
        Kind::Date | Kind::Month => "DATE".to_owned(),
        Kind::Number { scale, .. } if !kind.is_narrow() => format!("DECIMAL(76, {scale})"),
        _ => "BIGINT".to_owned(),
    }
}
