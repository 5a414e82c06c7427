//! Long byte arrays that a journal names instead of holding.
//!
//! A journal that kept every byte that a process read would outgrow its bound on one large file. Byte arrays of more than
//! [`LONG_BYTES`] are taken out of a slice and named by the SHA-256 of their pieces. The pieces are as long as a file's in
//! the content store, so what was read from a file is the very blobs that the file names. What a process was *given* must
//! be there again when it is rebuilt; what it *made* is only compared, and is kept by name alone.

use serde::{Deserialize, Serialize};

use crate::grant::{Call, Delivery};
use crate::program::{Digest32, sha256};
use crate::value::{SharedBytes, Value};

/// Longer byte arrays are held by name.
pub const LONG_BYTES: usize = 1024;
/// Each piece but the last has this many bytes: those of a file's contents.
pub const PIECE_BYTES: usize = 64 << 10;

/// A byte array that was taken out of a slice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// Which of the slice's byte arrays, in the order in which they stand there, from 0. An empty one is in its place.
    pub nth: u32,
    /// Its length.
    pub len: u64,
    /// SHA-256 of its pieces.
    pub pieces: Vec<Digest32>,
}

impl Held {
    /// What it weighs in a journal, in bytes.
    #[must_use]
    pub const fn weight(&self) -> u64 {
        16 + 32 * self.pieces.len() as u64
    }

    /// The length of each piece, with its name.
    pub fn lengths(&self) -> impl Iterator<Item = (Digest32, u64)> + '_ {
        let piece = PIECE_BYTES as u64;
        let len = move |index: usize| self.len.saturating_sub(index as u64 * piece).min(piece);
        self.pieces.iter().enumerate().map(move |(index, id)| (*id, len(index)))
    }
}

/// Takes the long byte arrays out of deliveries; `keep` is shown each piece and names it.
pub fn take_given(deliveries: &mut [Delivery], keep: impl FnMut(&[u8]) -> Digest32) -> Vec<Held> {
    take(deliveries.iter_mut().filter_map(value_of), keep)
}

/// Takes the long byte arrays out of calls, and names them.
pub fn take_made(calls: &mut [Call]) -> Vec<Held> {
    take(calls.iter_mut().map(|call| &mut call.args), sha256)
}

/// Puts what was taken out of deliveries back; `find` answers the bytes of a piece.
///
/// # Errors
/// When a name has no place there, or `find` has no such bytes: what and where.
pub fn put_back(
    deliveries: &mut [Delivery],
    held: &[Held],
    find: impl Fn(&Digest32) -> Option<SharedBytes>,
) -> Result<(), String> {
    let mut arrays = Vec::new();
    for value in deliveries.iter_mut().filter_map(value_of) {
        walk(value, &mut |bytes| arrays.push(bytes));
    }
    check(held, |nth| arrays.get(nth as usize).map(|bytes| bytes.len()))?;
    for one in held {
        *arrays[one.nth as usize] = join(one, &find)?;
    }
    Ok(())
}

/// Whether every name has a place in `deliveries` and `calls`, and the right number of pieces.
///
/// # Errors
/// What is wrong.
pub fn check_places(deliveries: &[Delivery], given: &[Held], calls: &[Call], made: &[Held]) -> Result<(), String> {
    let mut lens = Vec::new();
    for delivery in deliveries {
        if let Delivery::Reply { result: Ok(value), .. } = delivery {
            lengths(value, &mut lens);
        }
    }
    check(given, |nth| lens.get(nth as usize).copied())?;
    lens.clear();
    calls.iter().for_each(|call| lengths(&call.args, &mut lens));
    check(made, |nth| lens.get(nth as usize).copied())
}

fn value_of(delivery: &mut Delivery) -> Option<&mut Value> {
    match delivery {
        Delivery::Reply { result: Ok(value), .. } => Some(value),
        _ => None,
    }
}

fn take<'v>(values: impl Iterator<Item = &'v mut Value>, mut keep: impl FnMut(&[u8]) -> Digest32) -> Vec<Held> {
    let (mut held, mut nth) = (Vec::new(), 0);
    for value in values {
        walk(value, &mut |bytes| {
            if bytes.len() > LONG_BYTES {
                held.push(Held {
                    nth,
                    len: bytes.len() as u64,
                    pieces: bytes.chunks(PIECE_BYTES).map(&mut keep).collect(),
                });
                *bytes = SharedBytes::default();
            }
            nth += 1;
        });
    }
    held
}

