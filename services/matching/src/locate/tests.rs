//! Invented posts with the place each plays in, by the catalogue of Jiangxi.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use huiyin_catalogue::{Catalogue, FILES};

use super::{Located, Locator};
use crate::lexicon::{Column, Sweep};
use crate::script::Script;

static FILES_READ: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/catalogue/jiangxi");
    let read = |name: &&str| std::fs::read(directory.join(name)).ok().map(|content| ((*name).to_owned(), content));
    FILES.iter().filter_map(read).collect()
});
static JIANGXI: LazyLock<(Catalogue, Locator)> = LazyLock::new(|| with("", ""));

fn with(office: &str, learned: &str) -> (Catalogue, Locator) {
    let mut files = FILES_READ.clone();
    for (file, csv) in [("localities.csv", office), ("learned.csv", learned)] {
        if !csv.is_empty() {
            files.insert(file.to_owned(), csv.as_bytes().to_vec());
        }
    }
    let catalogue = Catalogue::from_files(&files).expect("the sample catalogue is without fault");
    let locator = Locator::new(&catalogue);
    (catalogue, locator)
}

fn locate((catalogue, locator): &(Catalogue, Locator), text: &str, given: &str) -> Located {
    locator.locate(catalogue, &Script::new("", text), given)
}

/// The place's name; 外 for one elsewhere, 无 for none.
fn named(of: &(Catalogue, Locator), text: &str, given: &str) -> String {
    let located = locate(of, text, given);
    match (located.elsewhere, located.place) {
        (Some(_), _) => "外".to_owned(),
        (None, Some(place)) => of.0.place(&place).map(|place| place.name.clone()).unwrap_or_default(),
        (None, None) => "无".to_owned(),
    }
}

