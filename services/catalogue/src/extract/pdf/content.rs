//! What a page's drawing instructions put where: characters, straight rules, pictures.

use std::collections::HashMap;
use std::rc::Rc;

use hayro_syntax::content::UntypedIter;
use hayro_syntax::object::{Array, Dict, Name, Object, Stream};
use hayro_syntax::page::{Page, Resources};

use super::font::Font;
use super::radical;

/// Instructions, characters and rules of a whole document; forms drawn again and again would otherwise never end.
const OPERATIONS_MAX: usize = 20_000_000;
const GLYPHS_MAX: usize = 4_000_000;
const RULES_PER_PAGE_MAX: usize = 20_000;
/// Forms inside forms, and saved states.
const DEPTH_MAX: usize = 12;
const STATES_MAX: usize = 256;
/// A filled box thinner than this, in points, is a rule.
const RULE_THICKNESS_MAX: f64 = 3.0;
/// Coordinates beyond this are nonsense; the format itself allows 14,400.
const COORDINATE_MAX: f64 = 100_000.0;

/// A character, in points from the upper left corner of the page as it is shown; `y` is its base line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Glyph {
    pub(super) c: char,
    pub(super) x0: f32,
    pub(super) x1: f32,
    pub(super) y: f32,
    pub(super) size: f32,
}

/// A horizontal or vertical line: at which y (x), from and to which x (y).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rule {
    pub(super) horizontal: bool,
    pub(super) at: f32,
    pub(super) from: f32,
    pub(super) to: f32,
}

/// What stands on one page.
#[derive(Debug, Default)]
pub(super) struct Drawn {
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) glyphs: Vec<Glyph>,
    pub(super) rules: Vec<Rule>,
    pub(super) pictures: usize,
}

/// Fonts met so far, by where they stand in the file.
pub(super) type Fonts = HashMap<usize, Rc<Font>>;

/// What may still be done for the document.
pub(super) struct Budget {
    operations: usize,
    glyphs: usize,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget { operations: OPERATIONS_MAX, glyphs: GLYPHS_MAX }
    }
}

impl Budget {
    pub(super) fn is_spent(&self) -> bool {
        self.operations == 0 || self.glyphs == 0
    }

    /// Unpacking costs too, also when what is unpacked draws nothing.
    fn charge(&mut self, stream: &[u8]) {
        self.operations = self.operations.saturating_sub(stream.len() / 64 + 1);
    }
}

/// Draws a page to nowhere.
pub(super) fn draw(page: &Page<'_>, fonts: &mut Fonts, budget: &mut Budget) -> Drawn {
    let (width, height) = page.render_dimensions();
    let mut pen = Pen { drawn: Drawn { width, height, ..Drawn::default() }, fonts, budget };
    if let Some(stream) = page.page_stream() {
        pen.budget.charge(stream);
        pen.run(stream, page.resources(), page.initial_transform(true).as_coeffs(), 0);
    }
    pen.drawn
}

type Matrix = [f64; 6];
const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

struct Pen<'f> {
    drawn: Drawn,
    fonts: &'f mut Fonts,
    budget: &'f mut Budget,
}

#[derive(Clone)]
struct State {
    matrix: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    char_space: f64,
    word_space: f64,
    scale: f64,
    leading: f64,
    rise: f64,
}

#[derive(Default)]
struct Path {
    lines: Vec<((f64, f64), (f64, f64))>,
    /// Corners of each part, for filled boxes drawn as lines.
    parts: Vec<Vec<(f64, f64)>>,
}

