//! What stands around a place's name and says what the name is there for.

use crate::script::Script;

/// The region's province without its name.
pub(super) const WHOLE_PROVINCE: [&str; 6] = ["全省", "我省", "省里", "本省", "省委省政府", "全省各地"];

/// Longer words in which a place's name stands by chance, or which are named after a place.
pub(super) const CHANCE_WORDS: &str = "\
    东西安 变成都 造成都 完成都 形成都 构成都 达成都 大连锁 最大连 重大连 大理石 大理由 推广西 推广东 出海口 入海口 \
    拆开封 开封条 开封菜 三明治 以上海鲜 北海道 南海北 五湖四海南 大河南岸 \
    北京时间 北京烤鸭 北京现代 上海大众 长沙臭豆腐 兰州拉面 沙县小吃 重庆火锅 重庆小面 柳州螺蛳粉 桂林米粉 武汉热干面 \
    云南白药 贵州茅台 德州扒鸡 延安精神 深圳速度 新疆棉 孙中山 西安事变 南京大屠杀 西湖龙井 新东方 南昌起义 上海滩 \
    北京冬奥会 上海世博会 天津包子 浏阳蒸菜 淄博烧烤 成都小吃 扬州炒饭 海南鸡饭 新疆大盘鸡 青岛啤酒 哈尔滨啤酒";

/// After a short name: streets, estates, firms and dishes are named after places.
const NAMESAKES: [&str; 43] = [
    "路",
    "大道",
    "街",
    "巷",
    "桥",
    "花园",
    "花苑",
    "小区",
    "国际",
    "公馆",
    "酒店",
    "宾馆",
    "银行",
    "东路",
    "西路",
    "南路",
    "北路",
    "中路",
    "东街",
    "西街",
    "饭店",
    "御园",
    "名苑",
    "商城",
    "烤鸭",
    "拉面",
    "小吃",
    "火锅",
    "小面",
    "米粉",
    "料理",
    "菜馆",
    "风味",
    "特产",
    "烧烤",
    "臭豆腐",
    "包子",
    "啤酒",
    "一路",
    "二路",
    "三路",
    "支路",
    "立交",
];
/// After a name made of a river or lake and a direction, the direction is meant: 沿河南岸, 青山湖北侧.
const SIDES: [char; 12] = ['岸', '侧', '面', '边', '麓', '坡', '端', '堤', '坝', '角', '门', '段'];
/// After a county's short name these words say that the county is meant.
const COUNTY_WORDS: [&str; 27] = [
    "县",
    "城区",
    "县城",
    "人民",
    "本地",
    "当地",
    "百姓",
    "全县",
    "教育局",
    "公安局",
    "城管局",
    "法院",
    "一中",
    "新区",
    "段",
    "境内",
    "高铁站",
    "火车站",
    "汽车站",
    "服务区",
    "收费站",
    "高速口",
    "工业园",
    "这边",
    "交警",
    "医保局",
    "人社局",
];
/// Before a county's short name, or at the start of a clause, a name is more than part of another.
const PLACING_BEFORE: [&str; 14] =
    ["在", "到", "从", "来自", "去", "于", "是", "回", "我们", "咱", "请", "希望", "来", "经过"];

/// Somebody away from home is not writing about the place where they are.
const AWAY_BEFORE: [&str; 10] = ["在", "去", "到", "从", "赴", "往", "回", "飞", "比如", "像"];
const AWAY_AFTER: [&str; 18] = [
    "打工",
    "务工",
    "上班",
    "工作",
    "读书",
    "上学",
    "做生意",
    "回来",
    "回家",
    "经商",
    "出差",
    "等地",
    "一样",
    "当兵",
    "服役",
    "旅游",
    "开店",
    "定居",
];

/// Before a name: the place is where somebody or something comes from, goes to, or what ours is compared with.
const PASSING_BEFORE: &str = "\
    从 由 自 来自 曾在 原在 原来在 以前在 之前在 学习 像 如 比如 例如 参照 借鉴 对比 相比 比 隔壁 邻近 绕道 途经 去 到 往 至 \
    赴 飞 寄往 发往 开往 通往 迁往 商家在 卖家在 店铺在 网店在 厂家在 总部在 公司在 仓库在 发货地 发货地在 亲戚在 朋友在 \
    儿子在 女儿在 孩子在 父母在 自称 冒充 老家 籍贯 户籍 高铁站到 毕业于 嫁到 原籍";
/// After a name, perhaps after 的: somebody or something that comes from there, or goes there.
const PASSING_AFTER: &str = "\
    来 搬 回 过来 迁 寄 发货 发来 游客 客人 旅客 客商 老板 亲戚 朋友 网友 公司 企业 集团 建工 牌照 牌 籍 考 那样 一样 等地 \
    等城市 高速 铁路 高铁 火车 航班 动车 大巴 大学 商家 卖家 网店 店铺 厂家 做法 经验 模式 专家 驾照 打工 务工 上班 工作 \
    当兵 服役 读书 上学 做生意 出差 旅游 到 至 往 方向 人 买 交 生产 产 总部 发往 飞";
