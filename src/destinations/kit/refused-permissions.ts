/** Collects the permissions that a target refuses, so that one test of a connection names them all. */
import { DeliveryError } from "../destination.ts";
import { failure } from "./failure.ts";

export class RefusedPermissions {
  readonly #refusals: DeliveryError[] = [];

  /** Does a piece of work. Returns whether it was permitted. @throws every error but a refused permission */
  async permits(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof DeliveryError) || error.code !== "DESTINATION_PERMISSION_MISSING") throw error;
      this.#refusals.push(error);
      return false;
    }
  }

  /** @throws DeliveryError DESTINATION_PERMISSION_MISSING with the reasons of all refusals */
  assertNone(): void {
    const [first, ...others] = this.#refusals;
    if (first === undefined) return;
    if (others.length === 0) throw first;
    const reasons = [...new Set(this.#refusals.map(({ details }) => String(details.reason)))];
    const { status, response: text } = first.receipt;
    throw failure("DESTINATION_PERMISSION_MISSING", reasons.join("; "), {
      cause: first,
      ...(status !== undefined && { status }),
      ...(text !== undefined && { text }),
    });
  }
}
