//! From the store to the figures.

mod matters;
mod shares;
mod units;

use huiyin_catalogue::Catalogue;
use huiyin_domain::BEIJING;
use huiyin_domain::matter::Matter;
use huiyin_store::{MatterFilter, MatterKey, MatterOrder, PAGE_ROWS_MAX, PromiseState, Promptness, Proposal, Store};
use jiff::Timestamp;

use crate::slice::Slice;
use crate::{BriefingError, DayFigure, Figure, InTimeRate, Month, MonthFigures};

pub(crate) use self::matters::{response_due, response_promptness, shared_title};

/// Most matters the annex lists one by one.
pub const MATTERS_MAX: usize = 10_000;
/// Matters the briefing tells of one by one.
const GRAVEST_MAX: u32 = 20;
/// Promises the briefing tells of one by one.
const PROMISES_MAX: usize = 500;

/// The figures of `month` as they stand at `now`.
///
/// # Errors
/// [`BriefingError::Future`] when the month has not begun, or what the store said.
pub async fn month_figures(
    store: &Store,
    catalogue: &Catalogue,
    month: Month,
    now: Timestamp,
) -> Result<MonthFigures, BriefingError> {
    if now < month.from() {
        return Err(BriefingError::Future(month));
    }
    let of = Scope { store, catalogue, month, now };
    Ok(MonthFigures {
        month,
        before: month.before(),
        at: now,
        complete: now >= month.to(),
        region: catalogue.region().name.clone(),
        figures: of.whole().await?,
        in_time: of.in_time().await?,
        daily: of.daily().await?,
        states: of.states().await?,
        grades: of.grades().await?,
        systems: of.systems().await?,
        places: of.places().await?,
        sources: of.sources().await?,
        units: of.units().await?,
        matters: of.gravest().await?,
        commitments: of.promises().await?,
        method: method(),
    })
}

/// The matters of a month, last received first, [`MATTERS_MAX`] at most.
///
/// # Errors
/// What the store said.
pub async fn month_matters(store: &Store, month: Month) -> Result<Vec<Matter>, BriefingError> {
    all(store, Slice::month(month, month.to()).filter, MATTERS_MAX).await
}

/// Every matter of a filter, `most` at most.
async fn all(store: &Store, filter: MatterFilter, most: usize) -> Result<Vec<Matter>, BriefingError> {
    let mut filter = MatterFilter { order: MatterOrder::Newest, limit: PAGE_ROWS_MAX, ..filter };
    let mut found = Vec::new();
    loop {
        let page = store.matters(&filter).await?;
        found.extend(page.matters);
        match page.next {
            Some(next) if found.len() < most => filter.after = Some(next),
            _ => break,
        }
    }
    found.truncate(most);
    Ok(found)
}

/// What is counted, in what, and as of when.
struct Scope<'s> {
    store: &'s Store,
    catalogue: &'s Catalogue,
    month: Month,
    now: Timestamp,
}

/// Which total a figure is.
#[derive(Clone, Copy)]
enum Total {
    Matters,
    Posts,
    Promises,
}

