//! The canonical JSON of one row of a frame.

use std::sync::Arc;

use serde_json::Value;

/// A row longer than this lies in blocks of this size, which rows that grow at their end (journals, logs) keep.
const BLOCK_BYTES: usize = 16 << 10;

/// Bytes of one row, whole or in blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RowBytes {
    /// A short row.
    Whole(Arc<[u8]>),
    /// A long one.
    Blocks(Arc<[Arc<[u8]>]>),
}

impl RowBytes {
    /// Keeps bytes, sharing what is where it was before.
    pub(crate) fn of(bytes: &[u8], before: Option<&Self>) -> Self {
        if bytes.len() <= BLOCK_BYTES {
            return match before {
                Some(Self::Whole(same)) if **same == *bytes => Self::Whole(same.clone()),
                _ => Self::Whole(bytes.into()),
            };
        }
        let known: &[Arc<[u8]>] = match before {
            Some(Self::Blocks(blocks)) => blocks,
            _ => &[],
        };
        let blocks: Arc<[Arc<[u8]>]> = bytes
            .chunks(BLOCK_BYTES)
            .enumerate()
            .map(|(index, block)| match known.get(index) {
                Some(same) if **same == *block => same.clone(),
                _ => block.into(),
            })
            .collect();
        Self::Blocks(blocks)
    }

    /// The blocks in order.
    pub(crate) fn blocks(&self) -> &[Arc<[u8]>] {
        match self {
            Self::Whole(bytes) => std::slice::from_ref(bytes),
            Self::Blocks(blocks) => blocks,
        }
    }

    /// The row as JSON.
    pub(crate) fn parse(&self) -> Value {
        let parsed = match self {
            Self::Whole(bytes) => serde_json::from_slice(bytes),
            Self::Blocks(blocks) => serde_json::from_slice(&blocks.concat()),
        };
        parsed.expect("rows of a frame are JSON")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_grows_shares_what_stayed() {
        let short = RowBytes::of(b"[1]", None);
        let same = RowBytes::of(b"[1]", Some(&short));
        assert!(Arc::ptr_eq(&short.blocks()[0], &same.blocks()[0]));

        let long = |count: usize| format!("[{}1]", "12345678,".repeat(count)).into_bytes();
        let before = RowBytes::of(&long(8_000), Some(&short));
        let after = RowBytes::of(&long(8_100), Some(&before));
        let shared = before
            .blocks()
            .iter()
            .zip(after.blocks())
            .filter(|(one, two)| Arc::ptr_eq(one, two))
            .count();
        assert_eq!((before.blocks().len(), after.blocks().len(), shared), (5, 5, 4));
        assert_eq!(after.parse().as_array().map(Vec::len), Some(8_101));
        assert_eq!(before.parse().as_array().map(Vec::len), Some(8_001));
    }
}
