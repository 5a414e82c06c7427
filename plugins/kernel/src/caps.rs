//! Capabilities: what a program declares in its manifest, and the only things it may then do.
//!
//! Grammar: `family[:verb[:path-prefix | port-range]]`. Paths scope the family `fs`, ports the family `net`; what is left
//! out is not restricted. A set holds no capability that another one of it covers.

use core::fmt;

use serde::{Deserialize, Serialize};

/// Families that a manifest may name.
pub const FAMILIES: &[&str] = &["fs", "ipc", "net", "proc", "sys", "ui"];
/// Most capabilities in one set.
pub const MAX_CAPS: usize = 64;
/// Longest capability, in bytes.
pub const MAX_CAP_BYTES: usize = 1024;

/// What narrows a capability.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Limit {
    /// This path and everything below it.
    Path(String),
    /// These ports, both ends included.
    Ports(u16, u16),
}

/// One capability.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cap {
    family: String,
    verb: Option<String>,
    limit: Option<Limit>,
}

/// What a call is about to touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope<'a> {
    /// Nothing that a limit could name.
    None,
    /// A canonical, absolute path.
    Path(&'a str),
    /// A port.
    Port(u16),
}

/// Why a text is not a capability.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("capability `{text}`: {why}")]
pub struct CapError {
    /// The text.
    pub text: String,
    /// What is wrong with it.
    pub why: &'static str,
}

impl Cap {
    /// Reads one capability.
    ///
    /// # Errors
    /// An unknown family, an empty or malformed verb, a limit that the family does not take.
    pub fn parse(text: &str) -> Result<Self, CapError> {
        let fail = |why| {
            Err(CapError {
                text: text.chars().take(80).collect(),
                why,
            })
        };
        if text.len() > MAX_CAP_BYTES {
            return fail("longer than 1,024 bytes");
        }
        let mut parts = text.splitn(3, ':');
        let family = parts.next().unwrap_or_default();
        if !FAMILIES.contains(&family) {
            return fail("unknown family (fs, ipc, net, proc, sys or ui)");
        }
        let verb = parts.next();
        if verb
            .is_some_and(|verb| verb.is_empty() || !verb.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'))
        {
            return fail("a verb is lower-case letters");
        }
        let limit = match (family, parts.next()) {
            (_, None) => None,
            ("fs", Some(path)) => Some(Limit::Path(match prefix(path) {
                Some(path) => path,
                None => return fail("a path prefix is absolute, without `.`, `..` and empty components"),
            })),
            ("net", Some(ports)) => match port_range(ports) {
                Some((low, high)) => Some(Limit::Ports(low, high)),
                None => return fail("a port range is `port` or `low-high`"),
            },
            _ => return fail("this family takes no limit"),
        };
        Ok(Self {
            family: family.to_owned(),
            verb: verb.map(str::to_owned),
            limit,
        })
    }

    fn covers(&self, other: &Self) -> bool {
        self.family == other.family
            && (self.verb.is_none() || self.verb == other.verb)
            && match (&self.limit, &other.limit) {
                (None, _) => true,
                (Some(_), None) => false,
                (Some(Limit::Path(outer)), Some(Limit::Path(inner))) => path_within(inner, outer),
                (Some(Limit::Ports(low, high)), Some(Limit::Ports(from, to))) => low <= from && to <= high,
                _ => false,
            }
    }

    /// The largest capability that both cover.
    fn meet(&self, other: &Self) -> Option<Self> {
        if self.family != other.family {
            return None;
        }
        let verb = match (&self.verb, &other.verb) {
            (None, verb) | (verb, None) => verb.clone(),
            (Some(one), Some(two)) if one == two => Some(one.clone()),
            _ => return None,
        };
        let limit = match (&self.limit, &other.limit) {
            (None, limit) | (limit, None) => limit.clone(),
            (Some(Limit::Path(one)), Some(Limit::Path(two))) if path_within(one, two) => Some(Limit::Path(one.clone())),
            (Some(Limit::Path(one)), Some(Limit::Path(two))) if path_within(two, one) => Some(Limit::Path(two.clone())),
            (Some(Limit::Ports(a, b)), Some(Limit::Ports(c, d))) if a.max(c) <= b.min(d) => {
                Some(Limit::Ports(*a.max(c), *b.min(d)))
            }
            _ => return None,
        };
        Some(Self {
            family: self.family.clone(),
            verb,
            limit,
        })
    }
}

impl fmt::Display for Cap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.family)?;
        if let Some(verb) = &self.verb {
            write!(f, ":{verb}")?;
        }
        match &self.limit {
            None => Ok(()),
            Some(Limit::Path(path)) => write!(f, ":{path}"),
            Some(Limit::Ports(low, high)) if low == high => write!(f, ":{low}"),
            Some(Limit::Ports(low, high)) => write!(f, ":{low}-{high}"),
        }
    }
}

