//! A serde serializer that writes canonical JSON, refuses what state must not contain, and says where it is.
//!
//! It writes straight into a buffer. Fields come in the order of a type's declaration: an object whose names are not in
//! canonical order when it ends is put in order then, by moving bytes.

use std::cmp::Ordering;
use std::fmt::Write as _;

use serde::ser::{self, Serialize};

use crate::ids::MAX_SAFE;

use super::{CanonError, push_field, push_index};

/// Values nest this deep at most: readers of JSON stop a little deeper.
const MAX_DEPTH: u32 = 120;

/// Appends the canonical JSON of a value. After an error `out` is as it was.
pub(super) fn write<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) -> Result<(), CanonError> {
    let start = out.len();
    let mut writer = Writer {
        out,
        fields: Vec::new(),
        scratch: Vec::new(),
        depth: 0,
    };
    value.serialize(&mut writer).map_err(|fault| {
        out.truncate(start);
        fault.into_error()
    })
}

/// An error that collects its path on the way out, innermost part first.
#[derive(Debug)]
struct Fault(Box<FaultParts>);

#[derive(Debug)]
struct FaultParts {
    path: Vec<Part>,
    problem: String,
}

#[derive(Debug)]
enum Part {
    Field(String),
    Index(usize),
}

impl Fault {
    fn new(problem: impl Into<String>) -> Self {
        Self(Box::new(FaultParts {
            path: Vec::new(),
            problem: problem.into(),
        }))
    }

    fn within(mut self, part: Part, variant: Option<&str>) -> Self {
        self.0.path.push(part);
        match variant {
            Some(variant) => self.in_field(variant),
            None => self,
        }
    }

    fn in_field(mut self, name: &str) -> Self {
        self.0.path.push(Part::Field(name.to_owned()));
        self
    }

    fn into_error(self) -> CanonError {
        let mut path = String::new();
        for part in self.0.path.iter().rev() {
            match part {
                Part::Field(name) => push_field(&mut path, name),
                Part::Index(index) => push_index(&mut path, *index),
            }
        }
        CanonError {
            path,
            problem: self.0.problem,
        }
    }
}

impl core::fmt::Display for Fault {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.0.problem)
    }
}

impl std::error::Error for Fault {}

impl ser::Error for Fault {
    fn custom<T: core::fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }
}

/// Where a field of an object that is being written lies.
#[derive(Clone, Copy)]
struct Field {
    /// Its name begins here, quotes and all.
    start: usize,
    /// One behind the name's closing quote.
    name_end: usize,
    /// One behind its value.
    end: usize,
}

struct Writer<'a> {
    out: &'a mut Vec<u8>,
    /// Fields of all objects that are open, those of the innermost last.
    fields: Vec<Field>,
    /// Where objects are put in order.
    scratch: Vec<u8>,
    depth: u32,
}

