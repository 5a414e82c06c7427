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
    serde_json_canonicalizer::to_vec(value).expect("a JSON value without floats has a canonical form")
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
