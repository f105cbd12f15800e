//! 四、各单位回应时限落实情况

use super::{Align, Block, Run, Section, Table, Words, column};
use crate::chart::{Chart, ChartKind, Series, THIS};
use crate::words::percent;
use crate::{MonthFigures, UnitFigures};

/// Units in the chart.
const CHART_ROWS_MAX: usize = 15;
/// Units in the table; the annex has them all.
const TABLE_ROWS_MAX: usize = 60;

pub(super) fn section(figures: &MonthFigures) -> Section {
    let heading = "四、各单位回应时限落实情况".into();
    let units: Vec<&UnitFigures> = figures.units.iter().filter(|unit| unit.assigned > 0).collect();
    if units.is_empty() {
        let text = "截至统计时点，本月收录的事项尚未交办责任单位，无时限落实情况可供通报。";
        return Section { heading, blocks: vec![Words::default().say(text).paragraph()] };
    }
    let mut blocks = vec![summary(&units)];
    let rated: Vec<&UnitFigures> = units.iter().copied().filter(|unit| unit.rate.is_some()).collect();
    if !rated.is_empty() {
        blocks.push(Block::Chart(rates(&rated)));
    }
    blocks.push(Block::Table(table(&units)));
    if units.len() > TABLE_ROWS_MAX {
        blocks.push(Words::default().say(format!("其余{}个单位见附表。", units.len() - TABLE_ROWS_MAX)).paragraph());
    }
    Section { heading, blocks }
}

fn summary(units: &[&UnitFigures]) -> Block {
    let sum = |of: fn(&UnitFigures) -> u64| units.iter().map(|unit| of(unit)).sum::<u64>();
    let mut words = Words::default().say(format!(
        "本月收录的事项已交办{}个单位共{}件，按时签收{}件，已回应{}件。",
        units.len(),
        sum(|unit| unit.assigned),
        sum(|unit| unit.accepted_in_time),
        sum(|unit| unit.answered),
    ));
    let mut behind: Vec<&&UnitFigures> = units.iter().filter(|unit| unit.overdue + unit.late > 0).collect();
    behind.sort_by_key(|unit| std::cmp::Reverse((unit.overdue, unit.late)));
    if behind.is_empty() {
        return words.say("各单位均未发生超时。").paragraph();
    }
    words = words.say("存在超时的单位：");
    for (index, unit) in behind.iter().take(5).enumerate() {
        let comma = if index == 0 { "" } else { "；" };
        words = words.say(format!("{comma}{}", unit.name));
        let mut parts = Vec::new();
        if unit.overdue > 0 {
            parts.push(("超时未回应", unit.overdue, &unit.queries.overdue));
        }
        if unit.late > 0 {
            parts.push(("超时回应", unit.late, &unit.queries.late));
        }
        for (place, (name, count, query)) in parts.into_iter().enumerate() {
            words = words.say(if place == 0 { "" } else { "、" }).say(name).listed(format!("{count}件"), query);
        }
    }
    if behind.len() > 5 {
        words = words.say(format!("等{}个单位", behind.len()));
    }
    words.say("。请有关单位抓紧回应，并报告原因。").paragraph()
}

fn rates(units: &[&UnitFigures]) -> Chart {
    let shown: Vec<&&UnitFigures> = units.iter().take(CHART_ROWS_MAX).collect();
    let told: Vec<String> = shown.iter().map(|unit| format!("{}{}", unit.name, percent(unit.rate))).collect();
    Chart {
        title: "图4　各单位按时回应率".into(),
        alt: format!("条形图：各单位按时回应率，{}", told.join("、")),
        kind: ChartKind::Bars,
        categories: shown.iter().map(|unit| unit.name.clone()).collect(),
        series: vec![Series {
            name: "按时回应率".into(),
            values: shown.iter().map(|unit| unit.rate).collect(),
            colour: THIS,
        }],
        percent: true,
    }
}

fn table(units: &[&UnitFigures]) -> Table {
    let columns = vec![
        column("单位", 38, Align::Left),
        column("交办", 12, Align::Centre),
        column("按时签收", 18, Align::Centre),
        column("按时回应", 18, Align::Centre),
        column("超时回应", 18, Align::Centre),
        column("超时未回应", 22, Align::Centre),
        column("时限内", 14, Align::Centre),
        column("按时率", 16, Align::Centre),
    ];
    let rows = units.iter().take(TABLE_ROWS_MAX).map(|unit| {
        let queries = &unit.queries;
        vec![
            Run::text(&unit.name),
            Run::listed(unit.assigned, &queries.assigned),
            Run::listed(unit.accepted_in_time, &queries.accepted_in_time),
            Run::listed(unit.in_time, &queries.in_time),
            Run::listed(unit.late, &queries.late),
            Run::listed(unit.overdue, &queries.overdue),
            Run::listed(unit.waiting, &queries.waiting),
            Run::text(percent(unit.rate)),
        ]
    });
    Table { caption: "表3　各单位回应时限落实情况（件）".into(), columns, rows: rows.collect() }
}
