//! Words as officials use them.

use huiyin_domain::DeadlineKind;
use huiyin_domain::matter::{AssignmentState, Channel, ResponseKind};

/// A deadline as officials call it.
pub(crate) fn deadline_chinese(kind: DeadlineKind) -> &'static str {
    match kind {
        DeadlineKind::Information => "权威信息发布",
        DeadlineKind::PressConference => "新闻发布会",
        DeadlineKind::Response => "回应",
        DeadlineKind::Sign => "签收",
        DeadlineKind::Verification => "核查报告",
    }
}

/// Where an assignment stands, as officials call it.
pub(crate) fn assignment_chinese(state: AssignmentState) -> &'static str {
    match state {
        AssignmentState::Pending => "待签收",
        AssignmentState::Accepted => "已签收",
        AssignmentState::Rejected => "已退回",
        AssignmentState::Overridden => "已改派",
    }
}

/// A kind of answer as officials call it.
pub(crate) fn response_chinese(kind: ResponseKind) -> &'static str {
    match kind {
        ResponseKind::Holding => "先期回应",
        ResponseKind::Authoritative => "权威回应",
        ResponseKind::Final => "最终回应",
    }
}

/// A channel as officials call it.
pub(crate) fn channel_chinese(channel: Channel) -> &'static str {
    match channel {
        Channel::Source => "原渠道",
        Channel::Website => "政府网站",
        Channel::SocialMedia => "政务新媒体",
        Channel::Press => "新闻媒体",
        Channel::PressConference => "新闻发布会",
        Channel::Phone => "电话",
        Channel::Other => "其他",
    }
}

/// Whether a promise was kept, as officials say it.
pub(crate) fn commitment_chinese(kept: Option<bool>) -> &'static str {
    match kept {
        None => "待核查",
        Some(true) => "已落实",
        Some(false) => "未落实",
    }
}
