//! A page's content: the operators that place text and draw lines (ISO 32000-1, 8 and 9).

#![expect(
    clippy::float_arithmetic,
    reason = "places on a page are measured; nothing here is money or a rate"
)]

use std::collections::BTreeMap;
use std::rc::Rc;

use super::canvas::Canvas;
use super::file::File;
use super::font::Font;
use super::object::{Dictionary, Lexer, Object, Token, is_space};
use crate::read::limits::MAX_PAGE_RULES;
use crate::read::measure::Matrix;

/// Forms within forms.
const MAX_FORMS: usize = 6;
/// Saved states, and operands of one operator.
const MAX_SAVED: usize = 200;
const MAX_OPERANDS: usize = 1_000;
/// What an operator costs of a file's budget of work, one of its operands, and a byte of a string.
const OPERATOR_WORK: usize = 30;
const OPERAND_WORK: usize = 15;
const CHARACTER_WORK: usize = 30;
/// What drawing a form costs besides its content.
const FORM_WORK: usize = 5_000;
/// Fonts that are kept from page to page.
const KEPT_FONTS: usize = 300;

/// Fonts by the numbers of their objects.
pub(super) type Fonts = BTreeMap<u32, Rc<Font>>;

/// What stays the same between operators until it is changed.
#[derive(Clone)]
struct State {
    place: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    character_space: f64,
    word_space: f64,
    stretch: f64,
    leading: f64,
    rise: f64,
}

/// Draws contents onto a canvas.
pub(super) struct Interpreter<'p, 'f, 'a> {
    file: &'f File<'a>,
    fonts: &'p mut Fonts,
    canvas: &'p mut Canvas,
    /// The forms being drawn, by their objects: none is drawn within itself.
    forms: Vec<Option<u32>>,
}

/// One content stream with what it refers to.
struct Run<'r> {
    resources: &'r Dictionary,
    /// Fonts of this stream by name.
    named: BTreeMap<Vec<u8>, Rc<Font>>,
    state: State,
    saved: Vec<State>,
    text: Matrix,
    line: Matrix,
    path: Path,
}

/// The path under construction: runs of points, already on the page.
#[derive(Default)]
struct Path {
    runs: Vec<Vec<(f64, f64)>>,
    points: usize,
}

impl Path {
    fn begin(&mut self, point: (f64, f64)) {
        if self.points < MAX_PAGE_RULES * 2 {
            self.points += 1;
            self.runs.push(vec![point]);
        }
    }

    fn to(&mut self, point: (f64, f64)) {
        if self.points < MAX_PAGE_RULES * 2
            && let Some(run) = self.runs.last_mut()
        {
            self.points += 1;
            run.push(point);
        }
    }

    fn close(&mut self) {
        if let Some(first) = self.runs.last().and_then(|run| run.first()).copied() {
            self.to(first);
        }
    }
}

impl<'p, 'f, 'a> Interpreter<'p, 'f, 'a> {
    pub(super) fn new(file: &'f File<'a>, fonts: &'p mut Fonts, canvas: &'p mut Canvas) -> Self {
        Self {
            file,
            fonts,
            canvas,
            forms: Vec::new(),
        }
    }

    /// Draws a content stream, whose measures lie in the page as `place` says.
    pub(super) fn draw(&mut self, content: &[u8], resources: &Dictionary, place: Matrix) {
        let state = State {
            place,
            font: None,
            size: 0.0,
            character_space: 0.0,
            word_space: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
        };
        let mut run = Run {
            resources,
            named: BTreeMap::new(),
            state,
            saved: Vec::new(),
            text: Matrix::IDENTITY,
            line: Matrix::IDENTITY,
            path: Path::default(),
        };
        let mut lexer = Lexer::of_content(content);
        let mut operands: Vec<Object> = Vec::new();
        while let Some(token) = lexer.next() {
            match token {
                Token::Object(object) => {
                    if operands.len() < MAX_OPERANDS {
                        operands.push(object);
                    }
                }
                Token::Word(word) if word == b"ID" => {
                    self.canvas.pictures += 1;
                    pass_picture(&mut lexer);
                    operands.clear();
                }
                Token::Word(word) => {
                    self.file.spend(OPERATOR_WORK + OPERAND_WORK * operands.len());
                    self.operator(&word, &operands, &mut run);
                    operands.clear();
                    if self.file.is_exhausted() || self.canvas.is_full() {
                        return;
                    }
                }
            }
        }
    }

