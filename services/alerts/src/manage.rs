//! What people do with channels, rules and deliveries.

use std::sync::Arc;

use huiyin_domain::{Clock, UnitId};
use huiyin_store::{AlertRule, Channel, ChannelKind, ChannelSecret, ChannelState, Signing, Store, Target};
use jiff::SignedDuration;

use crate::answer::judge;
use crate::compose::compose;
use crate::guard::Guard;
use crate::notice::Notice;
use crate::send::{Answer, Sender};
use crate::sign::Signer;
use crate::{AlertError, AlertKind};

/// How long an old secret signs beside a new one.
const ROTATION: SignedDuration = SignedDuration::from_hours(24);
/// Longest name, in characters.
const NAME_CHARS_MAX: usize = 60;
/// Longest secret of a robot, in bytes.
const ROBOT_SECRET_BYTES_MAX: usize = 200;
/// Channels of an installation, and rules of all of them.
const CHANNELS_MAX: usize = 500;
/// Most entries of one list of a rule.
const LIST_MAX: usize = 200;

/// Channels, rules and deliveries of an installation; cheap to clone.
#[derive(Clone)]
pub struct Alerts {
    store: Store,
    clock: Arc<dyn Clock>,
    sender: Arc<dyn Sender>,
    guard: Guard,
    console_url: Option<String>,
}

/// A channel to be made.
#[derive(Clone, Debug)]
pub struct ChannelDraft {
    /// Name shown.
    pub name: String,
    /// Where it leads.
    pub kind: ChannelKind,
    /// Address.
    pub url: String,
    /// The unit it belongs to.
    pub unit: Option<UnitId>,
    /// How webhooks are signed; robots take [`Signing::None`].
    pub signing: Signing,
    /// A robot's own secret, where it has one.
    pub secret: Option<String>,
}

/// What changes in a channel; none leaves it as it is.
#[derive(Clone, Debug, Default)]
pub struct ChannelChange {
    /// Name shown.
    pub name: Option<String>,
    /// Address.
    pub url: Option<String>,
    /// The unit it belongs to, or none.
    pub unit: Option<Option<UnitId>>,
    /// True to pause, false to resume.
    pub paused: Option<bool>,
    /// A robot's own secret; blank for none.
    pub secret: Option<String>,
}

/// A rule to be made or to replace one.
#[derive(Clone, Debug)]
pub struct RuleDraft {
    /// Name shown.
    pub name: String,
    /// The channel; not changed later.
    pub channel: i64,
    /// Units concerned; empty for any.
    pub units: Vec<String>,
    /// Grades; empty for any.
    pub grades: Vec<String>,
    /// Kinds of event; empty for any.
    pub kinds: Vec<String>,
    /// Codes of places; empty for any.
    pub places: Vec<String>,
    /// Switched on.
    pub enabled: bool,
}

/// What the receiver of a webhook needs, shown once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revealed {
    /// `whsec_…`
    Secret(String),
    /// `whpk_…`
    PublicKey(String),
    /// Robots: nothing.
    Nothing,
}

/// How a test message fared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestResult {
    /// It arrived.
    pub ok: bool,
    /// HTTP status.
    pub status: Option<u16>,
    /// How long it took.
    pub millis: u64,
    /// What went wrong, in Chinese.
    pub error: Option<String>,
}

