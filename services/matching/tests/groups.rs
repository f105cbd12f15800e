//! Grouping: symmetric, and the same whatever order posts arrive in.

mod region;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use huiyin_catalogue::Catalogue;
use huiyin_domain::PlaceCode;
use huiyin_matching::grouping::{Grouper, Sketch, Source, same_concern};
use huiyin_matching::{Assessor, Scope, Subject};
use huiyin_text::Fingerprint;
use proptest::prelude::*;
use region::{assessor, post};

/// Posts of each matter, whatever the matters are called.
fn matters(posts: &[(&str, String, &str)]) -> BTreeSet<BTreeSet<String>> {
    let assessor = assessor();
    let mut grouper = Grouper::new();
    for (id, text, place) in posts {
        grouper.push(id, "", text, None, &assessor.assess(&post("", text, place)));
    }
    let mut matters: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for (id, number) in grouper.finish() {
        matters.entry(number).or_default().insert(id.to_owned());
    }
    matters.into_values().collect()
}

const COMPLAINT: &str =
    "望汀花园三栋楼下的烧烤店每天营业到凌晨两点，油烟和噪音让人无法休息，打了几次热线都没有下文，请尽快处理";

#[test]
fn matters_do_not_depend_on_the_order() {
    let mut posts = vec![
        ("a", COMPLAINT.to_owned(), "东岭区"),
        ("b", COMPLAINT.replace("两点", "三点"), "东岭区"),
        ("c", COMPLAINT.to_owned(), "汀西县"),
        ("d", COMPLAINT.replace("望汀花园", "桐月小区"), "东岭区"),
        ("e", "路灯不亮".to_owned(), "东岭区"),
        ("f", COMPLAINT.replace("请尽快处理", "请领导尽快安排人处理这件事情"), "东岭区"),
        ("g", String::new(), "东岭区"),
        ("h", String::new(), "东岭区"),
    ];
    let expected = matters(&posts);
    assert!(expected.contains(&BTreeSet::from(["a", "b", "f"].map(str::to_owned))), "{expected:?}");
    assert!(expected.contains(&BTreeSet::from(["c".to_owned()])), "{expected:?}");
    assert!(expected.contains(&BTreeSet::from(["d".to_owned()])), "{expected:?}");
    assert!(expected.contains(&BTreeSet::from(["g".to_owned()])), "{expected:?}");
    for turn in 0..posts.len() {
        posts.rotate_left(1);
        posts.swap(turn, 0);
        assert_eq!(matters(&posts), expected);
    }
}

#[test]
fn the_same_trouble_at_many_estates_stays_many_matters() {
    let estates = ["杏汀", "桤林", "榆塘", "枫港", "槐陂", "柚岸", "桂坪", "梧堤"];
    let troubles = ["路灯整排不亮", "路灯一到半夜就灭", "路灯杆歪了没人扶", "路灯忽明忽暗晃眼"];
    let assessor = assessor();
    let mut grouper = Grouper::new();
    for (at, estate) in estates.iter().enumerate() {
        let trouble = |turn: usize| troubles[(at + turn) % troubles.len()];
        let title = format!("{estate}花园{}", trouble(0));
        let text = format!("{estate}花园门口{}，旁边{}，反映多次没有结果，请派人来看看。", trouble(0), trouble(1));
        let number = grouper.push(estate, &title, &text, None, &assessor.assess(&post(&title, &text, "东岭区")));
        assert_eq!(number, at + 1, "{estate}");
    }
}

#[test]
fn a_post_that_links_two_matters_merges_them_under_the_elder() {
    // Neighbours are near repeats, the ends are not.
    let step = |step: usize| -> String {
        let other = |at: usize| char::from_u32(0x4e00 + u32::try_from(at * 97 % 5_000).unwrap_or(0)).unwrap_or('一');
        COMPLAINT.chars().enumerate().map(|(at, one)| if at < step * 4 { other(at) } else { one }).collect()
    };
    let steps = COMPLAINT.chars().count() / 4;
    let assessor = assessor();
    let mut grouper = Grouper::new();
    let mut push = |at: usize| {
        let text = step(at);
        // A letter: of a message without a title, another word in a copy would make another matter.
        grouper.push(&at.to_string(), "投诉", &text, None, &assessor.assess(&post("投诉", &text, "东岭区")))
    };
    assert_eq!((push(0), push(steps)), (1, 2), "the ends are too far apart");
    for at in 1..steps {
        push(at);
    }
    assert!(grouper.finish().all(|(_, matter)| matter == 1), "{:?}", grouper.finish().collect::<Vec<_>>());
}