impl Pen<'_> {
    fn run(&mut self, stream: &[u8], resources: &Resources<'_>, matrix: Matrix, depth: usize) {
        let mut top = State {
            matrix,
            font: None,
            size: 0.0,
            char_space: 0.0,
            word_space: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
        };
        let mut saved: Vec<State> = Vec::new();
        let (mut line, mut text) = (IDENTITY, IDENTITY);
        let mut path = Path::default();
        let mut operations = UntypedIter::new(stream);
        while let Some(operation) = operations.next() {
            self.budget.operations = self.budget.operations.saturating_sub(1);
            if self.budget.is_spent() {
                return;
            }
            let objects: Vec<&Object<'_>> = operation.operands().collect();
            let n = |at: usize| number(objects.get(at).copied());
            match &**operation.operator {
                b"q" if saved.len() < STATES_MAX => saved.push(top.clone()),
                b"Q" => top = saved.pop().unwrap_or(top),
                b"cm" => top.matrix = after(top.matrix, [n(0), n(1), n(2), n(3), n(4), n(5)]),
                b"BT" => (line, text) = (IDENTITY, IDENTITY),
                b"Tc" => top.char_space = n(0),
                b"Tw" => top.word_space = n(0),
                b"Tz" => top.scale = n(0) / 100.0,
                b"TL" => top.leading = n(0),
                b"Ts" => top.rise = n(0),
                b"Tf" => {
                    top.size = n(1);
                    top.font = match objects.first() {
                        Some(Object::Name(name)) => self.font(resources, name),
                        _ => None,
                    };
                }
                b"Tm" => {
                    line = [n(0), n(1), n(2), n(3), n(4), n(5)];
                    text = line;
                }
                b"Td" | b"TD" | b"T*" => {
                    let star = &**operation.operator == b"T*";
                    if &**operation.operator == b"TD" {
                        top.leading = -n(1);
                    }
                    let (x, y) = if star { (0.0, -top.leading) } else { (n(0), n(1)) };
                    line = after(line, [1.0, 0.0, 0.0, 1.0, x, y]);
                    text = line;
                }
                b"Tj" => self.show(&top, &mut text, objects.first().copied()),
                b"TJ" => {
                    if let Some(Object::Array(array)) = objects.first() {
                        for object in array.iter::<Object<'_>>() {
                            self.show(&top, &mut text, Some(&object));
                        }
                    }
                }
                b"'" | b"\"" => {
                    if &**operation.operator == b"\"" {
                        (top.word_space, top.char_space) = (n(0), n(1));
                    }
                    line = after(line, [1.0, 0.0, 0.0, 1.0, 0.0, -top.leading]);
                    text = line;
                    self.show(&top, &mut text, objects.last().copied());
                }
                b"Do" => {
                    if let Some(Object::Name(name)) = objects.first() {
                        self.place(resources, name, top.matrix, depth);
                    }
                }
                b"BI" => self.drawn.pictures += 1,
                operator => path.step(operator, top.matrix, &n, &mut self.drawn.rules),
            }
        }
    }

    /// The font of a name; each is read once.
    fn font(&mut self, resources: &Resources<'_>, name: &Name<'_>) -> Option<Rc<Font>> {
        let dict = resources.get_font(name)?;
        let place = dict.data().as_ptr() as usize;
        Some(self.fonts.entry(place).or_insert_with(|| Rc::new(Font::new(&dict))).clone())
    }

    /// A form is drawn, a picture counted.
    fn place(&mut self, resources: &Resources<'_>, name: &Name<'_>, matrix: Matrix, depth: usize) {
        let Some(object) = resources.get_x_object(name) else { return };
        let dict: &Dict<'_> = object.dict();
        if dict.get::<Name<'_>>("Subtype").is_some_and(|subtype| subtype.as_ref() == b"Image") {
            self.drawn.pictures += 1;
            return;
        }
        if depth >= DEPTH_MAX {
            return;
        }
        let Ok(stream) = Stream::decoded_data(&object) else { return };
        self.budget.charge(&stream);
        let inner = dict.get::<Array<'_>>("Matrix").map_or(IDENTITY, |array| {
            let values: Vec<f64> = array.iter::<Object<'_>>().map(|object| number(Some(&object))).collect();
            <Matrix>::try_from(values).unwrap_or(IDENTITY)
        });
        let own = dict.get::<Dict<'_>>("Resources").map(Resources::new);
        self.run(&stream, own.as_ref().unwrap_or(resources), after(matrix, inner), depth + 1);
    }

    /// A string, or a number that moves the next one.
    fn show(&mut self, state: &State, text: &mut Matrix, object: Option<&Object<'_>>) {
        let bytes = match object {
            Some(Object::String(string)) => string.as_bytes(),
            Some(Object::Number(shift)) => {
                let x = -shift.as_f64() / 1000.0 * state.size * state.scale;
                *text = after(*text, [1.0, 0.0, 0.0, 1.0, x, 0.0]);
                return;
            }
            _ => return,
        };
        let Some(font) = &state.font else { return };
        for shown in font.show(bytes) {
            let whole = after(state.matrix, *text);
            let width = f64::from(shown.width) / 1000.0 * state.size * state.scale;
            self.glyph(whole, state, width, &shown.text);
            let word = if shown.is_space { state.word_space } else { 0.0 };
            let x = width + (state.char_space + word) * state.scale;
            *text = after(*text, [1.0, 0.0, 0.0, 1.0, x, 0.0]);
        }
    }

    /// Characters of one code, side by side in its width. What is turned (seals, watermarks) is not text of the page.
    fn glyph(&mut self, whole: Matrix, state: &State, width: f64, text: &str) {
        let [a, b, c, d, _, _] = whole;
        let size = state.size.abs() * c.hypot(d);
        if b.abs() > a.abs() * 0.1 || a * state.size <= 0.0 || !(0.5..=1000.0).contains(&size) {
            return;
        }
        let (x0, y) = apply(whole, (0.0, state.rise));
        let (x1, _) = apply(whole, (width.max(0.0), state.rise));
        if ![x0, x1, y].iter().all(|value| value.abs() < COORDINATE_MAX) {
            return;
        }
        let count = text.chars().count().max(1) as f64;
        for (at, c) in text.chars().enumerate() {
            let c = if c.is_whitespace() { ' ' } else { radical::unified(c) };
            if c.is_control() || matches!(c, '\u{ad}' | '\u{200b}' | '\u{feff}') {
                continue;
            }
            self.budget.glyphs = self.budget.glyphs.saturating_sub(1);
            let step = (x1 - x0) / count;
            let x0 = x0 + step * at as f64;
            self.drawn.glyphs.push(Glyph { c, x0: x0 as f32, x1: (x0 + step) as f32, y: y as f32, size: size as f32 });
        }
    }
}

