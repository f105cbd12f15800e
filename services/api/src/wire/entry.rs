//! Ledger entries and live events.

use huiyin_domain::matter::{Content, Event};
use huiyin_store::StoredEntry;
use huiyin_text::readable;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::LastChange;

/// Entries of one matter, in order of version.
#[derive(Serialize, ToSchema)]
pub(crate) struct EntryPage {
    /// The entries.
    pub(crate) entries: Vec<EntryView>,
    /// Give it as `after` for the next page; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<u64>,
}

/// One ledger entry (台账记录).
#[derive(Serialize, ToSchema)]
pub(crate) struct EntryView {
    /// Dense number over all matters; none until it was given, moments after the entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u64>,
    /// Version of the matter after it.
    version: u64,
    /// When.
    at: Timestamp,
    /// Who acted.
    actor: ActorView,
    /// Kind of event.
    kind: &'static str,
    /// The same in Chinese.
    kind_name: &'static str,
    /// The facts, by kind.
    #[schema(value_type = Object)]
    event: serde_json::Value,
    /// The texts; none once erased.
    content: Option<ContentView>,
    /// SHA-256 leaf of the ledger's log, in hex.
    leaf: String,
}

/// Who acted.
#[derive(Serialize, ToSchema)]
struct ActorView {
    /// Login name, `token:NAME` or `huiyin`.
    name: String,
    /// Role.
    role: &'static str,
    /// The unit a liaison answers for.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
}

/// Texts of an entry.
#[derive(Serialize, ToSchema)]
struct ContentView {
    /// Title of an opened matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// Text of an answer, promise, step, instruction, question or conclusion.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// Reason given.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Link to a published answer or to evidence.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

impl EntryView {
    pub(crate) fn of(stored: StoredEntry) -> EntryView {
        let entry = stored.entry;
        EntryView {
            number: stored.number,
            version: entry.version,
            at: entry.at,
            kind: entry.event.kind(),
            kind_name: kind_chinese(&entry.event),
            actor: ActorView {
                name: entry.actor.name,
                role: entry.actor.role.as_str(),
                unit: entry.actor.unit.map(|unit| unit.to_string()),
            },
            event: serde_json::to_value(&entry.event).expect("an event read from JSON is written as JSON"),
            content: entry.content.map(ContentView::of),
            leaf: hex::encode(stored.leaf),
        }
    }
}

impl ContentView {
    fn of(content: Content) -> ContentView {
        ContentView {
            title: content.title.as_deref().map(readable),
            text: content.text,
            reason: content.reason,
            link: content.link,
        }
    }
}

/// Data of one live event: that something happened, not what it says.
#[derive(Serialize, ToSchema)]
pub(crate) struct EventView {
    /// Number in the ledger, also the event's id.
    pub(crate) number: u64,
    /// The matter.
    pub(crate) matter: String,
    /// Its version after the entry.
    pub(crate) version: u64,
    /// Kind of entry.
    pub(crate) kind: &'static str,
    /// When.
    pub(crate) at: Timestamp,
    /// Role of who acted.
    pub(crate) role: &'static str,
}

impl EventView {
    /// None while the entry has no number.
    pub(crate) fn of(stored: &StoredEntry) -> Option<EventView> {
        Some(EventView {
            number: stored.number?,
            matter: stored.entry.matter.to_string(),
            version: stored.entry.version,
            kind: stored.entry.event.kind(),
            at: stored.entry.at,
            role: stored.entry.actor.role.as_str(),
        })
    }
}

/// An entry as the answer to a conflict names it.
pub(crate) fn last_change(stored: &StoredEntry) -> LastChange {
    let entry = &stored.entry;
    LastChange {
        version: entry.version,
        by: entry.actor.name.clone(),
        role: entry.actor.role.as_str(),
        kind: entry.event.kind(),
        what: kind_chinese(&entry.event),
        at: entry.at,
    }
}

/// What an entry records, as officials call it.
pub(crate) fn kind_chinese(event: &Event) -> &'static str {
    match event {
        Event::Opened { .. } => "受理",
        Event::FurtherOpened { .. } => "另立事项",
        Event::Joined { .. } => "并入网帖",
        Event::Endangered { .. } => "发现险情",
        Event::Suggested { .. } => "更新研判建议",
        Event::Graded { .. } => "定级",
        Event::Assigned { .. } => "交办",
        Event::Overridden { .. } => "改派",
        Event::Accepted { .. } => "签收",
        Event::Rejected { .. } => "退回",
        Event::Responded { .. } => "回应",
        Event::Committed { .. } => "承诺",
        Event::Verified { .. } => "核查承诺",
        Event::Acted { .. } => "处置",
        Event::Consulted { .. } => "发起会商",
        Event::Concluded { .. } => "会商结论",
        Event::Supervised => "督办",
        Event::Extended { .. } => "延期",
        Event::DeadlinePassed { .. } => "超时",
        Event::Absorbed { .. } => "合并其他事项",
        Event::MergedInto { .. } => "并入其他事项",
        Event::Released { .. } => "拆出事项",
        Event::SplitFrom { .. } => "拆分恢复",
        Event::Dismissed => "不予办理",
        Event::Closed => "办结",
        Event::Reopened { .. } => "重新打开",
        Event::Undone { .. } => "撤销",
    }
}
