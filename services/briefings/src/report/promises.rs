//! 五、承诺事项

use super::{Align, Block, Run, Section, Table, Words, column};
use crate::words::{cut, day};
use crate::{MonthFigures, MonthPromise};

/// Promises in the table; the annex has them all.
const ROWS_MAX: usize = 40;
/// Characters of a promise in the table.
const TEXT_CHARS_MAX: usize = 60;

pub(super) fn section(figures: &MonthFigures) -> Section {
    let mut blocks = vec![summary(figures)];
    if !figures.commitments.is_empty() {
        blocks.push(Block::Table(table(&figures.commitments)));
        if figures.commitments.len() > ROWS_MAX {
            let rest = figures.commitments.len() - ROWS_MAX;
            blocks.push(Words::default().say(format!("其余{rest}项见附表。")).paragraph());
        }
    }
    Section { heading: "五、承诺事项".into(), blocks }
}

fn summary(figures: &MonthFigures) -> Block {
    let mut words = Words::default();
    words = if figures.value("promises_made") > 0 {
        words.say("本月各单位在回应中作出承诺").figure(figures, "promises_made").say("。")
    } else {
        words.say("本月各单位未作出新的承诺。")
    };
    if figures.value("promises_due") == 0 {
        return words.say("本月无到期承诺。").paragraph();
    }
    words = words.say("本月到期的承诺").figure(figures, "promises_due").say("，其中");
    let mut first = true;
    for (key, name) in [
        ("promises_kept", "经核查已落实"),
        ("promises_broken", "经核查未落实"),
        ("promises_overdue", "逾期待核查"),
        ("promises_open", "尚未到期"),
    ] {
        if figures.value(key) > 0 {
            words = words.say(if first { name.to_owned() } else { format!("、{name}") }).figure(figures, key);
            first = false;
        }
    }
    words.say("。").paragraph()
}

fn table(promises: &[MonthPromise]) -> Table {
    let columns = vec![
        column("事项编号", 31, Align::Centre),
        column("承诺单位", 34, Align::Left),
        column("承诺内容", 47, Align::Left),
        column("完成时限", 22, Align::Centre),
        column("落实情况", 22, Align::Centre),
    ];
    let rows = promises.iter().take(ROWS_MAX).map(|promise| {
        let text =
            promise.text.as_deref().map_or_else(|| "（内容已依法删除）".to_owned(), |text| cut(text, TEXT_CHARS_MAX));
        vec![
            Run::listed(&promise.matter, &format!("/matters/{}", promise.matter)),
            Run::text(&promise.owner_name),
            Run::text(text),
            Run::text(day(promise.due)),
            Run::text(&promise.state_name),
        ]
    });
    Table { caption: "表4　本月作出或到期的承诺".into(), columns, rows: rows.collect() }
}
