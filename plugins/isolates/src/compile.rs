//! Compiled modules, kept for the process by the hash of their source. Their JavaScript is ASCII that V8 refers to in
//! place, so that a module's text is in memory once, however many isolates run it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use helios_abi::program::Digest32;
use helios_compiler::{CompileOptions, SourceMap};

/// Most bytes of compiled programs that are kept; the least recently used go first. Isolates keep what they run.
const CACHE_BYTES: usize = 64 << 20;

/// A module's JavaScript and what leads back to its TypeScript.
pub(crate) struct Compiled {
    /// ASCII.
    code: Arc<str>,
    /// Text that lives as long as the process, where V8 may refer to it.
    resource: Option<&'static v8::OneByteConst>,
    /// From `code` to the source.
    pub(crate) map: SourceMap,
    /// The source, for `Function.prototype.toString`.
    source: Arc<str>,
    /// As the compiler made it.
    whole: helios_compiler::Compiled,
    /// Where its functions are, once somebody asked.
    functions: std::sync::OnceLock<Vec<helios_compiler::FunctionPlace>>,
}

impl std::fmt::Debug for Compiled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Compiled")
            .field("code_bytes", &self.code.len())
            .finish_non_exhaustive()
    }
}

impl Compiled {
    /// Compiles. `immortal` text is never freed, and V8 refers to it.
    pub(crate) fn new(specifier: &str, source: &Arc<str>, base_layer: bool, immortal: bool) -> Result<Self, String> {
        let options = CompileOptions {
            specifier: specifier.to_owned(),
            base_layer,
        };
        let compiled = helios_compiler::compile(source, &options).map_err(|diagnostics| diagnostics.to_string())?;
        Ok(Self::from_whole(compiled, Arc::clone(source), immortal))
    }

    /// From what the compiler made.
    pub(crate) fn from_whole(whole: helios_compiler::Compiled, source: Arc<str>, immortal: bool) -> Self {
        let code = ascii(whole.code.clone());
        let resource = immortal.then(|| resource(code.clone().into_boxed_str()));
        let map = whole.map.clone();
        Self {
            code: code.into(),
            resource,
            map,
            source,
            whole,
            functions: std::sync::OnceLock::new(),
        }
    }

    /// As the compiler made it.
    pub(crate) const fn whole(&self) -> &helios_compiler::Compiled {
        &self.whole
    }

    /// The TypeScript.
    pub(crate) fn source_text(&self) -> &str {
        &self.source
    }

    /// What V8 must know of beforehand to keep the text out of a snapshot.
    pub(crate) fn external(&self) -> Option<&'static v8::OneByteConst> {
        self.resource
    }

    /// The text as a V8 string.
    pub(crate) fn source<'s>(&self, scope: &mut v8::PinScope<'s, '_>) -> Option<v8::Local<'s, v8::String>> {
        match self.resource {
            Some(resource) => v8::String::new_from_onebyte_const(scope, resource),
            None => v8::String::new_from_one_byte(scope, self.code.as_bytes(), v8::NewStringType::Normal),
        }
    }

    /// The TypeScript of the function whose generated text is `text`. Functions with equal texts are told apart by
    /// nothing: their sources differ in types and comments at most.
    pub(crate) fn function_source(&self, text: &str) -> Option<&str> {
        let code = &self.whole.code;
        let places = self.functions.get_or_init(|| self.whole.functions());
        let is_it = |place: &&helios_compiler::FunctionPlace| {
            let (start, end) = (place.generated.0 as usize, place.generated.1 as usize);
            code.get(start..end)
                .is_some_and(|found| found == text || (!found.is_ascii() && ascii(found.into()) == text))
        };
        let (start, end) = places.iter().find(is_it)?.source?;
        self.source.get(start as usize..end as usize)
    }

    fn weight(&self) -> usize {
        self.code.len() * 2 + self.source.len() + 256
    }
}

/// An external string over text that is never freed.
pub(crate) fn resource(code: Box<str>) -> &'static v8::OneByteConst {
    let text: &'static str = Box::leak(code);
    Box::leak(Box::new(v8::String::create_external_onebyte_const(text.as_bytes())))
}

/// Escapes what is not ASCII: equivalent in literals and names, and V8 then holds a byte a character.
pub(crate) fn ascii(code: String) -> String {
    if code.is_ascii() {
        return code;
    }
    let mut out = String::with_capacity(code.len() + 64);
    let mut units = [0u16; 2];
    for character in code.chars() {
        if character.is_ascii() {
            out.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut units) {
            out.push_str(&format!("\\u{unit:04x}"));
        }
    }
    out
}

/// Compiled modules of programs.
#[derive(Default)]
struct Cache {
    /// By source and specifier (which is in messages and in relative dynamic imports); the last use.
    entries: BTreeMap<(Digest32, String), (u64, Result<Arc<Compiled>, String>)>,
    bytes: usize,
    clock: u64,
}

static CACHE: Mutex<Option<Cache>> = Mutex::new(None);

/// The compiled form of a program's module; compiles where it is not in the cache. The error is for people.
pub(crate) fn cached(module: &helios_abi::program::Module) -> Result<Arc<Compiled>, String> {
    let key = (module.source_hash, module.specifier.clone());
    {
        let mut guard = CACHE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let cache = guard.get_or_insert_with(Cache::default);
        cache.clock += 1;
        let clock = cache.clock;
        if let Some((used, compiled)) = cache.entries.get_mut(&key) {
            *used = clock;
            return compiled.clone();
        }
    }
    let compiled = Compiled::new(&module.specifier, &module.source, false, false).map(Arc::new);
    let mut guard = CACHE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let cache = guard.get_or_insert_with(Cache::default);
    cache.bytes += weight(&compiled);
    let clock = cache.clock;
    if let Some((_, old)) = cache.entries.insert(key, (clock, compiled.clone())) {
        cache.bytes -= weight(&old);
    }
    while cache.bytes > CACHE_BYTES && cache.entries.len() > 1 {
        let oldest = cache
            .entries
            .iter()
            .min_by_key(|(_, (used, _))| *used)
            .map(|(key, _)| key.clone());
        if let Some((_, old)) = oldest.and_then(|key| cache.entries.remove(&key)) {
            cache.bytes -= weight(&old);
        }
    }
    compiled
}

/// Puts a module's compiled form into the cache, for tests that compare metered with unmetered code.
pub(crate) fn put(module: &helios_abi::program::Module, compiled: Compiled) {
    let mut guard = CACHE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let cache = guard.get_or_insert_with(Cache::default);
    let compiled = Ok(Arc::new(compiled));
    cache.bytes += weight(&compiled);
    let clock = cache.clock;
    cache
        .entries
        .insert((module.source_hash, module.specifier.clone()), (clock, compiled));
}

fn weight(compiled: &Result<Arc<Compiled>, String>) -> usize {
    compiled.as_ref().map_or_else(String::len, |compiled| compiled.weight())
}

#[cfg(test)]
mod tests {
    #[test]
    fn text_becomes_ascii() {
        assert_eq!(super::ascii("\"é😀\"".into()), "\"\\u00e9\\ud83d\\ude00\"");
    }
}
