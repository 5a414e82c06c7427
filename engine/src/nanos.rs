//! Nanoseconds in rows. A count of them outgrows 2^53 after 104 days, so rows hold `[milliseconds, nanoseconds]`.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const NANOS: u64 = 1_000_000;

/// Writes a time.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(ns: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    (ns / NANOS, ns % NANOS).serialize(serializer)
}

fn join<E: Error>((ms, ns): (u64, u64)) -> Result<u64, E> {
    let whole = ms
        .checked_mul(NANOS)
        .filter(|_| ns < NANOS)
        .and_then(|whole| whole.checked_add(ns));
    whole.ok_or_else(|| E::custom("a time is [milliseconds, nanoseconds below 1,000,000]"))
}

/// Reads a time.
///
/// # Errors
/// Where it is not such a pair, or over 2^64 nanoseconds.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    join(<(u64, u64)>::deserialize(deserializer)?)
}

/// The same for a time that may be absent.
pub mod option {
    use super::{Deserialize, Deserializer, NANOS, Serialize, Serializer, join};

    /// Writes a time or null.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(ns: &Option<u64>, serializer: S) -> Result<S::Ok, S::Error> {
        ns.map(|ns| (ns / NANOS, ns % NANOS)).serialize(serializer)
    }

    /// Reads a time or null.
    ///
    /// # Errors
    /// As [`super::deserialize`].
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
        Option::<(u64, u64)>::deserialize(deserializer)?.map(join).transpose()
    }
}
