//! The closed list of pure intrinsics: functions of their arguments alone, charged by size. Beside them, the gas
//! callback and system calls, the host gives scripts nothing.
//!
//! Each is `(arguments) -> bytes | text | parts | boolean | null`; the prelude charges [`Class`]'s price before the work and
//! [`result_price`] after it. What is wrong with an argument's type is a `TypeError`.

use flate2::read::{DeflateDecoder, DeflateEncoder, MultiGzDecoder, ZlibDecoder, ZlibEncoder};
use std::io::Read as _;

use base64::Engine as _;
use helios_abi::Value;
use helios_compiler::Outline;
use helios_dissect::dissect::filter::Filter;
use helios_dissect::dissect::{dissect, summary};
use helios_dissect::wire::LinkType;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Digest as _;

use crate::convert::{bytes_to_v8, copy_bytes, to_v8};
use crate::modules::throw_type;
use crate::natives::Native;

type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;
type Scope<'a, 's, 'i> = &'a mut v8::PinScope<'s, 'i>;

/// What an intrinsic costs, by the bytes of its arguments. One gas is about 13 ns of a script's time.
#[derive(Clone, Copy)]
enum Class {
    /// A copy: 16 bytes a gas.
    Copy,
    /// A digest or a cipher: 4 bytes a gas.
    Digest,
    /// A parser: a byte a gas, and a base of 40.
    Parse,
    /// Compression: two gas a byte, and a base of 400 for its tables.
    Deflate,
    /// Dissection: three gas a byte, and a base of 800 for the fields that any packet has.
    Dissect,
    /// A filter, compiled for each frame: eight gas a byte of its text, 16 bytes of the frame a gas, and a base of 60.
    Filter,
}

/// `(name, price, function)`.
fn table() -> Vec<(&'static str, Class, v8::FunctionCallback)> {
    use v8::MapFnTo as _;
    vec![
        ("utf8Encode", Class::Copy, utf8_encode.map_fn_to()),
        ("utf8Decode", Class::Copy, utf8_decode.map_fn_to()),
        ("latin1Decode", Class::Copy, latin1_decode.map_fn_to()),
        ("utf16leDecode", Class::Copy, utf16le_decode.map_fn_to()),
        ("base64Encode", Class::Copy, base64_encode.map_fn_to()),
        ("base64Decode", Class::Copy, base64_decode.map_fn_to()),
        ("digest", Class::Digest, digest.map_fn_to()),
        ("hmac", Class::Digest, hmac.map_fn_to()),
        ("chacha", Class::Digest, chacha.map_fn_to()),
        ("urlParse", Class::Parse, url_parse.map_fn_to()),
        ("urlSet", Class::Parse, url_set.map_fn_to()),
        ("deflate", Class::Deflate, deflate.map_fn_to()),
        ("inflate", Class::Digest, inflate.map_fn_to()),
        ("outline", Class::Parse, outline.map_fn_to()),
        ("dissectFrame", Class::Dissect, dissect_frame.map_fn_to()),
        ("frameSummary", Class::Dissect, frame_summary.map_fn_to()),
        ("filterFault", Class::Filter, filter_fault.map_fn_to()),
        ("filterMatches", Class::Filter, filter_matches.map_fn_to()),
    ]
}

/// The functions.
pub(crate) fn functions() -> Vec<Native> {
    table()
        .into_iter()
        .map(|(name, _, function)| (name, function))
        .collect()
}

/// The price of each, a function of the same arguments.
pub(crate) fn prices() -> Vec<Native> {
    use v8::MapFnTo as _;
    let price = |class| match class {
        Class::Copy => price_copy.map_fn_to(),
        Class::Digest => price_digest.map_fn_to(),
        Class::Parse => price_parse.map_fn_to(),
        Class::Deflate => price_deflate.map_fn_to(),
        Class::Dissect => price_dissect.map_fn_to(),
        Class::Filter => price_filter.map_fn_to(),
    };
    table()
        .into_iter()
        .map(|(name, class, _)| (name, price(class)))
        .collect()
}

