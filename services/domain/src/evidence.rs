//! What the machine found in a post (研判依据): one type from judging to the API, the console and what is stored.

use serde::{Deserialize, Serialize};

use crate::{PlaceCode, SystemCode, UnitId};

/// Everything an officer needs to agree or disagree with a proposal, beside the proposal itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Evidence {
    /// Best first. At least three where the post gives any ground; empty when set aside.
    pub candidates: Vec<Candidate>,
    /// The words that grade and danger to life rest on, in order of the text.
    pub danger_words: Vec<String>,
    /// The post complains about a unit or its people: that unit never answers alone.
    pub accused: bool,
    /// What kind of demand it is; a person sets or confirms it. None where nothing tells.
    pub demand: Option<Demand>,
    /// The words that the kind of demand rests on, in order of the text.
    pub demand_words: Vec<String>,
    /// Other concerns of the same post, which an officer may open as matters of their own. Strongest first.
    pub further: Vec<Further>,
}

impl Evidence {
    /// What of this speaks for `system` alone: the evidence of a matter opened for a further concern of the post, whose title,
    /// line feed and text are `whole`. Danger and kind of demand are the first concern's; a complaint may be about anyone.
    pub fn of_further(&self, system: &SystemCode, unit: Option<UnitRef>, why: String, whole: &str) -> Evidence {
        let judged = self.candidates.iter().find(|one| one.system == *system);
        let words = self.further.iter().filter(|one| one.system == *system).flat_map(|one| &one.terms);
        let term = |word: &String| {
            let known = judged.and_then(|one| one.terms.iter().find(|term| term.text == *word)).cloned();
            let start = || whole.find(word.as_str()).unwrap_or(0);
            known.unwrap_or_else(|| TermHit { text: word.clone(), weight: 1.0, start: start() })
        };
        let terms: Vec<TermHit> = words.map(term).collect();
        let score = terms.iter().map(|term| term.weight).sum();
        let clauses = judged.map(|one| one.clauses.clone()).unwrap_or_default();
        let candidate = Candidate { system: system.clone(), unit, score, terms, clauses, why };
        Evidence { candidates: vec![candidate], accused: self.accused, ..Evidence::default() }
    }
}

/// A system and its unit that may be responsible.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Candidate {
    /// The line of work.
    pub system: SystemCode,
    /// Its unit for the place, where there is one.
    #[serde(flatten, with = "flat")]
    #[cfg_attr(feature = "schema", schema(value_type = FlatUnit))]
    pub unit: Option<UnitRef>,
    /// Sum of the weights of `terms`; 0.0 for one that is only offered as a way out.
    pub score: f64,
    /// What spoke for it, weightiest first.
    pub terms: Vec<TermHit>,
    /// The clauses it rests on, weightiest first, at most three. Each names the unit, or a collective that holds it.
    pub clauses: Vec<ClauseRef>,
    /// Why this one, or why not, in Chinese.
    pub why: String,
}

/// Another concern of a post whose strongest one is about something else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Further {
    /// The line of work.
    pub system: SystemCode,
    /// Its unit for the place, where there is one.
    #[serde(flatten, with = "flat")]
    #[cfg_attr(feature = "schema", schema(value_type = FlatUnit))]
    pub unit: Option<UnitRef>,
    /// The words it rests on, in order of the text.
    pub terms: Vec<String>,
}

/// A unit with the name it has on the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct UnitRef {
    /// Its id in the catalogue; derived units have one too.
    pub id: UnitId,
    /// Its official name.
    pub name: String,
}

/// A place with its official name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PlaceRef {
    /// Its code.
    pub code: PlaceCode,
    /// Its official name.
    pub name: String,
}

/// A word of the post that spoke for a candidate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TermHit {
    /// The word.
    pub text: String,
    /// What it adds to the score, repeats and title included.
    pub weight: f64,
    /// Byte offset of its first place in title, line feed and text, as stored.
    pub start: usize,
}

/// A clause by its document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ClauseRef {
    /// Key of the document in the catalogue.
    #[serde(default)]
    pub key: String,
    /// Number of the document (文号), or its title where it has none.
    pub document: String,
    /// Number of the clause as the document writes it.
    pub clause: String,
}

/// Kind of demand (诉求类型). The machine only suggests one; a person sets or confirms it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Demand {
    /// 求助
    Help,
    /// 投诉
    Complaint,
    /// 举报
    Report,
    /// 咨询
    Inquiry,
    /// 建议
    Suggestion,
    /// 表扬
    Praise,
}

impl Demand {
    /// All kinds, in the order of lists.
    pub const ALL: [Demand; 6] =
        [Demand::Help, Demand::Complaint, Demand::Report, Demand::Inquiry, Demand::Suggestion, Demand::Praise];

