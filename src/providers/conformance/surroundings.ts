/** Changes that the cases make to their surroundings. Each is undone afterwards. */
import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";

/** Freezes a value and all it contains: writing to it throws. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

/** Runs something with the clock set a year ahead. Code that reads the clock then gives another result. */
export function inAnotherYear<Result>(run: () => Result): Result {
  const real = globalThis.Date;
  const now = () => real.now() + 365 * 86_400_000;
  globalThis.Date = new Proxy(real, {
    construct: (target, given) => Reflect.construct(target, given.length === 0 ? [now()] : given),
    get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
  });
  try {
    return run();
  } finally {
    globalThis.Date = real;
  }
}

/** Counts the comparisons in constant time while something runs. */
export async function countConstantTimeComparisons(run: () => unknown): Promise<number> {
  const real = crypto.timingSafeEqual;
  let count = 0;
  crypto.timingSafeEqual = (one, other) => {
    count += 1;
    return real(one, other);
  };
  syncBuiltinESMExports();
  try {
    await run();
  } finally {
    crypto.timingSafeEqual = real;
    syncBuiltinESMExports();
  }
  return count;
}
