//! Captures go both ways, other programs' are read, and no bytes make the reader panic.

use std::borrow::Cow;
use std::io::Cursor;

use bytes::Bytes;
use pcap_file::pcapng::blocks::enhanced_packet::EnhancedPacketOption;
use pcap_file::pcapng::blocks::interface_description::InterfaceDescriptionOption;
use pcap_file::pcapng::{Block, PcapNgReader};

use super::pcapng::{Section, Writer};
use super::*;

fn interfaces() -> [Interface; 2] {
    let interface = |name: &str, last| Interface {
        name: name.into(),
        description: "a port".into(),
        link_type: LinkType::ETHERNET,
        snap_len: 0,
        mac: Some(MacAddr([2, 0, 0, 0, 0, last])),
    };
    let snapped = Interface {
        snap_len: 64,
        link_type: LinkType::RAW_IP,
        mac: None,
        ..interface("home/tun0", 2)
    };
    [interface("home/eth0", 1), snapped]
}

fn packets() -> [Packet; 3] {
    let packet = |interface, len: u8, direction, comments: &[&str]| Packet {
        interface,
        time_ns: 2_051_222_400_123_456_789 + u64::from(len),
        direction,
        original_len: len.into(),
        data: (0..len).collect::<Vec<_>>().into(),
        comments: comments.iter().map(|text| (*text).into()).collect(),
    };
    [
        packet(0, 61, Direction::Outbound, &["what is this?", "a frame"]),
        packet(1, 40, Direction::Inbound, &[]),
        packet(0, 60, Direction::Unknown, &[]),
    ]
}

fn capture() -> Vec<u8> {
    let section = Section {
        hardware: "Helios".into(),
        os: String::new(),
        application: "helios_net".into(),
        comment: "ein Mitschnitt – with a dash".into(),
    };
    let mut writer = Writer::new(Vec::new(), &section).unwrap();
    for (number, interface) in interfaces().iter().enumerate() {
        assert_eq!(writer.add_interface(interface).unwrap(), number as u32);
    }
    for packet in packets() {
        writer.write(&packet).unwrap();
    }
    writer.flush().unwrap();
    writer.into_inner()
}

fn read(bytes: &[u8]) -> Result<(Vec<Interface>, Vec<Packet>), CaptureError> {
    let mut reader = Reader::new(bytes)?;
    let packets = reader.by_ref().collect::<Result<_, _>>()?;
    Ok((reader.interfaces().to_vec(), packets))
}

#[test]
fn what_is_written_is_read() {
    let (read_interfaces, read_packets) = read(&capture()).unwrap();
    assert_eq!(read_interfaces, interfaces());
    assert_eq!(read_packets, packets());
}

#[test]
fn an_interface_keeps_no_more_than_it_says() {
    let mut writer = Writer::new(Vec::new(), &Section::default()).unwrap();
    writer.add_interface(&interfaces()[1]).unwrap();
    let packet = Packet {
        original_len: 100,
        data: Bytes::from_static(&[7; 100]),
        ..Packet::default()
    };
    writer.write(&packet).unwrap();
    let unknown = Packet { interface: 1, ..packet };
    assert!(matches!(writer.write(&unknown), Err(CaptureError::UnknownInterface(1))));
    let (_, packets) = read(&writer.into_inner()).unwrap();
    assert_eq!((packets[0].original_len, packets[0].data.len()), (100, 64));
    assert_eq!(packets.len(), 1);
}

