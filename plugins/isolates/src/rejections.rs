//! Rejections that nobody handles, as V8 tells of them. At the end of a slice's microtasks the library is given what is
//! left, in the order in which it happened; where no listener of the program takes it, the process ends.

use std::collections::BTreeMap;

use crate::state;

/// What the library is told of: triples of a kind and two values, as deliveries are.
pub(crate) const KIND_UNHANDLED: i32 = 4;
/// The same, of a promise that it was told of before.
pub(crate) const KIND_HANDLED: i32 = 5;

/// A promise that was rejected, and why.
pub(crate) struct Rejection {
    kind: i32,
    promise: v8::Global<v8::Promise>,
    reason: v8::Global<v8::Value>,
}

/// Rejections that the library has not been told of.
#[derive(Default)]
pub(crate) struct Rejections {
    /// In the order in which they happened.
    waiting: BTreeMap<u64, Rejection>,
    /// Places in `waiting` by V8's hash of the promise, which reaches nothing else.
    places: BTreeMap<i32, Vec<u64>>,
    next: u64,
}

impl Rejections {
    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    fn add(&mut self, hash: i32, rejection: Rejection) {
        self.places.entry(hash).or_default().push(self.next);
        self.waiting.insert(self.next, rejection);
        self.next += 1;
    }

    /// Forgets a rejection; `false` where the library was told of it already.
    pub(crate) fn forget(&mut self, hash: i32, promise: &v8::Global<v8::Promise>) -> bool {
        let Some(places) = self.places.get_mut(&hash) else {
            return false;
        };
        let same = |place: &u64| {
            let known = self.waiting.get(place);
            known.is_some_and(|known| known.kind == KIND_UNHANDLED && known.promise == *promise)
        };
        let Some(at) = places.iter().position(same) else {
            return false;
        };
        self.waiting.remove(&places.swap_remove(at));
        if places.is_empty() {
            self.places.remove(&hash);
        }
        true
    }

    /// Those that wait, as the library takes them; `None` where there are none.
    pub(crate) fn take<'s>(scope: &mut v8::PinScope<'s, '_>) -> Option<v8::Local<'s, v8::Value>> {
        let waiting = state::with(|state| std::mem::take(&mut state.rejections)).waiting;
        if waiting.is_empty() {
            return None;
        }
        let mut flat: Vec<v8::Local<'s, v8::Value>> = Vec::with_capacity(waiting.len() * 3);
        for rejection in waiting.into_values() {
            flat.push(v8::Integer::new(scope, rejection.kind).into());
            flat.push(v8::Local::new(scope, rejection.promise).into());
            flat.push(v8::Local::new(scope, rejection.reason));
        }
        Some(v8::Array::new_with_elements(scope, &flat).into())
    }
}

/// Remembers promises that are rejected while nobody listens, and forgets those that somebody takes up.
///
/// # Safety
/// V8 calls it with a live message of the isolate entered on this thread.
pub(crate) unsafe extern "C" fn promise_rejected(message: v8::PromiseRejectMessage<'_>) {
    v8::callback_scope!(unsafe scope, &message);
    let promise = message.get_promise();
    let hash = promise.get_identity_hash().get();
    match message.get_event() {
        v8::PromiseRejectEvent::PromiseRejectWithNoHandler => {
            let reason = message.get_value().unwrap_or_else(|| v8::undefined(scope).into());
            note(scope, hash, KIND_UNHANDLED, promise, reason);
        }
        v8::PromiseRejectEvent::PromiseHandlerAddedAfterReject => {
            let known = v8::Global::new(scope, promise);
            if state::try_with(|state| state.rejections.forget(hash, &known)) == Some(false) {
                let reason = promise.result(scope);
                note(scope, hash, KIND_HANDLED, promise, reason);
            }
        }
        _ => {}
    }
}

fn note<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    hash: i32,
    kind: i32,
    promise: v8::Local<'s, v8::Promise>,
    reason: v8::Local<'s, v8::Value>,
) {
    let (promise, reason) = (v8::Global::new(scope, promise), v8::Global::new(scope, reason));
    state::try_with(|state| {
        state.rejections.add(hash, Rejection { kind, promise, reason });
    });
}
