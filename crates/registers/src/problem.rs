//! What can be wrong with a cell or a row, in words for whoever mends it.

use std::fmt;
use std::mem::discriminant;

use civil::IdError;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// A required cell is empty.
    Missing,
    /// A resident ID.
    PersonId(IdError),
    /// A credit code.
    CreditCode(IdError),
    /// A code of 9 or 15 characters, of before 2015.
    OldCode,
    /// A long number that a spreadsheet keeps as a number: its last digits are gone.
    LongAsNumber,
    /// A formula that could not be worked out.
    Formula,
    /// A number or an amount within merged cells.
    MergedNumber,
    /// No date.
    Date,
    /// A date that no calendar has.
    NoSuchDay,
    /// A date whose year has two digits.
    ShortYear,
    /// No month.
    Month,
    /// Before the earliest day allowed.
    TooEarly(String),
    /// After the latest day allowed.
    TooLate(String),
    /// No whole number.
    Integer,
    /// A number with a fraction where whole ones are asked for.
    Fraction,
    /// Less than allowed.
    TooLittle(String),
    /// More than allowed.
    TooMuch(String),
    /// No amount of money.
    Money,
    /// Parts of a fen.
    MoneyTooFine,
    /// More money than there is.
    MoneyTooLarge,
    /// No decimal number.
    Decimal,
    /// More than six digits after the point.
    DecimalTooFine,
    /// Neither yes nor no.
    Flag,
    /// Not on the list; with the nearest that is.
    Code(String),
    /// No region's code or name.
    Region,
    /// A code of no province or prefecture.
    NoSuchRegion,
    /// A name of several regions; with all of them.
    RegionName(String),
    /// Longer than allowed.
    TooLong(usize),
    /// Characters that no text has.
    Garbled,
    /// A resident ID in running text.
    IdInText,
    /// No person's name.
    Name,
    /// No telephone number.
    Phone,
    /// A bank account.
    Account(IdError),
    /// No benefit; with the nearest.
    Benefit(String),
    /// The date of birth is not that of the ID.
    BirthDisagrees,
    /// The sex is not that of the ID.
    SexDisagrees,
    /// A day before the one it follows.
    Before(String),
    /// No cell of the key is filled.
    NoKey,
    /// The row of another register that it refers to is not there.
    NoSuchRow {
        /// The other register's id and label.
        register: (String, String),
        /// It has no row at all.
        empty: bool,
    },
    /// More cells than the header.
    TooManyCells,
    /// Fewer cells than the header.
    TooFewCells,
    /// The row stands twice, in the same words.
    Repeated(OtherRow),
    /// Two rows have one key and different values: neither is taken.
    DuplicateKey(OtherRow),
}

/// Another row of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherRow {
    /// Its sheet, where it is not the same.
    pub sheet: Option<String>,
    /// Its row, from 1.
    pub row: u32,
}

impl fmt::Display for OtherRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(sheet) = &self.sheet {
            write!(f, "工作表“{sheet}”")?;
        }
        write!(f, "第{}行", self.row)
    }
}

/// How the bound of what may not be less than nothing is shown.
const NO_MONEY: &str = "0元";

impl Problem {
    /// Whether both are told in the same words but for what differs from row to row: other rows, numbers of characters.
    pub fn is_like(&self, other: &Self) -> bool {
        let same = |a: &IdError, b: &IdError| discriminant(a) == discriminant(b);
        match (self, other) {
            (Self::PersonId(a), Self::PersonId(b))
            | (Self::CreditCode(a), Self::CreditCode(b))
            | (Self::Account(a), Self::Account(b)) => same(a, b),
            (a, b) => discriminant(a) == discriminant(b),
        }
    }

