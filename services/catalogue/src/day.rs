//! Days as people and spreadsheets write them.

use jiff::civil::Date;

/// Which end of a period a date closes; a date given as month or year only means its first or its last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edge {
    First,
    Last,
}

/// Reads `2024-08-09`, `2024/8/9`, `2024年8月9日` (spreadsheets rewrite dates), or month or year alone.
pub(crate) fn parse_date(text: &str, edge: Edge) -> Option<Date> {
    let parts: Vec<i16> = text
        .trim_end_matches(['日', '月', '年'])
        .split(['-', '/', '.', '年', '月'])
        .map(|part| part.trim().parse().ok())
        .collect::<Option<_>>()?;
    let day_of = |year: i16, month: i16, day: i16| {
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
            .ok()
            .filter(|_| (1900..=2200).contains(&year))
    };
    match (parts.as_slice(), edge) {
        (&[year, month, day], _) => day_of(year, month, day),
        (&[year, month], Edge::First) => day_of(year, month, 1),
        (&[year, month], Edge::Last) => day_of(year, month, 1).map(Date::last_of_month),
        (&[year], Edge::First) => day_of(year, 1, 1),
        (&[year], Edge::Last) => day_of(year, 12, 31),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_spreadsheets_write_them() {
        use jiff::civil::date;
        for (text, edge, expected) in [
            ("2024-08-09", Edge::First, Some(date(2024, 8, 9))),
            ("2024/8/9", Edge::First, Some(date(2024, 8, 9))),
            ("2024年8月9日", Edge::Last, Some(date(2024, 8, 9))),
            ("2020-06", Edge::First, Some(date(2020, 6, 1))),
            ("2020-06", Edge::Last, Some(date(2020, 6, 30))),
            ("2020年6月", Edge::Last, Some(date(2020, 6, 30))),
            ("2019", Edge::First, Some(date(2019, 1, 1))),
            ("2019年", Edge::Last, Some(date(2019, 12, 31))),
            ("2024-02-30", Edge::First, None),
            ("2024-13-01", Edge::First, None),
            ("45513", Edge::First, None),
            ("3025-01-01", Edge::First, None),
            ("长期", Edge::Last, None),
            ("", Edge::First, None),
        ] {
            assert_eq!(parse_date(text, edge), expected, "{text}");
        }
    }
}
