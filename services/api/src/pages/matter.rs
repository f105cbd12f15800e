//! `/matters/{no}`: one matter for reading and printing.

use std::fmt::Write;

use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use huiyin_domain::matter::{Matter, Part};
use huiyin_store::{PostFilter, PostRow, StoredEntry};
use jiff::Timestamp;

use super::{PageError, Visitor, attribute, page, text};
use crate::ApiState;
use crate::extract::PathOf;
use crate::matters::{matter_no, visible};
use crate::problem::ApiError;
use crate::time::local;
use crate::wire::{
    assignment_chinese, channel_chinese, commitment_chinese, deadline_chinese, kind_chinese, lead_name,
    response_chinese, role_chinese,
};

/// Entries and posts shown.
const ROWS_MAX: u32 = 200;

/// The matter with what was done about it.
pub(crate) async fn matter(
    State(state): State<ApiState>,
    visitor: Visitor,
    path: Result<PathOf<String>, ApiError>,
) -> Result<Response, PageError> {
    let PathOf(no) = path?;
    let matter = visible(&state, &matter_no(&no)?, &visitor.actor).await?;
    if let Some(into) = &matter.merged_into {
        return Ok(Redirect::to(&format!("/matters/{into}")).into_response());
    }
    let entries = state.store().entries(&matter.no, 0, ROWS_MAX).await?;
    let filter = PostFilter { matter: Some(matter.no.clone()), limit: ROWS_MAX, ..PostFilter::default() };
    let posts = state.store().posts(&filter).await?;
    Ok(render(&matter, &entries, &posts.posts, &visitor, state.now()).into_response())
}

fn render(
    matter: &Matter,
    entries: &[StoredEntry],
    posts: &[PostRow],
    visitor: &Visitor,
    now: Timestamp,
) -> Html<String> {
    let title = matter.title.as_deref().unwrap_or("（内容已删除）");
    let mut body = format!("<h1>{}</h1>", text(title));
    summary(&mut body, matter);
    deadlines(&mut body, matter, now);
    assignments(&mut body, matter);
    answers(&mut body, matter);
    posts_section(&mut body, posts);
    let _ = write!(body, "<h2>处理经过</h2><ol class=\"timeline\">");
    entries.iter().for_each(|stored| entry(&mut body, stored));
    body.push_str("</ol>");
    page(matter.no.as_str(), Some(visitor), &body)
}

fn summary(body: &mut String, matter: &Matter) {
    let confirmed = if matter.grade.is_some() { "" } else { "（建议，待确认）" };
    let unit = lead_name(matter).map_or_else(|| "待研判".to_owned(), text);
    let unit = if matter.lead().is_some() { unit } else { format!("{unit}（建议）") };
    let danger = if matter.danger {
        "<dt>提示</dt><dd class=\"urgent\">涉及人身安全，请立即处置</dd>"
    } else {
        ""
    };
    let _ = write!(
        body,
        "<dl><dt>编号</dt><dd>{}</dd><dt>状态</dt><dd>{}</dd><dt>等级</dt><dd>{}{confirmed}</dd><dt>属地</dt><dd>{}</dd>\
         <dt>系统</dt><dd>{}</dd><dt>第一责任单位</dt><dd>{unit}</dd><dt>网帖</dt><dd>{} 条</dd><dt>收到时间</dt><dd>{}</dd>{danger}</dl>",
        text(matter.no.as_str()),
        matter.state.chinese(),
        matter.grade_in_force().chinese(),
        matter.place_name.as_deref().map_or_else(|| "—".to_owned(), text),
        matter.system.as_ref().map_or_else(|| "—".to_owned(), |system| text(system.as_str())),
        matter.posts,
        local(matter.received_at),
    );
}

