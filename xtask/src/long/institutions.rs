//! A large register of twenty columns, two of them sealed, as csv and as xlsx: bodies that do not exist, the same at
//! every run.

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;

/// The columns of a row.
pub(super) const COLUMNS: usize = 20;

const HEADER: [&str; COLUMNS] = [
    "统一社会信用代码",
    "机构名称",
    "机构所在地",
    "备案日期",
    "账户户名",
    "银行账号",
    "机构类型",
    "institution.resident_entities",
    "institution.guarantee_compensated_fen",
    "institution.provincial_capital_subsidy_fen",
    "institution.provincial_incubator_award_fen",
    "institution.small_micro_guarantee_balance_fen",
    "institution.startup_loans_issued_in_year_fen",
    "institution.brings_high_level_talent",
    "institution.incubation_effect_good",
    "institution.is_government_guarantor",
    "institution.job_effect_good",
    "institution.loan_award_recognised",
    "institution.rent_cut_in_epidemic",
    "institution.served_key_firms",
];

/// The places of columns that a sheet has as numbers.
const NUMBERS: std::ops::Range<usize> = 7..13;

/// One row; its cells depend on its number alone.
fn row(number: u32) -> [String; COLUMNS] {
    // A multiplicative step that visits every remainder: rows do not come sorted by their key.
    let mixed = number.wrapping_mul(2_654_435_761);
    let yes_or_no = |bit: u32| if mixed >> bit & 1 == 1 { "是" } else { "否" }.to_owned();
    let yuan = |shift: u32| format!("{}.{:02}", (mixed >> shift) % 1_000_000, mixed % 100);
    let number_of_body = mixed % 1_000_000_000;
    [
        credit_code(number_of_body),
        format!("第{number}号职业培训学校"),
        format!("330282{:03}", 1 + mixed % 20),
        format!("20{:02}-{:02}-{:02}", mixed % 20, 1 + mixed % 12, 1 + mixed % 28),
        "某培训学校账户".to_owned(),
        format!("00000000{:011}", u64::from(mixed)),
        "培训机构".to_owned(),
        (mixed % 300).to_string(),
        yuan(1),
        yuan(2),
        yuan(3),
        yuan(4),
        yuan(5),
        yes_or_no(7),
        yes_or_no(8),
        yes_or_no(9),
        yes_or_no(10),
        yes_or_no(11),
        yes_or_no(12),
        yes_or_no(13),
    ]
}

/// A credit code with its check character (GB 32100-2015), of the unused region 990282.
fn credit_code(number: u32) -> String {
    const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let body = format!("52990282{number:09}");
    let mut weight = 1;
    let mut sum = 0;
    for byte in body.bytes() {
        sum += usize::from(byte - b'0') * weight;
        weight = weight * 3 % 31;
    }
    let check = ALPHABET.get((31 - sum % 31) % 31).copied().unwrap_or(b'0');
    format!("{body}{}", char::from(check))
}

/// Writes a csv.
pub(super) fn csv(path: &Path, rows: u32) -> Result<(), Box<dyn Error>> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    writeln!(out, "{}", HEADER.join(","))?;
    for number in 0..rows {
        writeln!(out, "{}", row(number).join(","))?;
    }
    Ok(out.flush()?)
}

/// Writes a workbook as office programs do: text in a table of strings, numbers as numbers.
pub(super) fn xlsx(path: &Path, rows: u32) -> Result<(), Box<dyn Error>> {
    let mut book = zip::ZipWriter::new(BufWriter::with_capacity(1 << 20, File::create(path)?));
    let options = SimpleFileOptions::default().large_file(true);
    for (name, text) in PARTS {
        book.start_file(*name, options)?;
        book.write_all(text.as_bytes())?;
    }
    book.start_file("xl/worksheets/sheet1.xml", options)?;
    write!(book, "{SHEET_BEGIN}<row r=\"1\">")?;
    let mut strings: Vec<String> = HEADER.iter().map(|header| (*header).to_owned()).collect();
    for place in 0..COLUMNS {
        write!(book, "<c r=\"{}1\" t=\"s\"><v>{place}</v></c>", letter(place))?;
    }
    let mut line = String::from("</row>");
    for number in 0..rows {
        use std::fmt::Write as _;
        write!(line, "<row r=\"{}\">", number + 2)?;
        for (place, cell) in row(number).into_iter().enumerate() {
            if NUMBERS.contains(&place) {
                write!(line, "<c r=\"{}{}\"><v>{cell}</v></c>", letter(place), number + 2)?;
            } else {
                write!(
                    line,
                    "<c r=\"{}{}\" t=\"s\"><v>{}</v></c>",
                    letter(place),
                    number + 2,
                    strings.len()
                )?;
                strings.push(cell);
            }
        }
        line.push_str("</row>");
        book.write_all(line.as_bytes())?;
        line.clear();
    }
    book.write_all(line.as_bytes())?;
    book.write_all(b"</sheetData></worksheet>")?;
    book.start_file("xl/sharedStrings.xml", options)?;
    write!(book, "{STRINGS_BEGIN}")?;
    for text in &strings {
        write!(book, "<si><t>{text}</t></si>")?;
    }
    book.write_all(b"</sst>")?;
    book.finish()?.flush()?;
    Ok(())
}

fn letter(place: usize) -> char {
    u8::try_from(place).map_or('A', |place| char::from(b'A' + place))
}

const SHEET_BEGIN: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#
);
const STRINGS_BEGIN: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">"#
);
/// The parts of a workbook beside its sheet and its strings.
const PARTS: &[(&str, &str)] = &[
    (
        "[Content_Types].xml",
        concat!(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
            r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">"#,
            r#"<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>"#,
            r#"<Default Extension="xml" ContentType="application/xml"/>"#,
            r#"<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>"#,
            r#"<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>"#,
            r#"<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>"#,
            r#"</Types>"#
        ),
    ),
    (
        "_rels/.rels",
        concat!(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#,
            r#"<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>"#,
            r#"</Relationships>"#
        ),
    ),
    (
        "xl/workbook.xml",
        concat!(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
            r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" "#,
            r#"xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">"#,
            r#"<sheets><sheet name="机构" sheetId="1" r:id="rId1"/></sheets></workbook>"#
        ),
    ),
    (
        "xl/_rels/workbook.xml.rels",
        concat!(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#,
            r#"<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>"#,
            r#"<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>"#,
            r#"</Relationships>"#
        ),
    ),
];
