//! Bytes in rows: base64, as all bytes of the state are.

use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub(crate) fn serialize<S: Serializer>(bytes: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
    helios_abi::Bytes(bytes.to_vec()).serialize(serializer)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
    Ok(helios_abi::Bytes::deserialize(deserializer)?.0.into())
}
