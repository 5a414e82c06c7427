//! Files of worlds: what is refused, what is left when a writer dies or a disk is full.

use std::fs;
use std::io::Write as _;
use std::process::Child;
use std::time::Duration;

use helios_engine::snapshot::{read_snapshot_file, write_snapshot_file};
use serde_json::{Value, json};

use super::{Place, Ran};

#[test]
fn bad_snapshots_are_refused_in_one_sentence() {
    let place = Place::new();
    place.good(&["snapshot", "--ticks", "20", "good.helios"]);
    let whole = fs::read(place.path("good.helios")).unwrap();
    let refused = |name: &str, says: &str| {
        let line = place.bad_file(&["restore", "--save", "out.helios", name], 1, name);
        assert!(line.contains(says), "{says} is not in {line}");
        place.bad_file(
            &["exec", "--world", name, "--save", "out.helios", "--", "true"],
            1,
            name,
        );
    };
    place.write("text.helios", "hello");
    refused("text.helios", "not a file of ours");
    place.write("empty.helios", "");
    refused("empty.helios", "not a file of ours");
    place.write("cut.helios", &whole[..whole.len() / 2]);
    refused("cut.helios", "damaged or cut off");
    let mut damaged = whole.clone();
    damaged[whole.len() / 2] ^= 1;
    place.write("damaged.helios", damaged);
    refused("damaged.helios", "");
    place.write("longer.helios", [&whole[..], b"x"].concat());
    refused("longer.helios", "1 bytes follow the end");
    place.write(
        "newer.helios",
        zip(&unzip(&whole).replacen("\"format\":1,", "\"format\":2,", 1)),
    );
    refused("newer.helios", "format: 2 is not one that this build reads (1)");
    place.write(
        "other.helios",
        zip(&unzip(&whole).replacen("\"tick\":20,\"versions\"", "\"tick\":-1,\"versions\"", 1)),
    );
    refused("other.helios", "tick: is not a number of ticks");
    // Sparse: what is over the limit is not read.
    fs::File::create(place.path("huge.helios"))
        .unwrap()
        .set_len((2 << 30) + 1)
        .unwrap();
    refused("huge.helios", "over the limit");
    place.bad_file(
        &["restore", "good.ron"],
        2,
        "good.ron: a snapshot's name ends in .helios",
    );
    place.bad_file(
        &["snapshot", "--ticks", "5", "no/such/out.helios"],
        1,
        "no/such/out.helios",
    );
}

#[test]
fn diff_names_node_component_and_field() {
    let place = Place::new();
    place.good(&["snapshot", "--ticks", "50", "a.helios"]);
    place.good(&["snapshot", "--ticks", "50", "b.helios"]);
    assert_eq!(
        place.good(&["diff", "a.helios", "b.helios"]),
        "the snapshots are equal\n"
    );
    let mut snapshot = read_snapshot_file(&place.path("a.helios")).unwrap();
    let machines = snapshot
        .nodes
        .values_mut()
        .find_map(|rows| rows.get_mut("machine"))
        .unwrap();
    machines.values_mut().next().unwrap()["hostname"] = json!("elsewhere");
    write_snapshot_file(&place.path("b.helios"), &snapshot).unwrap();
    let ran = place.run(&["diff", "a.helios", "b.helios"]);
    assert_eq!(ran.status, Some(1));
    for part in ["(home)", "machine", "hostname", "elsewhere"] {
        assert!(ran.stdout.contains(part), "{part} is not in {ran:?}");
    }
    let ran = place.run(&["diff", "--json", "a.helios", "b.helios"]);
    let found: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(found["equal"], json!(false));
    let difference = &found["difference"];
    assert_eq!(
        (&difference["name"], &difference["component"], &difference["field"]),
        (&json!("home"), &json!("machine"), &json!("hostname"))
    );
    assert_eq!(
        (&difference["left"], &difference["right"]),
        (&json!("home"), &json!("elsewhere"))
    );
    place.bad_file(&["diff", "a.helios", "gone.helios"], 2, "gone.helios");
}

/// Waits for some moment in the life of another process.
#[expect(
    clippy::disallowed_methods,
    reason = "a kill is to come at different moments; nothing is asserted of when it does"
)]
pub(super) fn pause(ms: u64) {
    std::thread::sleep(Duration::from_millis(ms));
}

#[test]
fn a_killed_save_leaves_the_old_file_or_the_new_one() {
    let place = Place::new();
    place.good(&["snapshot", "--ticks", "5", "w.helios"]);
    let mut ticks = 6;
    for round in 0..10 {
        let count = ticks.to_string();
        ticks += 1;
        let args = ["snapshot", "--host", "threads", "--ticks", &count, "w.helios"];
        let mut child = place.command(&args).spawn().unwrap();
        pause(30 * round);
        end(&mut child, round % 2 == 0);
        let snapshot = read_snapshot_file(&place.path("w.helios")).expect("the file is whole");
        assert!(
            snapshot.tick.0 >= 5 && snapshot.tick.0 < ticks,
            "tick {}",
            snapshot.tick
        );
        let beside: Vec<String> = place
            .names()
            .into_iter()
            .filter(|name| name.ends_with(".tmp"))
            .collect();
        assert!(beside.len() <= 1, "{beside:?}");
    }
    // What a killed writer left behind is used up by the next one.
    place.write(".w.helios.tmp", "half of a snap");
    place.good(&["snapshot", "--ticks", "40", "w.helios"]);
    assert_eq!(place.names(), ["w.helios"]);
    assert_eq!(place.json(&["restore", "--json", "w.helios"])["tick"], json!(40));
}

/// SIGTERM or SIGKILL, and the end.
pub(super) fn end(child: &mut Child, politely: bool) {
    if politely {
        let pid = rustix::process::Pid::from_child(child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    } else {
        child.kill().unwrap();
    }
    child.wait().unwrap();
}

#[test]
fn two_savers_of_one_file_do_not_mix() {
    let place = Place::new();
    for round in 0..3 {
        let savers = ["30", "60"].map(|ticks| {
            place
                .command(&["snapshot", "--host", "threads", "--ticks", ticks, "w.helios"])
                .spawn()
                .unwrap()
        });
        for saver in savers {
            let ran = Ran::of(saver.wait_with_output().unwrap());
            assert_eq!(ran.status, Some(0), "round {round}: {ran:?}");
        }
        let tick = read_snapshot_file(&place.path("w.helios")).unwrap().tick.0;
        assert!(tick == 30 || tick == 60, "tick {tick}");
        assert_eq!(place.names(), ["w.helios"]);
    }
}

fn zip(json: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(json.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn unzip(bytes: &[u8]) -> String {
    std::io::read_to_string(flate2::read::GzDecoder::new(bytes)).unwrap()
}