fn check(held: &[Held], len_at: impl Fn(u32) -> Option<usize>) -> Result<(), String> {
    if !held.is_sorted_by(|one, two| one.nth < two.nth) {
        return Err("byte arrays are held out of order".into());
    }
    for one in held {
        if len_at(one.nth) != Some(0) {
            return Err(format!("byte array {} is held, and has no place", one.nth));
        }
        if one.len <= LONG_BYTES as u64 || one.pieces.len() as u64 != one.len.div_ceil(PIECE_BYTES as u64) {
            return Err(format!(
                "byte array {} of {} bytes is held in {} pieces",
                one.nth,
                one.len,
                one.pieces.len()
            ));
        }
    }
    Ok(())
}

fn join(held: &Held, find: impl Fn(&Digest32) -> Option<SharedBytes>) -> Result<SharedBytes, String> {
    let piece = |id: &Digest32| find(id).ok_or_else(|| format!("the contents {id} are missing"));
    if let [only] = held.pieces.as_slice() {
        return piece(only);
    }
    let mut whole = Vec::with_capacity(usize::try_from(held.len).unwrap_or(0));
    for id in &held.pieces {
        whole.extend_from_slice(&piece(id)?);
    }
    Ok(whole.into())
}

/// Visits the byte arrays of a value in order.
fn walk<'v>(value: &'v mut Value, visit: &mut impl FnMut(&'v mut SharedBytes)) {
    match value {
        Value::Bytes(bytes) => visit(bytes),
        Value::List(items) => items.iter_mut().for_each(|item| walk(item, visit)),
        Value::Map(map) => map.values_mut().for_each(|item| walk(item, visit)),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Str(_) => {}
    }
}

fn lengths(value: &Value, out: &mut Vec<usize>) {
    match value {
        Value::Bytes(bytes) => out.push(bytes.len()),
        Value::List(items) => items.iter().for_each(|item| lengths(item, out)),
        Value::Map(map) => map.values().for_each(|item| lengths(item, out)),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Str(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn reply(value: Value) -> Delivery {
        Delivery::Reply {
            call: 1,
            result: Ok(value),
        }
    }

    fn bytes(len: usize, with: u8) -> Value {
        Value::Bytes(vec![with; len].into())
    }

    fn sample() -> Vec<Delivery> {
        let map = [
            ("a".to_owned(), bytes(LONG_BYTES, 1)),
            ("b".to_owned(), bytes(LONG_BYTES + 1, 2)),
        ];
        vec![
            reply(Value::List(vec![bytes(3, 0), Value::Map(map.into())])),
            Delivery::Signal { signal: 2 },
            reply(bytes(2 * PIECE_BYTES + 1, 3)),
        ]
    }

    fn taken() -> (Vec<Delivery>, Vec<Held>, BTreeMap<Digest32, SharedBytes>) {
        let (mut deliveries, mut store) = (sample(), BTreeMap::new());
        let held = take_given(&mut deliveries, |piece| {
            store.insert(sha256(piece), piece.to_vec().into());
            sha256(piece)
        });
        (deliveries, held, store)
    }

    #[test]
    fn long_arrays_are_taken_and_put_back() {
        let (mut deliveries, held, store) = taken();
        let shape: Vec<_> = held.iter().map(|one| (one.nth, one.len, one.pieces.len())).collect();
        assert_eq!(shape, [(2, 1025, 1), (3, 131_073, 3)]);
        let lens: Vec<u64> = held[1].lengths().map(|(_, len)| len).collect();
        assert_eq!(lens, [65_536, 65_536, 1]);
        assert_ne!(deliveries, sample());
        check_places(&deliveries, &held, &[], &[]).unwrap();
        put_back(&mut deliveries, &held, |id| store.get(id).cloned()).unwrap();
        assert_eq!(deliveries, sample());
    }

    #[test]
    fn names_without_a_place_or_bytes_are_refused() {
        let (deliveries, held, store) = taken();
        let wrong = |change: &dyn Fn(&mut Vec<Held>)| {
            let mut held = held.clone();
            change(&mut held);
            let checked = check_places(&deliveries, &held, &[], &[]);
            let put = put_back(&mut deliveries.clone(), &held, |id| store.get(id).cloned());
            assert_eq!(checked, put);
            put.unwrap_err()
        };
        assert_eq!(wrong(&|held| held[1].nth = 4), "byte array 4 is held, and has no place");
        assert_eq!(wrong(&|held| held[0].nth = 0), "byte array 0 is held, and has no place");
        assert_eq!(wrong(&|held| held.swap(0, 1)), "byte arrays are held out of order");
        assert_eq!(
            wrong(&|held| held[1].len = 7),
            "byte array 3 of 7 bytes is held in 3 pieces"
        );
        let missing = put_back(&mut deliveries.clone(), &held, |_| None).unwrap_err();
        assert!(missing.ends_with("are missing"), "{missing}");
    }
}