impl Path {
    fn step(&mut self, operator: &[u8], matrix: Matrix, n: &impl Fn(usize) -> f64, rules: &mut Vec<Rule>) {
        if self.lines.len() > RULES_PER_PAGE_MAX {
            self.lines.clear();
            self.parts.clear();
        }
        match operator {
            b"m" => self.parts.push(vec![apply(matrix, (n(0), n(1)))]),
            b"l" => self.line_to(apply(matrix, (n(0), n(1)))),
            b"c" => self.jump(apply(matrix, (n(4), n(5)))),
            b"v" | b"y" => self.jump(apply(matrix, (n(2), n(3)))),
            b"h" => {
                if let Some(first) = self.parts.last().and_then(|part| part.first()).copied() {
                    self.line_to(first);
                }
            }
            b"re" => {
                let (x, y, width, height) = (n(0), n(1), n(2), n(3));
                let corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)];
                self.parts.push(Vec::new());
                for corner in corners {
                    self.line_to(apply(matrix, corner));
                }
            }
            b"S" | b"s" | b"B" | b"B*" | b"b" | b"b*" => self.paint(true, rules),
            b"f" | b"F" | b"f*" => self.paint(false, rules),
            b"n" => self.paint_nothing(),
            _ => {}
        }
    }

    fn line_to(&mut self, to: (f64, f64)) {
        if let Some(part) = self.parts.last_mut() {
            if let Some(from) = part.last() {
                self.lines.push((*from, to));
            }
            part.push(to);
        }
    }

    fn jump(&mut self, to: (f64, f64)) {
        if let Some(part) = self.parts.last_mut() {
            part.push(to);
        }
    }

    fn paint(&mut self, stroked: bool, rules: &mut Vec<Rule>) {
        for part in &self.parts {
            let bound = |pick: fn(&(f64, f64)) -> f64, fold: fn(f64, f64) -> f64| part.iter().map(pick).reduce(fold);
            let (Some(x0), Some(x1)) = (bound(|p| p.0, f64::min), bound(|p| p.0, f64::max)) else { continue };
            let (Some(y0), Some(y1)) = (bound(|p| p.1, f64::min), bound(|p| p.1, f64::max)) else { continue };
            if y1 - y0 <= RULE_THICKNESS_MAX && x1 - x0 > RULE_THICKNESS_MAX {
                add_rule(rules, true, (y0 + y1) / 2.0, x0, x1);
            } else if x1 - x0 <= RULE_THICKNESS_MAX && y1 - y0 > RULE_THICKNESS_MAX {
                add_rule(rules, false, (x0 + x1) / 2.0, y0, y1);
            } else if stroked {
                continue;
            }
        }
        if stroked {
            for ((x0, y0), (x1, y1)) in &self.lines {
                if (y0 - y1).abs() < 0.5 && (x0 - x1).abs() > RULE_THICKNESS_MAX {
                    add_rule(rules, true, (y0 + y1) / 2.0, x0.min(*x1), x0.max(*x1));
                } else if (x0 - x1).abs() < 0.5 && (y0 - y1).abs() > RULE_THICKNESS_MAX {
                    add_rule(rules, false, (x0 + x1) / 2.0, y0.min(*y1), y0.max(*y1));
                }
            }
        }
        self.paint_nothing();
    }

    fn paint_nothing(&mut self) {
        self.lines.clear();
        self.parts.clear();
    }
}

