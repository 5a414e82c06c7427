//! Values between V8 and the ABI. No script runs on the way: accessors and proxies are refused.

use std::collections::BTreeMap;

use helios_abi::value::{MAX_DEPTH, MAX_WEIGHT_BYTES, Value};

/// Why a JavaScript value cannot cross.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// A `TypeError`.
    Type(String),
    /// A `RangeError`.
    Range(String),
}

impl Refusal {
    fn kind(what: &str) -> Self {
        Self::Type(format!("{what} cannot be passed to the system"))
    }

    /// Throws it as a JavaScript error.
    pub(crate) fn throw(&self, scope: &mut v8::PinScope<'_, '_>) {
        let (Self::Type(text) | Self::Range(text)) = self;
        let Some(message) = v8::String::new(scope, text) else {
            return;
        };
        let error = match self {
            Self::Type(_) => v8::Exception::type_error(scope, message),
            Self::Range(_) => v8::Exception::range_error(scope, message),
        };
        scope.throw_exception(error);
    }
}

/// Reads `value`, within the ABI's bounds of depth and weight.
pub(crate) fn from_v8(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Result<Value, Refusal> {
    from_v8_within(scope, value, MAX_WEIGHT_BYTES)
}

/// The same, of a weight up to `most`.
pub(crate) fn from_v8_within(
    scope: &mut v8::PinScope<'_, '_>,
    value: v8::Local<'_, v8::Value>,
    most: u64,
) -> Result<Value, Refusal> {
    v8::tc_scope!(let scope, scope);
    let result = {
        v8::disallow_javascript_execution_scope!(let scope, scope, v8::OnFailure::ThrowOnFailure);
        Reader { most, left: most }.read(scope, value, 0)
    };
    if scope.has_caught() && !scope.has_terminated() {
        scope.reset();
    }
    result
}

struct Reader {
    most: u64,
    left: u64,
}

impl Reader {
    fn spend(&mut self, weight: u64) -> Result<(), Refusal> {
        self.left = self.left.checked_sub(weight).ok_or_else(|| {
            Refusal::Range(format!(
                "the arguments of one call may weigh {} bytes at most",
                self.most
            ))
        })?;
        Ok(())
    }

    fn read(
        &mut self,
        scope: &mut v8::PinScope<'_, '_>,
        value: v8::Local<'_, v8::Value>,
        depth: usize,
    ) -> Result<Value, Refusal> {
        if depth > MAX_DEPTH {
            return Err(Refusal::Range(format!(
                "arguments may be nested {MAX_DEPTH} deep at most"
            )));
        }
        self.spend(1)?;
        if value.is_null_or_undefined() {
            return Ok(Value::Null);
        }
        if value.is_boolean() {
            return Ok(Value::Bool(value.is_true()));
        }
        if let Ok(number) = v8::Local::<v8::Number>::try_from(value) {
            return integer(number.value()).map(Value::Int);
        }
        if let Ok(text) = v8::Local::<v8::String>::try_from(value) {
            // One unit of text is one to three bytes: refuse what is too long before copying it.
            self.spend(text.length() as u64)?;
            let text = text.to_rust_string_lossy(scope);
            return Ok(Value::Str(text));
        }
        if value.is_proxy() {
            return Err(Refusal::kind("a Proxy"));
        }
        if let Ok(bytes) = v8::Local::<v8::Uint8Array>::try_from(value) {
            self.spend(bytes.byte_length() as u64)?;
            return Ok(Value::Bytes(copy_bytes(bytes.into()).into()));
        }
        if let Ok(array) = v8::Local::<v8::Array>::try_from(value) {
            self.spend(u64::from(array.length()))?;
            self.left += u64::from(array.length());
            let mut items = Vec::with_capacity(array.length().min(4096) as usize);
            for index in 0..array.length() {
                let item = array
                    .get_index(scope, index)
                    .ok_or_else(|| Refusal::kind("an accessor"))?;
                items.push(self.read(scope, item, depth + 1)?);
            }
            return Ok(Value::List(items));
        }
        if value.is_function() {
            return Err(Refusal::kind("a function"));
        }
        if value.is_symbol() {
            return Err(Refusal::kind("a symbol"));
        }
        if value.is_big_int() {
            return Err(Refusal::kind("a bigint"));
        }
        let object = v8::Local::<v8::Object>::try_from(value).map_err(|_| Refusal::kind("this value"))?;
        self.read_object(scope, object, depth)
    }

    fn read_object(
        &mut self,
        scope: &mut v8::PinScope<'_, '_>,
        object: v8::Local<'_, v8::Object>,
        depth: usize,
    ) -> Result<Value, Refusal> {
        if !is_plain(scope, object) {
            let class = object.get_constructor_name().to_rust_string_lossy(scope);
            return Err(Refusal::kind(&format!("an object of class {class}")));
        }
        let arguments = v8::GetPropertyNamesArgsBuilder::new()
            .mode(v8::KeyCollectionMode::OwnOnly)
            .property_filter(v8::PropertyFilter::ONLY_ENUMERABLE | v8::PropertyFilter::SKIP_SYMBOLS)
            .key_conversion(v8::KeyConversionMode::ConvertToString)
            .build();
        let keys = object
            .get_own_property_names(scope, arguments)
            .ok_or_else(|| Refusal::kind("this object"))?;
        let mut map = BTreeMap::new();
        for index in 0..keys.length() {
            let key = keys
                .get_index(scope, index)
                .ok_or_else(|| Refusal::kind("this object"))?;
            let item = object.get(scope, key).ok_or_else(|| Refusal::kind("an accessor"))?;
            if item.is_undefined() {
                continue;
            }
            let key = v8::Local::<v8::String>::try_from(key).map_err(|_| Refusal::kind("this key"))?;
            self.spend(key.length() as u64)?;
            let name = key.to_rust_string_lossy(scope);
            let item = self.read(scope, item, depth + 1)?;
            map.insert(name, item);
        }
        Ok(Value::Map(map))
    }
}

/// Whether an object is `{}`: its prototype is null or has none itself.
fn is_plain(scope: &mut v8::PinScope<'_, '_>, object: v8::Local<'_, v8::Object>) -> bool {
    let Some(prototype) = object.get_prototype(scope) else {
        return false;
    };
    let Ok(prototype) = v8::Local::<v8::Object>::try_from(prototype) else {
        return true;
    };
    !prototype.is_proxy() && prototype.get_prototype(scope).is_some_and(|above| above.is_null())
}

fn integer(number: f64) -> Result<i64, Refusal> {
    const LIMIT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() < LIMIT {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "an integer below 2^53 is exact in both types"
        )]
        return Ok(number as i64);
    }
    Err(Refusal::Type(format!(
        "{number} is not an exact integer and cannot be passed to the system"
    )))
}

