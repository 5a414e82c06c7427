//! Captures of the host: what `--capture` writes, that it changes nothing, and that Wireshark has no complaint.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;
use std::process::Command;

use helios_net::capture::pcapng::{Section, Writer};
use helios_net::capture::{Direction, Interface, Packet, Reader};
use helios_net::wire::LinkType;

use super::Place;

/// Traffic of every kind over the loopback.
const TRAFFIC: &str = r#"
import { connect, listen, UdpSocket } from "helios:net";
import { exit } from "helios:process";

const drain = async (socket) => {
	let total = 0;
	for (let chunk = await socket.read(); chunk !== null; chunk = await socket.read()) total += chunk.length;
	return total;
};
await listen(12345, "tcp", async (socket) => {
	await socket.write(new Uint8Array(200_000).fill((await drain(socket)) & 255));
});
await listen(8080, "tcp", async (socket) => {
	await socket.read();
	await socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi");
});
await listen(12346, "udp", (datagram, socket) => socket.send(datagram.data, datagram.address, datagram.port));

const bulk = await connect("127.0.0.1", 12345);
await bulk.write(new Uint8Array(100_000).fill(7));
await bulk.shutdown("write");
console.log(await drain(bulk));
await bulk.close();
console.log(await (await fetch("http://127.0.0.1:8080/page")).text());
const client = await UdpSocket.open();
for (const size of [0, 1, 1000, 60_000]) {
	await client.send(new Uint8Array(size).fill(size & 255), "127.0.0.1", 12346);
	console.log((await client.receive()).length);
}
await client.send("nobody", "127.0.0.1", 9);
await connect("127.0.0.1", 9).catch((error) => console.log(error.code));
exit(0);
"#;
const SAID: &str = "200000\nhi\n0\n1\n1000\n60000\nECONNREFUSED\n";

/// The interfaces and packets of a capture.
fn read(path: &Path) -> (Vec<Interface>, Vec<Packet>) {
    let mut reader = Reader::new(File::open(path).unwrap()).unwrap();
    let mut packets = Vec::new();
    while let Some(packet) = reader.next_packet().unwrap() {
        packets.push(packet);
    }
    (reader.interfaces().to_vec(), packets)
}

#[test]
fn captures_change_nothing_and_replays_make_the_same() {
    let place = Place::new();
    place.write("traffic.ts", TRAFFIC);
    assert_eq!(place.good(&["run", "--record", "plain.hreplay", "traffic.ts"]), SAID);
    let plain = place.json(&["replay", "--verify", "--json", "plain.hreplay"]);
    let watched = place.json(&[
        "replay",
        "--verify",
        "--json",
        "--capture",
        "home=plain.pcapng",
        "plain.hreplay",
    ]);
    assert_eq!(plain, watched);
    assert!(fs::metadata(place.path("plain.pcapng")).unwrap().len() > 300_000);

    let live = place.good(&[
        "run",
        "--capture",
        "home:lo=live.pcapng",
        "--record",
        "live.hreplay",
        "traffic.ts",
    ]);
    assert_eq!(live, SAID);
    place.good(&["replay", "--verify", "live.hreplay"]);
    place.good(&["replay", "--capture", "home:lo=again.pcapng", "live.hreplay"]);
    let bytes = fs::read(place.path("live.pcapng")).unwrap();
    assert!(bytes == fs::read(place.path("again.pcapng")).unwrap());

    let (interfaces, packets) = read(&place.path("live.pcapng"));
    assert_eq!(interfaces.len(), 1);
    assert_eq!(interfaces[0].name, "home:lo");
    assert_eq!(interfaces[0].link_type, LinkType::ETHERNET);
    assert!(packets.len() > 30, "{}", packets.len());
    // The world begins in 2035.
    let start_ns = 2_051_222_400_000_000_000..2_051_222_500_000_000_000u64;
    assert!(packets.iter().all(|packet| start_ns.contains(&packet.time_ns)));
    // At the loopback a frame is there once.
    assert!(packets.iter().all(|packet| packet.direction == Direction::Inbound));
}

#[test]
fn nodes_and_files_of_several_interfaces() {
    let place = Place::new();
    let options = ["--capture", "home=home.pcapng", "--capture", "switch=switch.pcapng"];
    let more = [
        "--capture",
        "desk:eth0=both.pcapng",
        "--capture",
        "home:eth0=both.pcapng",
    ];
    let mut args = vec!["exec", "--world", "lan", "--machine", "home"];
    args.extend(options.iter().chain(&more));
    args.extend(["--", "ping -q -c 1 10.0.0.2 | grep -o '. received'"]);
    assert_eq!(place.good(&args), "1 received\n");
    let names = |file: &str| -> Vec<String> {
        let (interfaces, _) = read(&place.path(file));
        interfaces.into_iter().map(|interface| interface.name).collect()
    };
    assert_eq!(names("home.pcapng"), ["home:lo", "home:eth0"]);
    assert_eq!(names("switch.pcapng").len(), 8);
    assert_eq!(names("both.pcapng"), ["desk:eth0", "home:eth0"]);
    // Question and answer, of ARP and of ICMP.
    let (_, packets) = read(&place.path("home.pcapng"));
    let directions: Vec<Direction> = packets.iter().map(|packet| packet.direction).collect();
    let (asked, answered) = (Direction::Outbound, Direction::Inbound);
    assert_eq!(directions, [asked, answered, asked, answered]);
    assert_eq!(read(&place.path("both.pcapng")).1.len(), 8);
}

