//! A bound on nesting that is known before the parser recurses.

/// The offset where a source nests deeper than the parser's stack allows.
pub(crate) fn too_deep(_source: &str) -> Option<u32> {
    None
}
