//! `/`: the newest matters.

use std::fmt::Write;

use axum::extract::State;
use axum::response::Html;
use huiyin_domain::matter::Matter;
use jiff::Timestamp;

use super::{PageError, Visitor, page, text};
use crate::ApiState;
use crate::extract::QueryOf;
use crate::matters::list::MatterQuery;
use crate::time::local;
use crate::wire::{deadline_chinese, lead_name};

const VIEWS: [(&str, &str); 6] = [
    ("/", "全部"),
    ("/?state=new", "待研判"),
    ("/?state=assigned", "待签收"),
    ("/?state=accepted", "办理中"),
    ("/?state=responded", "已回应"),
    ("/?overdue=true", "超时"),
];

/// Takes the same query as `GET /api/v1/matters`.
pub(crate) async fn queue(
    State(state): State<ApiState>,
    visitor: Visitor,
    query: Result<QueryOf<MatterQuery>, crate::problem::ApiError>,
) -> Result<Html<String>, PageError> {
    let QueryOf(query) = query?;
    let now = state.now();
    let shown = query.shown();
    let (matters, next) = match query.filter(&visitor.actor, now)? {
        Some(filter) => {
            let page = state.store().matters(&filter).await?;
            (page.matters, page.next)
        }
        None => (Vec::new(), None),
    };
    let mut body = String::from("<h1>事项</h1><nav>");
    for (path, name) in VIEWS {
        let current = if path.trim_start_matches(['/', '?']) == shown { " aria-current=\"page\"" } else { "" };
        let _ = write!(body, "<a href=\"{path}\"{current}>{name}</a>");
    }
    body.push_str("</nav>");
    if matters.is_empty() {
        body.push_str("<p class=\"empty\">没有符合条件的事项。</p>");
    } else {
        body.push_str(
            "<div class=\"scroll\"><table><thead><tr><th>编号</th><th>内容摘要</th><th>属地</th><th>责任单位</th>",
        );
        body.push_str("<th>等级</th><th>状态</th><th>下一时限</th><th>收到时间</th></tr></thead><tbody>");
        matters.iter().for_each(|matter| row(&mut body, matter, now));
        body.push_str("</tbody></table></div>");
    }
    if let Some(next) = next {
        let joint = if shown.is_empty() { "" } else { "&amp;" };
        let _ = write!(body, "<p><a href=\"/?{shown}{joint}cursor={next}\">下一页</a></p>");
    }
    Ok(page("事项", Some(&visitor), &body))
}

fn row(body: &mut String, matter: &Matter, now: Timestamp) {
    let no = text(matter.no.as_str());
    let danger = if matter.danger { "<strong class=\"urgent\">涉及人身安全</strong> " } else { "" };
    let title = matter.title.as_deref().map_or_else(|| "（内容已删除）".to_owned(), text);
    let unit = match (matter.lead(), lead_name(matter)) {
        (Some(_), Some(name)) => text(name),
        (None, Some(name)) => format!("<span class=\"quiet\">建议：{}</span>", text(name)),
        _ => "<span class=\"quiet\">待研判</span>".to_owned(),
    };
    let grade = matter.grade_in_force();
    let suggested = if matter.grade.is_none() { "<span class=\"quiet\">（建议）</span>" } else { "" };
    let urgent = if grade.is_emergency() { " class=\"urgent\"" } else { "" };
    let _ = write!(
        body,
        "<tr><td><a href=\"/matters/{no}\">{no}</a></td><td>{danger}{title}</td><td>{}</td><td>{unit}</td>\
         <td{urgent}>{}{suggested}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
        matter.place_name.as_deref().map_or_else(|| "—".to_owned(), text),
        grade.chinese(),
        matter.state.chinese(),
        due(matter, now),
        local(matter.received_at),
    );
}

fn due(matter: &Matter, now: Timestamp) -> String {
    let late = matter.deadlines.iter().any(|one| one.met_at.is_none() && one.is_overdue(now));
    let mark = if late { " <strong class=\"urgent\">超时</strong>" } else { "" };
    match matter.next_due() {
        Some(next) => format!("{} {}{mark}", deadline_chinese(next.kind), local(next.due)),
        None => format!("—{mark}"),
    }
}