#[test]
fn another_reader_reads_the_same() {
    let bytes = capture();
    let mut reader = PcapNgReader::new(Cursor::new(&bytes)).unwrap();
    let mut found = Vec::new();
    while let Some(block) = reader.next_block() {
        match block.unwrap() {
            Block::InterfaceDescription(block) => {
                let ours = &interfaces()[usize::from(block.snaplen != 0)];
                assert_eq!(u32::from(block.linktype), u32::from(ours.link_type.0));
                let name = InterfaceDescriptionOption::IfName(Cow::Borrowed(&ours.name));
                assert!(block.options.contains(&name));
                assert!(block.options.contains(&InterfaceDescriptionOption::IfTsResol(9)));
            }
            Block::EnhancedPacket(block) => {
                let flags = block.options.iter().find_map(|option| match option {
                    EnhancedPacketOption::Flags(flags) => Some(*flags),
                    _ => None,
                });
                let comments = block.options.iter().filter_map(|option| match option {
                    EnhancedPacketOption::Comment(text) => Some(text.to_string()),
                    _ => None,
                });
                found.push(Packet {
                    interface: block.interface_id,
                    time_ns: block.timestamp.as_nanos() as u64,
                    direction: match flags {
                        Some(1) => Direction::Inbound,
                        Some(2) => Direction::Outbound,
                        _ => Direction::Unknown,
                    },
                    original_len: block.original_len,
                    comments: comments.collect(),
                    data: block.data.into_owned().into(),
                });
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(found, packets());
}

#[test]
fn a_torn_file_is_good_up_to_its_last_whole_block() {
    let bytes = capture();
    let whole: Vec<_> = packets().into();
    let mut seen = 0;
    for end in 0..=bytes.len() {
        let Ok(mut reader) = Reader::new(&bytes[..end]) else {
            assert!(end < 120, "{end}");
            continue;
        };
        let mut good = Vec::new();
        let torn = loop {
            match reader.next_packet() {
                Ok(Some(packet)) => good.push(packet),
                Ok(None) => break false,
                Err(CaptureError::Truncated) => break true,
                Err(other) => panic!("{other}"),
            }
        };
        assert_eq!(good, whole[..good.len()]);
        assert!(good.len() >= seen && (torn || end == bytes.len() || good.len() < 3));
        assert!(reader.next_packet().unwrap().is_none(), "nothing follows an error");
        seen = good.len();
    }
    assert_eq!(seen, 3);
}

#[test]
fn sections_in_both_byte_orders() {
    // Big-endian: a section, an interface in milliseconds, a simple packet; then a whole little-endian capture.
    let mut bytes = crate::wire::tests::hex(
        "0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c
        00000001 00000020 0001 0000 00000003 0009 0001 03000000 0000 0000 00000020
        00000003 00000014 00000005 aabbcc00 00000014
        00000006 00000028 00000000 00000001 00000002 00000003 00000003 11223300 0000 0000 00000028
        0000000a 00000010 deadbeef 00000010",
    )
    .to_vec();
    bytes.extend_from_slice(&capture());
    let (all_interfaces, all) = read(&bytes).unwrap();
    assert_eq!(all_interfaces.len(), 3);
    assert_eq!((all[0].original_len, &all[0].data[..]), (5, &[0xaa, 0xbb, 0xcc][..]));
    assert_eq!(all[1].time_ns, ((1 << 32) + 2) * 1_000_000);
    assert_eq!((all[2].interface, all[3].interface), (1, 2));
    assert_eq!(all[2].data, packets()[0].data);
}

#[test]
fn classic_captures() {
    // As `tcpdump -w` writes them: microseconds, little-endian; and with nanoseconds, big-endian.
    let micro = crate::wire::tests::hex(
        "d4c3b2a1 0200 0400 00000000 00000000 00000400 01000000
        01000000 40e20100 02000000 3c000000 abcd",
    );
    let (interfaces, packets) = read(&micro).unwrap();
    assert_eq!(
        (interfaces[0].link_type, interfaces[0].snap_len),
        (LinkType::ETHERNET, 262_144)
    );
    assert_eq!((packets[0].time_ns, packets[0].original_len), (1_123_456_000, 60));
    assert_eq!(packets[0].data, &[0xab, 0xcd][..]);
    let nano = crate::wire::tests::hex(
        "a1b23c4d 0002 0004 00000000 00000000 00040000 00000065
        00000001 075bcd15 00000001 00000001 45",
    );
    let (interfaces, packets) = read(&nano).unwrap();
    assert_eq!(
        (interfaces[0].link_type, packets[0].time_ns),
        (LinkType::RAW_IP, 1_123_456_789)
    );
    assert!(matches!(read(&nano[..40]), Err(CaptureError::Truncated)));
}

#[test]
fn what_cannot_be_is_refused() {
    assert!(matches!(read(b""), Err(CaptureError::NotACapture)));
    assert!(matches!(read(b"GET / HTTP/1.1"), Err(CaptureError::NotACapture)));
    let good = capture();
    let section_len = u32::from_le_bytes([good[4], good[5], good[6], good[7]]) as usize;
    let with = |at: usize, bytes: &[u8]| {
        let mut bad = good.clone();
        bad[at..at + bytes.len()].copy_from_slice(bytes);
        read(&bad).unwrap_err().to_string()
    };
    assert_eq!(with(8, &[0; 4]), "capture: a section with an unknown byte order");
    assert_eq!(with(12, &[2]), "capture: a version other than 1");
    let len_at = section_len + 4;
    assert_eq!(
        with(len_at, &[0xff; 4]),
        "capture: a block of 4294967295 bytes, where 4194304 are the most"
    );
    assert_eq!(with(len_at, &[11, 0, 0, 0]), "capture: a block whose length cannot be");
    assert_eq!(with(len_at, &[8, 0, 0, 0]), "capture: a block whose length cannot be");
    assert_eq!(with(len_at, &[40, 0, 0, 0]), "capture: a block whose lengths differ");
    assert_eq!(with(section_len, &[6]), "capture: interface 1 was not described");
}

/// A fuzz target: `cargo bolero test fuzz_captures`; under `cargo test`, some thousand inputs.
#[test]
fn fuzz_captures() {
    let good = capture();
    bolero::check!().with_iterations(2_000).for_each(|noise: &[u8]| {
        let _ = read(noise);
        // Noise behind a good beginning, and noise in the middle of a good capture.
        let _ = read(&[&good, noise].concat());
        for magic in [0xa1b2_c3d4u32, 0xa1b2_3c4d] {
            let _ = read(&[&magic.to_le_bytes(), noise].concat());
        }
        if let [at, rest @ ..] = noise {
            let mut bad = good.clone();
            for (place, byte) in bad.iter_mut().skip(usize::from(*at)).zip(rest) {
                *place ^= byte;
            }
            let _ = read(&bad);
        }
    });
}
