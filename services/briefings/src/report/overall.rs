//! 一、总体情况

use super::{Block, Section, Words};
use crate::MonthFigures;
use crate::chart::{BEFORE, Chart, ChartKind, Series, THIS};
use crate::words::{compared, day, hour, percent};

pub(super) fn section(figures: &MonthFigures) -> Section {
    let mut blocks = vec![opened(figures)];
    if figures.value("opened") > 0 {
        blocks.push(standing(figures));
        blocks.push(judged(figures));
        blocks.push(Block::Chart(daily(figures)));
    }
    Section { heading: "一、总体情况".into(), blocks }
}

fn opened(figures: &MonthFigures) -> Block {
    let month = figures.month.chinese();
    let span = if figures.complete { month } else { format!("{month}1日至{}", hour(figures.at)) };
    let words = Words::default();
    if figures.value("opened") == 0 {
        let text = format!("{span}，{}未收录政务舆情事项，上月收录{}件。", figures.region, before(figures));
        return words.say(text).paragraph();
    }
    let mut words = words
        .say(format!("{span}，{}共收录政务舆情事项", figures.region))
        .figure(figures, "opened")
        .say("，涉及网帖")
        .figure(figures, "posts");
    let Some((opened, posts)) = figures.figure("opened").zip(figures.figure("posts")) else { return words.paragraph() };
    words = if opened.before == 0 {
        words.say("。上月未收录事项")
    } else {
        words.say(format!("。收录事项{}，涉及网帖{}", compared(opened), compared(posts)))
    };
    words = words.say(if figures.complete || opened.before == 0 {
        "。"
    } else {
        "（本月统计未满月，与上月全月比较仅供参考）。"
    });
    if figures.value("backfill") > 0 {
        words = words.say("其中补录的历史事项").figure(figures, "backfill").say("，不计时限。");
    }
    words = if figures.value("danger") > 0 {
        words.say("涉及生命安全的事项").figure(figures, "danger").say("。")
    } else {
        words.say("未发现涉及生命安全的事项。")
    };
    words.paragraph()
}

fn before(figures: &MonthFigures) -> u64 {
    figures.figure("opened").map_or(0, |figure| figure.before)
}

/// Where the matters stand.
fn standing(figures: &MonthFigures) -> Block {
    let mut words = Words::default().say("截至统计时点，");
    let states: Vec<_> = figures.states.iter().filter(|state| state.matters > 0).collect();
    for (index, state) in states.iter().enumerate() {
        let comma = if index == 0 { "" } else { "，" };
        words = words.say(format!("{comma}{}", state.name)).listed(format!("{}件", state.matters), &state.query);
    }
    words = words.say("。");
    let rate = &figures.in_time;
    if rate.due == 0 {
        words = words.say("尚无到达回应时限的事项");
    } else {
        words = words
            .say("应回应的")
            .listed(format!("{}件", rate.due), &rate.query)
            .say("事项中，按时回应")
            .figure(figures, "in_time")
            .say("、超时回应")
            .figure(figures, "late")
            .say("、超时未回应")
            .figure(figures, "unanswered")
            .say(format!("，按时回应率为{}", percent(rate.value)));
        words = match rate.before {
            Some(before) => words.say(format!("（上月为{}）", percent(Some(before)))),
            None => words,
        };
    }
    if figures.value("waiting") > 0 {
        words = words.say("；另有").figure(figures, "waiting").say("尚在回应时限内");
    }
    words.say("。").paragraph()
}

/// What people made of the machine's proposals.
fn judged(figures: &MonthFigures) -> Block {
    let mut words = Words::default();
    words = if figures.value("abstained") > 0 {
        words.say("系统未能确定责任单位、转由值班人员研判的").figure(figures, "abstained").say("；")
    } else {
        words.say("系统对收录事项均提出了责任单位建议；")
    };
    words
        .say("已交办事项中，采纳系统建议单位的")
        .figure(figures, "confirmed")
        .say("，值班人员改派其他单位的")
        .figure(figures, "changed")
        .say("。")
        .paragraph()
}

fn daily(figures: &MonthFigures) -> Chart {
    let peak = figures.daily.iter().max_by_key(|one| (one.opened, std::cmp::Reverse(one.date)));
    let peak = peak.map_or_else(String::new, |one| format!("，最多的一天为{}，{}件", day(one.date), one.opened));
    Chart {
        title: "图1　每日收录事项（件）".into(),
        alt: format!("折线图：{}每日收录事项件数与上月同日对比{peak}", figures.month.chinese()),
        kind: ChartKind::Line,
        categories: figures.daily.iter().map(|one| one.date.day().to_string()).collect(),
        series: with_before(
            figures,
            figures.daily.iter().map(|one| Some(one.opened as f64)).collect(),
            figures.daily.iter().map(|one| one.before.map(|count| count as f64)).collect(),
        ),
        percent: false,
    }
}

/// The values of the month and, unless that one had no matters at all, of the month before.
pub(super) fn with_before(figures: &MonthFigures, this: Vec<Option<f64>>, before: Vec<Option<f64>>) -> Vec<Series> {
    let mut series = vec![Series { name: figures.month.chinese(), values: this, colour: THIS }];
    if figures.figure("opened").is_some_and(|opened| opened.before > 0) {
        series.push(Series { name: figures.before.chinese(), values: before, colour: BEFORE });
    }
    series
}
