//! Answers of now beside answers of then.

use serde_json::Value;

/// A longer text is written down as its beginning and its length.
const TEXT_CHARS_MAX: usize = 40;
const TEXT_CHARS_KEPT: usize = 24;

/// Names every field that `was` has and `is` has not, or otherwise.
pub fn compare(path: &str, was: &Value, is: &Value, differences: &mut Vec<String>) {
    match (was, is) {
        (Value::Object(fields), Value::Object(_)) => {
            for (name, field) in fields {
                compare(&format!("{path}.{name}"), field, &is[name], differences);
            }
        }
        // Of the units that could be meant the first alone is written down.
        (Value::Array(before), Value::Array(now))
            if before.len() == now.len() || path.ends_with(".candidates") && before.len() < now.len() =>
        {
            for (number, (before, now)) in before.iter().zip(now).enumerate() {
                compare(&format!("{path}[{number}]"), before, now, differences);
            }
        }
        (Value::String(before), Value::String(now)) if *before == brief(now) => {}
        // 6 and 6.0 are one number.
        (Value::Number(before), Value::Number(now)) if before.as_f64() == now.as_f64() => {}
        _ if was == is => {}
        _ => differences.push(format!("{path}: {was} then, {is} now")),
    }
}

/// A text as it is written down.
fn brief(text: &str) -> String {
    let length = text.chars().count();
    if length <= TEXT_CHARS_MAX {
        return text.to_owned();
    }
    format!("{}…{length}", text.chars().take(TEXT_CHARS_KEPT).collect::<String>())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_lost_field_is_a_difference_and_a_new_one_is_not() {
        let long = "一".repeat(TEXT_CHARS_MAX + 1);
        let was =
            json!({ "no": "1", "posts": [{ "id": "a" }], "text": format!("{}…41", "一".repeat(TEXT_CHARS_KEPT)) });
        for (is, differences) in [
            (json!({ "no": "1", "posts": [{ "id": "a" }], "text": long, "new": 1 }), vec![]),
            (json!({ "no": "1", "posts": [{ "id": "a" }] }), vec!["m.text"]),
            (json!({ "no": "1", "posts": [], "text": long }), vec!["m.posts"]),
            (json!({ "no": null, "posts": [{ "id": "b" }], "text": long }), vec!["m.no", "m.posts[0].id"]),
        ] {
            let mut found = Vec::new();
            compare("m", &was, &is, &mut found);
            let found: Vec<&str> = found.iter().filter_map(|one| one.split(':').next()).collect();
            assert_eq!(found, differences, "{is}");
        }
    }
}
