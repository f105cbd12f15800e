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
            let windows = Windows::of(self.classes, script, &tokens);
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

    #[test]
    fn what_happens_to_whom() {
        let index = AlarmIndex::new();
        let table = [
            // The plain sentences of the task.
            ("于都县有房子着火了", true),
            ("有个小孩掉进窨井里了", true),
            ("燃气泄漏,味道很大", true),
            ("有人跳江了", true),
            ("吃了一瓶安眠药叫不醒", true),
            ("电梯困人,老人晕倒", true),
            ("十几个孩子集体呕吐", true),
            ("高压线掉地上冒火花", true),
            ("山体滑坡把房子冲了", true),
            // Others of the same make.
            ("村口的粮站烧起来了，叫消防快来", true),
            ("我弟弟摔进化粪池了", true),
            ("奶奶躺在地上喊不应", true),
            ("厨房煤气在漏，气味刺鼻", true),
            ("喝了半瓶敌敌畏，口吐白沫", true),
            ("几个学生困在电梯里，有人在哭喊救命", true),
            ("全班孩子吃完午饭都在吐，肚子疼", true),
            ("师傅从屋顶摔下来，头上全是血，昏迷", true),
            ("边坡塌方压住两个工人", true),
            ("他拿着菜刀砍人", true),
            ("老父亲走失一夜没回来，求求大家帮忙找", true),
            // Look-alikes.
            ("万一小孩掉进窨井里怎么办", false),
            ("去年有人掉进河里，现在想装护栏", false),
            ("消防演练，模拟房子着火了", false),
            ("电影里老人掉进井里那段太假", false),
            ("提醒大家，燃气泄漏先关阀门", false),
            ("幸好没人掉进坑里", false),
            ("火锅店又涨价了", false),
            ("充电宝爆炸的新闻看得多了，请问怎么回收", false),
            ("房价跳水，业主气死了", false),
            ("老人证怎么办理", false),
        ];
        let wrong: Vec<&str> = table
            .into_iter()
            .filter(|(text, danger)| index.read(&Script::new("", text), None).danger != *danger)
            .map(|(text, _)| text)
            .collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    #[test]
    fn a_crowd_is_people() {
        let index = AlarmIndex::new();
        for (text, grade) in [
            ("公交站被共享单车围堵", Grade::Ordinary),
            ("出口被垃圾堵门", Grade::Ordinary),
            ("几百人围堵售楼部", Grade::Considerable),
            ("工人罢工", Grade::Considerable),
        ] {
            assert_eq!(index.read(&Script::new("", text), None).grade, grade, "{text}");
        }
    }
}