impl Scope<'_> {
    /// The matters of the month, and of the month before.
    fn slices(&self) -> [Slice; 2] {
        [self.month, self.month.before()].map(|month| Slice::month(month, self.now))
    }

    async fn whole(&self) -> Result<Vec<Figure>, BriefingError> {
        let response = |any: Promptness| move |slice: Slice| slice.response(&[any]);
        let mut figures = vec![
            self.figure("opened", "收录事项", Total::Matters, |slice| slice).await?,
            self.figure("posts", "涉及网帖", Total::Posts, |slice| slice).await?,
            self.figure("backfill", "补录的历史事项", Total::Matters, Slice::backfill).await?,
            self.figure("danger", "涉及生命安全的事项", Total::Matters, Slice::danger).await?,
            self.figure("abstained", "转人工研判的事项", Total::Matters, Slice::abstained).await?,
            self.figure("confirmed", "采纳建议单位的事项", Total::Matters, |slice| {
                slice.proposal(Proposal::Confirmed)
            })
            .await?,
            self.figure("changed", "改派其他单位的事项", Total::Matters, |slice| {
                slice.proposal(Proposal::Changed)
            })
            .await?,
            self.figure("in_time", "按时回应", Total::Matters, response(Promptness::InTime)).await?,
            self.figure("late", "超时回应", Total::Matters, response(Promptness::Late)).await?,
            self.figure("unanswered", "超时未回应", Total::Matters, response(Promptness::Overdue)).await?,
            self.figure("waiting", "尚在回应时限内", Total::Matters, response(Promptness::Waiting)).await?,
            self.figure("overdue", "有逾期未办环节的事项", Total::Matters, Slice::overdue).await?,
        ];
        let made = |month: Month| Slice::all(self.now).promised_in(month);
        figures.push(self.between("promises_made", "作出承诺", Total::Promises, made).await?);
        for (key, label, state) in [
            ("promises_due", "到期承诺", None),
            ("promises_kept", "到期已落实", Some(PromiseState::Kept)),
            ("promises_broken", "到期未落实", Some(PromiseState::Broken)),
            ("promises_overdue", "逾期待核查", Some(PromiseState::Overdue)),
            ("promises_open", "尚未到期", Some(PromiseState::Open)),
        ] {
            let due = |month: Month| Slice::all(self.now).promise_due_in(month, state);
            figures.push(self.between(key, label, Total::Promises, due).await?);
        }
        Ok(figures)
    }

    /// A figure of the matters received in the month.
    async fn figure(
        &self,
        key: &str,
        label: &str,
        total: Total,
        narrow: impl Fn(Slice) -> Slice,
    ) -> Result<Figure, BriefingError> {
        self.between(key, label, total, |month| narrow(Slice::month(month, self.now))).await
    }

    async fn between(
        &self,
        key: &str,
        label: &str,
        total: Total,
        slice: impl Fn(Month) -> Slice,
    ) -> Result<Figure, BriefingError> {
        let this = slice(self.month);
        let value = self.total(&this, total).await?;
        let before = self.total(&slice(self.month.before()), total).await?;
        let (unit, counts) = match total {
            Total::Matters => ("件", "matters"),
            Total::Posts => ("条", "posts"),
            Total::Promises => ("项", "promises"),
        };
        Ok(Figure {
            key: key.into(),
            label: label.into(),
            value,
            unit: unit.into(),
            before,
            change: change(value, before),
            counts: counts.into(),
            query: this.query(),
        })
    }

    async fn total(&self, slice: &Slice, total: Total) -> Result<u64, BriefingError> {
        let counted = self.store.count_matters(&slice.filter).await?;
        Ok(match total {
            Total::Matters => counted.matters,
            Total::Posts => counted.posts,
            Total::Promises => counted.promises,
        })
    }

    async fn in_time(&self) -> Result<InTimeRate, BriefingError> {
        let [this, before] = self.slices();
        let rate = async |slice: &Slice| {
            let due = self.total(&slice.clone().response(&DUE), Total::Matters).await?;
            let kept = self.total(&slice.clone().response(&[Promptness::InTime]), Total::Matters).await?;
            Ok::<_, BriefingError>((due, ratio(kept, due)))
        };
        let ((due, value), (_, before)) = (rate(&this).await?, rate(&before).await?);
        Ok(InTimeRate { value, before, due, query: this.response(&DUE).query() })
    }

    async fn daily(&self) -> Result<Vec<DayFigure>, BriefingError> {
        let [this, before] = self.slices();
        let counts = self.store.count_matters_by(&this.filter, MatterKey::Day).await?;
        let counts_before = self.store.count_matters_by(&before.filter, MatterKey::Day).await?;
        let today = BEIJING.to_datetime(self.now).date();
        let epoch = jiff::civil::date(1970, 1, 1);
        let key = |day: jiff::civil::Date| day.duration_since(epoch).as_hours().div_euclid(24).to_string();
        let mut earlier = self.month.before().days();
        let days = self.month.days().map(|date| (date, earlier.next())).take_while(|(date, _)| *date <= today);
        Ok(days
            .map(|(date, earlier)| DayFigure {
                date,
                opened: counts.get(&key(date)).copied().unwrap_or(0),
                before: earlier.map(|day| counts_before.get(&key(day)).copied().unwrap_or(0)),
                query: Slice::day(date, self.now).query(),
            })
            .collect())
    }
}

/// Responses that were due: answered, or their time is over.
const DUE: [Promptness; 3] = [Promptness::InTime, Promptness::Late, Promptness::Overdue];

fn change(value: u64, before: u64) -> i64 {
    value.cast_signed().saturating_sub(before.cast_signed())
}

/// A share from 0 to 1; none of nothing.
fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// How the figures are counted.
fn method() -> Vec<String> {
    [
        "统计范围为当月（北京时间）收录的事项，一件事项指一项公众关切，同一关切的多条网帖并为一件；已并入其他事项的不重复计数。",
        "等级以值班人员确认的为准，尚未确认的暂按系统建议等级统计；办理状态、时限落实情况以统计时点为准，上月数据按同一时点同口径重新统计。",
        "回应时限自收录之时起连续计算：特别重大、重大事项24小时内，其他事项48小时内（国办发〔2016〕61号）；经批准延期的按延期后的时限计算。仅作先期回应的不计为已回应。",
        "按时回应率＝按时回应÷（按时回应＋超时回应＋超时未回应）；尚在时限内以及无需计时的事项（补录的历史事项、时限届满前已办结或不予办理的事项）不计入。",
        "事项计入现承担第一责任的单位；协同单位单列；退回、改派后不再计入原单位。签收时限：特别重大、重大事项30分钟，其他事项2小时（工作时间），可由本单位配置。",
        "承诺按作出之日、应完成之日分别统计，是否落实由承诺单位以外的人员核查确认。",
        "属地按事项发生地的行政区划归并，“本级”指未能细分到下一级的事项；一件事项的网帖来自多个来源的，分别计入各来源。",
        "各项数据均取自政务舆情处置回应台账，可在系统中逐项查询。",
    ]
    .map(str::to_owned)
    .to_vec()
}
