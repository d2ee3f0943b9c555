//! Every file is taken for what it holds, and what cannot be read says so and what to do.

use crate::compound::{compound, record, words, workbook};
use crate::packed::{Docx, Xlsx, p, rows, zip};
use crate::shown::{read_lines, refusal};

const HINT: &str = "请用 WPS 另存为 docx 或带文字的 PDF";

#[test]
fn formats_without_a_reader_name_themselves_and_the_way_out() {
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (compound(&[("WordDocument", vec![1])]), "不支持 doc、wps 格式"),
        (compound(&[("PowerPoint Document", vec![1])]), "这是演示文稿"),
        (compound(&[("Book", vec![1])]), "xls 文件的版本过旧（Excel 95 及以前）"),
        (compound(&[("Contents", vec![1])]), "不支持这种文件格式"),
        (b"\xFF\xD8\xFF\xE0\0\x10JFIF".to_vec(), "这是图片文件，没有文字"),
        (b"\x89PNG\r\n\x1A\n\0\0".to_vec(), "这是图片文件，没有文字"),
        (b"{\\rtf1\\ansi }".to_vec(), "不支持 RTF 格式"),
        (b"Rar!\x1A\x07".to_vec(), "这是压缩包，请先解压"),
        (zip(&[("a.txt", b"a")]), "这是压缩包，请先解压，再读取其中的文件"),
        (
            zip(&[("mimetype", b"application/vnd.oasis.opendocument.text")]),
            "不支持 OpenDocument 格式（odt、ods）",
        ),
        (
            zip(&[("[Content_Types].xml", b"<Types/>")]),
            "文件缺少正文部件，可能已损坏",
        ),
        (
            b"<?xml version=\"1.0\"?><?mso-application progid=\"Word.Document\"?><w:wordDocument/>".to_vec(),
            "不支持 Office 的单一 XML 格式",
        ),
    ];
    for (bytes, reason) in cases {
        assert_eq!(refusal(&bytes), format!("无法读取：{reason}。{HINT}"));
    }
}

#[test]
fn encrypted_files_say_so() {
    let message = "无法读取：文件已加密，需要密码才能打开。请用 WPS 打开并取消密码，另存为 docx 后再读取";
    assert_eq!(
        refusal(&compound(&[("EncryptionInfo", vec![4]), ("EncryptedPackage", vec![1])])),
        message
    );
    let book = workbook(&[record(0x002F, &words(&[0]))], &[]);
    assert_eq!(refusal(&compound(&[("Workbook", book)])), message);
}

#[test]
fn a_file_of_nothing_says_so() {
    assert_eq!(refusal(b""), "无法读取：文件是空的。请确认是否选错文件");
    assert_eq!(
        refusal(&Docx::new("").bytes()),
        format!("无法读取：文件中没有文字。{HINT}")
    );
    assert_eq!(
        refusal(b"<html><body></body></html>"),
        format!("无法读取：文件中没有文字。{HINT}")
    );
}

#[test]
fn a_secrecy_mark_is_refused_in_every_format_and_nothing_of_the_file_repeated() {
    let message = "该文件标有密级标志，已拒绝读取，未保存任何内容。涉密文件不得在本系统处理，请按保密规定处置；如系误标，请由保密工作人员核实";
    let marks = [
        "机密★1年", "秘密★", "绝密★长期", "机 密 ★ １ 年", "000001　机密★10年", "秘密★六个月 特急", "密级：秘密★3年",
        "密级：机密", "绝密", "秘密*1年", "机密★2025年12月31日前", "秘　密★", "特急 機密★",
    ];
    for mark in marks {
        let page = format!("<html><p>{mark}</p><p>某市文件</p></html>");
        assert_eq!(refusal(page.as_bytes()), message, "{mark}");
        assert_eq!(refusal(&Docx::new(p(mark) + &p("某市文件")).bytes()), message, "{mark}");
        assert_eq!(
            refusal(&Xlsx::default().sheet("表", rows(&[&[mark], &["a", "b"]])).bytes()),
            message,
            "{mark}"
        );
    }
    let late: String = (0..50).map(|_| p("正文。")).collect::<String>() + &p("机密★1年");
    assert_eq!(refusal(&Docx::new(late).bytes()), message);
    let margin = rows(&[&["a", "b"]]) + "<headerFooter><oddHeader>&amp;C机密★1年</oddHeader></headerFooter>";
    assert_eq!(refusal(&Xlsx::default().sheet("表", margin).bytes()), message);
}

#[test]
fn the_words_in_running_text_are_no_mark() {
    let texts = [
        "依法保护商业秘密★，不得泄露",
        "保守国家秘密",
        "秘密级文件按规定标注",
        "密级：公开",
        "机密文件管理办法",
        "秘密★的标注方法见附件三",
    ];
    for text in texts {
        assert_eq!(read_lines(&Docx::new(p(text) + &p("正文")).bytes()), [text, "正文"]);
    }
    let late: String = (0..10).map(|_| p("正文。")).collect::<String>() + &p("秘密");
    assert_eq!(read_lines(&Docx::new(late).bytes()).len(), 11);
}

#[test]
fn a_table_that_lists_grades_is_no_secret_itself() {
    let sheet = rows(&[&["文件", "密级"], &["甲", "秘密"], &["乙", "公开"]]);
    assert_eq!(
        read_lines(&Xlsx::default().sheet("表", sheet).bytes())[1],
        "| 甲 | 秘密 |"
    );
    let labelled = rows(&[&["密级：秘密", ""], &["甲", "乙"]]);
    assert!(refusal(&Xlsx::default().sheet("表", labelled).bytes()).starts_with("该文件标有密级标志"));
}

#[test]
fn a_mark_in_the_header_of_a_docx_counts() {
    let header = format!(r#"<w:hdr xmlns:w="urn:w">{}</w:hdr>"#, p("机密★1年"));
    let document = format!(
        r#"<w:document xmlns:w="urn:w"><w:body>{}</w:body></w:document>"#,
        p("某市文件")
    );
    let related = r#"<Relationships><Relationship Id="a" Type="urn:x/header" Target="header1.xml"/></Relationships>"#;
    let bytes = zip(&[
        ("word/document.xml", document.as_bytes()),
        ("word/_rels/document.xml.rels", related.as_bytes()),
        ("word/header1.xml", header.as_bytes()),
    ]);
    assert!(refusal(&bytes).starts_with("该文件标有密级标志"));
}

#[test]
fn names_of_parts_may_differ_in_case_and_slashes() {
    let document = format!(
        r#"<w:document xmlns:w="urn:w"><w:body>{}</w:body></w:document>"#,
        p("甲")
    );
    assert_eq!(read_lines(&zip(&[("Word\\Document.xml", document.as_bytes())])), ["甲"]);
}