/// Copies the bytes that a view shows.
pub(crate) fn copy_bytes(view: v8::Local<'_, v8::ArrayBufferView>) -> Vec<u8> {
    let mut bytes = vec![0; view.byte_length()];
    let copied = view.copy_contents(&mut bytes);
    bytes.truncate(copied);
    bytes
}

/// A `Uint8Array` with its own copy of `bytes`. `None` when the process's quota refuses it.
pub(crate) fn bytes_to_v8<'s>(scope: &mut v8::PinScope<'s, '_>, bytes: &[u8]) -> Option<v8::Local<'s, v8::Value>> {
    let buffer = v8::ArrayBuffer::new(scope, bytes.len());
    if let Some(data) = buffer.data() {
        // SAFETY: `data` is the start of a fresh buffer of `bytes.len()` bytes that nothing else refers to.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), data.as_ptr().cast::<u8>(), bytes.len()) };
    }
    v8::Uint8Array::new(scope, buffer, 0, bytes.len()).map(Into::into)
}

/// Makes the JavaScript value. `None` when V8 refuses (out of quota, or a text too long).
pub(crate) fn to_v8<'s>(scope: &mut v8::PinScope<'s, '_>, value: &Value) -> Option<v8::Local<'s, v8::Value>> {
    Some(match value {
        Value::Null => v8::null(scope).into(),
        Value::Bool(flag) => v8::Boolean::new(scope, *flag).into(),
        Value::Int(int) => number(scope, *int),
        Value::Str(text) => v8::String::new(scope, text)?.into(),
        Value::Bytes(bytes) => bytes_to_v8(scope, bytes)?,
        Value::List(items) => {
            let items = items
                .iter()
                .map(|item| to_v8(scope, item))
                .collect::<Option<Vec<_>>>()?;
            v8::Array::new_with_elements(scope, &items).into()
        }
        Value::Map(map) => {
            let object = v8::Object::new(scope);
            for (key, item) in map {
                let key = v8::String::new(scope, key)?;
                let item = to_v8(scope, item)?;
                object.create_data_property(scope, key.into(), item)?;
            }
            object.into()
        }
    })
}

/// A JavaScript number.
pub(crate) fn number<'s>(scope: &mut v8::PinScope<'s, '_>, int: i64) -> v8::Local<'s, v8::Value> {
    match i32::try_from(int) {
        Ok(small) => v8::Integer::new(scope, small).into(),
        #[expect(clippy::cast_precision_loss, reason = "numbers in the ABI stay under 2^53")]
        Err(_) => v8::Number::new(scope, int as f64).into(),
    }
}
