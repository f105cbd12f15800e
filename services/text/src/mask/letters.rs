//! A text as masking reads it: characters with their classes, each token of masking as one; and signs by which the rules see
//! that they have nothing to look for. Most texts hold nothing personal, so what is told here decides what masking costs.

use std::sync::LazyLock;

use super::near;
use super::{PLACEHOLDERS, surnames};
use crate::segment::is_han;

/// Stands for what lies before the text and behind it.
pub(super) const EDGE: u32 = 1;
/// The first of the codes for tokens of masking: [`PLACEHOLDERS`] in their order.
const TOKENS: u32 = 0xE000;

/// What a character is; several may hold.
pub(super) mod class {
    pub(in super::super) const HAN: u32 = 1;
    pub(in super::super) const SURNAME: u32 = 1 << 1;
    /// Begins a surname of two characters.
    pub(in super::super) const COMPOUND: u32 = 1 << 2;
    pub(in super::super) const DIGIT: u32 = 1 << 3;
    /// A digit written in Chinese.
    pub(in super::super) const NUMERAL: u32 = 1 << 4;
    pub(in super::super) const LATIN: u32 = 1 << 5;
    pub(in super::super) const AT: u32 = 1 << 6;
    /// Parts the words of a name: 买买提·艾力.
    pub(in super::super) const DOT: u32 = 1 << 7;
    pub(in super::super) const BLANK: u32 = 1 << 8;
    /// May stand between two groups of one number.
    pub(in super::super) const GAP: u32 = 1 << 9;
    /// Beside a digit says that a number is spelled in another way, or stands in for one.
    pub(in super::super) const MARK: u32 = 1 << 10;
    /// Begins a plate.
    pub(in super::super) const PROVINCE: u32 = 1 << 11;
    /// Ends a word behind which a room stands.
    pub(in super::super) const BEFORE_ROOM: u32 = 1 << 12;
    /// Begins a word that a room or a building has behind its number.
    pub(in super::super) const BEHIND_ROOM: u32 = 1 << 13;
    /// May stand between a word and the name that it announces.
    pub(in super::super) const LINK: u32 = 1 << 14;
    /// Begins a token of masking.
    pub(in super::super) const TOKEN: u32 = 1 << 15;
    /// Begins a word of `data/names.txt`.
    pub(in super::super) const WORD: u32 = 1 << 16;
}
use class::{
    AT, BEFORE_ROOM, BEHIND_ROOM, BLANK, COMPOUND, DIGIT, DOT, GAP, HAN, LATIN, LINK, MARK, NUMERAL, PROVINCE, SURNAME,
    TOKEN, WORD,
};

/// The characters of the classes that are not told by a range.
const MEMBERS: [(u32, &str); 9] = [
    (NUMERAL, super::digits::NUMERALS),
    (DOT, "·•・"),
    (GAP, " -_·)\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2015}\u{2212}"),
    (MARK, "./,*+()[]-·•OolI"),
    (PROVINCE, super::plates::PROVINCES),
    (BEFORE_ROOM, "室舍寓号牌上下壁房栋幢座楼层元门梯塔住家我在到科区#-"),
    (BEHIND_ROOM, "栋幢座单门梯楼层寝宿病房室户塔舍隔床#-"),
    (LINK, ": 是为(\"“叫名、,\n"),
    (AT, "@"),
];

/// The classes of every character of two bytes in UTF-16, by its number.
static CLASSES: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let mut classes: Vec<u32> = (0..0x1_0000).map(|number| char::from_u32(number).map_or(0, of_character)).collect();
    for (class, members) in MEMBERS {
        for member in members.chars() {
            classes.get_mut(member as usize).into_iter().for_each(|bits| *bits |= class);
        }
    }
    for first in near::LISTS.all().flat_map(|(_, words)| words).filter_map(|word| word.chars().next()) {
        classes.get_mut(first as usize).into_iter().for_each(|bits| *bits |= WORD);
    }
    classes
});

