//! Random operations, compared with a model in memory after each.

use std::collections::BTreeMap;

use helios_abi::calls::{Link, Rename, Unlink, mode};
use proptest::prelude::*;

use super::*;
use crate::store;
use crate::walk::walk;

#[derive(Clone, Debug)]
enum Op {
    Write(usize, Vec<u8>),
    Mkdir(usize),
    Unlink(usize),
    Rmdir(usize),
    Rename(usize, usize),
    Link(usize, usize),
    Truncate(usize, u64),
    Seal,
}

/// New places and places of the base image, so that both layers meet.
const PATHS: &[&str] = &[
    "/w/a",
    "/w/b",
    "/w/a/a",
    "/w/a/b",
    "/w/b/a",
    "/w/a/a/b",
    "/etc/issue",
    "/etc/caps",
    "/etc/caps/cat.json",
    "/etc/caps/new",
    "/etc/new",
    "/w/a/issue",
    "/w/b/cat.json",
];

fn op() -> impl Strategy<Value = Op> {
    let path = 0..PATHS.len();
    prop_oneof![
        3 => (path.clone(), prop::collection::vec(any::<u8>(), 0..20)).prop_map(|(path, bytes)| Op::Write(path, bytes)),
        3 => path.clone().prop_map(Op::Mkdir),
        2 => path.clone().prop_map(Op::Unlink),
        1 => path.clone().prop_map(Op::Rmdir),
        4 => (path.clone(), path.clone()).prop_map(|(old, new)| Op::Rename(old, new)),
        2 => (path.clone(), path.clone()).prop_map(|(old, new)| Op::Link(old, new)),
        1 => (path, 0u64..100_000).prop_map(|(path, size)| Op::Truncate(path, size)),
        1 => Just(Op::Seal),
    ]
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Thing {
    File(Vec<u8>),
    Dir(BTreeMap<String, u64>),
}

/// A file system without layers: things by number, the root is 0.
#[derive(Clone, Debug)]
struct Model {
    things: BTreeMap<u64, Thing>,
    next: u64,
}

type Place = (u64, String, Option<u64>);

impl Model {
    fn dir(&self, id: u64) -> Result<&BTreeMap<String, u64>, Errno> {
        match &self.things[&id] {
            Thing::Dir(entries) => Ok(entries),
            Thing::File(_) => Err(Errno::ENOTDIR),
        }
    }

    fn entries(&mut self, id: u64) -> &mut BTreeMap<String, u64> {
        match self.things.get_mut(&id) {
            Some(Thing::Dir(entries)) => entries,
            other => panic!("{other:?} is no directory"),
        }
    }

    fn place(&self, path: &str) -> Result<Place, Errno> {
        let names: Vec<&str> = path.split('/').skip(1).collect();
        let (last, dirs) = names.split_last().unwrap();
        let mut at = 0;
        for name in dirs {
            at = *self.dir(at)?.get(*name).ok_or(Errno::ENOENT)?;
        }
        Ok((at, (*last).to_owned(), self.dir(at)?.get(*last).copied()))
    }

    fn add(&mut self, (dir, name, _): Place, thing: Thing) -> u64 {
        self.next += 1;
        let id = self.next;
        self.things.insert(id, thing);
        self.entries(dir).insert(name, id);
        id
    }

    fn within(&self, inner: u64, outer: u64) -> bool {
        inner == outer
            || matches!(&self.things[&outer], Thing::Dir(entries) if entries.values().any(|id| self.within(inner, *id)))
    }

    fn is_dir(&self, id: u64) -> bool {
        matches!(self.things[&id], Thing::Dir(_))
    }

    fn is_full(&self, id: u64) -> bool {
        matches!(&self.things[&id], Thing::Dir(entries) if !entries.is_empty())
    }

    fn apply(&mut self, op: &Op) -> Result<(), Errno> {
        match op {
            Op::Write(path, bytes) => {
                let place = self.place(PATHS[*path])?;
                let id = match place.2 {
                    Some(id) if self.is_dir(id) => return Err(Errno::EISDIR),
                    Some(id) => id,
                    None => self.add(place, Thing::File(Vec::new())),
                };
                self.things.insert(id, Thing::File(bytes.clone()));
            }
            Op::Mkdir(path) => match self.place(PATHS[*path])? {
                (_, _, Some(_)) => return Err(Errno::EEXIST),
                place => drop(self.add(place, Thing::Dir(BTreeMap::new()))),
            },
            Op::Unlink(path) | Op::Rmdir(path) => {
                let wants_dir = matches!(op, Op::Rmdir(_));
                let (dir, name, id) = self.place(PATHS[*path])?;
                let id = id.ok_or(Errno::ENOENT)?;
                match (wants_dir, self.is_dir(id)) {
                    (false, true) => return Err(Errno::EISDIR),
                    (true, false) => return Err(Errno::ENOTDIR),
                    _ if self.is_full(id) => return Err(Errno::ENOTEMPTY),
                    _ => {}
                }
                self.entries(dir).remove(&name);
            }
            Op::Rename(old, new) => {
                let (from, to) = (self.place(PATHS[*old])?, self.place(PATHS[*new])?);
                let id = from.2.ok_or(Errno::ENOENT)?;
                if self.is_dir(id) && self.within(to.0, id) {
                    return Err(Errno::EINVAL);
                }
                match to.2 {
                    Some(there) if there == id => return Ok(()),
                    Some(there) if self.is_dir(id) && !self.is_dir(there) => return Err(Errno::ENOTDIR),
                    Some(there) if !self.is_dir(id) && self.is_dir(there) => return Err(Errno::EISDIR),
                    Some(there) if self.is_full(there) => return Err(Errno::ENOTEMPTY),
                    _ => {}
                }
                self.entries(from.0).remove(&from.1);
                self.entries(to.0).insert(to.1, id);
            }
            Op::Link(old, new) => {
                let id = self.place(PATHS[*old])?.2.ok_or(Errno::ENOENT)?;
                if self.is_dir(id) {
                    return Err(Errno::EPERM);
                }
                match self.place(PATHS[*new])? {
                    (_, _, Some(_)) => return Err(Errno::EEXIST),
                    (dir, name, None) => drop(self.entries(dir).insert(name, id)),
                }
            }
            Op::Truncate(path, size) => {
                let id = self.place(PATHS[*path])?.2.ok_or(Errno::ENOENT)?;
                match self.things.get_mut(&id) {
                    Some(Thing::File(bytes)) => bytes.resize(*size as usize, 0),
                    _ => return Err(Errno::EISDIR),
                }
            }
            Op::Seal => {}
        }
        Ok(())
    }

    /// Everything below a directory: path, contents (of files), number of names.
    fn dump(&self, id: u64, path: &str, out: &mut Dump) {
        let Thing::Dir(entries) = &self.things[&id] else {
            panic!("a directory")
        };
        for (name, child) in entries {
            let path = format!("{path}/{name}");
            match &self.things[child] {
                Thing::File(bytes) => {
                    let names = self.things.values().filter_map(|thing| match thing {
                        Thing::Dir(entries) => Some(entries.values().filter(|id| *id == child).count() as u32),
                        Thing::File(_) => None,
                    });
                    out.insert(path, (Some(bytes.clone()), names.sum()));
                }
                Thing::Dir(inner) => {
                    let dirs = inner.values().filter(|id| self.is_dir(**id)).count() as u32;
                    out.insert(path.clone(), (None, 2 + dirs));
                    self.dump(*child, &path, out);
                }
            }
        }
    }
}

type Dump = BTreeMap<String, (Option<Vec<u8>>, u32)>;

fn dump(world: &World, node: NodeId, dir: u64, path: &str, out: &mut Dump) {
    for (name, ino) in store::entries(world, node, dir) {
        let path = format!("{path}/{name}");
        let meta = store::meta_of(world, node, ino);
        if meta.is_dir() {
            out.insert(path.clone(), (None, meta.nlink));
            dump(world, node, ino, &path, out);
        } else if meta.kind() == mode::FILE {
            out.insert(
                path,
                (Some(data::read(world, node, ino, 0, meta.size).unwrap()), meta.nlink),
            );
        }
    }
}

/// The directories that the operations touch.
fn dump_machine(world: &World, node: NodeId) -> Dump {
    let mut out = Dump::new();
    for top in ["/w", "/etc"] {
        let ino = walk(world, &Actor::root(node), top, true).unwrap().inode().unwrap();
        dump(world, node, ino, top, &mut out);
    }
    out
}

fn model_of(dump: &Dump) -> Model {
    let top = BTreeMap::from([("w".to_owned(), 1), ("etc".to_owned(), 2)]);
    let things = [
        (0, Thing::Dir(top)),
        (1, Thing::Dir(BTreeMap::new())),
        (2, Thing::Dir(BTreeMap::new())),
    ];
    let mut model = Model {
        things: things.into(),
        next: 2,
    };
    for (path, (bytes, _)) in dump {
        let place = model.place(path).expect("parents come first");
        model.add(
            place,
            bytes.clone().map_or_else(|| Thing::Dir(BTreeMap::new()), Thing::File),
        );
    }
    model
}

fn apply(world: &mut World, node: NodeId, op: &Op) -> Result<(), Errno> {
    let root = Actor::root(node);
    let path = |at: &usize| PATHS[*at].to_owned();
    let done = match op {
        Op::Write(at, bytes) => write_file(world, node, PATHS[*at], bytes, 0o644),
        Op::Mkdir(at) => mkdir(world, &root, PATHS[*at]),
        Op::Unlink(at) => ops::unlink(
            world,
            &root,
            &Unlink {
                path: path(at),
                directory: None,
            },
        ),
        Op::Rmdir(at) => ops::unlink(
            world,
            &root,
            &Unlink {
                path: path(at),
                directory: Some(true),
            },
        ),
        Op::Rename(old, new) => ops::rename(
            world,
            &root,
            &Rename {
                old: path(old),
                new: path(new),
            },
        ),
        Op::Link(old, new) => ops::link(
            world,
            &root,
            &Link {
                old: path(old),
                new: path(new),
            },
        ),
        Op::Truncate(at, size) => ops::truncate(world, &root, PATHS[*at], *size),
        Op::Seal => {
            data::seal_world(world);
            Ok(())
        }
    };
    done.map_err(|error| error.errno)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn random_operations_do_what_the_model_does(ops in prop::collection::vec(op(), 1..60)) {
        let (mut app, node) = machine();
        let mut model = model_of(&dump_machine(app.world(), node));
        for op in &ops {
            let (got, expected) = (apply(app.world_mut(), node, op), model.apply(op));
            prop_assert_eq!(got, expected, "{:?}", op);
        }
        let (mut want, got) = (Dump::new(), dump_machine(app.world(), node));
        model.dump(1, "/w", &mut want);
        model.dump(2, "/etc", &mut want);
        prop_assert_eq!(&got, &want);
        let other = assert_sound(&mut app);
        prop_assert_eq!(dump_machine(other.world(), node), got);
    }
}
