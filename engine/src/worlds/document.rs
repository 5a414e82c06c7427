//! The first pass: the shape of a world file, checked without touching any world.

use std::collections::{BTreeMap, BTreeSet};

use ron::value::RawValue;
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use crate::ids::{NodeId, NodeKind, check_name};
use crate::streams::WorldSeed;
use crate::time::DEFAULT_EPOCH_MS;

use super::error::suggest;
use super::section::{Spanned, read_part};
use super::{MAX_NODES, MAX_WORLD_BYTES, WorldError, kind_of};

/// A world file whose shape is sound.
pub(super) struct Document<'a> {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) authoritative: bool,
    pub(super) seed: WorldSeed,
    pub(super) epoch_ms: u64,
    pub(super) nodes: Vec<DocumentNode<'a>>,
}

/// A node of a world file.
pub(super) struct DocumentNode<'a> {
    pub(super) name: Spanned<String>,
    pub(super) kind: NodeKind,
    pub(super) sections: Vec<(&'static str, &'a RawValue)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename = "World")]
struct RawDocument<'a> {
    name: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    authoritative: bool,
    #[serde(borrow)]
    seed: Spanned<Seed<'a>>,
    #[serde(default)]
    epoch: Option<Spanned<String>>,
    #[serde(borrow)]
    nodes: Spanned<Vec<Spanned<Fields<'a>>>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Seed<'a> {
    Number(u64),
    Hex(&'a str),
}

/// The fields of a node: name, text, and byte of the name.
struct Fields<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FieldsVisitor;
        impl<'de> Visitor<'de> for FieldsVisitor {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str("a node: (name: …, kind: …, sections)")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields: Vec<(String, &'de RawValue)> = Vec::new();
                while let Some(name) = map.next_key::<String>()? {
                    if fields.iter().any(|(other, _)| *other == name) {
                        return Err(A::Error::custom(format!("`{name}` is there twice")));
                    }
                    fields.push((name, map.next_value()?));
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_any(FieldsVisitor)
    }
}

impl<'a> Document<'a> {
    /// Reads and checks everything but the insides of sections.
    pub(super) fn read(file: &str, text: &'a str, known: &[&'static str]) -> Result<Self, WorldError> {
        if text.len() > MAX_WORLD_BYTES {
            let problem = format!(
                "the file of {} bytes is over the limit of {MAX_WORLD_BYTES} bytes",
                text.len()
            );
            return Err(WorldError::at(file, text, 0, problem));
        }
        let raw: RawDocument<'a> = read_part(file, text, text)?;
        let fail = |at: usize, problem: String| WorldError::at(file, text, at, problem);
        let seed = read_seed(&raw.seed.value)
            .map_err(|problem| fail(raw.seed.at, problem).hint("a seed is a number or a text of 64 hex digits"))?;
        let epoch_ms = match &raw.epoch {
            None => DEFAULT_EPOCH_MS,
            Some(epoch) => parse_epoch(epoch).ok_or_else(|| {
                fail(epoch.at, format!("{:?} is not a time", epoch.value))
                    .hint("write it as \"2035-01-01T00:00:00Z\", between 1970 and 9999")
            })?,
        };
        if raw.nodes.value.len() > MAX_NODES {
            return Err(fail(raw.nodes.at, format!("there are more than {MAX_NODES} nodes")));
        }
        let mut nodes = Vec::with_capacity(raw.nodes.value.len());
        for fields in &raw.nodes.value {
            nodes.push(read_node(file, text, fields, known)?);
        }
        check_names(file, text, &nodes)?;
        Ok(Self {
            name: raw.name,
            description: raw.description,
            authoritative: raw.authoritative,
            seed,
            epoch_ms,
            nodes,
        })
    }
}

fn read_node<'a>(
    file: &str,
    text: &'a str,
    fields: &Spanned<Fields<'a>>,
    known: &[&'static str],
) -> Result<DocumentNode<'a>, WorldError> {
    let start = text.as_ptr() as usize;
    let (mut name, mut kind, mut sections) = (None, None, Vec::new());
    for (field, raw) in &fields.value.0 {
        let part = raw.trim().get_ron();
        let at = (part.as_ptr() as usize).wrapping_sub(start);
        match field.as_str() {
            "name" => name = Some(read_part::<Spanned<String>>(file, text, part)?),
            "kind" => {
                let read = read_part::<NodeKind>(file, text, part)?;
                kind = Some(kind_of(read).map_err(|problem| WorldError::at(file, text, at, problem))?);
            }
            other => match known.iter().find(|name| **name == other) {
                Some(known) => sections.push((*known, *raw)),
                None => {
                    let all: Vec<&str> = ["name", "kind"].into_iter().chain(known.iter().copied()).collect();
                    let problem = format!("there is no section `{other}`");
                    return Err(WorldError::at(file, text, at, problem).hint(suggest(other, &all)));
                }
            },
        }
    }
    let missing = |field: &str| WorldError::at(file, text, fields.at, format!("the node has no `{field}`"));
    let name = name.ok_or_else(|| missing("name"))?;
    let kind =
        kind.ok_or_else(|| missing("kind").hint("a kind is machine, switch, access_point, provider or gateway"))?;
    check_name(&name).map_err(|error| WorldError::at(file, text, name.at, error.to_string()))?;
    Ok(DocumentNode { name, kind, sections })
}

