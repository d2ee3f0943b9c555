//! `word/document.xml` as a stream: paragraphs, runs, tables, and the many things that enclose or interrupt them.

use std::io::BufRead;

use super::numbering::Numbering;
use super::paragraph::{Alternatives, Field, OpenParagraph};
use super::styles::Styles;
use super::symbols::symbol;
use crate::read::flow::{Flow, Vertical};
use crate::read::xml::{Broken, Element, Node, Xml};
use crate::read::{ReadError, unreadable_picture};
use crate::source::Source;

/// Elements whose meaning depends on what they stand in, or that need something done when they end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    Paragraph,
    ParagraphProperties,
    RunProperties,
    Run,
    Text,
    Table,
    Row,
    RowProperties,
    Cell,
    TextBox,
    Alternatives,
    Control,
    Other,
}

/// The reader's state within the body.
#[derive(Debug)]
pub(super) struct Body {
    flow: Flow,
    styles: Styles,
    numbering: Numbering,
    scopes: Vec<Scope>,
    paragraphs: Vec<OpenParagraph>,
    /// Text of a paragraph whose mark was deleted.
    carried: String,
    fields: Vec<Field>,
    alternatives: Vec<Alternatives>,
    /// The row being read was deleted; one entry a row that is open.
    deleted_rows: Vec<bool>,
    /// The control being read shows its prompt and nothing a person wrote; one entry a control that is open.
    prompts: Vec<bool>,
    characters: usize,
    pictures: usize,
    objects: usize,
}

/// What is to be done with the element that has just begun.
enum Next {
    Enter(Scope),
    Skip,
}

impl Body {
    pub(super) fn new(styles: Styles, numbering: Numbering) -> Self {
        Self {
            flow: Flow::default(),
            styles,
            numbering,
            scopes: Vec::new(),
            paragraphs: Vec::new(),
            carried: String::new(),
            fields: Vec::new(),
            alternatives: Vec::new(),
            deleted_rows: Vec::new(),
            prompts: Vec::new(),
            characters: 0,
            pictures: 0,
            objects: 0,
        }
    }

    pub(super) fn diagnostic(&mut self, message: impl Into<String>, hint: impl Into<String>) {
        self.flow.diagnostic(message, hint);
    }

    /// Reads the part; where it breaks off, what came before is kept and the break reported.
    pub(super) fn read(&mut self, stream: impl BufRead) {
        let mut xml = Xml::new(stream);
        if let Err(broken) = self.take(&mut xml) {
            while let Some(scope) = self.scopes.pop() {
                self.end(scope);
            }
            self.diagnostic(
                broken.message("正文部件 document.xml "),
                "请重新获取该文件，或用 WPS 打开后另存为 docx 再读取",
            );
        }
    }

    /// The document, or why nothing in it can be read.
    pub(super) fn finish(mut self) -> Result<Source, ReadError> {
        if self.characters == 0 && self.pictures > 0 {
            return Err(unreadable_picture());
        }
        if self.pictures > 0 {
            let message = format!("文中有 {} 幅图片或图形，图中的文字未读取", self.pictures);
            self.diagnostic(message, "如正文或表格在图片中，请录入为文字后重新读取");
        }
        if self.objects > 0 {
            let message = format!("文中嵌入了 {} 个对象（如 Excel 表格），其中的内容未读取", self.objects);
            self.diagnostic(message, "请打开嵌入的对象，另存后单独读取");
        }
        Ok(self.flow.finish())
    }

