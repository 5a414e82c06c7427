//! Captures of this computer: what passes interfaces, in files that Wireshark opens. A world runs the same with and without.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, Mutex};

use bevy_ecs::prelude::World;
use helios_engine::ids::Nodes;
use helios_engine::snapshot::{self, Snapshot};
use helios_engine::time::WorldEpoch;
use helios_net::NetIndex;
use helios_net::capture::pcapng::{Section, Writer};
use helios_net::capture::{Direction, Interface, Packet};
use helios_net::link::{self, Endpoint, LOOPBACK};
use helios_net::taps::{self, Seen, Tap, Taps};
use helios_net::wire::LinkType;

use crate::error::{Failure, describe};
use crate::sim::Sim;

const NANOS_PER_MILLI: u64 = 1_000_000;
/// Ticks between two times at which what was captured is handed to the file.
const FLUSH_TICKS: u64 = 250;

/// What to capture, `NODE=FILE` or `NODE:INTERFACE=FILE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaptureSpec {
    /// The node's name.
    pub node: String,
    /// The interface's name; absent: all of the node.
    pub interface: Option<String>,
    /// The file to write.
    pub file: PathBuf,
}

impl FromStr for CaptureSpec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const FORM: &str = "expected NODE=FILE or NODE:INTERFACE=FILE";
        let (at, file) = text.split_once('=').ok_or(FORM)?;
        let (node, interface) = match at.split_once(':') {
            Some((node, interface)) => (node, Some(interface)),
            None => (at, None),
        };
        if node.is_empty() || file.is_empty() || interface == Some("") {
            return Err(FORM.into());
        }
        Ok(Self {
            node: node.to_owned(),
            interface: interface.map(str::to_owned),
            file: file.into(),
        })
    }
}

/// An interface that is captured, and what it is called.
struct Place {
    at: Endpoint,
    interface: Interface,
}

/// A file that frames are written to.
struct Capture {
    path: PathBuf,
    writer: Writer<BufWriter<File>>,
    /// The numbers of interfaces in the file.
    numbers: BTreeMap<Endpoint, u32>,
    epoch_ms: u64,
    /// It could not be written, and this has been said.
    failed: bool,
}

impl Capture {
    /// Makes the file, and describes its interfaces.
    fn create(path: &Path, places: Vec<Place>, epoch_ms: u64) -> Result<Self, Failure> {
        let fail = |error: &std::io::Error| Failure::new(format!("{}: {}", path.display(), describe(error)));
        let file = File::create(path).map_err(|error| fail(&error))?;
        let section = Section {
            application: concat!("Helios ", env!("CARGO_PKG_VERSION")).to_owned(),
            ..Section::default()
        };
        let mut writer = Writer::new(BufWriter::new(file), &section).map_err(|error| fail(&error))?;
        let mut numbers = BTreeMap::new();
        for Place { at, interface } in places {
            if let std::collections::btree_map::Entry::Vacant(place) = numbers.entry(at) {
                let number = writer.add_interface(&interface);
                place.insert(number.map_err(|error| Failure::new(format!("{}: {error}", path.display())))?);
            }
        }
        writer.flush().map_err(|error| fail(&error))?;
        Ok(Self {
            path: path.to_owned(),
            writer,
            numbers,
            epoch_ms,
            failed: false,
        })
    }

    fn take(&mut self, seen: &Seen) {
        let Some(&interface) = self.numbers.get(&seen.interface) else {
            return;
        };
        // At the loopback every frame passes twice; as of other systems' captures, it is there as it comes in.
        let twice = seen.interface.interface == LOOPBACK && seen.direction == taps::Direction::Out;
        if self.failed || twice {
            return;
        }
        let packet = Packet {
            interface,
            time_ns: self.epoch_ms * NANOS_PER_MILLI + seen.at_ns,
            direction: match seen.direction {
                taps::Direction::In => Direction::Inbound,
                taps::Direction::Out => Direction::Outbound,
            },
            original_len: seen.bytes.len() as u32,
            data: seen.bytes.clone(),
            comments: Vec::new(),
        };
        let written = self.writer.write(&packet);
        self.note(written.err());
    }

    fn flush(&mut self) {
        if !self.failed {
            let flushed = self.writer.flush();
            self.note(flushed.err().map(Into::into));
        }
    }

    /// Says that the file cannot be written, once: the world goes on without it.
    fn note(&mut self, error: Option<helios_net::capture::CaptureError>) {
        use helios_net::capture::CaptureError;
        let Some(error) = error else { return };
        self.failed = true;
        let why = match &error {
            CaptureError::Io(error) => describe(error),
            other => other.to_string(),
        };
        eprintln!(
            "helios: {}: {why}: the capture ends here, the world goes on",
            self.path.display()
        );
    }
}

/// The captures of a world.
#[derive(Default)]
pub(crate) struct Captures {
    files: Vec<Arc<Mutex<Capture>>>,
    flushed_tick: u64,
}

impl Captures {
    /// Hands what was captured to the files, if that is due.
    pub(crate) fn flush_if_due(&mut self, tick: u64) {
        if !self.files.is_empty() && tick.saturating_sub(self.flushed_tick) >= FLUSH_TICKS {
            self.flushed_tick = tick;
            self.flush();
        }
    }

