//! 二、舆情特点

use super::overall::with_before;
use super::{Align, Block, Column, Run, Section, Table, Words, column};
use crate::chart::{Chart, ChartKind};
use crate::words::signed;
use crate::{MonthFigures, Share};

/// Bars of a chart; the annex has them all.
const BARS_MAX: usize = 10;
/// Rows of a table; the annex has them all.
const ROWS_MAX: usize = 24;

pub(super) fn section(figures: &MonthFigures) -> Section {
    let heading = "二、舆情特点".into();
    let opened = figures.value("opened");
    if opened == 0 {
        let blocks = vec![Words::default().say("本月未收录政务舆情事项，无可分析的特点。").paragraph()];
        return Section { heading, blocks };
    }
    let mut blocks = vec![
        Block::Heading("（一）等级分布".into()),
        grades(figures),
        Block::Heading("（二）属地分布".into()),
        leading("从属地看，", &figures.places, opened),
        Block::Chart(places(figures)),
        Block::Heading("（三）领域分布".into()),
        leading("从领域看，", &figures.systems, opened),
        Block::Chart(systems(figures)),
    ];
    if figures.figure("opened").is_some_and(|opened| opened.before > 0) {
        blocks.extend(risen(&figures.systems));
    }
    blocks.push(Block::Table(table("表1　各领域事项数（件）", "领域", &figures.systems)));
    blocks.push(Block::Heading("（四）来源分布".into()));
    blocks.push(leading("从来源看，", &figures.sources, opened));
    Section { heading, blocks }
}

fn grades(figures: &MonthFigures) -> Block {
    let mut words = Words::default().say("从等级看，");
    for (index, grade) in figures.grades.iter().enumerate() {
        let comma = if index == 0 { "" } else { "，" };
        words = words
            .say(format!("{comma}{}", grade.name))
            .listed(format!("{}件", grade.matters), &grade.query)
            .say(format!("（上月{}件）", grade.before));
    }
    words.say("。").paragraph()
}

/// The three with most matters and their share of all.
fn leading(start: &str, shares: &[Share], opened: u64) -> Block {
    let mut words = Words::default().say(start);
    let named: Vec<&Share> = shares.iter().filter(|share| !share.code.is_empty()).take(3).collect();
    if named.is_empty() {
        return words.say("均待进一步核定。").paragraph();
    }
    if named.len() > 1 && shares.len() > named.len() {
        words = words.say("居前的是");
    }
    for (index, share) in named.iter().enumerate() {
        let comma = if index == 0 { "" } else { "、" };
        let part = share.matters as f64 * 100.0 / opened.max(1) as f64;
        words = words
            .say(format!("{comma}{}", share.name))
            .listed(format!("{}件", share.matters), &share.query)
            .say(format!("（占{part:.1}%）"));
    }
    if let Some(unnamed) = shares.iter().find(|share| share.code.is_empty()) {
        words = words.say(format!("；{}的", unnamed.name)).listed(format!("{}件", unnamed.matters), &unnamed.query);
    }
    words.say("。").paragraph()
}

/// Systems with clearly more matters than in the month before.
fn risen(systems: &[Share]) -> Option<Block> {
    let mut risen: Vec<&Share> = systems.iter().filter(|one| !one.code.is_empty() && one.change > 0).collect();
    risen.sort_by_key(|one| std::cmp::Reverse(one.change));
    risen.truncate(3);
    if risen.is_empty() {
        return None;
    }
    let mut words = Words::default().say("与上月相比，增加较多的领域有");
    for (index, share) in risen.iter().enumerate() {
        let comma = if index == 0 { "" } else { "、" };
        words = words.say(format!("{comma}{}（增加{}件）", share.name, share.change));
    }
    Some(words.say("。").paragraph())
}

fn places(figures: &MonthFigures) -> Chart {
    bars("图2　各地收录事项（件）", &figures.places, figures)
}

fn systems(figures: &MonthFigures) -> Chart {
    bars("图3　各领域收录事项（件）", &figures.systems, figures)
}

fn bars(title: &str, shares: &[Share], figures: &MonthFigures) -> Chart {
    let shown: Vec<&Share> = shares.iter().take(BARS_MAX).collect();
    let told: Vec<String> = shown.iter().map(|share| format!("{}{}件", share.name, share.matters)).collect();
    Chart {
        title: title.into(),
        alt: format!("条形图：{}与{}对比，本月{}", figures.month.chinese(), figures.before.chinese(), told.join("、")),
        kind: ChartKind::Bars,
        categories: shown.iter().map(|share| share.name.clone()).collect(),
        series: with_before(
            figures,
            shown.iter().map(|share| Some(share.matters as f64)).collect(),
            shown.iter().map(|share| Some(share.before as f64)).collect(),
        ),
        percent: false,
    }
}

fn table(caption: &str, first: &'static str, shares: &[Share]) -> Table {
    let columns: Vec<Column> = vec![
        column("序号", 16, Align::Centre),
        column(first, 65, Align::Left),
        column("本月", 25, Align::Centre),
        column("上月", 25, Align::Centre),
        column("增减", 25, Align::Centre),
    ];
    let rows = shares.iter().take(ROWS_MAX).enumerate().map(|(index, share)| {
        vec![
            Run::text((index + 1).to_string()),
            Run::text(&share.name),
            Run::listed(share.matters, &share.query),
            Run::text(share.before.to_string()),
            Run::text(signed(share.change)),
        ]
    });
    Table { caption: caption.into(), columns, rows: rows.collect() }
}
