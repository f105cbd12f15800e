//! 三、重点舆情及回应情况

use huiyin_domain::BEIJING;

use super::{Align, Block, Run, Section, Table, Words, column};
use crate::words::{cut, day, hour};
use crate::{MonthFigures, MonthMatter};

/// Matters told in words; the table has more.
const TOLD_MAX: usize = 5;
/// Characters of a title in a heading, and in the table.
const TITLE_CHARS_MAX: usize = 40;
const TITLE_CELL_CHARS_MAX: usize = 30;

pub(super) fn section(figures: &MonthFigures) -> Section {
    let heading = "三、重点舆情及回应情况".into();
    if figures.matters.is_empty() {
        return Section { heading, blocks: vec![Words::default().say("本月无重点舆情。").paragraph()] };
    }
    let mut blocks =
        vec![Words::default().say("按是否涉及生命安全、等级、网帖数排序，本月重点舆情及回应情况如下：").paragraph()];
    let told = figures.matters.iter().take(TOLD_MAX).enumerate();
    blocks.extend(told.map(|(index, matter)| told_of(index + 1, matter)));
    blocks.push(Block::Table(table(&figures.matters)));
    Section { heading, blocks }
}

fn told_of(number: usize, matter: &MonthMatter) -> Block {
    let title =
        matter.title.as_deref().map_or_else(|| "（标题已依法删除）".to_owned(), |title| cut(title, TITLE_CHARS_MAX));
    let mut words = Words::default()
        .say(format!("{number}．{title}（"))
        .listed(&matter.no, &matter.query)
        .say(format!("，{}", matter.grade_name));
    if matter.danger {
        words = words.say("，涉及生命安全");
    }
    let received = BEIJING.to_datetime(matter.received_at).date();
    let place = matter.place_name.as_deref().map_or_else(String::new, |place| format!("，属地{place}"));
    words = words.say(format!("）。{}收录，涉及网帖{}条{place}。", day(received), matter.posts));
    words = match &matter.unit_name {
        Some(unit) => words.say(format!("由{unit}牵头办理，")),
        None => words.say("尚未交办责任单位，"),
    };
    let channel = matter.channel_name.as_deref().map_or_else(String::new, |name| format!("通过{name}"));
    words = words.say(match (matter.responded_at, matter.response.as_str()) {
        (Some(at), "in_time") => format!("已于{}{channel}按时回应", hour(at)),
        (Some(at), "late") => format!("于{}{channel}回应，超过回应时限", hour(at)),
        (Some(at), _) => format!("已于{}{channel}回应", hour(at)),
        (None, "overdue") => "已超过回应时限，尚未回应".into(),
        (None, "waiting") => match matter.due {
            Some(due) => format!("尚在回应时限内（{}前）", hour(due)),
            None => "尚在回应时限内".into(),
        },
        (None, _) => "尚无回应记录".into(),
    });
    words.say(format!("。目前状态为{}。", matter.state_name)).paragraph()
}

fn table(matters: &[MonthMatter]) -> Table {
    let columns = vec![
        column("序号", 11, Align::Centre),
        column("编号", 31, Align::Centre),
        column("事项", 38, Align::Left),
        column("责任单位", 26, Align::Left),
        column("等级", 17, Align::Centre),
        column("网帖", 10, Align::Centre),
        column("回应", 23, Align::Centre),
    ];
    let rows = matters.iter().enumerate().map(|(index, matter)| {
        let title = matter.title.as_deref().map_or_else(|| "—".to_owned(), |title| cut(title, TITLE_CELL_CHARS_MAX));
        vec![
            Run::text((index + 1).to_string()),
            Run::listed(&matter.no, &matter.query),
            Run::text(title),
            Run::text(matter.unit_name.clone().unwrap_or_else(|| "待交办".into())),
            Run::text(&matter.grade_name),
            Run::text(matter.posts.to_string()),
            Run::text(&matter.response_name),
        ]
    });
    Table { caption: "表2　本月重点舆情".into(), columns, rows: rows.collect() }
}
