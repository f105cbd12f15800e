//! Posts in JSON: one object, or an array of them. Reads only the fields of a post and never repeats content in errors.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::raw::Field;
use crate::{RawPost, Refused};

/// From here on a floating-point number may have lost digits: an integer of more than 20 digits is read as one.
const EXACT_BELOW: f64 = 1e15;

/// Which key holds which field.
#[derive(Clone, Debug)]
pub(crate) struct Keys([String; 7]);

impl Default for Keys {
    /// The names of the contract: `source`, `id`, `title`, `text`, `time`, `place`, `url`.
    fn default() -> Keys {
        Keys(Field::ALL.map(|field| field.as_str().to_owned()))
    }
}

impl Keys {
    /// Reads `field` from `key`.
    pub(crate) fn set(&mut self, field: Field, key: &str) {
        for (at, slot) in Field::ALL.into_iter().zip(&mut self.0) {
            if at == field {
                key.clone_into(slot);
            }
        }
    }

    fn field(&self, key: &str) -> Option<Field> {
        Field::ALL.into_iter().zip(&self.0).find(|(_, known)| *known == key).map(|(field, _)| field)
    }
}

/// One JSON object in `text`.
pub(crate) fn parse_object(text: &str, keys: &Keys) -> Result<RawPost, Refused> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let item = Item(keys).deserialize(&mut reader).and_then(|item| reader.end().map(|()| item));
    item.unwrap_or_else(|error| Err(malformed(&error)))
}

/// A JSON array of objects, at most `items_max` of them, and how many more there were.
///
/// # Errors
/// When the array as a whole is not JSON: no item can be told from another then.
pub(crate) fn parse_array(
    text: &str,
    keys: &Keys,
    items_max: usize,
) -> Result<(Vec<Result<RawPost, Refused>>, u64), Refused> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let items = Items { keys, items_max }.deserialize(&mut reader).and_then(|items| reader.end().map(|()| items));
    items.map_err(|error| malformed(&error))
}

fn malformed(error: &serde_json::Error) -> Refused {
    // serde_json's own message may quote the content; line and column never do.
    let (line, column) = (error.line(), error.column());
    let what = if error.is_eof() { "JSON 没有写完" } else { "不是合法的 JSON" };
    let place = if line > 1 { format!("第 {line} 行第 {column} 列") } else { format!("第 {column} 列") };
    Refused::line(format!("{place}处{what}"), "检查引号、逗号和括号是否成对，正文里的换行和引号要转义")
}

/// One item of any kind; only an object is a post.
struct Item<'a>(&'a Keys);

impl<'de> DeserializeSeed<'de> for Item<'_> {
    type Value = Result<RawPost, Refused>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

fn not_an_object<T>() -> Result<T, Refused> {
    Err(Refused::line("不是一个 JSON 对象", "每条写成 {\"id\":\"…\",\"text\":\"…\"}"))
}

macro_rules! refuse {
    ($($method:ident: $type:ty),*) => {
        $(fn $method<E>(self, _: $type) -> Result<Self::Value, E> { Ok(not_an_object()) })*
    };
}

impl<'de> Visitor<'de> for Item<'_> {
    type Value = Result<RawPost, Refused>;

    refuse!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a post")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(not_an_object())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(not_an_object())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut post = RawPost::default();
        let mut fault = None;
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            let Some(field) = self.0.field(&key) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            match map.next_value::<Scalar>()? {
                Scalar::Text(text) => *post.field_mut(field) = text,
                Scalar::Nothing => {}
                Scalar::Inexact => {
                    let reason = format!("{} 的数字太长，读入时丢失了位数", field.as_str());
                    fault = Some(Refused::new(field.as_str(), reason, "写成带引号的文字"));
                }
                Scalar::Other => {
                    let reason = format!("{} 应是文字或数字", field.as_str());
                    fault = Some(Refused::new(field.as_str(), reason, "不要写成对象、数组或真假值"));
                }
            }
        }
        Ok(fault.map_or(Ok(post), Err))
    }
}