/// The price of a result: 16 bytes a gas.
pub(crate) fn result_price() -> Vec<Native> {
    use v8::MapFnTo as _;
    vec![("resultPrice", price_copy.map_fn_to())]
}

/// Every callback, for the snapshot's references.
pub(crate) fn list() -> Vec<Native> {
    functions().into_iter().chain(prices()).chain(result_price()).collect()
}

/// Bytes of texts and views among the arguments. A count of bytes to make counts as that many.
fn size(args: &Args<'_>) -> u64 {
    (0..args.length().min(4)).map(|index| size_of(args.get(index))).sum()
}

fn size_of(value: v8::Local<'_, v8::Value>) -> u64 {
    if let Ok(text) = v8::Local::<v8::String>::try_from(value) {
        return text.length() as u64;
    }
    if let Ok(view) = v8::Local::<v8::ArrayBufferView>::try_from(value) {
        return view.byte_length() as u64;
    }
    0
}

#[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^53")]
fn set_price(mut result: Return<'_>, price: u64) {
    result.set_double(price as f64);
}

fn price_copy(_scope: Scope<'_, '_, '_>, args: Args<'_>, result: Return<'_>) {
    set_price(result, 1 + size(&args) / 16);
}

fn price_digest(_scope: Scope<'_, '_, '_>, args: Args<'_>, result: Return<'_>) {
    set_price(result, 16 + size(&args) / 4);
}

fn price_parse(_scope: Scope<'_, '_, '_>, args: Args<'_>, result: Return<'_>) {
    set_price(result, 40 + size(&args));
}

fn price_deflate(_scope: Scope<'_, '_, '_>, args: Args<'_>, result: Return<'_>) {
    set_price(result, 400 + size(&args) * 2);
}

fn price_dissect(_scope: Scope<'_, '_, '_>, args: Args<'_>, result: Return<'_>) {
    set_price(result, 800 + size(&args) * 3);
}

fn price_filter(_scope: Scope<'_, '_, '_>, args: Args<'_>, result: Return<'_>) {
    set_price(result, 60 + size_of(args.get(0)) * 8 + size_of(args.get(1)) / 16);
}

/// A text argument; throws where it is none.
fn text(scope: Scope<'_, '_, '_>, args: &Args<'_>, index: i32) -> Option<String> {
    match v8::Local::<v8::String>::try_from(args.get(index)) {
        Ok(text) => Some(text.to_rust_string_lossy(scope)),
        Err(_) => {
            throw_type(scope, &format!("argument {index} must be a string"));
            None
        }
    }
}

/// A `Uint8Array` argument's bytes; throws where it is none.
fn bytes(scope: Scope<'_, '_, '_>, args: &Args<'_>, index: i32) -> Option<Vec<u8>> {
    match v8::Local::<v8::Uint8Array>::try_from(args.get(index)) {
        Ok(view) => Some(copy_bytes(view.into())),
        Err(_) => {
            throw_type(scope, &format!("argument {index} must be a Uint8Array"));
            None
        }
    }
}

/// A count up to `max`; throws where it is none.
fn count(scope: Scope<'_, '_, '_>, args: &Args<'_>, index: i32, max: u64) -> Option<u64> {
    let number = args
        .get(index)
        .integer_value(scope)
        .and_then(|number| u64::try_from(number).ok());
    let number = number.filter(|number| *number <= max);
    if number.is_none() {
        throw_type(scope, &format!("argument {index} must be a number from 0 to {max}"));
    }
    number
}

fn give_bytes(scope: Scope<'_, '_, '_>, mut result: Return<'_>, bytes: &[u8]) {
    if let Some(value) = bytes_to_v8(scope, bytes) {
        result.set(value);
    }
}

fn give_text(scope: Scope<'_, '_, '_>, mut result: Return<'_>, text: &str) {
    match v8::String::new(scope, text) {
        Some(value) => result.set(value.into()),
        None => throw_type(scope, "the text is too long"),
    }
}