    fn operator(&mut self, word: &[u8], operands: &[Object], run: &mut Run<'_>) {
        let number = |at: usize| operands.get(at).and_then(Object::number).unwrap_or(0.0);
        let last = || operands.last().and_then(Object::number).unwrap_or(0.0);
        let matrix = || Matrix([number(0), number(1), number(2), number(3), number(4), number(5)]);
        match word {
            b"q" if run.saved.len() < MAX_SAVED => run.saved.push(run.state.clone()),
            b"Q" => {
                if let Some(state) = run.saved.pop() {
                    run.state = state;
                }
            }
            b"cm" => run.state.place = matrix().then(run.state.place),
            b"Do" => self.external(operands, run),
            b"BT" => (run.text, run.line) = (Matrix::IDENTITY, Matrix::IDENTITY),
            b"Tf" => {
                run.state.size = number(1);
                run.state.font = operands
                    .first()
                    .and_then(Object::name)
                    .and_then(|name| self.font(name, run));
            }
            b"Tc" => run.state.character_space = last(),
            b"Tw" => run.state.word_space = last(),
            b"Tz" => run.state.stretch = last() / 100.0,
            b"TL" => run.state.leading = last(),
            b"Ts" => run.state.rise = last(),
            b"Td" => run.next_line(number(0), number(1)),
            b"TD" => {
                run.state.leading = -number(1);
                run.next_line(number(0), number(1));
            }
            b"Tm" => (run.text, run.line) = (matrix(), matrix()),
            b"T*" => run.next_line(0.0, -run.state.leading),
            b"Tj" => self.show(operands, run),
            b"TJ" => self.show(operands.first().and_then(Object::array).unwrap_or_default(), run),
            b"'" => {
                run.next_line(0.0, -run.state.leading);
                self.show(operands, run);
            }
            b"\"" => {
                (run.state.word_space, run.state.character_space) = (number(0), number(1));
                run.next_line(0.0, -run.state.leading);
                self.show(operands.get(2..).unwrap_or_default(), run);
            }
            _ => self.path_operator(word, number, run),
        }
    }

    fn path_operator(&mut self, word: &[u8], number: impl Fn(usize) -> f64, run: &mut Run<'_>) {
        let place = run.state.place;
        let point = |at: usize| place.apply((number(at), number(at + 1)));
        match word {
            b"m" => run.path.begin(point(0)),
            b"l" => run.path.to(point(0)),
            b"c" => run.path.to(point(4)),
            b"v" | b"y" => run.path.to(point(2)),
            b"h" => run.path.close(),
            b"re" => {
                let (x, y, wide, high) = (number(0), number(1), number(2), number(3));
                run.path.begin(place.apply((x, y)));
                for corner in [(x + wide, y), (x + wide, y + high), (x, y + high), (x, y)] {
                    run.path.to(place.apply(corner));
                }
            }
            b"s" | b"b" | b"b*" => {
                run.path.close();
                self.stroke(run);
            }
            b"S" | b"B" | b"B*" => self.stroke(run),
            b"f" | b"F" | b"f*" => self.fill(run),
            b"n" => run.path = Path::default(),
            _ => {}
        }
    }

    fn stroke(&mut self, run: &mut Run<'_>) {
        for points in std::mem::take(&mut run.path).runs {
            for pair in points.windows(2) {
                self.canvas.line(pair[0], pair[1]);
            }
        }
    }

    fn fill(&mut self, run: &mut Run<'_>) {
        for points in std::mem::take(&mut run.path).runs {
            let least = points
                .iter()
                .fold((f64::INFINITY, f64::INFINITY), |a, p| (a.0.min(p.0), a.1.min(p.1)));
            let most = points.iter().fold((f64::NEG_INFINITY, f64::NEG_INFINITY), |a, p| {
                (a.0.max(p.0), a.1.max(p.1))
            });
            if points.len() > 1 {
                self.canvas.surface(least, most);
            }
        }
    }

