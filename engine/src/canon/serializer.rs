//! A serde serializer into JSON that refuses what state must not contain, and says where it is.

use serde::ser::{self, Serialize};
use serde_json::{Map, Number, Value};

use crate::ids::MAX_SAFE;

use super::{CanonError, push_field, push_index};

pub(super) fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<Value, CanonError> {
    value.serialize(Canon).map_err(|fault| {
        let mut path = String::new();
        for part in fault.path.iter().rev() {
            match part {
                Part::Field(name) => push_field(&mut path, name),
                Part::Index(index) => push_index(&mut path, *index),
            }
        }
        CanonError {
            path,
            problem: fault.problem,
        }
    })
}

/// An error that collects its path on the way out, innermost part first.
#[derive(Debug)]
struct Fault {
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
        Self {
            path: Vec::new(),
            problem: problem.into(),
        }
    }

    fn in_field(mut self, name: &str) -> Self {
        self.path.push(Part::Field(name.to_owned()));
        self
    }

    fn in_index(mut self, index: usize) -> Self {
        self.path.push(Part::Index(index));
        self
    }
}

impl core::fmt::Display for Fault {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.problem)
    }
}

impl std::error::Error for Fault {}

impl ser::Error for Fault {
    fn custom<T: core::fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }
}

struct Canon;

fn unsigned(number: u64) -> Result<Value, Fault> {
    if number < MAX_SAFE {
        Ok(Value::Number(Number::from(number)))
    } else {
        Err(Fault::new(format!("the integer {number} is not below 2^53")))
    }
}

fn signed(number: i64) -> Result<Value, Fault> {
    if number.unsigned_abs() < MAX_SAFE {
        Ok(Value::Number(Number::from(number)))
    } else {
        Err(Fault::new(format!("the integer {number} is not below 2^53")))
    }
}

fn float<T>(number: f64) -> Result<T, Fault> {
    Err(Fault::new(format!("{number:?} is a float, and state has no floats")))
}

fn variant_object(variant: &str, value: Value) -> Value {
    Value::Object(Map::from_iter([(variant.to_owned(), value)]))
}

impl ser::Serializer for Canon {
    type Ok = Value;
    type Error = Fault;
    type SerializeSeq = List;
    type SerializeTuple = List;
    type SerializeTupleStruct = List;
    type SerializeTupleVariant = List;
    type SerializeMap = Object;
    type SerializeStruct = Object;
    type SerializeStructVariant = Object;