/// `utf8Encode(text)`: lone surrogates become U+FFFD.
fn utf8_encode(scope: Scope<'_, '_, '_>, args: Args<'_>, result: Return<'_>) {
    let Some(text) = text(scope, &args, 0) else { return };
    give_bytes(scope, result, text.as_bytes());
}

/// `utf8Decode(bytes, fatal)`: `null` for ill-formed input when fatal, else U+FFFD for each maximal part.
fn utf8_decode(scope: Scope<'_, '_, '_>, args: Args<'_>, mut result: Return<'_>) {
    let Some(bytes) = bytes(scope, &args, 0) else { return };
    match String::from_utf8(bytes) {
        Ok(text) => give_text(scope, result, &text),
        Err(_) if args.get(1).is_true() => result.set_null(),
        Err(error) => give_text(scope, result, &String::from_utf8_lossy(error.as_bytes())),
    }
}

/// `latin1Decode(bytes)`: windows-1252, which the Encoding standard gives for `latin1`.
fn latin1_decode(scope: Scope<'_, '_, '_>, args: Args<'_>, result: Return<'_>) {
    /// 0x80 to 0x9F of index windows-1252.
    const UPPER: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
    ];
    let Some(bytes) = bytes(scope, &args, 0) else { return };
    let decode = |byte: &u8| match byte {
        0x80..=0x9F => UPPER[usize::from(byte - 0x80)],
        _ => char::from(*byte),
    };
    give_text(scope, result, &bytes.iter().map(decode).collect::<String>());
}

/// `utf16leDecode(bytes, fatal)`.
fn utf16le_decode(scope: Scope<'_, '_, '_>, args: Args<'_>, mut result: Return<'_>) {
    let Some(bytes) = bytes(scope, &args, 0) else { return };
    let fatal = args.get(1).is_true();
    let units: Vec<u16> = bytes
        .chunks_exact(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .collect();
    let odd = bytes.len() % 2 == 1;
    let mut decoded: String = match String::from_utf16(&units) {
        Ok(text) if !(odd && fatal) => text,
        _ if fatal => return result.set_null(),
        _ => String::from_utf16_lossy(&units),
    };
    if odd {
        decoded.push('\u{FFFD}');
    }
    give_text(scope, result, &decoded);
}

/// `base64Encode(bytes)`: padded.
fn base64_encode(scope: Scope<'_, '_, '_>, args: Args<'_>, result: Return<'_>) {
    let Some(bytes) = bytes(scope, &args, 0) else { return };
    give_text(scope, result, &base64::engine::general_purpose::STANDARD.encode(bytes));
}

/// `base64Decode(text)`: the Infra standard's forgiving decoding; `null` for what it refuses.
fn base64_decode(scope: Scope<'_, '_, '_>, args: Args<'_>, mut result: Return<'_>) {
    let Some(text) = text(scope, &args, 0) else { return };
    match forgiving_base64(&text) {
        Some(bytes) => give_bytes(scope, result, &bytes),
        None => result.set_null(),
    }
}

fn forgiving_base64(text: &str) -> Option<Vec<u8>> {
    use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
    const ENGINE: GeneralPurpose = GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_allow_trailing_bits(true)
            .with_decode_padding_mode(DecodePaddingMode::RequireNone),
    );
    let mut digits: Vec<u8> = text.bytes().filter(|byte| !b"\t\n\x0C\r ".contains(byte)).collect();
    if digits.len().is_multiple_of(4) {
        for _ in 0..2 {
            if digits.last() == Some(&b'=') {
                digits.pop();
            }
        }
    }
    ENGINE.decode(digits).ok()
}

/// `digest(name, bytes)`.
fn digest(scope: Scope<'_, '_, '_>, args: Args<'_>, result: Return<'_>) {
    let Some(name) = text(scope, &args, 0) else { return };
    let Some(bytes) = bytes(scope, &args, 1) else { return };
    match digest_of(&name, &bytes) {
        Some(out) => give_bytes(scope, result, &out),
        None => throw_type(scope, &format!("there is no digest {name}")),
    }
}

