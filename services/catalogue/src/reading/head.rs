//! The head of a document: title, own number, issuer and date. Numbers and dates of papers it cites are not its own.

use super::lexicon::Lexicon;
use super::script::{Piece, Script};
use super::signature::{date_of, run_before, signatures};

/// What stands at the head of a document, as far as it is there.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) title: Option<String>,
    pub(super) doc_number: Option<String>,
    pub(super) issuer: Option<String>,
    pub(super) date: Option<String>,
}

/// How much of a document may be its head, and how much its end with a signature, in characters.
const HEAD_CHARS_MAX: usize = 6_000;
const TAIL_CHARS_MAX: usize = 1_500;

/// Reads the head. `front` is the text before the first item or table, `whole` all of it.
pub(super) fn read(front: Piece<'_>, whole: Piece<'_>, lexicon: &Lexicon) -> Head {
    let front = front.to(HEAD_CHARS_MAX);
    let rest_start = whole.len().saturating_sub(TAIL_CHARS_MAX).max(front.len());
    let tail = whole.from(rest_start);
    let mut signed_by = signatures(front, lexicon);
    signed_by.extend(signatures(tail, lexicon).into_iter().rev());
    let signed = signed_by.iter().find(|signature| !signature.printed);
    let announced = announcement(front);
    let labelled =
        |labels: &[&str]| labels.iter().find_map(|label| value(front, label)).filter(|value| !value.is_empty());
    let name = |written: String| {
        let script = Script::new(&written);
        lexicon.is_name(script.piece()).then_some(written)
    };
    let issuer = labelled(&["发文机关", "发文单位", "制发机关"])
        .and_then(name)
        .or_else(|| signed.and_then(|signature| signature.name.clone()))
        .or_else(|| announced.as_ref().and_then(|announcement| announcement.issuer.clone()).and_then(name))
        .or_else(|| letterhead(front, lexicon))
        .or_else(|| signed_by.iter().find_map(|signature| signature.name.clone()))
        .or_else(|| labelled(&["发布机构", "发布单位"]).and_then(name));
    let date = signed
        .map(|signature| signature.date.clone())
        .or_else(|| labelled(&["成文日期", "发文日期", "印发日期", "生成日期"]).and_then(|value| date_of(&value)))
        .or_else(|| signed_by.first().map(|signature| signature.date.clone()))
        .or_else(|| labelled(&["发布日期", "发布时间", "日期", "时间"]).and_then(|value| date_of(&value)));
    let title =
        announced.map(|announcement| announcement.title).or_else(|| titled_line(front)).or_else(|| labelled(&["标题"]));
    Head { title, doc_number: number(front), issuer, date }
}

/// The value after a label and colon, up to a gap. The label may be spaced out (标 题：).
fn value(front: Piece<'_>, label: &str) -> Option<String> {
    for line in front.split(|c| c == '\n') {
        let Some(start) = spaced(line, label) else { continue };
        let rest = line.from(start).trim_start();
        let rest = rest.strip_prefix(":").unwrap_or(rest).trim_start();
        let end = rest.position(char::is_whitespace).unwrap_or(rest.len());
        if end > 0 {
            return Some(rest.to(end).written());
        }
    }
    None
}

/// Whether a place is the start of a line or behind a gap or a mark: 时间 in 截止时间 is none. Before a label that is not `whole`
/// but spaced out, one space may only part its characters from those before (截 止 时 间).
fn begins_anew(line: Piece<'_>, at: usize, whole: bool) -> bool {
    let before = line.to(at);
    let gap = before.len() - before.trim_end().len();
    let last = before.trim_end().last();
    let letter = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let spaced_out = !whole
        && gap == 1
        && before.last() == Some(' ')
        && last.is_some_and(letter)
        && before.trim_end().len().checked_sub(2).and_then(|index| before.at(index)).is_none_or(|c| !letter(c));
    !spaced_out && (gap > 0 || last.is_none_or(|c| !letter(c) && !c.is_alphanumeric()))
}