fn deadlines(body: &mut String, matter: &Matter, now: Timestamp) {
    if matter.deadlines.is_empty() {
        return;
    }
    body.push_str(
        "<h2>时限</h2><table><thead><tr><th>事项</th><th>到期</th><th>情况</th><th>依据</th></tr></thead><tbody>",
    );
    for one in &matter.deadlines {
        let status = match (one.met_at, one.is_overdue(now)) {
            (Some(at), false) => format!("已完成 {}", local(at)),
            (Some(at), true) => format!("<span class=\"urgent\">超时完成 {}</span>", local(at)),
            (None, true) => "<strong class=\"urgent\">超时</strong>".to_owned(),
            (None, false) => "进行中".to_owned(),
        };
        let number = one.assignment.map_or_else(String::new, |number| format!("（第{number}号交办）"));
        let _ = write!(
            body,
            "<tr><td>{}{number}</td><td>{}</td><td>{status}</td><td>{}</td></tr>",
            deadline_chinese(one.kind),
            local(one.due),
            text(&one.basis),
        );
    }
    body.push_str("</tbody></table>");
}

fn assignments(body: &mut String, matter: &Matter) {
    if matter.assignments.is_empty() {
        return;
    }
    body.push_str("<h2>交办</h2><table><thead><tr><th>号</th><th>单位</th><th>责任</th><th>情况</th><th>时间</th></tr></thead><tbody>");
    for one in &matter.assignments {
        let reason = one.reason.as_deref().map_or_else(String::new, |reason| format!("：{}", text(reason)));
        let part = if one.part == Part::Lead { "第一责任" } else { "协同" };
        let _ = write!(
            body,
            "<tr><td>{}</td><td>{}</td><td>{part}</td><td>{}{reason}</td><td>{}</td></tr>",
            one.number,
            text(&one.unit_name),
            assignment_chinese(one.state),
            local(one.assigned_at),
        );
    }
    body.push_str("</tbody></table>");
}

fn answers(body: &mut String, matter: &Matter) {
    let erased = |value: Option<&String>| value.map_or_else(|| "（内容已删除）".to_owned(), |value| text(value));
    if !matter.responses.is_empty() {
        body.push_str("<h2>回应</h2>");
    }
    for one in &matter.responses {
        let _ = write!(
            body,
            "<article><p class=\"quiet\">{} · {} · {}</p><p class=\"text\">{}</p></article>",
            response_chinese(one.kind),
            channel_chinese(one.channel),
            local(one.at),
            erased(one.text.as_ref()),
        );
    }
    if !matter.commitments.is_empty() {
        body.push_str("<h2>承诺</h2>");
    }
    for one in &matter.commitments {
        let _ = write!(
            body,
            "<article><p class=\"quiet\">时限 {} · {}</p><p class=\"text\">{}</p></article>",
            one.due,
            commitment_chinese(one.kept),
            erased(one.text.as_ref()),
        );
    }
}

fn posts_section(body: &mut String, posts: &[PostRow]) {
    body.push_str("<h2>网帖</h2>");
    for post in posts {
        let link = post.url.as_deref().filter(|url| url.starts_with("http://") || url.starts_with("https://"));
        let name = text(&format!("{} {}", post.post.source, post.post.id));
        let name = match link {
            Some(url) => format!("<a href=\"{}\" rel=\"noreferrer noopener\">{name}</a>", attribute(url)),
            None => name,
        };
        let revision = if post.revision > 0 { format!(" · 第{}次修改", post.revision) } else { String::new() };
        let published = post.published_at.map_or_else(String::new, |at| format!(" · 发布 {}", local(at)));
        let title = if post.title.is_empty() { String::new() } else { format!("<h3>{}</h3>", text(&post.title)) };
        let _ = write!(
            body,
            "<article><p class=\"quiet\">{name}{revision}{published} · 收到 {}</p>{title}<p class=\"text\">{}</p></article>",
            local(post.received_at),
            text(&post.text),
        );
    }
}

fn entry(body: &mut String, stored: &StoredEntry) {
    let entry = &stored.entry;
    let said = entry.content.as_ref().and_then(|content| content.reason.as_ref().or(content.text.as_ref()));
    let said = said.map_or_else(String::new, |said| format!("<p class=\"text\">{}</p>", text(said)));
    let _ = write!(
        body,
        "<li><time>{}</time> <strong>{}</strong> <span class=\"quiet\">{} · {}</span>{said}</li>",
        local(entry.at),
        kind_chinese(&entry.event),
        text(&entry.actor.name),
        role_chinese(entry.actor.role),
    );
}