    fn serialize_bool(self, v: bool) -> Result<Value, Fault> {
        Ok(Value::Bool(v))
    }
    fn serialize_i8(self, v: i8) -> Result<Value, Fault> {
        signed(v.into())
    }
    fn serialize_i16(self, v: i16) -> Result<Value, Fault> {
        signed(v.into())
    }
    fn serialize_i32(self, v: i32) -> Result<Value, Fault> {
        signed(v.into())
    }
    fn serialize_i64(self, v: i64) -> Result<Value, Fault> {
        signed(v)
    }
    fn serialize_i128(self, v: i128) -> Result<Value, Fault> {
        i64::try_from(v).map_or_else(
            |_| Err(Fault::new(format!("the integer {v} is not below 2^53"))),
            signed,
        )
    }
    fn serialize_u8(self, v: u8) -> Result<Value, Fault> {
        unsigned(v.into())
    }
    fn serialize_u16(self, v: u16) -> Result<Value, Fault> {
        unsigned(v.into())
    }
    fn serialize_u32(self, v: u32) -> Result<Value, Fault> {
        unsigned(v.into())
    }
    fn serialize_u64(self, v: u64) -> Result<Value, Fault> {
        unsigned(v)
    }
    fn serialize_u128(self, v: u128) -> Result<Value, Fault> {
        u64::try_from(v).map_or_else(
            |_| Err(Fault::new(format!("the integer {v} is not below 2^53"))),
            unsigned,
        )
    }
    fn serialize_f32(self, v: f32) -> Result<Value, Fault> {
        float(v.into())
    }
    fn serialize_f64(self, v: f64) -> Result<Value, Fault> {
        float(v)
    }
    fn serialize_char(self, v: char) -> Result<Value, Fault> {
        Ok(Value::String(v.into()))
    }
    fn serialize_str(self, v: &str) -> Result<Value, Fault> {
        Ok(Value::String(v.to_owned()))
    }
    fn serialize_bytes(self, _: &[u8]) -> Result<Value, Fault> {
        Err(Fault::new("raw bytes: write them as base64 text or as a blob"))
    }
    fn serialize_none(self) -> Result<Value, Fault> {
        Ok(Value::Null)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, Fault> {
        value.serialize(Self)
    }
    fn serialize_unit(self) -> Result<Value, Fault> {
        Ok(Value::Null)
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<Value, Fault> {
        Ok(Value::Null)
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Value, Fault> {
        Ok(Value::String(variant.to_owned()))
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Value, Fault> {
        value.serialize(Self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Value, Fault> {
        let value = value.serialize(Self).map_err(|fault| fault.in_field(variant))?;
        Ok(variant_object(variant, value))
    }
    fn serialize_seq(self, len: Option<usize>) -> Result<List, Fault> {
        Ok(List {
            items: Vec::with_capacity(len.unwrap_or(0).min(4096)),
            variant: None,
        })
    }
    fn serialize_tuple(self, len: usize) -> Result<List, Fault> {
        self.serialize_seq(Some(len))
    }
    fn serialize_tuple_struct(self, _: &'static str, len: usize) -> Result<List, Fault> {
        self.serialize_seq(Some(len))
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<List, Fault> {
        Ok(List {
            items: Vec::with_capacity(len),
            variant: Some(variant),
        })
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Object, Fault> {
        Ok(Object {
            fields: Map::new(),
            key: None,
            variant: None,
        })
    }
    fn serialize_struct(self, _: &'static str, len: usize) -> Result<Object, Fault> {
        self.serialize_map(Some(len))
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Object, Fault> {
        Ok(Object {
            fields: Map::new(),
            key: None,
            variant: Some(variant),
        })
    }
}

struct List {
    items: Vec<Value>,
    variant: Option<&'static str>,
}

impl List {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        let item = value.serialize(Canon).map_err(|fault| {
            let fault = fault.in_index(self.items.len());
            match self.variant {
                Some(variant) => fault.in_field(variant),
                None => fault,
            }
        })?;
        self.items.push(item);
        Ok(())
    }

    fn finish(self) -> Value {
        let list = Value::Array(self.items);
        match self.variant {
            Some(variant) => variant_object(variant, list),
            None => list,
        }
    }
}

macro_rules! list_impl {
    ($($of:ident :: $method:ident),*) => {$(
        impl ser::$of for List {
            type Ok = Value;
            type Error = Fault;
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
                self.push(value)
            }
            fn end(self) -> Result<Value, Fault> {
                Ok(self.finish())
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

struct Object {
    fields: Map<String, Value>,
    key: Option<String>,
    variant: Option<&'static str>,
}

impl Object {
    fn put<T: Serialize + ?Sized>(&mut self, name: String, value: &T) -> Result<(), Fault> {
        let field = value.serialize(Canon).map_err(|fault| {
            let fault = fault.in_field(&name);
            match self.variant {
                Some(variant) => fault.in_field(variant),
                None => fault,
            }
        })?;
        match self.fields.insert(name.clone(), field) {
            None => Ok(()),
            Some(_) => Err(Fault::new("two entries of a map have the same key").in_field(&name)),
        }
    }

    fn finish(self) -> Value {
        let object = Value::Object(self.fields);
        match self.variant {
            Some(variant) => variant_object(variant, object),
            None => object,
        }
    }
}

impl ser::SerializeMap for Object {
    type Ok = Value;
    type Error = Fault;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Fault> {
        self.key = Some(match key.serialize(Canon)? {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            other => {
                return Err(Fault::new(format!(
                    "{other} is the key of a map: keys are text or integers"
                )));
            }
        });
        Ok(())
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        let key = self
            .key
            .take()
            .ok_or_else(|| Fault::new("a map's value came before its key"))?;
        self.put(key, value)
    }
    fn end(self) -> Result<Value, Fault> {
        Ok(self.finish())
    }
}

macro_rules! object_impl {
    ($($of:ident),*) => {$(
        impl ser::$of for Object {
            type Ok = Value;
            type Error = Fault;
            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Fault> {
                self.put(name.to_owned(), value)
            }
            fn end(self) -> Result<Value, Fault> {
                Ok(self.finish())
            }
        }
    )*};
}

object_impl!(SerializeStruct, SerializeStructVariant);