fn add_rule(rules: &mut Vec<Rule>, horizontal: bool, at: f64, from: f64, to: f64) {
    if rules.len() < RULES_PER_PAGE_MAX && [at, from, to].iter().all(|value| value.abs() < COORDINATE_MAX) {
        rules.push(Rule { horizontal, at: at as f32, from: from as f32, to: to as f32 });
    }
}

fn number(object: Option<&Object<'_>>) -> f64 {
    match object {
        Some(Object::Number(number)) => number.as_f64(),
        _ => 0.0,
    }
}

/// The matrix that applies `inner` first.
fn after(outer: Matrix, inner: Matrix) -> Matrix {
    let [a, b, c, d, e, f] = outer;
    let [ia, ib, ic, id, ie, inner_f] = inner;
    [
        a * ia + c * ib,
        b * ia + d * ib,
        a * ic + c * id,
        b * ic + d * id,
        a * ie + c * inner_f + e,
        b * ie + d * inner_f + f,
    ]
}

fn apply([a, b, c, d, e, f]: Matrix, (x, y): (f64, f64)) -> (f64, f64) {
    (a * x + c * y + e, b * x + d * y + f)
}

#[cfg(test)]
mod tests {
    use hayro_syntax::Pdf;

    use super::{Budget, Fonts, OPERATIONS_MAX, draw};

    #[test]
    fn a_page_of_nothing_costs_its_length() {
        const STREAM_BYTES: usize = 64_000;
        let pdf = format!(
            "%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj\n\
            3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>> endobj\n\
            4 0 obj <</Length {STREAM_BYTES}>> stream\n{}\nendstream endobj\ntrailer <</Root 1 0 R>>\n%%EOF",
            " ".repeat(STREAM_BYTES)
        );
        let pdf = Pdf::new(pdf.into_bytes()).expect("a PDF");
        for (operations, spent) in [(OPERATIONS_MAX, false), (STREAM_BYTES / 64, true)] {
            let mut budget = Budget { operations, ..Budget::default() };
            for page in pdf.pages().iter() {
                draw(page, &mut Fonts::default(), &mut budget);
            }
            assert!(budget.operations <= operations - STREAM_BYTES / 64, "{operations}");
            assert_eq!(budget.is_spent(), spent, "{operations}");
        }
    }
}
