//! Learns the table of the tagger of names, or writes the bits of the dictionary that it looks into.
//!
//! - `names learn OUT LABELLED [HELD…] < POSTS`: lines `{"text", "hide": […]}` in LABELLED and HELD, `{"text", "doubt": […]}`
//!   in POSTS. Every name in LABELLED is replaced by others, so that what stands around names is learned and not the names
//!   somebody thought of; some become the names of places (雪梅路). Posts hold no names, but for what another tagger took for
//!   one (`doubt`), which is left out. With HELD, what is found there is counted and nothing is written.
//! - `names words OUT`: after the dictionary changed.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, clippy::print_stdout, clippy::panic)]

use std::collections::HashSet;
use std::io::BufRead;

use huiyin_text::tagger::{
    Example, Make, SIZE, WORD_BITS, examples, is_ordinary, things, title, without_numbers, word_bit,
};
use serde_json::Value;

/// Each labelled text so often with other names.
const COPIES: usize = 12;
/// One name in so many becomes the name of a place or a firm.
const PLACES: usize = 6;
/// Passes over all examples, the rate of the first step, and how much of a weight is taken off at each: chosen by three
/// foldings of the labelled rows.
const ROUNDS: usize = 4;
const RATE: f32 = 0.05;
const DECAY: f32 = 0.0005;
/// From so much on a candidate is taken for a name: a miss is worse than a name too many.
const CUT: f32 = -2.0;
/// One name in so many may have characters that none has.
const ODD: usize = 300;
/// A candidate in a post counts half: another tagger may have missed a name there.
const POST: f32 = 2.0;

const GIVEN: &str = "\
伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华红玲玉建国文斌波辉宁鑫鹏飞健俊峰亮成龙海山仁波贵福生元全胜学祥才发武新利清彬富顺\
信子昌康星光天达安岩中茂进林有坚和彪博诚先敬震振壮会思群豪心邦承乐绍功松善厚庆民友裕河哲江浩政谦亨奇固之轮翰朗伯宏言若鸣朋梁栋维启\
克伦翔旭泽晨辰士以家致树炎德行时泰盛雄琛钧冠策腾楠榕风航弘慧巧美淑惠珠翠雅芝萍娥芬燕彩春菊凤洁梅琳素云莲真环雪荣爱妹香月莺媛瑞凡佳\
嘉琼勤珍贞莉娣叶璧璐娅琦晶妍茜秋珊莎锦黛青倩婷姣婉娴瑾颖露瑶怡婵雁蓓仪荷丹蓉眉君琴蕊薇菁梦岚婕馨韵融园艺咏卿聪澜纯毓悦昭冰爽羽希欣\
育滢柔竹凝晓欢枫芸菲寒伊亚宜可姬舒影荔枝妮宝贝初程梵恒鸿骅剑娇纪宽苛灵媚琪晴容睿烁堂唯威韦雯阅彦宇雨忠宗曼紫逸贤蝶菡绿蓝儿烟梓涵轩\
诗一诺熙皓沐宸语桐根水火土金银财旺冬细牛狗毛满招弟来寿连喜珩玥祺禾苗苒汐淼焱垚骏驰楷茵芷晗煜瀚霖润泓渊浚毅坤乾宪章法运长久保卫东南\
西北方圆正义礼智廉耻孝悌恩普照吉意增益年冲霄凯旋捷双三多二小大老四五六七八九十伢丫珊瑚玛瑙琥珀翡";
const SURNAMES: &str = "\
王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏\
韦付傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧\
耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉\
缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师仇栾隋商刁沙揭帅占练逄亓仝昝";
const COMPOUND: [&str; 6] = ["欧阳", "上官", "司马", "诸葛", "皇甫", "令狐"];
/// Surnames with 小 and 老 are of the most common.
const FAMILIAR: usize = 120;

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % count as u64) as usize
    }
}

struct Row {
    is_name: bool,
    weight: f32,
    features: Vec<u32>,
    /// So many of the features are of the characters.
    made: usize,
}

impl Row {
    fn of(one: &Example, is_name: bool, weight: f32) -> Row {
        let (made, around) = &one.features;
        Row { is_name, weight, made: made.len(), features: [made.as_slice(), around].concat() }
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["words", out] => std::fs::write(out, words()).unwrap(),
        ["learn", out, labelled, ref held @ ..] => {
            let mut dice = Dice(7);
            let mut rows = labelled_rows(labelled, &mut dice);
            rows.extend(post_rows());
            let weights = learn(&rows, &mut dice);
            if held.is_empty() {
                std::fs::write(out, table(&rows, &weights)).unwrap();
            }
            held.iter().for_each(|held| count(held, &weights));
        }
        _ => panic!("names learn OUT LABELLED [HELD…] < POSTS, or names words OUT"),
    }
}

