//! Web pages: what a browser shows of the article comes out, in any encoding offices use.

use crate::shown::{read, read_lines};

fn page(body: &str) -> Vec<String> {
    read_lines(format!("<!DOCTYPE html><html><head><title>站名</title></head><body>{body}</body></html>").as_bytes())
}

#[test]
fn blocks_are_paragraphs_and_line_ends_in_the_source_are_not() {
    assert_eq!(
        page("<h1>标题</h1><div>第一\n段<p>第二 段<span>续</span></div>尾"),
        ["标题", "第一段", "第二 段续", "尾"]
    );
    assert_eq!(page("<p>Leye\nreads</p>"), ["Leye reads"]);
}

#[test]
fn entities_and_character_references_are_characters() {
    assert_eq!(
        page("<p>a&nbsp;&lt;b&gt;&amp;&#20013;&#x56fd;&mdash;&ldquo;甲&rdquo;&unknown;</p>"),
        ["a\u{a0}<b>&中国—“甲”&unknown;"]
    );
}

#[test]
fn scripts_styles_navigation_and_what_is_hidden_are_left_out() {
    let body = "<script>document.write('<p>脚本</p>')</script><style>p{}</style><nav><a>首页</a></nav><noscript>启用</noscript>\
                <div style='DISPLAY : none'>隐<div>藏</div></div><p hidden>隐<p>甲<select><option>选</select><!-- 注 --><textarea>填</textarea></p>";
    assert_eq!(page(body), ["甲"]);
}

#[test]
fn breaks_part_items_and_not_the_lines_of_a_title() {
    assert_eq!(
        page("<p>某市人民政府<br>关于就业的通知<br/>某政发〔2020〕1号<br>　　各区：<br>　　一、甲。<br>二、乙</p>"),
        [
            "某市人民政府关于就业的通知",
            "某政发〔2020〕1号",
            "　　各区：",
            "　　一、甲。",
            "二、乙"
        ]
    );
}

#[test]
fn spans_of_rows_and_columns_become_one_grid() {
    let table = "<table><tr><th>序号<th>任务<th colspan=2>单位</tr>\
                 <tr><td rowspan=3>1<td>甲<td>A<td rowspan='2'>B</tr>\
                 <tr><td>乙<td>C</tr>\
                 <tr><td>丙<td colspan=2>D</tr></table>";
    assert_eq!(
        page(table),
        [
            "| 序号 | 任务 | 单位@2+2 |", "| 1 | 甲 | A | B |", "| ^ | 乙 | C | ^ |", "| ^ | 丙 | D@2+2 |"
        ]
    );
}

#[test]
fn a_span_in_the_last_columns_reaches_down_past_short_rows() {
    let table = "<table><tr><td>a<td>b<td rowspan=0 colspan=2>c</tr><tr><td>d</tr><tr><td>e<td>f</tr></table>";
    assert_eq!(page(table), ["| a | b | c@2+2 |", "| d | ^@2+2 |", "| e | f | ^@2+2 |"]);
}

#[test]
fn cells_keep_their_lines() {
    assert_eq!(
        page("<table><tr><td>A局<br>B局<td><p>甲</p><p>乙</p></tr></table>"),
        ["| A局⏎B局 | 甲⏎乙 |"]
    );
}

#[test]
fn a_table_that_lays_out_the_page_is_taken_apart_and_a_small_nested_one_is_not() {
    let data = "<table><tr><td>1<td>甲</tr><tr><td>2<td>乙</tr></table>";
    assert_eq!(
        page(&format!("<table><tr><td>左栏<td><p>标题</p>{data}</tr></table>")),
        ["左栏", "标题", "| 1 | 甲 |", "| 2 | 乙 |"]
    );
    let small = "<table><tr><td>x<td>y</tr></table>";
    assert_eq!(
        page(&format!("<table><tr><td>1<td>前{small}后</tr></table>")),
        ["| 1 | 前⏎x y⏎后 |"]
    );
    assert_eq!(
        page("<table><tr><td><p>甲</p><p>乙</p></td></tr></table>"),
        ["甲", "乙"]
    );
}

#[test]
fn tags_left_open_end_where_they_must() {
    assert_eq!(
        page("<table><tr><td><b>a<td>b<tr><td>c<td><div>d</table><p>e"),
        ["| a | b |", "| c | d |", "e"]
    );
    assert_eq!(page("</td></tr></table></div><p>甲</p></p></body>乙"), ["甲", "乙"]);
    assert_eq!(
        page("<table>前<tr>中<td>a<td>b</tr></table>"),
        ["前", "中", "| a | b |"]
    );
}

