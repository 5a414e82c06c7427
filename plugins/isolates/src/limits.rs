//! What ends a slice from outside: CPU time, heap, typed arrays. Never an exception that a script could catch: the
//! isolate is terminated, the verdict noted, and the slice counts for nothing.

use std::ffi::c_void;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};

use helios_abi::grant::VerdictReason;

/// Room that V8 gets above the heap's limit, to unwind in.
const HEAP_MARGIN_BYTES: usize = 1 << 30;
/// Smallest heap that an isolate can live in.
pub(crate) const MIN_HEAP_BYTES: u64 = 8 << 20;

/// One isolate's limits and what became of them. Shared with its allocator and with the watchdog.
#[derive(Debug)]
pub(crate) struct Control {
    verdict: AtomicU8,
    /// Bytes of live typed arrays.
    buffer_bytes: AtomicU64,
    buffer_limit_bytes: u64,
    /// The allocator refused memory and V8 has not been given any since.
    refused: AtomicBool,
    handle: std::sync::OnceLock<v8::IsolateHandle>,
}

impl Control {
    pub(crate) fn new(buffer_limit_bytes: u64) -> Arc<Self> {
        Arc::new(Self {
            verdict: AtomicU8::new(0),
            buffer_bytes: AtomicU64::new(0),
            buffer_limit_bytes,
            refused: AtomicBool::new(false),
            handle: std::sync::OnceLock::new(),
        })
    }

    /// Tells it which isolate it governs.
    pub(crate) fn govern(&self, handle: v8::IsolateHandle) {
        let _ = self.handle.set(handle);
    }

    /// Ends the slice under way with this verdict. The first verdict counts.
    pub(crate) fn condemn(&self, reason: VerdictReason) {
        let code = match reason {
            VerdictReason::Watchdog => 1,
            VerdictReason::Heap => 2,
            VerdictReason::ArrayBuffers => 3,
            VerdictReason::Crash => 4,
            VerdictReason::Journal => unreachable!("the kernel's own verdict"),
        };
        let _ = self
            .verdict
            .compare_exchange(0, code, Ordering::SeqCst, Ordering::SeqCst);
        if let Some(handle) = self.handle.get() {
            handle.terminate_execution();
        }
    }

    /// The verdict, if there is one.
    pub(crate) fn verdict(&self) -> Option<VerdictReason> {
        if self.refused.load(Ordering::SeqCst) {
            return Some(VerdictReason::ArrayBuffers);
        }
        match self.verdict.load(Ordering::SeqCst) {
            1 => Some(VerdictReason::Watchdog),
            2 => Some(VerdictReason::Heap),
            3 => Some(VerdictReason::ArrayBuffers),
            4 => Some(VerdictReason::Crash),
            _ => None,
        }
    }

    /// Bytes of live typed arrays.
    pub(crate) fn buffer_bytes(&self) -> u64 {
        self.buffer_bytes.load(Ordering::Relaxed)
    }

    /// Counts an allocation, or refuses it. V8 collects garbage after a refusal and asks again: only a refusal that
    /// nothing follows is a verdict.
    fn take(&self, bytes: usize) -> bool {
        let bytes = bytes as u64;
        let live = self.buffer_bytes.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if live <= self.buffer_limit_bytes {
            if self.refused.swap(false, Ordering::SeqCst)
                && let Some(handle) = self.handle.get()
            {
                handle.cancel_terminate_execution();
            }
            return true;
        }
        self.buffer_bytes.fetch_sub(bytes, Ordering::Relaxed);
        self.refused.store(true, Ordering::SeqCst);
        if let Some(handle) = self.handle.get() {
            handle.terminate_execution();
        }
        false
    }
}

/// Installs the heap's limit callback. `control` must live as long as the isolate.
pub(crate) fn watch_heap(isolate: &mut v8::Isolate, control: &Arc<Control>) {
    let data = Arc::as_ptr(control).cast_mut().cast::<c_void>();
    isolate.add_near_heap_limit_callback(near_heap_limit, data);
}

unsafe extern "C" fn near_heap_limit(data: *mut c_void, current: usize, _initial: usize) -> usize {
    // SAFETY: `watch_heap` was given a control that outlives the isolate: the isolate's allocator holds a reference to
    // it, and V8 drops the allocator last.
    let control = unsafe { &*data.cast::<Control>() };
    control.condemn(VerdictReason::Heap);
    current + HEAP_MARGIN_BYTES
}

/// An allocator of typed arrays that counts.
pub(crate) fn allocator(control: &Arc<Control>) -> v8::UniqueRef<v8::Allocator> {
    static VTABLE: v8::RustAllocatorVtable<Control> = v8::RustAllocatorVtable {
        allocate,
        allocate_uninitialized: allocate,
        free,
        drop: release,
    };
    // SAFETY: the handle is one strong reference, which `release` gives back; the functions expect a `Control`.
    unsafe { v8::new_rust_allocator(Arc::into_raw(Arc::clone(control)), &VTABLE) }
}

unsafe extern "C" fn allocate(control: &Control, len: usize) -> *mut c_void {
    if !control.take(len) {
        return std::ptr::null_mut();
    }
    // SAFETY: `calloc` takes any size; at least one byte is asked for so that null means failure. Memory is zeroed even
    // where V8 does not ask for it: what a script could otherwise see there is not deterministic.
    unsafe { libc::calloc(len.max(1), 1) }
}

unsafe extern "C" fn free(control: &Control, data: *mut c_void, len: usize) {
    control.buffer_bytes.fetch_sub(len as u64, Ordering::Relaxed);
    // SAFETY: V8 gives back what `allocate` returned, once.
    unsafe { libc::free(data) }
}

unsafe extern "C" fn release(control: *const Control) {
    // SAFETY: the reference that `allocator` gave away.
    drop(unsafe { Arc::from_raw(control) });
}
