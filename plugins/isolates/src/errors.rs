//! What people see of an error: its class, its message and where it happened in TypeScript. No script runs to find out.

use crate::state;

/// Longest description, in bytes; longer ones are cut.
const MAX_TEXT_BYTES: usize = 16 << 10;

/// `Error.stack` for an error, from V8's own record of the frames.
pub(crate) fn prepare_stack_trace<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    error: v8::Local<'s, v8::Value>,
    sites: v8::Local<'s, v8::Array>,
) -> v8::Local<'s, v8::Value> {
    let mut text = header(scope, error);
    for index in 0..sites.length() {
        let Some(site) = sites.get_index(scope, index) else {
            continue;
        };
        let Ok(site) = v8::Local::<v8::Object>::try_from(site) else {
            continue;
        };
        if let Some(line) = site_text(scope, site) {
            text.push_str("\n    at ");
            text.push_str(&line);
        }
    }
    cut(&mut text);
    v8::String::new(scope, &text)
        .unwrap_or_else(|| v8::String::empty(scope))
        .into()
}

/// One frame; `None` for the host's own.
fn site_text(scope: &mut v8::PinScope<'_, '_>, site: v8::Local<'_, v8::Object>) -> Option<String> {
    let script = site_call(scope, site, "getScriptNameOrSourceURL")?;
    if !script.is_string() {
        return None;
    }
    let script = script.to_rust_string_lossy(scope);
    if script.starts_with("helios:") {
        return None;
    }
    let line = site_call(scope, site, "getLineNumber")?.uint32_value(scope)?;
    let column = site_call(scope, site, "getColumnNumber")?.uint32_value(scope)?;
    let function = site_call(scope, site, "getFunctionName").filter(|name| name.is_string());
    let function = function
        .map(|name| name.to_rust_string_lossy(scope))
        .unwrap_or_default();
    let is = |scope: &mut v8::PinScope<'_, '_>, question| {
        site_call(scope, site, question).is_some_and(|answer| answer.is_true())
    };
    // As V8 says it itself.
    let how = match (is(scope, "isAsync"), is(scope, "isConstructor")) {
        (true, _) => "async ",
        (false, true) => "new ",
        (false, false) => "",
    };
    Some(frame(&script, line, column, how, &function))
}

fn site_call<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    site: v8::Local<'_, v8::Object>,
    method: &str,
) -> Option<v8::Local<'s, v8::Value>> {
    let key = v8::String::new(scope, method)?;
    let method = v8::Local::<v8::Function>::try_from(site.get(scope, key.into())?).ok()?;
    method.call(scope, site.into(), &[])
}

/// `function (file:line:column)` with the position mapped back to TypeScript.
fn frame(script: &str, line: u32, column: u32, how: &str, function: &str) -> String {
    let map = state::try_with(|state| state.maps.get(script).cloned()).flatten();
    let map = map.or_else(|| crate::library::get(script));
    let place = map.and_then(|compiled| {
        // Code that the transform injected belongs to what stands before it.
        let before = (1..line).rev().map(|line| (line, u32::MAX));
        std::iter::once((line, column))
            .chain(before)
            .find_map(|(line, column)| compiled.map.lookup(line, column))
    });
    let (line, column) = place.unwrap_or((line, column));
    if function.is_empty() {
        format!("{how}{script}:{line}:{column}")
    } else {
        format!("{how}{function} ({script}:{line}:{column})")
    }
}

/// `Name: message`, read without running scripts.
fn header(scope: &mut v8::PinScope<'_, '_>, error: v8::Local<'_, v8::Value>) -> String {
    let Ok(object) = v8::Local::<v8::Object>::try_from(error) else {
        return plain(scope, error);
    };
    let name = quiet_get(scope, object, "name").unwrap_or_else(|| "Error".into());
    let message = quiet_get(scope, object, "message").unwrap_or_default();
    match (name.is_empty(), message.is_empty()) {
        (true, _) => message,
        (false, true) => name,
        (false, false) => format!("{name}: {message}"),
    }
}

/// A text property; `None` where there is none, or where an accessor would have to run.
fn quiet_get(scope: &mut v8::PinScope<'_, '_>, object: v8::Local<'_, v8::Object>, key: &str) -> Option<String> {
    if object.is_proxy() {
        return None;
    }
    v8::tc_scope!(let scope, scope);
    let text = {
        v8::disallow_javascript_execution_scope!(let scope, scope, v8::OnFailure::ThrowOnFailure);
        let key = v8::String::new(scope, key)?;
        let value = object.get(scope, key.into());
        value
            .filter(|value| value.is_string())
            .map(|value| value.to_rust_string_lossy(scope))
    };
    if scope.has_caught() && !scope.has_terminated() {
        scope.reset();
    }
    text
}

/// A thrown value that is no object.
fn plain(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> String {
    if value.is_symbol() {
        return "a symbol".into();
    }
    value.to_rust_string_lossy(scope)
}

/// An uncaught value with its trace, for standard error.
pub(crate) fn describe(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> String {
    let mut text = match v8::Local::<v8::Object>::try_from(value) {
        Ok(object) if value.is_native_error() || quiet_get(scope, object, "stack").is_some() => {
            let head = header(scope, value);
            match stack_of(scope, object) {
                Some(stack) if stack.starts_with(&head) || head.is_empty() => stack,
                Some(stack) => match stack.find("\n    at ") {
                    Some(at) => format!("{head}{}", &stack[at..]),
                    None => head,
                },
                None => head,
            }
        }
        Ok(object) if object.is_function() => "a function".into(),
        Ok(object) => {
            let class = object.get_constructor_name().to_rust_string_lossy(scope);
            match quiet_get(scope, object, "message") {
                Some(message) => format!("{class}: {message}"),
                None => format!("[object {class}]"),
            }
        }
        Err(_) => plain(scope, value),
    };
    cut(&mut text);
    format!("Uncaught {text}")
}

/// `error.stack`, where reading it runs no script of the player's.
fn stack_of(scope: &mut v8::PinScope<'_, '_>, object: v8::Local<'_, v8::Object>) -> Option<String> {
    v8::tc_scope!(let scope, scope);
    let key = v8::String::new(scope, "stack")?;
    if object.is_proxy() {
        return None;
    }
    // V8's own `stack` is an accessor that formats the trace when first read; it calls `prepare_stack_trace` above.
    let value = object.get(scope, key.into());
    let text = value
        .filter(|value| value.is_string())
        .map(|value| value.to_rust_string_lossy(scope));
    if scope.has_caught() && !scope.has_terminated() {
        scope.reset();
    }
    text
}

fn cut(text: &mut String) {
    if text.len() > MAX_TEXT_BYTES {
        let mut end = MAX_TEXT_BYTES;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text.push('…');
    }
}
