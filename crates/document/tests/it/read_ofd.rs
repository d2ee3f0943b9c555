//! OFD: text objects and ruled lines become the paragraphs and tables that the page shows.

use crate::packed::zip;
use crate::paged::{ofd, ofd_line, ofd_page, ofd_text};
use crate::shown::{lines, read, read_lines, refusal};

fn page(objects: &str) -> Vec<String> {
    read_lines(&ofd(&[objects.to_owned()], "", &[]))
}

#[test]
fn text_stands_where_boundary_matrix_and_advances_put_it() {
    let object = |boundary: &str, more: &str, code: &str| {
        format!(r#"<ofd:TextObject Boundary="{boundary}" Size="5" {more}>{code}</ofd:TextObject>"#)
    };
    let cases = [
        (
            object(
                "20 20 90 9",
                "",
                r#"<ofd:TextCode X="0" Y="5" DeltaX="5 5 5">甲乙丙丁</ofd:TextCode>"#,
            ),
            vec!["甲乙丙丁"],
        ),
        (
            object(
                "20 20 90 9",
                "",
                r#"<ofd:TextCode X="0" Y="5" DeltaX="g 2 5 15">甲乙丙丁</ofd:TextCode>"#,
            ),
            vec!["甲乙丙 丁"],
        ),
        (
            object("20 20 90 9", "", r#"<ofd:TextCode X="0" Y="5">甲乙12</ofd:TextCode>"#),
            vec!["甲乙12"],
        ),
        // A code without a place of its own goes on where it is told, or stays where it was.
        (
            object(
                "20 20 90 9",
                "",
                r#"<ofd:TextCode X="10" Y="5">乙</ofd:TextCode><ofd:TextCode X="5">甲</ofd:TextCode>"#,
            ),
            vec!["甲乙"],
        ),
        (
            object(
                "20 20 90 9",
                r#"CTM="2 0 0 2 0 0""#,
                r#"<ofd:TextCode X="0" Y="5" DeltaX="5">甲乙</ofd:TextCode>"#,
            ) + &object(
                "40 20 90 9",
                r#"CTM="2 0 0 2 0 0""#,
                r#"<ofd:TextCode X="0" Y="5">丙</ofd:TextCode>"#,
            ),
            vec!["甲乙丙"],
        ),
        (
            object(
                "20 20 90 9",
                "",
                r#"<ofd:TextCode X="0" Y="5" DeltaY="g 1 8">甲乙</ofd:TextCode>"#,
            ),
            vec!["甲", "乙"],
        ),
        // A watermark leans.
        (
            ofd_text(20.0, 20.0, 5.0, "甲")
                + &object(
                    "90 90 9 9",
                    r#"CTM="0.7 0.7 -0.7 0.7 0 0""#,
                    r#"<ofd:TextCode X="0" Y="5">印</ofd:TextCode>"#,
                ),
            vec!["甲"],
        ),
        (
            ofd_text(20.0, 20.0, 5.0, "甲")
                + r#"<ofd:TextObject Visible="false" Boundary="20 40 9 9" Size="5"><ofd:TextCode X="0" Y="5">隐</ofd:TextCode></ofd:TextObject>"#,
            vec!["甲"],
        ),
        (ofd_text(20.0, 20.0, 5.0, "甲&amp;&lt;乙"), vec!["甲&<乙"]),
    ];
    for (objects, expected) in cases {
        assert_eq!(page(&objects), expected, "{objects}");
    }
}

#[test]
fn ruled_tables_come_from_paths() {
    let mut objects = String::new();
    for y in [20.0, 30.0, 40.0] {
        objects += &ofd_line((20.0, y), (120.0, y));
    }
    for x in [20.0, 40.0, 120.0] {
        objects += &ofd_line((x, 20.0), (x, 40.0));
    }
    objects += &(ofd_text(22.0, 23.0, 4.0, "序号")
        + &ofd_text(42.0, 23.0, 4.0, "任务")
        + &ofd_text(22.0, 33.0, 4.0, "一")
        + &ofd_text(42.0, 33.0, 4.0, "甲"));
    assert_eq!(page(&objects), ["| 序号 | 任务 |", "| 一 | 甲 |"]);
    let filled = r#"<ofd:PathObject Boundary="20 20 100 1" Stroke="false" Fill="true"><ofd:AbbreviatedData>M 0 0 L 100 0 L 100 0.2 L 0 0.2 C</ofd:AbbreviatedData></ofd:PathObject>"#;
    assert_eq!(page(&(objects.clone() + filled)), ["| 序号 | 任务 |", "| 一 | 甲 |"]);
}

#[test]
fn templates_are_printed_under_their_pages() {
    let template = ofd_page(&ofd_text(20.0, 20.0, 5.0, "版头"));
    let common = r#"<ofd:TemplatePage ID="5" BaseLoc="Tpls/Tpl_0/Content.xml"/>"#;
    let on_it = r#"<ofd:Template TemplateID="5" ZOrder="Background"/>"#.to_owned() + &ofd_text(20.0, 40.0, 5.0, "正文");
    let file = ofd(&[on_it], common, &[("Doc_0/Tpls/Tpl_0/Content.xml", &template)]);
    assert_eq!(read_lines(&file), ["版头", "正文"]);
    let missing = ofd(
        &[r#"<ofd:Template TemplateID="5"/>"#.to_owned() + &ofd_text(20.0, 40.0, 5.0, "正文")],
        common,
        &[],
    );
    let source = read(&missing);
    assert_eq!(lines(&source), ["正文"]);
    assert_eq!(
        source.diagnostics[0].message,
        "OFD 文件缺少第1页的模板（编号 5），模板上的文字未读取"
    );
}

#[test]
fn missing_and_broken_parts_are_named_and_the_rest_is_read() {
    let source = read(&ofd(
        &[
            ofd_text(20.0, 20.0, 5.0, "甲"),
            String::new(),
            ofd_text(20.0, 20.0, 5.0, "丙"),
        ],
        "",
        &[],
    ));
    assert_eq!(lines(&source), ["甲", "丙"]);
    assert_eq!(
        source.diagnostics[0].message,
        "OFD 文件缺少第2页的内容部件 Doc_0/Pages/Page_1/Content.xml，该页未读取"
    );
    let broken = ofd(&[ofd_text(20.0, 20.0, 5.0, "甲") + "<ofd:TextObject"], "", &[]);
    let source = read(&broken);
    assert_eq!(lines(&source), ["甲"]);
    assert_eq!(
        source.diagnostics[0].message,
        "第1页的内容部件 Doc_0/Pages/Page_0/Content.xml 不完整或已损坏，其后的内容未读取"
    );
    let root = r#"<ofd:OFD xmlns:ofd="urn:o"><ofd:DocBody><ofd:DocRoot>/Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"#;
    assert!(refusal(&zip(&[("OFD.xml", root.as_bytes())])).contains("OFD 文件缺少文档部件 Doc_0/Document.xml"));
    assert!(refusal(&zip(&[("OFD.xml", b"<a/>")])).contains("没有 DocRoot"));
    assert!(refusal(&zip(&[("OFD.xml", root.as_bytes()), ("Encryptions.xml", b"<a/>")])).contains("已加密"));
}

#[test]
fn a_page_without_text_is_named_and_a_scan_is_refused() {
    let picture = r#"<ofd:ImageObject ID="9" Boundary="0 0 210 297" ResourceID="3"/>"#;
    let source = read(&ofd(&[ofd_text(20.0, 20.0, 5.0, "甲"), picture.to_owned()], "", &[]));
    assert_eq!(source.diagnostics[0].message, "第2页没有文字，可能是扫描图片，未读取");
    assert!(refusal(&ofd(&[picture.to_owned()], "", &[])).starts_with("无法读取：文件中只有图片，没有文字"));
}

#[test]
fn parts_in_gbk_are_read() {
    let text = r#"<?xml version="1.0" encoding="GBK"?><ofd:Page xmlns:ofd="urn:o"><ofd:Content><ofd:Layer>"#.to_owned()
        + &ofd_text(20.0, 20.0, 5.0, "就业")
        + "</ofd:Layer></ofd:Content></ofd:Page>";
    let bytes = encoding_rs::GBK.encode(&text).0.into_owned();
    let root = r#"<OFD><DocBody><DocRoot>Doc_0/Document.xml</DocRoot></DocBody></OFD>"#;
    let document = r#"<Document><Pages><Page ID="1" BaseLoc="P.xml"/></Pages></Document>"#;
    let file = zip(&[
        ("OFD.xml", root.as_bytes()),
        ("Doc_0/Document.xml", document.as_bytes()),
        ("Doc_0/P.xml", &bytes),
    ]);
    assert_eq!(read_lines(&file), ["就业"]);
}
