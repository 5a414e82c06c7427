//! Saves and recordings: what the files hold, and what becomes of files that are not sound.

use std::path::PathBuf;

use helios::args::HostKind;
use helios::sim::{HostChoice, Sim};
use helios_engine::hash::HashPolicy;
use helios_engine::replay::{ReplayOptions, read_recording, replay, write_recording};
use helios_engine::snapshot::{diff, read_snapshot, write_snapshot};
use helios_tests::{KINDS, sh, test_sim};
use libtest_mimic::Trial;

use crate::trial;

fn committed_save() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("saves/0.1.helios")
}

fn threads() -> HostChoice {
    HostChoice {
        kind: HostKind::Threads,
        workers: 2,
        live_max: None,
    }
}

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("saves::a_save_opens_to_the_same_hash", || {
            let mut sim = test_sim(threads());
            let end = sh(&mut sim, "echo kept > /tmp/kept");
            assert_eq!(end.code(), 0, "{end:?}");
            let bytes = write_snapshot(&sim.snapshot()).expect("the snapshot is written");
            let snapshot = read_snapshot(&bytes).expect("the snapshot is read");
            let mut again =
                Sim::restored(snapshot, None, threads(), HashPolicy::EveryTick).expect("the snapshot restores");
            assert_eq!(again.hash(), sim.hash());
            again.set_next_session(100);
            assert_eq!(sh(&mut again, "cat /tmp/kept").stdout, b"kept\n");
        }),
        trial("saves::the_committed_old_save_opens", || {
            let path = committed_save();
            if std::env::var_os("HELIOS_BLESS_SAVE").is_some_and(|value| value == "1") {
                let mut sim = test_sim(threads());
                assert_eq!(sh(&mut sim, "echo from an old save > /tmp/old").code(), 0);
                sim.save(&path).expect("the save is written");
            }
            let name = path.to_str().expect("the path is text");
            let mut sim = Sim::open(name, threads(), HashPolicy::Off, false).expect("the old save opens");
            assert_eq!(sh(&mut sim, "cat /tmp/old").stdout, b"from an old save\n");
            assert_eq!(sh(&mut sim, "cat /etc/issue").code(), 0);
        }),
        trial("saves::what_lies_beside_a_slot_comes_back_with_it_alone", || {
            let folder = tempfile::tempdir().expect("a folder");
            helios::slots::use_folder(folder.path());
            let mut sim = test_sim(threads());
            assert_eq!(sh(&mut sim, "echo kept > /tmp/kept").code(), 0);
            sim.keep_beside("clock", |world| {
                Some(
                    world
                        .resource::<helios_engine::time::Clock>()
                        .tick
                        .0
                        .to_be_bytes()
                        .to_vec(),
                )
            });
            sim.keep_beside("nothing", |_| None);
            sim.save_slot(&"one".parse().expect("a name"), None)
                .expect("the slot is written");
            let open = |name: &str| Sim::open(name, threads(), HashPolicy::Off, false).expect("the save opens");
            let mut again = open("slot:one");
            let kept = again.take_beside("clock");
            assert_eq!(kept, Some(sim.tick().0.to_be_bytes().to_vec()));
            assert_eq!((again.take_beside("clock"), again.take_beside("nothing")), (None, None));
            // An export has none, and what lies beside a save that was changed behind its back is none of its.
            let saves = folder.path().join("saves");
            again
                .save(&folder.path().join("export.helios"))
                .expect("the export is written");
            assert!(!folder.path().join("export.sidecar").exists());
            assert_eq!(sh(&mut again, "echo more > /tmp/more").code(), 0);
            again.save(&saves.join("one.helios")).expect("the save is written");
            assert_eq!(open("slot:one").take_beside("clock"), None);
        }),
        trial("saves::every_truncation_is_one_clear_error", || {
            let mut sim = test_sim(threads());
            sim.step().expect("a tick");
            let bytes = write_snapshot(&sim.snapshot()).expect("the snapshot is written");
            for cut in [0, 1, 9, 10, 100, bytes.len() / 2, bytes.len() - 9, bytes.len() - 1] {
                let error = read_snapshot(&bytes[..cut]).expect_err("a truncated snapshot is refused");
                assert!(!error.is_empty() && error.lines().count() == 1, "{cut}: {error}");
            }
        }),
        trial("saves::a_flipped_byte_is_refused_or_harmless", || {
            let mut sim = test_sim(threads());
            sim.step().expect("a tick");
            let snapshot = sim.snapshot();
            let bytes = write_snapshot(&snapshot).expect("the snapshot is written");
            for place in (10..bytes.len()).step_by(bytes.len() / 40 + 1) {
                let mut bad = bytes.clone();
                bad[place] ^= 0x10;
                // A gzip checksum covers every byte: whatever still opens must be what was written.
                if let Ok(read) = read_snapshot(&bad) {
                    assert_eq!(diff(&read, &snapshot), None, "byte {place}");
                }
            }
        }),
        trial("saves::a_recording_verifies_and_a_changed_one_does_not", || {
            let mut sim = test_sim(threads());
            sim.record();
            assert_eq!(sh(&mut sim, "echo recorded; sleep 0.05").code(), 0);
            let recording = sim.take_recording().expect("a recording was started");
            let bytes = write_recording(&recording).expect("the recording is written");
            let read = read_recording(&bytes).expect("the recording is read");
            for host in KINDS {
                let mut again = Sim::empty(host, HashPolicy::EveryTick).expect("the host starts");
                let report = replay(again.app_mut(), &read, &ReplayOptions::default()).expect("the recording verifies");
                assert_eq!(report.end_hash, recording.end_hash);
            }
            let mut changed = read.clone();
            let command = changed
                .log
                .records
                .iter_mut()
                .find_map(|record| match &mut record.body {
                    helios_engine::log::Body::Command { payload, .. } => payload.get_mut("argv"),
                    _ => None,
                });
            *command.expect("the command is on record") =
                serde_json::json!(["/bin/sh", "-c", "echo another; sleep 0.05"]);
            let mut again = Sim::empty(KINDS[0], HashPolicy::EveryTick).expect("the host starts");
            let error = replay(again.app_mut(), &changed, &ReplayOptions::default())
                .expect_err("a changed recording is caught");
            assert!(!error.to_string().is_empty());
        }),
    ]
}
