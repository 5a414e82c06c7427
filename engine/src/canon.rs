//! Canonical JSON (RFC 8785) of rows, and what rows must not contain.
//!
//! Floats are refused, because not every platform prints and computes them alike; integers stay below 2^53, so that
//! every JSON reader keeps them exact; bytes are base64 text, never arrays by accident.

mod writer;

use serde::Serialize;
use serde_json::Value;

use crate::ids::MAX_SAFE;

/// Why a value is not one that a row may have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {problem}", if path.is_empty() { "(the row itself)" } else { path })]
pub struct CanonError {
    /// The field, as in `users[2].name`; empty for the value itself.
    pub path: String,
    /// What is wrong with it.
    pub problem: String,
}

/// The canonical bytes of a JSON value.
#[must_use]
pub fn to_bytes(value: &Value) -> Vec<u8> {
    let plain = is_plain(value);
    // Without floats and with keys of ASCII, whose order is the same in UTF-8 and UTF-16, plain JSON is canonical. It
    // is written several times faster than by the general writer.
    let written = if plain {
        serde_json::to_vec(value)
    } else {
        serde_json_canonicalizer::to_vec(value)
    };
    written.expect("a JSON value has a canonical form")
}

/// Whether plain JSON is canonical JSON for this value.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::Number(number) => !number.is_f64(),
        Value::Array(items) => items.iter().all(is_plain),
        Value::Object(fields) => fields.iter().all(|(name, field)| name.is_ascii() && is_plain(field)),
        Value::Null | Value::Bool(_) | Value::String(_) => true,
    }
}

/// Appends the canonical JSON of a value. After an error `out` is as it was.
///
/// # Errors
/// When it has a float, an integer of 2^53 or more, raw bytes, a map whose keys are not text or integers or are twice
/// the same, or nests deeper than any reader follows.
pub fn write<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) -> Result<(), CanonError> {
    writer::write(value, out)
}

/// The canonical JSON of a value.
///
/// # Errors
/// As [`write()`].
pub fn to_json<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, CanonError> {
    let mut json = Vec::new();
    write(value, &mut json)?;
    Ok(json)
}

/// Turns a value into a tree of JSON, for whoever looks into it.
///
/// # Errors
/// As [`write()`].
pub fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<Value, CanonError> {
    Ok(parsed(&to_json(value)?))
}

/// The tree of JSON that [`write`] wrote.
pub(crate) fn parsed(json: &[u8]) -> Value {
    serde_json::from_slice(json).expect("what was written as JSON is JSON")
}

/// Checks JSON that was read from outside against the same rules.
///
/// # Errors
/// As [`to_value`].
pub fn check(value: &Value) -> Result<(), CanonError> {
    let mut path = String::new();
    check_at(value, &mut path)
}

fn check_at(value: &Value, path: &mut String) -> Result<(), CanonError> {
    let length = path.len();
    match value {
        Value::Number(number) => {
            let safe = number
                .as_u64()
                .map(|n| n < MAX_SAFE)
                .or(number.as_i64().map(|n| n.unsigned_abs() < MAX_SAFE));
            match safe {
                Some(true) => Ok(()),
                Some(false) => Err(error(path, &format!("the integer {number} is not below 2^53"))),
                None => Err(error(
                    path,
                    &format!("{number} is not an integer, and state has no floats"),
                )),
            }?;
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                push_index(path, index);
                check_at(item, path)?;
                path.truncate(length);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                push_field(path, name);
                check_at(field, path)?;
                path.truncate(length);
            }
        }
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
    Ok(())
}

pub(crate) fn push_field(path: &mut String, name: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(name);
}

pub(crate) fn push_index(path: &mut String, index: usize) {
    use std::fmt::Write;
    let _ = write!(path, "[{index}]");
}

pub(crate) fn error(path: &str, problem: &str) -> CanonError {
    CanonError {
        path: path.to_owned(),
        problem: problem.to_owned(),
    }
}

/// The first field, in canonical order, in which two values differ: its path and both sides (`None`: absent).
#[must_use]
pub fn first_difference(left: &Value, right: &Value) -> Option<(String, Option<Value>, Option<Value>)> {
    let mut path = String::new();
    difference_at(Some(left), Some(right), &mut path).map(|(left, right)| (path, left.cloned(), right.cloned()))
}

type Sides<'a> = (Option<&'a Value>, Option<&'a Value>);