impl Writer<'_> {
    fn unsigned(&mut self, number: u64) -> Result<(), Fault> {
        if number >= MAX_SAFE {
            return Err(Fault::new(format!("the integer {number} is not below 2^53")));
        }
        self.out
            .extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
        Ok(())
    }

    fn signed(&mut self, number: i64) -> Result<(), Fault> {
        if number.unsigned_abs() >= MAX_SAFE {
            return Err(Fault::new(format!("the integer {number} is not below 2^53")));
        }
        self.out
            .extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
        Ok(())
    }

    fn literal(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn text(&mut self, text: &str) {
        self.out.push(b'"');
        escape(text, self.out);
        self.out.push(b'"');
    }

    fn open(&mut self, variant: Option<&'static str>, bracket: u8) -> Result<(), Fault> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Fault::new(format!("is nested deeper than {MAX_DEPTH} levels")));
        }
        if let Some(variant) = variant {
            self.out.push(b'{');
            self.text(variant);
            self.out.push(b':');
        }
        self.out.push(bracket);
        Ok(())
    }

    fn close(&mut self, variant: Option<&'static str>, bracket: u8) {
        self.depth -= 1;
        self.out.push(bracket);
        if variant.is_some() {
            self.out.push(b'}');
        }
    }

    /// Brings the fields from `first` on, which lie from `start` to the end of what is written, into canonical order.
    fn sort_fields(&mut self, first: usize, start: usize) -> Result<(), Fault> {
        let Self {
            out, fields, scratch, ..
        } = self;
        let own = &mut fields[first..];
        let order =
            |one: &Field, two: &Field| compare_names(&out[one.start..one.name_end], &out[two.start..two.name_end]);
        if own.is_sorted_by(|one, two| order(one, two) == Ordering::Less) {
            return Ok(());
        }
        own.sort_by(order);
        if let Some(pair) = own.windows(2).find(|pair| order(&pair[0], &pair[1]) == Ordering::Equal) {
            let name: String = serde_json::from_slice(&out[pair[0].start..pair[0].name_end]).unwrap_or_default();
            return Err(Fault::new("two entries of a map have the same key").in_field(&name));
        }
        scratch.clear();
        for field in own.iter() {
            if !scratch.is_empty() {
                scratch.push(b',');
            }
            scratch.extend_from_slice(&out[field.start..field.end]);
        }
        out.truncate(start);
        out.extend_from_slice(scratch);
        Ok(())
    }
}

/// The order of two names, each in its quotes: by code units of UTF-16 (RFC 8785 section 3.2.3).
fn compare_names(one: &[u8], two: &[u8]) -> Ordering {
    let plain = |name: &[u8]| name.iter().all(|&byte| byte.is_ascii() && byte != b'\\');
    let (one, two) = (&one[1..one.len() - 1], &two[1..two.len() - 1]);
    if plain(one) && plain(two) {
        return one.cmp(two);
    }
    let units = |name: &[u8]| -> Vec<u16> {
        let quoted = [b"\"", name, b"\""].concat();
        let text: String = serde_json::from_slice(&quoted).expect("a name that was written is a JSON string");
        text.encode_utf16().collect()
    };
    units(one).cmp(&units(two))
}

/// Appends a text as it stands between quotes (RFC 8785 section 3.2.2.2).
fn escape(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let mut from = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        if byte >= b' ' && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.extend_from_slice(&bytes[from..at]);
        from = at + 1;
        let short = match byte {
            b'"' | b'\\' => byte,
            0x08 => b'b',
            b'\t' => b't',
            b'\n' => b'n',
            0x0c => b'f',
            b'\r' => b'r',
            _ => {
                const DIGITS: &[u8; 16] = b"0123456789abcdef";
                out.extend_from_slice(b"\\u00");
                out.push(DIGITS[usize::from(byte >> 4)]);
                out.push(DIGITS[usize::from(byte & 15)]);
                continue;
            }
        };
        out.extend_from_slice(&[b'\\', short]);
    }
    out.extend_from_slice(&bytes[from..]);
}

/// What is formatted into it goes into a JSON string.
struct Escaping<'a>(&'a mut Vec<u8>);

impl core::fmt::Write for Escaping<'_> {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        escape(text, self.0);
        Ok(())
    }
}

fn float(number: f64) -> Result<(), Fault> {
    Err(Fault::new(format!("{number:?} is a float, and state has no floats")))
}

impl<'w, 'a> ser::Serializer for &'w mut Writer<'a> {
    type Ok = ();
    type Error = Fault;
    type SerializeSeq = List<'w, 'a>;
    type SerializeTuple = List<'w, 'a>;
    type SerializeTupleStruct = List<'w, 'a>;
    type SerializeTupleVariant = List<'w, 'a>;
    type SerializeMap = Object<'w, 'a>;
    type SerializeStruct = Object<'w, 'a>;
    type SerializeStructVariant = Object<'w, 'a>;

