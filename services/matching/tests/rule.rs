//! The rule of responsibility on an invented region: who, where, why, and when not.

mod region;

use std::sync::LazyLock;

use huiyin_domain::Grade;
use huiyin_matching::{Aside, Assessment, Assessor, Decision, Scope, Subject};
use proptest::prelude::*;
use region::{assessor, post};

/// For tests that judge hundreds of texts: building one takes longer than judging.
static ASSESSOR: LazyLock<Assessor> = LazyLock::new(assessor);

fn unit_name(assessment: &Assessment) -> &str {
    assessment.unit.as_ref().map_or("", |unit| unit.name.as_str())
}

#[test]
fn subject_and_place_give_the_unit() {
    let assessor = assessor();
    for (title, text, place, expected) in [
        ("学区划分不公", "学校的学区怎么划的", "990121", "汀西县教育体育局"),
        ("学区划分不公", "学校的学区怎么划的", "江汀市汀西县", "汀西县教育体育局"),
        ("汀西县学区划分不公", "学校的学区怎么划的", "", "汀西县教育体育局"),
        ("江汀市学区划分不公", "学校的学区怎么划的", "", "江汀市教育局"),
        ("学区划分不公", "全省的学区都该公开", "", "岭北省教育厅"),
        ("占道经营没人管", "麦屿镇老街占道经营", "990121", "汀西县城市管理局"),
        ("麦屿镇村务公开", "村务公开栏三年没换", "", "麦屿镇人民政府"),
        ("发票", "饭店不给发票", "东岭区", "国家税务总局东岭区税务局"),
        ("公积金提取", "公积金提取失败", "东岭区", "江汀市住房公积金管理中心"),
        ("物业", "物业不作为，交房两年没人管", "东岭区", "东岭区住房和城乡建设局"),
        ("夜间施工", "江汀高新区夜间施工", "", "江汀高新区管理委员会"),
        ("城关镇采砂", "河里采砂", "柏川县", "柏川县水利局"),
        ("柏川县城关镇采砂", "河里采砂", "", "柏川县水利局"),
        ("采砂", "在柏川住了多年，河里一直采砂", "", "柏川县水利局"),
        ("路灯", "路灯不亮", "990102001005", "东岭区城市管理局"),
    ] {
        let assessment = assessor.assess(&post(title, text, place));
        assert_eq!(unit_name(&assessment), expected, "{title} {place}: {}", assessment.reason);
        assert_eq!(assessment.decision, Decision::Unit);
        assert!(assessment.evidence.candidates.len() >= 3, "{title}");
    }
}

#[test]
fn places() {
    let assessor = assessor();
    for (text, place, expected) in [
        ("采砂", "", None),
        ("采砂", "某地", None),
        ("汀西路的路灯", "", None),
        ("江汀大道的路灯", "东岭区", Some("990102")),
        ("砚池的路灯", "东岭区", Some("990102001")),
        ("砚池的路灯", "柏川县", Some("990221")),
        ("东岭区和汀西县的路灯", "", Some("990100")),
        ("东岭区和柏川县的路灯", "", Some("990000")),
        ("东岭区的路灯，东岭区，比汀西县差", "", Some("990102")),
        ("东岭区的路灯", "江汀市", Some("990102")),
        ("汀西县城关镇的路灯", "", Some("990121101")),
        ("城关镇的路灯", "", None),
        ("全省的路灯", "990102", Some("990102")),
    ] {
        let assessment = assessor.assess(&post("", text, place));
        let code = assessment.place.as_ref().map(|place| place.code.as_str());
        assert_eq!(code, expected, "{text} {place}");
    }
}

#[test]
fn abstains_and_says_why() {
    let assessor = assessor();
    for (text, place, reason) in [
        ("大家看看这件事情", "东岭区", "没有能判断主管系统的内容"),
        ("工地旁边", "东岭区", "依据不足"),
        ("油烟和烧烤", "汀西县", "难分主次"),
        ("路灯不亮", "", "没有写明属地"),
        ("村务公开", "东岭区", "哪个乡镇"),
    ] {
        let assessment = assessor.assess(&post("", text, place));
        assert_eq!(assessment.decision, Decision::Abstain, "{text}: {}", assessment.reason);
        assert!(assessment.reason.contains(reason), "{text}: {}", assessment.reason);
        assert!(assessment.unit.is_none());
    }
}

#[test]
fn who_is_handling_answers() {
    let assessor = assessor();
    for (text, expected) in [
        ("河边的垃圾和废气，县采砂办已受理", "汀西县河道采砂管理办公室"),
        ("河边的垃圾，水利局正在处理", "汀西县水利局"),
        ("河边的垃圾，多次向水利局反映", "汀西县城市管理局"),
        ("垃圾和路灯，环保局说不归他们管", "汀西县城市管理局"),
    ] {
        let assessment = assessor.assess(&post("", text, "汀西县"));
        assert_eq!(unit_name(&assessment), expected, "{text}: {}", assessment.reason);
    }
}

#[test]
fn a_clause_names_lead_and_assisting_units() {
    let assessment = assessor().assess(&post("烧烤油烟", "楼下烧烤的油烟", "东岭区"));
    assert_eq!(unit_name(&assessment), "东岭区城市管理局", "{}", assessment.reason);
    assert!(assessment.reason.contains("东府字〔2026〕1号 一.1"), "{}", assessment.reason);
    let assist: Vec<&str> = assessment.assist.iter().map(|unit| unit.name.as_str()).collect();
    assert_eq!(assist, ["东岭区生态环境局"]);
    let first = assessment.evidence.candidates.first().unwrap();
    assert_eq!(first.clauses.first().map(|clause| clause.key.as_str()), Some("dl2026"));
}

