//! The few functions that the SQL files use and that DataFusion, built without its date and bit functions, lacks.
//!
//! | function | gives |
//! |---|---|
//! | `year(date)` | the calendar year |
//! | `month_number(date)` | months since the year 0: two months differ by the months between them |
//! | `add_months(date, months)` | the corresponding day, or the month's last (Civil Code, art. 202) |
//! | `full_months(from, to)` | whole months (Civil Code, arts 201 and 202); 0 where `to` is earlier |
//! | `bit_count(bits)` | how many bits are set |
//! | `trailing_ones(bits)` | how many bits are set from the lowest up without a gap |
//! | `month_bit(ago)` | the bit of the month so many months back, 0 where it is none of the 60 of a word |
//! | `month_bits(last, from, to)` | a bit for each month from `from` to `to`, counted back from `last`, 60 months at most |

use std::sync::Arc;

use civil::Day;
use datafusion::arrow::array::{ArrayRef, AsArray, Date32Array, Int64Array, PrimitiveArray};
use datafusion::arrow::datatypes::{DataType, Date32Type, Int64Type};
use datafusion::common::{Result, exec_err};
use datafusion::execution::context::SessionContext;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};
use datafusion::scalar::ScalarValue;

/// Months that a word of bits holds.
pub(super) const MONTHS_A_WORD: i64 = 60;

/// Makes the functions known to a session.
pub(super) fn register(session: &SessionContext) {
    for which in Which::ALL {
        session.register_udf(ScalarUDF::new_from_impl(Function::new(which)));
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Which {
    Year,
    MonthNumber,
    AddMonths,
    FullMonths,
    BitCount,
    TrailingOnes,
    MonthBit,
    MonthBits,
}

impl Which {
    const ALL: [Self; 8] = [
        Self::Year,
        Self::MonthNumber,
        Self::AddMonths,
        Self::FullMonths,
        Self::BitCount,
        Self::TrailingOnes,
        Self::MonthBit,
        Self::MonthBits,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::MonthNumber => "month_number",
            Self::AddMonths => "add_months",
            Self::FullMonths => "full_months",
            Self::BitCount => "bit_count",
            Self::TrailingOnes => "trailing_ones",
            Self::MonthBit => "month_bit",
            Self::MonthBits => "month_bits",
        }
    }

    fn takes(self) -> Vec<DataType> {
        match self {
            Self::Year | Self::MonthNumber => vec![DataType::Date32],
            Self::AddMonths => vec![DataType::Date32, DataType::Int64],
            Self::FullMonths => vec![DataType::Date32, DataType::Date32],
            Self::BitCount | Self::TrailingOnes | Self::MonthBit => vec![DataType::Int64],
            Self::MonthBits => vec![DataType::Int64; 3],
        }
    }

    fn gives(self) -> DataType {
        match self {
            Self::AddMonths => DataType::Date32,
            _ => DataType::Int64,
        }
    }
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Function {
    which: Which,
    signature: Signature,
}

impl Function {
    fn new(which: Which) -> Self {
        Self {
            which,
            signature: Signature::exact(which.takes(), Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for Function {
    fn name(&self) -> &str {
        self.which.name()
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.which.gives())
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let scalar = arguments
            .args
            .iter()
            .all(|argument| matches!(argument, ColumnarValue::Scalar(_)));
        let arrays = ColumnarValue::values_to_arrays(&arguments.args)?;
        let Some(result) = of_arrays(self.which, &arrays) else {
            return exec_err!("{} got {} arguments", self.name(), arrays.len());
        };
        if scalar {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&result, 0)?));
        }
        Ok(ColumnarValue::Array(result))
    }
}

fn of_arrays(which: Which, arrays: &[ArrayRef]) -> Option<ArrayRef> {
    let dates = |at: usize| arrays.get(at).map(|array| array.as_primitive::<Date32Type>());
    let numbers = |at: usize| arrays.get(at).map(|array| array.as_primitive::<Int64Type>());
    let result: ArrayRef = match which {
        Which::Year => Arc::new(of_dates(dates(0)?, |day| civil_of(day).0)),
        Which::MonthNumber => Arc::new(of_dates(dates(0)?, |day| {
            let (year, month) = civil_of(day);
            year * 12 + month - 1
        })),
        Which::BitCount => Arc::new(of_numbers(numbers(0)?, |bits| i64::from(bits.count_ones()))),
        Which::TrailingOnes => Arc::new(of_numbers(numbers(0)?, |bits| i64::from(bits.trailing_ones()))),
        Which::MonthBit => Arc::new(of_numbers(numbers(0)?, |ago| {
            if (0..MONTHS_A_WORD).contains(&ago) { 1 << ago } else { 0 }
        })),
        Which::AddMonths => {
            let pairs = dates(0)?.iter().zip(numbers(1)?);
            let added: Date32Array = pairs
                .map(|(day, months)| {
                    let day = Day::from_days_since_epoch(day?)?.add_months(i32::try_from(months?).ok()?);
                    day.map(Day::days_since_epoch)
                })
                .collect();
            Arc::new(added)
        }
        Which::FullMonths => {
            let pairs = dates(0)?.iter().zip(dates(1)?);
            let whole: Int64Array = pairs
                .map(|(from, to)| {
                    let (from, to) = (Day::from_days_since_epoch(from?)?, Day::from_days_since_epoch(to?)?);
                    Some(i64::from(civil::full_months(from, to)).max(0))
                })
                .collect();
            Arc::new(whole)
        }
        Which::MonthBits => {
            let triples = numbers(0)?.iter().zip(numbers(1)?).zip(numbers(2)?);
            let bits: Int64Array = triples
                .map(|((last, from), to)| Some(month_bits(last?, from?, to?)))
                .collect();
            Arc::new(bits)
        }
    };
    Some(result)
}

fn of_dates(array: &Date32Array, f: impl Fn(i32) -> i64) -> Int64Array {
    let mapped: PrimitiveArray<Int64Type> = array.unary(f);
    mapped
}

fn of_numbers(array: &Int64Array, f: impl Fn(i64) -> i64) -> Int64Array {
    let mapped: PrimitiveArray<Int64Type> = array.unary(f);
    mapped
}

/// Bits 0 to 59 stand for `last` and the months before it.
fn month_bits(last: i64, from: i64, to: i64) -> i64 {
    (0..MONTHS_A_WORD)
        .filter(|ago| (from..=to).contains(&(last - ago)))
        .fold(0, |bits, ago| bits | 1 << ago)
}

/// Year and month of a day number (the proleptic Gregorian calendar, counted in eras of 400 years from 1 March).
fn civil_of(day: i32) -> (i64, i64) {
    let shifted = i64::from(day) + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn year_and_month_are_those_of_the_calendar_on_every_day_of_two_centuries() {
        let first = Day::new(1900, 1, 1).expect("a day").days_since_epoch();
        let last = Day::new(2100, 12, 31).expect("a day").days_since_epoch();
        for number in first..=last {
            let day = Day::from_days_since_epoch(number).expect("a day");
            assert_eq!(civil_of(number), (i64::from(day.year()), i64::from(day.month_number())));
        }
    }

    #[test]
    fn bits_of_months_end_at_the_last_month_and_after_sixty() {
        assert_eq!(month_bits(24_251, 24_240, 24_251), 0xfff);
        assert_eq!(month_bits(24_251, 24_228, 24_239), 0xfff_000);
        assert_eq!(month_bits(24_251, 24_250, 24_260), 0b11);
        assert_eq!(month_bits(24_251, 0, 24_251), (1 << 60) - 1);
    }
}