/// Where a label, its characters perhaps spaced out, ends in a line.
fn spaced(line: Piece<'_>, label: &str) -> Option<usize> {
    let first = label.chars().next()?;
    let begins = |at: usize| line.at(at) == Some(first) && begins_anew(line, at, line.from(at).starts_with(label));
    (0..line.len()).filter(|at| begins(*at)).find_map(|begin| {
        let mut at = begin;
        for c in label.chars() {
            while line.at(at) == Some(' ') {
                at += 1;
            }
            if line.at(at) != Some(c) {
                return None;
            }
            at += 1;
        }
        Some(at)
    })
}

struct Announcement {
    issuer: Option<String>,
    title: String,
}

const KINDS: &[&str] = &[
    "的通知",
    "的指导意见",
    "的实施意见",
    "的若干意见",
    "的意见",
    "的决定",
    "的函",
    "的通报",
    "实施意见",
    "指导意见",
    "若干意见",
    "若干措施",
];

/// 某机关关于印发《某方案》的通知: the plan is the title. Without 印发 the whole is.
fn announcement(front: Piece<'_>) -> Option<Announcement> {
    const TITLE_CHARS_MAX: usize = 100;
    let mut from = 0;
    while let Some(index) = front.from(from).find("关于").map(|index| from + index) {
        from = index + 2;
        // a paper cited in the text stands in quotes
        let before = front.slice(index.saturating_sub(40), index);
        if before
            .rposition(|c| c == '《')
            .is_some_and(|open| before.rposition(|c| c == '》').is_none_or(|close| close < open))
        {
            continue;
        }
        let compacted = front.slice(index, index + TITLE_CHARS_MAX).compact();
        let rest = compacted.piece();
        let Some(end) = KINDS.iter().filter_map(|kind| rest.find(kind).map(|at| at + kind.chars().count())).min()
        else {
            continue;
        };
        if rest.to(end).has("。;:") {
            continue;
        }
        let prefix = run_before(front, index);
        let issuer = (prefix.len() >= 3).then(|| prefix.compact().piece().written());
        let whole = format!("{}{}", issuer.clone().unwrap_or_default(), rest.to(end).written());
        let title =
            rest.to(end).strip_any_prefix(&["关于印发", "关于下达", "关于转发", "关于发布"]).and_then(|inner| {
                let inner = inner.strip_suffix("的通知")?;
                let inner = inner.strip_prefix("《").and_then(|inner| inner.strip_suffix("》")).unwrap_or(inner);
                (inner.len() > 3).then(|| inner.written())
            });
        return Some(Announcement { issuer, title: title.unwrap_or(whole) });
    }
    None
}

/// 某机关文件 on a line of its own, or the first line where it is a name.
fn letterhead(front: Piece<'_>, lexicon: &Lexicon) -> Option<String> {
    front.split(|c| c == '\n').into_iter().take(12).find_map(|line| {
        let compacted = line.compact();
        let line = compacted.piece();
        let name = line.strip_suffix("文件")?;
        (name.len() > 3 && lexicon.is_name(name)).then(|| name.written())
    })
}

/// A line that reads as a title.
fn titled_line(front: Piece<'_>) -> Option<String> {
    const ENDS: &[&str] = &[
        "方案",
        "要点",
        "意见",
        "分解表",
        "任务表",
        "清单",
        "计划",
        "安排",
        "办法",
        "细则",
        "措施",
        "任务",
        "分工",
        "通知",
        "表",
    ];
    front.split(|c| c == '\n').into_iter().find_map(|line| {
        let compacted = line.compact();
        let line = compacted.piece();
        let ends = ENDS.iter().any(|end| line.ends_with(end));
        (ends && (5..=60).contains(&line.len()) && !line.has("。,:;|")).then(|| line.written())
    })
}

/// The document's own number (云政办〔2031〕3号): the first that is not in brackets and not said to be followed.
fn number(front: Piece<'_>) -> Option<String> {
    let mut depth = 0_i32;
    for (index, c) in front.chars().enumerate() {
        match c {
            '《' => depth += 1,
            '》' => depth -= 1,
            '(' if year_bracket(front, index).is_none() => depth += 1,
            ')' if depth > 0 => depth -= 1,
            '\n' => depth = 0,
            _ => {}
        }
        if !(c == '[' || c == '(') || depth > 0 {
            continue;
        }
        let Some(end) = year_bracket(front, index) else { continue };
        let prefix = number_prefix(front, index);
        let cited = ["按照", "根据", "依据", "贯彻", "落实", "转发", "执行"].iter().any(|word| prefix.contains(word));
        if prefix.len() >= 2 && !cited {
            return Some(format!("{}{}", prefix.written(), front.slice(index, end).compact().piece().written()));
        }
    }
    None
}

