//! A writer that is killed at any instant leaves a whole file: the old one or the new one.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use helios_engine::prelude::*;
use helios_engine::replay::{Recorder, read_recording_file, write_recording_file};
use helios_engine::snapshot::{Manifest, read_manifest_file, read_snapshot_file, take_frame, write_frame_file};

use crate::toy::{Note, node, toy_app};

/// Names the folder in which the writer writes; without it there is nothing for it to do.
const FOLDER: &str = "HELIOS_TEST_WRITER";
/// How many writers are killed.
const ROUNDS: u64 = 300;

/// The other side of the next test: writes saves and recordings for ever, until it is killed.
#[test]
fn a_writer_that_is_to_be_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let folder = Path::new(&folder);
    let mut app = toy_app();
    let world = app.world_mut();
    let alpha = node(world, "alpha");
    let recorder = Recorder::start(world);
    for index in 0_u64..400 {
        // Text that does not compress away: a file of some pages.
        let text = format!("{:?}", helios_abi::sha256(&index.to_be_bytes()));
        spawn_row(world, alpha, Note { text, blob: None });
    }
    loop {
        step(world);
        let frame = take_frame(world).unwrap();
        let manifest = Manifest {
            tick: frame.tick(),
            ..Manifest::default()
        };
        write_frame_file(&folder.join("world.helios"), &frame, Some(&manifest)).unwrap();
        let recording = recorder.clone().finish(world);
        write_recording_file(&folder.join("run.hreplay"), &recording).unwrap();
    }
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a kill is to come at different moments; nothing is asserted of when it does"
)]
fn a_writer_killed_hundreds_of_times_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (save, run) = (folder.path().join("world.helios"), folder.path().join("run.hreplay"));
    let mut in_the_midst = 0;
    for round in 0..ROUNDS {
        let mut writer = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crashes::a_writer_that_is_to_be_killed", "--nocapture"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while !run.exists() {
            std::thread::sleep(Duration::from_millis(1));
        }
        // Instants spread over the first tens of milliseconds of a writer's life.
        std::thread::sleep(Duration::from_micros(5_000 + round * 7_919 % 40_000));
        writer.kill().unwrap();
        writer.wait().unwrap();
        let snapshot = read_snapshot_file(&save).expect("the save is whole");
        let manifest = read_manifest_file(&save).unwrap().expect("it has its manifest");
        assert_eq!(manifest.tick, snapshot.tick, "round {round}");
        let recording = read_recording_file(&run).expect("the recording is whole");
        assert_eq!(recording.log.header.snapshot, recording.snapshot.digest());
        let beside = [".world.helios.tmp", ".run.hreplay.tmp"].map(|name| folder.path().join(name).exists());
        in_the_midst += u64::from(beside.contains(&true));
    }
    assert!(
        in_the_midst > ROUNDS / 10,
        "{in_the_midst} were killed in the midst of a file"
    );
    let left: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert!(left.len() <= 4, "one file beside each at most: {left:?}");
}
