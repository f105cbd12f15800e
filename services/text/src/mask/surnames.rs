//! Surnames by which a stated name is recognised: those of the 300 most common that can open a name in a post, and
//! the compound ones still in use.

use std::collections::HashSet;
use std::sync::LazyLock;

const SINGLE: &str = "\
王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金\
石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄\
聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房\
滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师仇栾隋商刁沙\
荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权\
强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋初门云容扈晁芮普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况宿鲜印\
逯隆茹诺战慕玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶元束檀衣信展阴昝智幸奉植衡富尧闭由瓮眭\
逄占郗巢水牧糜贝终洪仉都谯别习宓隗言丘訾阎么钮昌经危荀羿汲邴松弓山仰秋暴钭韶蓟溥怀鄂咸籍赖苍莘贡扶堵却璩寿郏宦鱼慎庾步弘禄融毋养蒯相红竺岂雒琚代禤缑寸招帖滑闾佴敬郦乜虢郄仵撒贲淦撖夔揣暨蹇蓬沃诸濮庹郇颉姒禚俎綦厍郤笪昃侴谌蔚褒蒿殳钦萧桓仓尕鹿";

const COMPOUND: [&str; 41] = [
    "欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "长孙", "宇文", "司徒", "夏侯",
    "端木", "百里", "南宫", "东郭", "独孤", "轩辕", "西门", "申屠", "闻人", "钟离", "淳于", "澹台", "公冶", "赫连",
    "濮阳", "呼延", "闾丘", "颛孙", "拓跋", "鲜于", "宰父", "第五", "仲孙", "东野", "公羊", "太史", "万俟",
];

static SINGLES: LazyLock<HashSet<char>> = LazyLock::new(|| SINGLE.chars().collect());

/// Whether a character is a surname.
pub(super) fn is_surname(character: char) -> bool {
    SINGLES.contains(&character)
}

/// Whether a character begins a surname of two.
pub(super) fn begins_compound(first: char) -> bool {
    COMPOUND.iter().any(|surname| surname.starts_with(first))
}

/// Whether two characters are a surname.
pub(super) fn is_compound(first: char, second: char) -> bool {
    COMPOUND.iter().any(|surname| surname.chars().eq([first, second]))
}
