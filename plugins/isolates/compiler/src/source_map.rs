//! Where a generated position came from.

use serde::{Deserialize, Serialize};

/// A source map from generated code to one TypeScript source, delta-encoded to a few bytes a position.
///
/// Lines and columns count from 1, columns in UTF-16 units, as V8 prints them in a stack trace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceMap {
    /// Four variable-length integers a token: generated line and column, original line and column, as differences.
    bytes: Vec<u8>,
    /// How many tokens `bytes` holds.
    tokens: u32,
}

/// One correspondence; all numbers from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Line in the generated code.
    pub generated_line: u32,
    /// Column in the generated code.
    pub generated_column: u32,
    /// Line in the TypeScript source.
    pub line: u32,
    /// Column in the TypeScript source.
    pub column: u32,
}

impl SourceMap {
    /// Encodes tokens sorted by generated position.
    pub(crate) fn from_tokens(tokens: impl Iterator<Item = Token>) -> Self {
        let mut map = Self::default();
        let mut last = Token {
            generated_line: 1,
            generated_column: 1,
            line: 1,
            column: 1,
        };
        for token in tokens {
            if token.generated_line != last.generated_line {
                last.generated_column = 1;
            }
            map.write(i64::from(token.generated_line) - i64::from(last.generated_line));
            map.write(i64::from(token.generated_column) - i64::from(last.generated_column));
            map.write(i64::from(token.line) - i64::from(last.line));
            map.write(i64::from(token.column) - i64::from(last.column));
            map.tokens += 1;
            last = token;
        }
        map.bytes.shrink_to_fit();
        map
    }

    /// The original `(line, column)` of a generated one: that of the nearest token at or before it on its line.
    ///
    /// `None` for a line that holds only injected code. Decodes from the front, so it is for stack traces, not loops.
    pub fn lookup(&self, line: u32, column: u32) -> Option<(u32, u32)> {
        let mut found = None;
        for token in self.iter() {
            if token.generated_line > line || (token.generated_line == line && token.generated_column > column) {
                // A position before the first token of its line belongs to that token.
                if found.is_none() && token.generated_line == line {
                    found = Some((token.line, token.column));
                }
                break;
            }
            if token.generated_line == line {
                found = Some((token.line, token.column));
            }
        }
        found
    }

    /// All tokens, in generated order.
    pub fn iter(&self) -> impl Iterator<Item = Token> + '_ {
        let mut at = 0;
        let mut last = Token {
            generated_line: 1,
            generated_column: 1,
            line: 1,
            column: 1,
        };
        (0..self.tokens).map_while(move |_| {
            let mut next = || {
                let (value, len) = read(self.bytes.get(at..)?)?;
                at += len;
                i32::try_from(value).ok()
            };
            let (generated_line, generated_column, line, column) = (next()?, next()?, next()?, next()?);
            if generated_line != 0 {
                last.generated_column = 1;
            }
            last.generated_line = last.generated_line.checked_add_signed(generated_line)?;
            last.generated_column = last.generated_column.checked_add_signed(generated_column)?;
            last.line = last.line.checked_add_signed(line)?;
            last.column = last.column.checked_add_signed(column)?;
            Some(last)
        })
    }

    /// Bytes of memory it takes.
    pub fn len_bytes(&self) -> usize {
        self.bytes.len() + size_of::<Self>()
    }

    fn write(&mut self, value: i64) {
        let mut rest = ((value << 1) ^ (value >> 63)) as u64;
        while rest >= 0x80 {
            self.bytes.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        self.bytes.push(rest as u8);
    }
}

/// Reads one zigzag variable-length integer; `None` where the bytes end or run over.
fn read(bytes: &[u8]) -> Option<(i64, usize)> {
    let mut value = 0_u64;
    for (index, &byte) in bytes.iter().enumerate().take(9) {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((((value >> 1) as i64) ^ -((value & 1) as i64), index + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(generated_line: u32, generated_column: u32, line: u32, column: u32) -> Token {
        Token {
            generated_line,
            generated_column,
            line,
            column,
        }
    }

    #[test]
    fn tokens_survive_encoding_and_lookup_takes_the_nearest_before() {
        let tokens = [
            token(1, 1, 3, 5),
            token(1, 40, 3, 2),
            token(4, 2, 1, 900),
            token(4, 9, 70_000, 1),
        ];
        let map = SourceMap::from_tokens(tokens.into_iter());
        assert_eq!(map.iter().collect::<Vec<_>>(), tokens);
        assert_eq!(map.lookup(1, 39), Some((3, 5)));
        assert_eq!(map.lookup(1, 40), Some((3, 2)));
        assert_eq!(map.lookup(2, 1), None);
        assert_eq!(map.lookup(4, 1), Some((1, 900)));
        assert_eq!(map.lookup(4, 100), Some((70_000, 1)));
    }

    #[test]
    fn a_damaged_map_ends_early_and_does_not_panic() {
        let mut map = SourceMap::from_tokens([token(1, 1, 1, 1), token(2, 1, 2, 1)].into_iter());
        map.bytes.truncate(6);
        assert_eq!(map.iter().count(), 1);
        map.bytes = vec![0xff; 40];
        assert_eq!(map.iter().count(), 0);
        assert_eq!(map.lookup(1, 1), None);
    }
}
