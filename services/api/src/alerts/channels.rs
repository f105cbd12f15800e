//! `GET` and `POST /api/v1/alerts/channels`

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use huiyin_alerts::ChannelDraft;
use huiyin_store::{ChannelKind, Signing};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Manager, random, unit};
use crate::ApiState;
use crate::auth::Office;
use crate::extract::JsonBody;
use crate::openapi::{ChangeRefusals, ReadRefusals};
use crate::problem::ApiError;
use crate::wire::{ChannelList, ChannelView};

/// A channel to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChannelRequest {
    /// Name shown.
    name: String,
    /// Where it leads.
    #[schema(inline)]
    kind: KindWord,
    /// Address, http or https.
    url: String,
    /// Id of the unit it belongs to: it is told of nothing else. Left out for the office's own.
    unit: Option<String>,
    /// How webhooks are signed; `hmac` when left out. Robots sign in their own way.
    #[schema(inline)]
    #[serde(default)]
    signing: SigningWord,
    /// Robots of 钉钉 and 飞书: the secret of their security settings.
    secret: Option<String>,
}

/// Where a channel leads.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum KindWord {
    /// A program of the unit's own, by a signed webhook.
    Webhook,
    /// A robot of 企业微信.
    Wecom,
    /// A robot of 钉钉.
    Dingtalk,
    /// A robot of 飞书.
    Feishu,
}

/// How webhooks are signed.
#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SigningWord {
    /// HMAC-SHA256 with a shared secret, `whsec_…`.
    #[default]
    Hmac,
    /// Ed25519; the receiver has the public key, `whpk_…`.
    Ed25519,
}

/// 提醒通道
///
/// Addresses are shown without the secrets in them.
#[utoipa::path(
    get,
    path = "/api/v1/alerts/channels",
    operation_id = "list_channels",
    tag = "alerts",
    responses((status = 200, description = "Channels", body = ChannelList), ReadRefusals),
)]
pub(crate) async fn list(State(state): State<ApiState>, _: Office) -> Result<Json<ChannelList>, ApiError> {
    let catalogue = state.catalogue_in_force();
    let channels = state.store().channels().await?;
    Ok(Json(ChannelList { channels: channels.iter().map(|one| ChannelView::of(one, catalogue.as_deref())).collect() }))
}

/// 新建提醒通道
///
/// Answers once with the secret `whsec_…` or the public key `whpk_…` of a webhook, and makes a first rule for the channel.
#[utoipa::path(
    post,
    path = "/api/v1/alerts/channels",
    operation_id = "create_channel",
    tag = "alerts",
    request_body = ChannelRequest,
    responses((status = 201, description = "The channel", body = ChannelView), ChangeRefusals),
)]
pub(crate) async fn create(
    State(state): State<ApiState>,
    _: Manager,
    body: JsonBody<ChannelRequest>,
) -> Result<(StatusCode, Json<ChannelView>), ApiError> {
    let body = body.value;
    let draft = ChannelDraft {
        name: body.name,
        kind: match body.kind {
            KindWord::Webhook => ChannelKind::Webhook,
            KindWord::Wecom => ChannelKind::Wecom,
            KindWord::Dingtalk => ChannelKind::Dingtalk,
            KindWord::Feishu => ChannelKind::Feishu,
        },
        url: body.url,
        unit: body.unit.filter(|id| !id.trim().is_empty()).map(|id| unit(&state, "unit", &id)).transpose()?,
        signing: match body.signing {
            SigningWord::Hmac => Signing::Hmac,
            SigningWord::Ed25519 => Signing::Ed25519,
        },
        secret: body.secret,
    };
    let (channel, revealed) = state.alerts().create(draft, random()).await?;
    let view = ChannelView::of(&channel, state.catalogue_in_force().as_deref()).revealing(revealed);
    Ok((StatusCode::CREATED, Json(view)))
}