fn of_character(character: char) -> u32 {
    let classes = [
        (HAN, is_han(character)),
        (SURNAME, surnames::is_surname(character)),
        (COMPOUND, surnames::begins_compound(character)),
        (DIGIT, character.is_ascii_digit()),
        (LATIN, character.is_ascii_alphabetic()),
        (BLANK, character.is_whitespace() && character != '\n'),
        (TOKEN, character == '〔'),
    ];
    classes.iter().filter(|(_, holds)| *holds).fold(0, |bits, (class, _)| bits | class)
}

/// One character or one token of masking.
#[derive(Clone, Copy, Debug)]
pub(super) struct Letter {
    /// First byte.
    start: u32,
    pub(super) character: char,
    class: u32,
}

/// Codes before a place and from it on in its [`Letters::window`].
pub(super) const AHEAD: usize = 4;
const BEHIND: usize = 12;
pub(super) const WINDOW: usize = AHEAD + BEHIND;

/// The letters of a text.
#[derive(Debug)]
pub(super) struct Letters {
    all: Vec<Letter>,
    /// What counts of each: digits are all one, and so are Latin letters. [`AHEAD`] and [`BEHIND`] more than letters.
    codes: Vec<u32>,
    bytes: usize,
    /// All classes that occur.
    seen: u32,
}

impl Letters {
    pub(super) fn of(text: &str) -> Letters {
        let classes = &**CLASSES;
        let mut all: Vec<Letter> = Vec::with_capacity(text.len() / 3 + 8);
        let mut codes: Vec<u32> = Vec::with_capacity(text.len() / 3 + 8 + WINDOW);
        codes.extend([EDGE; AHEAD]);
        let (mut skip, mut seen) = (0, 0);
        for (start, character) in text.char_indices() {
            if start < skip {
                continue;
            }
            let class = classes.get(character as usize).copied().unwrap_or(0);
            let mut code = u32::from(character);
            if class & (DIGIT | LATIN | BLANK | TOKEN) != 0 {
                code = match character {
                    '〔' => match token_at(text.get(start..).unwrap_or("")) {
                        Some((number, token)) => {
                            skip = start + token.len();
                            TOKENS + number
                        }
                        None => code,
                    },
                    _ if class & DIGIT != 0 => u32::from('0'),
                    _ if class & LATIN != 0 => u32::from('a'),
                    _ => u32::from(' '),
                };
            }
            seen |= class;
            codes.push(code);
            all.push(Letter { start: start as u32, character, class });
        }
        codes.extend([EDGE; BEHIND]);
        Letters { all, codes, bytes: text.len(), seen }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether a character of one of these classes occurs.
    pub(super) fn has(&self, classes: u32) -> bool {
        self.seen & classes != 0
    }

    /// The letter at a place.
    pub(super) fn at(&self, place: usize) -> Option<&Letter> {
        self.all.get(place)
    }

    /// Whether a character of one of these classes stands at a place.
    pub(super) fn is(&self, place: usize, classes: u32) -> bool {
        self.all.get(place).is_some_and(|letter| letter.class & classes != 0)
    }

    /// The code at a place; [`EDGE`] outside.
    pub(super) fn code(&self, place: Option<usize>) -> u32 {
        place.and_then(|place| self.codes.get(place + AHEAD)).copied().unwrap_or(EDGE)
    }

    /// The codes around a place, which stands at [`AHEAD`].
    pub(super) fn window(&self, place: usize) -> &[u32; WINDOW] {
        self.codes.get(place..).and_then(<[u32]>::first_chunk).unwrap_or(&[EDGE; WINDOW])
    }

    /// First byte of the letter at a place; behind the last the length of the text.
    pub(super) fn byte(&self, place: usize) -> usize {
        self.all.get(place).map_or(self.bytes, |letter| letter.start as usize)
    }
}

/// What stands in a text that a rule for numbers could take for one.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Signs {
    /// Digits in the longest run with gaps, as [`super::digits`] reads runs.
    pub(super) run: usize,
    /// ASCII digits in all.
    pub(super) digits: usize,
    /// Two runs of three ASCII digits and more.
    pub(super) parted: bool,
    /// A mark beside a digit.
    pub(super) marked: bool,
    /// The longest row of ASCII letters, digits, dashes and underscores.
    pub(super) latin: usize,
    /// Single letters or digits with a blank between.
    pub(super) spaced: bool,
    /// The longest row of digits written in Chinese.
    pub(super) numerals: usize,
    /// What begins a plate, and a letter or digit behind it.
    pub(super) plate: bool,
    /// A number and beside it what belongs to rooms.
    pub(super) room: bool,
}

