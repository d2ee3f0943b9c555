//! The description as a page of a government web site: the document between navigation, page tools, script and footer.

use std::error::Error;

use encoding_rs::GBK;

use super::description::{Block, Document, Numbering, Table, escaped};

/// How the page is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavour {
    /// UTF-8, the document in a `div`, modern tags.
    Utf8,
    /// GBK, everything inside a table that only places things, upper-case tags left open: a page of twenty years ago.
    Gbk,
}

/// The page.
///
/// # Errors
/// A character GBK does not have.
pub(super) fn write(document: &Document, site: &str, title: &str, flavour: Flavour) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut numbering = Numbering::default();
    let body: String = document
        .blocks
        .iter()
        .map(|block| block_html(block, &mut numbering))
        .collect();
    let (site, title) = (escaped(site), escaped(title));
    match flavour {
        Flavour::Utf8 => Ok(modern(&site, &title, &body).into_bytes()),
        Flavour::Gbk => {
            let page = dated(&site, &title, &body);
            let (bytes, _, lost) = GBK.encode(&page);
            if lost {
                Err("GBK lacks a character of the page".into())
            } else {
                Ok(bytes.into_owned())
            }
        }
    }
}

fn modern(site: &str, title: &str, body: &str) -> String {
    format!(
        r#"<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>{title}_{site}</title>
<meta name="ColumnName" content="政策文件">
<style>
.article table {{ border-collapse: collapse; }} .article td {{ border: 1px solid #000; padding: 4px; }}
</style>
<script>
var tip = "<p>99．脚本里的文字不是正文。（责任单位：市脚本局）</p>";
</script>
</head>
<body>
<ul class="nav"><li><a href="/">网站首页</a></li><li><a href="/zwgk/">政务公开</a></li><li><a href="/hdjl/">互动交流</a></li></ul>
<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; 政策文件</div>
<div class="article">
{body}</div>
<div class="tools"><a href="javascript:window.print()">打印本页</a>&nbsp;&nbsp;<a href="javascript:window.close()">关闭窗口</a></div>
<div class="footer">{site}　网站地图　关于我们</div>
<script src="/js/count.js"></script>
</body>
</html>
"#
    )
}

fn dated(site: &str, title: &str, body: &str) -> String {
    format!(
        r#"<HTML>
<HEAD>
<META http-equiv="Content-Type" content="text/html; charset=gb2312">
<TITLE>{title}</TITLE>
<SCRIPT language="JavaScript">
<!--
document.write("<p>（责任单位：区脚本局）");
//-->
</SCRIPT>
</HEAD>
<BODY bgcolor=#ffffff>
<!-- <p>99．注释里的文字不是正文。（责任单位：区注释局） -->
<TABLE width="980" border=0 align=center><TR><TD height=30><A href="/">首页</A> | <A href="/zwgk">政务公开</A> | <A href="/wsbs">网上办事</A></TD></TR>
<TR><TD>
{body}</TD></TR>
<TR><TD align=center>{site} 版权所有</TD></TR></TABLE>
</BODY>
</HTML>
"#
    )
}

fn block_html(block: &Block, numbering: &mut Numbering) -> String {
    const INDENT: &str = "&emsp;&emsp;";
    match block {
        Block::Title(text) => format!("<h1 style=\"text-align:center\">{}</h1>\n", inline(text)),
        Block::Number(text) => format!("<p style=\"text-align:center\">{}</p>\n", inline(text)),
        Block::Flush(text) => format!("<p>{}</p>\n", inline(text)),
        Block::Text(text) => format!("<p>{INDENT}{}</p>\n", inline(text)),
        Block::Item(level, text) => format!("<p>{INDENT}{}{}</p>\n", numbering.next(*level), inline(text)),
        Block::Label(label, text) => {
            format!("<p>{INDENT}<b>{}</b>{}</p>\n", inline(label), inline(text))
        }
        Block::Signed(text) => format!("<p style=\"text-align:right\">{}</p>\n", inline(text)),
        Block::Table(table) => table_html(table),
    }
}

/// Text of a paragraph or a cell: line feeds as `<br>`, a second space kept by `&nbsp;`, figures in a `<span>` as
/// pages pasted from a word processor have them.
fn inline(text: &str) -> String {
    let mut html = String::new();
    let mut figures = false;
    for c in text.chars() {
        if c.is_ascii_digit() != figures {
            html += if figures { "</span>" } else { "<span lang=\"EN-US\">" };
            figures = !figures;
        }
        match c {
            '\n' => html += "<br>",
            c => html += &escaped(c.encode_utf8(&mut [0; 4])),
        }
    }
    if figures {
        html += "</span>";
    }
    html.replace("  ", " &nbsp;")
}

fn table_html(table: &Table) -> String {
    let mut html = "<table>\n<tbody>\n".to_owned();
    for row in table.grid() {
        html += "<tr>";
        for cell in row {
            let mut spans = String::new();
            if cell.columns > 1 {
                spans += &format!(" colspan=\"{}\"", cell.columns);
            }
            if cell.rows > 1 {
                spans += &format!(" rowspan=\"{}\"", cell.rows);
            }
            let text = if cell.text.is_empty() {
                "&nbsp;".to_owned()
            } else {
                inline(cell.text)
            };
            html += &format!("<td{spans}><p>{text}</p></td>");
        }
        html += "</tr>\n";
    }
    html + "</tbody>\n</table>\n"
}