impl Alerts {
    /// Over `store`, sending tests with `sender`. `guard` has to be the one `sender` keeps.
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        sender: Arc<dyn Sender>,
        guard: Guard,
        console_url: Option<String>,
    ) -> Alerts {
        Alerts { store, clock, sender, guard, console_url }
    }

    /// The store, for reading.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Makes a channel with its first rules: of a unit, what that unit has to act on; of the office, what the office has to.
    /// `random` is 32 bytes nobody can guess, for its secret.
    ///
    /// # Errors
    /// [`AlertError::Invalid`] names the field.
    pub async fn create(&self, draft: ChannelDraft, random: [u8; 32]) -> Result<(Channel, Revealed), AlertError> {
        if self.store.channels().await?.len() >= CHANNELS_MAX {
            return Err(AlertError::State("通道数量已达上限，请先删除不用的通道"));
        }
        let url = self.url(&draft.url).await?;
        let webhook = draft.kind == ChannelKind::Webhook;
        let signer = match (webhook, draft.signing) {
            (true, Signing::Ed25519) => Some(Signer::ed25519(random)),
            (true, _) => Some(Signer::hmac(random)),
            (false, _) => None,
        };
        let secret = match &signer {
            Some(signer) => signer.to_secret(),
            None => robot_secret(draft.secret)?,
        };
        let now = self.clock.now();
        let mut channel = Channel {
            id: 0,
            name: name(&draft.name)?,
            kind: draft.kind,
            url,
            unit: draft.unit,
            signing: match &signer {
                Some(Signer::Ed25519(_)) => Signing::Ed25519,
                Some(Signer::Hmac(_)) => Signing::Hmac,
                None => Signing::None,
            },
            secret: ChannelSecret(secret),
            old_secret: None,
            old_secret_until: None,
            state: ChannelState::Active,
            created_at: now,
            last_ok_at: None,
            last_error: None,
            failing_since: None,
            failures: 0,
            waiting: 0,
        };
        let rule = first_rule(&channel);
        channel.id = self.store.insert_channel(&channel, &[rule]).await?;
        tracing::info!(channel = channel.id, kind = channel.kind.as_str(), "alert channel made");
        Ok((channel, signer.as_ref().map_or(Revealed::Nothing, reveal)))
    }

    /// Changes a channel. Resuming it has everything that waits tried at once.
    ///
    /// # Errors
    /// [`AlertError::NotFound`], or [`AlertError::Invalid`] names the field.
    pub async fn change(&self, id: i64, change: ChannelChange) -> Result<Channel, AlertError> {
        let mut channel = self.channel(id).await?;
        if let Some(text) = change.name {
            channel.name = name(&text)?;
        }
        // The address as it was shown, with its secret parts hidden, means the one kept.
        if let Some(url) = change.url.filter(|url| *url != shown_url(&channel)) {
            channel.url = self.url(&url).await?;
        }
        if let Some(unit) = change.unit {
            channel.unit = unit;
        }
        let now = self.clock.now();
        let mut resumed_at = None;
        match (change.paused, channel.state) {
            (Some(true), _) => channel.state = ChannelState::Paused,
            (Some(false), ChannelState::Paused | ChannelState::Failing) => {
                channel.state = ChannelState::Active;
                resumed_at = Some(now);
            }
            _ => {}
        }
        if !self.store.update_channel(&channel, resumed_at).await? {
            return Err(NO_CHANNEL);
        }
        if let Some(secret) = change.secret {
            if channel.kind == ChannelKind::Webhook {
                return Err(invalid("secret", "签名密钥由系统生成，请使用更换密钥"));
            }
            self.store.rotate_channel(id, &ChannelSecret(robot_secret(Some(secret))?), now).await?;
        }
        tracing::info!(channel = id, state = channel.state.as_str(), "alert channel changed");
        self.channel(id).await
    }

    /// Puts a new secret in force; the old one signs beside it for a day.
    ///
    /// # Errors
    /// [`AlertError::NotFound`], or [`AlertError::State`] for a robot.
    pub async fn rotate(&self, id: i64, random: [u8; 32]) -> Result<(Channel, Revealed), AlertError> {
        let channel = self.channel(id).await?;
        let signer = match channel.signing {
            Signing::Hmac => Signer::hmac(random),
            Signing::Ed25519 => Signer::ed25519(random),
            Signing::None => return Err(AlertError::State("机器人的密钥在群聊中设置，请修改通道填写新密钥")),
        };
        let now = self.clock.now();
        let until = now.saturating_add(ROTATION).unwrap_or(now);
        if !self.store.rotate_channel(id, &ChannelSecret(signer.to_secret()), until).await? {
            return Err(NO_CHANNEL);
        }
        tracing::info!(channel = id, "secret of an alert channel rotated");
        Ok((self.channel(id).await?, reveal(&signer)))
    }

    /// Removes a channel; what was delivered stays in the log.
    ///
    /// # Errors
    /// [`AlertError::NotFound`].
    pub async fn remove(&self, id: i64) -> Result<(), AlertError> {
        tracing::info!(channel = id, "alert channel removed");
        self.store.delete_channel(id, self.clock.now()).await?.then_some(()).ok_or(NO_CHANNEL)
    }

    /// Sends a test message now, whether the channel is paused or not. `message` is an id of its own.
    ///
    /// # Errors
    /// [`AlertError::NotFound`].
    pub async fn test(&self, id: i64, message: &str) -> Result<TestResult, AlertError> {
        let channel = self.channel(id).await?;
        let now = self.clock.now();
        let notice = Notice::test(self.console_url.as_deref(), now);
        let payload = serde_json::to_string(&notice).expect("texts and instants are written as JSON");
        let target = Target {
            channel: id,
            kind: channel.kind,
            url: channel.url,
            signing: channel.signing,
            secret: channel.secret,
            old_secret: channel.old_secret.filter(|_| channel.old_secret_until.is_some_and(|until| until > now)),
            failures: 0,
            failing_since: None,
        };
        let answer = match compose(&target, message, &payload, now) {
            Ok(message) => self.sender.send(&message).await,
            Err(error) => Answer { error: Some(error), ..Answer::default() },
        };
        let outcome = judge(target.kind, &answer, now);
        let error = outcome.error().map(str::to_owned);
        Ok(TestResult { ok: error.is_none(), status: answer.status, millis: answer.millis, error })
    }

    /// Makes a rule.
    ///
    /// # Errors
    /// [`AlertError::Invalid`] names the field.
    pub async fn create_rule(&self, draft: RuleDraft) -> Result<AlertRule, AlertError> {
        if self.store.alert_rules().await?.len() >= CHANNELS_MAX {
            return Err(AlertError::State("规则数量已达上限，请先删除不用的规则"));
        }
        let mut rule = self.rule(0, draft)?;
        let id = self.store.insert_alert_rule(&rule).await?;
        rule.id = id.ok_or_else(|| invalid("channel", "没有这个通道"))?;
        Ok(rule)
    }

    /// Replaces a rule, all but its channel.
    ///
    /// # Errors
    /// [`AlertError::NotFound`], or [`AlertError::Invalid`] names the field.
    pub async fn change_rule(&self, id: i64, draft: RuleDraft) -> Result<AlertRule, AlertError> {
        let rule = self.rule(id, draft)?;
        if !self.store.update_alert_rule(&rule).await? {
            return Err(NO_RULE);
        }
        self.store.alert_rules().await?.into_iter().find(|one| one.id == id).ok_or(NO_RULE)
    }

    /// Removes a rule.
    ///
    /// # Errors
    /// [`AlertError::NotFound`].
    pub async fn remove_rule(&self, id: i64) -> Result<(), AlertError> {
        self.store.delete_alert_rule(id).await?.then_some(()).ok_or(NO_RULE)
    }

    /// Has a delivery sent again, with the same id for the receiver.
    ///
    /// # Errors
    /// [`AlertError::NotFound`], or [`AlertError::State`] while it is being sent or when its channel is gone.
    pub async fn resend(&self, id: i64) -> Result<(), AlertError> {
        if self.store.delivery(id).await?.is_none() {
            return Err(AlertError::NotFound("没有这条投递记录"));
        }
        let refused = AlertError::State("正在投递，或通道已删除，不能重发");
        self.store.resend_delivery(id, self.clock.now()).await?.then_some(()).ok_or(refused)
    }

    async fn channel(&self, id: i64) -> Result<Channel, AlertError> {
        self.store.channel(id).await?.ok_or(NO_CHANNEL)
    }

    /// An address that may be spoken to, as far as one can tell now; every connection is checked again.
    async fn url(&self, text: &str) -> Result<String, AlertError> {
        let refused = |error: crate::guard::Refused| invalid("url", &error.0);
        let url = self.guard.url(text).map_err(refused)?;
        let port = url.port_or_known_default().unwrap_or(443);
        // A name nobody can resolve now may be known tomorrow: the test button tells.
        if let Some(Ok(found)) = match url.host_str() {
            Some(host) => Some(tokio::net::lookup_host((host.trim_matches(['[', ']']), port)).await),
            None => None,
        } {
            for address in found {
                self.guard.address(address.ip()).map_err(refused)?;
            }
        }
        Ok(url.into())
    }

    fn rule(&self, id: i64, draft: RuleDraft) -> Result<AlertRule, AlertError> {
        let kinds = draft.kinds.iter().all(|word| AlertKind::parse(word).is_some());
        if !kinds {
            let known: Vec<&str> = AlertKind::ALL.iter().map(|kind| kind.as_str()).collect();
            return Err(invalid("kinds", &format!("可用的事件有：{}", known.join("、"))));
        }
        if !draft.grades.iter().all(|word| huiyin_domain::Grade::ALL.iter().any(|grade| grade.as_str() == word)) {
            return Err(invalid("grades", "可用的等级有：extreme、major、considerable、ordinary"));
        }
        let code = |code: &String| {
            code.len() >= 2 && code.len() <= 20 && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        if !draft.places.iter().all(code) {
            return Err(invalid("places", "请填写区划代码"));
        }
        let clean =
            |unit: &String| !unit.trim().is_empty() && unit.chars().count() <= NAME_CHARS_MAX && !unit.contains('\0');
        if !draft.units.iter().all(clean) {
            return Err(invalid("units", "请填写单位编号"));
        }
        for (field, list) in
            [("units", &draft.units), ("grades", &draft.grades), ("kinds", &draft.kinds), ("places", &draft.places)]
        {
            if list.len() > LIST_MAX {
                return Err(invalid(field, &format!("最多{LIST_MAX}项")));
            }
        }
        Ok(AlertRule {
            id,
            channel: draft.channel,
            name: name(&draft.name)?,
            units: draft.units,
            grades: draft.grades,
            kinds: draft.kinds,
            places: draft.places,
            enabled: draft.enabled,
            created_at: self.clock.now(),
        })
    }
}

