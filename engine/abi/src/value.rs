//! Values that cross between a process and its machine: what a syscall takes and what it answers.
//!
//! The V8 side turns JavaScript values into [`Value`] without knowing any syscall; the kernel decodes them into typed
//! requests through [`FromValue`]. There are no floats: a number that is not an exact integer is refused at the border.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Deepest nesting that crosses the border.
pub const MAX_DEPTH: usize = 32;
/// Largest encoded size of one call's arguments, in bytes as [`Value::weight`] counts them.
pub const MAX_WEIGHT_BYTES: u64 = 1 << 20;

/// A plain value. Its serialised form is externally tagged with one letter, so that bytes and text stay distinct.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// `undefined` or `null`.
    #[default]
    #[serde(rename = "n")]
    Null,
    /// A boolean.
    #[serde(rename = "b")]
    Bool(bool),
    /// An exact integer, `|i| < 2^53`.
    #[serde(rename = "i")]
    Int(i64),
    /// Text.
    #[serde(rename = "s")]
    Str(String),
    /// A `Uint8Array`.
    #[serde(rename = "y")]
    Bytes(SharedBytes),
    /// An array.
    #[serde(rename = "l")]
    List(Vec<Value>),
    /// A plain object, keys in order.
    #[serde(rename = "m")]
    Map(BTreeMap<String, Value>),
}

impl Value {
    /// Size for limits and for gas: one for each value, plus the bytes of texts, keys and byte arrays.
    #[must_use]
    pub fn weight(&self) -> u64 {
        match self {
            Self::Null | Self::Bool(_) | Self::Int(_) => 1,
            Self::Str(text) => 1 + text.len() as u64,
            Self::Bytes(bytes) => 1 + bytes.len() as u64,
            Self::List(items) => 1 + items.iter().map(Self::weight).sum::<u64>(),
            Self::Map(map) => {
                1 + map
                    .iter()
                    .map(|(key, value)| key.len() as u64 + value.weight())
                    .sum::<u64>()
            }
        }
    }

    /// What a message calls this kind of value.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Int(_) => "an integer",
            Self::Str(_) => "a string",
            Self::Bytes(_) => "bytes",
            Self::List(_) => "an array",
            Self::Map(_) => "an object",
        }
    }
}

/// Bytes: a `Uint8Array` in programs, base64 in JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(&base64_encode(&self.0))
        } else {
            serializer.serialize_bytes(&self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
            base64_decode(&text)
                .map(Self)
                .ok_or_else(|| serde::de::Error::custom("not canonical base64"))
        } else {
            serde_bytes::ByteBuf::deserialize(deserializer).map(|bytes| Self(bytes.into_vec()))
        }
    }
}

/// Bytes that many values share: copies of a reply or of a call's arguments cost nothing, whatever they hold.
///
/// Its serialised form is that of [`Bytes`].
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SharedBytes(bytes::Bytes);

impl SharedBytes {
    /// The memory of somebody else, shared and not copied.
    #[must_use]
    pub fn from_owner(owner: std::sync::Arc<[u8]>) -> Self {
        Self(bytes::Bytes::from_owner(owner))
    }
}

impl std::ops::Deref for SharedBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for SharedBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

impl From<Bytes> for SharedBytes {
    fn from(bytes: Bytes) -> Self {
        bytes.0.into()
    }
}

impl From<SharedBytes> for Bytes {
    fn from(bytes: SharedBytes) -> Self {
        Self(bytes.0.into())
    }
}

impl std::fmt::Debug for SharedBytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Bytes").field(&self.0.as_ref()).finish()
    }
}

impl Serialize for SharedBytes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(&base64_encode(&self.0))
        } else {
            serializer.serialize_bytes(&self.0)
        }
    }
}

impl<'de> Deserialize<'de> for SharedBytes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Bytes::deserialize(deserializer).map(Self::from)
    }
}

use base64::Engine as _;
fn base64_encode(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}
fn base64_decode(text: &str) -> Option<Vec<u8>> {
    base64::engine::general_purpose::STANDARD.decode(text).ok()
}

/// Why a value is not what a syscall takes: the path to it, and what was expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: expected {expected}, got {got}")]
pub struct DecodeError {
    /// Where, as `field.inner[3]`.
    pub path: String,
    /// What was expected there.
    pub expected: String,
    /// What was found.
    pub got: String,
}

impl DecodeError {
    /// An error at the value itself.
    pub fn new(expected: impl Into<String>, got: &Value) -> Self {
        Self {
            path: String::new(),
            expected: expected.into(),
            got: got.kind().to_owned(),
        }
    }

    /// The same error, seen from the value that holds this one under `key`.
    #[must_use]
    pub fn under(mut self, key: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') {
            ""
        } else {
            "."
        };
        self.path = format!("{key}{dot}{}", self.path);
        self
    }
}

/// Decodes a typed request from a plain value.
pub trait FromValue: Sized {
    /// Reads `value`, or says where it is wrong.
    ///
    /// # Errors
    /// The path, and what was expected there.
    fn from_value(value: Value) -> Result<Self, DecodeError>;
}

/// Encodes a typed reply as a plain value.
pub trait IntoValue {
    /// The plain value that programs see.
    fn into_value(self) -> Value;
}

/// The TypeScript type of a Rust type of the ABI.
pub trait TsType {
    /// A TypeScript type expression.
    fn ts() -> String;
}

impl FromValue for Value {
    fn from_value(value: Value) -> Result<Self, DecodeError> {
        Ok(value)
    }
}
impl IntoValue for Value {
    fn into_value(self) -> Value {
        self
    }
}
impl TsType for Value {
    fn ts() -> String {
        "unknown".into()
    }
}

