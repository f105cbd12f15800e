//! One assessed record, read and checked.

use huiyin_domain::{
    Candidate, ClauseRef, Demand, Evidence, Further, Grade, MatterNo, PlaceCode, PostRef, SystemCode, TermHit, UnitId,
    UnitRef,
};
use huiyin_matching::grouping::{Sketch, Source};
use huiyin_proto::Message;
use huiyin_proto::v1::{self, Assessed, Decision};
use huiyin_store::AssessmentRow;
use huiyin_stream::Incoming;
use huiyin_text::Fingerprint;
use jiff::Timestamp;

use crate::opening::{Opening, Proposal, headline};

/// An assessed post, ready to be grouped and stored.
pub(super) struct Record {
    pub(super) post: PostRef,
    pub(super) digest: String,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) url: String,
    pub(super) place_given: String,
    pub(super) received_at: Timestamp,
    pub(super) published_at: Option<Timestamp>,
    pub(super) backfill: bool,
    /// Why set aside, as a stable word; empty for a concern.
    pub(super) aside: String,
    pub(super) reason: String,
    pub(super) grade: Grade,
    /// A danger that is not certain.
    pub(super) possible: bool,
    pub(super) assessment: AssessmentRow,
    /// What grouping compares of the post.
    pub(super) sketch: Sketch,
    pub(super) fingerprint: Fingerprint,
}

impl Record {
    /// Reads a record; the error says what is wrong with it, in Chinese, for the list of dead letters.
    pub(super) fn read(record: &Incoming) -> Result<Record, String> {
        let assessed =
            Assessed::decode(record.payload.clone()).map_err(|error| format!("研判记录无法读取：{error}"))?;
        let post = assessed.post.clone().ok_or("研判记录缺少网帖（post）")?;
        for (field, text) in [("source", &post.source), ("id", &post.id), ("digest", &post.digest)] {
            if text.is_empty() {
                return Err(format!("研判记录缺少 {field}"));
            }
        }
        let texts = [&post.source, &post.id, &post.title, &post.text, &post.url, &post.place, &assessed.reason];
        if texts.iter().any(|text| text.contains('\0')) {
            return Err("研判记录含有非法字符 U+0000".into());
        }
        let time = |micros: i64, field: &str| {
            Timestamp::from_microsecond(micros).map_err(|_| format!("研判记录的 {field} 超出范围"))
        };
        let decision = match assessed.decision() {
            Decision::Unit => "unit",
            Decision::Abstain => "abstain",
            Decision::Aside if !assessed.aside.is_empty() => "aside",
            Decision::Aside => return Err("研判记录为“搁置”但没有原因（aside）".into()),
            Decision::Unspecified => return Err("研判记录没有结论（decision）".into()),
        };
        let grade = Grade::parse(&assessed.grade).ok_or_else(|| "研判记录的等级（grade）无法识别".to_owned())?;
        let fingerprint = Fingerprint::from_bytes(&assessed.fingerprint)
            .ok_or_else(|| "研判记录的指纹（fingerprint）长度不对".to_owned())?;
        let received_at = time(post.received_at_us, "received_at_us")?;
        let published_at = post.published_at_us.map(|at| time(at, "published_at_us")).transpose()?;
        let at = dated(published_at, received_at, post.backfill);
        let sketch = sketch(&post.title, &post.text, &fingerprint, &assessed.place_code, at);
        Ok(Record {
            post: PostRef { source: post.source, id: post.id },
            digest: post.digest,
            title: post.title,
            text: post.text,
            url: post.url,
            place_given: post.place,
            received_at,
            published_at,
            backfill: post.backfill,
            aside: assessed.aside.clone(),
            reason: assessed.reason.clone(),
            grade,
            possible: assessed.possible,
            sketch,
            fingerprint,
            assessment: AssessmentRow {
                decision: decision.into(),
                evidence: evidence(&assessed),
                system: assessed.system,
                unit: assessed.unit,
                unit_name: assessed.unit_name,
                assist: assessed.assist,
                place: assessed.place_code,
                place_name: assessed.place_name,
                grade: assessed.grade,
                danger: assessed.danger,
                catalogue: assessed.catalogue,
                model: assessed.model,
            },
        })
    }

    /// What the machine proposes of it.
    pub(super) fn proposal(&self) -> Proposal {
        Proposal::of_assessment(&self.assessment, self.grade)
    }

    /// The matter this post opens.
    pub(super) fn opening(&self, follows: Option<MatterNo>) -> Opening {
        Opening {
            post: self.post.clone(),
            received_at: self.received_at,
            published_at: self.published_at,
            backfill: self.backfill,
            danger: self.assessment.danger,
            possible: self.possible,
            proposal: self.proposal(),
            follows,
            beside: None,
        }
    }

    /// The title of a matter this post opens: its own, or the beginning of its text.
    pub(super) fn headline(&self) -> String {
        headline(if self.title.trim().is_empty() { &self.text } else { &self.title })
    }
}

/// What grouping compares of a post.
pub(super) fn sketch(title: &str, text: &str, fingerprint: &Fingerprint, place: &str, at: Option<Timestamp>) -> Sketch {
    let place = (!place.is_empty()).then(|| PlaceCode::new(place));
    Sketch::new(&Source { title, text, fingerprint, place: place.as_ref(), at })
}

/// When a post was written, as far as grouping may rely on it: a backfill says nothing about that by its arrival.
pub(super) fn dated(published_at: Option<Timestamp>, received_at: Timestamp, backfill: bool) -> Option<Timestamp> {
    published_at.or_else(|| (!backfill).then_some(received_at))
}

/// What the proposal rests on.
fn evidence(assessed: &Assessed) -> Evidence {
    Evidence {
        candidates: assessed.candidates.iter().map(candidate).collect(),
        danger_words: assessed.danger_words.clone(),
        accused: assessed.accused,
        demand: Demand::parse(&assessed.demand),
        demand_words: assessed.demand_words.clone(),
        further: assessed
            .further
            .iter()
            .map(|one| Further {
                system: SystemCode::new(&one.system),
                unit: unit(&one.unit, &one.unit_name),
                terms: one.terms.clone(),
            })
            .collect(),
    }
}

fn candidate(of: &v1::Candidate) -> Candidate {
    let term = |term: &v1::Term| TermHit { text: term.text.clone(), weight: term.weight, start: term.start as usize };
    let clause = |clause: &v1::Clause| ClauseRef {
        key: clause.key.clone(),
        document: clause.document.clone(),
        clause: clause.clause.clone(),
    };
    Candidate {
        system: SystemCode::new(&of.system),
        unit: unit(&of.unit, &of.unit_name),
        score: of.score,
        terms: of.terms.iter().map(term).collect(),
        clauses: of.clauses.iter().map(clause).collect(),
        why: of.why.clone(),
    }
}

fn unit(id: &str, name: &str) -> Option<UnitRef> {
    (!id.is_empty()).then(|| UnitRef { id: UnitId::new(id), name: name.to_owned() })
}
