//! The words of a clause: those that set it apart from other clauses, and the systems they speak for.

use std::collections::{BTreeMap, HashMap, HashSet};

use huiyin_domain::SystemCode;
use huiyin_text::{Segmenter, normalise};

use crate::adopting::body::plain;
use crate::catalogue::Catalogue;

/// Words kept of a clause.
const TERMS_MAX: usize = 32;
/// A word in more than this share of the clauses sets none apart.
const SHARE_MAX: f64 = 0.34;
/// Weight of terms from which a system counts as spoken for: one telling term, or several hints.
const SYSTEM_WEIGHT_MIN: f64 = 3.0;
/// Words that every such document is full of; they say nothing of its subject.
const OFFICIAL: &str = "公开 信息 工作 推进 加强 建设 做好 落实 完善 制度 机制 发布 及时 相关 有关 管理 服务 部门 单位 责任 牵头 负责 \
按照 要求 进一步 深入 持续 全面 重点 积极 推动 组织 实施 开展 提高 提升 强化 健全 建立 规范 优化 深化 加快 加大 扎实 切实 有效 \
政府 人民政府 政务 政策 解读 回应 关切 群众 社会 内容 方面 情况 通过 以及 并且 对于 根据 依法 依据 为了 进行 实现 确保 保障 促进 \
不断 充分 统筹 协调 指导 监督 检查 考核 评估 培训 宣传 力度 水平 质量 能力 体系 平台 网站 栏目 渠道 方式 措施 任务 目标 方案 意见 \
通知 文件 规定 办法 标准 程序 流程 事项 范围 领域 重大 重要 主要 关键 各级 各地 全市 全省 全县 全区 全国 国家 省级 市级 县级 我市 \
我省 我区 我县 本市 年底 年度 全年 每年 长期 坚持 完成 时限 月底 期限 职责 分工 配合 参与 协同 共同 联合 围绕 聚焦 坚决 \
发挥 作用 引导 鼓励 支持 创新 改革 发展 经济 高质量 决策 执行 结果 主动 运行 过程 行政 公众 申请 依申请 目录 清单 数据 系统 \
第一 第二 之一 一批 一次 一个 两个 三个 基础 基本 具体 明确 合理 科学 严格 认真 正确 良好 有序 稳步 着力 大力 努力 力争 \
附件 备注 序号 说明 其中 包括 等等 以上 以下 以内 之间 期间 同时 此外 另外 如何 可以 应当 必须 需要 不得 没有 这个 那个 \
范文 示范 试点 引领 抓好 抓实 做到 形成 打造 构建 营造 增强 改进 改善 健康 稳定 安全 问题 需求 意识 形势 精神 思想 会议 \
信息公开 人员 其他 企事业 公共 材料 差异 实质性 市政府 省政府 县政府 区政府 汇报 审查 审核 审批 办理 处理 整改 督查 督促 督导 问责 追究 绩效 评价 统计 分析 研究 制定 修订 出台 印发 起草 草案 征求 听取";

/// Looks at clauses against all the clauses there are.
pub(crate) struct Words<'c> {
    catalogue: &'c Catalogue,
    segmenter: Segmenter,
    official: HashSet<&'static str>,
    /// In how many clauses each word stands.
    frequency: HashMap<String, usize>,
    clauses: usize,
}

/// What a clause's words say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    /// Words that set the clause apart, the most telling first.
    pub(crate) terms: Vec<String>,
    /// Systems its own words speak for, the strongest first.
    pub(crate) systems: Vec<SystemCode>,
}

impl<'c> Words<'c> {
    /// `texts` are the clauses taken in now; those of the catalogue are counted too.
    pub(crate) fn new<'t>(catalogue: &'c Catalogue, texts: impl Iterator<Item = &'t str>) -> Words<'c> {
        let mut words = Words {
            catalogue,
            segmenter: Segmenter::new(catalogue.words()),
            official: OFFICIAL.split_whitespace().collect(),
            frequency: HashMap::new(),
            clauses: 0,
        };
        let known: Vec<String> = catalogue
            .clauses()
            .map(|clause| clause.text.clone().unwrap_or_else(|| clause.summary.clone()))
            .chain(texts.map(str::to_owned))
            .collect();
        for text in known {
            for word in words.cut(&normalise(&text)).into_keys() {
                *words.frequency.entry(word).or_default() += 1;
            }
            words.clauses += 1;
        }
        words
    }

