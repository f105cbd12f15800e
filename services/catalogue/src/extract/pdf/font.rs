//! Fonts of a PDF, as far as text needs them: how strings are cut into codes, what a code means and how wide it is.

use std::collections::HashMap;

use encoding_rs::{BIG5, Encoding, GB18030, WINDOWS_1252};
use hayro_syntax::object::{Array, Dict, Name, Number, Object, Stream};

use super::cmap::CMap;

/// Width of a glyph of which nothing is said, in thousandths of the size.
const WIDTH_DEFAULT: f32 = 1000.0;
/// Widths kept of one font.
const WIDTHS_MAX: usize = 70_000;

/// A font.
pub(super) struct Font {
    codes: Codes,
    to_unicode: CMap,
    meaning: Meaning,
    widths: HashMap<u32, f32>,
    width_default: f32,
}

/// One code of a string.
pub(super) struct Shown {
    pub(super) text: String,
    /// In thousandths of the size.
    pub(super) width: f32,
    /// Word spacing applies: the single byte 32.
    pub(super) is_space: bool,
}

enum Codes {
    One,
    Two,
    /// Bytes from 0x81 on begin a pair.
    OneOrTwo,
    Mapped(CMap),
}

/// What a code means when the font has no map to Unicode for it.
enum Meaning {
    Nothing,
    Utf16,
    Charset(&'static Encoding),
    Latin(HashMap<u32, String>),
}

impl Font {
    pub(super) fn new(dict: &Dict<'_>) -> Font {
        let to_unicode = stream_map(dict, "ToUnicode").unwrap_or_default();
        let subtype = dict.get::<Name<'_>>("Subtype");
        if subtype.is_some_and(|subtype| subtype.as_ref() == b"Type0") {
            Font::composite(dict, to_unicode)
        } else {
            Font::simple(dict, to_unicode)
        }
    }

    fn composite(dict: &Dict<'_>, to_unicode: CMap) -> Font {
        let descendant = dict.get::<Array<'_>>("DescendantFonts").and_then(|fonts| fonts.iter::<Dict<'_>>().next());
        let name = dict.get::<Name<'_>>("Encoding").map(|name| name.as_str().to_owned()).unwrap_or_default();
        let (codes, meaning) = match name.as_str() {
            name if name.contains("UCS2") || name.contains("UTF16") => (Codes::Two, Meaning::Utf16),
            name if name.starts_with("GB") => (Codes::OneOrTwo, Meaning::Charset(GB18030)),
            name if name.starts_with("ETen") || name.starts_with("B5") || name.starts_with("HKscs") => {
                (Codes::OneOrTwo, Meaning::Charset(BIG5))
            }
            "" => (stream_map(dict, "Encoding").map_or(Codes::Two, Codes::Mapped), Meaning::Nothing),
            _ => (Codes::Two, Meaning::Nothing),
        };
        let mut widths = HashMap::new();
        let mut width_default = WIDTH_DEFAULT;
        if let Some(descendant) = descendant {
            width_default = descendant.get::<f32>("DW").unwrap_or(WIDTH_DEFAULT);
            // Widths go by glyph; only where codes are the glyphs' numbers can they be looked up by code.
            if matches!(codes, Codes::Two)
                && matches!(meaning, Meaning::Nothing)
                && let Some(array) = descendant.get::<Array<'_>>("W")
            {
                read_widths(&array, &mut widths);
            }
        }
        Font { codes, to_unicode, meaning, widths, width_default }
    }

