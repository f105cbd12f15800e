//! Channels, rules and deliveries.

use huiyin_alerts::{AlertKind, Revealed, TestResult, shown_url};
use huiyin_catalogue::Catalogue;
use huiyin_store::{
    AlertRule, Channel, ChannelKind, ChannelState, Delivery, DeliveryCounts, DeliveryState, DeliveryTry, Signing,
};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// Channels of the installation.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChannelList {
    /// The channels, by number.
    pub(crate) channels: Vec<ChannelView>,
}

/// One way out of the installation.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChannelView {
    /// Number.
    id: i64,
    /// Name shown.
    name: String,
    /// `webhook`, `wecom`, `dingtalk` or `feishu`.
    kind: &'static str,
    /// The same in Chinese.
    kind_name: &'static str,
    /// Address, without the secrets in it.
    url: String,
    /// Id of the unit it belongs to; none for the office's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_name: Option<String>,
    /// `hmac` or `ed25519`, of webhooks.
    #[serde(skip_serializing_if = "Option::is_none")]
    signing: Option<&'static str>,
    /// `active`, `paused` or `failing`.
    state: &'static str,
    /// The same in Chinese.
    state_name: &'static str,
    /// When it was made.
    created_at: Timestamp,
    /// Last time something arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_ok_at: Option<Timestamp>,
    /// What went wrong since then, in Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<String>,
    /// Since when nothing has arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    failing_since: Option<Timestamp>,
    /// Until when the secret before this one signs beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    old_secret_until: Option<Timestamp>,
    /// Deliveries waiting.
    waiting: u64,
    /// `whsec_…`, only in the answer that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    /// `whpk_…`, only in the answer that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    public_key: Option<String>,
}

impl ChannelView {
    pub(crate) fn of(one: &Channel, catalogue: Option<&Catalogue>) -> ChannelView {
        let unit = one.unit.as_ref();
        let found = unit.zip(catalogue).and_then(|(unit, catalogue)| catalogue.unit_by_id(unit));
        ChannelView {
            id: one.id,
            name: one.name.clone(),
            kind: one.kind.as_str(),
            kind_name: kind_chinese(one.kind),
            url: shown_url(one),
            unit: unit.map(ToString::to_string),
            unit_name: found.map(|unit| unit.name),
            signing: (one.signing != Signing::None).then(|| one.signing.as_str()),
            state: one.state.as_str(),
            state_name: match one.state {
                ChannelState::Active => "正常",
                ChannelState::Paused => "已暂停",
                ChannelState::Failing => "持续失败",
            },
            created_at: one.created_at,
            last_ok_at: one.last_ok_at,
            last_error: one.last_error.clone(),
            failing_since: one.failing_since,
            old_secret_until: one.old_secret_until,
            waiting: one.waiting,
            secret: None,
            public_key: None,
        }
    }

    /// With what its receiver needs, this once.
    pub(crate) fn revealing(mut self, revealed: Revealed) -> ChannelView {
        match revealed {
            Revealed::Secret(secret) => self.secret = Some(secret),
            Revealed::PublicKey(key) => self.public_key = Some(key),
            Revealed::Nothing => {}
        }
        self
    }
}

fn kind_chinese(kind: ChannelKind) -> &'static str {
    match kind {
        ChannelKind::Webhook => "签名回调",
        ChannelKind::Wecom => "企业微信机器人",
        ChannelKind::Dingtalk => "钉钉机器人",
        ChannelKind::Feishu => "飞书机器人",
    }
}

/// How a test message fared.
#[derive(Serialize, ToSchema)]
pub(crate) struct TestView {
    /// It arrived.
    ok: bool,
    /// HTTP status.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// How long it took.
    millis: u64,
    /// What went wrong, in Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl TestView {
    pub(crate) fn of(result: TestResult) -> TestView {
        let TestResult { ok, status, millis, error } = result;
        TestView { ok, status, millis, error }
    }
}

/// Rules of the installation.
#[derive(Serialize, ToSchema)]
pub(crate) struct RuleList {
    /// The rules, by number.
    pub(crate) rules: Vec<RuleView>,
}

/// Which events go to a channel. Empty lists mean any.
#[derive(Serialize, ToSchema)]
pub(crate) struct RuleView {
    /// Number.
    id: i64,
    /// Name shown.
    name: String,
    /// Number of the channel.
    channel: i64,
    /// Ids of units concerned.
    units: Vec<String>,
    /// Grades.
    grades: Vec<String>,
    /// Kinds of event.
    kinds: Vec<String>,
    /// Codes of places, each with everything below it.
    places: Vec<String>,
    /// Switched on.
    enabled: bool,
}

