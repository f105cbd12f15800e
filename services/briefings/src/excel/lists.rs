//! Units, matters, promises and notes, one by one.

use huiyin_domain::matter::Matter;
use rust_xlsxwriter::{Chart, ChartType};

use super::{Book, Value, finish, series};
use crate::chart::THIS;
use crate::gather::{response_due, response_promptness};
use crate::words::{full_day, minute, promptness_chinese};
use crate::{Briefing, BriefingError, MATTERS_MAX};

/// 单位时限
pub(super) fn units(book: &mut Book<'_>, briefing: &Briefing) -> Result<(), BriefingError> {
    let units = &briefing.figures().units;
    let rows = units.iter().map(|unit| {
        let queries = &unit.queries;
        vec![
            Value::Text(&unit.name),
            Value::Percent(unit.rate),
            Value::Listed(unit.assigned, &queries.assigned),
            Value::Listed(unit.accepted_in_time, &queries.accepted_in_time),
            Value::Listed(unit.answered, &queries.answered),
            Value::Listed(unit.in_time, &queries.in_time),
            Value::Listed(unit.late, &queries.late),
            Value::Listed(unit.overdue, &queries.overdue),
            Value::Listed(unit.waiting, &queries.waiting),
            Value::Listed(unit.assisting, &queries.assisting),
        ]
    });
    let headings = [
        ("单位", 32.0),
        ("按时回应率", 12.0),
        ("交办（牵头）", 13.0),
        ("按时签收", 11.0),
        ("已回应", 11.0),
        ("按时回应", 11.0),
        ("超时回应", 11.0),
        ("超时未回应", 12.0),
        ("尚在时限内", 12.0),
        ("协同", 9.0),
    ];
    let sheet = book.sheet("单位时限", &headings, rows)?;
    let last = u32::try_from(units.len().min(15)).unwrap_or(0);
    if last > 0 {
        let mut chart = Chart::new(ChartType::Bar);
        series(&mut chart, "单位时限", 1, last, "按时回应率", THIS);
        chart.x_axis().set_reverse();
        chart.y_axis().set_min(0).set_max(1).set_num_format("0%").set_major_gridlines(false);
        finish(&mut chart, "各单位按时回应率", "条形图：各单位按时回应率");
        chart.legend().set_hidden();
        chart.set_height(120 + last * 24);
        sheet.insert_chart(1, 11, &chart)?;
    }
    Ok(())
}

/// 事项清单
pub(super) fn matters(book: &mut Book<'_>, briefing: &Briefing, matters: &[Matter]) -> Result<(), BriefingError> {
    let now = briefing.figures().at;
    let mut told = Vec::with_capacity(matters.len());
    for matter in matters.iter().filter(|matter| matter.merged_into.is_none()) {
        let response = promptness_chinese(response_promptness(matter, now));
        told.push((matter, minute(matter.received_at), response_due(matter).map(minute).unwrap_or_default(), response));
    }
    let rows = told.iter().map(|(matter, received, due, response)| {
        vec![
            Value::Centre(matter.no.as_str()),
            Value::Text(matter.title.as_deref().unwrap_or("（已依法删除）")),
            Value::Text(matter.place_name.as_deref().unwrap_or_default()),
            Value::Centre(matter.system.as_ref().map_or("", |system| system.as_str())),
            Value::Text(matter.lead().map_or("", |lead| lead.unit_name.as_str())),
            Value::Centre(matter.grade_in_force().chinese()),
            Value::Number(u64::from(matter.posts_seen())),
            Value::Centre(received),
            Value::Centre(matter.state.chinese()),
            Value::Centre(due),
            Value::Centre(response),
        ]
    });
    let headings = [
        ("编号", 17.0),
        ("事项", 52.0),
        ("属地", 28.0),
        ("领域", 12.0),
        ("第一责任单位", 28.0),
        ("等级", 10.0),
        ("网帖", 8.0),
        ("收录时间", 18.0),
        ("状态", 11.0),
        ("回应时限", 18.0),
        ("回应情况", 13.0),
    ];
    book.sheet("事项清单", &headings, rows)?;
    Ok(())
}

/// 承诺
pub(super) fn promises(book: &mut Book<'_>, briefing: &Briefing) -> Result<(), BriefingError> {
    let promises = &briefing.figures().commitments;
    let made: Vec<String> = promises.iter().map(|promise| minute(promise.at)).collect();
    let rows = promises.iter().zip(&made).map(|(promise, made)| {
        vec![
            Value::Centre(&promise.matter),
            Value::Text(promise.title.as_deref().unwrap_or("（已依法删除）")),
            Value::Text(&promise.owner_name),
            Value::Text(promise.text.as_deref().unwrap_or("（已依法删除）")),
            Value::Centre(made),
            Value::Date(promise.due),
            Value::Centre(&promise.state_name),
            Value::Centre(if promise.published { "已公开" } else { "未公开" }),
        ]
    });
    let headings = [
        ("事项编号", 17.0),
        ("事项", 44.0),
        ("承诺单位", 28.0),
        ("承诺事项", 52.0),
        ("承诺时间", 18.0),
        ("承诺时限", 14.0),
        ("落实情况", 13.0),
        ("落实公开", 11.0),
    ];
    book.sheet("承诺", &headings, rows)?;
    Ok(())
}

/// 说明
pub(super) fn notes(book: &mut Book<'_>, briefing: &Briefing, matters: &[Matter]) -> Result<(), BriefingError> {
    let figures = briefing.figures();
    let mut lines = vec![
        briefing.title(),
        format!("编发单位：{}　{}　{}", briefing.options().office, briefing.issue(), full_day(briefing.options().date)),
        format!("统计时点：{}", minute(figures.at)),
    ];
    if matters.len() >= MATTERS_MAX {
        lines.push(format!("事项清单、台账只列最近收录的{MATTERS_MAX}件，其余请在系统中查询。"));
    }
    lines.extend(figures.method.iter().cloned());
    let title = book.look.title.clone();
    let sheet = book.sheet("说明", &[("说明", 110.0)], lines.iter().skip(1).map(|line| vec![Value::Text(line)]))?;
    if let Some(first) = lines.first() {
        sheet.write_string_with_format(0, 0, first, &title)?;
    }
    Ok(())
}
