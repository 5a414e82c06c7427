// Explicit resource management: the stacks of resources, what `using` declarations compile to, and iterators that can be
// disposed of.

const { dispose: DISPOSE, asyncDispose: ASYNC_DISPOSE } = Symbol;

/** What V8 says when an error comes up while another one is on its way. */
const SUPPRESSED = "An error was suppressed during disposal";

/** Calls a method whose result nobody waits for, as something to wait for: what it throws comes a step later. */
async function settleLater(method, value) {
  callFunction(method, value);
}

/** A list with one resource more, the last first. `waits` is whether its disposal is waited for. */
function withResource(top, value, waits) {
  charge(4);
  if (value === undefined || value === null) {
    return waits ? { __proto__: null, value, method: undefined, waits, next: top } : top;
  }
  if (!isObject(value)) throw new TypeError("What is disposed of must be an object, null or undefined");
  let method = waits ? methodOf(value, ASYNC_DISPOSE) : undefined;
  if (method === undefined) {
    const plain = methodOf(value, DISPOSE);
    if (plain === undefined) {
      throw new TypeError(`The object has no method ${waits ? "Symbol.asyncDispose or Symbol.dispose" : "Symbol.dispose"}`);
    }
    method = waits ? () => settleLater(plain, value) : plain;
  }
  return { __proto__: null, value, method, waits, next: top };
}

function withCallback(top, value, method, waits) {
  charge(4);
  return { __proto__: null, value, method, waits, next: top };
}

function suppress(error, suppressed) {
  return construct(SuppressedErrorWrapper, [error, suppressed, SUPPRESSED]);
}

/** Disposes of a list, none of which is waited for; throws what came up, or what was on its way. */
function disposeNow(top, failed, error) {
  for (let at = top; at !== undefined; at = at.next) {
    charge(4);
    try {
      callFunction(at.method, at.value);
    } catch (thrown) {
      error = failed ? suppress(thrown, error) : thrown;
      failed = true;
    }
  }
  if (failed) throw error;
}

/** The same where some are waited for. */
async function disposeLater(top, failed, error) {
  let needed = false;
  let waited = false;
  for (let at = top; at !== undefined; at = at.next) {
    charge(8);
    if (!at.waits && needed && !waited) {
      await undefined;
      needed = false;
    }
    if (at.method === undefined) {
      needed = true;
      continue;
    }
    try {
      const result = callFunction(at.method, at.value);
      if (at.waits) {
        waited = true;
        await result;
      }
    } catch (thrown) {
      error = failed ? suppress(thrown, error) : thrown;
      failed = true;
    }
  }
  if (needed && !waited) await undefined;
  if (failed) throw error;
}

/** What the `using` declarations of a block take in. The compiler writes the calls; no program gets hold of one. */
class Resources {
  #top = undefined;
  #waits = false;
  #failed = false;
  #error = undefined;

  /** `using x = value`. */
  u(value) {
    this.#top = withResource(this.#top, value, false);
    return value;
  }
  /** `await using x = value`. */
  a(value) {
    this.#top = withResource(this.#top, value, true);
    this.#waits = true;
    return value;
  }
  /** The block ended with an error. */
  set e(error) {
    this.#failed = true;
    this.#error = error;
  }
  /** The block ends. */
  d() {
    const top = this.#top;
    if (!this.#waits) return disposeNow(top, this.#failed, this.#error);
    if (this.#failed || top.next !== undefined) return disposeLater(top, this.#failed, this.#error);
    // One alone, and nothing to combine its error with: the block itself waits for it, and no step longer.
    charge(8);
    return top.method === undefined ? undefined : callFunction(top.method, top.value);
  }
}

/** Both kinds of stack: what they hold, by the object. */
const syncStacks = new NativeWeakMap();
const asyncStacks = new NativeWeakMap();

/** What a stack holds. */
function heldBy(stacks, stack, name, method) {
  const held = weakGet(stacks, stack);
  if (held === undefined) throw new TypeError(`Method ${name}.prototype.${method} called on something else`);
  return held;
}

/** The same, where it must not have been disposed of. */
function openHeld(stacks, stack, name, method) {
  const held = heldBy(stacks, stack, name, method);
  if (held.disposed) throw new ReferenceError(`The ${name} has been disposed of`);
  return held;
}

/** Takes everything out of a stack, which is over. */
function takeAll(held) {
  const { top } = held;
  held.top = undefined;
  held.disposed = true;
  return top;
}

/** Makes the constructor of a kind of stack. */
function installStack(name, stacks, waits) {
  const Stack = disguise(
    {
      [name]: function () {
        if (new.target === undefined) needsNew(name);
        const stack = construct(NativeObject, [], new.target);
        weakSet(stacks, stack, { __proto__: null, top: undefined, disposed: false });
        return stack;
      },
    }[name],
    name,
  );
  const prototype = createObject(NativeObject.prototype);
  fixProperty(Stack, "prototype", prototype);
  hide(prototype, "constructor", Stack);
  addMethods(prototype, {
    use(value) {
      const held = openHeld(stacks, this, name, "use");
      held.top = withResource(held.top, value, waits);
      return value;
    },
    adopt(value, onDispose) {
      const held = openHeld(stacks, this, name, "adopt");
      needsFunction(onDispose);
      held.top = withCallback(held.top, undefined, () => onDispose(value), waits);
      return value;
    },
    defer(onDispose) {
      const held = openHeld(stacks, this, name, "defer");
      needsFunction(onDispose);
      held.top = withCallback(held.top, undefined, onDispose, waits);
    },
    move() {
      const held = openHeld(stacks, this, name, "move");
      const moved = new Stack();
      weakGet(stacks, moved).top = takeAll(held);
      return moved;
    },
  });
  const { get } = getOwnPropertyDescriptor(
    {
      get disposed() {
        return heldBy(stacks, this, name, "disposed").disposed;
      },
    },
    "disposed",
  );
  defineProperty(prototype, "disposed", {
    __proto__: null, get: disguise(get, "get disposed"), set: undefined, enumerable: false, configurable: true,
  });
  defineProperty(prototype, TAG, { __proto__: null, value: name, writable: false, enumerable: false, configurable: true });
  hide(globalThis, name, Stack);
  return prototype;
}

const syncPrototype = installStack("DisposableStack", syncStacks, false);
addMethods(syncPrototype, {
  dispose() {
    const held = heldBy(syncStacks, this, "DisposableStack", "dispose");
    if (!held.disposed) disposeNow(takeAll(held), false);
  },
});
hide(syncPrototype, DISPOSE, syncPrototype.dispose);

const asyncPrototype = installStack("AsyncDisposableStack", asyncStacks, true);
addMethods(asyncPrototype, {
  disposeAsync() {
    let held;
    try {
      held = heldBy(asyncStacks, this, "AsyncDisposableStack", "disposeAsync");
    } catch (error) {
      return disposeLater(undefined, true, error);
    }
    return disposeLater(held.disposed ? undefined : takeAll(held), false);
  },
});
hide(asyncPrototype, ASYNC_DISPOSE, asyncPrototype.disposeAsync);

addMethods(IteratorPrototype, {
  [DISPOSE]() {
    const close = methodOf(this, "return");
    if (close !== undefined) callFunction(close, this);
  },
});
addMethods(getPrototypeOf(getPrototypeOf(async function* () {}).prototype), {
  async [ASYNC_DISPOSE]() {
    const close = methodOf(this, "return");
    if (close !== undefined) await callFunction(close, this, undefined);
  },
});