impl RuleView {
    pub(crate) fn of(rule: AlertRule) -> RuleView {
        let AlertRule { id, channel, name, units, grades, kinds, places, enabled, created_at: _ } = rule;
        RuleView { id, name, channel, units, grades, kinds, places, enabled }
    }
}

/// A page of deliveries, last first.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeliveryPage {
    /// The deliveries.
    deliveries: Vec<DeliveryView>,
    /// Give it as `cursor` for the next page; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<i64>,
    /// How many stand in each state.
    counts: DeliveryCountsView,
}

/// How many deliveries stand in each state.
#[derive(Serialize, ToSchema)]
struct DeliveryCountsView {
    /// Waiting.
    waiting: u64,
    /// Sent.
    sent: u64,
    /// Given up.
    failed: u64,
    /// Dropped.
    dropped: u64,
}

/// One message to one channel.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeliveryView {
    /// Number.
    id: i64,
    /// Number of the channel.
    channel: i64,
    /// Its name.
    channel_name: String,
    /// Id the receiver sees, the same at every try.
    message: String,
    /// The matter.
    matter: String,
    /// Kind of event.
    kind: String,
    /// The same in Chinese.
    kind_name: &'static str,
    /// What it says, on one line.
    summary: String,
    /// `waiting`, `sent`, `failed` or `dropped`.
    state: &'static str,
    /// The same in Chinese.
    state_name: &'static str,
    /// Tries begun.
    attempts: u32,
    /// When it was made.
    created_at: Timestamp,
    /// When it is tried next.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_try_at: Option<Timestamp>,
    /// When it arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_at: Option<Timestamp>,
    /// HTTP status of the last try.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_status: Option<u16>,
    /// What went wrong last, in Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<String>,
}

/// One delivery with its tries.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeliveryDetail {
    /// The delivery.
    #[serde(flatten)]
    delivery: DeliveryView,
    /// Its tries, first first.
    tries: Vec<TryView>,
    /// Body of the webhook; robots are told the same in their own form.
    #[schema(value_type = Object)]
    payload: serde_json::Value,
}

/// One try of a delivery.
#[derive(Serialize, ToSchema)]
struct TryView {
    /// When it began.
    at: Timestamp,
    /// HTTP status; none when there was no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// How long it took.
    millis: u64,
    /// What went wrong, in Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// The beginning of the answer, masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    response_excerpt: Option<String>,
}

impl DeliveryPage {
    pub(crate) fn of(deliveries: Vec<Delivery>, next: Option<i64>, counts: DeliveryCounts) -> DeliveryPage {
        let DeliveryCounts { waiting, sent, failed, dropped } = counts;
        DeliveryPage {
            deliveries: deliveries.into_iter().map(|one| DeliveryView::of(&one)).collect(),
            next,
            counts: DeliveryCountsView { waiting, sent, failed, dropped },
        }
    }
}

impl DeliveryView {
    fn of(one: &Delivery) -> DeliveryView {
        DeliveryView {
            id: one.id,
            channel: one.channel,
            channel_name: one.channel_name.clone(),
            message: one.message.clone(),
            matter: one.matter.to_string(),
            kind: one.kind.clone(),
            kind_name: AlertKind::parse(&one.kind).map_or("其他", AlertKind::chinese),
            summary: one.summary.clone(),
            state: one.state.as_str(),
            state_name: match one.state {
                DeliveryState::Waiting => "待投递",
                DeliveryState::Sent => "已送达",
                DeliveryState::Failed => "未送达",
                DeliveryState::Dropped => "已取消",
            },
            attempts: one.attempts,
            created_at: one.created_at,
            next_try_at: one.next_try_at,
            sent_at: one.sent_at,
            last_status: one.last_status,
            last_error: one.last_error.clone(),
        }
    }
}

impl DeliveryDetail {
    pub(crate) fn of(one: Delivery, tries: Vec<DeliveryTry>) -> DeliveryDetail {
        let tries = tries.into_iter().map(|one| {
            let DeliveryTry { at, status, millis, error, excerpt } = one;
            TryView { at, status, millis, error, response_excerpt: excerpt }
        });
        DeliveryDetail {
            delivery: DeliveryView::of(&one),
            tries: tries.collect(),
            payload: serde_json::from_str(&one.payload).unwrap_or_default(),
        }
    }
}