    fn simple(dict: &Dict<'_>, to_unicode: CMap) -> Font {
        let mut names = HashMap::new();
        if let Some(differences) =
            dict.get::<Dict<'_>>("Encoding").and_then(|encoding| encoding.get::<Array<'_>>("Differences"))
        {
            let mut code = 0u32;
            for object in differences.iter::<Object<'_>>().take(1024) {
                match object {
                    Object::Number(number) => code = u32::try_from(number.as_i64()).unwrap_or(0),
                    Object::Name(name) => {
                        names.extend(glyph_name(name.as_str()).map(|text| (code, text)));
                        code = code.saturating_add(1);
                    }
                    _ => {}
                }
            }
        }
        // Type 3 fonts have their own unit.
        let unit = dict
            .get::<Array<'_>>("FontMatrix")
            .and_then(|matrix| matrix.iter::<Number>().next())
            .map_or(1.0, |number| number.as_f32() * 1000.0);
        let first = dict.get::<i32>("FirstChar").and_then(|code| u32::try_from(code).ok()).unwrap_or(0);
        let mut widths = HashMap::new();
        if let Some(array) = dict.get::<Array<'_>>("Widths") {
            widths.extend((first..first.saturating_add(256)).zip(array.iter::<Number>().map(|w| w.as_f32() * unit)));
        }
        let width_default = dict
            .get::<Dict<'_>>("FontDescriptor")
            .and_then(|descriptor| descriptor.get::<f32>("MissingWidth"))
            .filter(|width| *width > 0.0)
            .unwrap_or(WIDTH_DEFAULT / 2.0);
        Font { codes: Codes::One, to_unicode, meaning: Meaning::Latin(names), widths, width_default }
    }

    /// The codes of a string, in order.
    pub(super) fn show(&self, mut bytes: &[u8]) -> Vec<Shown> {
        let mut shown = Vec::new();
        while let Some(first) = bytes.first() {
            let length = match &self.codes {
                Codes::One => 1,
                Codes::Two => 2,
                Codes::OneOrTwo => usize::from(*first >= 0x81) + 1,
                Codes::Mapped(map) => map.code_bytes(bytes).unwrap_or(2),
            };
            let (code, rest) = bytes.split_at_checked(length).unwrap_or((bytes, &[]));
            bytes = rest;
            let number = code.iter().fold(0u32, |number, byte| number << 8 | u32::from(*byte));
            let text = self.to_unicode.text(number).filter(|text| !text.is_empty());
            let text = text.unwrap_or_else(|| self.meaning(code, number));
            let width = self.widths.get(&number).copied().unwrap_or_else(|| match &self.meaning {
                // Half-width letters in the fonts every system has.
                Meaning::Utf16 | Meaning::Charset(_) if text.is_ascii() => WIDTH_DEFAULT / 2.0,
                _ => self.width_default,
            });
            shown.push(Shown { text, width, is_space: code == b" " });
        }
        shown
    }

    fn meaning(&self, code: &[u8], number: u32) -> String {
        let unknown = || char::REPLACEMENT_CHARACTER.to_string();
        match &self.meaning {
            Meaning::Nothing => unknown(),
            Meaning::Utf16 => u16::try_from(number)
                .ok()
                .and_then(|unit| char::from_u32(u32::from(unit)))
                .map_or_else(unknown, String::from),
            Meaning::Charset(encoding) => encoding.decode_without_bom_handling(code).0.into_owned(),
            Meaning::Latin(names) => match names.get(&number) {
                Some(text) => text.clone(),
                None => WINDOWS_1252.decode_without_bom_handling(code).0.into_owned(),
            },
        }
    }
}

fn stream_map(dict: &Dict<'_>, key: &str) -> Option<CMap> {
    let bytes = dict.get::<Stream<'_>>(key)?.decoded_data().ok()?;
    Some(CMap::read(&bytes))
}

/// `c [w w …]` and `c c w` in turn.
fn read_widths(array: &Array<'_>, widths: &mut HashMap<u32, f32>) {
    let mut pending: Vec<u32> = Vec::new();
    for object in array.iter::<Object<'_>>() {
        match (object, pending.as_slice()) {
            (Object::Array(list), [first]) => {
                widths.extend((*first..=u32::MAX).zip(list.iter::<Number>().map(|width| width.as_f32())));
                pending.clear();
            }
            (Object::Number(width), [first, last]) => {
                let width = width.as_f32();
                widths.extend((*first..=*last).take(WIDTHS_MAX).map(|code| (code, width)));
                pending.clear();
            }
            (Object::Number(code), _) => pending.push(u32::try_from(code.as_i64()).unwrap_or(0)),
            _ => pending.clear(),
        }
        if widths.len() > WIDTHS_MAX {
            break;
        }
    }
}

/// The character of a glyph's name, for the names that stand in official documents.
fn glyph_name(name: &str) -> Option<String> {
    const NAMES: &str = "space  |zero 0|one 1|two 2|three 3|four 4|five 5|six 6|seven 7|eight 8|nine 9|period .|comma ,\
        |hyphen -|colon :|semicolon ;|parenleft (|parenright )|percent %|slash /|quoteright ’|quoteleft ‘\
        |quotedblleft “|quotedblright ”|endash –|emdash —|bullet •|plus +|equal =|bracketleft [|bracketright ]";
    if let Some(hex) = name.strip_prefix("uni").or_else(|| name.strip_prefix('u')) {
        let code = hex.get(..4.min(hex.len())).and_then(|hex| u32::from_str_radix(hex, 16).ok());
        if let Some(c) = code.and_then(char::from_u32) {
            return Some(c.to_string());
        }
    }
    if name.chars().count() == 1 {
        return Some(name.to_owned());
    }
    NAMES.split('|').find_map(|entry| entry.strip_prefix(name)?.strip_prefix(' ')).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::glyph_name;

    #[test]
    fn glyph_names_are_known() {
        for (name, expected) in
            [("space", Some(" ")), ("seven", Some("7")), ("A", Some("A")), ("uni6C34", Some("水")), ("g123", None)]
        {
            assert_eq!(glyph_name(name).as_deref(), expected, "{name}");
        }
    }
}