/// Before a name: the matter plays there.
const SCENE_BEFORE: &str = "\
    家住 住在 现住 我住 居住在 居住于 位于 地处 坐落在 坐落于 坐落 我是 我们是 致 请 咱们 我们 关于 反映 投诉 举报 \
    老家在 老家是 家在 我在 我们在 本人在 我家在 现在在 请求 希望 恳请 我家是 就在";
/// Within a few characters after a name: bodies, streets and people of that place.
const SCENE_AFTER: &str = "\
    政府 县委 市委 区委 省委 局 委员会 法院 领导 书记 市长 县长 区长 省长 镇 乡 村 街道 社区 小区 路 街 大道 工业园 花园 一家 \
    某 居民 业主 市民 村民 城管 物业 地铁 学校 学区 中学 小学 幼儿园 医院 信箱 派出所 公交 停车 暖气 水库 期房 楼盘 开发商 高楼";
/// Characters in which a word of [`SCENE_AFTER`] must begin.
const SCENE_CHARS: usize = 9;
/// Before the abbreviation of our province: 在赣, 我赣.
const ABBREVIATION_BEFORE: [char; 11] = ['我', '在', '来', '入', '返', '离', '驻', '全', '回', '进', '援'];
/// After it: 赣鄱, 赣企.
const ABBREVIATION_AFTER: [char; 7] = ['省', '鄱', '籍', '企', '商', '地', '府'];

/// What a name is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The matter plays there.
    Scene,
    /// Nothing says.
    Plain,
    /// Somebody works, learns or travels there.
    Away,
    /// Named in passing.
    Passing,
}

/// The role of the place named from `start` to `end`.
pub(super) fn role(script: &Script, start: usize, end: usize) -> Role {
    if is_away(script, start, end) {
        return Role::Away;
    }
    let before = script.clause_before(start, 6);
    let after = script.clause_after(end, SCENE_CHARS + 4);
    if ends_with_one(before, SCENE_BEFORE) && !starts_with_one(after, "来的 游客 的游客") {
        return Role::Scene;
    }
    let of = after.strip_prefix('的').unwrap_or(after);
    if ends_with_one(before, PASSING_BEFORE) || starts_with_one(of, PASSING_AFTER) {
        return Role::Passing;
    }
    let near: String = after.chars().take(SCENE_CHARS).collect();
    if SCENE_AFTER.split(' ').any(|word| near.contains(word)) { Role::Scene } else { Role::Plain }
}

/// Whether a short name is only part of another name.
pub(super) fn is_namesake(script: &Script, name: &str, end: usize) -> bool {
    let after = script.after(end);
    let directed = name.ends_with(['东', '西', '南', '北']) && after.starts_with(SIDES);
    directed || NAMESAKES.iter().any(|word| after.starts_with(word))
}

/// Whether what stands around a county's short name says that the county is meant; `alone`: it can be no other place.
pub(super) fn is_worded(script: &Script, start: usize, end: usize, alone: bool) -> bool {
    let before = script.clause_before(start, 2);
    let placed = alone && (before.is_empty() || PLACING_BEFORE.iter().any(|word| before.ends_with(word)));
    placed || COUNTY_WORDS.iter().any(|word| script.after(end).starts_with(word))
}

/// Whether the abbreviation of our province stands for it here.
pub(super) fn is_abbreviation(script: &Script, start: usize, end: usize) -> bool {
    script.before(start).ends_with(ABBREVIATION_BEFORE) && !script.after(end).starts_with('江')
        || script.after(end).starts_with(ABBREVIATION_AFTER)
}

/// The character that stands for a province, by the region's code.
pub(super) fn abbreviation(code: &str) -> Option<&'static str> {
    // 京、津 and the like stand in too many words; 甘, 青, 宁, 新, 云, 贵, 台 mean something else more often.
    const ABBREVIATIONS: [(&str, &str); 16] = [
        ("13", "冀"),
        ("14", "晋"),
        ("31", "沪"),
        ("33", "浙"),
        ("34", "皖"),
        ("35", "闽"),
        ("36", "赣"),
        ("37", "鲁"),
        ("41", "豫"),
        ("42", "鄂"),
        ("43", "湘"),
        ("44", "粤"),
        ("45", "桂"),
        ("46", "琼"),
        ("50", "渝"),
        ("53", "滇"),
    ];
    ABBREVIATIONS.iter().find(|(province, _)| code.starts_with(province)).map(|(_, abbreviation)| *abbreviation)
}

/// Somebody works, learns or travels there: 在南昌打工.
fn is_away(script: &Script, start: usize, end: usize) -> bool {
    let (before, after) = (script.before(start), script.after(end));
    AWAY_BEFORE.iter().any(|word| before.ends_with(word)) && AWAY_AFTER.iter().any(|word| after.starts_with(word))
}

fn ends_with_one(text: &str, words: &str) -> bool {
    words.split(' ').any(|word| !word.is_empty() && text.ends_with(word))
}

fn starts_with_one(text: &str, words: &str) -> bool {
    words.split(' ').any(|word| !word.is_empty() && text.starts_with(word))
}