    /// What to do about it.
    pub fn remedy(&self) -> String {
        match self {
            Self::Missing => "请补填本栏".to_owned(),
            Self::PersonId(_) => "请对照居民身份证更正".to_owned(),
            Self::CreditCode(_) => "请对照营业执照或法人证书更正，字母 O、I 常为数字 0、1 之误".to_owned(),
            Self::OldCode => "请改填18位统一社会信用代码".to_owned(),
            Self::LongAsNumber => "请先把本列设为“文本”，再重新填写完整号码".to_owned(),
            Self::Formula => "请修复公式，或改填数值".to_owned(),
            Self::MergedNumber => "请拆分合并单元格，逐行填写".to_owned(),
            Self::Date | Self::NoSuchDay => "请写成如 2020-01-05 的日期".to_owned(),
            Self::ShortYear => "年份请写四位，如 2012-07-01".to_owned(),
            Self::Month => "请写成如 2020-01 的月份".to_owned(),
            Self::TooEarly(_) | Self::TooLate(_) => "请核对年份是否写错".to_owned(),
            Self::Integer | Self::Fraction => "请填整数，不带单位和文字".to_owned(),
            // A refund as a row of its own would take the place of the payment that it undoes.
            Self::TooLittle(bound) if bound == NO_MONEY => {
                "负数（退费、冲账）请与原来的一笔合计后填一行，全部退回的填 0；有“已到账”一栏的填“否”".to_owned()
            }
            Self::TooLittle(_) | Self::TooMuch(_) => "请核对数值和单位".to_owned(),
            Self::Money => "请填以元为单位的数，如 3000 或 3000.50".to_owned(),
            Self::MoneyTooFine => "金额最多两位小数，请按实际金额更正，不要四舍五入公式的显示值".to_owned(),
            Self::MoneyTooLarge => "请核对数值和单位（元、万元）".to_owned(),
            Self::Decimal => "请填小数或百分数，如 0.0385 或 3.85%".to_owned(),
            Self::DecimalTooFine => "最多六位小数，请更正".to_owned(),
            Self::Flag => "请填“是”或“否”".to_owned(),
            Self::Code(nearest) | Self::Benefit(nearest) => nearest.clone(),
            Self::Region => "请填6位、9位或12位行政区划代码，或县级以上地区的全称".to_owned(),
            Self::NoSuchRegion => "请核对代码；区划已撤并的填现行代码".to_owned(),
            Self::RegionName(several) => format!("请填代码，或在前面写明所属的市、省：{several}"),
            Self::TooLong(_) => "请删减".to_owned(),
            Self::Garbled => "请重新填写；整表都是乱码的，请另存为 UTF-8 编码".to_owned(),
            Self::IdInText => "请删去其中的证件号码".to_owned(),
            Self::Name => "请填证件上的姓名".to_owned(),
            Self::Phone => "请填手机号码或带区号的电话".to_owned(),
            Self::Account(_) => "请对照银行卡或开户信息更正".to_owned(),
            Self::BirthDisagrees | Self::SexDisagrees => "请核对证件号码和本栏，或将本栏留空".to_owned(),
            Self::Before(_) => "请核对两个日期".to_owned(),
            Self::NoKey => "请至少填写主键中的一栏".to_owned(),
            Self::NoSuchRow { register, empty } => {
                if *empty {
                    format!("请先导入“{}”（leye register import {}）", register.1, register.0)
                } else {
                    format!("请核对代码；确属新增的，请先导入“{}”", register.1)
                }
            }
            Self::TooManyCells => "内容中含逗号的请加双引号，或改用 xlsx".to_owned(),
            Self::TooFewCells => "请补齐本行各栏，空栏也要保留分隔符".to_owned(),
            Self::Repeated(_) => "请删去重复的行".to_owned(),
            Self::DuplicateKey(_) => "相同主键的各行都没有导入，请核对以哪一行为准，只保留这一行".to_owned(),
        }
    }
}