    fn take(&mut self, xml: &mut Xml<impl BufRead>) -> Result<(), Broken> {
        while !self.flow.is_full() {
            match xml.next()? {
                Node::Over => break,
                Node::Text(text) => {
                    if self.scopes.last() == Some(&Scope::Text) {
                        self.text(&text);
                    }
                }
                Node::Start(element) => match self.start(&element) {
                    Next::Enter(scope) => self.scopes.push(scope),
                    Next::Skip => xml.skip()?,
                },
                Node::End(_) => {
                    if let Some(scope) = self.scopes.pop() {
                        self.end(scope);
                    }
                }
            }
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        let in_instruction = self.fields.last() == Some(&Field::Instruction);
        let in_prompt = self.prompts.contains(&true);
        if let Some(paragraph) = self.paragraphs.last_mut()
            && !paragraph.hidden
            && !in_instruction
            && !in_prompt
        {
            self.characters += text.len();
            paragraph.text.push_str(text);
        }
    }

    fn start(&mut self, element: &Element<'_>) -> Next {
        let scope = match element.name() {
            "p" => {
                self.begin_paragraph();
                Scope::Paragraph
            }
            "pPr" => Scope::ParagraphProperties,
            "rPr" => Scope::RunProperties,
            "r" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.hidden = false;
                }
                Scope::Run
            }
            "t" => Scope::Text,
            "tbl" => {
                self.flow.begin_table();
                Scope::Table
            }
            "tr" => {
                self.flow.begin_row();
                self.deleted_rows.push(false);
                Scope::Row
            }
            "trPr" => Scope::RowProperties,
            "tc" => {
                self.flow.begin_cell();
                Scope::Cell
            }
            "txbxContent" => {
                self.flow.begin_aside();
                Scope::TextBox
            }
            "AlternateContent" => {
                self.alternatives.push(Alternatives {
                    characters: self.characters,
                });
                Scope::Alternatives
            }
            "Fallback" if self.alternatives.last().is_some_and(|a| a.characters < self.characters) => {
                return Next::Skip;
            }
            "sdt" => {
                self.prompts.push(false);
                Scope::Control
            }
            name if is_left_out(name) => return Next::Skip,
            "del" | "moveFrom" => return self.deleted(),
            name => {
                self.property(name, element);
                self.mark(name, element);
                Scope::Other
            }
        };
        Next::Enter(scope)
    }

    /// A deletion: of the text it encloses, or, within properties, of a paragraph's mark or of a row.
    fn deleted(&mut self) -> Next {
        match self.scopes.last() {
            Some(Scope::RunProperties) => {
                if self.scopes.len() >= 2
                    && self.scopes[self.scopes.len() - 2] == Scope::ParagraphProperties
                    && let Some(paragraph) = self.paragraphs.last_mut()
                {
                    paragraph.runs_on = true;
                }
            }
            Some(Scope::RowProperties) => {
                if let Some(deleted) = self.deleted_rows.last_mut() {
                    *deleted = true;
                }
            }
            _ => {}
        }
        Next::Skip
    }

    /// Properties of paragraphs, runs, rows and cells.
    fn property(&mut self, name: &str, element: &Element<'_>) {
        let count = || element.number("val").and_then(|n| usize::try_from(n).ok());
        match name {
            "gridSpan" => self.flow.shape_cell(count(), None),
            "vMerge" => {
                let begins = element.attribute("val").is_some_and(|value| value == "restart");
                self.flow
                    .shape_cell(None, Some(if begins { Vertical::Starts } else { Vertical::Continues }));
            }
            "hMerge" if element.attribute("val").is_none_or(|value| value != "restart") => {
                self.flow.shape_cell(None, Some(Vertical::Starts));
                self.flow.merge_into_previous_cell();
            }
            "gridBefore" if self.scopes.last() == Some(&Scope::RowProperties) => {
                self.flow.skip_columns(count().unwrap_or(0));
            }
            "showingPlcHdr" if element.on() => {
                if let Some(prompt) = self.prompts.last_mut() {
                    *prompt = true;
                }
            }
            _ => self.paragraph_property(name, element),
        }
    }

    fn paragraph_property(&mut self, name: &str, element: &Element<'_>) {
        let in_run = self.scopes.last() == Some(&Scope::RunProperties)
            && self.scopes.len() >= 2
            && self.scopes[self.scopes.len() - 2] == Scope::Run;
        let Some(paragraph) = self.paragraphs.last_mut() else {
            return;
        };
        match name {
            "pStyle" => paragraph.style = element.attribute("val"),
            "numId" => paragraph.number = element.number("val"),
            "ilvl" => paragraph.level = element.number("val").and_then(|n| usize::try_from(n).ok()),
            "vanish" | "specVanish" if in_run && element.on() => paragraph.hidden = true,
            _ => {}
        }
    }

    /// What stands in a run besides text.
    fn mark(&mut self, name: &str, element: &Element<'_>) {
        match name {
            // The older form of a picture stands beside the newer one; it is the same picture.
            "imagedata" if !self.alternatives.is_empty() => {}
            "blip" | "imagedata" | "relIds" | "chart" => self.pictures += 1,
            "OLEObject" | "altChunk" | "subDoc" => self.objects += 1,
            _ => {}
        }
        if self.scopes.last() != Some(&Scope::Run) {
            return;
        }
        match name {
            "tab" | "ptab" => self.text("\t"),
            "br" | "cr" => self.text("\n"),
            "noBreakHyphen" => self.text("-"),
            "sym" => {
                let code = element
                    .attribute("char")
                    .and_then(|code| u32::from_str_radix(&code, 16).ok());
                let font = element.attribute("font").unwrap_or_default();
                if let Some(c) = code.and_then(|code| symbol(code, &font)) {
                    self.text(c.encode_utf8(&mut [0; 4]));
                }
            }
            "fldChar" => self.field(element),
            _ => {}
        }
    }

    fn field(&mut self, element: &Element<'_>) {
        match element.attribute("fldCharType").as_deref() {
            // Bounded by the depth of elements in no way, so by a figure no document reaches.
            Some("begin") if self.fields.len() < 10_000 => self.fields.push(Field::Instruction),
            Some("separate") => {
                if let Some(field) = self.fields.last_mut() {
                    *field = Field::Result;
                }
            }
            Some("end") => {
                self.fields.pop();
            }
            _ => {}
        }
    }

    fn end(&mut self, scope: Scope) {
        match scope {
            Scope::Paragraph => self.end_paragraph(),
            Scope::Run => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.hidden = false;
                }
            }
            Scope::Table => self.flow.end_table(),
            Scope::Row => {
                if self.deleted_rows.pop().unwrap_or(false) {
                    self.flow.drop_row();
                } else {
                    self.flow.end_row();
                }
            }
            Scope::Cell => self.flow.end_cell(),
            Scope::TextBox => {
                let aside = self.flow.end_aside();
                match self.paragraphs.last_mut() {
                    Some(paragraph) => paragraph.asides.push(aside),
                    None => self.flow.add_aside(aside),
                }
            }
            Scope::Alternatives => {
                self.alternatives.pop();
            }
            Scope::Control => {
                self.prompts.pop();
            }
            _ => {}
        }
    }

    fn begin_paragraph(&mut self) {
        let text = std::mem::take(&mut self.carried);
        self.paragraphs.push(OpenParagraph {
            text,
            fields_before: self.fields.len(),
            ..OpenParagraph::default()
        });
    }

    fn end_paragraph(&mut self) {
        let Some(mut paragraph) = self.paragraphs.pop() else {
            return;
        };
        // An instruction does not outlast its paragraph: where its end is missing, what follows is text.
        for field in self.fields.iter_mut().skip(paragraph.fields_before) {
            *field = Field::Result;
        }
        if paragraph.runs_on {
            self.carried = std::mem::take(&mut paragraph.text);
        } else if !paragraph
            .style
            .as_deref()
            .is_some_and(|style| self.styles.is_contents(style))
        {
            let label = self.label(&paragraph).unwrap_or_default();
            self.characters += label.len();
            self.flow.paragraph(format!("{label}{}", paragraph.text).trim_end());
        }
        for aside in paragraph.asides {
            self.flow.add_aside(aside);
        }
    }

    /// The automatic number of a paragraph: its own, or its style's.
    fn label(&mut self, paragraph: &OpenParagraph) -> Option<String> {
        let style = self.styles.numbering(paragraph.style.as_deref());
        let number = paragraph.number.or(style.map(|s| s.number)).filter(|&n| n != 0)?;
        let level = paragraph.level.or_else(|| {
            let style = style.filter(|_| paragraph.number.is_none())?;
            style
                .level
                .or_else(|| self.numbering.level_of_style(number, style.style, &self.styles))
        });
        self.numbering.label(number, level.unwrap_or(0), &self.styles)
    }
}

/// Former states, instructions, readings above characters, and text that only a program sees.
fn is_left_out(name: &str) -> bool {
    matches!(
        name,
        "pPrChange"
            | "rPrChange"
            | "tblPrChange"
            | "tblPrExChange"
            | "tblGridChange"
            | "trPrChange"
            | "tcPrChange"
            | "sectPrChange"
            | "numberingChange"
            | "delText"
            | "delInstrText"
            | "instrText"
            | "rt"
            | "sectPr"
            | "tblGrid"
            | "tabs"
            | "ffData"
    )
}