    /// Text, or numbers that move what follows it.
    fn show(&mut self, strings: &[Object], run: &mut Run<'_>) {
        let Some(font) = run.state.font.clone() else { return };
        for object in strings {
            match object {
                Object::Number(back) => run.advance(-back / 1000.0 * run.state.size, font.vertical),
                Object::String(bytes) => {
                    self.file.spend(bytes.len() * CHARACTER_WORK);
                    font.decode(bytes, |shown| {
                        let state = &run.state;
                        let place = run.text.then(state.place);
                        let (right, down) = place.across();
                        let em = state.size * state.stretch;
                        let width = shown.width / 1000.0;
                        let size = (place.height() * state.size).abs();
                        let origin = place.apply((0.0, state.rise));
                        let across = if font.vertical {
                            // The origin of upright columns is above the middle of the character.
                            (-place.0[2] * state.size, -place.0[3] * state.size)
                        } else {
                            (right * em * width, down * em * width)
                        };
                        self.canvas.character(origin, across, size, shown.text);
                        let word = if shown.is_space { state.word_space } else { 0.0 };
                        let step = if font.vertical { state.size } else { width * state.size };
                        run.advance(step + state.character_space + word, font.vertical);
                    });
                }
                _ => {}
            }
        }
    }

    fn font(&mut self, name: &[u8], run: &mut Run<'_>) -> Option<Rc<Font>> {
        if let Some(font) = run.named.get(name) {
            return Some(Rc::clone(font));
        }
        let reference = self.file.entry(run.resources, "Font", name)?;
        let number = if let Object::Reference(number) = reference {
            Some(number)
        } else {
            None
        };
        let font = match number.and_then(|number| self.fonts.get(&number)) {
            Some(font) => Rc::clone(font),
            None => {
                let object = self.file.resolve(&reference)?;
                let font = Rc::new(Font::read(self.file, object.dictionary()?));
                if let Some(number) = number {
                    if self.fonts.len() >= KEPT_FONTS {
                        self.fonts.clear();
                    }
                    self.fonts.insert(number, Rc::clone(&font));
                }
                font
            }
        };
        if run.named.len() < KEPT_FONTS {
            run.named.insert(name.to_vec(), Rc::clone(&font));
        }
        Some(font)
    }

    /// A picture, or a form, which is content of its own.
    fn external(&mut self, operands: &[Object], run: &Run<'_>) {
        let Some(name) = operands.first().and_then(Object::name) else {
            return;
        };
        let Some(entry) = self.file.entry(run.resources, "XObject", name) else {
            return;
        };
        let number = if let Object::Reference(number) = entry {
            Some(number)
        } else {
            None
        };
        let Some(object) = self.file.resolve(&entry) else {
            return;
        };
        let Some(dictionary) = object.dictionary() else { return };
        if dictionary.is("Subtype", "Image") {
            self.canvas.pictures += 1;
            return;
        }
        let drawn_within_itself = number.is_some() && self.forms.contains(&number);
        if !dictionary.is("Subtype", "Form") || self.forms.len() >= MAX_FORMS || drawn_within_itself {
            return;
        }
        self.file.spend(FORM_WORK);
        let Some(content) = self.file.stream(&object) else {
            return;
        };
        let own = match self.file.value(dictionary, "Matrix") {
            Some(Object::Array(numbers)) => {
                let numbers: Vec<f64> = numbers.iter().map(|number| number.number().unwrap_or(0.0)).collect();
                <[f64; 6]>::try_from(numbers).map_or(Matrix::IDENTITY, Matrix)
            }
            _ => Matrix::IDENTITY,
        };
        let resources = self.file.value(dictionary, "Resources");
        let resources = resources.as_ref().and_then(Object::dictionary).unwrap_or(run.resources);
        self.forms.push(number);
        self.draw(&content, resources, own.then(run.state.place));
        self.forms.pop();
    }
}

impl Run<'_> {
    fn next_line(&mut self, x: f64, y: f64) {
        self.line = Matrix::shift(x, y).then(self.line);
        self.text = self.line;
    }

    fn advance(&mut self, by: f64, vertical: bool) {
        let shift = if vertical {
            Matrix::shift(0.0, -by)
        } else {
            Matrix::shift(by * self.state.stretch, 0.0)
        };
        self.text = shift.then(self.text);
    }
}

/// Passes over the bytes of a picture within the content, up to `EI` between white space.
fn pass_picture(lexer: &mut Lexer<'_>) {
    let rest = lexer.bytes.get(lexer.at..).unwrap_or_default();
    let end = memchr::memmem::find_iter(rest, b"EI").find(|&at| {
        let before = at
            .checked_sub(1)
            .and_then(|before| rest.get(before))
            .is_none_or(|byte| is_space(*byte));
        let after = rest.get(at + 2).is_none_or(|byte| is_space(*byte));
        before && after
    });
    lexer.at += end.map_or(rest.len(), |end| end + 2);
}