#[test]
fn lists_print_their_numbers() {
    assert_eq!(
        page(
            "<ol><li>甲<li><p>乙</p><p>丙</p></ol><ul><li>丁</ul><ol type=A start=3><li>戊<ol><li>己</ol><li value=9>庚</ol>"
        ),
        ["1. 甲", "2. 乙", "丙", "丁", "C. 戊", "1. 己", "I. 庚"]
    );
    assert_eq!(
        page(
            "<ol style='list-style-type:none'><li>一、甲</ol><ol style='list-style-type: cjk-ideographic'><li>乙</ol>"
        ),
        ["一、甲", "一、乙"]
    );
}

#[test]
fn preformatted_text_keeps_its_lines() {
    assert_eq!(page("<pre>第一段。\n第二段。\n</pre>"), ["第一段。", "第二段。"]);
}

#[test]
fn every_encoding_in_use_is_read_whatever_is_declared() {
    let text = |charset: &str| format!("<html><meta charset='{charset}'><p>就业政策〇㐀</p></html>");
    let gb = |charset: &str| encoding_rs::GB18030.encode(&text(charset)).0.into_owned();
    let wide = |mark: &[u8]| {
        mark.iter()
            .copied()
            .chain(text("utf-16").encode_utf16().flat_map(u16::to_le_bytes))
            .collect::<Vec<u8>>()
    };
    let cases: Vec<Vec<u8>> = vec![
        text("utf-8").into_bytes(),
        text("gb2312").into_bytes(),
        gb("gb2312"),
        gb("GBK"),
        gb("gb18030"),
        gb("utf-8"),
        gb("no-such-thing"),
        wide(&[0xFF, 0xFE]),
        wide(&[]),
        [&[0xEF, 0xBB, 0xBF][..], text("gbk").as_bytes()].concat(),
        encoding_rs::GBK
            .encode("<META http-equiv=Content-Type content='text/html; charset=gb2312'><p>就业政策〇㐀")
            .0
            .into_owned(),
    ];
    for bytes in cases {
        assert!(
            read_lines(&bytes)[0].starts_with("就业政策〇"),
            "{:?}",
            String::from_utf8_lossy(&bytes)
        );
    }
    let big5 = encoding_rs::BIG5
        .encode("<html><meta charset=big5><p>就業政策")
        .0
        .into_owned();
    assert_eq!(read_lines(&big5), ["就業政策"]);
}

#[test]
fn only_the_article_is_taken_where_the_page_marks_it() {
    let body = "<div class=top><a>首页</a><a>公开</a></div><h1>关于就业的通知</h1>\
                <div class='wrap TRS_Editor'><p>各区、各部门、各单位：</p><table><tr><td>1<td>甲</tr></table><div>乙</div></div><div>版权所有</div>";
    let source = read(format!("<html>{body}</html>").as_bytes());
    assert_eq!(
        crate::shown::lines(&source),
        ["关于就业的通知", "各区、各部门、各单位：", "| 1 | 甲 |", "乙"]
    );
    assert_eq!(
        source.diagnostics[0].message,
        "只读取了网页的正文部分，栏目、导航和页脚未读取"
    );
    let titled = "<html><meta name=ArticleTitle content='甲'><body>头<div id=zoom><p>甲</p><p>正文正文正文</p></div>";
    assert_eq!(read_lines(titled.as_bytes()), ["甲", "正文正文正文"]);
    let small = "<html><body><p>一二三四五六</p><div id=zoom>七</div>";
    assert_eq!(read_lines(small.as_bytes()), ["一二三四五六", "七"]);
}

#[test]
fn rows_of_links_and_the_foot_of_a_site_are_left_out() {
    let body = "<table><tr><td><a>首页</a> | <a>公开</a></tr><tr><td><p>某市通知</p><p>见<a>附件一</a>、<a>附件二</a></p><p><a>附件.docx</a></p></tr>\
                <tr><td>某市人民政府 版权所有 某ICP备00000000号</tr></table>";
    let source = read(format!("<html>{body}</html>").as_bytes());
    assert_eq!(
        crate::shown::lines(&source),
        ["某市通知", "见附件一、附件二", "附件.docx"]
    );
    assert!(source.diagnostics[0].message.starts_with("只读取了网页的正文部分"));
}

#[test]
fn a_page_under_another_name_is_still_a_page_and_text_with_brackets_is_not() {
    assert_eq!(
        read_lines(b"<table border=1><tr><td>1</td><td>2</td></tr></table>"),
        ["| 1 | 2 |"]
    );
    assert_eq!(read_lines("<<通知>>\n<甲>".as_bytes()), ["<<通知>>", "<甲>"]);
}
