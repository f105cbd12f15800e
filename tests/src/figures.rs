//! What is compared between runs.

use serde_json::{Value, json};

/// What has to be the same however and wherever the same posts ran: their fates, how many matters the machine was unsure
/// about, and the matters that were not merged into others (a merge only says that a linking post came late).
pub fn figures(counts: &Value) -> Value {
    let matters = counts["matters"].as_object().into_iter().flatten();
    let matters: u64 = matters.filter(|(state, _)| *state != "merged").filter_map(|(_, count)| count.as_u64()).sum();
    json!({
        "posts": counts["posts"], "revisions": counts["revisions"], "in_matters": counts["in_matters"],
        "asides": counts["asides"], "dead_letters": counts["dead_letters"], "abstained": counts["abstained"],
        "matters": matters,
    })
}
