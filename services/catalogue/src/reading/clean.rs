//! Lines as a person would read them: without markup, entities, glosses of pronunciation and what a hacked page appended.

use std::borrow::Cow;

use super::table;

/// Longest tag, in bytes. A "<" without an end nearby is text.
const TAG_BYTES_MAX: usize = 2_000;

/// Tags that end a line.
const BLOCKS: &[&str] = &["p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "table", "ul", "ol", "section"];

/// Cleaned lines, blank ones kept: in tables they part cells. Tabs are kept too.
pub(super) fn lines(text: &str) -> Vec<String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = untagged(text);
    let text =
        if text.contains('&') { Cow::Owned(html_escape::decode_html_entities(&text).into_owned()) } else { text };
    let glossed = GLOSSES_MIN <= glosses(&text);
    text.replace("\r\n", "\n")
        .split(['\n', '\r'])
        .map(|line| clean(line, glossed))
        .filter(|line| !is_page_number(line))
        .scan(0, |of_head, line| {
            // rows of a table have no more bars than its head
            let bars = bars(&line);
            if bars == 0 && !line.trim().is_empty() {
                *of_head = 0;
            } else if bars > *of_head && table::is_head(&line) {
                *of_head = bars;
            }
            Some((bars > *of_head && is_spam(&line), line))
        })
        .filter_map(|(spam, line)| (!spam).then_some(line))
        .collect()
}

fn clean(line: &str, glossed: bool) -> String {
    let mut line: String =
        line.chars().filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}' | '\u{2060}')).collect();
    if line.contains("**") {
        line = line.replace("**", "");
    }
    // marks of headings in Markdown, and what became of an indent in a wrong encoding
    let inner = line.trim_start_matches(' ');
    for mark in ['#', '?', '\u{fffd}'] {
        let rest = inner.trim_start_matches(mark);
        let marks = inner.chars().take_while(|&c| c == mark).count();
        if (mark == '#' && marks > 0) || marks > 1 {
            line = rest.trim_start().to_owned();
            break;
        }
    }
    if line.trim().len() > 2 && line.trim().chars().all(|c| c == '-' || c == '=' || c == '*' || c == '_') {
        return String::new();
    }
    if glossed { without_glosses(&line) } else { line }
}

/// Takes tags away where the text holds any; fragments of a database dump write line ends and quotes with a backslash.
fn untagged(text: &str) -> Cow<'_, str> {
    if !["<p", "<P", "</", "<br", "<BR", "<td"].iter().any(|tag| text.contains(tag)) {
        return Cow::Borrowed(text);
    }
    let text = text.replace("\\n", "\n").replace("\\r", "").replace("\\t", " ").replace("\\\"", "\"");
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('<') {
        plain.push_str(before);
        let opens = after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
        let end = after.bytes().take(TAG_BYTES_MAX).position(|byte| byte == b'>');
        match end.and_then(|end| after.split_at_checked(end)) {
            Some((tag, closing)) if opens => {
                let name: String = tag
                    .trim_start_matches('/')
                    .chars()
                    .take_while(char::is_ascii_alphanumeric)
                    .collect::<String>()
                    .to_lowercase();
                if BLOCKS.contains(&name.as_str()) {
                    plain.push('\n');
                } else if name == "td" || name == "th" {
                    plain.push('\t');
                }
                rest = closing.strip_prefix('>').unwrap_or(closing);
            }
            _ => {
                plain.push('<');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// So many glosses make a glossed page; fewer may be meant.
const GLOSSES_MIN: usize = 3;
const GLOSS_CHARS_MAX: usize = 7;
const TONES: &str = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ";

fn gloss(after: &str) -> Option<(&str, bool)> {
    let end = after
        .char_indices()
        .take(GLOSS_CHARS_MAX + 1)
        .find(|(_, c)| matches!(c, ')' | '）'))
        .map(|(index, _)| index)?;
    let (inner, rest) = after.split_at_checked(end)?;
    let tone = inner.chars().any(|c| TONES.contains(c));
    let letters = !inner.is_empty() && inner.chars().all(|c| c.is_ascii_lowercase() || c == 'ü' || TONES.contains(c));
    letters.then(|| (rest.strip_prefix([')', '）']).unwrap_or(rest), tone))
}

fn glosses(text: &str) -> usize {
    text.match_indices(['(', '（'])
        .filter(|(index, bracket)| text.get(index + bracket.len()..).and_then(gloss).is_some_and(|(_, tone)| tone))
        .count()
}

/// Without the pronunciation put after single characters: 工作(zuò).
fn without_glosses(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(index) = rest.find(['(', '（']) {
        let Some((before, from)) = rest.split_at_checked(index) else { break };
        plain.push_str(before);
        let mut chars = from.chars();
        let bracket = chars.next().unwrap_or('(');
        match gloss(chars.as_str()) {
            Some((after, _)) => rest = after,
            None => {
                plain.push(bracket);
                rest = chars.as_str();
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// A page number on a line of its own: — 3 —, 第3页 共9页.
fn is_page_number(line: &str) -> bool {
    let line = line.trim();
    let digits = line.chars().filter(char::is_ascii_digit).count();
    let dashed = line.starts_with(['—', '-', '–', '－', '·']) && line.ends_with(['—', '-', '–', '－', '·']);
    let named = line.starts_with('第') && line.ends_with('页');
    (dashed || named)
        && (1..=6).contains(&digits)
        && line.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || "—-–－·第页共/".contains(c))
}

fn bars(line: &str) -> usize {
    line.matches(['|', '｜']).count()
}

/// Lists of search words without a sentence, as hacked pages carry them.
fn is_spam(line: &str) -> bool {
    let bars = bars(line);
    if bars < 6 {
        return false;
    }
    let sentences = line.matches(['。', '，', '；', '、', '：']).count();
    sentences * 4 < bars && line.chars().count() > bars * 6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_made_plain() {
        for (text, expected) in [
            ("## **一、标题**", vec!["一、标题"]),
            ("甲\r\n乙", vec!["甲", "乙"]),
            ("<p align=\\\"left\\\">\\n\\t甲&nbsp;乙</p>", vec!["", "", " 甲\u{a0}乙", ""]),
            ("工作(zuò)要点(yàodiǎn)、公开(kāi)、(rén)民(含)(IPv6)", vec!["工作要点、公开、民(含)(IPv6)"]),
            ("a<b且c>d", vec!["a<b且c>d"]),
            ("??3.夜间预约", vec!["3.夜间预约"]),
        ] {
            assert_eq!(lines(text), expected, "{text}");
        }
    }

    #[test]
    fn lists_of_search_words_are_dropped() {
        let spam = "免费影片在线观看| ".repeat(12);
        assert_eq!(lines(&format!("一、甲。\n{spam}\n二、乙。")), ["一、甲。", "二、乙。"]);
        let row = "| 1 | 推进农村河道治理工程建设并完成年度各项任务 | 区生态环境局 | 区水利局 | 2031年12月底前 |";
        let table = format!("| 序号 | 任务 | 牵头单位 | 配合单位 | 完成时限 |\n|---|---|---|---|---|\n\n{row}");
        assert_eq!(lines(&format!("{table}\n三、丙。\n{spam}")).join("\n"), format!("{table}\n三、丙。"));
        assert_eq!(lines("甲\n— 3 —\n- 4 -\n第 5 页 共 9 页\n乙"), ["甲", "乙"]);
        assert_eq!(lines("序号 | 任务 | 单位 | 时限 | 备注 | 类型 | 甲").len(), 1);
    }
}
