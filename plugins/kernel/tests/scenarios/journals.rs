//! Journals hold long byte arrays by name: they stay small, rebuild their processes, and end with them.

use bevy_app::App;
use helios_abi::calls::{Pipe, Read, Sleep, Write};
use helios_abi::grant::VerdictReason;
use helios_abi::held::PIECE_BYTES;
use helios_abi::{Bytes, Pid, ProcKey, sha256};
use helios_engine::blobs::{Blobs, collect};
use helios_engine::snapshot::{Snapshot, restore, take};
use helios_engine::time::step;
use helios_kernel::checkpoints::Checkpoints;
use helios_kernel::journal::{JOURNAL_TAIL_BYTES, JournalHead, JournalTail, TailSize};
use helios_kernel::testing::{Script, TestWorld, exec, home, print, process_run, run, run_session, test_app};
use helios_kernel::{Halted, HostOutputs, KernelIndex};
use serde_json::Value;

use crate::script;

const CHUNK: usize = 60_000;

/// Sends as many chunks as its argument says through a pipe to itself, each of another byte where `distinct`, and sleeps twice.
macro_rules! mover {
    ($distinct:literal) => {
        script!(sys => {
            let ends = sys.call(Pipe {}).await.map_err(|error| error.to_string())?;
            let chunks: usize = sys.args()[1].parse().expect("a number");
            for index in 0..chunks {
                let byte = if $distinct { index as u8 } else { b'x' };
                let data = Bytes(vec![byte; CHUNK]);
                sys.call(Write { fd: ends.write, data: data.clone(), offset: None }).await.unwrap();
                let read = sys.call(Read { fd: ends.read, count: CHUNK as u32, offset: None }).await.unwrap();
                assert_eq!(read, data);
            }
            print(&sys, "moved").await;
            for _ in 0..2 {
                sys.call(Sleep { ns: 250_000_000 }).await.unwrap();
            }
            Ok(0)
        })
    };
}

const SCRIPTS: [(&str, Script); 2] = [("same", mover!(false)), ("distinct", mover!(true))];

fn started(name: &str, chunks: &str) -> App {
    let mut app = test_app(&SCRIPTS);
    exec(&mut app, 1, "player", &[name, chunks]);
    while app
        .world_mut()
        .resource_mut::<HostOutputs>()
        .take_output(1)
        .stdout
        .is_empty()
    {
        run(&mut app, 1);
        assert!(process_run(&app, home(), 2).is_some(), "it did not end early");
    }
    app
}

fn entity(app: &App) -> bevy_ecs::entity::Entity {
    let key = ProcKey {
        node: home(),
        pid: Pid(2),
    };
    app.world().resource::<KernelIndex>().process(key).expect("it lives")
}

fn head(app: &App) -> &JournalHead {
    app.world().get::<JournalHead>(entity(app)).expect("it has a journal")
}

fn size(app: &App) -> TailSize {
    app.world()
        .get::<JournalTail>(entity(app))
        .expect("it has a journal")
        .size()
}

#[test]
fn what_was_read_is_a_blob_for_as_long_as_the_journal() {
    let mut app = started("same", "3");
    let piece = sha256(&[b'x'; CHUNK]);
    let tail = app.world().get::<JournalTail>(entity(&app)).unwrap();
    let given: Vec<_> = tail.slices.iter().flat_map(|slice| &slice.given).collect();
    assert_eq!(given.len(), 3);
    assert!(
        given
            .iter()
            .all(|held| held.pieces == [piece] && held.len == CHUNK as u64)
    );
    assert_eq!(tail.slices.iter().map(|slice| slice.made.len()).sum::<usize>(), 3);
    // Three times the same: counted once, and far from held whole.
    assert_eq!(size(&app).held_bytes, CHUNK as u64);
    assert!(size(&app).bytes < 4_000, "{:?}", size(&app));
    collect(app.world_mut());
    assert!(app.world().resource::<Blobs>().contains(&piece));
    assert!(take(app.world_mut()).blobs.contains_key(&piece));
    assert_eq!(run_session(&mut app, 1).2, 0);
    collect(app.world_mut());
    assert!(!app.world().resource::<Blobs>().contains(&piece));
}