fn digest_of(name: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    Some(match name {
        "SHA-1" => sha1::Sha1::digest(bytes).to_vec(),
        "SHA-256" => sha2::Sha256::digest(bytes).to_vec(),
        "SHA-384" => sha2::Sha384::digest(bytes).to_vec(),
        "SHA-512" => sha2::Sha512::digest(bytes).to_vec(),
        "MD5" => md5::Md5::digest(bytes).to_vec(),
        _ => return None,
    })
}

/// `hmac(name, key, bytes)`.
fn hmac(scope: Scope<'_, '_, '_>, args: Args<'_>, result: Return<'_>) {
    let Some(name) = text(scope, &args, 0) else { return };
    let Some(key) = bytes(scope, &args, 1) else { return };
    let Some(bytes) = bytes(scope, &args, 2) else { return };
    match hmac_of(&name, &key, &bytes) {
        Some(out) => give_bytes(scope, result, &out),
        None => throw_type(scope, &format!("there is no digest {name}")),
    }
}

fn hmac_of(name: &str, key: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    macro_rules! mac {
        ($digest:ty) => {{
            let mut mac = Hmac::<$digest>::new_from_slice(key).ok()?;
            mac.update(bytes);
            mac.finalize().into_bytes().to_vec()
        }};
    }
    Some(match name {
        "SHA-1" => mac!(sha1::Sha1),
        "SHA-256" => mac!(sha2::Sha256),
        "SHA-384" => mac!(sha2::Sha384),
        "SHA-512" => mac!(sha2::Sha512),
        "MD5" => mac!(md5::Md5),
        _ => return None,
    })
}

/// Most bytes of key stream in one call.
const MAX_STREAM_BYTES: u64 = 1 << 16;

/// `chacha(key, block, n)`: `n` bytes of ChaCha20's key stream from 64-byte block `block`, nonce zero.
fn chacha(scope: Scope<'_, '_, '_>, args: Args<'_>, result: Return<'_>) {
    let Some(key) = bytes(scope, &args, 0) else { return };
    let Ok(key) = <[u8; 32]>::try_from(key) else {
        return throw_type(scope, "a key is 32 bytes");
    };
    let Some(block) = count(scope, &args, 1, 1 << 52) else {
        return;
    };
    let Some(len) = count(scope, &args, 2, MAX_STREAM_BYTES) else {
        return;
    };
    let stream = key_stream(key, block, usize::try_from(len).expect("it is bounded"));
    give_bytes(scope, result, &stream);
}

fn key_stream(key: [u8; 32], block: u64, len: usize) -> Vec<u8> {
    use chacha::rand_core::{Rng as _, SeedableRng as _};
    let mut stream = chacha::ChaCha20Rng::from_seed(key);
    stream.set_word_pos(u128::from(block) * 16);
    let mut out = vec![0; len];
    stream.fill_bytes(&mut out);
    out
}

/// Longest URL.
const MAX_URL_BYTES: usize = 1 << 20;

/// `urlParse(input, base?)`: the URL standard's parts, or `null`.
fn url_parse(scope: Scope<'_, '_, '_>, args: Args<'_>, mut result: Return<'_>) {
    let Some(input) = text(scope, &args, 0) else { return };
    let base = if args.get(1).is_undefined() {
        None
    } else {
        let Some(base) = text(scope, &args, 1) else { return };
        match url::Url::parse(&base) {
            Ok(base) => Some(base),
            Err(_) => return result.set_null(),
        }
    };
    match url::Url::options().base_url(base.as_ref()).parse(&input) {
        Ok(url) if input.len() <= MAX_URL_BYTES => give_parts(scope, result, &url),
        _ => result.set_null(),
    }
}

