//! Compiled modules by what they were compiled from.

use std::{collections::BTreeMap, sync::Arc};

use sha2::{Digest, Sha256};

use crate::{CompileOptions, Compiled, Diagnostics, TRANSFORM_VERSION, compile};

/// SHA-256 over the version, the options and the source.
type Key = [u8; 32];

/// Compiled modules kept in memory, the least recently used dropped first.
///
/// Results are the same with and without it. Errors are not kept: a source with errors is compiled again when asked.
pub struct Cache {
    entries_max: usize,
    bytes_max: usize,
    bytes: usize,
    clock: u64,
    entries: BTreeMap<Key, (u64, Arc<Compiled>)>,
    /// By last use.
    order: BTreeMap<u64, Key>,
}

impl Default for Cache {
    /// 1,024 modules, 64 MiB.
    fn default() -> Self {
        Self::new(1_024, 64 * 1024 * 1024)
    }
}

impl Cache {
    /// A cache of at most so many modules and so many bytes. A module that alone exceeds the bytes is not kept.
    pub fn new(entries_max: usize, bytes_max: usize) -> Self {
        Self {
            entries_max,
            bytes_max,
            bytes: 0,
            clock: 0,
            entries: BTreeMap::new(),
            order: BTreeMap::new(),
        }
    }

    /// What identifies a compilation: equal keys have equal results.
    pub fn key(source: &str, options: &CompileOptions) -> [u8; 32] {
        let mut hash = Sha256::new();
        for part in [TRANSFORM_VERSION, &options.specifier, source] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        hash.update([u8::from(options.base_layer)]);
        hash.finalize().into()
    }

    /// Compiles, or returns what an equal compilation gave.
    ///
    /// # Errors
    ///
    /// As [`compile`](crate::compile).
    pub fn compile(&mut self, source: &str, options: &CompileOptions) -> Result<Arc<Compiled>, Diagnostics> {
        let key = Self::key(source, options);
        if let Some(found) = self.get(&key) {
            return Ok(found);
        }
        let compiled = Arc::new(compile(source, options)?);
        self.insert(key, Arc::clone(&compiled));
        Ok(compiled)
    }

    /// What is kept under a key, which counts as a use.
    pub fn get(&mut self, key: &[u8; 32]) -> Option<Arc<Compiled>> {
        let (used, compiled) = self.entries.get_mut(key)?;
        self.clock += 1;
        self.order.remove(used);
        self.order.insert(self.clock, *key);
        *used = self.clock;
        Some(Arc::clone(compiled))
    }

    /// Keeps a module, and drops the least recently used ones beyond the bounds.
    pub fn insert(&mut self, key: [u8; 32], compiled: Arc<Compiled>) {
        let len = compiled.len_bytes();
        if len > self.bytes_max || self.entries_max == 0 {
            return;
        }
        self.remove(&key);
        while self.entries.len() >= self.entries_max || self.bytes + len > self.bytes_max {
            let (_, oldest) = self.order.pop_first().expect("the bounds leave room for one module");
            self.remove(&oldest);
        }
        self.clock += 1;
        self.bytes += len;
        self.order.insert(self.clock, key);
        self.entries.insert(key, (self.clock, compiled));
    }

    /// How many modules it holds.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Bytes that the modules it holds take, about.
    pub fn len_bytes(&self) -> usize {
        self.bytes
    }

    fn remove(&mut self, key: &Key) {
        if let Some((used, compiled)) = self.entries.remove(key) {
            self.order.remove(&used);
            self.bytes -= compiled.len_bytes();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> CompileOptions {
        CompileOptions {
            specifier: "a.ts".to_owned(),
            base_layer: false,
        }
    }

    #[test]
    fn equal_sources_are_compiled_once_and_options_count() {
        let mut cache = Cache::default();
        let first = cache.compile("export const a = 1;", &options()).unwrap();
        let again = cache.compile("export const a = 1;", &options()).unwrap();
        assert!(Arc::ptr_eq(&first, &again));
        cache
            .compile(
                "export const a = 1;",
                &CompileOptions {
                    base_layer: true,
                    ..options()
                },
            )
            .unwrap();
        assert_eq!(cache.len(), 2);
        assert_ne!(
            Cache::key("b", &options()),
            Cache::key(
                "",
                &CompileOptions {
                    specifier: "a.tsb".into(),
                    ..options()
                }
            )
        );
    }

    #[test]
    fn the_least_recently_used_module_goes_first() {
        let mut cache = Cache::new(2, 1 << 20);
        for source in ["1", "2", "1", "3"] {
            cache.compile(source, &options()).unwrap();
        }
        assert_eq!(cache.len(), 2);
        assert!(cache.get(&Cache::key("1", &options())).is_some());
        assert!(cache.get(&Cache::key("2", &options())).is_none());
    }

    #[test]
    fn bytes_are_bounded_and_counted() {
        let mut cache = Cache::new(100, 3_000);
        for n in 0..50 {
            cache
                .compile(&format!("export const value = {n};"), &options())
                .unwrap();
            assert!(cache.len_bytes() <= 3_000);
        }
        assert!(!cache.is_empty());
        let before = cache.len();
        cache.compile(&"f();".repeat(5_000), &options()).unwrap();
        assert_eq!(cache.len(), before, "a module larger than the cache is not kept");
    }

    #[test]
    fn errors_are_not_kept() {
        let mut cache = Cache::default();
        assert!(cache.compile("let", &options()).is_err());
        assert!(cache.is_empty());
    }
}