/// Pairs written for this test and for fitting (`tests/grouping/fit.py`), with real places of the catalogue that is shipped.
#[test]
fn accounts_of_one_event_join_and_others_stay_apart() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/catalogue/jiangxi");
    let read = |name: &&str| Some(((*name).to_owned(), std::fs::read(format!("{directory}/{name}")).ok()?));
    let files: BTreeMap<String, Vec<u8>> = huiyin_catalogue::FILES.iter().filter_map(read).collect();
    let assessor = Assessor::with_model(Arc::new(Catalogue::from_files(&files).unwrap()), None);
    let (mut same, mut joined, mut others, mut apart) = (0, 0, 0, 0);
    for line in include_str!("grouping/pairs.jsonl").lines() {
        let pair: serde_json::Value = serde_json::from_str(line).unwrap();
        let mut grouper = Grouper::new();
        let mut push = |side: &str| {
            let (text, time) = (pair[side]["text"].as_str().unwrap(), pair[side]["time"].as_str().unwrap());
            let time: jiff::civil::DateTime = time.replace(' ', "T").parse().unwrap();
            let at = huiyin_domain::BEIJING.to_timestamp(time).unwrap();
            let subject = Subject { title: "", text, place: "", on: time.date(), scope: Scope::Region };
            grouper.push(side, "", text, Some(at), &assessor.assess(&subject))
        };
        let is_joined = push("a") == push("b");
        if pair["same"].as_bool().unwrap() {
            (same, joined) = (same + 1, joined + usize::from(is_joined));
        } else {
            (others, apart) = (others + 1, apart + usize::from(!is_joined));
        }
    }
    assert!(joined * 100 >= same * 78, "{joined} of {same} joined");
    assert!(apart * 100 >= others * 90, "{apart} of {others} apart");
}

#[test]
fn slots_part_what_words_would_join() {
    let at = |hours: i64| jiff::Timestamp::from_second(1_780_000_000 + hours * 3_600).ok();
    let assessor = assessor();
    for (one, other, hours, expected) in [
        ("汀西县麦屿镇桐月小区停水", "汀西县麦屿镇桐月小区停电", 1, false),
        ("汀西县麦屿镇桐月小区停电", "汀西县麦屿镇桐月小区停气", 1, false),
        ("汀西县麦屿镇桐月小区断网", "汀西县麦屿镇桐月小区停水", 1, false),
        ("汀西县麦屿镇桐月小区停水", "汀西县麦屿镇桐月小区又停水", 24 * 70, false),
        ("汀西县麦屿镇桐月小区停水", "汀西县麦屿镇桐月小区又停水", 2, true),
        ("汀西县第三小学食堂饭菜有虫", "三小的食堂吃出虫子，汀西县管不管", 20, true),
        ("汀西县三小食堂饭菜有虫", "汀西县五小食堂饭菜有虫", 20, false),
        ("汀西县青麓路路灯不亮", "汀西县鹭岸路路灯不亮", 1, false),
        ("汀西县青麓路有个大坑，电动车摔了", "青麓路那个坑还没填，汀西县修路的呢", 20, true),
        ("汀西县工商银行取款机吞卡", "汀西县农商行取款机吞卡", 1, false),
        ("汀西县高龄补贴没到账", "汀西县种粮补贴没到账", 1, false),
        ("汀西县桤塘村路烂了", "汀西县榆港村路烂了", 1, false),
        ("汀西县青麓路工地半夜施工", "青麓路打桩到两点，汀西县没人管", 24 * 30, true),
    ] {
        let mut grouper = Grouper::new();
        let mut push = |id: &str, text: &str, hours: i64| {
            grouper.push(id, "", text, at(hours), &assessor.assess(&post("", text, "")))
        };
        assert_eq!(push("a", one, 0) == push("b", other, hours), expected, "{one} / {other}");
    }
}

proptest! {
    #[test]
    fn same_concern_is_symmetric(one in "[ABC路街小区望汀花园麦屿镇的，0-9]{0,60}", edit in "[路街园镇B区]{0,6}", at in 0usize..60,
        places in prop::array::uniform2(prop::option::of(prop::sample::select(vec!["990000", "990100", "990102", "990102001", "X99010001", "X9", ""])))) {
        let cut = one.char_indices().nth(at).map_or(one.len(), |(index, _)| index);
        let (front, back) = one.split_at(cut);
        let other = format!("{front}{edit}{back}");
        let texts = [one.as_str(), other.as_str()];
        let fingerprints = texts.map(Fingerprint::of);
        let places = places.map(|place| place.map(PlaceCode::new));
        let sketch = |index: usize| {
            let (text, fingerprint, place) = (texts[index], &fingerprints[index], places[index].as_ref());
            Sketch::new(&Source { title: "", text, fingerprint, place, at: None })
        };
        prop_assert_eq!(same_concern(&sketch(0), &sketch(1)), same_concern(&sketch(1), &sketch(0)));
    }
}