/// `urlSet(href, part, value)`: the parts after a setter of the URL standard, or `null` when it refuses.
fn url_set(scope: Scope<'_, '_, '_>, args: Args<'_>, mut result: Return<'_>) {
    use url::quirks;
    let Some(href) = text(scope, &args, 0) else { return };
    let Some(part) = text(scope, &args, 1) else { return };
    let Some(value) = text(scope, &args, 2) else { return };
    let Ok(mut url) = url::Url::parse(&href) else {
        return result.set_null();
    };
    let done = match part.as_str() {
        "href" => quirks::set_href(&mut url, &value).map_err(drop),
        "protocol" => quirks::set_protocol(&mut url, &value),
        "username" => quirks::set_username(&mut url, &value),
        "password" => quirks::set_password(&mut url, &value),
        "host" => quirks::set_host(&mut url, &value),
        "hostname" => quirks::set_hostname(&mut url, &value),
        "port" => quirks::set_port(&mut url, &value),
        "pathname" => {
            quirks::set_pathname(&mut url, &value);
            Ok(())
        }
        "search" => {
            quirks::set_search(&mut url, &value);
            Ok(())
        }
        "hash" => {
            quirks::set_hash(&mut url, &value);
            Ok(())
        }
        _ => return throw_type(scope, &format!("a URL has no part {part}")),
    };
    match done {
        Ok(()) => give_parts(scope, result, &url),
        Err(()) => result.set_null(),
    }
}

fn give_parts(scope: Scope<'_, '_, '_>, mut result: Return<'_>, url: &url::Url) {
    use url::quirks;
    let origin = quirks::origin(url);
    let parts = [
        ("href", quirks::href(url)),
        ("protocol", quirks::protocol(url)),
        ("username", quirks::username(url)),
        ("password", quirks::password(url)),
        ("host", quirks::host(url)),
        ("hostname", quirks::hostname(url)),
        ("port", quirks::port(url)),
        ("pathname", quirks::pathname(url)),
        ("search", quirks::search(url)),
        ("hash", quirks::hash(url)),
        ("origin", &origin),
    ];
    let object = v8::Object::new(scope);
    for (name, part) in parts {
        let (Some(key), Some(value)) = (v8::String::new(scope, name), v8::String::new(scope, part)) else {
            return;
        };
        if object.create_data_property(scope, key.into(), value.into()).is_none() {
            return;
        }
    }
    result.set(object.into());
}

/// `deflate(format, bytes)`.
fn deflate(scope: Scope<'_, '_, '_>, args: Args<'_>, result: Return<'_>) {
    let Some(format) = text(scope, &args, 0) else { return };
    let Some(bytes) = bytes(scope, &args, 1) else { return };
    match compress(&format, &bytes) {
        Some(out) => give_bytes(scope, result, &out),
        None => throw_type(scope, &format!("there is no format {format}")),
    }
}

fn compress(format: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    let level = flate2::Compression::new(6);
    let mut out = Vec::new();
    let done = match format {
        // No name, no time, no system: the header is the same everywhere.
        "gzip" => flate2::GzBuilder::new()
            .mtime(0)
            .operating_system(255)
            .read(bytes, level)
            .read_to_end(&mut out),
        "deflate" => ZlibEncoder::new(bytes, level).read_to_end(&mut out),
        "deflate-raw" => DeflateEncoder::new(bytes, level).read_to_end(&mut out),
        _ => return None,
    };
    done.ok().map(|_| out)
}

/// Most bytes that one call inflates to, whatever is asked for.
const MAX_INFLATE_BYTES: u64 = 64 << 20;

/// `inflate(format, bytes, maxBytes)`: the bytes, or a text that says what is wrong.
fn inflate(scope: Scope<'_, '_, '_>, args: Args<'_>, result: Return<'_>) {
    let Some(format) = text(scope, &args, 0) else { return };
    let Some(bytes) = bytes(scope, &args, 1) else { return };
    let Some(max) = count(scope, &args, 2, MAX_INFLATE_BYTES) else {
        return;
    };
    match decompress(&format, &bytes, max) {
        Ok(out) => give_bytes(scope, result, &out),
        Err(error) => give_text(scope, result, &error),
    }
}

