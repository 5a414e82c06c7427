//! A compiled filter, and how it is evaluated.

/// A frame that a filter looks at.
pub(super) struct Frame<'a> {
    /// What was captured.
    pub(super) bytes: &'a [u8],
    /// How long it was on the link.
    pub(super) len: u32,
}

impl Frame<'_> {
    /// A number of 1, 2 or 4 bytes. Nothing where it was not captured.
    fn load(&self, at: u32, size: u8) -> Option<u32> {
        let at = at as usize;
        let bytes = self.bytes.get(at..at.checked_add(size.into())?)?;
        Some(bytes.iter().fold(0, |value, byte| value << 8 | u32::from(*byte)))
    }

    fn place(&self, place: Place) -> Option<u32> {
        match place {
            Place::At(at) => Some(at),
            Place::BehindHeader { header, offset } => {
                let len = (self.load(header, 1)? & 0x0f) * 4;
                Some(header.wrapping_add(len).wrapping_add(offset))
            }
        }
    }
}

/// Where a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// At a byte of the frame.
    At(u32),
    /// Behind an IPv4 header of whatever length.
    BehindHeader {
        /// The header's first byte.
        header: u32,
        /// Bytes from its end.
        offset: u32,
    },
}

/// How two numbers are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compare {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

impl Compare {
    const fn holds(self, left: u32, right: u32) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
        }
    }
}

/// Something that holds of a frame or does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    /// All of them, looked at in order. None: always.
    All(Vec<Test>),
    /// One of them, looked at in order.
    Any(Vec<Test>),
    /// Not that.
    Not(Box<Test>),
    /// A field, masked, compares so with a number.
    Field {
        place: Place,
        size: u8,
        mask: u32,
        compare: Compare,
        value: u32,
    },
    /// Two numbers compare so.
    Relation(Number, Compare, Number),
}

impl Test {
    /// Whether it holds. Nothing where it looks beyond the captured bytes: then the filter does not take the frame.
    pub(super) fn holds(&self, frame: &Frame<'_>) -> Option<bool> {
        match self {
            Self::All(tests) => {
                for test in tests {
                    if !test.holds(frame)? {
                        return Some(false);
                    }
                }
                Some(true)
            }
            Self::Any(tests) => {
                for test in tests {
                    if test.holds(frame)? {
                        return Some(true);
                    }
                }
                Some(false)
            }
            Self::Not(test) => Some(!test.holds(frame)?),
            Self::Field {
                place,
                size,
                mask,
                compare,
                value,
            } => {
                let at = frame.place(*place)?;
                Some(compare.holds(frame.load(at, *size)? & mask, *value))
            }
            Self::Relation(left, compare, right) => Some(compare.holds(left.value(frame)?, right.value(frame)?)),
        }
    }

    /// How deeply it is nested.
    pub(super) fn depth(&self) -> u32 {
        let inner = match self {
            Self::All(tests) | Self::Any(tests) => tests.iter().map(Self::depth).max().unwrap_or(0),
            Self::Not(test) => test.depth(),
            Self::Field { .. } => 0,
            Self::Relation(left, _, right) => left.depth().max(right.depth()),
        };
        inner + 1
    }
}

/// A number that a frame has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Number {
    /// The same for all frames.
    Constant(u32),
    /// The frame's length.
    Len,
    /// Bytes of the frame, at a number of bytes from a place.
    Load { base: Place, index: Box<Number>, size: u8 },
    /// The two's complement.
    Negative(Box<Number>),
    /// Two numbers, taken together.
    Binary(Operator, Box<Number>, Box<Number>),
}

/// How numbers are taken together: as 32 bits without a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    And,
    Or,
    Xor,
    ShiftLeft,
    ShiftRight,
}

impl Operator {
    /// The result. Nothing where it divides by zero.
    pub(super) const fn apply(self, left: u32, right: u32) -> Option<u32> {
        Some(match self {
            Self::Add => left.wrapping_add(right),
            Self::Subtract => left.wrapping_sub(right),
            Self::Multiply => left.wrapping_mul(right),
            Self::Divide => return left.checked_div(right),
            Self::Modulo => return left.checked_rem(right),
            Self::And => left & right,
            Self::Or => left | right,
            Self::Xor => left ^ right,
            Self::ShiftLeft if right < 32 => left << right,
            Self::ShiftRight if right < 32 => left >> right,
            Self::ShiftLeft | Self::ShiftRight => 0,
        })
    }
}

impl Number {
    fn value(&self, frame: &Frame<'_>) -> Option<u32> {
        match self {
            Self::Constant(value) => Some(*value),
            Self::Len => Some(frame.len),
            Self::Load { base, index, size } => {
                let index = index.value(frame)?;
                frame.load(frame.place(*base)?.wrapping_add(index), *size)
            }
            Self::Negative(number) => Some(number.value(frame)?.wrapping_neg()),
            Self::Binary(operator, left, right) => operator.apply(left.value(frame)?, right.value(frame)?),
        }
    }

    /// How deeply it is nested.
    pub(super) fn depth(&self) -> u32 {
        let inner = match self {
            Self::Constant(_) | Self::Len => 0,
            Self::Load { index, .. } => index.depth(),
            Self::Negative(number) => number.depth(),
            Self::Binary(_, left, right) => left.depth().max(right.depth()),
        };
        inner + 1
    }
}
