//! From a raw post to a record: checked, masked, ready to be written.

use huiyin_domain::ContentDigest;
use huiyin_proto::v1::Post;
use huiyin_text::{IDENTIFIER_BYTES_MAX, IdentifierFault};
use jiff::Timestamp;

use crate::time::parse_time;
use crate::{RawPost, Refused};

/// Longest title and text together, in characters as given.
const TEXT_CHARS_MAX: usize = 100_000;
/// Longest id, source or place, in characters as given.
const NAME_CHARS_MAX: usize = 200;
/// Longest link, in characters as given.
const URL_CHARS_MAX: usize = 4_000;
/// Most bytes of a post as a record: what leaves room in a log record of 1 MiB for the assessment beside the post.
const POST_BYTES_MAX: usize = 640 << 10;

/// What is known about posts from the way they came in.
#[derive(Clone, Debug)]
pub struct Reception {
    /// When they reached us.
    pub received_at: Timestamp,
    /// Name of the source, for posts that name none.
    pub source: String,
    /// Whether `source` holds whatever a post names: a token of one source must not write in another's name.
    pub source_fixed: bool,
    /// Place of posts that give none; may be blank.
    pub default_place: String,
    /// Old posts loaded in bulk: matters without deadlines and alarms.
    pub backfill: bool,
}

/// Checks and masks a post. Nothing of `raw` may be kept, logged or sent except what this returns.
///
/// Times are read as RFC 3339, `YYYY-MM-DD HH:MM[:SS]`, `YYYY/M/D H:MM`, `YYYY年M月D日H时M分`, a date alone, or
/// seconds or milliseconds since 1970; without a zone they are Beijing's. A link that cannot be kept is left out.
///
/// # Errors
/// The first thing wrong: no id, neither title nor text, too long, U+0000 anywhere, an unreadable or impossible time.
pub fn accept(raw: &RawPost, reception: &Reception) -> Result<Post, Refused> {
    for (field, value) in raw.fields() {
        if value.contains('\0') {
            return Err(Refused::new(field, format!("{field} 里有空字符（U+0000）"), "在来源处去掉空字符后重新提交"));
        }
    }
    check_lengths(raw)?;
    let given = if reception.source_fixed || raw.source.trim().is_empty() { &reception.source } else { &raw.source };
    let source = name("source", "来源", given)?;
    let id = name("id", "编号", &raw.id)?;
    if raw.title.trim().is_empty() && raw.text.trim().is_empty() {
        return Err(Refused::new("text", "标题（title）和正文（text）都是空的", "至少写其中一项"));
    }
    let published_at_us = match raw.time.trim() {
        "" => None,
        time => Some(parse_time(time, reception.received_at)?.as_microsecond()),
    };
    let title = huiyin_text::prepare(&raw.title).into_string();
    let text = huiyin_text::prepare(&raw.text).into_string();
    if title.trim().is_empty() && text.trim().is_empty() {
        let reason = "标题（title）和正文（text）去掉网页标记后没有文字";
        return Err(Refused::new("text", reason, "提交正文文字；只有图片的网帖请写一句说明"));
    }
    let place = if raw.place.trim().is_empty() { &reception.default_place } else { &raw.place };
    let digest = ContentDigest::of(&title, &text).as_str().to_owned();
    let post = Post {
        source,
        id,
        title,
        text,
        url: match raw.url.trim() {
            "" => String::new(),
            url => huiyin_text::link(url).unwrap_or_default(),
        },
        place: huiyin_text::prepare(place.trim()).into_string(),
        published_at_us,
        received_at_us: reception.received_at.as_microsecond(),
        digest,
        backfill: reception.backfill,
    };
    if huiyin_proto::Message::encoded_len(&post) > POST_BYTES_MAX {
        return Err(too_long("text", "标题和正文"));
    }
    Ok(post)
}

fn check_lengths(raw: &RawPost) -> Result<(), Refused> {
    let over = |text: &str, chars_max: usize| text.len() > chars_max && text.chars().count() > chars_max;
    if over(&raw.text, TEXT_CHARS_MAX) {
        return Err(too_long("text", "正文"));
    }
    if over(&raw.title, TEXT_CHARS_MAX - raw.text.chars().count()) {
        return Err(too_long("title", "标题和正文合计"));
    }
    let names = [("source", "来源", &raw.source), ("id", "编号", &raw.id), ("place", "属地", &raw.place)];
    for (field, chinese, value) in names {
        if over(value, NAME_CHARS_MAX) {
            let reason = format!("{chinese}（{field}）超过 {NAME_CHARS_MAX} 个字");
            return Err(Refused::new(field, reason, "检查是否错了列；这一项只写编号或名称"));
        }
    }
    if over(&raw.url, URL_CHARS_MAX) {
        let reason = format!("链接（url）超过 {URL_CHARS_MAX} 个字");
        return Err(Refused::new("url", reason, "只写网帖的地址，去掉多余的参数"));
    }
    Ok(())
}

fn too_long(field: &'static str, chinese: &str) -> Refused {
    let reason = format!("{chinese}（{field}）超过 10 万字");
    Refused::new(field, reason, "一条只写一件诉求；附件请用链接，不要放进正文")
}

/// A source or an id, masked.
fn name(field: &'static str, chinese: &str, raw: &str) -> Result<String, Refused> {
    if raw.trim().is_empty() {
        let reason = format!("缺少{chinese}（{field}）");
        return Err(Refused::new(field, reason, format!("每条都要有{chinese}；同一来源内编号不能重复")));
    }
    huiyin_text::identifier(raw.trim()).map_err(|fault| {
        let what = match fault {
            IdentifierFault::Empty => "是空的".to_owned(),
            IdentifierFault::TooLong { bytes } => format!("太长（{bytes} 字节，最多 {IDENTIFIER_BYTES_MAX} 字节）"),
            IdentifierFault::Control { code } => format!("含控制字符（U+{code:04X}）"),
            IdentifierFault::Phone => "里有手机号码，个人信息不能作编号".to_owned(),
            IdentifierFault::ResidentId => "里有居民身份证号，个人信息不能作编号".to_owned(),
        };
        Refused::new(field, format!("{chinese}（{field}）{what}"), "改用来源系统的工单号、帖子编号或来源名称")
    })
}
