//! A program as the kernel hands it to an isolate host: its whole module graph, compiled, pinned by hash.

use serde::{Deserialize, Serialize};

/// SHA-256 of something, 32 bytes; hex in JSON.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest32(pub [u8; 32]);

impl core::fmt::Debug for Digest32 {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl core::fmt::Display for Digest32 {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl Serialize for Digest32 {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(&hex::encode(self.0))
        } else {
            self.0.serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Digest32 {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            return <[u8; 32]>::deserialize(deserializer).map(Self);
        }
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        let mut out = [0u8; 32];
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(serde::de::Error::custom("a digest is 64 lower-case hex digits"));
        }
        hex::decode_to_slice(text.as_bytes(), &mut out)
            .map_err(|_| serde::de::Error::custom("a digest is 64 lower-case hex digits"))?;
        Ok(Self(out))
    }
}

/// SHA-256 of bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> Digest32 {
    use sha2::{Digest, Sha256};
    Digest32(Sha256::digest(bytes).into())
}

/// One module of a program: TypeScript source, compiled on the host's side and cached by `source_hash`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Module {
    /// Canonical specifier: an absolute path of the machine's file system.
    pub specifier: String,
    /// SHA-256 of `source`.
    pub source_hash: Digest32,
    /// TypeScript, as it was when the process was spawned.
    pub source: std::sync::Arc<str>,
    /// What each import of this module resolves to: `(as written, canonical)`. `helios:` names stay as they are.
    pub imports: Vec<(String, String)>,
}

/// A program: its modules, the entry first, each named once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// The module graph, the entry first.
    pub modules: Vec<Module>,
}

/// Most bytes that the modules which a process loads while it runs may come to in its program's life, by
/// [`loaded_weight`].
pub const LOADED_BYTES_MAX: u64 = 16 << 20;

/// What one loaded module counts: its source, and something for its being there.
#[must_use]
pub const fn loaded_weight(source_bytes: u64) -> u64 {
    source_bytes.saturating_add(256)
}

impl Program {
    /// SHA-256 over specifiers, hashes and resolutions: what a process's rows pin.
    #[must_use]
    pub fn digest(&self) -> Digest32 {
        use sha2::{Digest, Sha256};
        let mut hasher = Sha256::new();
        let mut field = |bytes: &[u8]| {
            hasher.update((bytes.len() as u64).to_be_bytes());
            hasher.update(bytes);
        };
        for module in &self.modules {
            field(module.specifier.as_bytes());
            field(&module.source_hash.0);
            for (written, canonical) in &module.imports {
                field(written.as_bytes());
                field(canonical.as_bytes());
            }
        }
        Digest32(hasher.finalize().into())
    }

    /// Bytes of source, for the price of compiling.
    #[must_use]
    pub fn source_bytes(&self) -> u64 {
        self.modules.iter().map(|module| module.source.len() as u64).sum()
    }
}
