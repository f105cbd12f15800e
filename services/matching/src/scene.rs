//! Where it happens, against what is complained about: 医院门口乱停车 is no matter of the hospital's.
//!
//! The noun before a localiser that leads out of it (门口, 旁边, 对面, 后面) or after a word of distance (离, 挨着) is a landmark:
//! the head of the clause comes after it. What lies in a place (里面, 上) may be the place's own matter, and counts a little
//! less. Once there is a landmark, its noun elsewhere and the people and errands found there are background. Clauses that
//! say who writes, or thank, say little of the subject.

use std::sync::LazyLock;

use huiyin_text::lists::Lists;

use crate::lexicon::{Column, Lexicon};
use crate::script::{Script, Shade};

/// What words of a landmark are multiplied by.
const BESIDE: f64 = 0.1;
/// Of a place in which something happens.
const INSIDE: f64 = 0.8;
/// Of the landmark's noun elsewhere, and of people and errands around it.
const BACKGROUND: f64 = 0.4;
/// Of a clause that says who writes, and of one that thanks.
const INTRO: f64 = 0.8;
const THANKS: f64 = 0.5;
/// Characters of the noun before a localiser, and after a word of distance, at most.
const NOUN_CHARS_MAX: usize = 9;
/// Characters of the head of a noun: 小学 of 实验小学.
const HEAD_CHARS: usize = 2;
/// Characters of a clause at most.
const CLAUSE_CHARS_MAX: usize = 40;

static LISTS: LazyLock<Lists> = LazyLock::new(|| Lists::read("scene.txt", crate::rules::SCENE));

/// Finds scenes; built once.
pub(crate) struct SceneIndex {
    lexicon: Lexicon<Mark>,
    /// Characters that end a noun going back, and last characters of nouns that name places.
    stops: Vec<char>,
    ends: Vec<char>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Beside,
    Inside,
    Near,
    Intro,
    Thanks,
    Bystander,
    Errand,
    Other,
}

impl SceneIndex {
    pub(crate) fn new() -> SceneIndex {
        let marks = [
            ("beside", Mark::Beside),
            ("inside", Mark::Inside),
            ("near", Mark::Near),
            ("others", Mark::Other),
            ("intro", Mark::Intro),
            ("thanks", Mark::Thanks),
            ("bystanders", Mark::Bystander),
            ("errands", Mark::Errand),
        ];
        let words =
            marks.into_iter().flat_map(|(list, mark)| LISTS.get(list).iter().map(move |word| (word.clone(), mark)));
        let characters = |list: &str| LISTS.get(list).iter().filter_map(|word| word.chars().next()).collect();
        SceneIndex { lexicon: Lexicon::new(words), stops: characters("stops"), ends: characters("ends") }
    }

    /// The words it looks for.
    pub(crate) fn words(&self) -> Vec<&str> {
        self.lexicon.all()
    }

    /// Parts of a post that say where, to whom or by whom rather than what.
    pub(crate) fn scenes(&self, script: &Script) -> Vec<Shade> {
        let mut shades = Vec::new();
        let mut heads: Vec<&str> = Vec::new();
        let mut bystanders = Vec::new();
        for found in self.lexicon.read(script, Column::Scene) {
            let Some(mark) = found.values.first() else { continue };
            let (start, end) = (found.start, found.end);
            match mark {
                Mark::Beside => {
                    let Some((from, to)) = self.noun_before(script, start) else { continue };
                    heads.extend(head(script, from, to));
                    shades.push(Shade { start: from, end, factor: BESIDE });
                }
                Mark::Near => {
                    let Some(to) = self.noun_after(script, end) else { continue };
                    heads.extend(head(script, end, to));
                    shades.push(Shade { start, end: to, factor: BESIDE });
                }
                Mark::Inside => {
                    let Some((from, _)) = self.noun_before(script, start) else { continue };
                    shades.push(Shade { start: from, end, factor: INSIDE });
                }
                Mark::Intro if begins_clause(script, start) => shades.push(clause(script, start, INTRO)),
                Mark::Thanks => shades.push(clause(script, start, THANKS)),
                Mark::Errand => shades.extend(errand(script, start, end)),
                Mark::Bystander => bystanders.push(Shade { start, end, factor: BACKGROUND }),
                Mark::Intro | Mark::Other => {}
            }
        }
        if heads.is_empty() {
            return shades;
        }
        shades.extend(bystanders);
        for head in heads {
            let again = script.whole().match_indices(head);
            shades.extend(again.map(|(start, _)| Shade { start, end: start + head.len(), factor: BACKGROUND }));
        }
        shades
    }

