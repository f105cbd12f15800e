//! Posts that are no concern: advertising, keyword lists of hacked pages, nothing at all.
//!
//! Complaints about loans, fraud or gambling use the same words. So every rule asks for several signs at once and none
//! holds where the text complains, asks or reports. Of 15,932 genuine letters to leaders none was set aside.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use huiyin_text::lists::Lists;

use crate::assessment::Aside;
use crate::lexicon::{Column, Lexicon};
use crate::script::Script;

/// Fewer ideographs and letters than this, and no term of any system, is nothing to go by.
const CHARS_MIN: usize = 5;
/// Different solicitations (加微信, 秒批 …) that make an advertisement.
const OFFERS_MIN: usize = 3;
/// Words of a plea that aside posts may have (学生优先), each of which asks for one more offer.
const PLEAS_MAX: usize = 1;
/// Vice words that make a keyword list, counted with repeats.
const VICE_MIN: usize = 5;
/// Ideographs of a clause that may say what is wrong.
const CLAUSE_CHARS_MIN: usize = 6;
const CLAUSE_ENDS: &str = "。！？!?；;，,\n|｜_";
/// One text of so few different characters is the same key held down.
const DIFFERENT_CHARS_MIN: usize = 4;
/// Letters without a blank or an ideograph, fewer than this, are keys struck at random.
const LATIN_CHARS_MAX: usize = 40;
/// Share of all ideographs that vice words take in a keyword list, in percent.
const VICE_PERCENT_MIN: usize = 12;

/// How far the model must be from "a concern" to set a post aside by itself, and where nothing in it pleads nor speaks for
/// a line of work: distance of the class `no` from its border. Set aside of what is no concern, and genuine ones set aside with
/// them, of three writers' invented posts: 18 of 22, 22 of 30, 23 of 27, and none of 456.
const SURELY: f64 = 0.25;
const LIKELY: f64 = 0.0;
/// Score of the terms above which a post is about somebody's work, whatever it looks like.
const GROUND_MAX: f64 = 6.0;

static LISTS: LazyLock<Lists> = LazyLock::new(|| Lists::read("screen.txt", crate::rules::SCREEN));

/// Signs of what is no concern; built once.
pub(crate) struct Screen {
    lexicon: Lexicon<Sign>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Offer,
    Contact,
    Vice,
    Plea,
}

/// What to set aside, and why, in Chinese.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Screened {
    pub(crate) aside: Aside,
    pub(crate) reason: String,
}

impl Screen {
    pub(crate) fn new() -> Screen {
        let signs = [("offers", Sign::Offer), ("contacts", Sign::Contact), ("vice", Sign::Vice), ("pleas", Sign::Plea)];
        let words =
            signs.into_iter().flat_map(|(list, sign)| LISTS.get(list).iter().map(move |word| (word.clone(), sign)));
        Screen { lexicon: Lexicon::new(words) }
    }

    /// The words it looks for.
    pub(crate) fn words(&self) -> Vec<&str> {
        self.lexicon.all()
    }

    /// `grounded`: a term of some system or a word of alarm stands in the text, `ground` is the best score of the terms;
    /// `look` is what the model sees in it, by which `words`.
    pub(crate) fn read(
        &self,
        script: &Script,
        grounded: bool,
        ground: f64,
        look: Option<&Look>,
        words: impl Fn(&Look) -> Vec<String>,
    ) -> Option<Screened> {
        let whole = script.whole();
        let meaningful =
            whole.chars().filter(|character| is_ideograph(*character) || character.is_ascii_alphabetic()).count();
        if !grounded
            && !crate::grouping::names_concern(whole)
            && (meaningful < CHARS_MIN || is_trial(whole) || is_noise(whole))
        {
            return Some(Screened {
                aside: Aside::Empty, reason: "没有可供判断的内容（文字过短或试发）。".to_owned()
            });
        }
        let (mut offers, mut vices, mut pleas) = (BTreeSet::new(), Vec::new(), 0usize);
        let (mut vice_chars, mut contacts) = (0usize, 0usize);
        for found in self.lexicon.read(script, Column::Screen) {
            let word = whole.get(found.start..found.end).unwrap_or("");
            match found.values.first() {
                Some(Sign::Offer) => {
                    offers.insert(word);
                }
                Some(Sign::Vice) if is_whole_word(script, found.start, found.end) => {
                    vices.push(word);
                    vice_chars += word.chars().count();
                }
                Some(Sign::Contact) => contacts += 1,
                Some(Sign::Plea) => pleas += 1,
                _ => {}
            }
        }
        if vices.len() >= VICE_MIN
            && vice_chars * 100 >= meaningful * VICE_PERCENT_MIN
            && pleas <= PLEAS_MAX
            && !self.complains(whole)
        {
            let reason = format!("疑似被篡改网页的关键词堆砌：{}等 {} 处，无诉求内容。", quoted(&vices), vices.len());
            return Some(Screened { aside: Aside::HackedPage, reason });
        }
        if offers.len() + contacts.min(1) >= OFFERS_MIN + pleas && pleas <= PLEAS_MAX {
            let words: Vec<&str> = offers.iter().copied().collect();
            let reason = format!("疑似广告：有{}等 {} 种招揽用语，无诉求内容。", quoted(&words), words.len());
            return Some(Screened { aside: Aside::Spam, reason });
        }
        let look = look?;
        let likely = look.distance > LIKELY && pleas == 0 && ground < GROUND_MAX && !self.complains(whole);
        (look.distance > SURELY && pleas <= PLEAS_MAX || likely).then(|| look.screened(&words(look)))
    }
}

