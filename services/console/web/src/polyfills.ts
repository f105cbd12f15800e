// What Chromium 86 lacks of what we and our libraries call.

function at<T>(this: ArrayLike<T>, index: number): T | undefined {
  const whole = Math.trunc(index) || 0
  return this[whole < 0 ? this.length + whole : whole]
}

function define(owner: object, name: string, value: unknown): void {
  if (!(name in owner)) Object.defineProperty(owner, name, { value, writable: true, configurable: true })
}

/** Good for plain data only (objects, arrays, dates, maps, sets), which is all that is cloned here. */
function clone(value: unknown, seen = new Map<unknown, unknown>()): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (seen.has(value)) return seen.get(value)
  if (value instanceof Date) return new Date(value)
  if (value instanceof Map) return keep(new Map(), (copy) => value.forEach((item, key) => copy.set(clone(key, seen), clone(item, seen))))
  if (value instanceof Set) return keep(new Set(), (copy) => value.forEach((item) => copy.add(clone(item, seen))))
  if (Array.isArray(value)) return keep([] as unknown[], (copy) => value.forEach((item, index) => (copy[index] = clone(item, seen))))
  return keep({} as Record<string, unknown>, (copy) => {
    for (const [key, item] of Object.entries(value)) copy[key] = clone(item, seen)
  })

  function keep<C extends object>(copy: C, fill: (copy: C) => void): C {
    seen.set(value, copy)
    fill(copy)
    return copy
  }
}

define(Array.prototype, 'at', at)
define(String.prototype, 'at', at)
define(Object, 'hasOwn', (owner: object, key: PropertyKey) => Object.prototype.hasOwnProperty.call(owner, key))
define(globalThis, 'structuredClone', (value: unknown) => clone(value))