#[test]
fn a_complaint_about_a_unit_goes_with_its_overseer() {
    let assessment = assessor().assess(&post("教体局不作为", "学校补课，县教体局推诿", "汀西县"));
    assert_eq!(unit_name(&assessment), "汀西县教育体育局");
    let assist: Vec<&str> = assessment.assist.iter().map(|unit| unit.name.as_str()).collect();
    assert_eq!(assist, ["汀西县人民政府办公室"]);
}

#[test]
fn what_is_asked_of_a_unit_is_not_in_its_hands() {
    let assessor = assessor();
    for (text, expected) in [
        ("路灯不亮，东岭区城市管理局已受理", true),
        ("路灯不亮，已转交东岭区城市管理局", true),
        ("路灯不亮，东岭区城市管理局承诺月底修好", true),
        ("路灯不亮，请东岭区城市管理局负责处理", false),
        ("路灯不亮，希望转交东岭区城市管理局", false),
        ("路灯不亮，东岭区城市管理局不予立案", false),
        ("路灯不亮，东岭区城市管理局没有兑现承诺", false),
        ("路灯不亮，建议东岭区城市管理局牵头", false),
    ] {
        let assessment = assessor.assess(&post("", text, "东岭区"));
        assert_eq!(assessment.reason.contains("已在处置"), expected, "{text}: {}", assessment.reason);
    }
}

#[test]
fn danger_is_set_aside_for_no_place() {
    let assessor = assessor();
    for place in ["", "湖东省云浦市"] {
        let assessment = assessor.assess(&post("", "我在云浦市的桥上，真的不想活了", place));
        assert_eq!(assessment.decision, Decision::Abstain);
        assert!(assessment.danger && assessment.unit.is_none(), "{}", assessment.reason);
        assert!(assessment.reason.contains("人身安全"), "{}", assessment.reason);
    }
}

#[test]
fn asides() {
    let assessor = assessor();
    for (title, text, place, expected) in [
        ("云浦市路灯不亮", "云浦的路灯", "", Some(Aside::Elsewhere)),
        ("路灯不亮", "路灯", "湖东省云浦市", Some(Aside::Elsewhere)),
        ("路灯不亮", "路灯", "980102", Some(Aside::Elsewhere)),
        ("路灯不亮", "老家东岭区的路灯，我在云浦打工", "", None),
        ("老家云浦的路灯", "我在江汀打工，云浦的路灯不亮", "", Some(Aside::Elsewhere)),
        ("路灯不亮", "云浦路的路灯", "", None),
        ("路灯不亮", "和云浦一样的路灯", "东岭区", None),
        ("", "", "东岭区", Some(Aside::Empty)),
        ("代开发票", "普票专票都有，加微信详谈", "东岭区", Some(Aside::Spam)),
    ] {
        let assessment = assessor.assess(&post(title, text, place));
        let aside = match assessment.decision {
            Decision::Aside(aside) => Some(aside),
            _ => None,
        };
        assert_eq!(aside, expected, "{title} {text}: {}", assessment.reason);
        let anywhere = assessor.assess(&Subject { scope: Scope::Anywhere, ..post(title, text, place) });
        assert_ne!(anywhere.decision, Decision::Aside(Aside::Elsewhere));
    }
}

#[test]
fn danger_is_flagged_even_when_abstaining() {
    let assessment = assessor().assess(&post("", "我真的不想活了", "东岭区"));
    assert!(assessment.danger);
    assert_eq!(assessment.grade, Grade::Considerable);
    assert_eq!(assessment.evidence.danger_words, ["不想活了"]);
    assert_eq!(assessment.decision, Decision::Abstain);
}

#[test]
fn evidence_adds_up_and_points_into_the_text() {
    let (title, text) = ("学校补课 ABC", "学校周末补课，学校还收钱；城管说路灯也坏了");
    let assessment = assessor().assess(&post(title, text, "东岭区"));
    let whole = format!("{title}\n{text}");
    for candidate in &assessment.evidence.candidates {
        assert_eq!(candidate.score, candidate.terms.iter().map(|term| term.weight).sum::<f64>());
        assert!(!candidate.why.is_empty());
        for term in &candidate.terms {
            assert!(whole.get(term.start..).is_some_and(|rest| rest.starts_with(&term.text)), "{term:?}");
        }
    }
    let scores: Vec<f64> = assessment.evidence.candidates.iter().map(|candidate| candidate.score).collect();
    assert!(scores.is_sorted_by(|one, other| one >= other), "{scores:?}");
}

proptest! {
    #[test]
    fn any_text_is_assessed(title in "\\PC{0,20}", text in any::<String>(), place in "\\PC{0,12}") {
        for scope in [Scope::Region, Scope::Anywhere] {
            let subject = Subject { scope, ..post(&title, &text, &place) };
            let (one, other) = (ASSESSOR.assess(&subject), ASSESSOR.assess(&subject));
            prop_assert!(!one.reason.is_empty());
            prop_assert_eq!(format!("{one:?}"), format!("{other:?}"));
        }
    }

    #[test]
    fn words_in_any_order_are_assessed(words in prop::collection::vec(
        prop::sample::select(vec!["东岭区", "汀西", "城关镇", "云浦", "路灯", "向", "水利局", "反映", "不归", "县", "自杀", "3人", "死亡",
            "加微信", "，", "\n", "A1区", "望汀花园", "投诉", "烧烤", "油烟", "环保局", "正在处理"]), 0..24)) {
        let text: String = words.concat();
        let assessment = ASSESSOR.assess(&post("", &text, ""));
        prop_assert!(!assessment.reason.is_empty());
    }
}
