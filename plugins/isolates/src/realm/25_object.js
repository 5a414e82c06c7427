// `Object`, `Reflect`, `Function` and `Proxy`. How many properties a plain object has cannot be asked without listing
// them, so a list of them is paid by its length once it is there; what has a length is paid before.

const nativeKeys = NativeObject.keys;

/** Charges for going over the properties of `value`, where that has a length; elsewhere the result is paid. */
function chargeIndexed(value) {
  if (typeof value === "string") {
    chargeLength(value.length, 0);
  } else if (isObject(value)) {
    const n = arrayLength(value);
    if (n >= 0) chargeLength(n, 0);
    else if (isTyped(value)) chargeLength(typedLength(value), 0);
  }
}

/** The same for what gives back no list: counts the properties, unless a proxy would notice. */
function chargeProperties(value) {
  if (!isObject(value) || isProxy(value)) return;
  chargeIndexed(value);
  const n = ownKeys(value).length;
  if (n > 15) charge(n);
}

function listMethod(native) {
  const { name } = native;
  return {
    [name](object) {
      if (typeof object === "string" || (isObject(object) && (isArray(object) || isView(object)))) chargeIndexed(object);
      const list = native(object);
      if (list.length > 15) charge(list.length);
      return list;
    },
  }[name];
}

const objectMethods = {};
for (const key of ["keys", "values", "entries", "getOwnPropertyNames", "getOwnPropertySymbols"]) {
  objectMethods[key] = listMethod(NativeObject[key]);
}
for (const key of ["freeze", "seal", "preventExtensions", "isFrozen", "isSealed", "getOwnPropertyDescriptors"]) {
  const native = NativeObject[key];
  objectMethods[key] = {
    [key](object) {
      chargeProperties(object);
      return native(object);
    },
  }[key];
}
const nativeAssign = NativeObject.assign;
const nativeCreate = NativeObject.create;
const nativeDefineProperties = NativeObject.defineProperties;
const nativeFromEntries = NativeObject.fromEntries;
const nativeGroupBy = NativeObject.groupBy;
Object.assign(objectMethods, {
  assign(target, ...sources) {
    for (let i = 0; i < sources.length; i++) {
      const source = sources[i];
      if (typeof source === "string") chargeIndexed(source);
      else chargeProperties(source);
    }
    return apply(nativeAssign, NativeObject, [target, ...sources]);
  },
  create(prototype, properties) {
    if (properties === undefined) return nativeCreate(prototype);
    chargeProperties(properties);
    return nativeCreate(prototype, properties);
  },
  defineProperties(object, properties) {
    chargeProperties(properties);
    return nativeDefineProperties(object, properties);
  },
  fromEntries(entries) {
    return nativeFromEntries(entries === null || entries === undefined ? entries : paidIterable(entries));
  },
  groupBy(items, callback) {
    return nativeGroupBy(items === null || items === undefined ? items : paidIterable(items), callback);
  },
});
replaceMethods(NativeObject, objectMethods);

/** A list of arguments as a real array, paid and bounded. */
function argumentList(list) {
  if (!isObject(list)) return list;
  let n = arrayLength(list);
  if (n < 0) {
    if (!hasPlainLength(list)) return copyArrayLike(list);
    n = toLength(list.length);
  }
  if (n > ARGUMENTS_MAX) refuse(`Too many arguments (more than ${ARGUMENTS_MAX})`);
  if (n > 15) charge(n);
  return list;
}

replaceMethods(Reflect, {
  apply(target, thisArgument, argumentsList) {
    return apply(target, thisArgument, argumentList(argumentsList));
  },
  construct(target, argumentsList, ...newTarget) {
    const list = argumentList(argumentsList);
    return newTarget.length === 0 ? construct(target, list) : construct(target, list, newTarget[0]);
  },
  ownKeys: listMethod(ownKeys),
  preventExtensions: ((native) =>
    ({
      preventExtensions(object) {
        chargeProperties(object);
        return native(object);
      },
    }).preventExtensions)(Reflect.preventExtensions),
});

const nativeApply = Function.prototype.apply;
const functionMethods = {
  apply(thisArgument, argumentsList) {
    if (argumentsList === undefined || argumentsList === null) return callFunction(this, thisArgument);
    if (typeof this !== "function" || !isObject(argumentsList)) {
      return callFunction(nativeApply, this, thisArgument, argumentsList);
    }
    return apply(this, thisArgument, argumentList(argumentsList));
  },
  toString() {
    const name = typeof this === "function" ? weakGet(ours, this) : undefined;
    if (name !== undefined) return `function ${name}() { [native code] }`;
    const printed = nativeText(this);
    charge(printed.length >> 4);
    const written = internal?.functionSource?.(this);
    return written === undefined ? printed : written;
  },
};
replaceMethods(Function.prototype, functionMethods);

/** Traps that are looked up in a handler; whether proxies nest is all that matters here. */
function registerProxy(proxy, target) {
  const depth = (anyProxy ? (weakGet(proxies, target) ?? 0) : 0) + 1;
  if (depth > PROXIES_MAX) refuse("Proxies are nested too deeply");
  anyProxy = true;
  weakSet(proxies, proxy, depth);
  return proxy;
}
/** Most proxies of proxies: each is a native frame of every access. */
const PROXIES_MAX = 64;

const nativeRevocable = NativeProxy.revocable;
replaceConstructor(NativeProxy, function Proxy(target, handler) {
  if (new.target === undefined) needsNew("Proxy");
  return registerProxy(new NativeProxy(target, handler), target);
});
replaceMethods(Proxy, {
  revocable(target, handler) {
    const made = nativeRevocable(target, handler);
    registerProxy(made.proxy, target);
    return made;
  },
});