    fn flush(&self) {
        for file in &self.files {
            // One whose writer panicked has been lost already.
            if let Ok(mut file) = file.lock() {
                file.flush();
            }
        }
    }
}

impl Drop for Captures {
    fn drop(&mut self) {
        self.flush();
    }
}

impl Sim {
    /// Captures what passes interfaces of this world from now on.
    ///
    /// # Errors
    /// If a node or interface is not there, or a file cannot be made. Nothing is captured then.
    pub fn capture(&mut self, specs: &[CaptureSpec]) -> Result<(), Failure> {
        let found = find_all(self.world_mut(), specs)?;
        self.start_captures(found)
    }

    /// Captures what passes interfaces of a world that will be restored from `snapshot`.
    ///
    /// # Errors
    /// As [`capture`](Self::capture), or if the snapshot is not sound.
    pub fn capture_from(&mut self, snapshot: &Snapshot, specs: &[CaptureSpec]) -> Result<(), Failure> {
        if specs.is_empty() {
            return Ok(());
        }
        // Interfaces are known by number, and only the world says which names those have.
        let mut app = Self::rooms(helios_engine::hash::HashPolicy::Off);
        app.finish();
        app.cleanup();
        snapshot::restore(app.world_mut(), snapshot.clone()).map_err(|error| Failure::new(error.to_string()))?;
        let found = find_all(app.world_mut(), specs)?;
        self.start_captures(found)
    }

    fn start_captures(&mut self, (found, epoch_ms): Found) -> Result<(), Failure> {
        let files = found
            .into_iter()
            .map(|(path, places)| Capture::create(&path, places, epoch_ms))
            .collect::<Result<Vec<_>, _>>()?;
        for capture in files {
            let places: Vec<Endpoint> = capture.numbers.keys().copied().collect();
            let capture = Arc::new(Mutex::new(capture));
            self.captures.files.push(Arc::clone(&capture));
            let tap: Tap = Arc::new(Mutex::new(move |seen: &Seen| {
                if let Ok(mut capture) = capture.lock() {
                    capture.take(seen);
                }
            }));
            let mut taps = self.world_mut().resource_mut::<Taps>();
            for at in places {
                taps.add(at, Arc::clone(&tap));
            }
        }
        Ok(())
    }
}

/// What goes to which file, and when the world began, in milliseconds since the Unix epoch.
type Found = (BTreeMap<PathBuf, Vec<Place>>, u64);

fn find_all(world: &mut World, specs: &[CaptureSpec]) -> Result<Found, Failure> {
    let mut files: BTreeMap<PathBuf, Vec<Place>> = BTreeMap::new();
    for spec in specs {
        files.entry(spec.file.clone()).or_default().extend(find(world, spec)?);
    }
    Ok((files, world.resource::<WorldEpoch>().unix_ms))
}

/// The interfaces that an option names.
fn find(world: &World, spec: &CaptureSpec) -> Result<Vec<Place>, Failure> {
    let nodes = world.resource::<Nodes>();
    let index = world.resource::<NetIndex>();
    let Some((_, node)) = nodes.iter_by_name().find(|(name, _)| *name == spec.node) else {
        let with = nodes
            .iter_by_name()
            .filter(|&(_, node)| index.interfaces(node).next().is_some());
        return Err(Failure::new(format!(
            "--capture: there is no node named {:?}; those with interfaces are: {}",
            spec.node,
            with.map(|(name, _)| name).collect::<Vec<_>>().join(", ")
        )));
    };
    let rows: Vec<&link::Interface> = index
        .interfaces(node)
        .filter_map(|(_, entity)| world.get::<link::Interface>(entity))
        .collect();
    let chosen: Vec<Place> = rows
        .iter()
        .filter(|row| spec.interface.as_ref().is_none_or(|name| *name == row.name))
        .map(|row| Place {
            at: Endpoint {
                node,
                interface: row.number,
            },
            interface: Interface {
                name: format!("{}:{}", spec.node, row.name),
                link_type: LinkType::ETHERNET,
                mac: Some(row.mac),
                ..Interface::default()
            },
        })
        .collect();
    match &spec.interface {
        _ if rows.is_empty() => Err(Failure::new(format!("--capture: {:?} has no interfaces", spec.node))),
        Some(name) if chosen.is_empty() => Err(Failure::new(format!(
            "--capture: {:?} has no interface {name:?}; it has: {}",
            spec.node,
            rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>().join(", ")
        ))),
        _ => Ok(chosen),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_option_takes() {
        let spec = |text: &str| text.parse::<CaptureSpec>();
        let at = |node: &str, interface: Option<&str>, file: &str| CaptureSpec {
            node: node.into(),
            interface: interface.map(Into::into),
            file: file.into(),
        };
        assert_eq!(spec("home=a.pcapng"), Ok(at("home", None, "a.pcapng")));
        assert_eq!(spec("home:eth0=/tmp/a=b"), Ok(at("home", Some("eth0"), "/tmp/a=b")));
        for wrong in ["home", "=a", "home=", "home:=a", ":eth0=a"] {
            assert!(spec(wrong).is_err(), "{wrong}");
        }
    }
}