fn decompress(format: &str, bytes: &[u8], max: u64) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let mut left = bytes;
    let done = match format {
        "gzip" => MultiGzDecoder::new(bytes).take(max + 1).read_to_end(&mut out),
        "deflate" => whole(ZlibDecoder::new(&mut left), max, &mut out),
        "deflate-raw" => whole(DeflateDecoder::new(&mut left), max, &mut out),
        _ => return Err(format!("there is no format {format}")),
    };
    match done {
        Err(error) => Err(format!("the data is not {format}: {error}")),
        Ok(_) if out.len() as u64 > max => Err(format!("the data inflates to more than {max} bytes")),
        Ok(_) => Ok(out),
    }
}

fn whole(reader: impl std::io::Read, max: u64, out: &mut Vec<u8>) -> std::io::Result<usize> {
    reader.take(max + 1).read_to_end(out)
}

/// `outline(source, name)`: the statements of a TypeScript source, `[{kind, start, end, names}]`; for one that does not
/// parse `{incomplete, message}`.
fn outline(scope: Scope<'_, '_, '_>, args: Args<'_>, mut result: Return<'_>) {
    let Some(source) = text(scope, &args, 0) else { return };
    let Some(name) = text(scope, &args, 1) else { return };
    if let Some(value) = to_v8(scope, &outline_of(&source, &name)) {
        result.set(value);
    }
}

