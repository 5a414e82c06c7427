//! The grammar: what libpcap's accepts, read by recursive descent.

use super::generate::{AddressKind, Direction, Generator, Qualifiers};
use super::lex::{Kind, Token, Word};
use super::names::{self, NEGATIVE, Proto};
use super::tree::{Number, Operator, Test};
use super::{DEPTH, FilterError};

/// Reads a whole filter, of `chars` characters.
pub(super) fn parse(tokens: &[Token], chars: usize) -> Result<Test> {
    let mut parser = Parser {
        tokens,
        at: 0,
        end_column: chars as u32 + 1,
        depth: 0,
        generator: Generator::new(),
    };
    if tokens.is_empty() {
        return Ok(Test::All(Vec::new()));
    }
    let (test, _) = parser.expression(None)?;
    match parser.kind(0) {
        None => Ok(test),
        Some(_) => Err(parser.expected("'and', 'or' or the end")),
    }
}

type Result<T> = core::result::Result<T, FilterError>;

/// A test, and the qualifiers that a bare address behind it takes. None where there are none to take.
type Qualified = (Test, Option<Qualifiers>);

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    end_column: u32,
    depth: u32,
    generator: Generator,
}

impl<'a> Parser<'a> {
    /// What the token is that is so many further.
    fn kind(&self, ahead: usize) -> Option<&'a Kind> {
        self.tokens.get(self.at + ahead).map(|token| &token.kind)
    }

    fn is_word(&self, ahead: usize, word: Word) -> bool {
        self.kind(ahead) == Some(&Kind::Word(word))
    }

    fn is_sign(&self, ahead: usize, sign: &str) -> bool {
        matches!(self.kind(ahead), Some(Kind::Sign(found)) if *found == sign)
    }

    fn column(&self) -> u32 {
        self.tokens.get(self.at).map_or(self.end_column, |token| token.column)
    }

    fn error(&self, message: impl Into<String>) -> FilterError {
        FilterError {
            column: self.column(),
            message: message.into(),
        }
    }

    fn expected(&self, what: &str) -> FilterError {
        match self.tokens.get(self.at) {
            None => self.error(format!("expected {what}, found the end")),
            Some(token) if token.kind == Kind::Unsupported => {
                let text = &token.text;
                self.error(format!("'{text}' is not supported; expected {what}"))
            }
            Some(token) => {
                let text: String = token.text.chars().take(32).collect();
                self.error(format!("expected {what}, found '{text}'"))
            }
        }
    }

    fn expect_sign(&mut self, sign: &'static str) -> Result<()> {
        if !self.is_sign(0, sign) {
            return Err(self.expected(&format!("'{sign}'")));
        }
        self.at += 1;
        Ok(())
    }

    /// Goes one level deeper for as long as `inside` reads.
    fn nested<T>(&mut self, inside: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth == DEPTH {
            return Err(self.error(format!("nested deeper than {DEPTH} levels")));
        }
        self.depth += 1;
        let result = inside(self);
        self.depth -= 1;
        result
    }

    /// Refuses a tree that has become too deep to evaluate.
    fn bounded(&self, test: Test) -> Result<Test> {
        self.check_depth(test.depth())?;
        Ok(test)
    }

    fn check_depth(&self, depth: u32) -> Result<()> {
        // The tests of one primitive are a few levels deep themselves.
        if depth > DEPTH + 8 {
            return Err(self.error(format!("nested deeper than {DEPTH} levels")));
        }
        Ok(())
    }

    /// Primitives with `and` and `or` between them. `before` are the qualifiers that were said last.
    fn expression(&mut self, before: Option<Qualifiers>) -> Result<Qualified> {
        let (mut left, mut qualifiers) = self.term(before)?;
        // Kept beside the tree: a walk through all of it at each word would make long filters slow.
        let mut depth = left.depth();
        loop {
            let and = self.is_word(0, Word::And);
            if !and && !self.is_word(0, Word::Or) {
                return Ok((left, qualifiers));
            }
            self.at += 1;
            let right;
            (right, qualifiers) = if self.begins_address() {
                self.address(qualifiers)?
            } else {
                self.term(qualifiers)?
            };
            depth = joined_depth(and, &left, depth, &right);
            self.check_depth(depth)?;
            left = join(and, left, right);
        }
    }

    /// Whether a bare address, port or name stands here, possibly behind `not` and parentheses.
    fn begins_address(&self) -> bool {
        let mut ahead = 0;
        while self.is_sign(ahead, "(") || self.is_word(ahead, Word::Not) {
            ahead += 1;
        }
        match self.kind(ahead) {
            Some(Kind::Dotted | Kind::Mac(_) | Kind::Name) => true,
            Some(Kind::Number(_)) => {
                ahead += 1;
                while self.is_sign(ahead, ")") {
                    ahead += 1;
                }
                !self.is_arithmetic_sign(ahead)
            }
            _ => false,
        }
    }

    fn is_arithmetic_sign(&self, ahead: usize) -> bool {
        self.kind(ahead)
            .is_some_and(|kind| names::operator(kind).is_some() || names::comparison(kind).is_some())
    }

    /// One primitive, or an expression in parentheses, possibly behind `not`.
    fn term(&mut self, before: Option<Qualifiers>) -> Result<Qualified> {
        self.nested(|parser| parser.term_inside(before))
    }

    fn term_inside(&mut self, before: Option<Qualifiers>) -> Result<Qualified> {
        match self.kind(0) {
            Some(Kind::Word(Word::Not)) => {
                self.at += 1;
                let (test, qualifiers) = self.term(before)?;
                Ok((self.bounded(Test::Not(Box::new(test)))?, qualifiers))
            }
            Some(Kind::Sign("(")) if !self.is_number_in_parentheses() => {
                self.at += 1;
                let (test, _) = self.expression(before)?;
                self.expect_sign(")")?;
                Ok((test, before))
            }
            Some(Kind::Sign("(" | "-") | Kind::Number(_) | Kind::Word(Word::Len)) => Ok((self.relation()?, None)),
            Some(Kind::Proto(_)) if self.is_sign(1, "[") => Ok((self.relation()?, None)),
            Some(Kind::Proto(proto)) => {
                self.at += 1;
                self.primitive(Some(*proto))
            }
            Some(Kind::Word(Word::Less)) => self.length(names::comparison(&Kind::Sign("<="))),
            Some(Kind::Word(Word::Greater)) => self.length(names::comparison(&Kind::Sign(">="))),
            Some(Kind::Word(Word::Vlan)) => self.vlan(),
            _ => self.primitive(None),
        }
    }

    /// Whether the parentheses here are around a number that is then used, not around an expression.
    fn is_number_in_parentheses(&self) -> bool {
        let mut open = 0u32;
        for ahead in 0.. {
            match self.kind(ahead) {
                Some(Kind::Sign("(")) => open += 1,
                Some(Kind::Sign(")")) => {
                    open -= 1;
                    if open == 0 {
                        return self.is_arithmetic_sign(ahead + 1);
                    }
                }
                Some(_) => {}
                None => break,
            }
        }
        false
    }

    /// `less` and `greater`.
    fn length(&mut self, compare: Option<super::tree::Compare>) -> Result<Qualified> {
        self.at += 1;
        let len = Number::Constant(self.plain_number("a length")?);
        let compare = compare.ok_or_else(|| self.expected("a comparison"))?;
        Ok((Test::Relation(Number::Len, compare, len), None))
    }

    fn vlan(&mut self) -> Result<Qualified> {
        self.at += 1;
        let mut ahead = 0;
        while self.is_sign(ahead, "(") {
            ahead += 1;
        }
        let vid = match self.kind(ahead) {
            Some(Kind::Number(_)) => Some(self.plain_number("a VLAN")?),
            _ => None,
        };
        let test = self.generator.vlan(vid).map_err(|message| self.error(message))?;
        Ok((test, None))
    }

    /// A number, possibly in parentheses.
    fn plain_number(&mut self, what: &str) -> Result<u32> {
        let mut open = 0;
        while self.is_sign(0, "(") {
            open += 1;
            self.at += 1;
        }
        let Some(Kind::Number(number)) = self.kind(0) else {
            return Err(self.expected(what));
        };
        self.at += 1;
        for _ in 0..open {
            self.expect_sign(")")?;
        }
        Ok(*number)
    }

    /// What may stand behind a protocol, or without one: `src host A`, `broadcast`, or nothing.
    fn primitive(&mut self, proto: Option<Proto>) -> Result<Qualified> {
        let direction = self.direction();
        let kind = match self.kind(0) {
            Some(Kind::Word(Word::Host)) => Some(AddressKind::Host),
            Some(Kind::Word(Word::Net)) => Some(AddressKind::Net),
            Some(Kind::Word(Word::Port)) => Some(AddressKind::Port),
            Some(Kind::Word(Word::PortRange)) => Some(AddressKind::PortRange),
            Some(Kind::Word(Word::Proto)) if direction.is_none() => Some(AddressKind::Proto),
            _ => None,
        };
        if kind.is_none() && direction.is_none() {
            return self.bare(proto);
        }
        if kind.is_some() {
            self.at += 1;
        }
        let qualifiers = Qualifiers {
            proto,
            direction: direction.unwrap_or_default(),
            kind: kind.unwrap_or_default(),
        };
        self.address(Some(qualifiers))
    }

    /// `tcp` alone, and `ether broadcast`.
    fn bare(&mut self, proto: Option<Proto>) -> Result<Qualified> {
        let test = match (self.kind(0), proto) {
            (Some(Kind::Word(Word::Broadcast)), _) => self.generator.broadcast(proto),
            (Some(Kind::Word(Word::Multicast)), _) => self.generator.multicast(proto),
            (_, Some(proto)) => return Ok((self.generator.protocol(proto), None)),
            (_, None) => return Err(self.expected("a primitive such as 'host', 'port' or 'tcp'")),
        };
        let test = test.map_err(|message| self.error(message))?;
        self.at += 1;
        Ok((test, None))
    }

    fn direction(&mut self) -> Option<Direction> {
        let (first, other) = match self.kind(0) {
            Some(Kind::Word(Word::Src)) => (Direction::Source, Word::Dst),
            Some(Kind::Word(Word::Dst)) => (Direction::Destination, Word::Src),
            _ => return None,
        };
        let both = match self.kind(1) {
            Some(Kind::Word(Word::Or)) if self.is_word(2, other) => Some(Direction::Either),
            Some(Kind::Word(Word::And)) if self.is_word(2, other) => Some(Direction::Both),
            _ => None,
        };
        self.at += if both.is_some() { 3 } else { 1 };
        Some(both.unwrap_or(first))
    }

    /// An address, port or name, or some of them in parentheses, that qualifiers belong to.
    fn address(&mut self, qualifiers: Option<Qualifiers>) -> Result<Qualified> {
        self.nested(|parser| parser.address_inside(qualifiers))
    }

    fn address_inside(&mut self, qualifiers: Option<Qualifiers>) -> Result<Qualified> {
        if self.is_word(0, Word::Not) {
            self.at += 1;
            let (test, qualifiers) = self.address(qualifiers)?;
            return Ok((self.bounded(Test::Not(Box::new(test)))?, qualifiers));
        }
        if self.is_sign(0, "(") {
            self.at += 1;
            let (mut left, mut last) = self.address(qualifiers)?;
            let mut depth = left.depth();
            while self.is_word(0, Word::And) || self.is_word(0, Word::Or) {
                let and = self.is_word(0, Word::And);
                self.at += 1;
                let right;
                (right, last) = self.address(last)?;
                depth = joined_depth(and, &left, depth, &right);
                self.check_depth(depth)?;
                left = join(and, left, right);
            }
            self.expect_sign(")")?;
            return Ok((left, last));
        }
        let Some(given) = qualifiers else {
            return Err(self.error("expected 'host', 'net', 'port' or another qualifier before an address or number"));
        };
        let expected = given.kind.expected();
        let token = self.tokens.get(self.at).ok_or_else(|| self.expected(expected))?;
        let generator = &self.generator;
        let (test, len) = match &token.kind {
            Kind::Number(number) => (generator.number(*number, given), 1),
            Kind::Mac(mac) => (generator.mac(*mac, given), 1),
            Kind::Name => (generator.name(&token.text, given), 1),
            Kind::Dotted if self.is_sign(1, "/") => {
                let Some(Kind::Number(prefix)) = self.kind(2) else {
                    self.at += 2;
                    return Err(self.expected("the length of a prefix"));
                };
                (generator.prefix(&token.text, *prefix, given), 3)
            }
            Kind::Dotted if self.is_word(1, Word::Mask) => {
                if self.kind(2) != Some(&Kind::Dotted) {
                    self.at += 2;
                    return Err(self.expected("a mask such as 255.255.255.0"));
                }
                (generator.mask(&token.text, &self.tokens[self.at + 2].text, given), 3)
            }
            Kind::Dotted => (generator.dotted(&token.text, given), 1),
            _ => return Err(self.expected(expected)),
        };
        let test = test.map_err(|message| self.error(message))?;
        self.at += len;
        Ok((test, qualifiers))
    }

    /// Two numbers that are compared.
    fn relation(&mut self) -> Result<Test> {
        let mut needed = Vec::new();
        let left = self.arithmetic(0, &mut needed)?;
        let compare = self
            .kind(0)
            .and_then(names::comparison)
            .ok_or_else(|| self.expected("a comparison such as '=' or '>'"))?;
        self.at += 1;
        let right = self.arithmetic(0, &mut needed)?;
        needed.push(Test::Relation(left, compare, right));
        self.bounded(Test::All(needed))
    }

    /// A number made of others with signs that bind at least as tightly as `least`. What a frame must be for the number to
    /// exist is added to `needed`.
    fn arithmetic(&mut self, least: u8, needed: &mut Vec<Test>) -> Result<Number> {
        self.nested(|parser| parser.arithmetic_inside(least, needed))
    }

    fn arithmetic_inside(&mut self, least: u8, needed: &mut Vec<Test>) -> Result<Number> {
        let mut left = self.operand(needed)?;
        while let Some((operator, precedence)) = self.kind(0).and_then(names::operator) {
            let right_least = match precedence {
                Some(precedence) if precedence < least => break,
                Some(precedence) => precedence + 1,
                None => 0,
            };
            self.at += 1;
            let column = self.column();
            let right = self.arithmetic(right_least, needed)?;
            check_operand(operator, &right).map_err(|message| FilterError { column, message })?;
            left = Number::Binary(operator, Box::new(left), Box::new(right));
            if left.depth() > DEPTH {
                return Err(self.error(format!("nested deeper than {DEPTH} levels")));
            }
        }
        Ok(left)
    }

    fn operand(&mut self, needed: &mut Vec<Test>) -> Result<Number> {
        match self.kind(0) {
            Some(Kind::Number(number)) => {
                self.at += 1;
                Ok(Number::Constant(*number))
            }
            Some(Kind::Word(Word::Len)) => {
                self.at += 1;
                Ok(Number::Len)
            }
            Some(Kind::Sign("-")) => {
                self.at += 1;
                Ok(Number::Negative(Box::new(self.arithmetic(NEGATIVE, needed)?)))
            }
            Some(Kind::Sign("(")) => {
                self.at += 1;
                let number = self.arithmetic(0, needed)?;
                self.expect_sign(")")?;
                Ok(number)
            }
            Some(Kind::Proto(proto)) => {
                self.at += 1;
                self.load(*proto, needed)
            }
            _ => Err(self.expected("a number, 'len', or bytes such as 'tcp[13]'")),
        }
    }

    /// The bytes of a protocol: `[index]` or `[index:size]`.
    fn load(&mut self, proto: Proto, needed: &mut Vec<Test>) -> Result<Number> {
        self.expect_sign("[")?;
        let index = self.arithmetic(0, needed)?;
        let mut size = 1;
        if self.is_sign(0, ":") {
            self.at += 1;
            size = match self.kind(0) {
                Some(Kind::Number(size @ (1 | 2 | 4))) => *size as u8,
                _ => return Err(self.expected("a size of 1, 2 or 4 bytes")),
            };
            self.at += 1;
        }
        self.expect_sign("]")?;
        Ok(self.generator.load(proto, index, size, needed))
    }
}

