//! Phrases that name many bodies at once: 各市、县〔区〕人民政府, 市直有关部门. They are kept as one and nothing is assigned
//! to them.

/// What a phrase speaks of when it says "each", "those concerned" or "the other".
const OPENERS: [&str; 9] = ["各", "有关", "相关", "其他", "其它", "其余", "所有", "直属", "成员"];
/// What such a phrase ends with.
const ENDINGS: [&str; 22] = [
    "处室",
    "科室",
    "单位",
    "部门",
    "政府",
    "管委会",
    "委员会",
    "街道",
    "乡镇",
    "镇街",
    "企业",
    "机构",
    "办事处",
    "学校",
    "医院",
    "局",
    "社区",
    "村",
    "公司",
    "园区",
    "开发区",
    "县区",
];
/// Kinds of bodies that one place has many of: without a place of their own they mean all of them.
const KINDS: [&str; 22] = [
    "开发区管委会",
    "园区管委会",
    "功能区管委会",
    "工业园区管委会",
    "管委会",
    "乡镇人民政府",
    "乡镇政府",
    "乡(镇)人民政府",
    "乡(镇)政府",
    "镇人民政府",
    "街道办事处",
    "街道办",
    "街道",
    "乡镇",
    "乡镇街道",
    "乡镇(街道)",
    "镇街",
    "村委会",
    "居委会",
    "村(居)委会",
    "责任单位",
    "主管部门",
];
/// Counties of a city named by their kinds: 县(市、区)人民政府, 市县政府.
const COUNTIES: [&str; 12] = [
    "县(市、区)",
    "县(区)",
    "县市区",
    "县区",
    "市县",
    "市、县",
    "区县",
    "区(县)",
    "县(市)",
    "县、区",
    "市(县)",
    "区、市(县)",
];

/// Whether a plain name speaks of many bodies.
pub(crate) fn is_collective(name: &str) -> bool {
    if KINDS.contains(&name) || KINDS.iter().any(|kind| name.strip_prefix(['市', '县', '区']) == Some(kind)) {
        return true;
    }
    let ends = ENDINGS.iter().any(|ending| name.ends_with(ending)) || name.ends_with(')');
    let opened = name.starts_with('各') || OPENERS.iter().any(|opener| name.contains(opener));
    let counties = COUNTIES.iter().any(|counties| name.starts_with(counties));
    let belonging = ["市属", "县属", "区属", "省属", "市直", "省直", "县直", "区直", "驻市", "驻区", "驻县"]
        .iter()
        .any(|word| name.starts_with(word))
        && ["单位", "部门", "企业", "企事业单位", "机关"].iter().any(|ending| name.ends_with(ending));
    (opened && ends) || (counties && (ends || name.ends_with("政府"))) || belonging
}

/// The same for spellings of one phrase: 各市、县〔区〕人民政府 and 各市县区政府.
pub(crate) fn key(name: &str) -> String {
    let kept = name.replace("人民政府", "政府").replace("相关", "有关");
    kept.chars()
        .filter(|character| !matches!(character, '(' | ')' | '、' | ',' | '，' | '和' | '及' | '各' | '与' | '/'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_of_many() {
        for (name, expected) in [
            ("各市、县(区)人民政府", true),
            ("各县(区)人民政府", true),
            ("县(市、区)人民政府", true),
            ("省直有关部门", true),
            ("市政府各部门", true),
            ("市属、驻市有关单位", true),
            ("各政务新媒体开设单位", true),
            ("开发区管委会", true),
            ("其余乡镇人民政府", true),
            ("各相关处室", true),
            ("区直各相关单位", true),
            ("市教育局", false),
            ("市机关事务管理局", false),
            ("湾里管理局", false),
            ("城市社区管委会", false),
            ("市城市管理委员会", false),
            ("市各民主党派", false),
        ] {
            assert_eq!(is_collective(name), expected, "{name}");
        }
    }

    #[test]
    fn spellings_of_one_phrase() {
        assert_eq!(key("各市、县(区)人民政府"), key("各市县区政府"));
        assert_ne!(key("各县(区)人民政府"), key("各乡镇人民政府"));
    }
}