/// Blanks and dashes between two groups of one number at most.
pub(super) const GAP_CHARACTERS_MAX: usize = 3;

impl Signs {
    pub(super) fn of(letters: &Letters) -> Signs {
        let mut signs = Signs::default();
        if !letters.has(DIGIT | NUMERAL | LATIN) {
            return signs;
        }
        let (mut run, mut gap, mut plain, mut runs, mut latin, mut numerals) = (0, 0, 0, 0, 0, 0);
        for (place, letter) in letters.all.iter().enumerate() {
            let class = letter.class;
            let before = place.checked_sub(1);
            let is_before = |classes| before.is_some_and(|before| letters.is(before, classes));
            if class & (DIGIT | NUMERAL) != 0 {
                run += 1;
                gap = 0;
                signs.run = signs.run.max(run);
                signs.room |= room_before(letters, place) || room_behind(letters, place + 1);
            } else if class & GAP != 0 && gap < GAP_CHARACTERS_MAX {
                gap += 1;
            } else {
                run = 0;
                gap = 0;
            }
            if class & DIGIT != 0 {
                signs.digits += 1;
                plain += 1;
                runs += usize::from(plain == 3);
                signs.marked |= is_before(MARK);
            } else {
                plain = 0;
            }
            let joins = class & (DIGIT | LATIN) != 0 || matches!(letter.character, '-' | '_');
            latin = if joins { latin + 1 } else { 0 };
            signs.latin = signs.latin.max(latin);
            numerals = if class & NUMERAL != 0 { numerals + 1 } else { 0 };
            signs.numerals = signs.numerals.max(numerals);
            if class & (DIGIT | LATIN) != 0 {
                let apart = is_before(BLANK) && place.checked_sub(2).is_some_and(|at| letters.is(at, DIGIT | LATIN));
                signs.spaced |= apart;
                signs.plate |= (1..=3).any(|back| place.checked_sub(back).is_some_and(|at| letters.is(at, PROVINCE)));
                signs.room |= class & LATIN != 0 && room_behind(letters, place + 1);
            }
        }
        signs.parted = runs > 1;
        signs
    }
}

/// Whether a word that has a number behind it ends before a place, perhaps with what links the two.
fn room_before(letters: &Letters, place: usize) -> bool {
    let mut end = place;
    while end > 0
        && letters.at(end - 1).is_some_and(|letter| letter.class & (LINK | BLANK) != 0 || letter.character == '的')
    {
        end -= 1;
    }
    end > 0 && letters.is(end - 1, BEFORE_ROOM)
}

/// Whether a word for a room, a building or a floor begins at a place, perhaps behind a blank.
fn room_behind(letters: &Letters, place: usize) -> bool {
    letters.is(place + usize::from(letters.is(place, BLANK)), BEHIND_ROOM)
}

fn token_at(text: &str) -> Option<(u32, &'static str)> {
    (0..).zip(PLACEHOLDERS).find(|(_, token)| text.starts_with(token))
}

/// The code of a token.
pub(super) fn token_code(token: &str) -> u32 {
    (TOKENS..).zip(PLACEHOLDERS).find(|(_, known)| *known == token).map_or(0, |(code, _)| code)
}
