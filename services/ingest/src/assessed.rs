//! An assessment as a record of the topic `assessed`.

use bytes::Bytes;
use huiyin_domain::{Candidate, Further, UnitRef};
use huiyin_matching::{Assessment, Assessor, Decision};
use huiyin_proto::Message;
use huiyin_proto::v1::{self, Assessed, Post};
use huiyin_stream::Outgoing;

/// Key of posts whose place has no prefecture-level city.
const NO_PREFECTURE: &str = "none";

/// The record for a post and what was made of it.
pub(crate) fn assessed(post: Post, assessment: &Assessment, assessor: &Assessor) -> Assessed {
    let unit = |pick: fn(&UnitRef) -> &str| assessment.unit.as_ref().map(pick).unwrap_or_default().to_owned();
    let (place, evidence) = (assessment.place.as_ref(), &assessment.evidence);
    let (decision, aside) = match assessment.decision {
        Decision::Unit => (v1::Decision::Unit, ""),
        Decision::Abstain => (v1::Decision::Abstain, ""),
        Decision::Aside(aside) => (v1::Decision::Aside, aside.as_str()),
    };
    Assessed {
        post: Some(post),
        decision: decision.into(),
        reason: assessment.reason.clone(),
        aside: aside.to_owned(),
        system: assessment.system.as_ref().map(|system| system.as_str().to_owned()).unwrap_or_default(),
        unit: unit(|unit| unit.id.as_str()),
        unit_name: unit(|unit| &unit.name),
        assist: assessment.assist.iter().map(|unit| unit.id.as_str().to_owned()).collect(),
        place_code: place.map(|place| place.code.as_str().to_owned()).unwrap_or_default(),
        place_name: place.map(|place| place.name.clone()).unwrap_or_default(),
        grade: assessment.grade.as_str().to_owned(),
        danger: assessment.danger,
        candidates: evidence.candidates.iter().map(candidate).collect(),
        catalogue: assessor.catalogue().version().as_str().to_owned(),
        model: assessor.model_version().to_owned(),
        fingerprint: assessment.fingerprint.to_bytes(),
        topic: assessment.topic.clone().unwrap_or_default(),
        possible: assessment.danger && !assessment.certain,
        danger_words: evidence.danger_words.clone(),
        accused: evidence.accused,
        demand: evidence.demand.map(|demand| demand.as_str().to_owned()).unwrap_or_default(),
        demand_words: evidence.demand_words.clone(),
        further: evidence.further.iter().map(further).collect(),
    }
}

/// The record in the log, keyed by prefecture-level place, which only routes.
pub(crate) fn outgoing(assessed: &Assessed, assessment: &Assessment, assessor: &Assessor) -> Outgoing {
    let place = assessment.place.as_ref().and_then(|place| assessor.catalogue().prefecture_of(&place.code));
    let key = place.map_or(NO_PREFECTURE, |place| place.code.as_str());
    Outgoing {
        key: Bytes::copy_from_slice(key.as_bytes()),
        payload: Bytes::from(assessed.encode_to_vec()),
        headers: Vec::new(),
        at_ms: assessed.post.as_ref().map_or(0, |post| post.received_at_us.div_euclid(1_000)),
    }
}

fn candidate(candidate: &Candidate) -> v1::Candidate {
    v1::Candidate {
        system: candidate.system.as_str().to_owned(),
        unit: candidate.unit.as_ref().map(|unit| unit.id.as_str().to_owned()).unwrap_or_default(),
        unit_name: candidate.unit.as_ref().map(|unit| unit.name.clone()).unwrap_or_default(),
        score: candidate.score,
        terms: candidate
            .terms
            .iter()
            .map(|term| v1::Term {
                text: term.text.clone(),
                weight: term.weight,
                start: u32::try_from(term.start).unwrap_or(u32::MAX),
            })
            .collect(),
        clauses: candidate
            .clauses
            .iter()
            .map(|clause| v1::Clause {
                document: clause.document.clone(),
                clause: clause.clause.clone(),
                key: clause.key.clone(),
            })
            .collect(),
        why: candidate.why.clone(),
    }
}

fn further(further: &Further) -> v1::Further {
    v1::Further {
        system: further.system.as_str().to_owned(),
        unit: further.unit.as_ref().map(|unit| unit.id.as_str().to_owned()).unwrap_or_default(),
        unit_name: further.unit.as_ref().map(|unit| unit.name.clone()).unwrap_or_default(),
        terms: further.terms.clone(),
    }
}