/// A set of capabilities, sorted, none covered by another. JSON: a list of texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CapSet(Vec<Cap>);

impl CapSet {
    /// Everything: what `init` holds.
    #[must_use]
    pub fn all() -> Self {
        Self(
            FAMILIES
                .iter()
                .map(|family| Cap {
                    family: (*family).to_owned(),
                    verb: None,
                    limit: None,
                })
                .collect(),
        )
    }

    /// Reads a set.
    ///
    /// # Errors
    /// The first text that is no capability, or more than [`MAX_CAPS`].
    pub fn parse<T: AsRef<str>>(texts: &[T]) -> Result<Self, CapError> {
        if texts.len() > MAX_CAPS {
            return Err(CapError {
                text: texts[MAX_CAPS].as_ref().chars().take(80).collect(),
                why: "more than 64 in one set",
            });
        }
        texts
            .iter()
            .map(|text| Cap::parse(text.as_ref()))
            .collect::<Result<Vec<_>, _>>()
            .map(Self::normal)
    }

    fn normal(mut caps: Vec<Cap>) -> Self {
        caps.sort();
        caps.dedup();
        let kept =
            (0..caps.len()).filter(|&at| !(0..caps.len()).any(|other| other != at && caps[other].covers(&caps[at])));
        let mut kept: Vec<Cap> = kept.map(|at| caps[at].clone()).collect();
        kept.truncate(MAX_CAPS);
        Self(kept)
    }

    /// What both sets allow. A meet of more than [`MAX_CAPS`] keeps the first of them: it can only allow less.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        Self::normal(
            self.0
                .iter()
                .flat_map(|one| other.0.iter().filter_map(|two| one.meet(two)))
                .collect(),
        )
    }

    /// Whether the set allows `verb` of `family` on `scope`.
    #[must_use]
    pub fn allows(&self, family: &str, verb: &str, scope: Scope<'_>) -> bool {
        self.0.iter().any(|cap| {
            cap.family == family
                && cap.verb.as_deref().is_none_or(|own| own == verb)
                && match (&cap.limit, scope) {
                    (None, _) => true,
                    (Some(Limit::Path(prefix)), Scope::Path(path)) => path_within(path, prefix),
                    (Some(Limit::Ports(low, high)), Scope::Port(port)) => (*low..=*high).contains(&port),
                    _ => false,
                }
        })
    }

    /// Whether the set allows anything at all of `family`: the check before a handler runs.
    #[must_use]
    pub fn allows_family(&self, family: &str) -> bool {
        self.0.iter().any(|cap| cap.family == family)
    }

    /// Whether everything that `other` allows is allowed here.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        other.0.iter().all(|cap| self.0.iter().any(|own| own.covers(cap)))
    }

    /// The set as texts, sorted.
    #[must_use]
    pub fn to_texts(&self) -> Vec<String> {
        self.0.iter().map(Cap::to_string).collect()
    }
}