/// Two tests with `and` or `or` between them. Chains of the same word stay flat.
fn join(and: bool, left: Test, right: Test) -> Test {
    match (and, left) {
        (true, Test::All(mut tests)) => {
            tests.push(right);
            Test::All(tests)
        }
        (false, Test::Any(mut tests)) => {
            tests.push(right);
            Test::Any(tests)
        }
        (true, left) => Test::All(vec![left, right]),
        (false, left) => Test::Any(vec![left, right]),
    }
}

/// How deep the two are together, of which the left is `depth` deep.
fn joined_depth(and: bool, left: &Test, depth: u32, right: &Test) -> u32 {
    let flat = matches!((and, left), (true, Test::All(_)) | (false, Test::Any(_)));
    let left = if flat { depth } else { depth + 1 };
    left.max(right.depth() + 1)
}

/// Refuses a right side that can never be right.
fn check_operand(operator: Operator, right: &Number) -> core::result::Result<(), String> {
    let Number::Constant(right) = right else { return Ok(()) };
    match operator {
        Operator::Divide | Operator::Modulo if *right == 0 => Err("division by zero".into()),
        Operator::ShiftLeft | Operator::ShiftRight if *right > 31 => Err("shift by more than 31 bits".into()),
        _ => Ok(()),
    }
}
