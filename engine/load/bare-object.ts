// Objects that hold what a file says and nothing else: no prototype to reach, so `__proto__` and `constructor` are plain keys.
// Made by a class and not by `Object.create(null)`, because V8 keeps those as slow dictionaries.

/** An object whose prototype is empty, frozen and has none itself. */
export class BareObject {
  [key: string]: unknown
}
Reflect.deleteProperty(BareObject.prototype, 'constructor')
Object.setPrototypeOf(BareObject.prototype, null)
Object.freeze(BareObject.prototype)