impl Serialize for CapSet {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_texts().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for CapSet {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&Vec::<String>::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// A canonical path prefix: absolute, no empty, `.` or `..` component, no slash at the end.
fn prefix(path: &str) -> Option<String> {
    if path == "/" {
        return Some(path.to_owned());
    }
    let path = path.strip_suffix('/').unwrap_or(path);
    let rest = path.strip_prefix('/')?;
    rest.split('/')
        .all(|part| !matches!(part, "" | "." | ".."))
        .then(|| path.to_owned())
}

/// Whether `path` is `prefix` or lies below it, by whole components.
fn path_within(path: &str, prefix: &str) -> bool {
    prefix == "/"
        || path
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn port_range(text: &str) -> Option<(u16, u16)> {
    let (low, high) = text.split_once('-').unwrap_or((text, text));
    let (low, high) = (low.parse().ok()?, high.parse().ok()?);
    (low <= high).then_some((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn set(texts: &[&str]) -> CapSet {
        CapSet::parse(texts).unwrap()
    }

    #[test]
    fn a_path_limit_covers_whole_components() {
        let caps = set(&["fs:read:/var/www"]);
        assert!(caps.allows("fs", "read", Scope::Path("/var/www")));
        assert!(caps.allows("fs", "read", Scope::Path("/var/www/index.html")));
        assert!(!caps.allows("fs", "read", Scope::Path("/var/www2")));
        assert!(!caps.allows("fs", "write", Scope::Path("/var/www")));
        assert!(!caps.allows("net", "tcp", Scope::Port(80)));
    }

    #[test]
    fn ports_are_inclusive_and_a_limit_needs_a_scope() {
        let caps = set(&["net:tcp:80-443"]);
        assert!(caps.allows("net", "tcp", Scope::Port(80)) && caps.allows("net", "tcp", Scope::Port(443)));
        assert!(!caps.allows("net", "tcp", Scope::Port(79)) && !caps.allows("net", "tcp", Scope::None));
        assert!(caps.allows_family("net") && !caps.allows_family("fs"));
    }

    #[test]
    fn the_meet_is_what_both_allow() {
        let left = set(&["fs:read", "net", "proc:spawn"]);
        let right = set(&["fs:read:/home", "fs:write", "net:tcp:1-1024", "ipc"]);
        assert_eq!(left.intersect(&right).to_texts(), ["fs:read:/home", "net:tcp:1-1024"]);
    }

    #[test]
    fn covered_capabilities_vanish() {
        assert_eq!(set(&["fs:read:/a/b", "fs", "fs:read", "fs"]).to_texts(), ["fs"]);
    }

    #[test]
    fn malformed_texts_are_refused_with_a_reason() {
        for text in [
            "",
            "disk",
            "fs:",
            "fs:Read",
            "fs:read:relative",
            "fs:read:/a/../b",
            "fs:read:/a//b",
            "net:tcp:9-1",
            "net:tcp:70000",
            "proc:spawn:/x",
        ] {
            let error = Cap::parse(text).unwrap_err();
            assert!(
                error.to_string().starts_with(&format!("capability `{text}`: ")),
                "{error}"
            );
        }
    }

    fn cap() -> impl Strategy<Value = Cap> {
        let fs = (prop::option::of("(read|write)"), prop::option::of("(/[ab]{1,2}){1,3}"));
        let net = (prop::option::of("(tcp|udp)"), prop::option::of((0u16..9, 0u16..9)));
        prop_oneof![
            fs.prop_map(|(verb, path)| text_cap("fs", verb, path)),
            net.prop_map(|(verb, ports)| text_cap(
                "net",
                verb,
                ports.map(|(a, b)| format!("{}-{}", a.min(b), a.max(b)))
            )),
        ]
    }

    fn text_cap(family: &str, verb: Option<String>, limit: Option<String>) -> Cap {
        let limit = limit.filter(|_| verb.is_some());
        let parts: Vec<String> = [Some(family.to_owned()), verb, limit].into_iter().flatten().collect();
        Cap::parse(&parts.join(":")).unwrap()
    }

    proptest! {
        #[test]
        fn intersection_is_exactly_conjunction(left in prop::collection::vec(cap(), 0..6), right in prop::collection::vec(cap(), 0..6),
                                               path in "(/[ab]{1,2}){1,3}", port in 0u16..9) {
            let (left, right) = (CapSet::normal(left), CapSet::normal(right));
            let both = left.intersect(&right);
            prop_assert!(left.covers(&both) && right.covers(&both));
            for (family, verb, scope) in [("fs", "read", Scope::Path(&path)), ("fs", "write", Scope::Path(&path)),
                                          ("net", "tcp", Scope::Port(port)), ("net", "udp", Scope::Port(port))] {
                let want = left.allows(family, verb, scope) && right.allows(family, verb, scope);
                prop_assert_eq!(both.allows(family, verb, scope), want);
            }
            let json = serde_json::to_string(&both).unwrap();
            prop_assert_eq!(serde_json::from_str::<CapSet>(&json).unwrap(), both);
        }
    }
}