#[test]
fn reading_on_and_on_does_not_outgrow_the_journal() {
    let chunks = JOURNAL_TAIL_BYTES as usize / CHUNK + 100;
    let mut app = started("same", &chunks.to_string());
    assert!(size(&app).bytes < JOURNAL_TAIL_BYTES / 50, "{:?}", size(&app));
    assert_eq!(run_session(&mut app, 1).2, 0);
}

#[test]
fn a_process_that_was_given_too_much_ends_with_a_reason() {
    let mut app = started("same", "2");
    app.world_mut().resource_mut::<Checkpoints>().policy.held_bytes_max = 1;
    let (_, _, code) = run_session(&mut app, 1);
    assert_eq!(code, 137);
    let outputs = app.world().resource::<HostOutputs>();
    let reason = outputs.session_status(1).unwrap().reason.clone();
    assert_eq!(reason.unwrap(), VerdictReason::Journal.text());
}

#[test]
fn a_restored_journal_rebuilds_its_process_from_blobs() {
    let mut app = started("distinct", "20");
    assert_eq!(size(&app).held_bytes, 20 * CHUNK as u64);
    let snapshot = take(app.world_mut());
    let mut other = test_app(&SCRIPTS);
    restore(other.world_mut(), snapshot).unwrap();
    assert_eq!(head(&other), head(&app));
    for _ in 0..1_000 {
        step(other.world_mut());
        run(&mut app, 1);
        assert_eq!(other.world().resource::<Halted>().0, None);
    }
    assert!(process_run(&other, home(), 2).is_none(), "it was rebuilt, and ended");
    let hash = helios_engine::hash::world_hash;
    assert_eq!(hash(other.world_mut()), hash(app.world_mut()));
}

/// Why a save with a changed journal does not run.
fn refusal(change: impl FnOnce(&mut Value, &mut Snapshot)) -> String {
    let mut snapshot = take(started("distinct", "2").world_mut());
    let rows = snapshot.nodes[&home()]["process_journal_tail"].clone();
    let (id, mut row) = rows.into_iter().next_back().unwrap();
    let before = row.clone();
    change(&mut row, &mut snapshot);
    assert!(
        row != before || !snapshot.blobs.contains_key(&sha256(&[1; CHUNK])),
        "it was changed"
    );
    snapshot
        .nodes
        .get_mut(&home())
        .unwrap()
        .get_mut("process_journal_tail")
        .unwrap()
        .insert(id, row);
    let mut other = TestWorld::new(&SCRIPTS).build();
    match restore(other.world_mut(), snapshot) {
        Err(error) => error.to_string(),
        Ok(_) => other.world().resource::<Halted>().0.clone().expect("it does not run"),
    }
}

/// The slice that was given the chunk of byte 1.
fn held(row: &mut Value) -> &mut Value {
    let id = sha256(&[1; CHUNK]).to_string();
    let slices = row["slices"].as_array_mut().unwrap();
    let slice = slices
        .iter_mut()
        .find(|slice| slice["given"][0]["pieces"][0] == id.as_str());
    &mut slice.expect("a slice holds it")["given"][0]
}

#[test]
fn a_save_whose_journal_names_what_is_not_there_does_not_run() {
    let gone = refusal(|_, snapshot| drop(snapshot.blobs.remove(&sha256(&[1; CHUNK]))));
    assert!(gone.contains("which the file does not carry"), "{gone}");
    let len = refusal(|row, _| held(row)["len"] = (CHUNK + 1).into());
    assert!(len.contains("have 60000 bytes instead of 60001"), "{len}");
    let pieces = refusal(|row, _| held(row)["len"] = (PIECE_BYTES + 1).into());
    assert!(pieces.contains("is held in 1 pieces"), "{pieces}");
    let place = refusal(|row, _| held(row)["nth"] = 7.into());
    assert!(place.contains("byte array 7 is held, and has no place"), "{place}");
    let other = refusal(|row, _| held(row)["pieces"][0] = sha256(&[0; CHUNK]).to_string().into());
    assert!(
        other.contains("the journal is not the one that its head names"),
        "{other}"
    );
}
