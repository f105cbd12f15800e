//! Grade and danger to life, by words. A person sets the grade; this only says how soon to look.
//! Of 15,932 letters to leaders 1.0 % are flagged as danger to life and 1.9 % graded above 一般.

use huiyin_domain::Grade;

use crate::lexicon::{Column, Lexicon};
use crate::script::Script;

/// How far before a word its condition may stand (万一着火), in characters of the same clause.
const CONDITION_CHARS: usize = 10;
/// How far behind a word is looked for what changes its meaning, in characters of the same clause.
const AFTER_CHARS: usize = 6;
/// How far before 死亡, 受伤 and the like their number may stand, in characters of the same clause.
const COUNT_CHARS: usize = 8;

/// It has not happened: fear, prevention, law. "随时" is left out on purpose: 随时可能坍塌 is a danger now.
const CONDITIONS: [&str; 33] = [
    "万一",
    "如果",
    "一旦",
    "若是",
    "若有",
    "若发生",
    "假如",
    "倘若",
    "容易",
    "怕",
    "防止",
    "避免",
    "预防",
    "杜绝",
    "以免",
    "免得",
    "消除",
    "排查",
    "谨防",
    "严防",
    "提防",
    "以防",
    "要是",
    "难道",
    "非要",
    "等到",
    "会不会",
    "发生过",
    "去年",
    "前年",
    "曾经",
    "当年",
    "可能",
];
/// What is said after these follows from something else, mostly in a story of it; but whoever is buried or trapped by it is.
const CAUSES: [&str; 2] = ["造成", "引发"];
/// Just before a word these deny it: 不堵路.
const DENIALS: [&str; 5] = ["不", "没", "没有", "未", "别"];
/// Followed by these it is a word for something else: 火灾隐患, 自杀式, 死亡证明.
const OTHERWISE: [&str; 20] = [
    "隐患",
    "风险",
    "险情排查",
    "预防",
    "防控",
    "保险",
    "证明",
    "赔偿",
    "补偿",
    "抚恤",
    "式",
    "价",
    "演练",
    "报警器",
    "等级",
    "设施",
    "工程",
    "条例",
    "事故责任",
    "应急预案",
];

/// A life is at stake, whenever it is said of something that happens.
const LIFE: &str = "\
    不想活 活不下去 想死 自杀 轻生 跳楼 跳河 跳桥 寻短见 割腕 喝农药 服毒 上吊 结束生命 结束自己的生命 同归于尽 \
    一死了之 报复社会 要杀人 砍人 持刀 被拐 救命啊 奄奄一息 食物中毒 集体中毒 中毒住院 煤气中毒 一氧化碳中毒 \
    溺水 被埋 人被困 人员被困";
/// Grave when it happens now or just did; often only feared or remembered.
const DISASTER: &str = "\
    着火了 着火 起火 大火 火灾 失火 爆炸 燃气泄漏 煤气泄漏 天然气泄漏 燃气泄露 天然气泄露 煤气泄露 毒气 \
    化学品泄漏 坍塌 倒塌 垮塌 塌方 塌陷 要塌 快塌 山体滑坡 滑坡 泥石流 溃堤 决堤 管涌 溃坝 楼房倾斜 房屋倾斜 \
    电梯坠落 脚手架倒 生命危险 被困 触电 绳子快断 家暴";
/// What makes a slow danger an immediate one.
const NOW: [&str; 15] = [
    "随时",
    "正在",
    "现在",
    "刚刚",
    "今天",
    "今晚",
    "昨晚",
    "昨天",
    "快要",
    "马上",
    "突然",
    "还在",
    "疑似",
    "摇摇欲坠",
    "了",
];
const CROWD: &str = "\
    聚众 围堵 堵路 堵门 集体上访 集体罢工 工人罢工 罢课 罢运 游行 拉横幅 群体性事件 打砸 群殴 暴力冲突 全城停水";
/// Said of people who died, possibly long ago.
const DEATHS: &str = "\
    死亡 身亡 遇难 死了人 闹出人命 丧生 致死";
/// Much said, and no danger in it.
const IDIOMS: &str = "\
    气死 累死 热死 冷死 烦死 急死 吵死 笑死 饿死 心急如焚 火了 水深火热 死活 死角 死路 死循环 跳楼价 爆炸式 \
    信息爆炸 自杀式 生死 死亡证 被困扰 大火爆 火灾自动 消防火灾 大火车";

/// Words of alarm; built once.
pub(crate) struct AlarmIndex {
    lexicon: Lexicon<Kind>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Life,
    Disaster,
    Crowd,
    Death,
    Idiom,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Alarm {
    pub(crate) grade: Grade,
    pub(crate) danger: bool,
    pub(crate) words: Vec<String>,
}

impl AlarmIndex {
    pub(crate) fn new() -> AlarmIndex {
        let kinds = [
            (LIFE, Kind::Life),
            (DISASTER, Kind::Disaster),
            (CROWD, Kind::Crowd),
            (DEATHS, Kind::Death),
            (IDIOMS, Kind::Idiom),
        ];
        let words = kinds
            .into_iter()
            .flat_map(|(words, kind)| words.split_whitespace().map(move |word| (word.to_owned(), kind)));
        AlarmIndex { lexicon: Lexicon::new(words) }
    }

    /// The words it looks for.
    pub(crate) fn words(&self) -> Vec<&str> {
        self.lexicon.all()
    }

