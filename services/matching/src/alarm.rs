//! Grade and danger to life, by what happens to whom. A person sets the grade; this only says how soon to look.
//!
//! Two ways, both over the classes of words in `data/alarm.txt`. Rules (who, what, where, and what takes it back) speak
//! where no trained head is at hand. The head of [`DANGER`] in the model weighs what classes and runs of characters do
//! with each other in the strongest window of the post, and decides alone where there is one, but that rules count for it.

pub(crate) mod classes;
pub(crate) mod features;
mod grade;
pub(crate) mod head;
mod rules;

use huiyin_domain::Grade;

use crate::blend::telling_words;
use crate::script::Script;
use classes::{CLASSES, Classes};
use features::Windows;
use grade::{COUNT_CHARS, count_before};
use head::{DangerHead, FLAG_MIN, RING_MIN, RULE_BONUS};
use rules::Rules;

/// Label of the head that tells danger.
pub(crate) const DANGER: &str = "danger";
/// Words shown at most where the head spoke.
const WORDS_MAX: usize = 4;

/// Words and rules of alarm; built once.
pub(crate) struct AlarmIndex {
    classes: &'static Classes,
    rules: Rules,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Alarm {
    pub(crate) grade: Grade,
    /// A life may be at stake: a person looks at once.
    pub(crate) danger: bool,
    /// So surely that it rings.
    pub(crate) certain: bool,
    pub(crate) words: Vec<String>,
}

impl AlarmIndex {
    pub(crate) fn new() -> AlarmIndex {
        AlarmIndex { classes: &CLASSES, rules: Rules::new(&CLASSES) }
    }

    /// The words it looks for.
    pub(crate) fn words(&self) -> Vec<&str> {
        self.classes.words()
    }

    /// Reads title and text. The grade follows deaths and injuries as counted in 生产安全事故报告和调查处理条例 第三条
    /// (特别重大: 30 dead or 100 hurt, 重大: 10 or 50, 较大: 3 or 10); any danger, death or crowd is at least 较大, because
    /// the public will talk about it.
    pub(crate) fn read(&self, script: &Script, head: Option<&DangerHead>) -> Alarm {
        let tokens = self.classes.read(script);
        let told = self.rules.read(script, &tokens);
        let mut grade = told.grade.min(grade::of_hurt(script.whole()));
        let mut words = told.words;
        let (mut danger, mut certain) = (told.danger, told.danger);
        if let Some(head) = head {
            let windows = Windows::of(self.classes, script.whole(), &tokens);
            let heard = head.hear(&windows);
            let score = heard.score + if told.danger { RULE_BONUS } else { 0.0 };
            (danger, certain) = (score >= FLAG_MIN, score >= RING_MIN);
            if danger && !told.danger {
                let (spoken, runs) = head.reasons(&windows, &heard);
                for word in telling_words(script.whole(), &spoken, &runs, WORDS_MAX) {
                    if !words.contains(&word) {
                        words.push(word);
                    }
                }
            }
            if !danger {
                words.retain(|word| !told.endangered.contains(word));
            }
        }
        if danger {
            grade = grade.min(Grade::Considerable);
        }
        Alarm { grade, danger, certain, words }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_danger_and_idioms() {
        let index = AlarmIndex::new();
        for (text, danger, grade) in [
            ("拿不到工资，我真的不想活了", true, Grade::Considerable),
            ("小区里有人要跳楼", true, Grade::Considerable),
            ("清仓跳楼价", false, Grade::Ordinary),
            ("3栋突然起火，浓烟很大", true, Grade::Considerable),
            ("楼道堆满杂物，万一着火了怎么办", false, Grade::Ordinary),
            ("消除火灾隐患", false, Grade::Ordinary),
            ("做好防火灾演练", false, Grade::Ordinary),
            ("消防通道堵死，小区突然起火了", true, Grade::Considerable),
            ("楼房坍塌造成多人被埋", true, Grade::Considerable),
            ("燃气爆炸造成三人被困", true, Grade::Considerable),
            ("若发生火灾消防车进不来", false, Grade::Ordinary),
            ("围墙随时可能倒塌", true, Grade::Considerable),
            ("现在楼道里燃气泄漏，味道很重", true, Grade::Considerable),
            ("家长心急如焚，气死了", false, Grade::Ordinary),
            ("这家店火了", false, Grade::Ordinary),
            ("业主在售楼部门口拉横幅", false, Grade::Considerable),
            ("我们不堵路，不拉横幅", false, Grade::Ordinary),
            ("事故造成3人死亡", false, Grade::Ordinary),
            ("工地上死亡了人没有人管", false, Grade::Considerable),
            ("听说有十二人死亡", false, Grade::Major),
            ("矿上30多人遇难", false, Grade::Extreme),
            ("十余名学生中毒住院", true, Grade::Considerable),
            ("办理死亡证明", false, Grade::Ordinary),
            ("父亲多年前死亡", false, Grade::Ordinary),
            ("老楼开裂，是不是要塌了", true, Grade::Considerable),
            ("路灯不亮", false, Grade::Ordinary),
        ] {
            let alarm = index.read(&Script::new("", text), None);
            assert_eq!((alarm.danger, alarm.grade), (danger, grade), "{text}: {:?}", alarm.words);
        }
    }
}