fn check(cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .map(|(text, expected)| (text, expected, named(&JIANGXI, text, "")))
        .filter(|(_, expected, found)| **expected != found)
        .map(|(text, expected, found)| format!("{text}: {expected}, found {found}"))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_short_name_is_understood_anywhere() {
    check(&[
        ("昨晚路过乐平，桥头的栏杆倒了一片", "乐平市"),
        ("想打听一下信丰现在的低保标准", "信丰县"),
        ("表弟周末骑车摔在于都，坑没人填", "于都县"),
        ("孩子转学，高安哪所初中还有学位", "高安市"),
        ("听亲戚讲上犹要通燃气了", "上犹县"),
        ("昨天半夜会昌停电到天亮", "会昌县"),
        ("每次下暴雨宜丰好几条街都泡水", "宜丰县"),
        ("有人管管崇仁夜市的油烟吗", "崇仁县"),
        ("我爸在新干看病报不了", "新干县"),
        ("家里老人住永新乡下，路没硬化", "永新县"),
        ("地震局说位于都昌的监测点坏了", "都昌县"),
        ("昨天赣县好多人家里没水", "赣县区"),
        ("今年万载鞭炮厂又响了一声", "万载县"),
    ]);
}

#[test]
fn roads_schools_words_and_persons_fool_nobody() {
    check(&[
        ("信丰路路灯全灭", "无"),
        ("上高新村门口积水", "无"),
        ("于都大道堵了一早上", "无"),
        ("由于都没有人管，垃圾堆成山", "无"),
        ("早上高峰期公交挤不上", "无"),
        ("楼上维修水管吵死人", "无"),
        ("新建的公厕三天就坏了", "无"),
        ("路边的樟树砍了十几棵", "无"),
        ("池里莲花都枯了", "无"),
        ("居委会的张永新态度差", "无"),
        ("章贡区信丰路的井盖松了", "章贡区"),
        ("青云谱区井冈山大道堵车", "青云谱区"),
        ("赣州瑞金路小学门口太挤", "赣州市"),
        ("长沙永丰村的路烂了三年", "外"),
    ]);
}

#[test]
fn county_level_cities_are_themselves() {
    check(&[
        ("乐平市住建局不接电话", "乐平市"),
        ("景德镇乐平市城管局乱收费", "乐平市"),
        ("高安市里的公交怎么停了", "高安市"),
        ("瑞金市医保局说要回户籍地办", "瑞金市"),
        ("宜春樟树市人民医院挂号难", "樟树市"),
        ("共青城市教育局一直没回复", "共青城市"),
        ("德兴市市场监管局不受理", "德兴市"),
        ("贵溪市交警大队扣了我的车", "贵溪市"),
        ("井冈山市旅游大巴宰客", "井冈山市"),
        ("昆山市住建局不管", "外"),
    ]);
    assert_eq!(named(&JIANGXI, "市里的路灯坏了", "高安市"), "高安市");
    assert_eq!(named(&JIANGXI, "市里的路灯坏了", "宜春市"), "宜春市");
}

#[test]
fn zones_by_name_and_by_kind() {
    check(&[
        ("南昌的高新区夜里打桩", "南昌高新技术产业开发区"),
        ("我在南昌，经开区这边天天停气", "南昌经济技术开发区"),
        ("昌北这边的路灯坏了半个月", "南昌经济技术开发区"),
        ("九江市的开发商在经开区圈地", "九江经济技术开发区"),
        ("抚州这边，高新区一家厂偷排", "抚州高新技术产业开发区"),
        ("宜春市民反映经开区公交太少", "宜春经济技术开发区"),
        ("赣州，经开区，小区停水", "赣州经济技术开发区"),
        ("湾里停水两天了", "湾里管理局"),
        ("鹰潭人在高新区买的房烂尾", "鹰潭高新技术产业开发区"),
        ("新余这里高新区的厂子很臭", "新余高新技术产业开发区"),
        ("上饶市民说经开区公交太少", "上饶经济技术开发区"),
        ("吉安下面的井开区夜里施工", "井冈山经济技术开发区"),
        ("昌北地铁口黑车太多", "南昌经济技术开发区"),
        ("冠山管理处的路烂了", "冠山管理处"),
        ("高新区一家厂偷排", "无"),
    ]);
    assert_eq!(named(&JIANGXI, "经开区这边停气", "南昌市"), "南昌经济技术开发区");
}

#[test]
fn where_it_happens_not_where_people_come_from() {
    check(&[
        ("从奉新坐大巴到南昌，汽车站厕所没水", "南昌市"),
        ("我是鄱阳人，现在南昌上班，公司欠薪三个月", "南昌市"),
        ("我是高安人，在南昌打工，村里修路占了我家的田", "高安市"),
        ("户口在信丰，住在章贡区，小区天天停水", "章贡区"),
        ("老家兴国，在赣州做工，包工头拖欠工资", "赣州市"),
        ("从安义嫁到进贤，合作医疗两边都不收", "进贤县"),
        ("在南昌打工回来，万安的家门口路全挖断了", "万安县"),
        ("去九江办事，回到都昌发现家里被淹", "都昌县"),
        ("从上饶坐火车到鹰潭，站外黑车拉客", "鹰潭市"),
        ("我是丰城人，来新余实习，中介不退押金", "新余市"),
        ("安福籍，吉安上班，厂里不交社保", "吉安市"),
        ("我是信丰人，在南康区开店，门店押金不退", "南康区"),
        ("户籍在遂川，人在青原区干活，老板欠工钱", "青原区"),
        ("籍贯石城，租住在南康区，房东乱涨水费", "南康区"),
        ("青云谱区和西湖区交界处没人扫", "南昌市"),
        ("从瑞金到于都的班车一天只有一趟", "赣州市"),
    ]);
}

#[test]
fn where_somebody_lives_and_where_it_happens() {
    check(&[
        ("我家住莲花，上星期在永新一家店买的灯掉下来", "永新县"),
        ("在资溪县城一家店买了干菌，回南昌家里泡开，掺着木屑", "资溪县"),
        ("家住信丰，小区三天没水", "信丰县"),
        ("家住东湖区，南昌市城管局不管楼下的摊", "东湖区"),
        ("住在章贡区，赣县区的学校食堂不干净", "赣县区"),
        ("乐平家里停水两天", "乐平市"),
    ]);
}

#[test]
fn a_town_without_its_kind_behind_its_county() {
    check(&[
        ("永新禾川一家灯具店不退货", "禾川镇"),
        ("崇仁河上那边的尿素卖完了", "河上镇"),
        ("樟树黄土岗后山冒出来七八座大坟", "黄土岗镇"),
        ("全南城厢一所中学食堂不干净", "城厢镇"),
        ("南昌莲塘有人收保护费", "莲塘镇"),
        ("修水大桥上的灯不亮", "修水县"),
        ("萍乡安源区一家养猪场排粪水", "安源区"),
    ]);
}

#[test]
fn localities_and_what_they_need_to_be_understood() {
    let office = "name,kind,place,aliases\n望汀花园,小区,360702,望汀小区\n青麓小学,学校,360102,\n青麓小学,学校,360783,\n\
        信丰路口,道路,360702,\n三里桥头,桥,361103,\n";
    let learned = "name,place,matters,of\n桐月公馆,360103,4,4\n望汀花园,360111,3,3\n";
    let of = with(office, learned);
    for (text, given, expected) in [
        ("望汀花园停水", "", "章贡区"),
        ("望汀小区电梯坏了", "", "章贡区"),
        ("青麓小学门口太堵", "", "无"),
        ("龙南的青麓小学门口太堵", "", "龙南市"),
        ("南昌青麓小学门口太堵", "", "东湖区"),
        ("青麓小学门口太堵", "赣州市", "龙南市"),
        ("信丰路口的红绿灯坏了", "", "章贡区"),
        ("桐月公馆物业跑了", "", "西湖区"),
        ("三里桥头塌了一块", "", "广丰区"),
        ("桐月公馆和望汀花园都停水", "", "无"),
    ] {
        assert_eq!(named(&of, text, given), expected, "{text} {given}");
    }
}

#[test]
fn only_the_city_is_named() {
    for (text, given, expected) in [
        ("南昌的流动摊贩没人管", "", true),
        ("流动摊贩没人管", "360100", true),
        ("南昌的流动摊贩没人管", "360102", false),
        ("东湖区的流动摊贩没人管", "", false),
        ("流动摊贩没人管", "", false),
        ("青云谱区和西湖区交界处没人扫", "", false),
    ] {
        assert_eq!(locate(&JIANGXI, text, given).only_prefecture, expected, "{text} {given}");
    }
}

#[test]
fn words_inside_names_are_no_subject() {
    let subjects = ["港口", "交通", "电力", "学校", "工业园", "停水", "路灯", "教师"];
    for (text, left) in [
        ("港口街镇停水", vec!["停水"]),
        ("住在电力小区，停水", vec!["停水"]),
        ("交通路路灯不亮", vec!["路灯"]),
        ("交通路口路灯不亮", vec!["交通", "路灯"]),
        ("教师新村停水", vec!["停水"]),
        ("学校路灯不亮", vec!["学校", "路灯"]),
        ("学校路的路灯不亮", vec!["路灯"]),
        ("永丰县工业园区停水", vec!["停水"]),
        ("港口的路灯不亮", vec!["港口", "路灯"]),
        ("电力花园停水", vec!["停水"]),
        ("交通大道停水", vec!["停水"]),
        ("港口街道上停水", vec!["港口", "停水"]),
    ] {
        let (catalogue, locator) = &*JIANGXI;
        let sweep = Sweep::new([subjects.to_vec(), vec![], vec![], locator.words(), vec![], vec![], vec![], vec![]]);
        let mut script = Script::with_words("", text, &sweep);
        let located = locator.locate(catalogue, &script, "");
        script.hide(&located.names);
        let found: Vec<&str> =
            script.spans(Column::Subjects).filter_map(|(start, end)| script.whole().get(start..end)).collect();
        assert_eq!(found, left, "{text}");
    }
}
