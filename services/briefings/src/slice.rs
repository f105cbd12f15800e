//! A filter of matters together with the console query that says the same.

use huiyin_domain::matter::{Decision, State};
use huiyin_domain::{BEIJING, Grade, PlaceCode, SystemCode, UnitId};
use huiyin_store::{MatterFilter, PromiseFilter, PromiseState, Promptness, Proposal};
use jiff::civil::Date;
use jiff::{Span, Timestamp};

use crate::Month;
use crate::month::midnight;

/// The word of the API for "without one".
const NONE: &str = "none";

/// Some matters: as the store filters them, and as the console's address names them. Each step adds to both.
#[derive(Clone, Debug)]
pub(crate) struct Slice {
    pub(crate) filter: MatterFilter,
    pairs: Vec<(&'static str, String)>,
}

impl Slice {
    /// All matters that were not merged into another, judged at `at`.
    pub(crate) fn all(at: Timestamp) -> Slice {
        let filter = MatterFilter { unmerged: true, judged_at: at, ..MatterFilter::default() };
        Slice { filter, pairs: vec![("merged", "false".into())] }
    }

    /// Those received in a month.
    pub(crate) fn month(month: Month, at: Timestamp) -> Slice {
        Slice::all(at).received(month.first_day(), month.after().first_day())
    }

    /// Those received on a day.
    pub(crate) fn day(day: Date, at: Timestamp) -> Slice {
        Slice::all(at).received(day, day.saturating_add(Span::new().days(1)))
    }

    fn received(mut self, from: Date, to: Date) -> Slice {
        self.filter.opened_from = Some(midnight(from));
        self.filter.opened_to = Some(midnight(to));
        self.with("from", from).with("to", to)
    }

    fn with(mut self, name: &'static str, value: impl ToString) -> Slice {
        self.pairs.push((name, value.to_string()));
        self
    }

    pub(crate) fn state(mut self, state: State) -> Slice {
        self.filter.states = vec![state];
        self.with("state", state.as_str())
    }

    pub(crate) fn grade(mut self, grade: Grade) -> Slice {
        self.filter.grade = Some(grade);
        self.with("grade", grade.as_str())
    }

    /// Of a system; of none for an empty code.
    pub(crate) fn system(mut self, code: &str) -> Slice {
        self.filter.system = Some(SystemCode::new(code));
        self.with("system", if code.is_empty() { NONE } else { code })
    }

    /// In a place or below it.
    pub(crate) fn place(mut self, code: &str) -> Slice {
        self.filter.place = Some(PlaceCode::new(code));
        self.with("place", code)
    }

    /// In a place itself; without one for an empty code.
    pub(crate) fn place_itself(mut self, code: &str) -> Slice {
        self.filter.place_itself = Some(PlaceCode::new(code));
        self.with("place_itself", if code.is_empty() { NONE } else { code })
    }

    pub(crate) fn source(mut self, source: &str) -> Slice {
        self.filter.source = Some(source.into());
        self.with("source", source)
    }

    pub(crate) fn danger(mut self) -> Slice {
        self.filter.danger = Some(true);
        self.with("danger", true)
    }

    pub(crate) fn backfill(mut self) -> Slice {
        self.filter.backfill = Some(true);
        self.with("backfill", true)
    }

    pub(crate) fn abstained(mut self) -> Slice {
        self.filter.decision = Some(Decision::Abstain);
        self.with("decision", "abstain")
    }

    pub(crate) fn proposal(mut self, proposal: Proposal) -> Slice {
        self.filter.proposal = Some(proposal);
        self.with("proposal", if proposal == Proposal::Confirmed { "confirmed" } else { "changed" })
    }

    pub(crate) fn overdue(mut self) -> Slice {
        self.filter.overdue_at = Some(self.filter.judged_at);
        self.with("overdue", true)
    }

    pub(crate) fn lead(mut self, unit: &str) -> Slice {
        self.filter.lead = Some(UnitId::new(unit));
        self.with("lead", unit)
    }

    pub(crate) fn assist(mut self, unit: &str) -> Slice {
        self.filter.assist = Some(UnitId::new(unit));
        self.with("assist", unit)
    }

    pub(crate) fn response(mut self, any: &[Promptness]) -> Slice {
        self.filter.response = any.to_vec();
        self.with("response", words(any))
    }

    pub(crate) fn signed(mut self, any: &[Promptness]) -> Slice {
        self.filter.signed = any.to_vec();
        self.with("signed", words(any))
    }

    /// With a promise made in a month.
    pub(crate) fn promised_in(mut self, month: Month) -> Slice {
        let (from, to) = (month.first_day(), month.after().first_day());
        self.filter.promise = Some(PromiseFilter {
            made_from: Some(midnight(from)),
            made_to: Some(midnight(to)),
            ..PromiseFilter::default()
        });
        self.with("promised_from", from).with("promised_to", to)
    }

    /// With a promise due in a month, in any or one state.
    pub(crate) fn promise_due_in(mut self, month: Month, state: Option<PromiseState>) -> Slice {
        let (from, to) = (month.first_day(), month.after().first_day());
        let today = BEIJING.to_datetime(self.filter.judged_at).date();
        self.filter.promise = Some(PromiseFilter {
            due_from: Some(from),
            due_to: Some(to),
            state: state.map(|state| (state, today)),
            ..PromiseFilter::default()
        });
        let slice = self.with("promise_due_from", from).with("promise_due_to", to);
        let word = PromiseState::ALL.into_iter().find(|(one, _)| Some(*one) == state).map(|(_, word)| word);
        match word {
            Some(word) => slice.with("promise", word),
            None => slice,
        }
    }

    /// The console's address of the list: `/matters?…`.
    pub(crate) fn query(&self) -> String {
        let pairs: Vec<String> =
            self.pairs.iter().map(|(name, value)| format!("{name}={}", percent_encoded(value))).collect();
        format!("/matters?{}", pairs.join("&"))
    }
}

fn words(any: &[Promptness]) -> String {
    any.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(",")
}

/// Everything but unreserved characters and the comma as `%XX` (RFC 3986).
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b',') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_says_what_the_filter_does() {
        let month: Month = "2026-11".parse().unwrap();
        let at = month.to();
        let slice = Slice::month(month, at).system("城管").grade(Grade::Major).response(&[Promptness::InTime]);
        assert_eq!(
            slice.query(),
            "/matters?merged=false&from=2026-11-01&to=2026-12-01&system=%E5%9F%8E%E7%AE%A1&grade=major&response=in_time"
        );
        assert_eq!(
            Slice::all(at).place_itself("").system("").query(),
            "/matters?merged=false&place_itself=none&system=none"
        );
        assert_eq!(
            Slice::all(at).promise_due_in(month, Some(PromiseState::Broken)).query(),
            "/matters?merged=false&promise_due_from=2026-11-01&promise_due_to=2026-12-01&promise=broken"
        );
    }
}
