/** The order of each group is kept, whatever fails. */
import { describe, expect, it } from "vitest";
import { type BatchedDelivery, DeliveryError } from "../destination.ts";
import { type OrderedGroup, type PieceOutcome, sendInOrder } from "./in-order.ts";

const taken: BatchedDelivery = { response: "taken" };
const later = new DeliveryError("DELIVERY_FAILED", "later");
const never = new DeliveryError("DELIVERY_REJECTED", "never");

/** Sends groups of strings; `judge` says what becomes of a piece. Returns the outcomes and what was sent. */
async function run(
  groups: readonly OrderedGroup<string>[],
  judge: (piece: readonly string[]) => PieceOutcome,
) {
  const rounds: string[][] = [];
  const outcomes = await sendInOrder<string, OrderedGroup<string>>(groups, async (open) => {
    const pieces = open.map(({ pieces: [first = []] }) => first);
    rounds.push(pieces.map((piece) => piece.join()));
    return pieces.map(judge);
  });
  return { rounds, outcomes: Object.fromEntries(outcomes) };
}

const group = (...pieces: string[]): OrderedGroup<string> => ({
  pieces: pieces.map((piece) => piece.split("")),
});
const all = (outcome: BatchedDelivery) => (piece: readonly string[]) => piece.map(() => outcome);

describe("sending in order", () => {
  it("sends the pieces of a group one after the other, and those of all groups side by side", async () => {
    const { rounds, outcomes } = await run([group("ab", "c", "d"), group("x"), group("y", "z")], all(taken));
    expect(rounds).toEqual([["a,b", "x", "y"], ["c", "z"], ["d"]]);
    expect(outcomes).toEqual(Object.fromEntries([..."abcdxyz"].map((item) => [item, taken])));
  });

  it("sends nothing of a group after a piece that failed for now", async () => {
    const { rounds, outcomes } = await run([group("ab", "c", "d"), group("x", "y")], (piece) =>
      all(piece.includes("a") ? later : taken)(piece),
    );
    expect(rounds).toEqual([["a,b", "x"], ["y"]]);
    expect(outcomes).toEqual({ a: later, b: later, c: later, d: later, x: taken, y: taken });
  });

  it("continues after an item that failed for good", async () => {
    const { outcomes } = await run([group("a", "b")], (piece) =>
      all(piece[0] === "a" ? never : taken)(piece),
    );
    expect(outcomes).toEqual({ a: never, b: taken });
  });

  it("stops a group when one item of a piece failed for now", async () => {
    const { outcomes } = await run([group("ab", "c")], () => [taken, later]);
    expect(outcomes).toEqual({ a: taken, b: later, c: later });
  });

  it("finds the one item that is the cause of a refused piece, in order", async () => {
    const { rounds, outcomes } = await run([group("abcde", "f")], (piece) => {
      if (piece.includes("d") && piece.length > 1) return "split";
      return all(piece[0] === "d" ? never : taken)(piece);
    });
    expect(rounds.flat()).toEqual(["a,b,c,d,e", "a,b,c", "d,e", "d", "e", "f"]);
    expect(outcomes).toEqual({ a: taken, b: taken, c: taken, d: never, e: taken, f: taken });
  });

  it("has nothing to do without groups", async () => {
    expect(await run([], all(taken))).toEqual({ rounds: [], outcomes: {} });
  });
});
