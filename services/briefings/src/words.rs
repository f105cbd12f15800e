//! How figures read in Chinese.

use huiyin_domain::BEIJING;
use huiyin_domain::matter::Channel;
use huiyin_store::{PromiseState, Promptness};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::Figure;

/// How a response stands to its deadline.
pub(crate) fn promptness_chinese(one: Promptness) -> &'static str {
    match one {
        Promptness::InTime => "按时回应",
        Promptness::Late => "超时回应",
        Promptness::Overdue => "超时未回应",
        Promptness::Waiting => "尚在时限内",
        Promptness::NothingDue => "无需计时",
    }
}

/// Where a promise stands.
pub(crate) fn promise_chinese(state: PromiseState) -> &'static str {
    match state {
        PromiseState::Kept => "已落实",
        PromiseState::Broken => "未落实",
        PromiseState::Open => "未到期",
        PromiseState::Overdue => "逾期待核查",
    }
}

/// Where an answer was given.
pub(crate) fn channel_chinese(channel: Channel) -> &'static str {
    match channel {
        Channel::Source => "原渠道",
        Channel::Website => "政府网站",
        Channel::SocialMedia => "政务新媒体",
        Channel::Press => "新闻媒体",
        Channel::PressConference => "新闻发布会",
        Channel::Phone => "电话",
        Channel::Other => "其他渠道",
    }
}

/// 86.5%; a dash of nothing.
pub(crate) fn percent(rate: Option<f64>) -> String {
    rate.map_or_else(|| "—".to_owned(), |rate| format!("{:.1}%", rate * 100.0))
}

/// 较上月增加12件，增长8.6%
pub(crate) fn compared(figure: &Figure) -> String {
    let Figure { value, before, unit, .. } = figure;
    match value.cmp(before) {
        std::cmp::Ordering::Equal => "与上月持平".to_owned(),
        _ if *before == 0 => format!("上月为0{unit}"),
        std::cmp::Ordering::Greater => {
            format!("较上月增加{}{unit}，增长{:.1}%", value - before, share(value - before, *before))
        }
        std::cmp::Ordering::Less => {
            format!("较上月减少{}{unit}，下降{:.1}%", before - value, share(before - value, *before))
        }
    }
}

fn share(part: u64, whole: u64) -> f64 {
    part as f64 * 100.0 / whole as f64
}

/// +3, -2, 0
pub(crate) fn signed(change: i64) -> String {
    if change > 0 { format!("+{change}") } else { change.to_string() }
}

/// 11月22日
pub(crate) fn day(date: Date) -> String {
    format!("{}月{}日", date.month(), date.day())
}

/// 2026年11月22日
pub(crate) fn full_day(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// 11月22日14时
pub(crate) fn hour(at: Timestamp) -> String {
    let local = BEIJING.to_datetime(at);
    format!("{}{}时", day(local.date()), local.hour())
}

/// 2026-11-22 14:05, for tables and workbooks.
pub(crate) fn minute(at: Timestamp) -> String {
    BEIJING.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// The beginning of a text in one line, at most `chars` long.
pub(crate) fn cut(text: &str, chars: usize) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut letters = line.chars();
    let start: String = letters.by_ref().take(chars).collect();
    if letters.next().is_some() {
        format!("{}…", start.trim_end_matches(['，', '、', '；', '。']))
    } else {
        start
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_read_as_an_official_writes_them() {
        let figure = |value, before| Figure {
            key: "opened".into(),
            label: "收录事项".into(),
            value,
            unit: "件".into(),
            before,
            change: 0,
            counts: "matters".into(),
            query: String::new(),
        };
        for (value, before, expected) in [
            (151, 139, "较上月增加12件，增长8.6%"),
            (39, 187, "较上月减少148件，下降79.1%"),
            (5, 5, "与上月持平"),
            (0, 0, "与上月持平"),
            (5, 0, "上月为0件"),
            (0, 5, "较上月减少5件，下降100.0%"),
        ] {
            assert_eq!(compared(&figure(value, before)), expected);
        }
        assert_eq!((percent(Some(0.8654)), percent(None)), ("86.5%".into(), "—".into()));
        assert_eq!((signed(3), signed(0), signed(-2)), ("+3".into(), "0".into(), "-2".into()));
        assert_eq!(cut("一二三，四", 4), "一二三…");
        assert_eq!(cut("一 二\n三", 9), "一 二 三");
    }
}
