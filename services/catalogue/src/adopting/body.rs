//! Names of bodies without their place: short and full forms, what is the same, what was reformed away.

use huiyin_text::normalise;
use jiff::civil::{Date, date};

use crate::resolve::fold_name;

/// Short forms of what bodies are charged with, as documents write them, and their full forms. Longer ones first, so
/// that 文广新旅 is not read as 文广.
const SHORT: [(&str, &str); 62] = [
    ("自然资源规划局", "自然资源和规划局"),
    ("人力资源社会保障", "人力资源和社会保障"),
    ("住房城乡建设", "住房和城乡建设"),
    ("城市管理执法局", "城市管理行政执法局"),
    ("发展改革委", "发展和改革委员会"),
    ("发展改革局", "发展和改革局"),
    ("卫生健康委", "卫生健康委员会"),
    ("市场监管局", "市场监督管理局"),
    ("退役军人局", "退役军人事务局"),
    ("退役军人厅", "退役军人事务厅"),
    ("城管执法局", "城市管理和综合执法局"),
    ("综合执法局", "综合行政执法局"),
    ("文广新旅局", "文化广电新闻出版旅游局"),
    ("文旅广体局", "文化旅游广电体育局"),
    ("文体广旅局", "文化体育广电旅游局"),
    ("文广旅体局", "文化广电旅游体育局"),
    ("文广新局", "文化广电新闻出版局"),
    ("文广旅局", "文化广电旅游局"),
    ("文旅局", "文化和旅游局"),
    ("文旅厅", "文化和旅游厅"),
    ("政数局", "政务服务数据管理局"),
    ("食药监局", "食品药品监督管理局"),
    ("药监局", "药品监督管理局"),
    ("知识产权局", "知识产权局"),
    ("公积金中心", "住房公积金管理中心"),
    ("供销社", "供销合作社联合社"),
    ("政府办公室", "人民政府办公室"),
    ("政府办公厅", "人民政府办公厅"),
    ("金融监管局", "金融监督管理局"),
    ("金融办", "人民政府金融工作办公室"),
    ("政府办", "人民政府办公室"),
    ("府办", "人民政府办公室"),
    ("发改委", "发展和改革委员会"),
    ("发改局", "发展和改革局"),
    ("工信局", "工业和信息化局"),
    ("工信厅", "工业和信息化厅"),
    ("工信委", "工业和信息化委员会"),
    ("经信局", "经济和信息化局"),
    ("经信委", "经济和信息化委员会"),
    ("科技局", "科学技术局"),
    ("科技厅", "科学技术厅"),
    ("人社局", "人力资源和社会保障局"),
    ("人社厅", "人力资源和社会保障厅"),
    ("住建局", "住房和城乡建设局"),
    ("住建厅", "住房和城乡建设厅"),
    ("卫健委", "卫生健康委员会"),
    ("卫健局", "卫生健康局"),
    ("卫计委", "卫生和计划生育委员会"),
    ("应急局", "应急管理局"),
    ("应急厅", "应急管理厅"),
    ("医保局", "医疗保障局"),
    ("国资委", "国有资产监督管理委员会"),
    ("教体局", "教育体育局"),
    ("教科体局", "教育科学技术体育局"),
    ("城管局", "城市管理局"),
    ("环保局", "环境保护局"),
    ("国土局", "国土资源局"),
    ("安监局", "安全生产监督管理局"),
    ("工商局", "工商行政管理局"),
    ("质监局", "质量技术监督局"),
    ("残联", "残疾人联合会"),
    ("妇联", "妇女联合会"),
];

/// Bodies that the reforms of party and state institutions did away with: their names, the system whose body took over,
/// and their last day at the places. Source: 《深化党和国家机构改革方案》 (March 2018, local reforms completed by the end of
/// March 2019; tax bodies merged in mid 2018), 国办 notices on 乡村振兴 (2021).
const REFORMED: [(&[&str], &str, Date); 12] = [
    (&["国土资源局", "国土资源厅", "国土局", "城乡规划局", "规划局"], "自然资源规划", date(2019, 3, 31)),
    (&["环境保护局", "环境保护厅", "环保局", "环保厅"], "生态环境", date(2019, 3, 31)),
    (&["农业局", "农业厅", "农业委员会", "农委", "农粮局", "畜牧兽医局"], "农业农村", date(2019, 3, 31)),
    (
        &["文化局", "文化厅", "旅游局", "旅游发展委员会", "旅发委", "文化广电新闻出版局", "文广新局"],
        "文旅",
        date(2019, 3, 31),
    ),
    (&["卫生局", "卫生厅", "卫生和计划生育委员会", "卫生计生委", "卫计委", "计生委"], "卫健", date(2019, 3, 31)),
    (&["安全生产监督管理局", "安监局"], "应急", date(2019, 3, 31)),
    (
        &["工商行政管理局", "工商局", "质量技术监督局", "质监局", "食品药品监督管理局", "食药监局"],
        "市场监管",
        date(2019, 3, 31),
    ),
    (&["国家税务局", "国税局", "地方税务局", "地税局"], "税务", date(2018, 7, 31)),
    (&["人民政府法制办公室", "政府法制办公室", "政府法制办", "法制办公室", "法制办"], "司法", date(2019, 3, 31)),
    (&["经济和信息化委员会", "经信委", "工业和信息化委员会", "工信委"], "工信", date(2019, 3, 31)),
    (&["扶贫开发办公室", "扶贫办公室", "扶贫办", "扶贫和移民办公室", "扶贫和移民办"], "农业农村", date(2021, 5, 31)),
    (&["乡村振兴局"], "农业农村", date(2024, 3, 31)),
];