    fn serialize_bool(self, v: bool) -> Result<(), Fault> {
        self.literal(if v { "true" } else { "false" });
        Ok(())
    }
    fn serialize_i8(self, v: i8) -> Result<(), Fault> {
        self.signed(v.into())
    }
    fn serialize_i16(self, v: i16) -> Result<(), Fault> {
        self.signed(v.into())
    }
    fn serialize_i32(self, v: i32) -> Result<(), Fault> {
        self.signed(v.into())
    }
    fn serialize_i64(self, v: i64) -> Result<(), Fault> {
        self.signed(v)
    }
    fn serialize_i128(self, v: i128) -> Result<(), Fault> {
        match i64::try_from(v) {
            Ok(number) => self.signed(number),
            Err(_) => Err(Fault::new(format!("the integer {v} is not below 2^53"))),
        }
    }
    fn serialize_u8(self, v: u8) -> Result<(), Fault> {
        self.unsigned(v.into())
    }
    fn serialize_u16(self, v: u16) -> Result<(), Fault> {
        self.unsigned(v.into())
    }
    fn serialize_u32(self, v: u32) -> Result<(), Fault> {
        self.unsigned(v.into())
    }
    fn serialize_u64(self, v: u64) -> Result<(), Fault> {
        self.unsigned(v)
    }
    fn serialize_u128(self, v: u128) -> Result<(), Fault> {
        match u64::try_from(v) {
            Ok(number) => self.unsigned(number),
            Err(_) => Err(Fault::new(format!("the integer {v} is not below 2^53"))),
        }
    }
    fn serialize_f32(self, v: f32) -> Result<(), Fault> {
        float(v.into())
    }
    fn serialize_f64(self, v: f64) -> Result<(), Fault> {
        float(v)
    }
    fn serialize_char(self, v: char) -> Result<(), Fault> {
        self.text(v.encode_utf8(&mut [0; 4]));
        Ok(())
    }
    fn serialize_str(self, v: &str) -> Result<(), Fault> {
        self.text(v);
        Ok(())
    }
    fn serialize_bytes(self, _: &[u8]) -> Result<(), Fault> {
        Err(Fault::new("raw bytes: write them as base64 text or as a blob"))
    }
    fn serialize_none(self) -> Result<(), Fault> {
        self.serialize_unit()
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Fault> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<(), Fault> {
        self.literal("null");
        Ok(())
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Fault> {
        self.serialize_unit()
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Fault> {
        self.text(variant);
        Ok(())
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Fault> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Fault> {
        self.open(None, b'{')?;
        self.text(variant);
        self.out.push(b':');
        value.serialize(&mut *self).map_err(|fault| fault.in_field(variant))?;
        self.close(None, b'}');
        Ok(())
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<List<'w, 'a>, Fault> {
        List::open(self, None)
    }
    fn serialize_tuple(self, _: usize) -> Result<List<'w, 'a>, Fault> {
        List::open(self, None)
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<List<'w, 'a>, Fault> {
        List::open(self, None)
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<List<'w, 'a>, Fault> {
        List::open(self, Some(variant))
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Object<'w, 'a>, Fault> {
        Object::open(self, None)
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Object<'w, 'a>, Fault> {
        Object::open(self, None)
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Object<'w, 'a>, Fault> {
        Object::open(self, Some(variant))
    }
    fn collect_str<T: core::fmt::Display + ?Sized>(self, value: &T) -> Result<(), Fault> {
        self.out.push(b'"');
        write!(Escaping(self.out), "{value}").map_err(|_| Fault::new("its text could not be formatted"))?;
        self.out.push(b'"');
        Ok(())
    }
}

struct List<'w, 'a> {
    writer: &'w mut Writer<'a>,
    variant: Option<&'static str>,
    count: usize,
}

impl<'w, 'a> List<'w, 'a> {
    fn open(writer: &'w mut Writer<'a>, variant: Option<&'static str>) -> Result<Self, Fault> {
        writer.open(variant, b'[')?;
        Ok(Self {
            writer,
            variant,
            count: 0,
        })
    }

    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        if self.count > 0 {
            self.writer.out.push(b',');
        }
        let written = value.serialize(&mut *self.writer);
        written.map_err(|fault| fault.within(Part::Index(self.count), self.variant))?;
        self.count += 1;
        Ok(())
    }
}

macro_rules! list_impl {
    ($($of:ident :: $method:ident),*) => {$(
        impl ser::$of for List<'_, '_> {
            type Ok = ();
            type Error = Fault;
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
                self.push(value)
            }
            fn end(self) -> Result<(), Fault> {
                self.writer.close(self.variant, b']');
                Ok(())
            }
        }
    )*};
}

list_impl!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field
);

struct Object<'w, 'a> {
    writer: &'w mut Writer<'a>,
    variant: Option<&'static str>,
    /// Its own fields of [`Writer::fields`] begin here.
    first: usize,
    /// One behind its opening brace.
    start: usize,
}

impl<'w, 'a> Object<'w, 'a> {
    fn open(writer: &'w mut Writer<'a>, variant: Option<&'static str>) -> Result<Self, Fault> {
        writer.open(variant, b'{')?;
        let (first, start) = (writer.fields.len(), writer.out.len());
        Ok(Self {
            writer,
            variant,
            first,
            start,
        })
    }

    /// Begins a field: whoever calls this writes its name, then calls [`Self::value`].
    fn begin(&mut self) -> usize {
        if self.writer.out.len() > self.start {
            self.writer.out.push(b',');
        }
        self.writer.out.len()
    }

    /// Writes the value of the field whose name is written.
    fn value<T: Serialize + ?Sized>(&mut self, start: usize, value: &T) -> Result<(), Fault> {
        let name_end = self.writer.out.len();
        self.writer.out.push(b':');
        if let Err(fault) = value.serialize(&mut *self.writer) {
            let name = serde_json::from_slice(&self.writer.out[start..name_end]).unwrap_or_default();
            return Err(fault.within(Part::Field(name), self.variant));
        }
        let end = self.writer.out.len();
        self.writer.fields.push(Field { start, name_end, end });
        Ok(())
    }

    fn finish(self) -> Result<(), Fault> {
        let sorted = self.writer.sort_fields(self.first, self.start);
        self.writer.fields.truncate(self.first);
        sorted.map_err(|fault| match self.variant {
            Some(variant) => fault.in_field(variant),
            None => fault,
        })?;
        self.writer.close(self.variant, b'}');
        Ok(())
    }
}

impl ser::SerializeMap for Object<'_, '_> {
    type Ok = ();
    type Error = Fault;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Fault> {
        let start = self.begin();
        key.serialize(&mut *self.writer)?;
        let out = &mut self.writer.out;
        match out[start] {
            b'"' => {}
            b'-' | b'0'..=b'9' => {
                out.insert(start, b'"');
                out.push(b'"');
            }
            _ => {
                let other = String::from_utf8_lossy(&out[start..]).into_owned();
                return Err(Fault::new(format!(
                    "{other} is the key of a map: keys are text or integers"
                )));
            }
        }
        self.writer.fields.push(Field {
            start,
            name_end: start,
            end: start,
        });
        Ok(())
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        let key = self.writer.fields.pop().expect("serde gives a key before its value");
        self.value(key.start, value)
    }
    fn end(self) -> Result<(), Fault> {
        self.finish()
    }
}

macro_rules! object_impl {
    ($($of:ident),*) => {$(
        impl ser::$of for Object<'_, '_> {
            type Ok = ();
            type Error = Fault;
            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Fault> {
                let start = self.begin();
                self.writer.text(name);
                self.value(start, value)
            }
            fn end(self) -> Result<(), Fault> {
                self.finish()
            }
        }
    )*};
}

object_impl!(SerializeStruct, SerializeStructVariant);