    /// The word an official reads.
    pub fn chinese(self) -> &'static str {
        match self {
            Demand::Help => "求助",
            Demand::Complaint => "投诉",
            Demand::Report => "举报",
            Demand::Inquiry => "咨询",
            Demand::Suggestion => "建议",
            Demand::Praise => "表扬",
        }
    }

    /// The word used in records, columns and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Demand::Help => "help",
            Demand::Complaint => "complaint",
            Demand::Report => "report",
            Demand::Inquiry => "inquiry",
            Demand::Suggestion => "suggestion",
            Demand::Praise => "praise",
        }
    }

    /// Reads either word; `None` for anything else.
    pub fn parse(word: &str) -> Option<Demand> {
        Demand::ALL.into_iter().find(|demand| demand.as_str() == word || demand.chinese() == word)
    }
}

/// A unit beside other fields, as records and the API have always had it: `unit` and `unit_name`, both empty for none.
#[derive(Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
struct FlatUnit {
    /// Its id in the catalogue.
    unit: String,
    /// Its official name.
    unit_name: String,
}

mod flat {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{FlatUnit, UnitRef};
    use crate::UnitId;

    pub(super) fn serialize<S: Serializer>(unit: &Option<UnitRef>, to: S) -> Result<S::Ok, S::Error> {
        let flat = unit.as_ref().map(|unit| FlatUnit { unit: unit.id.to_string(), unit_name: unit.name.clone() });
        flat.unwrap_or_default().serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<UnitRef>, D::Error> {
        let FlatUnit { unit, unit_name } = FlatUnit::deserialize(from)?;
        Ok((!unit.is_empty()).then(|| UnitRef { id: UnitId::new(unit), name: unit_name }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_demand_are_read_by_either_word() {
        for demand in Demand::ALL {
            assert_eq!(Demand::parse(demand.as_str()), Some(demand));
            assert_eq!(Demand::parse(demand.chinese()), Some(demand));
        }
        assert_eq!(Demand::parse("其他"), None);
    }

    #[test]
    fn of_a_further_concern_only_its_own_words_speak() {
        let system = SystemCode::new("医保");
        let hit = |text: &str, weight| TermHit { text: text.into(), weight, start: 40 };
        let clause = ClauseRef { key: "k".into(), document: "条例".into(), clause: "第四条".into() };
        let judged = Candidate {
            system: system.clone(),
            unit: None,
            score: 9.0,
            terms: vec![hit("医保", 4.0), hit("路", 5.0)],
            clauses: vec![clause.clone()],
            why: "次选".into(),
        };
        let terms = vec!["医保".to_owned(), "报销".to_owned()];
        let found = Evidence {
            candidates: vec![Candidate { system: SystemCode::new("城管"), ..judged.clone() }, judged],
            danger_words: vec!["漏电".into()],
            accused: true,
            demand: Some(Demand::Help),
            further: vec![Further { system: system.clone(), unit: None, terms }],
            ..Evidence::default()
        };
        let own = found.of_further(&system, None, "另立".into(), "\n路灯漏电，问医保报销");
        let [candidate] = own.candidates.as_slice() else { panic!("{own:?}") };
        let terms: Vec<_> = candidate.terms.iter().map(|term| (term.text.as_str(), term.weight, term.start)).collect();
        assert_eq!(terms, [("医保", 4.0, 40), ("报销", 1.0, "\n路灯漏电，问医保".len())]);
        assert_eq!((candidate.score, &candidate.clauses), (5.0, &vec![clause]));
        assert!(own.accused && own.danger_words.is_empty() && own.demand.is_none() && own.further.is_empty());
    }

    #[test]
    fn candidates_stored_by_earlier_versions_are_read() {
        let stored = r#"{"system":"城管","unit":"360102-城管","unit_name":"东湖区城市管理局","score":4.0,
            "terms":[{"text":"路灯","weight":4.0,"start":0}],"clauses":[{"document":"条例","clause":"第四条"}],"why":"路灯"}"#;
        let candidate: Candidate = serde_json::from_str(stored).unwrap();
        assert_eq!(candidate.unit.as_ref().map(|unit| unit.name.as_str()), Some("东湖区城市管理局"));
        let again = serde_json::to_string(&candidate).unwrap();
        assert_eq!(serde_json::from_str::<Candidate>(&again).unwrap(), candidate);
        let none: Candidate = serde_json::from_str(
            r#"{"system":"城管","unit":"","unit_name":"","score":0.0,"terms":[],"clauses":[],"why":"无"}"#,
        )
        .unwrap();
        assert_eq!(none.unit, None);
    }
}
