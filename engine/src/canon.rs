//! Canonical JSON (RFC 8785) of rows, and what rows must not contain.
//!
//! Floats are refused, because not every platform prints and computes them alike; integers stay below 2^53, so that
//! every JSON reader keeps them exact; bytes are base64 text, never arrays by accident.

mod serializer;

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

/// Turns a value into JSON.
///
/// # Errors
/// When it has a float, an integer of 2^53 or more, raw bytes, or a map whose keys are not text or integers.
pub fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<Value, CanonError> {
    serializer::to_value(value)
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
