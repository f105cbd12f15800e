//! Figures against a count by hand over generated matters.

use std::collections::BTreeSet;

use huiyin_briefings::{Month, MonthFigures, month_figures};
use huiyin_domain::matter::{Commitment, Decision, Matter, State};
use huiyin_domain::{BEIJING, Deadline, DeadlineKind, PlaceCode, SystemCode};

use crate::world::*;

/// How the response stands, told from the matter itself.
fn response(matter: &Matter) -> &'static str {
    standing(matter.deadlines.iter().filter(|one| one.kind == DeadlineKind::Response).collect())
}

fn standing(deadlines: Vec<&Deadline>) -> &'static str {
    let unmet: Vec<_> = deadlines.iter().filter(|one| one.met_at.is_none()).collect();
    if deadlines.is_empty() {
        "none"
    } else if unmet.iter().any(|one| one.due < now()) {
        "overdue"
    } else if !unmet.is_empty() {
        "waiting"
    } else if deadlines.iter().any(|one| one.met_at.unwrap() > one.due) {
        "late"
    } else {
        "in_time"
    }
}

#[tokio::test]
async fn figures_equal_a_count_by_hand() {
    let world = world(600).await;
    let figures = Box::pin(month_figures(&world.store, &world.catalogue, november(), now())).await.unwrap();
    let of = |month: Month| -> Vec<&Matter> {
        let kept = world.matters.iter().filter(|one| one.state != State::Merged);
        kept.filter(|one| month.from() <= one.received_at && one.received_at < month.to()).collect()
    };
    let (this, before) = (of(november()), of(november().before()));
    assert!(this.len() > 100 && before.len() > 100, "enough to count");
    let check = |key: &str, fits: &dyn Fn(&Matter) -> bool| {
        let figure = figures.figure(key).unwrap();
        let count = |all: &[&Matter]| all.iter().filter(|one| fits(one)).count() as u64;
        assert_eq!((figure.value, figure.before), (count(&this), count(&before)), "{key}, seed {SEED}");
        assert_eq!(figure.change, figure.value.cast_signed() - figure.before.cast_signed());
    };
    let lead = |matter: &Matter| matter.lead().map(|lead| lead.unit.clone());
    check("opened", &|_| true);
    check("backfill", &|one| one.backfill);
    check("danger", &|one| one.danger);
    check("abstained", &|one| one.suggestion.decision == Decision::Abstain);
    check("confirmed", &|one| lead(one).is_some() && lead(one) == one.suggestion.unit);
    check("changed", &|one| {
        one.suggestion.decision == Decision::Unit && lead(one).is_some() && lead(one) != one.suggestion.unit
    });
    for (key, word) in [("in_time", "in_time"), ("late", "late"), ("unanswered", "overdue"), ("waiting", "waiting")] {
        check(key, &|one| response(one) == word);
    }
    check("overdue", &|one| one.deadlines.iter().any(|one| one.met_at.is_none() && one.due < now()));
    let posts: u64 = this.iter().map(|one| u64::from(one.posts)).sum();
    assert_eq!(figures.figure("posts").unwrap().value, posts);
    check_promises(&world, &figures);
    check_shares(&this, &before, &figures);
    check_units(&this, &figures);
    let daily: u64 = figures.daily.iter().map(|day| day.opened).sum();
    assert_eq!((daily, figures.daily.len()), (this.len() as u64, 22), "days up to today");
    let in_time = this.iter().filter(|one| response(one) == "in_time").count() as f64;
    assert!((figures.in_time.value.unwrap() - in_time / figures.in_time.due as f64).abs() < 1e-9);
}

fn check_promises(world: &World, figures: &MonthFigures) {
    let today = BEIJING.to_datetime(now()).date();
    let month = november();
    let kept = world.matters.iter().filter(|one| one.state != State::Merged);
    let all: Vec<&Commitment> = kept.flat_map(|one| &one.commitments).collect();
    let due = |one: &Commitment| month.first_day() <= one.due && one.due < month.after().first_day();
    let check = |key: &str, fits: &dyn Fn(&Commitment) -> bool| {
        let expected = all.iter().filter(|one| fits(one)).count() as u64;
        assert_eq!(figures.figure(key).unwrap().value, expected, "{key}, seed {SEED}");
    };
    check("promises_made", &|one| month.from() <= one.at && one.at < month.to());
    check("promises_due", &due);
    check("promises_kept", &|one| due(one) && one.kept == Some(true));
    check("promises_broken", &|one| due(one) && one.kept == Some(false));
    check("promises_overdue", &|one| due(one) && one.kept.is_none() && one.due < today);
    check("promises_open", &|one| due(one) && one.kept.is_none() && one.due >= today);
    let told: BTreeSet<_> = figures.commitments.iter().map(|one| (&one.matter, one.number)).collect();
    assert_eq!(told.len(), figures.commitments.len(), "each promise is told once");
}

/// By what a matter is counted.
type Key<'k> = &'k dyn Fn(&Matter) -> String;

fn check_shares(this: &[&Matter], before: &[&Matter], figures: &MonthFigures) {
    let text = |code: Option<&str>| code.unwrap_or_default().to_owned();
    let place = |one: &Matter| match one.place.as_ref().map(PlaceCode::as_str) {
        Some("990101") => "990100".to_owned(),
        other => text(other),
    };
    let keys: [(&str, Key<'_>, &[huiyin_briefings::Share]); 5] = [
        ("state", &|one| one.state.as_str().into(), &figures.states),
        ("grade", &|one| one.grade_in_force().as_str().into(), &figures.grades),
        ("system", &|one| text(one.system.as_ref().map(SystemCode::as_str)), &figures.systems),
        ("place", &place, &figures.places),
        ("source", &|one| one.first_post.source.clone(), &figures.sources),
    ];
    for (name, key, shares) in keys {
        let count = |all: &[&Matter], code: &str| all.iter().filter(|one| key(one) == code).count() as u64;
        for share in shares {
            let expected = (count(this, &share.code), count(before, &share.code));
            assert_eq!((share.matters, share.before), expected, "{name} {}, seed {SEED}", share.code);
            assert!(!share.name.is_empty());
        }
        assert_eq!(shares.iter().map(|share| share.matters).sum::<u64>(), this.len() as u64, "{name} adds up");
    }
}

fn check_units(this: &[&Matter], figures: &MonthFigures) {
    assert_eq!(figures.units.len(), UNITS.len());
    for unit in &figures.units {
        let led: Vec<_> =
            this.iter().filter(|one| one.lead().is_some_and(|lead| lead.unit.as_str() == unit.unit)).collect();
        let count = |word: &str| led.iter().filter(|one| response(one) == word).count() as u64;
        assert_eq!(unit.assigned, led.len() as u64, "{}", unit.unit);
        let counts = (unit.in_time, unit.late, unit.overdue, unit.waiting);
        assert_eq!(counts, (count("in_time"), count("late"), count("overdue"), count("waiting")), "{}", unit.unit);
        assert_eq!(unit.answered, unit.in_time + unit.late);
        let signed = led.iter().filter(|one| {
            let number = one.lead().unwrap().number;
            let sign = one.deadlines.iter().filter(|one| one.kind == DeadlineKind::Sign);
            standing(sign.filter(|one| one.assignment == Some(number)).collect()) == "in_time"
        });
        assert_eq!(unit.accepted_in_time, signed.count() as u64, "{}", unit.unit);
    }
}
