//! Posts with the machine's proposal.

use std::collections::HashMap;

use huiyin_catalogue::Catalogue;
use huiyin_domain::Evidence;
use huiyin_search::{Found, Hit, Item, Marks};
use huiyin_store::{PostPage, PostRow};
use huiyin_text::readable;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::PlaceName;
use crate::search::FacetsView;

/// A page of posts, last received first.
#[derive(Serialize, ToSchema)]
pub(crate) struct PostPageView {
    /// The posts.
    posts: Vec<PostView>,
    /// Give it as `cursor` for the next page; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// With `q`: posts that fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
    /// With `q`: counts over all that fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    facets: Option<FacetsView>,
}

/// One post as stored: masked.
#[derive(Serialize, ToSchema)]
pub(crate) struct PostView {
    /// Source.
    source: String,
    /// The source's own id of it.
    id: String,
    /// 0 for the first text received, 1 for the next.
    revision: u32,
    /// Masked title; empty when it had none or was erased.
    title: String,
    /// Masked text; empty once erased.
    text: String,
    /// Link to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// When it reached us.
    received_at: Timestamp,
    /// When its source published it.
    #[serde(skip_serializing_if = "Option::is_none")]
    published_at: Option<Timestamp>,
    /// `matter` or `aside`.
    fate: &'static str,
    /// Why it was set aside, as a stable word.
    #[serde(skip_serializing_if = "Option::is_none")]
    aside: Option<String>,
    /// Why, in Chinese.
    reason: String,
    /// The matter it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    matter: Option<String>,
    /// What the machine proposed.
    assessment: AssessmentView,
    /// With `q`: where its words stand.
    #[serde(skip_serializing_if = "Option::is_none")]
    marked: Option<MarkedView>,
}

/// Where the words of a query stand: from and to (not included), in characters.
#[derive(Serialize, ToSchema)]
struct MarkedView {
    /// In the title.
    #[schema(value_type = Vec<Vec<usize>>)]
    title_marks: Marks,
    /// The part of the text with most of the words.
    snippet: String,
    /// In the snippet.
    #[schema(value_type = Vec<Vec<usize>>)]
    marks: Marks,
}

/// The machine's proposal (研判建议).
#[derive(Serialize, ToSchema)]
struct AssessmentView {
    /// `unit`, `abstain` or `aside`.
    decision: String,
    /// System.
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<String>,
    /// Unit proposed to lead.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_name: Option<String>,
    /// Units proposed to assist.
    assist: Vec<String>,
    /// Place.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<PlaceName>,
    /// Grade suggested.
    grade: String,
    /// Words of danger to life.
    danger: bool,
    /// What it rests on: candidates, the best first; words of danger; whether a unit is complained about; kind of demand;
    /// further concerns.
    #[serde(flatten)]
    evidence: Evidence,
    /// Catalogue version it rests on.
    catalogue: String,
    /// Model version it rests on.
    model: String,
}

impl PostPageView {
    pub(crate) fn of(page: PostPage) -> PostPageView {
        PostPageView {
            next: page.next.map(|cursor| cursor.to_string()),
            posts: page.posts.into_iter().map(PostView::of).collect(),
            total: None,
            facets: None,
        }
    }

    /// What the index found, in its order, as it stands in the store.
    pub(crate) fn found(
        found: Found,
        rows: Vec<PostRow>,
        next: Option<String>,
        catalogue: Option<&Catalogue>,
    ) -> PostPageView {
        let mut rows: HashMap<Item, PostRow> =
            rows.into_iter().map(|row| (Item::Post(row.post.clone()), row)).collect();
        let post = |hit: Hit| {
            let mut view = PostView::of(rows.remove(&hit.item)?);
            view.marked =
                Some(MarkedView { title_marks: hit.title_marks, snippet: readable(&hit.snippet), marks: hit.marks });
            Some(view)
        };
        PostPageView {
            posts: found.hits.into_iter().filter_map(post).collect(),
            next,
            total: Some(found.total as u64),
            facets: Some(FacetsView::of(found.facets, catalogue)),
        }
    }
}

impl PostView {
    fn of(row: PostRow) -> PostView {
        let given = |text: String| Some(text).filter(|text| !text.is_empty());
        let assessment = row.assessment;
        PostView {
            source: row.post.source,
            id: row.post.id,
            revision: row.revision,
            title: readable(&row.title),
            text: readable(&row.text),
            url: row.url,
            received_at: row.received_at,
            published_at: row.published_at,
            fate: row.fate.as_str(),
            aside: row.aside,
            reason: row.reason,
            matter: row.matter.map(|matter| matter.to_string()),
            assessment: AssessmentView {
                decision: assessment.decision,
                system: given(assessment.system),
                unit: given(assessment.unit),
                unit_name: given(assessment.unit_name),
                assist: assessment.assist,
                place: given(assessment.place).map(|code| PlaceName { code, name: assessment.place_name }),
                grade: assessment.grade,
                danger: assessment.danger,
                evidence: assessment.evidence,
                catalogue: assessment.catalogue,
                model: assessment.model,
            },
            marked: None,
        }
    }
}
