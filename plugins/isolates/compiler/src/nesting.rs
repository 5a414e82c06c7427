//! A bound on the parser's work that is known before it starts.
//!
//! The parser recurses, and it tries type arguments at every `<`, in time quadratic in how many are open. So one pass
//! over the bytes bounds three things: open brackets; tokens in a row that could each nest the next one (`!!!!…`,
//! `a=>a=>…`, `a?b:a?b:…`), counted from the last `,`, `;` or end of a block; and the work at `<`. What is not counted
//! takes so many bytes a level that a source of [`SOURCE_BYTES_MAX`](crate::SOURCE_BYTES_MAX) cannot fill the stack.
//! The pass is sound whatever the text: where a `/` could start a regular expression or be a division, and the two
//! readings differ, it refuses.

/// Most open brackets.
const BRACKETS_MAX: usize = 1_000;
/// Most tokens in a row that could nest.
const CHAIN_MAX: u32 = 30_000;
/// Most work at `<`: each costs how many are open.
const ANGLES_WORK_MAX: u64 = 1_000_000;

/// Why the parser must not see a source.
pub(crate) enum Refusal {
    /// It nests too deep.
    Deep,
    /// It holds a `/` that this pass cannot tell apart.
    Slash,
}

/// What the last token says of a `/` after it.
#[derive(Clone, Copy, PartialEq)]
enum Before {
    /// An operator or an opening bracket: a regular expression follows.
    Operator,
    /// A value: a division follows.
    Value,
    /// Either.
    Unsure,
}

struct Open {
    close: u8,
    chain: u32,
    angles: u64,
    /// The bracket belongs to `if`, `for`, `while` or `with`: after it a statement starts.
    head: bool,
}

struct Scan<'s> {
    bytes: &'s [u8],
    at: usize,
    open: Vec<Open>,
    chain: u32,
    angles: u64,
    angles_work: u64,
    before: Before,
    /// The last word was `if`, `for`, `while` or `with`.
    head: bool,
    after_dot: bool,
}

/// The offset of what the parser must not see, if there is such a thing.
pub(crate) fn refuse(source: &str) -> Option<(u32, Refusal)> {
    let mut scan = Scan {
        bytes: source.as_bytes(),
        at: 0,
        open: Vec::new(),
        chain: 0,
        angles: 0,
        angles_work: 0,
        before: Before::Operator,
        head: false,
        after_dot: false,
    };
    if source.starts_with("#!") {
        scan.skip_line();
    }
    while scan.at < scan.bytes.len() {
        let start = scan.at;
        if let Err(refusal) = scan.token() {
            return Some((start as u32, refusal));
        }
        debug_assert!(scan.at > start);
    }
    None
}

