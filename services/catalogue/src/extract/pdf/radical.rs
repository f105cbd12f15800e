//! Radicals to the characters they look like: many programs that write PDF take a character's glyph for that of the
//! radical of the same shape, so that 水 comes out as ⽔.

/// The Kangxi radicals, U+2F00 to U+2FD5, as characters (their compatibility decompositions in Unicode).
const KANGXI: &str = "一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾干幺广廴廾弋\
    弓彐彡彳心戈戶手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮皿目矛矢石\
    示禸禾穴立竹米糸缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷豆豕豸貝赤走足身車辛辰辵邑酉釆里金長\
    門阜隶隹雨靑非面革韋韭音頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠";

/// Those of the supplement (from U+2E80) that are whole characters of today's texts.
const SUPPLEMENT: &str = "⺟母⺠民⻁虎⻄西⻅见⻆角⻉贝⻋车⻑長⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻬齐⻮齿⻰龙⻳龟";

/// The character meant.
pub(super) fn unified(c: char) -> char {
    match c {
        '\u{2f00}'..='\u{2fd5}' => KANGXI.chars().nth((u32::from(c) - 0x2f00) as usize).unwrap_or(c),
        '\u{2e80}'..='\u{2eff}' => SUPPLEMENT.split_once(c).and_then(|(_, after)| after.chars().next()).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::{KANGXI, unified};

    #[test]
    fn radicals_become_characters() {
        assert_eq!(KANGXI.chars().count(), 214);
        for (radical, expected) in
            [('⼀', '一'), ('⽔', '水'), ('⿕', '龠'), ('⻓', '长'), ('⻔', '门'), ('水', '水'), ('⺀', '⺀')]
        {
            assert_eq!(unified(radical), expected);
        }
    }
}