/// 〔2031〕3号 from an opening bracket: where it ends.
fn year_bracket(front: Piece<'_>, open: usize) -> Option<usize> {
    let rest = front.slice(open + 1, open + 20);
    let year = rest.to(4);
    if year.len() < 4 || !year.chars().all(|c| c.is_ascii_digit()) || !matches!(rest.at(4), Some(']' | ')')) {
        return None;
    }
    let mut at = 5;
    while rest.at(at).is_some_and(|c| c.is_whitespace() || c == '的' || c == '第') {
        at += 1;
    }
    let digits = rest.from(at).chars().take_while(char::is_ascii_digit).count();
    at += digits;
    while rest.at(at).is_some_and(char::is_whitespace) {
        at += 1;
    }
    (digits > 0 && rest.at(at) == Some('号')).then_some(open + at + 2)
}

/// The characters before the year: the issuing office's short name, without a letterhead that a lost line end glued on.
fn number_prefix(front: Piece<'_>, open: usize) -> Piece<'_> {
    const PREFIX_CHARS_MAX: usize = 7;
    /// Short names of provinces, with which a number may begin.
    const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
    let before = front.slice(open.saturating_sub(24), open);
    let start = before.rposition(|c| !('\u{4e00}'..='\u{9fff}').contains(&c)).map_or(0, |index| index + 1);
    let mut run = before.from(start);
    for word in ["文件", "公报", "文号", "字号", "意见", "通知", "方案", "决定", "办法"] {
        while let Some(index) = run.find(word) {
            run = run.from(index + word.chars().count());
        }
    }
    if run.len() > PREFIX_CHARS_MAX
        && let Some(index) = run.position(|c| PROVINCES.contains(c))
    {
        run = run.from(index);
    }
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: [Option<&str>; 4]) {
        let script = Script::new(text);
        let head = read(script.piece(), script.piece(), &Lexicon::new());
        let found = [head.title, head.doc_number, head.issuer, head.date];
        assert_eq!(found, expected.map(|value| value.map(str::to_owned)), "{text}");
    }

    #[test]
    fn heads_are_read() {
        check(
            "云溪区人民政府办公室文件\n云政办〔2031〕3 号\n云溪区人民政府办公室关于印发《云溪区任务分工方案》的通知\n现将方案印发给你们。\n2031年3月1日",
            [Some("云溪区任务分工方案"), Some("云政办〔2031〕3号"), Some("云溪区人民政府办公室"), Some("2031-03-01")],
        );
        check(
            "根据《白石市关于防汛的通知》（白政办〔2030〕8号）精神，现将任务分解表印发给你们。 白石市应急局 2031年6月7日 附件任务分解表",
            [None, None, Some("白石市应急局"), Some("2031-06-07")],
        );
        check(
            "索引号 YX1/2031  发文日期 2031-01-06\n文    号 云政办〔2031〕3号  有 效 性 有效",
            [None, Some("云政办〔2031〕3号"), None, Some("2031-01-06")],
        );
        check("甲县水利局\n二〇三一年九月十六日", [None, None, Some("甲县水利局"), Some("2031-09-16")]);
        check(
            "经市政府2031年1月5日常务会议研究同意，现印发。\n甲市水利局\n2031年3月2日",
            [None, None, Some("甲市水利局"), Some("2031-03-02")],
        );
        check("根据省政府2031年1月5日印发的《节水条例》，请遵照执行。", [None, None, None, None]);
        check("省政府2031年1月5日印发的《节水条例》请遵照执行。", [None, None, None, None]);
        check("会议由市水利局2031年1月5日主持召开。", [None, None, None, None]);
        check("截止时间：2031年12月31日", [None, None, None, None]);
        check("截 止 时 间：2031年12月31日", [None, None, None, None]);
        check("甲县水利局\n2031年2月31日", [None, None, None, None]);
        check("甲县水利局办公室 2031年2月3日印发", [None, None, Some("甲县水利局办公室"), Some("2031-02-03")]);
        check("政策执行至2031年12月31日，2031年1月1日起施行。", [None, None, None, None]);
    }
}
