//! Reading matters. A liaison sees those that were ever given to its unit, and is told of no others.

pub(crate) mod entries;
pub(crate) mod list;
pub(crate) mod posts;
pub(crate) mod show;

use huiyin_domain::matter::Matter;
use huiyin_domain::{Actor, MatterNo, Role};

use crate::ApiState;
use crate::problem::{ApiError, Code};

/// Longest number of a matter, in bytes.
const NO_BYTES_MAX: usize = 40;

/// A number as it stands in a path or body.
pub(crate) fn matter_no(text: &str) -> Result<MatterNo, ApiError> {
    let valid = !text.is_empty()
        && text.len() <= NO_BYTES_MAX
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if valid {
        Ok(MatterNo::new(text))
    } else {
        Err(ApiError::new(Code::NotFound, "没有这个事项，请核对编号"))
    }
}

/// The matter, if `actor` may see it. What may not be seen is not found.
pub(crate) async fn visible(state: &ApiState, no: &MatterNo, actor: &Actor) -> Result<Matter, ApiError> {
    let found = state.store().matter(no).await?.filter(|matter| may_see(matter, actor));
    found.ok_or_else(|| ApiError::new(Code::NotFound, format!("没有事项 {no}，或您无权查看，请核对编号")))
}

/// A liaison sees what was given to its unit, whatever became of it, unless it was taken back at once; all other roles see
/// everything.
pub(crate) fn may_see(matter: &Matter, actor: &Actor) -> bool {
    let given =
        |matter: &Matter| matter.assignments.iter().any(|one| !one.withdrawn && Some(&one.unit) == actor.unit.as_ref());
    actor.role != Role::Liaison || given(matter)
}