/// The value of a field.
enum Scalar {
    Text(String),
    Nothing,
    /// A number that cannot be given back as it was written.
    Inexact,
    Other,
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Scalar, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or number")
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Scalar, E> {
        Ok(Scalar::Text(text))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Scalar, E> {
        Ok(Scalar::Text(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Scalar, E> {
        Ok(Scalar::Text(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Scalar, E> {
        if number.abs() >= EXACT_BELOW { Ok(Scalar::Inexact) } else { Ok(Scalar::Text(number.to_string())) }
    }

    fn visit_bool<E>(self, _: bool) -> Result<Scalar, E> {
        Ok(Scalar::Other)
    }

    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar::Nothing)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Scalar, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }
}

/// An array of items.
struct Items<'a> {
    keys: &'a Keys,
    items_max: usize,
}

impl<'de> DeserializeSeed<'de> for Items<'_> {
    type Value = (Vec<Result<RawPost, Refused>>, u64);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Items<'_> {
    type Value = (Vec<Result<RawPost, Refused>>, u64);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of posts")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while items.len() < self.items_max {
            match seq.next_element_seed(Item(self.keys))? {
                Some(item) => items.push(item),
                None => return Ok((items, 0)),
            }
        }
        let mut more = 0;
        while seq.next_element::<IgnoredAny>()?.is_some() {
            more += 1;
        }
        Ok((items, more))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(outcome: Result<RawPost, Refused>) -> String {
        match outcome {
            Ok(post) => format!("{}|{}|{}|{}", post.id, post.title, post.text, post.time),
            Err(refused) => format!("{}: {}", refused.field, refused.reason),
        }
    }

    #[test]
    fn objects() {
        let table = [
            (r#"{"id":"a","title":"t","text":"x","time":"2026"}"#, "a|t|x|2026"),
            (r#"{"id":7,"text":"x","likes":{"a":[1,2]},"time":1772692200000}"#, "7||x|1772692200000"),
            (r#"{"id":18446744073709551615,"title":null,"text":"\u4f60\n好"}"#, "18446744073709551615||你\n好|"),
            (r#"{"id":20260305000000000000000001,"text":"x"}"#, "id: id 的数字太长，读入时丢失了位数"),
            (r#"{"id":"a","id":"b","text":"x"}"#, "b||x|"),
            (r#"{"id":true,"text":"x"}"#, "id: id 应是文字或数字"),
            (r#"{"id":"a","text":["x",{"y":1}]}"#, "text: text 应是文字或数字"),
            (r#"["x"]"#, "line: 不是一个 JSON 对象"),
            ("null", "line: 不是一个 JSON 对象"),
            (r#""13812345678""#, "line: 不是一个 JSON 对象"),
            (r#"{"id":"a","text":"x}"#, "line: 第 20 列处JSON 没有写完"),
            (r#"{"id":"a" "text":"x"}"#, "line: 第 11 列处不是合法的 JSON"),
            (r#"{"id":"a","text":"x"} y"#, "line: 第 23 列处不是合法的 JSON"),
            ("", "line: 第 0 列处JSON 没有写完"),
        ];
        for (text, expected) in table {
            assert_eq!(shown(parse_object(text, &Keys::default())), expected, "{text}");
        }
    }

    #[test]
    fn own_keys() {
        let mut keys = Keys::default();
        keys.set(Field::Text, "content");
        let post = parse_object(r#"{"id":"a","content":"x","text":"y"}"#, &keys);
        assert_eq!(shown(post), "a||x|");
    }

    #[test]
    fn arrays() {
        let (items, more) =
            parse_array(r#"[{"id":1,"text":"x"}, 5, {"id":2,"text":"y"}, 6]"#, &Keys::default(), 3).unwrap();
        assert_eq!(more, 1);
        let items: Vec<_> = items.into_iter().map(shown).collect();
        assert_eq!(items, ["1||x|", "line: 不是一个 JSON 对象", "2||y|"]);
        let refused = parse_array("[{\"id\":1},\n{\"id\":2]", &Keys::default(), 3).unwrap_err();
        assert!(refused.reason.starts_with("第 2 行第 8 列"), "{refused}");
    }

    #[test]
    fn deep_nesting_is_refused() {
        let deep = format!("{{\"id\":{}1{}}}", "[".repeat(10_000), "]".repeat(10_000));
        let _ = parse_object(&deep, &Keys::default());
        assert!(parse_object(&"[".repeat(100_000), &Keys::default()).is_err());
    }
}