impl Scan<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn skip_line(&mut self) {
        while self.at < self.bytes.len() && !matches!(self.bytes[self.at], b'\n' | b'\r') {
            // U+2028 and U+2029 end a line too.
            if self.bytes[self.at..].starts_with(&[0xe2, 0x80]) && matches!(self.peek(2), 0xa8 | 0xa9) {
                return;
            }
            self.at += 1;
        }
    }

    fn base(&self) -> (u32, u64) {
        self.open.last().map_or((0, 0), |open| (open.chain, open.angles))
    }

    fn count(&mut self, before: Before) -> Result<(), Refusal> {
        self.chain += 1;
        self.before = before;
        (self.head, self.after_dot) = (false, false);
        if self.chain > CHAIN_MAX {
            Err(Refusal::Deep)
        } else {
            Ok(())
        }
    }

    fn token(&mut self) -> Result<(), Refusal> {
        let byte = self.bytes[self.at];
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => self.at += 1,
            b'/' if self.peek(1) == b'/' => self.skip_line(),
            b'/' if self.peek(1) == b'*' => {
                let rest = &self.bytes[self.at + 2..];
                let len = rest
                    .windows(2)
                    .position(|pair| pair == b"*/")
                    .map_or(rest.len(), |len| len + 2);
                self.at += 2 + len;
            }
            b'/' => return self.slash(),
            b'"' | b'\'' => {
                self.string(byte);
                return self.count(Before::Value);
            }
            b'`' => {
                self.at += 1;
                return self.template();
            }
            b'(' | b'[' | b'{' => {
                self.at += 1;
                return self.bracket(byte);
            }
            b')' | b']' | b'}' => {
                self.at += 1;
                return self.close(byte);
            }
            b';' | b',' => {
                self.at += 1;
                let angles = self.angles;
                (self.chain, self.angles) = self.base();
                if byte == b',' {
                    self.angles = angles;
                }
                self.before = Before::Operator;
                (self.head, self.after_dot) = (false, false);
            }
            b'<' => {
                self.at += 1;
                self.angles += 1;
                self.angles_work += self.angles;
                if self.angles_work > ANGLES_WORK_MAX {
                    return Err(Refusal::Deep);
                }
                return self.count(Before::Operator);
            }
            b'>' => {
                self.at += 1;
                self.angles = self.angles.saturating_sub(1).max(self.base().1);
                return self.count(Before::Unsure);
            }
            b'=' if self.peek(1) == b'>' => {
                self.at += 2;
                return self.count(Before::Operator);
            }
            b'+' | b'-' if self.peek(1) == byte => {
                self.at += 2;
                return self.count(Before::Unsure);
            }
            b'!' => {
                // Before an operand it negates; right behind one it is TypeScript's.
                let behind = self.at > 0 && !self.bytes[self.at - 1].is_ascii_whitespace();
                self.at += 1;
                return self.count(match self.before {
                    _ if self.peek(0) == b'=' => Before::Operator,
                    Before::Value if behind => Before::Value,
                    Before::Operator => Before::Operator,
                    _ => Before::Unsure,
                });
            }
            b'.' => {
                self.at += 1;
                self.count(Before::Operator)?;
                self.after_dot = true;
            }
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' | b'\\' | 0x80.. => return self.word(),
            _ => {
                self.at += 1;
                return self.count(Before::Operator);
            }
        }
        Ok(())
    }

    fn word(&mut self) -> Result<(), Refusal> {
        let start = self.at;
        while matches!(self.peek(0), b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' | b'\\' | 0x80..) {
            self.at += 1;
        }
        let word = &self.bytes[start..self.at];
        if self.after_dot {
            return self.count(Before::Value);
        }
        let before = match word {
            b"return" | b"typeof" | b"instanceof" | b"in" | b"new" | b"delete" | b"void" | b"throw" | b"case"
            | b"do" | b"else" | b"await" | b"yield" | b"extends" | b"default" => Before::Operator,
            b"of" | b"as" | b"satisfies" | b"is" | b"keyof" => Before::Unsure,
            // Escapes can spell a keyword that is not one, and spaces beyond ASCII are counted as words.
            _ if word.iter().any(|b| *b == b'\\' || *b >= 0x80) => Before::Unsure,
            _ => Before::Value,
        };
        let head = matches!(word, b"if" | b"for" | b"while" | b"with") || (word == b"await" && self.head);
        self.count(before)?;
        self.head = head;
        Ok(())
    }

    /// A string ends at its quote or its line.
    fn string(&mut self, quote: u8) {
        self.at += 1;
        while self.at < self.bytes.len() {
            match self.bytes[self.at] {
                b'\\' if self.peek(1) == b'\r' && self.peek(2) == b'\n' => self.at += 3,
                b'\\' => self.at += 2,
                b'\n' | b'\r' => return,
                byte => {
                    self.at += 1;
                    if byte == quote {
                        return;
                    }
                }
            }
        }
        self.at = self.bytes.len();
    }

    /// The text of a template, up to its end or the next `${`.
    fn template(&mut self) -> Result<(), Refusal> {
        while self.at < self.bytes.len() {
            match self.bytes[self.at] {
                b'\\' => self.at += 2,
                b'`' => {
                    self.at += 1;
                    return self.count(Before::Value);
                }
                b'$' if self.peek(1) == b'{' => {
                    self.at += 2;
                    return self.bracket(b'`');
                }
                _ => self.at += 1,
            }
        }
        self.at = self.bytes.len();
        Ok(())
    }

    fn bracket(&mut self, byte: u8) -> Result<(), Refusal> {
        let close = match byte {
            b'(' => b')',
            b'[' => b']',
            b'{' => b'}',
            _ => b'`',
        };
        let head = self.head && byte == b'(';
        self.count(Before::Operator)?;
        self.open.push(Open {
            close,
            chain: self.chain,
            angles: self.angles,
            head,
        });
        if self.open.len() > BRACKETS_MAX {
            Err(Refusal::Deep)
        } else {
            Ok(())
        }
    }

    fn close(&mut self, byte: u8) -> Result<(), Refusal> {
        let Some(open) = self.open.last() else {
            return self.count(Before::Unsure);
        };
        if open.close != byte && !(open.close == b'`' && byte == b'}') {
            // Not well formed: the parser stops here, so nothing after it matters, and counting on is safe.
            return self.count(Before::Unsure);
        }
        let open = self.open.pop().expect("it was just seen");
        (self.chain, self.angles) = (open.chain, open.angles);
        if open.close == b'`' {
            return self.template();
        }
        if byte == b'}' && self.ends_statement() {
            (self.chain, self.angles) = self.base();
        }
        self.count(match byte {
            b')' if open.head => Before::Operator,
            b'}' => Before::Unsure,
            _ => Before::Value,
        })
    }

    /// Whether what follows a `}` cannot continue an expression that it ends.
    fn ends_statement(&self) -> bool {
        let rest = &self.bytes[self.at..];
        let next = rest.iter().find(|b| !b.is_ascii_whitespace()).copied().unwrap_or(b';');
        next.is_ascii_alphabetic()
            || matches!(
                next,
                b'_' | b'$' | b'}' | b'#' | b'@' | b';' | b'[' | b'*' | b'"' | b'\''
            )
    }

    fn slash(&mut self) -> Result<(), Refusal> {
        match self.before {
            Before::Value => {
                self.at += 1;
                self.count(Before::Operator)
            }
            Before::Operator => self.regular_expression(),
            Before::Unsure => {
                // Read as a division, the text up to the next slash is code; it must mean the same either way.
                let line = self.bytes[self.at + 1..]
                    .iter()
                    .take_while(|b| !matches!(**b, b'\n' | b'\r'));
                let text: Vec<u8> = line.copied().collect();
                let end = text.iter().rposition(|b| *b == b'/').unwrap_or(0);
                if text[..end]
                    .iter()
                    .any(|b| matches!(b, b'"' | b'\'' | b'`' | b'(' | b'[' | b'{' | b'/' | b'\\'))
                {
                    return Err(Refusal::Slash);
                }
                self.at += 1;
                self.count(Before::Operator)
            }
        }
    }

    fn regular_expression(&mut self) -> Result<(), Refusal> {
        self.at += 1;
        let mut class = false;
        while self.at < self.bytes.len() {
            match self.bytes[self.at] {
                b'\n' | b'\r' => break,
                b'\\' => self.at += 1,
                b'[' => class = true,
                b']' => class = false,
                b'/' if !class => {
                    self.at += 1;
                    return self.count(Before::Value);
                }
                _ => {}
            }
            self.at += 1;
        }
        self.at = self.at.min(self.bytes.len());
        self.count(Before::Value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(source: &str) -> Option<&'static str> {
        refuse(source).map(|(_, refusal)| match refusal {
            Refusal::Deep => "deep",
            Refusal::Slash => "slash",
        })
    }

    #[test]
    fn ordinary_sources_pass() {
        for source in [
            "const a = (end - start) / 1000 + ' ms/op';",
            "if (x) /[\"'`]/.test(y);",
            "const a = b! / c; const d = e++ / f;",
            "const n = await (end - start) / 1000 + ' ms/op';",
            "for await (const x of y) /'/.test(x);",
            "const t = `${a / b} [${`(${c}`}`; // ] it's",
            "if (!/a'(b)/.test(c) && !/d/.test(e)) {}",
            "x.return / 2; y = /[/\"]/g; 'it\\'s'; /* ' */",
            &"const x: Map<string, Array<number>> = new Map();\n".repeat(5_000),
            &"if (a < b && c > d) { f() }\n".repeat(20_000),
            &"[1, 2, 3],".repeat(50_000),
            &"function f() { return 1 }\n".repeat(20_000),
            "\u{2028}// x\u{2028}a",
        ] {
            assert_eq!(refused(source), None, "{}", &source[..source.len().min(60)]);
        }
    }

    #[test]
    fn deep_sources_do_not() {
        for unit in [
            "(", "[", "{", "`${", "f(", "!", "a=>", "a?b:", "a=", "a<", "typeof ", "if(a)", "{}=", "(a,b)=>",
        ] {
            assert_eq!(refused(&unit.repeat(300_000 / unit.len())), Some("deep"), "{unit}");
        }
    }

    #[test]
    fn nothing_hides_behind_a_slash() {
        assert_eq!(refused("a = {} /'/; [[["), Some("slash"));
        assert_eq!(refused("a = {} /`/; [[["), Some("slash"));
        assert_eq!(
            refused(&format!("(a) /`/; {}", "[".repeat(2_000))),
            None,
            "a template that never ends"
        );
        assert_eq!(refused(&format!("if (a) /`/; {}", "[".repeat(2_000))), Some("deep"));
    }
}