/// Bits for all words of two characters that the dictionary knows and that are no names.
fn words() -> Vec<u8> {
    let mut bits = vec![0_u8; WORD_BITS / 8];
    let common: Vec<char> = ('\u{4E00}'..='\u{9FFF}').filter(|c| is_ordinary(&c.to_string())).collect();
    for (one, two) in common.iter().flat_map(|one| common.iter().map(move |two| (one, two))) {
        if is_ordinary(&String::from_iter([*one, *two])) {
            let bit = word_bit(u32::from(*one), u32::from(*two));
            bits[bit / 8] |= 1 << (bit % 8);
        }
    }
    bits
}

fn lines(file: &str) -> Vec<Value> {
    std::fs::read_to_string(file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The text as the tagger reads it, and where its names stand.
fn labelled(row: &Value) -> (String, Vec<(usize, usize)>) {
    let text = without_numbers(row["text"].as_str().unwrap());
    let hidden = row["hide"].as_array().into_iter().flatten().filter_map(Value::as_str).map(huiyin_text::normalise);
    let is_name = |piece: &String| !piece.is_empty() && piece.chars().all(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
    let mut names: Vec<(usize, usize)> = Vec::new();
    for name in hidden.filter(is_name) {
        names.extend(text.match_indices(name.as_str()).map(|(at, name)| (at, at + name.len())));
    }
    names.sort_unstable();
    names.dedup_by(|next, kept| next.0 < kept.1);
    (text, names)
}

/// Whether a candidate is this name, with or without the title behind it.
fn fits(text: &str, one: &Example, (start, end): (usize, usize)) -> bool {
    let titled = || title(&text[one.span.1..]).is_some_and(|title| one.span.1 + title.len() == end);
    one.span.0 == start && (one.span.1 == end || titled())
}

fn labelled_rows(file: &str, dice: &mut Dice) -> Vec<Row> {
    let mut rows = Vec::new();
    let (mut names, mut lost) = (0, 0);
    for row in lines(file) {
        let (text, spans) = labelled(&row);
        let found = examples(&text, &spans);
        let mut known: Vec<(&Example, (usize, usize))> = Vec::new();
        for span in &spans {
            let fitting = found.iter().filter(|one| fits(&text, one, *span)).max_by_key(|one| one.span.1);
            names += 1;
            match fitting {
                Some(one) => known.push((one, *span)),
                None => lost += 1,
            }
        }
        // Without names only what stands around can be another: three are enough.
        for copy in 0..if known.is_empty() { 3 } else { COPIES } {
            let (changed, gold) = with_other_names(&text, &known, copy == 0, dice);
            let is_gold: HashSet<(usize, usize)> = gold.iter().copied().collect();
            rows.extend(examples(&changed, &gold).iter().map(|one| Row::of(one, is_gold.contains(&one.span), 1.0)));
        }
    }
    println!("{names} names, {lost} of them no candidate can be");
    rows
}

/// The text with other names, unless `same`, and where they stand.
fn with_other_names(
    text: &str,
    known: &[(&Example, (usize, usize))],
    same: bool,
    dice: &mut Dice,
) -> (String, Vec<(usize, usize)>) {
    let (mut changed, mut at, mut gold) = (String::new(), 0, Vec::new());
    for (one, (start, end)) in known {
        let (from, to) = one.span;
        changed.push_str(&text[at..*start]);
        let begin = changed.len();
        if same {
            changed.push_str(&text[from..to]);
        } else {
            name(&text[from..to], one, dice, &mut changed);
        }
        if !same && one.make == Make::Full && to == *end && dice.below(PLACES) == 0 {
            changed.push_str(&things()[dice.below(things().len())]);
        } else {
            gold.push((begin, changed.len()));
        }
        changed.push_str(&text[to..*end]);
        at = *end;
    }
    changed.push_str(&text[at..]);
    (changed, gold)
}

/// A name made like another.
fn name(like: &str, one: &Example, dice: &mut Dice, out: &mut String) {
    let given: Vec<char> = GIVEN.chars().collect();
    let surnames: Vec<char> = SURNAMES.chars().collect();
    let surname = |dice: &mut Dice, out: &mut String| match dice.below(40) {
        0 => out.push_str(COMPOUND[dice.below(COMPOUND.len())]),
        // The smaller of two: common ones oftener.
        _ => out.push(surnames[dice.below(surnames.len()).min(dice.below(surnames.len()))]),
    };
    match one.make {
        Make::Full => {
            surname(dice, out);
            let count = if dice.below(4) == 0 { 1 } else { 2 };
            (0..count).for_each(|_| out.push(given[dice.below(given.len())]));
        }
        Make::Titled => {
            surname(dice, out);
            out.push_str(&like[one.surname..]);
        }
        Make::Familiar => {
            out.extend(like.chars().next());
            out.push(surnames[dice.below(FAMILIAR)]);
        }
        Make::Given => (0..2).for_each(|_| out.push(given[dice.below(given.len())])),
    }
}

fn post_rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for line in std::io::stdin().lock().lines() {
        let row: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let text = without_numbers(row["text"].as_str().unwrap());
        let doubt: Vec<&str> = row["doubt"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for one in examples(&text, &[]) {
            let said = &text[one.span.0..one.span.1];
            if !doubt.iter().any(|doubt| doubt.contains(said) || said.contains(doubt)) {
                rows.push(Row::of(&one, false, POST));
            }
        }
    }
    rows
}

/// Logistic regression, each feature at its own rate (AdaGrad).
fn learn(rows: &[Row], dice: &mut Dice) -> Vec<f32> {
    let (mut weights, mut squares) = (vec![0.0_f32; SIZE], vec![1e-6_f32; SIZE]);
    let mut order: Vec<usize> = (0..rows.len()).collect();
    for _ in 0..ROUNDS {
        for at in (1..order.len()).rev() {
            order.swap(at, dice.below(at + 1));
        }
        for row in order.iter().map(|at| &rows[*at]) {
            let sum: f32 = row.features.iter().map(|feature| weights[*feature as usize]).sum();
            let chance = 1.0 / (1.0 + (-sum).exp());
            let slope = (chance - f32::from(u8::from(row.is_name))) * row.weight;
            for at in row.features.iter().map(|feature| *feature as usize) {
                let step = slope + DECAY * weights[at];
                squares[at] += step * step;
                weights[at] -= RATE * step / squares[at].sqrt();
            }
        }
    }
    weights
}

/// The table as [`huiyin_text::tagger`] reads it.
fn table(rows: &[Row], weights: &[f32]) -> Vec<u8> {
    // A few far ones are cut, so that the steps of the others are finer.
    let mut sizes: Vec<f32> = weights.iter().map(|weight| weight.abs()).collect();
    sizes.sort_unstable_by(f32::total_cmp);
    let scale = 127.0 / sizes[sizes.len() - sizes.len() / 2000 - 1];
    let steps: Vec<i8> = weights.iter().map(|weight| (weight * scale).round().clamp(-127.0, 127.0) as i8).collect();
    let sum = |features: &[u32]| features.iter().map(|feature| i32::from(steps[*feature as usize])).sum::<i32>();
    let mut made: Vec<i32> = rows.iter().filter(|row| row.is_name).map(|row| sum(&row.features[..row.made])).collect();
    made.sort_unstable();
    let made_min = made[made.len() / ODD];
    let name_min = (CUT * scale) as i32;
    let told = |is_name: bool| {
        let told = |row: &&Row| sum(&row.features) >= name_min && sum(&row.features[..row.made]) >= made_min;
        rows.iter().filter(|row| row.is_name == is_name).filter(told).count()
    };
    println!("{} of {} names, {} of {} other candidates", told(true), made.len(), told(false), rows.len() - made.len());
    let mut bytes: Vec<u8> = steps.iter().map(|step| *step as u8).collect();
    bytes.extend((made_min as i16).to_le_bytes());
    bytes.extend((name_min as i16).to_le_bytes());
    bytes
}

/// Prints what the weights find in labelled lines that they were not learned from.
fn count(file: &str, weights: &[f32]) {
    let mut sums: Vec<(f32, bool)> = Vec::new();
    let mut names = 0;
    for row in lines(file) {
        let (text, spans) = labelled(&row);
        names += spans.len();
        for one in examples(&text, &spans) {
            let sum = one.features.0.iter().chain(&one.features.1).map(|feature| weights[*feature as usize]).sum();
            let is_name = spans.iter().any(|span| fits(&text, &one, *span));
            // Another cut of a name is neither right nor wrong.
            let beside = !spans.iter().any(|span| one.span.0 < span.1 && span.0 < one.span.1);
            if is_name || beside {
                sums.push((sum, is_name));
            }
        }
    }
    for cut in [-5.0, -4.0, -3.0, -2.0, CUT, -1.0, 0.0, 1.0] {
        let told = |is_name: bool| sums.iter().filter(|(sum, name)| *name == is_name && *sum >= cut).count();
        println!("HELD at {cut}: {} of {names} right, {} wrong", told(true), told(false));
    }
}
