//! The functions that rules printed as SQL ([`rules::sql`]) call, for DataFusion.
//!
//! They are written apart from the kernel, which is tested against them: dates by `civil`, decimals by 256-bit integers.
//!
//! | function | gives |
//! |---|---|
//! | `age(from, to)` | whole years; below zero where `to` is earlier |
//! | `days_between(from, to)` | days |
//! | `full_months(from, to)` | whole months (Civil Code, arts 201 and 202); negative the other way round |
//! | `add_months(date, months)` | the corresponding day or the month's last; null outside the years 1900 to 9999 |
//! | `year(date)`, `month(date)` | the calendar year, the month from 1 |
//! | `fits_128(x)` | the decimal; null where its digits do not fit 128 bits |
//! | `round_div(a, b, digits, mode)` | `a / b` with so many digits; null for a zero divisor and beyond 128 bits |

use std::sync::Arc;

use civil::Day;
use datafusion::arrow::array::{ArrayRef, AsArray, Date32Array, Decimal256Array, Int64Array};
use datafusion::arrow::datatypes::{DataType, Date32Type, Decimal256Type, Field, FieldRef, Int64Type, i256};
use datafusion::common::{Result, ScalarValue, exec_err, plan_err};
use datafusion::execution::context::SessionContext;
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// Digits of the decimals that `round_div` takes and gives.
const DIGITS: u8 = 76;

/// Makes the functions known to a session.
pub fn register(session: &SessionContext) {
    for which in Which::ALL {
        session.register_udf(ScalarUDF::new_from_impl(Function::new(which)));
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Which {
    Age,
    DaysBetween,
    FullMonths,
    AddMonths,
    Year,
    Month,
    Fits128,
    RoundDiv,
}

impl Which {
    const ALL: [Self; 8] = [
        Self::Age,
        Self::DaysBetween,
        Self::FullMonths,
        Self::AddMonths,
        Self::Year,
        Self::Month,
        Self::Fits128,
        Self::RoundDiv,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Age => "age",
            Self::DaysBetween => "days_between",
            Self::FullMonths => "full_months",
            Self::AddMonths => "add_months",
            Self::Year => "year",
            Self::Month => "month",
            Self::Fits128 => "fits_128",
            Self::RoundDiv => "round_div",
        }
    }

    fn signature(self) -> Signature {
        let exact = |types: &[DataType]| Signature::exact(types.to_vec(), Volatility::Immutable);
        match self {
            Self::Age | Self::DaysBetween | Self::FullMonths => exact(&[DataType::Date32, DataType::Date32]),
            Self::AddMonths => exact(&[DataType::Date32, DataType::Int64]),
            Self::Year | Self::Month => exact(&[DataType::Date32]),
            Self::Fits128 => Signature::any(1, Volatility::Immutable),
            Self::RoundDiv => Signature::any(4, Volatility::Immutable),
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
            signature: which.signature(),
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

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        match (self.which, types) {
            (Which::Fits128, [DataType::Decimal256(_, scale)]) => Ok(DataType::Decimal256(DIGITS, *scale)),
            (Which::Fits128 | Which::RoundDiv, _) => plan_err!("{} got {types:?}", self.name()),
            (Which::AddMonths, _) => Ok(DataType::Date32),
            _ => Ok(DataType::Int64),
        }
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let types: Vec<DataType> = arguments
            .arg_fields
            .iter()
            .map(|field| field.data_type().clone())
            .collect();
        let kind = if self.which == Which::RoundDiv {
            let digits = arguments.scalar_arguments.get(2).copied().flatten().and_then(digits_of);
            let decimals = types
                .iter()
                .take(2)
                .all(|kind| matches!(kind, DataType::Decimal256(..)));
            match digits {
                Some(digits) if decimals => DataType::Decimal256(DIGITS, digits),
                _ => {
                    return plan_err!(
                        "round_div takes two decimals of {DIGITS} digits, a literal and a name, not {types:?}"
                    );
                }
            }
        } else {
            self.return_type(&types)?
        };
        Ok(Arc::new(Field::new(self.name(), kind, true)))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let scalar = arguments
            .args
            .iter()
            .all(|argument| matches!(argument, ColumnarValue::Scalar(_)));
        let result = match self.which {
            Which::RoundDiv => {
                let (digits, mode) = match arguments.args.get(2..) {
                    Some([ColumnarValue::Scalar(digits), ColumnarValue::Scalar(mode)]) => {
                        (digits_of(digits), mode_of(mode))
                    }
                    _ => (None, None),
                };
                let (Some(digits), Some(mode)) = (digits, mode) else {
                    return exec_err!("round_div takes its digits and the name of a rounding as literals");
                };
                let arrays = ColumnarValue::values_to_arrays(arguments.args.get(..2).unwrap_or_default())?;
                let [over, under] = arrays.as_slice() else {
                    return exec_err!("round_div got {} numbers", arrays.len());
                };
                divided(over, under, digits, mode)?
            }
            which => of_arrays(which, &ColumnarValue::values_to_arrays(&arguments.args)?)?,
        };
        if scalar {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&result, 0)?));
        }
        Ok(ColumnarValue::Array(result))
    }
}