/// What a trained model sees in a post that may be no concern.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    /// Distance from being a concern: above 0 it rather is none.
    pub(crate) distance: f64,
    /// What it is instead.
    pub(crate) aside: Aside,
    /// The number of its class.
    pub(crate) class: usize,
}

impl Look {
    fn screened(&self, words: &[String]) -> Screened {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let kind = match self.aside {
            Aside::Spam => "疑似广告",
            Aside::HackedPage => "疑似被篡改网页的关键词堆砌",
            Aside::Empty => "疑似试发或没有内容",
            Aside::Chat => "属网友闲谈",
            Aside::News => "属新闻或公告转载",
            Aside::Praise => "属表扬致谢",
            Aside::Elsewhere => "说的像是外地的事",
        };
        let because = if words.is_empty() { String::new() } else { format!("（{}）", quoted(&words)) };
        Screened { aside: self.aside, reason: format!("{kind}{because}，没有需要办理的诉求。") }
    }
}

impl Screen {
    /// Whether some clause free of vice and solicitation complains or names a concern: then the rest is the tail that a
    /// hacked page hung on a genuine post.
    fn complains(&self, whole: &str) -> bool {
        whole.split(|one: char| CLAUSE_ENDS.contains(one)).any(|clause| {
            let ideographs = clause.chars().filter(|one| is_ideograph(*one)).count();
            let sign = |sign: Sign| self.lexicon.find(clause).any(|found| found.values.first() == Some(&sign));
            ideographs >= CLAUSE_CHARS_MIN
                && !sign(Sign::Vice)
                && !sign(Sign::Offer)
                && (sign(Sign::Plea) || crate::grouping::names_concern(clause))
        })
    }
}

fn quoted(words: &[&str]) -> String {
    let mut shown: Vec<&str> = Vec::new();
    for word in words {
        if !shown.contains(word) && shown.len() < 3 {
            shown.push(word);
        }
    }
    shown.iter().map(|word| format!("“{word}”")).collect()
}

fn is_trial(whole: &str) -> bool {
    let bare: String = whole.chars().filter(|character| character.is_alphanumeric()).collect();
    let mut rest = bare.as_str();
    while let Some(shorter) = LISTS.get("trials").iter().find_map(|word| rest.strip_prefix(word.as_str())) {
        rest = shorter;
    }
    rest.is_empty()
}

/// The same few characters over and over, or letters struck at random.
fn is_noise(whole: &str) -> bool {
    let bare: BTreeSet<char> = whole.chars().filter(|one| one.is_alphanumeric()).collect();
    let trimmed = whole.trim();
    let random = trimmed.chars().count() < LATIN_CHARS_MAX
        && !trimmed.chars().any(|one| is_ideograph(one) || one.is_whitespace())
        && !trimmed.contains('〔');
    bare.len() < DIFFERENT_CHARS_MIN || random
}

/// Latin words count only when they stand alone: "av" is no part of "java".
fn is_whole_word(script: &Script, start: usize, end: usize) -> bool {
    let latin = |character: Option<char>| character.is_some_and(|character| character.is_ascii_alphanumeric());
    let word_is_latin = latin(script.after(start).chars().next());
    !word_is_latin || (!latin(script.before(start).chars().next_back()) && !latin(script.after(end).chars().next()))
}

fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asides() {
        let screen = Screen::new();
        for (title, text, grounded, expected) in [
            ("", "", false, Some(Aside::Empty)),
            ("测试", "测试测试", false, Some(Aside::Empty)),
            ("？？？", "……！！！", false, Some(Aside::Empty)),
            ("停电", "", true, None),
            ("", "无抵押贷款，当天放款，不看征信，加微信详谈", false, Some(Aside::Spam)),
            ("代开发票", "正规发票代开，普票专票，联系电话见主页", true, Some(Aside::Spam)),
            ("举报网贷", "有人发无抵押贷款秒批的广告，加微信后被骗，希望严查", true, None),
            ("", "楼下有棋牌室，投注赌博，网上赌博，外围投注，天天吵，请问归谁管，希望查处", true, None),
            ("百家乐|时时彩|六合彩", "博彩平台 注册送 棋牌 娱乐城 老虎机 百家乐 投注", false, Some(Aside::HackedPage)),
            ("请修路灯", "滨江路的路灯坏了", true, None),
        ] {
            let screened = screen.read(&Script::new(title, text), grounded, 0.0, None, |_| Vec::new());
            assert_eq!(screened.map(|screened| screened.aside), expected, "{title} {text}");
        }
    }
}
