//! Numbers in the ways Word writes them in lists (`ST_NumberFormat` of ECMA-376, 17.18.59).

const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
const LEGAL: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
const LEGAL_TRADITIONAL: [char; 10] = ['零', '壹', '貳', '參', '肆', '伍', '陸', '柒', '捌', '玖'];
const STEMS: [char; 10] = ['甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬', '癸'];
const BRANCHES: [char; 12] = ['子', '丑', '寅', '卯', '辰', '巳', '午', '未', '申', '酉', '戌', '亥'];

/// `number` in a format; Arabic digits for a format unknown here or a number beyond its signs.
pub(super) fn numeral(number: i64, format: &str) -> String {
    let plain = number.to_string();
    let Ok(small) = u32::try_from(number) else { return plain };
    let sign = |first: u32, last: u32| -> String {
        (1..=last)
            .contains(&small)
            .then(|| char::from_u32(first + small - 1))
            .flatten()
            .map_or_else(|| plain.clone(), String::from)
    };
    match format {
        "none" => String::new(),
        "chineseCounting"
        | "chineseCountingThousand"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "japaneseCounting"
        | "koreanCounting" => counting(small, &DIGITS, ['十', '百', '千']),
        "chineseLegalSimplified" => counting(small, &LEGAL, ['拾', '佰', '仟']),
        "ideographLegalTraditional" => counting(small, &LEGAL_TRADITIONAL, ['拾', '佰', '仟']),
        "ideographDigital" | "taiwaneseDigital" | "japaneseDigitalTenThousand" => {
            let digit = |c: char| c.to_digit(10).and_then(|digit| DIGITS.get(digit as usize)).copied();
            plain.chars().filter_map(digit).map(|c| if c == '零' { '〇' } else { c }).collect()
        }
        "ideographTraditional" => one_of(small, &STEMS).unwrap_or(plain),
        "ideographZodiac" => one_of(small, &BRANCHES).unwrap_or(plain),
        "ideographEnclosedCircle" => sign(0x3280, 10),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => sign(0x2460, 20),
        "decimalEnclosedParen" => sign(0x2474, 20),
        "decimalEnclosedFullstop" => sign(0x2488, 20),
        "decimalFullWidth" | "decimalFullWidth2" => {
            plain.chars().filter_map(|c| char::from_u32(c as u32 + 0xFEE0)).collect()
        }
        "decimalZero" => format!("{small:02}"),
        "upperLetter" => letters(small, b'A').unwrap_or(plain),
        "lowerLetter" => letters(small, b'a').unwrap_or(plain),
        "upperRoman" => roman(small).unwrap_or(plain),
        "lowerRoman" => roman(small).map(|text| text.to_lowercase()).unwrap_or(plain),
        _ => plain,
    }
}

/// 一百零三, 十二, 二十.
fn counting(number: u32, digits: &[char; 10], units: [char; 3]) -> String {
    if number >= 10_000 {
        return number.to_string();
    }
    let mut text = String::new();
    let mut skipped = false;
    for (power, unit) in [(1000, Some(2)), (100, Some(1)), (10, Some(0)), (1, None)] {
        let digit = number / power % 10;
        if digit == 0 {
            skipped = !text.is_empty();
            continue;
        }
        if std::mem::take(&mut skipped) {
            text.extend(digits.first());
        }
        let leading_ten = power == 10 && digit == 1 && text.is_empty();
        if !leading_ten {
            text.extend(digits.get(digit as usize));
        }
        text.extend(unit.and_then(|unit: usize| units.get(unit)));
    }
    if text.is_empty() { digits.iter().take(1).collect() } else { text }
}

fn one_of(number: u32, signs: &[char]) -> Option<String> {
    signs.get(usize::try_from(number.checked_sub(1)?).ok()?).map(|sign| sign.to_string())
}

/// A … Z, AA, BB …: Word repeats the letter.
fn letters(number: u32, first: u8) -> Option<String> {
    let index = number.checked_sub(1)?;
    let letter = char::from(first + u8::try_from(index % 26).ok()?);
    (index < 26 * 10).then(|| letter.to_string().repeat(index as usize / 26 + 1))
}

fn roman(number: u32) -> Option<String> {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if !(1..4000).contains(&number) {
        return None;
    }
    let mut rest = number;
    let mut text = String::new();
    for (value, sign) in SIGNS {
        while rest >= value {
            text.push_str(sign);
            rest -= value;
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::numeral;

    #[test]
    fn numbers_are_written_as_word_writes_them() {
        let cases = [
            (10, "chineseCounting", "十"),
            (12, "chineseCountingThousand", "十二"),
            (20, "japaneseCounting", "二十"),
            (103, "chineseCountingThousand", "一百零三"),
            (110, "chineseCountingThousand", "一百一十"),
            (1005, "chineseCountingThousand", "一千零五"),
            (12, "chineseLegalSimplified", "拾贰"),
            (20, "ideographDigital", "二〇"),
            (3, "ideographTraditional", "丙"),
            (11, "ideographTraditional", "11"),
            (20, "decimalEnclosedCircleChinese", "⑳"),
            (21, "decimalEnclosedCircle", "21"),
            (2, "decimalFullWidth", "２"),
            (7, "decimalZero", "07"),
            (28, "lowerLetter", "bb"),
            (1999, "upperRoman", "MCMXCIX"),
            (-1, "upperRoman", "-1"),
            (0, "chineseCounting", "零"),
            (5, "something", "5"),
            (5, "none", ""),
        ];
        for (number, format, expected) in cases {
            assert_eq!(numeral(number, format), expected, "{number} {format}");
        }
    }
}
