//! The macros that define the ABI's types once: Rust struct, decoder, encoder and TypeScript declaration.

/// Defines a structure of the ABI. Field names are camelCase in programs, as TypeScript spells them.
macro_rules! abi_struct {
    ($(#[doc = $doc:literal])* $name:ident { $($(#[doc = $field_doc:literal])* $field:ident $(as $ts_name:literal)?: $type:ty,)* }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub struct $name { $($(#[doc = $field_doc])* pub $field: $type,)* }

        impl $crate::value::FromValue for $name {
            fn from_value(value: $crate::value::Value) -> Result<Self, $crate::value::DecodeError> {
                let mut map = match value {
                    $crate::value::Value::Map(map) => map,
                    $crate::value::Value::Null => Default::default(),
                    other => return Err($crate::value::DecodeError::new("an object", &other)),
                };
                let decoded = Self {
                    $($field: {
                        let key = $crate::define::field_name!($field $(as $ts_name)?);
                        let value = map.remove(key).unwrap_or_default();
                        $crate::value::FromValue::from_value(value).map_err(|error: $crate::value::DecodeError| error.under(key))?
                    },)*
                };
                match map.pop_first() {
                    None => Ok(decoded),
                    Some((key, value)) => Err($crate::value::DecodeError::new("no such field", &value).under(&key)),
                }
            }
        }

        impl $crate::value::IntoValue for $name {
            fn into_value(self) -> $crate::value::Value {
                let fields: Vec<(String, $crate::value::Value)> = vec![
                    $(($crate::define::field_name!($field $(as $ts_name)?).to_owned(), $crate::value::IntoValue::into_value(self.$field)),)*
                ];
                $crate::value::Value::Map(fields.into_iter().collect())
            }
        }

        impl $crate::value::TsType for $name {
            fn ts() -> String { stringify!($name).into() }
        }

        impl $crate::define::TsStruct for $name {
            const DECLARATION: $crate::define::StructDef = $crate::define::StructDef {
                name: stringify!($name),
                doc: concat!($($doc, "\n",)*),
                fields: &[$($crate::define::FieldDef {
                    name: $crate::define::field_name!($field $(as $ts_name)?),
                    doc: concat!($($field_doc, "\n",)*),
                    ts: <$type as $crate::value::TsType>::ts,
                },)*],
            };
        }
    };
}

macro_rules! field_name {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident as $name:literal) => {
        $name
    };
}

pub(crate) use {abi_struct, field_name};

/// One field of a structure, for the generated declarations.
#[derive(Clone, Copy, Debug)]
pub struct FieldDef {
    /// Its name in programs.
    pub name: &'static str,
    /// Its documentation.
    pub doc: &'static str,
    /// Its TypeScript type.
    pub ts: fn() -> String,
}

/// A structure of the ABI, for the generated declarations.
#[derive(Clone, Copy, Debug)]
pub struct StructDef {
    /// Its name, in Rust and in TypeScript.
    pub name: &'static str,
    /// Its documentation.
    pub doc: &'static str,
    /// Its fields in order.
    pub fields: &'static [FieldDef],
}

/// A type with a TypeScript declaration of its own.
pub trait TsStruct {
    /// The declaration.
    const DECLARATION: StructDef;
}
