//! Places that a published data set names by letter and number: A市, A7县, L12市. Read only when measuring on such data.

/// Digits of the longest number.
const DIGITS_MAX: usize = 2;
/// An estate, school or plan whose own name holds such letters by chance goes on from one of these: 五矿万境K9县, 长郡A9市实验.
const NAME_BEFORE: [char; 17] =
    ['境', '润', '洲', '湾', '郡', '晖', '苑', '庭', '府', '园', '轩', '邸', '墅', '新', '临', '丰', '厦'];
/// 奥城E4区 is a part of an estate, 省城A市 is a city.
const TOWN: char = '城';
const TOWNS: [&str; 3] = ["省城", "县城", "进城"];

/// A letter, a number or none, and a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LetteredPlace<'t> {
    /// First byte in the text.
    pub start: usize,
    /// The name as it stands: A7县.
    pub name: &'t str,
    /// The letter: the city that a county is numbered in.
    pub letter: char,
    /// Whether it is a city itself: a letter without a number.
    pub is_city: bool,
}

/// Every place named by letter in a text, in order. A letter without a number is a city (A市); A区 and B县 are blocks of
/// an estate, not places.
pub fn lettered_places(text: &str) -> impl Iterator<Item = LetteredPlace<'_>> {
    let capitals = text.char_indices().filter(|(_, character)| ('A'..='M').contains(character));
    capitals.filter_map(move |(start, letter)| {
        let before = text.get(..start)?;
        let last = before.chars().next_back();
        if last.is_some_and(|last| last.is_ascii_alphanumeric() || NAME_BEFORE.contains(&last))
            || (last == Some(TOWN) && !TOWNS.iter().any(|town| before.ends_with(town)))
        {
            return None;
        }
        let rest = text.get(start + letter.len_utf8()..)?;
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let kind = rest.get(digits..)?.chars().next()?;
        let is_city = digits == 0 && kind == '市';
        if digits > DIGITS_MAX || !(is_city || (digits > 0 && matches!(kind, '市' | '县' | '区'))) {
            return None;
        }
        let name = text.get(start..start + letter.len_utf8() + digits + kind.len_utf8())?;
        Some(LetteredPlace { start, name, letter, is_city })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters() {
        for (text, expected) in [
            ("我是A市A7县的居民", vec!["A市", "A7县"]),
            ("西地省L12市", vec!["L12市"]),
            ("五矿万境K9县的房子", vec![]),
            ("省城A市，奥城E4区", vec!["A市"]),
            ("小区A区和B2栋，KTV区", vec![]),
            ("X3区、A123区、2A市", vec![]),
            ("A", vec![]),
            ("", vec![]),
        ] {
            let found: Vec<&str> = lettered_places(text).map(|place| place.name).collect();
            assert_eq!(found, expected, "{text}");
        }
        let county = lettered_places("A7县").next().unwrap();
        assert_eq!((county.start, county.letter, county.is_city), (0, 'A', false));
    }
}