/// Leaves in `path` where the difference is.
fn difference_at<'a>(left: Option<&'a Value>, right: Option<&'a Value>, path: &mut String) -> Option<Sides<'a>> {
    let length = path.len();
    match (left, right) {
        (Some(Value::Array(left)), Some(Value::Array(right))) => {
            for index in 0..left.len().max(right.len()) {
                push_index(path, index);
                let found = difference_at(left.get(index), right.get(index), path);
                if found.is_some() {
                    return found;
                }
                path.truncate(length);
            }
            None
        }
        (Some(Value::Object(left)), Some(Value::Object(right))) => {
            let names: std::collections::BTreeSet<&String> = left.keys().chain(right.keys()).collect();
            for name in names {
                push_field(path, name);
                let found = difference_at(left.get(name), right.get(name), path);
                if found.is_some() {
                    return found;
                }
                path.truncate(length);
            }
            None
        }
        (left, right) => (left != right).then_some((left, right)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-(1i64 << 53) + 1..1 << 53).prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            "[\\x00-\\x1f\u{7f}\u{2028}\u{e000}\u{10000}\"/\\\\]{0,4}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            let key = prop_oneof!["[a-z]{1,3}", "[\u{e000}\u{ffff}\u{10000}]{1,2}", any::<String>()];
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                proptest::collection::vec((key, inner), 0..5).prop_map(|fields| fields.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_fast_writer_agrees_with_the_library(value in value()) {
            let general = serde_json_canonicalizer::to_vec(&value).unwrap();
            prop_assert_eq!(String::from_utf8(to_bytes(&value)).unwrap(), String::from_utf8(general).unwrap());
        }

        #[test]
        fn values_that_pass_are_written_as_they_are(value in value()) {
            prop_assert_eq!(check(&value), Ok(()));
            prop_assert_eq!(to_json(&value), Ok(to_bytes(&value)));
            prop_assert_eq!(to_value(&value), Ok(value));
        }
    }

    #[test]
    fn keys_are_in_the_order_of_utf16() {
        let bytes = to_bytes(&json!({"\u{e000}": 1, "\u{10000}": 2, "b": 3, "a": 4}));
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "{\"a\":4,\"b\":3,\"\u{10000}\":2,\"\u{e000}\":1}"
        );
    }

    #[derive(Serialize)]
    struct Row {
        zeta: Shape,
        alpha: std::collections::BTreeMap<i16, Shape>,
        letter: char,
        none: Option<u8>,
        address: std::net::Ipv4Addr,
    }

    #[derive(Serialize)]
    enum Shape {
        Unit,
        Newtype(Box<Shape>),
        Tuple(u8, i128),
        Struct { y: &'static str, x: () },
    }

    fn row() -> Row {
        Row {
            zeta: Shape::Newtype(Box::new(Shape::Struct { y: "\u{1}\n\"", x: () })),
            alpha: [(-2, Shape::Unit), (10, Shape::Tuple(1, -5)), (9, Shape::Unit)].into(),
            letter: '\u{2028}',
            none: None,
            address: std::net::Ipv4Addr::LOCALHOST,
        }
    }

    #[test]
    fn fields_and_keys_come_in_canonical_order_whatever_their_order_was() {
        assert_eq!(
            String::from_utf8(to_json(&row()).unwrap()).unwrap(),
            "{\"address\":\"127.0.0.1\",\"alpha\":{\"-2\":\"Unit\",\"10\":{\"Tuple\":[1,-5]},\"9\":\"Unit\"},\
             \"letter\":\"\u{2028}\",\"none\":null,\"zeta\":{\"Newtype\":{\"Struct\":{\"x\":null,\"y\":\"\\u0001\\n\\\"\"}}}}"
        );
    }

    #[test]
    fn faults_name_their_place_and_nothing_is_left_of_what_was_written() {
        #[derive(Serialize)]
        enum Bad {
            Struct { field: Vec<f32> },
            Tuple(u8, u64),
            Newtype(i64),
        }
        struct Raw;
        impl Serialize for Raw {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_bytes(b"x")
            }
        }
        struct Twice;
        impl Serialize for Twice {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_map([("1", 0), ("0", 0), ("1", 1)])
            }
        }
        fn error<T: Serialize>(value: &T) -> String {
            let mut out = b"before".to_vec();
            let error = write(value, &mut out).unwrap_err();
            assert_eq!(out, b"before");
            error.to_string()
        }
        assert_eq!(
            error(&[Bad::Struct { field: vec![1.5] }]),
            "[0].Struct.field[0]: 1.5 is a float, and state has no floats"
        );
        assert_eq!(
            error(&Bad::Tuple(1, 1 << 53)),
            "Tuple[1]: the integer 9007199254740992 is not below 2^53"
        );
        assert_eq!(
            error(&Bad::Newtype(-(1 << 53))),
            "Newtype: the integer -9007199254740992 is not below 2^53"
        );
        assert!(error(&Raw).contains("raw bytes"));
        assert_eq!(error(&Twice), "1: two entries of a map have the same key");
        let odd: std::collections::BTreeMap<[u8; 2], u8> = [([1, 2], 3)].into();
        assert_eq!(
            error(&odd),
            "(the row itself): [1,2] is the key of a map: keys are text or integers"
        );
        let deep = (0..200).fold(Value::Null, |inner, _| Value::from(vec![inner]));
        assert!(error(&deep).ends_with("is nested deeper than 120 levels"));
    }

    #[test]
    fn what_rows_must_not_contain_is_found_in_json_too() {
        let error = |value: Value| check(&value).unwrap_err().to_string();
        assert_eq!(
            error(json!({"a": [0, 1.5]})),
            "a[1]: 1.5 is not an integer, and state has no floats"
        );
        assert_eq!(
            error(json!(1u64 << 53)),
            "(the row itself): the integer 9007199254740992 is not below 2^53"
        );
        assert_eq!(
            error(json!({"a": -(1i64 << 53)})),
            "a: the integer -9007199254740992 is not below 2^53"
        );
    }

    #[test]
    fn differences_are_found_in_order() {
        let (left, right) = (json!({"a": [1, {"b": 2}], "c": 3}), json!({"a": [1, {"b": 4}], "d": 3}));
        assert_eq!(first_difference(&left, &left), None);
        assert_eq!(
            first_difference(&left, &right),
            Some(("a[1].b".into(), Some(json!(2)), Some(json!(4))))
        );
        let (left, right) = (json!({"c": 3}), json!({"d": 3}));
        assert_eq!(
            first_difference(&left, &right),
            Some(("c".into(), Some(json!(3)), None))
        );
    }
}