fn of_arrays(which: Which, arrays: &[ArrayRef]) -> Result<ArrayRef> {
    let result: ArrayRef = match (which, arrays) {
        (Which::Age, [from, to]) => Arc::new(between(from, to, age)),
        (Which::DaysBetween, [from, to]) => Arc::new(between(from, to, |from, to| i64::from(from.days_until(to)))),
        (Which::FullMonths, [from, to]) => {
            Arc::new(between(from, to, |from, to| i64::from(civil::full_months(from, to))))
        }
        (Which::Year, [date]) => Arc::new(of_dates(date, |day| i64::from(day.year()))),
        (Which::Month, [date]) => Arc::new(of_dates(date, |day| i64::from(day.month_number()))),
        (Which::AddMonths, [date, months]) => {
            let pairs = date
                .as_primitive::<Date32Type>()
                .iter()
                .zip(months.as_primitive::<Int64Type>());
            let moved: Date32Array = pairs
                .map(|(date, months)| {
                    let moved = Day::from_days_since_epoch(date?)?.add_months(i32::try_from(months?).ok()?);
                    moved.map(Day::days_since_epoch)
                })
                .collect();
            Arc::new(moved)
        }
        (Which::Fits128, [number]) => {
            let numbers = number.as_primitive::<Decimal256Type>();
            let fitting: Decimal256Array = numbers
                .iter()
                .map(|number| number.filter(|number| fits(*number)))
                .collect();
            Arc::new(fitting.with_precision_and_scale(DIGITS, numbers.scale())?)
        }
        _ => return exec_err!("{} got {} arguments", which.name(), arrays.len()),
    };
    Ok(result)
}

fn between(from: &ArrayRef, to: &ArrayRef, f: impl Fn(Day, Day) -> i64) -> Int64Array {
    let pairs = from
        .as_primitive::<Date32Type>()
        .iter()
        .zip(to.as_primitive::<Date32Type>());
    pairs
        .map(|(from, to)| Some(f(Day::from_days_since_epoch(from?)?, Day::from_days_since_epoch(to?)?)))
        .collect()
}

fn of_dates(dates: &ArrayRef, f: impl Fn(Day) -> i64) -> Int64Array {
    let dates = dates.as_primitive::<Date32Type>().iter();
    dates.map(|date| Some(f(Day::from_days_since_epoch(date?)?))).collect()
}

/// Whole years; the day before the first is in the year -1.
fn age(from: Day, to: Day) -> i64 {
    match civil::age(from, to) {
        Some(years) => i64::from(years),
        None => -1 - i64::from(civil::full_years(to, from)),
    }
}

fn fits(number: i256) -> bool {
    number.to_i128().is_some()
}

/// How a quotient is made whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rounding {
    HalfUp,
    HalfEven,
    Down,
    Up,
    Floor,
    Ceil,
}

fn mode_of(scalar: &ScalarValue) -> Option<Rounding> {
    let name = scalar.try_as_str().flatten()?;
    Some(match name {
        "half_up" => Rounding::HalfUp,
        "half_even" => Rounding::HalfEven,
        "down" => Rounding::Down,
        "up" => Rounding::Up,
        "floor" => Rounding::Floor,
        "ceil" => Rounding::Ceil,
        _ => return None,
    })
}

fn digits_of(scalar: &ScalarValue) -> Option<i8> {
    if let ScalarValue::Int64(Some(digits)) = scalar {
        i8::try_from(*digits).ok()
    } else {
        None
    }
}

fn divided(over: &ArrayRef, under: &ArrayRef, digits: i8, mode: Rounding) -> Result<ArrayRef> {
    let (over, under) = (
        over.as_primitive::<Decimal256Type>(),
        under.as_primitive::<Decimal256Type>(),
    );
    // 10^power brings the quotient of the digits to the scale that is wanted.
    let power = i32::from(digits) + i32::from(under.scale()) - i32::from(over.scale());
    let pairs = over.iter().zip(under);
    let result: Decimal256Array = pairs
        .map(|(over, under)| quotient(over?, under?, power, mode))
        .collect();
    Ok(Arc::new(result.with_precision_and_scale(DIGITS, digits)?))
}

/// `over * 10^power / under`, rounded; whatever is formed on the way must fit 128 bits, as in the kernel.
fn quotient(over: i256, under: i256, power: i32, mode: Rounding) -> Option<i256> {
    let factor = i256::from_i128(10).checked_pow(power.unsigned_abs())?;
    let scaled = |number: i256| number.checked_mul(factor).filter(|number| fits(*number));
    let (over, under) = if power >= 0 {
        (scaled(over)?, under)
    } else {
        (over, scaled(under)?)
    };
    let (whole, rest) = (over.checked_div(under)?, over.checked_rem(under)?);
    let negative = over.is_negative() != under.is_negative();
    let twice = rest
        .checked_abs()?
        .checked_mul(i256::from_i128(2))?
        .cmp(&under.checked_abs()?);
    let odd = whole.checked_rem(i256::from_i128(2))? != i256::ZERO;
    let further = rest != i256::ZERO
        && match mode {
            Rounding::HalfUp => twice.is_ge(),
            Rounding::HalfEven => twice.is_gt() || (twice.is_eq() && odd),
            Rounding::Down => false,
            Rounding::Up => true,
            Rounding::Floor => negative,
            Rounding::Ceil => !negative,
        };
    let step = match (further, negative) {
        (false, _) => i256::ZERO,
        (true, false) => i256::ONE,
        (true, true) => i256::MINUS_ONE,
    };
    whole.checked_add(step).filter(|whole| fits(*whole))
}
