//! How grave, by the number of people dead or hurt.

use huiyin_domain::Grade;

use super::classes::LISTS;

/// How far before 死亡, 受伤 and the like their number may stand, in characters of the same clause.
pub(super) const COUNT_CHARS: usize = 8;

/// Deaths without a number are often old ones in a story of something else.
pub(super) fn of_deaths(dead: Option<u32>, now: bool) -> Grade {
    match dead {
        Some(30..) => Grade::Extreme,
        Some(10..) => Grade::Major,
        Some(1..) => Grade::Considerable,
        _ if now => Grade::Considerable,
        _ => Grade::Ordinary,
    }
}

/// People hurt or poisoned, where a number stands before: 12名学生中毒.
pub(super) fn of_hurt(whole: &str) -> Grade {
    let mut grade = Grade::Ordinary;
    // Most texts hold none of these words, which is quickly seen.
    for word in LISTS.get("hurt").iter().filter(|word| whole.contains(word.as_str())) {
        for (start, _) in whole.match_indices(word.as_str()) {
            let before: Vec<char> = whole.get(..start).unwrap_or("").chars().rev().take(COUNT_CHARS).collect();
            let before: String = before.into_iter().rev().collect();
            if after_people(&before) {
                let hurt = count_before(&before).unwrap_or(0);
                grade = grade.min(match hurt {
                    100.. => Grade::Extreme,
                    50.. => Grade::Major,
                    10.. => Grade::Considerable,
                    _ => Grade::Ordinary,
                });
            }
        }
    }
    grade
}

fn after_people(before: &str) -> bool {
    LISTS.holds("measure", before)
}

/// The number of people just before: 3人, 十余名学生. Years, money and the like have no such measure and give none.
pub(super) fn count_before(before: &str) -> Option<u32> {
    let at = before.rfind(['人', '名', '位'])?;
    let digits: String = before
        .get(..at)?
        .chars()
        .rev()
        .skip_while(|character| matches!(character, '余' | '多' | '几' | '来' | '个'))
        .take_while(|character| {
            character.is_ascii_digit() || matches!(character, '一'..='龥' if value(*character).is_some())
        })
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    number(&digits)
}

fn value(character: char) -> Option<u32> {
    let at = "零一二三四五六七八九".chars().position(|digit| digit == character);
    match character {
        '两' => Some(2),
        '十' => Some(10),
        '百' => Some(100),
        _ => at.and_then(|at| u32::try_from(at).ok()),
    }
}

/// ASCII or Chinese number up to 999.
fn number(digits: &str) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    if let Ok(number) = digits.parse::<u32>() {
        return Some(number);
    }
    let (mut total, mut pending) = (0u32, None);
    for character in digits.chars() {
        match value(character)? {
            unit @ (10 | 100) => {
                total = total.saturating_add(pending.take().unwrap_or(1) * unit);
            }
            digit => pending = Some(digit),
        }
    }
    Some(total.saturating_add(pending.unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (text, expected) in [
            ("12", Some(12)),
            ("十", Some(10)),
            ("十二", Some(12)),
            ("三十", Some(30)),
            ("一百二十三", Some(123)),
            ("两", Some(2)),
            ("", None),
            ("99999999999999", None),
        ] {
            assert_eq!(number(text), expected, "{text}");
        }
    }
}
