//! Writing pcapng (draft-ietf-opsawg-pcapng).

use std::io::{self, Write};

use super::blocks::{byte_order, kind, option};
use super::{CaptureError, Direction, INTERFACES, Interface, Packet, TEXT_BYTES};

/// Who made a capture. Empty texts are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// The hardware.
    pub hardware: String,
    /// The operating system.
    pub os: String,
    /// The program.
    pub application: String,
    /// More words.
    pub comment: String,
}

/// Writes a capture. Each block is one `write_all`: of a file whose writer died only the last block can be torn.
#[derive(Debug)]
pub struct Writer<W> {
    out: W,
    snap_lens: Vec<u32>,
    block: Vec<u8>,
}

impl<W: Write> Writer<W> {
    /// Begins a capture. The bytes are the same on every host: little-endian.
    ///
    /// # Errors
    /// The host's.
    pub fn new(out: W, section: &Section) -> io::Result<Self> {
        let mut writer = Self {
            out,
            snap_lens: Vec::new(),
            block: Vec::with_capacity(2048),
        };
        writer.begin(kind::SECTION);
        writer.put(&byte_order::MAGIC.to_le_bytes());
        writer.put(&[1, 0, 0, 0]);
        // The length of the section is not known while it is written.
        writer.put(&u64::MAX.to_le_bytes());
        writer.text(option::COMMENT, &section.comment);
        writer.text(option::SECTION_HARDWARE, &section.hardware);
        writer.text(option::SECTION_OS, &section.os);
        writer.text(option::SECTION_APPLICATION, &section.application);
        writer.end_options(16);
        writer.finish()?;
        Ok(writer)
    }

    /// Describes one more interface, and says its number. Times at it are in nanoseconds.
    ///
    /// # Errors
    /// There are too many, or the host's.
    pub fn add_interface(&mut self, interface: &Interface) -> Result<u32, CaptureError> {
        if self.snap_lens.len() == INTERFACES {
            return Err(CaptureError::TooManyInterfaces);
        }
        self.begin(kind::INTERFACE);
        self.put(&interface.link_type.0.to_le_bytes());
        self.put(&[0, 0]);
        self.put(&interface.snap_len.to_le_bytes());
        self.text(option::INTERFACE_NAME, &interface.name);
        self.text(option::INTERFACE_DESCRIPTION, &interface.description);
        if let Some(mac) = interface.mac {
            self.option(option::INTERFACE_MAC, &mac.0);
        }
        self.option(option::INTERFACE_RESOLUTION, &[9]);
        self.end_options(8);
        self.finish()?;
        let number = self.snap_lens.len() as u32;
        self.snap_lens.push(interface.snap_len);
        Ok(number)
    }

    /// Writes a packet, cut to what its interface keeps.
    ///
    /// # Errors
    /// Its interface was not described, or the host's.
    pub fn write(&mut self, packet: &Packet) -> Result<(), CaptureError> {
        let snap_len = *self
            .snap_lens
            .get(packet.interface as usize)
            .ok_or(CaptureError::UnknownInterface(packet.interface))?;
        let kept = match snap_len {
            0 => &packet.data[..],
            most => &packet.data[..packet.data.len().min(most as usize)],
        };
        let len = u32::try_from(kept.len()).map_err(|_| CaptureError::TooLong(kept.len() as u64))?;
        self.begin(kind::ENHANCED_PACKET);
        self.put(&packet.interface.to_le_bytes());
        self.put(&((packet.time_ns >> 32) as u32).to_le_bytes());
        self.put(&(packet.time_ns as u32).to_le_bytes());
        self.put(&len.to_le_bytes());
        self.put(&packet.original_len.max(len).to_le_bytes());
        self.put(kept);
        self.pad();
        let options_at = self.block.len() - 8;
        for comment in &packet.comments {
            self.text(option::COMMENT, comment);
        }
        let direction = match packet.direction {
            Direction::Unknown => 0,
            Direction::Inbound => 1u32,
            Direction::Outbound => 2,
        };
        if direction != 0 {
            self.option(option::PACKET_FLAGS, &direction.to_le_bytes());
        }
        self.end_options(options_at);
        Ok(self.finish()?)
    }

    /// Hands all bytes to the host.
    ///
    /// # Errors
    /// The host's.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// The writer behind it.
    pub fn into_inner(self) -> W {
        self.out
    }

    /// Begins a block; its length comes with [`Self::finish`].
    fn begin(&mut self, kind: u32) {
        self.block.clear();
        self.put(&kind.to_le_bytes());
        self.put(&[0; 4]);
    }

    fn put(&mut self, bytes: &[u8]) {
        self.block.extend_from_slice(bytes);
    }

    fn pad(&mut self) {
        self.block.resize(self.block.len().next_multiple_of(4), 0);
    }

    fn option(&mut self, code: u16, value: &[u8]) {
        self.put(&code.to_le_bytes());
        self.put(&(value.len() as u16).to_le_bytes());
        self.put(value);
        self.pad();
    }

    /// An option of text, cut to what is written of texts. None where it is empty.
    fn text(&mut self, code: u16, text: &str) {
        let text = &text[..text.floor_char_boundary(TEXT_BYTES)];
        if !text.is_empty() {
            self.option(code, text.as_bytes());
        }
    }

    /// Ends the options, if there are any behind a body of `body` bytes.
    fn end_options(&mut self, body: usize) {
        if self.block.len() > 8 + body {
            self.option(option::END, &[]);
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        let len = (self.block.len() + 4) as u32;
        self.put(&len.to_le_bytes());
        self.block[4..8].copy_from_slice(&len.to_le_bytes());
        self.out.write_all(&self.block)
    }
}
