//! What the dissector says of frames, of cut and broken frames, and of any bytes.

mod broken;
mod fields;
mod lines;

use std::net::Ipv4Addr;

use bytes::{Bytes, BytesMut};

use super::*;
use crate::wire::frame::{self, Body};
use crate::wire::tcp::{Flags, Options, Segment, SeqNumber};
use crate::wire::tests::hex;
use crate::wire::{EtherType, EthernetHeader, Ipv4Header, Protocol, Udp, VlanTag};

const HERE: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 1);
const THERE: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 2);

fn ethernet() -> EthernetHeader {
    EthernetHeader {
        destination: MacAddr([2, 0, 0, 0, 0, 2]),
        source: MacAddr([2, 0, 0, 0, 0, 1]),
        tag: None,
        ethertype: EtherType::IPV4,
    }
}

fn tagged() -> EthernetHeader {
    let tag = VlanTag {
        pcp: 3,
        dei: true,
        vid: 100,
    };
    EthernetHeader {
        tag: Some(tag),
        ..ethernet()
    }
}

fn header(protocol: Protocol) -> Ipv4Header {
    Ipv4Header::new(HERE, THERE, protocol)
}

/// A frame of what a datagram carries.
fn framed(body: Body<'_>) -> Bytes {
    frame::ipv4(&ethernet(), &header(Protocol(253)), body).freeze()
}

/// A frame of bytes that claim to be of a protocol.
fn raw(protocol: Protocol, bytes: &[u8]) -> Bytes {
    frame::ipv4(&ethernet(), &header(protocol), Body::Raw(bytes)).freeze()
}

/// A datagram without a frame.
fn datagram(header: &Ipv4Header, body: Body<'_>) -> Bytes {
    let mut out = BytesMut::new();
    frame::emit_datagram(header, body, &mut out);
    out.freeze()
}

fn segment(flags: u8, options: Options, payload: &[u8]) -> Segment {
    Segment {
        source_port: 40000,
        destination_port: 80,
        seq: SeqNumber(1),
        ack: SeqNumber(77),
        flags: Flags::from_bits(flags),
        window: 65535,
        urgent: 3,
        options,
        payload: Bytes::copy_from_slice(payload),
    }
}

fn syn() -> Bytes {
    let options = Options {
        mss: Some(1460),
        window_scale: Some(7),
        sack_permitted: true,
        timestamps: Some((1, 0)),
        ..Options::default()
    };
    framed(Body::Tcp(&segment(0x02, options, b"")))
}

fn udp(source_port: u16, destination_port: u16, payload: impl Into<Bytes>) -> Bytes {
    let datagram = Udp {
        source_port,
        destination_port,
        payload: payload.into(),
    };
    framed(Body::Udp(&datagram))
}

fn layers(frame: &[u8]) -> Vec<Layer> {
    dissect(LinkType::ETHERNET, frame)
}

fn line(frame: &[u8]) -> String {
    summary(&layers(frame)).into()
}

/// The text of a field, wherever it is.
fn text(layers: &[Layer], name: &str) -> String {
    let mut fields = layers.iter().flat_map(|layer| &layer.fields);
    fields
        .find(|field| field.name == name)
        .map_or_else(|| format!("no {name}"), |field| field.text.clone())
}

/// All flaws, as texts.
fn flaws(layers: &[Layer]) -> Vec<String> {
    let flaws = layers.iter().flat_map(|layer| &layer.flaws);
    flaws.map(|flaw| flaw.text.clone()).collect()
}