impl fmt::Display for Problem {
    /// The reason, in Chinese.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("必填栏为空"),
            Self::PersonId(error) => write!(f, "公民身份号码{error}"),
            Self::CreditCode(error) => write!(f, "统一社会信用代码{error}"),
            Self::OldCode => f.write_str("这是旧的组织机构代码或税号，不是统一社会信用代码"),
            Self::LongAsNumber => f.write_str("号码按数值保存，末尾几位已丢失"),
            Self::Formula => f.write_str("公式出错"),
            Self::MergedNumber => f.write_str("数值在合并单元格中，不能确定属于哪一行"),
            Self::Date => f.write_str("不是日期"),
            Self::NoSuchDay => f.write_str("没有这一天"),
            Self::ShortYear => f.write_str("年份不是四位"),
            Self::Month => f.write_str("不是月份"),
            Self::TooEarly(day) => write!(f, "早于 {day}"),
            Self::TooLate(day) => write!(f, "晚于 {day}"),
            Self::Integer => f.write_str("不是整数"),
            Self::Fraction => f.write_str("带有小数"),
            Self::TooLittle(bound) => write!(f, "小于 {bound}"),
            Self::TooMuch(bound) => write!(f, "大于 {bound}"),
            Self::Money => f.write_str("不是金额"),
            Self::MoneyTooFine => f.write_str("金额超过两位小数"),
            Self::MoneyTooLarge => f.write_str("金额过大"),
            Self::Decimal => f.write_str("不是小数"),
            Self::DecimalTooFine => f.write_str("超过六位小数"),
            Self::Flag => f.write_str("不是“是”或“否”"),
            Self::Code(_) => f.write_str("不在可选范围内"),
            Self::Region => f.write_str("不是行政区划代码，也不是地区名称"),
            Self::NoSuchRegion => f.write_str("没有这个行政区划代码"),
            Self::RegionName(_) => f.write_str("有几个地区都叫这个名称"),
            Self::TooLong(limit) => write!(f, "超过 {limit} 个字"),
            Self::Garbled => f.write_str("含有乱码或控制字符"),
            Self::IdInText => f.write_str("文字栏中含有公民身份号码"),
            Self::Name => f.write_str("不是姓名"),
            Self::Phone => f.write_str("不是电话号码"),
            Self::Account(error) => write!(f, "银行账号{error}"),
            Self::Benefit(_) => f.write_str("没有这个补贴项目"),
            Self::BirthDisagrees => f.write_str("与公民身份号码中的出生日期不一致"),
            Self::SexDisagrees => f.write_str("与公民身份号码中的性别不一致"),
            Self::Before(other) => write!(f, "早于“{other}”"),
            Self::NoKey => f.write_str("主键各栏都为空"),
            Self::NoSuchRow { register, empty } => {
                if *empty {
                    write!(f, "数据表“{}”还没有数据", register.1)
                } else {
                    write!(f, "数据表“{}”中没有这一条", register.1)
                }
            }
            Self::TooManyCells => f.write_str("栏数多于表头"),
            Self::TooFewCells => f.write_str("栏数少于表头"),
            Self::Repeated(other) => write!(f, "与{other}完全重复"),
            Self::DuplicateKey(other) => write!(f, "与{other}主键相同而内容不同"),
        }
    }
}

/// A cell as it may be shown: numbers of persons and accounts with all but their last four characters covered.
pub fn masked(text: &str, kind: &policy::register::ColumnType) -> String {
    use policy::register::ColumnType;
    match kind {
        ColumnType::ResidentId | ColumnType::Account | ColumnType::Phone => cover(text),
        ColumnType::Name => {
            let mut characters = text.chars();
            match characters.next() {
                Some(first) => format!("{first}{}", "*".repeat(characters.count())),
                None => String::new(),
            }
        }
        _ => {
            let short: String = text.chars().take(SHOWN_TEXT).collect();
            long_runs(&short, cover)
        }
    }
}

/// The name of a file as the manifest may keep it: clerks name files after people, and after their numbers too.
pub(crate) fn masked_name(name: &str) -> String {
    long_runs(name, cover)
}

fn cover(text: &str) -> String {
    let count = text.chars().count();
    let shown = SHOWN.min(count / 2);
    let covered = count - shown;
    let tail: String = text.chars().skip(covered).collect();
    format!("{}{tail}", "*".repeat(covered))
}

/// Characters of a number that may be shown, and those the last.
const SHOWN: usize = 4;
/// Characters of other text that are shown.
const SHOWN_TEXT: usize = 40;
/// A run of so many digits may be somebody's number, whatever the column.
const LONG_RUN: usize = 11;

fn long_runs(text: &str, cover: impl Fn(&str) -> String) -> String {
    let mut out = String::new();
    let mut run = String::new();
    let close = |run: &mut String, out: &mut String| {
        if run.chars().count() >= LONG_RUN {
            out.push_str(&cover(run));
        } else {
            out.push_str(run);
        }
        run.clear();
    };
    for character in text.chars() {
        if character.is_numeric() || matches!(character, 'x' | 'X') && !run.is_empty() {
            run.push(character);
        } else {
            close(&mut run, &mut out);
            out.push(character);
        }
    }
    close(&mut run, &mut out);
    out
}
