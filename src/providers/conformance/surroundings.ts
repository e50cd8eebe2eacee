/** What the conformance cases do to their surroundings, each put back afterwards. */
import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";

/** Frozen all the way down: writing to it throws. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

/** Runs with a clock a year ahead: what reads it gives another result. */
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

/** How often signatures were compared in constant time while something ran. */
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