    /// What a clause says; `names` are the names of units in it, which are no subject.
    pub(crate) fn of(&self, text: &str, names: &[&str]) -> Said {
        let mut subject = normalise(text);
        let mut names: Vec<String> = names.iter().map(|name| normalise(name)).collect();
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        for name in names.iter().filter(|name| name.chars().count() >= 3) {
            subject = subject.replace(name.as_str(), "\n");
        }
        let counts = self.cut(&subject);
        let mut scored: Vec<(f64, &String)> =
            counts.iter().filter_map(|(word, count)| Some((self.score(word, *count)?, word))).collect();
        scored.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.cmp(other.1)));
        Said {
            terms: scored.into_iter().take(TERMS_MAX).map(|(_, word)| word.clone()).collect(),
            systems: self.systems(&subject),
        }
    }

    /// Words of a text with how often they stand there.
    fn cut(&self, text: &str) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for token in self.segmenter.cut(text) {
            let word = token.text;
            let length = word.chars().count();
            let han = word.chars().all(|character| ('\u{4E00}'..='\u{9FFF}').contains(&character));
            let number =
                word.chars().any(|character| "一二三四五六七八九十百千万亿年月日".contains(character)) && length == 2;
            if (2..=8).contains(&length) && han && !number && !self.official.contains(word) && !self.is_name(word) {
                *counts.entry(word.to_owned()).or_default() += 1;
            }
        }
        counts
    }

    /// Rare words in the clause weigh more; those the catalogue knows as terms of the public weigh double.
    fn score(&self, word: &str, count: usize) -> Option<f64> {
        let frequency = self.frequency.get(word).copied().unwrap_or(1).max(1);
        let clauses = self.clauses.max(1);
        if frequency > 2 && frequency as f64 > clauses as f64 * SHARE_MAX {
            return None;
        }
        let rarity = ((clauses as f64 + 1.0) / (frequency as f64 + 0.5)).ln();
        let known = self.catalogue.terms().iter().any(|term| term.term == word);
        Some((1.0 + (count as f64).ln()) * rarity * if known { 2.0 } else { 1.0 })
    }

    /// Systems whose terms stand in the text, the strongest first.
    fn systems(&self, text: &str) -> Vec<SystemCode> {
        let mut found: BTreeMap<&SystemCode, f64> = BTreeMap::new();
        for term in self.catalogue.terms().iter().filter(|term| text.contains(&term.term)) {
            if !self.official.contains(term.term.as_str()) {
                *found.entry(&term.system).or_default() += term.weight;
            }
        }
        let strong = found.into_iter().filter(|(_, weight)| *weight >= SYSTEM_WEIGHT_MIN);
        let mut strong: Vec<(f64, &SystemCode)> = strong.map(|(system, weight)| (weight, system)).collect();
        strong.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.cmp(other.1)));
        strong.into_iter().map(|(_, system)| system.clone()).collect()
    }

    fn is_name(&self, word: &str) -> bool {
        self.catalogue.place_names.contains_key(word) || self.catalogue.unit_names.contains_key(word)
    }
}

/// Whether a clause is about answering public opinion itself: such a one bears on matters of every subject.
pub(crate) fn is_of_every_subject(text: &str) -> bool {
    let text = plain(text);
    let opinion = text.contains("舆情") || text.contains("群众关切") || text.contains("社会关切");
    opinion && (text.contains("回应") || text.contains("处置"))
}

/// A heading in a few words: up to the first full stop, or the first half sentence where that is long.
pub(crate) fn summary(text: &str) -> String {
    const CHARS_MAX: usize = 40;
    let first = text.split(['。', '；', '\n', '！', '？']).map(str::trim).find(|part| !part.is_empty()).unwrap_or(text);
    let short =
        if first.chars().count() <= CHARS_MAX { first } else { first.split(['，', ',']).next().unwrap_or(first) };
    let kept: String = short.chars().take(CHARS_MAX).collect();
    if kept.chars().count() < short.chars().count() { format!("{kept}…") } else { kept }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_are_short() {
        for (text, expected) in [
            ("规范物业收费。物业服务企业应当公示收费标准。", "规范物业收费"),
            ("一句没有句号的话", "一句没有句号的话"),
            ("", ""),
        ] {
            assert_eq!(summary(text), expected);
        }
        assert!(summary(&"长".repeat(100)).chars().count() <= 41);
    }

    #[test]
    fn clauses_on_opinion_are_of_every_subject() {
        assert!(is_of_every_subject("健全政务舆情收集、研判、处置和回应机制"));
        assert!(!is_of_every_subject("做好义务教育招生信息公开"));
    }
}