fn check_names(file: &str, text: &str, nodes: &[DocumentNode]) -> Result<(), WorldError> {
    let mut names = BTreeSet::new();
    let mut ids: BTreeMap<NodeId, &str> = BTreeMap::new();
    for node in nodes {
        let name = node.name.value.as_str();
        let fail = |problem| Err(WorldError::at(file, text, node.name.at, problem));
        if !names.insert(name) {
            return fail(format!("there is already a node named {name:?}"));
        }
        if let Some(other) = ids.insert(NodeId::from_name(name), name) {
            return fail(format!(
                "the names {other:?} and {name:?} have the same id: choose another for one of them"
            ));
        }
    }
    Ok(())
}

fn read_seed(seed: &Seed) -> Result<WorldSeed, String> {
    match seed {
        Seed::Number(number) => Ok(WorldSeed::from_number(*number)),
        Seed::Hex(text) => {
            let mut bytes = [0; 32];
            hex::decode_to_slice(text, &mut bytes).map_err(|_| format!("{text:?} is not a seed"))?;
            Ok(WorldSeed(bytes))
        }
    }
}

/// Milliseconds of Unix time of `YYYY-MM-DDTHH:MM:SSZ`.
fn parse_epoch(text: &str) -> Option<u64> {
    let bytes = text.as_bytes();
    let shape = b"dddd-dd-ddTdd:dd:ddZ";
    let fits = bytes.len() == shape.len()
        && bytes.iter().zip(shape).all(|(byte, want)| {
            if *want == b'd' {
                byte.is_ascii_digit()
            } else {
                byte == want
            }
        });
    if !fits {
        return None;
    }
    let number = |from: usize, to: usize| text[from..to].parse::<u64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let month_index = usize::try_from(month).ok()?.checked_sub(1)?;
    let length = *lengths.get(month_index)?;
    if year < 1970 || day == 0 || day > length || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let years = year - 1970;
    let leap_days = |year: u64| year / 4 - year / 100 + year / 400;
    let days_to_year = years * 365 + leap_days(year - 1) - leap_days(1969);
    let days = days_to_year + lengths[..month_index].iter().sum::<u64>() + day - 1;
    Some((((days * 24 + hour) * 60 + minute) * 60 + second) * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn epochs_are_unix_time() {
        assert_eq!(parse_epoch("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(parse_epoch("2000-02-29T12:34:56Z"), Some(951_827_696_000));
        assert_eq!(parse_epoch("2035-01-01T00:00:00Z"), Some(DEFAULT_EPOCH_MS));
        assert_eq!(parse_epoch("9999-12-31T23:59:59Z"), Some(253_402_300_799_000));
        for bad in [
            "",
            "2035-01-01",
            "2035-02-29T00:00:00Z",
            "1969-12-31T23:59:59Z",
            "2035-13-01T00:00:00Z",
            "2035-00-01T00:00:00Z",
            "2035-01-01T24:00:00Z",
        ] {
            assert_eq!(parse_epoch(bad), None, "{bad}");
        }
    }
}
