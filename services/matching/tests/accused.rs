//! Complaints about people in office, and who has a matter in hand, on an invented region.

mod region;

use huiyin_matching::Assessment;
use region::{assessor, post};

fn names(assessment: &Assessment) -> Vec<&str> {
    assessment.assist.iter().map(|unit| unit.name.as_str()).collect()
}

#[test]
fn a_complaint_about_people_in_office_never_goes_to_them_alone() {
    let assessor = assessor();
    for text in [
        "汀西县占道经营，城管队员没收我的秤还骂人",
        "汀西县办发票的窗口人员玩手机，问什么都不耐烦",
        "汀西县老师收礼才给排座位，学校学区乱划",
        "汀西县公安民警不出警，被诈骗三天没人理",
        "汀西县局里互相推诿，路灯占道经营投诉石沉大海",
        "汀西县村务公开全是假账，村书记把补偿款截留了",
        "汀西县来检查的人喝茶抽烟，水库采砂船照开",
        "汀西县执法人员收了两条烟，夜间施工照旧，垃圾也不管",
        "汀西县工作人员头都不抬，学区问题叫我自己看",
        "汀西县所长打牌，报警诈骗案子不予立案",
        "汀西县校长把学校补课费私分了",
        "汀西县经办人一直糊弄我，交房后物业的事没下文",
    ] {
        let assessment = assessor.assess(&post("", text, ""));
        assert!(assessment.evidence.accused, "{text}");
        if let Some(unit) = &assessment.unit {
            let assist = names(&assessment);
            assert!(!assist.is_empty() && !assist.contains(&unit.name.as_str()), "{text}: {}", assessment.reason);
            assert!(assessment.reason.contains("监督单位"), "{text}");
        }
    }
}

#[test]
fn plain_concerns_accuse_nobody() {
    let assessor = assessor();
    for text in [
        "汀西县夜市占道经营，油烟大",
        "汀西县路灯坏了一排",
        "汀西县老师和学校都很好，想问学区怎么划",
        "汀西县派出所旁边有人占道经营",
        "汀西县水库边采砂船天天响",
        "汀西县饭店不给发票",
        "汀西县物业收费没有依据，交房也拖",
        "请教育局说明学区划分，汀西县",
    ] {
        assert!(!assessor.assess(&post("", text, "")).evidence.accused, "{text}");
    }
}

#[test]
fn who_has_it_in_hand() {
    let assessor = assessor();
    for (text, unit, in_hand) in [
        ("汀西县水利局说已安排人来看，路灯还没亮", "汀西县水利局", true),
        ("汀西县派出所立案了，占道经营的还在", "汀西县公安局", true),
        ("县教体说正在处理，汀西县路灯的事", "汀西县教育体育局", true),
        ("汀西县，县水利答复我正在调查，油烟", "汀西县水利局", true),
        ("汀西县，县住建已受理，臭味照样", "汀西县住房和城乡建设局", true),
        ("区城管已经接手，东岭区采砂的船", "东岭区城市管理局", true),
        ("东岭区环保局回电话说已约谈老板，学校那边还在排", "东岭区生态环境局", true),
        ("汀西县住建局给的回复是月底前修好，学区", "汀西县住房和城乡建设局", true),
        ("汀西县房管局回话说已立案，油烟没人管", "汀西县住房和城乡建设局", true),
        ("材料已转给汀西县税务局，占道经营", "国家税务总局汀西县税务局", true),
        ("希望汀西县水利局尽快受理采砂", "汀西县水利局", false),
        ("汀西县城管说归水利局管，采砂没人理", "汀西县水利局", false),
        ("汀西县派出所让我们找水利局，水库采砂", "汀西县水利局", false),
    ] {
        let assessment = assessor.assess(&post("", text, ""));
        let name = assessment.unit.as_ref().map_or("", |unit| unit.name.as_str());
        assert_eq!(assessment.reason.contains("谁处置谁回应"), in_hand, "{text}: {}", assessment.reason);
        assert!(name == unit || (!in_hand && name.is_empty()), "{text}: {name}: {}", assessment.reason);
    }
}
