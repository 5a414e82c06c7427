//! Words and signs of a filter.

use super::FilterError;
use super::names::{self, Proto};
use crate::wire::MacAddr;

/// A word or sign, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Its first character, from 1.
    pub(super) column: u32,
    /// As it is written.
    pub(super) text: String,
}

/// What a word or sign is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word of the language.
    Word(Word),
    /// A protocol.
    Proto(Proto),
    /// A word of the language that is not supported.
    Unsupported,
    /// A number.
    Number(u32),
    /// Two to four numbers with dots: an address or the start of one.
    Dotted,
    /// A hardware address.
    Mac(MacAddr),
    /// A name.
    Name,
    /// A sign.
    Sign(&'static str),
}

/// Words of the language that are no protocols.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Src,
    Dst,
    Host,
    Net,
    Mask,
    Port,
    PortRange,
    Proto,
    Less,
    Greater,
    Broadcast,
    Multicast,
    And,
    Or,
    Not,
    Len,
    Vlan,
}

/// Signs, the longer before those that they begin with.
const SIGNS: [&str; 24] = [
    "&&", "||", "<<", ">>", ">=", "<=", "!=", "==", "+", "-", "*", "/", "%", ":", "[", "]", "!", "<", ">", "(", ")",
    "&", "|", "^",
];

/// The words and signs of a text.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, FilterError> {
    let mut tokens = Vec::new();
    let mut rest = text;
    let mut column = 1;
    while let Some(first) = rest.chars().next() {
        if matches!(first, ' ' | '\t' | '\r' | '\n') {
            rest = &rest[1..];
            column += 1;
            continue;
        }
        let (kind, shown, len) = token(rest, first).map_err(|message| FilterError { column, message })?;
        tokens.push(Token {
            kind,
            column,
            text: shown.into(),
        });
        let (read, after) = rest.split_at(len);
        column += read.chars().count() as u32;
        rest = after;
    }
    Ok(tokens)
}

/// The token that a text begins with, how it is shown, and its length in bytes.
fn token(text: &str, first: char) -> Result<(Kind, &str, usize), String> {
    if let Some(escaped) = text.strip_prefix('\\') {
        let end = escaped.find([' ', '!', '(', ')', '\n', '\t']).unwrap_or(escaped.len());
        if end == 0 {
            return Err("expected a name behind the backslash".into());
        }
        return Ok((Kind::Name, &escaped[..end], end + 1));
    }
    if first.is_ascii_alphanumeric() {
        let len = word_len(text);
        if let Some((mac, mac_len)) = mac(text).filter(|(_, mac_len)| *mac_len >= len) {
            return Ok((Kind::Mac(mac), &text[..mac_len], mac_len));
        }
        let word = &text[..len];
        return Ok((classify(word)?, word, len));
    }
    if let Some(sign) = SIGNS.into_iter().find(|sign| text.starts_with(sign)) {
        let kind = match sign {
            "&&" => Kind::Word(Word::And),
            "||" => Kind::Word(Word::Or),
            "!" => Kind::Word(Word::Not),
            _ => Kind::Sign(sign),
        };
        return Ok((kind, sign, sign.len()));
    }
    if first == '=' {
        return Ok((Kind::Sign("="), "=", 1));
    }
    Err(format!("unexpected character {first:?}"))
}

/// The length of a word: letters, digits, dots, hyphens and underscores, of which the last two do not end it.
fn word_len(text: &str) -> usize {
    let end = text
        .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.'))
        .unwrap_or(text.len());
    text[..end].trim_end_matches(['-', '_']).len()
}

fn classify(word: &str) -> Result<Kind, String> {
    if let Some(number) = number(word) {
        return number.map(Kind::Number);
    }
    let parts = word.split('.');
    if (2..=4).contains(&parts.clone().count()) && parts.clone().all(|part| !part.is_empty() && all_digits(part)) {
        return Ok(Kind::Dotted);
    }
    Ok(names::word(word).unwrap_or(Kind::Name))
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads a number: decimal, octal behind a zero, hexadecimal behind `0x`. Nothing where the word is none.
pub(super) fn number(word: &str) -> Option<Result<u32, String>> {
    let hexadecimal = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X"));
    let (digits, radix) = match hexadecimal {
        Some(digits) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) => (digits, 16),
        Some(_) => return None,
        None if !all_digits(word) => return None,
        None if word.len() > 1 && word.starts_with('0') => (word, 8),
        None => (word, 10),
    };
    let value = u32::from_str_radix(digits, radix);
    Some(value.map_err(|_| match radix {
        8 if digits.contains(['8', '9']) => format!("number {word} begins with 0 and is not octal"),
        _ => format!("number {word} does not fit 32 bits"),
    }))
}

/// The hardware address that a text begins with, and its length: six groups of one or two digits with `:`, `-` or `.`,
/// three groups of four with `.`, or twelve digits.
fn mac(text: &str) -> Option<(MacAddr, usize)> {
    let six = |separator| groups(text, separator, 6, 1..=2);
    let (digits, len) = six(':')
        .or_else(|| six('-'))
        .or_else(|| six('.'))
        .or_else(|| groups(text, '.', 3, 4..=4))
        .or_else(|| {
            let digits = text.get(..12)?;
            digits
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit())
                .then(|| (digits.into(), 12))
        })?;
    let mut address = [0; 6];
    for (byte, at) in address.iter_mut().zip((0..12).step_by(2)) {
        *byte = u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()?;
    }
    Some((MacAddr(address), len))
}

/// Groups of hexadecimal digits at the start of a text, each padded to an even number, and their length.
fn groups(
    text: &str,
    separator: char,
    count: usize,
    size: core::ops::RangeInclusive<usize>,
) -> Option<(String, usize)> {
    let mut digits = String::with_capacity(12);
    let mut at = 0;
    for group in 0..count {
        if group > 0 {
            at += text[at..].starts_with(separator).then_some(1)?;
        }
        let rest = &text[at..];
        let len = rest.bytes().take(*size.end()).take_while(u8::is_ascii_hexdigit).count();
        if !size.contains(&len) {
            return None;
        }
        if len == 1 {
            digits.push('0');
        }
        digits += &rest[..len];
        at += len;
    }
    Some((digits, at))
}