#[test]
fn what_cannot_be_captured_is_said() {
    let place = Place::new();
    let bad = |option: &str, status| place.bad(&["exec", "--world", "lan", "--capture", option, "--", "true"], status);
    assert_eq!(
        bad("nobody=a.pcapng", 1),
        "helios: --capture: there is no node named \"nobody\"; those with interfaces are: desk, home, nas, switch\n"
    );
    assert_eq!(
        bad("home:eth9=a.pcapng", 1),
        "helios: --capture: \"home\" has no interface \"eth9\"; it has: lo, eth0\n"
    );
    assert_eq!(
        bad("world=a.pcapng", 1),
        "helios: --capture: \"world\" has no interfaces\n"
    );
    assert_eq!(
        bad("home=none/a.pcapng", 1),
        "helios: none/a.pcapng: no such file or directory\n"
    );
    assert_eq!(bad("home=/dev/full", 1), "helios: /dev/full: no space left on device\n");
    let ran = place.run(&["exec", "--capture", "home", "--", "true"]);
    assert!(
        ran.status == Some(2) && ran.stderr.contains("expected NODE=FILE or NODE:INTERFACE=FILE"),
        "{ran:?}"
    );
}

#[test]
fn a_world_outlives_the_file_of_its_capture() {
    let place = Place::new();
    let pipe = place.path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    // A reader that goes away as soon as it has seen the beginning.
    let reader = std::thread::spawn(move || File::open(pipe).unwrap().read_exact(&mut [0; 28]).unwrap());
    let ran = place.run(&[
        "exec",
        "--capture",
        "home=pipe",
        "--",
        "ping -q -c 3 127.0.0.1 | grep -o '. received'",
    ]);
    reader.join().unwrap();
    assert_eq!((ran.status, ran.stdout.as_str()), (Some(0), "3 received\n"));
    assert_eq!(
        ran.stderr,
        "helios: pipe: broken pipe: the capture ends here, the world goes on\n"
    );
}

/// What `tshark` finds wrong with a capture, a line for each frame: malformed layers, wrong checksums, expert errors.
fn complaints(path: &Path) -> String {
    let filter = r#"_ws.malformed || _ws.expert.severity == "Error" || ip.checksum.status == "Bad"
        || tcp.checksum.status == "Bad" || udp.checksum.status == "Bad" || icmp.checksum.status == "Bad""#;
    let mut options = vec!["-o", "ip.check_checksum:TRUE"];
    options.extend(["-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"]);
    tshark(path, &options, filter)
}

fn tshark(path: &Path, options: &[&str], filter: &str) -> String {
    let mut command = Command::new("tshark");
    command.args(["-n", "-r"]).arg(path).args(options);
    command.args(["-Y", &filter.replace('\n', " ")]);
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("tshark cannot be run ({error}): install the package tshark"));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "tshark: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn wireshark_has_no_complaint() {
    let place = Place::new();
    place.write("traffic.ts", TRAFFIC);
    let ran = place.good(&["run", "--capture", "home=lo.pcapng", "traffic.ts"]);
    assert_eq!(ran, SAID);
    let line = "ping -q -c 2 -s 4000 10.0.0.2 > /dev/null; ping -q -c 1 -w 5 10.0.0.9 > /dev/null; echo x | nc -w 1 10.0.0.2 80; curl -s http://10.0.0.3/; echo";
    let lan = [
        "exec",
        "--world",
        "lan",
        "--machine",
        "home",
        "--capture",
        "home=lan.pcapng",
    ];
    place.run(&[&lan[..], &["--", line]].concat());
    for (file, kinds) in [
        (
            "lo.pcapng",
            &["tcp.flags.syn == 1", "http.response", "udp", "icmp.type == 3"][..],
        ),
        (
            "lan.pcapng",
            &["arp", "icmp.type == 0", "ip.flags.mf == 1", "tcp.flags.reset == 1"],
        ),
    ] {
        let path = place.path(file);
        assert_eq!(complaints(&path), "", "{file}");
        for kind in kinds {
            assert!(!tshark(&path, &[], kind).is_empty(), "{file} has no frames of {kind}");
        }
    }
}

#[test]
fn a_wrong_checksum_and_a_malformed_frame_are_noticed() {
    let place = Place::new();
    place.write("traffic.ts", TRAFFIC);
    place.good(&["run", "--capture", "home=lo.pcapng", "traffic.ts"]);
    let (interfaces, packets) = read(&place.path("lo.pcapng"));
    let spoilt = |name: &str, spoil: &dyn Fn(&mut Vec<u8>)| {
        let path = place.path(name);
        let mut writer = Writer::new(File::create(&path).unwrap(), &Section::default()).unwrap();
        writer.add_interface(&interfaces[0]).unwrap();
        // The first segment with options; a header of 20 bytes lies before it.
        let mut packet = packets[0].clone();
        let mut bytes = packet.data.to_vec();
        spoil(&mut bytes);
        packet.data = bytes.into();
        writer.write(&packet).unwrap();
        complaints(&path)
    };
    assert_eq!(spoilt("good.pcapng", &|_| {}), "");
    assert_ne!(spoilt("sum.pcapng", &|bytes| bytes[50] ^= 1), "");
    // An option of TCP that is longer than the header.
    assert_ne!(spoilt("long.pcapng", &|bytes| bytes[55] = 0xff), "");
}