/// A body of before a reform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reform {
    /// System whose body took over.
    pub(crate) system: &'static str,
    /// Its last day.
    pub(crate) until: Date,
}

/// What the reforms did to a body of this name.
pub(crate) fn reform(body: &str) -> Option<Reform> {
    let found = REFORMED.iter().find(|(names, ..)| names.contains(&body));
    found.map(|(_, system, until)| Reform { system, until: *until })
}

/// A name in simplified characters, with widths, brackets and white space made alike and without the marks that lists
/// leave at its ends.
pub(crate) fn plain(name: &str) -> String {
    let folded = fold_name(&normalise(name));
    let trimmed = folded.trim_matches(['、', '，', ',', '；', ';', '。', '.', '：', ':', '"', '“', '”', '*']);
    trimmed.strip_suffix('等').unwrap_or(trimmed).to_owned()
}

/// The full form of a body's name: 人社局 → 人力资源和社会保障局. One that is not known to be short stays.
pub(crate) fn expand(body: &str) -> String {
    let found = SHORT.iter().find(|(short, full)| body.starts_with(short) && !body.starts_with(full));
    match found {
        Some((short, full)) => format!("{full}{}", body.strip_prefix(short).unwrap_or_default()),
        None => body.to_owned(),
    }
}

/// A form that is the same for all spellings of one body: full, without joining words.
pub(crate) fn canonical(body: &str) -> String {
    expand(body).chars().filter(|character| !matches!(character, '和' | '与' | '及' | '、' | '(' | ')')).collect()
}

/// Whether two names of bodies at one place and of one system mean the same body: one form, or one is an abbreviation of
/// the other (政数局, 政务服务数据管理局), or both are the main body under the names of different levels (教育局, 教体局).
pub(crate) fn same(one: &str, other: &str) -> bool {
    let (one, other) = (canonical(one), canonical(other));
    let (first, second) = (core(&one), core(&other));
    if first.is_empty() || second.is_empty() {
        return one == other;
    }
    let (short, long) = if first.len() <= second.len() { (first, second) } else { (second, first) };
    is_subsequence(short, long) && is_organ(&one) && is_organ(&other)
}

/// Whether a name ends like a body that stands for its whole line of work, not like an institution below one.
pub(crate) fn is_organ(body: &str) -> bool {
    let body = body.split('(').next().unwrap_or(body);
    ["局", "厅", "委", "办", "部", "室", "委员会", "院", "社", "联", "联合会", "总工会", "政府"]
        .iter()
        .any(|ending| body.ends_with(ending))
        && !["分局", "工作室"].iter().any(|ending| body.ends_with(ending))
}

/// What a body is charged with: its name without the word for its kind.
pub(crate) fn core(body: &str) -> &str {
    let endings = ["委员会", "办公室", "办公厅", "联合会", "管理局", "管理中心", "局", "厅", "委", "办", "部", "中心"];
    endings.iter().find_map(|ending| body.strip_suffix(ending)).unwrap_or(body)
}

fn is_subsequence(short: &str, long: &str) -> bool {
    let mut rest = long.chars();
    short.chars().count() >= 2 && short.chars().all(|wanted| rest.any(|character| character == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_are_expanded() {
        for (short, full) in [
            ("人社局", "人力资源和社会保障局"),
            ("文广新旅局", "文化广电新闻出版旅游局"),
            ("政府办", "人民政府办公室"),
            ("政府办公室", "人民政府办公室"),
            ("发展改革委", "发展和改革委员会"),
            ("自然资源规划局", "自然资源和规划局"),
            ("林业局", "林业局"),
        ] {
            assert_eq!(expand(short), full);
            assert_eq!(expand(full), full, "twice");
        }
    }

    #[test]
    fn the_same_body() {
        for (one, other, expected) in [
            ("住建局", "住房城乡建设局", true),
            ("政数局", "政务服务数据管理局", true),
            ("教育局", "教体局", true),
            ("卫健委", "卫生健康委员会", true),
            ("行政审批局", "政务服务局", false),
            ("交通运输局", "公交公司", false),
            ("民政局", "民政局(老龄办)", true),
        ] {
            assert_eq!(same(one, other), expected, "{one} {other}");
            assert_eq!(same(other, one), expected, "{other} {one}");
        }
    }

    #[test]
    fn names_are_made_plain() {
        for (name, expected) in [
            ("省發展改革委", "省发展改革委"),
            ("市 教育局等", "市教育局"),
            ("各市、縣〔區〕人民政府", "各市、县(区)人民政府"),
            ("**市水利局**，", "市水利局"),
        ] {
            assert_eq!(plain(name), expected);
        }
    }

    #[test]
    fn reforms_name_the_successor() {
        assert_eq!(reform("环保局").map(|reform| reform.system), Some("生态环境"));
        assert_eq!(reform("生态环境局"), None);
    }
}