const NO_CHANNEL: AlertError = AlertError::NotFound("没有这个通道");
const NO_RULE: AlertError = AlertError::NotFound("没有这条规则");

/// The address as people are shown it: what a query holds, and the last part of a 飞书 robot's path, are secrets.
pub fn shown_url(channel: &Channel) -> String {
    let (address, query) = channel.url.split_once('?').map_or((channel.url.as_str(), None), |(a, q)| (a, Some(q)));
    let address = match address.rsplit_once('/') {
        Some((head, tail)) if channel.kind == ChannelKind::Feishu && !tail.is_empty() => format!("{head}/***"),
        _ => address.to_owned(),
    };
    let Some(query) = query else { return address };
    let hidden: Vec<String> = query
        .split('&')
        .map(|pair| pair.split_once('=').map_or("***".to_owned(), |(name, _)| format!("{name}=***")))
        .collect();
    format!("{address}?{}", hidden.join("&"))
}

fn first_rule(channel: &Channel) -> AlertRule {
    use AlertKind::{Assigned, CommitmentDue, Danger, DeadlinePassed, Overridden, Rejected, Supervised};
    let (name, kinds): (&str, &[AlertKind]) = match &channel.unit {
        Some(_) => ("本单位事项", &[Assigned, Overridden, DeadlinePassed, Supervised, Rejected, CommitmentDue]),
        None => ("值班提醒", &[Danger, Rejected, DeadlinePassed]),
    };
    AlertRule {
        id: 0,
        channel: channel.id,
        name: name.to_owned(),
        units: channel.unit.iter().map(ToString::to_string).collect(),
        grades: Vec::new(),
        kinds: kinds.iter().map(|kind| kind.as_str().to_owned()).collect(),
        places: Vec::new(),
        enabled: true,
        created_at: channel.created_at,
    }
}

fn reveal(signer: &Signer) -> Revealed {
    match signer {
        Signer::Hmac(_) => Revealed::Secret(signer.for_receiver()),
        Signer::Ed25519(_) => Revealed::PublicKey(signer.for_receiver()),
    }
}

fn invalid(field: &'static str, message: &str) -> AlertError {
    AlertError::Invalid { field, message: message.to_owned() }
}

fn name(text: &str) -> Result<String, AlertError> {
    let text = text.trim();
    match text.chars().count() {
        1..=NAME_CHARS_MAX if !text.contains('\0') => Ok(text.to_owned()),
        _ => Err(invalid("name", &format!("请填写1至{NAME_CHARS_MAX}个字的名称"))),
    }
}

fn robot_secret(secret: Option<String>) -> Result<String, AlertError> {
    let secret = secret.map(|secret| secret.trim().to_owned()).unwrap_or_default();
    if secret.len() <= ROBOT_SECRET_BYTES_MAX && secret.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(secret)
    } else {
        Err(invalid("secret", "密钥须为机器人安全设置中给出的字符串"))
    }
}