fn outline_of(source: &str, name: &str) -> Value {
    let map = |fields: Vec<(&str, Value)>| {
        Value::Map(fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    };
    match helios_compiler::outline(source, name) {
        Outline::Whole(statements) => {
            let statements = statements.into_iter().map(|it| {
                map(vec![
                    ("kind", Value::Str(it.kind.to_owned())),
                    ("start", Value::Int(it.start.into())),
                    ("end", Value::Int(it.end.into())),
                    ("names", Value::List(it.names.into_iter().map(Value::Str).collect())),
                ])
            });
            Value::List(statements.collect())
        }
        Outline::Broken { incomplete, message } => map(vec![
            ("incomplete", Value::Bool(incomplete)),
            ("message", Value::Str(message)),
        ]),
    }
}

/// Longest frame that is dissected or matched: the largest datagram and what links put around it.
const MAX_FRAME_BYTES: usize = 1 << 17;

/// A frame argument's bytes; throws where it is none, or too long.
fn frame(scope: Scope<'_, '_, '_>, args: &Args<'_>, index: i32) -> Option<Vec<u8>> {
    let frame = bytes(scope, args, index)?;
    if frame.len() > MAX_FRAME_BYTES {
        throw_type(scope, &format!("a frame has at most {MAX_FRAME_BYTES} bytes"));
        return None;
    }
    Some(frame)
}

/// The number of a kind of link, as captures have it.
fn link_type(scope: Scope<'_, '_, '_>, args: &Args<'_>, index: i32) -> Option<LinkType> {
    let number = count(scope, args, index, u16::MAX.into())?;
    Some(LinkType(number as u16))
}

/// `dissectFrame(bytes, linkType)`: its layers, as JSON.
fn dissect_frame(scope: Scope<'_, '_, '_>, args: Args<'_>, result: Return<'_>) {
    let Some(frame) = frame(scope, &args, 0) else { return };
    let Some(link_type) = link_type(scope, &args, 1) else {
        return;
    };
    give_text(scope, result, &layers_of(link_type, &frame));
}

fn layers_of(link_type: LinkType, frame: &[u8]) -> String {
    serde_json::to_string(&dissect(link_type, frame)).expect("layers are JSON")
}

/// `frameSummary(bytes, linkType)`: it in a line.
fn frame_summary(scope: Scope<'_, '_, '_>, args: Args<'_>, result: Return<'_>) {
    let Some(frame) = frame(scope, &args, 0) else { return };
    let Some(link_type) = link_type(scope, &args, 1) else {
        return;
    };
    give_text(scope, result, summary(&dissect(link_type, &frame)));
}

/// `filterFault(text)`: what is wrong with a filter, `{column, message}`; `null` where nothing is.
fn filter_fault(scope: Scope<'_, '_, '_>, args: Args<'_>, mut result: Return<'_>) {
    let Some(text) = text(scope, &args, 0) else { return };
    let Err(error) = Filter::compile(&text) else {
        return result.set_null();
    };
    let fault = Value::Map(
        [
            ("column".to_owned(), Value::Int(error.column.into())),
            ("message".to_owned(), Value::Str(error.message)),
        ]
        .into(),
    );
    if let Some(value) = to_v8(scope, &fault) {
        result.set(value);
    }
}

/// `filterMatches(text, bytes, wireLen)`: whether a filter takes a frame, of which so many bytes were on the link.
fn filter_matches(scope: Scope<'_, '_, '_>, args: Args<'_>, mut result: Return<'_>) {
    let Some(text) = text(scope, &args, 0) else { return };
    let Some(frame) = frame(scope, &args, 1) else { return };
    let Some(wire_len) = count(scope, &args, 2, u32::MAX.into()) else {
        return;
    };
    match Filter::compile(&text) {
        Ok(filter) => result.set_bool(filter.matches(&frame, wire_len as u32)),
        Err(error) => throw_type(scope, &error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_stream_is_rfc_8439s() {
        // RFC 8439, appendix A.1, test vectors 1 and 2: key and nonce zero, blocks 0 and 1.
        let stream = key_stream([0; 32], 0, 128);
        assert_eq!(hex::encode(&stream[..8]), "76b8e0ada0f13d90");
        assert_eq!(hex::encode(&stream[64..72]), "9f07e7be5551387a");
        assert_eq!(key_stream([0; 32], 1, 64), stream[64..]);
    }

    #[test]
    fn base64_forgives_what_infra_says() {
        assert_eq!(forgiving_base64(" YW\tJj\n").unwrap(), b"abc");
        assert_eq!(forgiving_base64("YQ").unwrap(), b"a");
        assert_eq!(forgiving_base64("YQ==").unwrap(), b"a");
        assert_eq!(forgiving_base64("YR==").unwrap(), b"a");
        for refused in ["YQ=", "Y", "Y===", "YQ==YQ==", "ab-_"] {
            assert_eq!(forgiving_base64(refused), None, "{refused}");
        }
    }

    #[test]
    fn compression_goes_there_and_back() {
        let data: Vec<u8> = (0..10_000u32).map(|n| (n % 7) as u8).collect();
        for format in ["gzip", "deflate", "deflate-raw"] {
            let packed = compress(format, &data).unwrap();
            assert!(packed.len() < 200, "{format}");
            assert_eq!(decompress(format, &packed, 10_000).unwrap(), data);
            assert!(
                decompress(format, &packed, 9_999)
                    .unwrap_err()
                    .contains("more than 9999")
            );
            assert!(
                decompress(format, &packed[..packed.len() - 3], 10_000).is_err(),
                "{format} cut short"
            );
        }
        assert_eq!(compress("zip", &data), None);
    }

    #[test]
    fn layers_are_json() {
        // An ARP request.
        let frame = hex::decode("ffffffffffff020000000001080600010800060400010200000000010a0000010000000000000a000002");
        let layers = layers_of(LinkType::ETHERNET, &frame.unwrap());
        let layers: serde_json::Value = serde_json::from_str(&layers).unwrap();
        assert_eq!(layers[0]["protocol"], "eth");
        assert_eq!(
            layers[1]["summary"],
            "ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 28"
        );
    }

    #[test]
    fn digests_match_published_values() {
        let hexed = |name: &str| hex::encode(digest_of(name, b"abc").unwrap());
        assert_eq!(hexed("MD5"), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(hexed("SHA-1"), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(
            hexed("SHA-256"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        // RFC 4231, test case 2.
        let mac = hmac_of("SHA-256", b"Jefe", b"what do ya want for nothing?").unwrap();
        assert_eq!(
            hex::encode(mac),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