impl FromValue for () {
    fn from_value(value: Value) -> Result<Self, DecodeError> {
        if value == Value::Null {
            Ok(())
        } else {
            Err(DecodeError::new("nothing", &value))
        }
    }
}
impl IntoValue for () {
    fn into_value(self) -> Value {
        Value::Null
    }
}
impl TsType for () {
    fn ts() -> String {
        "void".into()
    }
}

macro_rules! integers {
    ($($type:ty),*) => {$(
        impl FromValue for $type {
            fn from_value(value: Value) -> Result<Self, DecodeError> {
                let Value::Int(int) = value else { return Err(DecodeError::new("an integer", &value)) };
                <$type>::try_from(int).map_err(|_| DecodeError {
                    path: String::new(),
                    expected: format!("an integer from {} to {}", <$type>::MIN, <$type>::MAX),
                    got: int.to_string(),
                })
            }
        }
        impl IntoValue for $type {
            fn into_value(self) -> Value {
                let int = i64::try_from(self).expect("numbers in the ABI stay under 2^53");
                assert!(int.unsigned_abs() <= crate::MAX_SAFE, "numbers in the ABI stay under 2^53");
                Value::Int(int)
            }
        }
        impl TsType for $type {
            fn ts() -> String { "number".into() }
        }
    )*};
}
integers!(u8, u16, u32, u64, i32, i64);

macro_rules! simple {
    ($type:ty, $variant:ident, $what:literal, $ts:literal) => {
        impl FromValue for $type {
            fn from_value(value: Value) -> Result<Self, DecodeError> {
                match value {
                    Value::$variant(inner) => Ok(inner),
                    other => Err(DecodeError::new($what, &other)),
                }
            }
        }
        impl IntoValue for $type {
            fn into_value(self) -> Value {
                Value::$variant(self)
            }
        }
        impl TsType for $type {
            fn ts() -> String {
                $ts.into()
            }
        }
    };
}
simple!(bool, Bool, "a boolean", "boolean");
simple!(String, Str, "a string", "string");

macro_rules! byte_arrays {
    ($($type:ty),*) => {$(
        impl FromValue for $type {
            fn from_value(value: Value) -> Result<Self, DecodeError> {
                match value {
                    Value::Bytes(bytes) => Ok(bytes.into()),
                    other => Err(DecodeError::new("a Uint8Array", &other)),
                }
            }
        }
        impl IntoValue for $type {
            fn into_value(self) -> Value {
                Value::Bytes(self.into())
            }
        }
        impl TsType for $type {
            fn ts() -> String {
                "Uint8Array".into()
            }
        }
    )*};
}
byte_arrays!(Bytes, SharedBytes);

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Result<Self, DecodeError> {
        if value == Value::Null {
            Ok(None)
        } else {
            T::from_value(value).map(Some)
        }
    }
}
impl<T: IntoValue> IntoValue for Option<T> {
    fn into_value(self) -> Value {
        self.map_or(Value::Null, T::into_value)
    }
}
impl<T: TsType> TsType for Option<T> {
    fn ts() -> String {
        format!("{} | null", T::ts())
    }
}

impl<T: FromValue> FromValue for Vec<T> {
    fn from_value(value: Value) -> Result<Self, DecodeError> {
        let Value::List(items) = value else {
            return Err(DecodeError::new("an array", &value));
        };
        let item = |(index, item)| T::from_value(item).map_err(|error: DecodeError| error.under(&format!("[{index}]")));
        items.into_iter().enumerate().map(item).collect()
    }
}
impl<T: IntoValue> IntoValue for Vec<T> {
    fn into_value(self) -> Value {
        Value::List(self.into_iter().map(T::into_value).collect())
    }
}
impl<T: TsType> TsType for Vec<T> {
    fn ts() -> String {
        format!("Array<{}>", T::ts())
    }
}

impl<T: FromValue> FromValue for BTreeMap<String, T> {
    fn from_value(value: Value) -> Result<Self, DecodeError> {
        let Value::Map(map) = value else {
            return Err(DecodeError::new("an object", &value));
        };
        map.into_iter()
            .map(|(key, item)| Ok((key.clone(), T::from_value(item).map_err(|e| e.under(&key))?)))
            .collect()
    }
}
impl<T: IntoValue> IntoValue for BTreeMap<String, T> {
    fn into_value(self) -> Value {
        Value::Map(self.into_iter().map(|(key, item)| (key, item.into_value())).collect())
    }
}
impl<T: TsType> TsType for BTreeMap<String, T> {
    fn ts() -> String {
        format!("Record<string, {}>", T::ts())
    }
}

impl FromValue for crate::Pid {
    fn from_value(value: Value) -> Result<Self, DecodeError> {
        u32::from_value(value).map(Self)
    }
}
impl IntoValue for crate::Pid {
    fn into_value(self) -> Value {
        self.0.into_value()
    }
}
impl TsType for crate::Pid {
    fn ts() -> String {
        "number".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decode_errors_name_the_path() {
        let value = Value::List(vec![Value::Int(1), Value::Str("x".into())]);
        let error = Vec::<u32>::from_value(value).unwrap_err().under("fds");
        assert_eq!(error.to_string(), "fds[1]: expected an integer, got a string");
    }

    #[test]
    fn out_of_range_integers_are_refused_with_the_range() {
        let error = u8::from_value(Value::Int(256)).unwrap_err();
        assert_eq!(error.to_string(), ": expected an integer from 0 to 255, got 256");
    }

    #[test]
    fn bytes_and_text_stay_distinct_in_json() {
        let value = Value::List(vec![Value::Str("aGk=".into()), Value::Bytes(b"hi".to_vec().into())]);
        let json = serde_json::to_string(&value).unwrap();
        assert_eq!(json, r#"{"l":[{"s":"aGk="},{"y":"aGk="}]}"#);
        assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), value);
    }
}