    /// Reads title and text. The grade follows deaths and injuries as counted in 生产安全事故报告和调查处理条例 第三条
    /// (特别重大: 30 dead or 100 hurt, 重大: 10 or 50, 较大: 3 or 10); any danger, death or crowd is at least 较大, because
    /// the public will talk about it.
    pub(crate) fn read(&self, script: &Script) -> Alarm {
        let mut alarm = Alarm { grade: Grade::Ordinary, danger: false, words: Vec::new() };
        for found in self.lexicon.read(script, Column::Alarm) {
            let Some(kind) = found.values.first() else { continue };
            let before = script.clause_before(found.start, CONDITION_CHARS);
            let after = script.clause_after(found.end, AFTER_CHARS);
            if *kind == Kind::Idiom || is_said_of_nothing(*kind, before, after) {
                continue;
            }
            let now = NOW.iter().any(|word| before.contains(word) || after.starts_with(word));
            let (danger, grade) = match kind {
                Kind::Life => (true, Grade::Considerable),
                Kind::Disaster if now => (true, Grade::Considerable),
                Kind::Death => {
                    (false, grade_of_deaths(count_before(script.clause_before(found.start, COUNT_CHARS)), now))
                }
                Kind::Crowd => (false, Grade::Considerable),
                Kind::Disaster | Kind::Idiom => (false, Grade::Ordinary),
            };
            alarm.danger |= danger;
            alarm.grade = alarm.grade.min(grade);
            if danger || grade < Grade::Ordinary {
                let word = script.whole().get(found.start..found.end).unwrap_or("").to_owned();
                if !alarm.words.contains(&word) {
                    alarm.words.push(word);
                }
            }
        }
        alarm.grade = alarm.grade.min(grade_of_hurt(script.whole()));
        alarm
    }
}

/// Fear, law, prevention, denial, or another word altogether. "随时" makes a fear a danger.
fn is_said_of_nothing(kind: Kind, before: &str, after: &str) -> bool {
    let said = |words: &[&str]| words.iter().any(|word| before.contains(word));
    let conditional = (said(&CONDITIONS) || (kind != Kind::Life && said(&CAUSES))) && !before.contains("随时");
    let guarded = before.ends_with('防') && !before.ends_with("消防");
    let denied = guarded || DENIALS.iter().any(|word| before.ends_with(word));
    conditional || denied || OTHERWISE.iter().any(|word| after.starts_with(word))
}

/// Deaths without a number are often old ones in a story of something else.
fn grade_of_deaths(dead: Option<u32>, now: bool) -> Grade {
    match dead {
        Some(30..) => Grade::Extreme,
        Some(10..) => Grade::Major,
        Some(1..) => Grade::Considerable,
        _ if now => Grade::Considerable,
        _ => Grade::Ordinary,
    }
}

/// People hurt or poisoned, where a number stands before: 12名学生中毒.
fn grade_of_hurt(whole: &str) -> Grade {
    let mut grade = Grade::Ordinary;
    for word in ["受伤", "中毒", "住院", "重伤"] {
        for (start, _) in whole.match_indices(word) {
            let before: Vec<char> = whole.get(..start).unwrap_or("").chars().rev().take(COUNT_CHARS).collect();
            let before: String = before.into_iter().rev().collect();
            if after_people(&before) {
                let hurt = count_before(&before).unwrap_or(0);
                grade = grade.min(match hurt {
                    100.. => Grade::Extreme,
                    50.. => Grade::Major,
                    10.. => Grade::Considerable,
                    _ => Grade::Ordinary,
                });
            }
        }
    }
    grade
}

fn after_people(before: &str) -> bool {
    ["人", "名", "位"].iter().any(|measure| before.contains(measure))
}

/// The number of people just before: 3人, 十余名学生. Years, money and the like have no such measure and give none.
fn count_before(before: &str) -> Option<u32> {
    let at = before.rfind(['人', '名', '位'])?;
    let digits: String = before
        .get(..at)?
        .chars()
        .rev()
        .skip_while(|character| matches!(character, '余' | '多' | '几' | '来' | '个'))
        .take_while(|character| {
            character.is_ascii_digit() || matches!(character, '一'..='龥' if value(*character).is_some())
        })
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    number(&digits)
}

fn value(character: char) -> Option<u32> {
    let at = "零一二三四五六七八九".chars().position(|digit| digit == character);
    match character {
        '两' => Some(2),
        '十' => Some(10),
        '百' => Some(100),
        _ => at.and_then(|at| u32::try_from(at).ok()),
    }
}

/// ASCII or Chinese number up to 999.
fn number(digits: &str) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    if let Ok(number) = digits.parse::<u32>() {
        return Some(number);
    }
    let (mut total, mut pending) = (0u32, None);
    for character in digits.chars() {
        match value(character)? {
            unit @ (10 | 100) => {
                total = total.saturating_add(pending.take().unwrap_or(1) * unit);
            }
            digit => pending = Some(digit),
        }
    }
    Some(total.saturating_add(pending.unwrap_or(0)))
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
            let alarm = index.read(&Script::new("", text));
            assert_eq!((alarm.danger, alarm.grade), (danger, grade), "{text}: {:?}", alarm.words);
        }
    }

    #[test]
    fn numbers() {
        for (text, expected) in [
            ("12", Some(12)),
            ("十", Some(10)),
            ("十二", Some(12)),
            ("三十", Some(30)),
            ("一百二十三", Some(123)),
            ("两", Some(2)),
            ("", None),
            ("99999999999999", None),
        ] {
            assert_eq!(number(text), expected, "{text}");
        }
    }
}
