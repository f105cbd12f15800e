//! Danger to life by the head in the starter model: what is flagged, what rings, and which words are shown.

mod region;

use std::sync::Arc;

use huiyin_domain::Grade;
use huiyin_matching::{Assessor, Model};
use region::post;

fn assessor() -> Assessor {
    let bytes = include_bytes!("../../../deploy/model/starter.bin");
    let model = Model::from_bytes(bytes).expect("the model that is shipped");
    assert!(model.head("danger").is_some(), "run deploy/model/train");
    Assessor::with_model(region::assessor().shared_catalogue(), Some(Arc::new(model)))
}

#[test]
fn the_plain_sentences_are_flagged() {
    let assessor = assessor();
    for text in [
        "于都县有房子着火了",
        "有个小孩掉进窨井里了",
        "燃气泄漏,味道很大",
        "有人跳江了",
        "吃了一瓶安眠药叫不醒",
        "电梯困人,老人晕倒",
        "十几个孩子集体呕吐",
        "高压线掉地上冒火花",
        "山体滑坡把房子冲了",
    ] {
        let assessment = assessor.assess(&post("", text, ""));
        assert!(assessment.danger && assessment.grade <= Grade::Considerable, "{text}");
        assert!(!assessment.evidence.danger_words.is_empty(), "{text}: no words");
        let words = &assessment.evidence.danger_words;
        assert!(words.iter().all(|word| text.contains(word.as_str())), "{text}: {words:?}");
    }
}

#[test]
fn dangers_and_what_sounds_like_them() {
    let assessor = assessor();
    let table = [
        ("我爸把门顶死了，屋里一股炭味，喊他半天不作声", true),
        ("二楼的窗户往外滚黑烟，有个老太太在里面拍玻璃", true),
        ("卖菜的大姐脚一滑进了河，只看见手在水面上", true),
        ("他拿刀顶着店员的脖子，让大家都别动", true),
        ("孙女吃果冻噎着了，脸都紫了", true),
        ("挖机挖断了气管，嗤嗤地响，旁边还有人抽烟", true),
        ("后山的土一直往下掉，我家墙裂开手掌宽", true),
        ("孩子他妈留了封信就不见了，电话关机，车停在大桥上", true),
        ("工地架子倒了，底下压着好几个人", true),
        ("大货车翻在沟里，司机卡在驾驶室满脸是血", true),
        ("老板天天催，我要被逼疯了", false),
        ("昨晚电影里那段大火拍得真好", false),
        ("去年厂里着火的赔偿款什么时候发", false),
        ("请问办理燃气过户要带什么材料", false),
        ("社区下周组织消防演练，欢迎参加", false),
        ("小区的路灯坏了好几盏，晚上走路看不清", false),
        ("这家火锅辣得要命，排队排到天荒地老", false),
        ("提醒大家雨天不要去河边玩水", false),
        ("井盖有点松，车过去咣当响，麻烦修一下", false),
        ("鱼塘的鱼翻白肚了，保险怎么赔", false),
    ];
    let wrong: Vec<&str> = table
        .into_iter()
        .filter(|(text, danger)| assessor.assess(&post("", text, "")).danger != *danger)
        .map(|(text, _)| text)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn one_clause_in_a_long_letter_is_heard() {
    let assessor = assessor();
    let long = "我们小区物业费每平方米涨了五毛，没有公示，也没有征求业主意见，希望住建局核查收费依据。\
        门口的快递柜也一直占着消防登高面。另外三楼的独居老人倒在厨房叫不应，门缝里有煤气味。\
        停车位的问题也请一并答复，谢谢。";
    let assessment = assessor.assess(&post("关于物业费上涨的投诉", long, ""));
    assert!(assessment.danger);
    let without = long.replace("另外三楼的独居老人倒在厨房叫不应，门缝里有煤气味。", "");
    let assessment = assessor.assess(&post("关于物业费上涨的投诉", &without, ""));
    assert!(!assessment.danger && !assessment.certain);
}
