//! Reading captures from untrusted bytes, one packet at a time.

use std::io::Read;

use bytes::Bytes;

use super::blocks::{Order, Sections, byte_order, kind};
use super::classic::{self, Form};
use super::{BLOCK_BYTES, CaptureError, Interface, Packet};

/// Reads pcapng, with any number of sections, and classic pcap. It holds one block at a time. After an error there is
/// nothing more.
#[derive(Debug)]
pub struct Reader<R> {
    input: R,
    form: FileForm,
    done: bool,
}

#[derive(Debug)]
enum FileForm {
    Blocks(Sections),
    Classic(Form, Interface),
}

impl<R: Read> Reader<R> {
    /// Reads the beginning of a capture.
    ///
    /// # Errors
    /// It is none, or the host's.
    pub fn new(mut input: R) -> Result<Self, CaptureError> {
        let mut magic = [0; 4];
        read_exact(&mut input, &mut magic).map_err(not_a_capture)?;
        let form = if let Some(form) = Form::of(magic) {
            let mut header = [0; classic::FILE_HEADER_BYTES];
            header[..4].copy_from_slice(&magic);
            read_exact(&mut input, &mut header[4..])?;
            FileForm::Classic(form, form.interface(&header)?)
        } else if u32::from_le_bytes(magic) == kind::SECTION {
            let mut sections = Sections::new(Order::Little);
            read_section(&mut input, &mut sections)?;
            FileForm::Blocks(sections)
        } else {
            return Err(CaptureError::NotACapture);
        };
        Ok(Self {
            input,
            form,
            done: false,
        })
    }

    /// The interfaces that were described so far. In pcapng more may follow between packets.
    pub fn interfaces(&self) -> &[Interface] {
        match &self.form {
            FileForm::Blocks(sections) => &sections.interfaces,
            FileForm::Classic(_, interface) => std::slice::from_ref(interface),
        }
    }

    /// The next packet; nothing at the end of the file.
    ///
    /// # Errors
    /// The file is malformed or torn, or the host's.
    pub fn next_packet(&mut self) -> Result<Option<Packet>, CaptureError> {
        if self.done {
            return Ok(None);
        }
        let packet = match &mut self.form {
            FileForm::Blocks(sections) => next_block_packet(&mut self.input, sections),
            FileForm::Classic(form, _) => next_record(&mut self.input, *form),
        };
        self.done = !matches!(packet, Ok(Some(_)));
        packet
    }
}

impl<R: Read> Iterator for Reader<R> {
    type Item = Result<Packet, CaptureError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_packet().transpose()
    }
}

fn next_block_packet(input: &mut impl Read, sections: &mut Sections) -> Result<Option<Packet>, CaptureError> {
    loop {
        let mut kind = [0; 4];
        if !read_or_end(input, &mut kind)? {
            return Ok(None);
        }
        // A section's type reads the same in both byte orders.
        if u32::from_le_bytes(kind) == kind::SECTION {
            read_section(input, sections)?;
            continue;
        }
        let kind = sections.order.u32(kind);
        let mut len = [0; 4];
        read_exact(input, &mut len)?;
        let body = read_body(input, sections.order.u32(len), 8, sections.order)?;
        if let Some(packet) = sections.take(kind, &body)? {
            return Ok(Some(packet));
        }
    }
}

/// Reads a section's block behind its type.
fn read_section(input: &mut impl Read, sections: &mut Sections) -> Result<(), CaptureError> {
    let mut head = [0; 8];
    read_exact(input, &mut head)?;
    let [a, b, c, d, magic @ ..] = head;
    let order =
        Order::of(magic, byte_order::MAGIC).ok_or(CaptureError::Malformed("a section with an unknown byte order"))?;
    let body = read_body(input, order.u32([a, b, c, d]), 12, order)?;
    sections.begin(order, &body)
}

/// Reads the rest of a block of `len` bytes, of which `had` were read, and checks the length at its end.
fn read_body(input: &mut impl Read, len: u32, had: usize, order: Order) -> Result<Bytes, CaptureError> {
    if len as usize > BLOCK_BYTES {
        return Err(CaptureError::TooLong(len.into()));
    }
    if !len.is_multiple_of(4) || (len as usize) < had + 4 {
        return Err(CaptureError::Malformed("a block whose length cannot be"));
    }
    let mut body = read_bytes(input, len as usize - had)?;
    let tail = body.split_off(body.len() - 4);
    if tail.first_chunk().map(|tail| order.u32(*tail)) != Some(len) {
        return Err(CaptureError::Malformed("a block whose lengths differ"));
    }
    Ok(body)
}

fn next_record(input: &mut impl Read, form: Form) -> Result<Option<Packet>, CaptureError> {
    let mut header = [0; classic::RECORD_HEADER_BYTES];
    if !read_or_end(input, &mut header)? {
        return Ok(None);
    }
    let record = form.record(&header)?;
    if record.len as usize > BLOCK_BYTES {
        return Err(CaptureError::TooLong(record.len.into()));
    }
    Ok(Some(Packet {
        time_ns: record.time_ns,
        original_len: record.original_len,
        data: read_bytes(input, record.len as usize)?,
        ..Packet::default()
    }))
}

/// Reads bytes whose number is checked. The memory grows with what is there, not with what is claimed.
fn read_bytes(input: &mut impl Read, len: usize) -> Result<Bytes, CaptureError> {
    let mut bytes = Vec::with_capacity(len.min(64 << 10));
    input.take(len as u64).read_to_end(&mut bytes)?;
    if bytes.len() < len {
        return Err(CaptureError::Truncated);
    }
    Ok(bytes.into())
}

fn read_exact(input: &mut impl Read, into: &mut [u8]) -> Result<(), CaptureError> {
    if read_or_end(input, into)? {
        return Ok(());
    }
    Err(CaptureError::Truncated)
}

/// Reads bytes; false where the file ends before the first.
fn read_or_end(input: &mut impl Read, into: &mut [u8]) -> Result<bool, CaptureError> {
    let mut bytes = Vec::with_capacity(into.len());
    input.take(into.len() as u64).read_to_end(&mut bytes)?;
    if bytes.is_empty() {
        return Ok(false);
    }
    if bytes.len() < into.len() {
        return Err(CaptureError::Truncated);
    }
    into.copy_from_slice(&bytes);
    Ok(true)
}

fn not_a_capture(error: CaptureError) -> CaptureError {
    match error {
        CaptureError::Truncated => CaptureError::NotACapture,
        other => other,
    }
}
