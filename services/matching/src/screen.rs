//! Posts that are no concern: advertising, keyword lists of hacked pages, nothing at all.
//!
//! Complaints about loans, fraud or gambling use the same words. So every rule asks for several signs at once and none
//! holds where the text complains, asks or reports. Of 15,932 genuine letters to leaders none was set aside.

use std::collections::BTreeSet;

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

const OFFERS: &str = "\
    加微信 加我微信 加v 加vx vx +v +微 加薇 威信 扫码加 扫码进群 进群 私信我 有意联系 非诚勿扰 全国包邮 货到付款 代开发票 代开 正规发票 普票 \
    专票 各类证件 全国可查 刻章 代办信用卡 信用卡套现 套现 无抵押 免抵押 秒批 秒到账 当天放款 当天到账 当天下款 \
    放款快 下款 黑户可贷 不看征信 利息低 低息贷款 急用钱 额度大 上门办理 兼职日结 高薪兼职 在家操作 日结 日赚 \
    日入 轻松赚钱 躺赚 招代理 诚招 刷单 点击链接 点击下方 限时优惠 限时特价 优惠大酬宾 买一送一 免费领取 \
    厂家直销 包过 包发表 包见刊 先写后付 论文代写 代写 降重 内部渠道 祖传秘方 七日见效 无效退款 无效全退 \
    优质房源 随时看房 佣金可谈 低价转让 订购 前100名";
/// Ways to be reached: a complaint leaves them too, so they make one solicitation together.
const CONTACTS: &str = "〔电话〕 〔账号〕 〔邮箱〕 微信同号 微信号 qq qq群 联系电话 咨询电话 热线电话";
const VICE: &str = "\
    博彩 赌场 娱乐城 六合彩 六合开奖 时时彩 彩票 彩票平台 棋牌 百家乐 龙虎斗 斗地主 捕鱼 爆率 首充 提现快 \
    澳门新葡京 葡京 威尼斯人 老虎机 真人视讯 体育投注 足球投注 足球比分 投注 注册送 首存 开户送 外围 网上赌博 \
    pk10 北京赛车 幸运飞艇 成人视频 成人电影 成人网 成人小说 av 无码 有码 一级片 三级片 黄色网 黄片 色情 情色 \
    激情 偷拍自拍 裸聊 援交 约炮 一夜情 包夜 私服 传奇私服 外挂 迷药 春药 催情 枪支 假钞 代孕 刷钻 seo 快排 \
    友链 友情链接 网站收录 关键词霸屏 霸屏 寄生虫程序 蜘蛛池 站群 泛解析 域名出租 百度快照 最新网址 \
    电子游艺 现金网 彩金 返水 足彩 竞彩 滚球 盘口 真钱 真人娱乐 电竞下注 壮阳 伟哥 丰胸 减肥药 性药 三码中特 平特一肖 \
    聚合支付接口 一键脱衣 资源网 毛片";
/// Somebody complains, asks, reports or pleads: nothing is set aside as advertising then.
const PLEAS: &str = "\
    投诉 举报 请问 希望 反映 诈骗 被骗 骗 受害 业主 领导 处理 解决 严查 曝光 书记 市长 县长 区长 政府 部门 求助 \
    请求 怎么办 为什么 凭什么 何时 建议 整治 打击 取缔 查处 噪音 扰民 违规 违法 非法 维权 退款 不退 拖欠 不给 \
    咨询一下 能不能 是否 有没有 合理吗 合法吗 监管 管一管 管管 没人管 投拆 市民 村民 居民 老百姓 家长 学生 \
    派出所 公安 报警 关注";
/// Writing to try out the form.
const TRIALS: [&str; 14] = [
    "测试",
    "test",
    "测试一下",
    "能发出去吗",
    "看看要多久审核",
    "顶",
    "沙发",
    "路过",
    "签到",
    "打卡",
    "111",
    "123",
    "哈哈哈",
    "看看",
];

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
        let signs = [(OFFERS, Sign::Offer), (CONTACTS, Sign::Contact), (VICE, Sign::Vice), (PLEAS, Sign::Plea)];
        let words = signs
            .into_iter()
            .flat_map(|(words, sign)| words.split_whitespace().map(move |word| (word.to_owned(), sign)));
        Screen { lexicon: Lexicon::new(words) }
    }

    /// The words it looks for.
    pub(crate) fn words(&self) -> Vec<&str> {
        self.lexicon.all()
    }

    /// `grounded`: a term of some system or a word of alarm stands in the text.
    pub(crate) fn read(&self, script: &Script, grounded: bool) -> Option<Screened> {
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
        None
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
    while let Some(shorter) = TRIALS.iter().find_map(|word| rest.strip_prefix(word)) {
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
            let screened = screen.read(&Script::new(title, text), grounded).map(|screened| screened.aside);
            assert_eq!(screened, expected, "{title} {text}");
        }
    }
}