    /// The noun that ends at an offset, without parts of the building: where it begins, and where its own name ends.
    fn noun_before(&self, script: &Script, end: usize) -> Option<(usize, usize)> {
        let mut before = script.before(end);
        while let Some(part) = LISTS.ending("parts", before) {
            let shorter = before.strip_suffix(part)?;
            if shorter.chars().next_back().is_none_or(|last| self.stops.contains(&last) || last == '\n') {
                break;
            }
            before = shorter;
        }
        let name_end = before.len();
        let noun =
            before.char_indices().rev().take(NOUN_CHARS_MAX).take_while(|(_, character)| !self.stops(*character));
        let start = noun.last().map(|(start, _)| start)?;
        before.ends_with(|last| self.ends.contains(&last)).then_some((start, name_end))
    }

    /// Where the noun that begins at an offset ends.
    fn noun_after(&self, script: &Script, start: usize) -> Option<usize> {
        let after = script.after(start).char_indices().take(NOUN_CHARS_MAX);
        let noun = after.take_while(|(_, character)| !self.stops(*character));
        let (last, character) = noun.filter(|(_, character)| self.ends.contains(character)).last()?;
        Some(start + last + character.len_utf8())
    }

    fn stops(&self, character: char) -> bool {
        character.is_whitespace() || character.is_ascii_digit() || self.stops.contains(&character)
    }
}

/// The last characters of a noun: what kind of place it is.
fn head(script: &Script, start: usize, end: usize) -> Option<&str> {
    let noun = script.whole().get(start..end)?;
    let (at, _) = noun.char_indices().rev().nth(HEAD_CHARS - 1)?;
    noun.get(at..)
}

/// 在 and what stands between it and what one goes about there.
fn errand(script: &Script, start: usize, end: usize) -> Option<Shade> {
    let before = script.clause_before(start, NOUN_CHARS_MAX);
    let at = before.rfind('在')?;
    Some(Shade { start: start - (before.len() - at), end, factor: BACKGROUND })
}

fn begins_clause(script: &Script, start: usize) -> bool {
    script.clause_before(start, 1).is_empty()
}

/// The clause that a word stands in, from the word on.
fn clause(script: &Script, start: usize, factor: f64) -> Shade {
    Shade { start, end: start + script.clause_after(start, CLAUSE_CHARS_MAX).len(), factor }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a word counts for in a text.
    fn share(text: &str, word: &str) -> f64 {
        let mut script = Script::new("", text);
        let scenes = SceneIndex::new().scenes(&script);
        script.shade(scenes);
        let start = script.whole().find(word).unwrap();
        script.share(start, start + word.len())
    }

    #[test]
    fn landmarks_say_little() {
        for (text, landmark, subject) in [
            ("第二医院门口每天停满三轮车", "医院", "三轮车"),
            ("敬老院门前的路一下雨就积水", "敬老院", "积水"),
            ("实验小学旁边的工地半夜打桩", "小学", "工地"),
            ("法院斜对面那家烤串店油烟呛人", "法院", "油烟"),
            ("我们村卫生院后面堆着一座垃圾山", "卫生院", "垃圾山"),
            ("离幼儿园不到二十米新开了一家麻将馆", "幼儿园", "麻将馆"),
            ("菜市场的大门外，下水道反了三天", "菜市场", "下水道"),
            ("图书馆楼下的窨井盖翘起来了", "图书馆", "窨井盖"),
            ("挨着福利院的那片塘子发臭", "福利院", "发臭"),
            ("在人民医院陪床，半夜被广场舞吵得睡不着", "人民医院", "广场舞"),
            ("派出所隔壁新开的酒吧吵到三点", "派出所", "酒吧"),
            ("教学楼对面的铁皮厂冒黑烟", "教学楼", "黑烟"),
        ] {
            assert!(share(text, landmark) < 0.5, "{landmark} in {text}");
            assert!((share(text, subject) - 1.0).abs() < 1e-9, "{subject} in {text}");
        }
    }

    #[test]
    fn what_is_complained_about_keeps_its_weight() {
        for (text, word) in [
            ("学校食堂里面吃出虫子", "食堂"),
            ("医院里护士态度差", "护士"),
            ("景区里面的厕所一周没冲", "厕所"),
            ("老师收红包排座位", "老师"),
            ("在医院排队四小时", "医院"),
            ("这所学校旁听生也要交钱", "学校"),
        ] {
            assert!(share(text, word) > 0.7, "{word} in {text}");
        }
    }

    #[test]
    fn bystanders_are_background_only_beside_a_landmark() {
        assert!(share("小学对面的铁厂半夜开工，学生睡不好", "学生") < 0.5);
        assert!((share("学生睡不好", "学生") - 1.0).abs() < 1e-9);
    }
}
