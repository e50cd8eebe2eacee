/** Cases about parts that grow: what bodies say of them, and what is folded from it. */
import assert from "node:assert/strict";
import {
  type GrowingSample,
  type Grown,
  grow,
  inForce,
  nothingGrown,
  type Period,
  type Statement,
} from "../kit/growing/fold.ts";
import type { Part } from "../provider.ts";
import { type ProviderCase, type ProviderSubject, resourceOf } from "./subject.ts";
import { inAnotherYear } from "./surroundings.ts";

interface Said extends Part<Statement<GrowingSample>> {
  /** The index of the body. */
  readonly body: number;
}

const nameOf = ({ resource, key }: Part): string => `${resource} ${key}`;

/** Returns what each example body says of parts that grow. */
const statementsOf = ({ provider, bodies }: ProviderSubject): Said[] =>
  bodies.flatMap(({ ref, body: given }, body) =>
    resourceOf(provider, ref)
      .parts(ref.key, given)
      .filter((part) => resourceOf(provider, part).growing !== undefined)
      .map((part) => ({ ...part, body }) as Said),
  );

/** Folds statements in this order, each with the place of its body, and returns the items in force by part. */
function itemsAfter(statements: readonly Said[]): unknown {
  const grown = new Map<string, Grown<GrowingSample>>();
  for (const said of statements) {
    const state = grown.get(nameOf(said)) ?? nothingGrown;
    grown.set(nameOf(said), grow(state, { ...said.value, order: said.body }));
  }
  return Object.fromEntries([...grown].sort().map(([name, state]) => [name, inForce(state)]));
}

function assertPeriod(period: Period | undefined, what: string): void {
  if (period === undefined) return;
  assert(Number.isFinite(period.fromMs) && Number.isFinite(period.toMs), what);
  assert(period.fromMs < period.toMs, `${what}: from ${period.fromMs} to ${period.toMs}`);
}

function assertSample({ id, identity, startMs }: GrowingSample, what: string): void {
  assert(id === null || (typeof id === "string" && id.length > 0), `${what}: id`);
  assert(typeof identity === "string" && identity.length > 0, `${what}: identity`);
  assert(Number.isFinite(startMs), `${what}: startMs`);
}

export const growingCases = {
  "says of parts that grow what can be folded and stored": (subject) => {
    for (const { value, ...part } of statementsOf(subject)) {
      const what = nameOf({ ...part, value });
      assert(typeof value.format === "string" && value.format.length > 0, `${what}: format`);
      for (const sample of value.samples) assertSample(sample, what);
      assertPeriod(value.replaces, `${what}: replaces`);
      assertPeriod(value.settles, `${what}: settles`);
      assert(value.asOf === undefined || Number.isFinite(value.asOf), `${what}: asOf`);
      assert(
        (value.deleted ?? []).every((id) => typeof id === "string"),
        `${what}: deleted`,
      );
      assert.deepEqual(JSON.parse(JSON.stringify(value)), value, `${what} is plain JSON`);
    }
  },
  "says the same of the same body, at any time": (subject) => {
    const said = statementsOf(subject);
    assert.deepEqual(statementsOf(subject), said);
    assert.deepEqual(
      inAnotherYear(() => statementsOf(subject)),
      said,
    );
  },
  "puts each sample in the one part of its key": (subject) => {
    const places = new Map<string, string>();
    for (const said of statementsOf(subject)) {
      for (const { identity, startMs } of said.value.samples) {
        const sample = `${said.resource} ${identity} ${startMs}`;
        assert.equal(places.get(sample) ?? said.key, said.key, `${sample} is in one part`);
        places.set(sample, said.key);
      }
    }
  },
  "tells different samples of one body apart": (subject) => {
    for (const said of statementsOf(subject)) {
      const texts = new Map<string, string>();
      for (const { id: _, ...sample } of said.value.samples) {
        const text = JSON.stringify(sample);
        assert.equal(texts.get(sample.identity) ?? text, text, `${nameOf(said)}: ${sample.identity}`);
        texts.set(sample.identity, text);
      }
    }
  },
  "grows the same parts when a body comes again": (subject) => {
    const said = statementsOf(subject);
    const last = said.map(({ body }) => body).at(-1);
    const again = statementsOf(subject).filter(({ body }) => body === last);
    assert.deepEqual(itemsAfter([...said, ...again]), itemsAfter(said));
    const later = again.map((one) => ({ ...one, body: subject.bodies.length }));
    assert.deepEqual(itemsAfter([...said, ...later]), itemsAfter(said));
  },
  "grows the same parts whatever order its bodies are folded in": (subject) => {
    const said = statementsOf(subject);
    assert.deepEqual(itemsAfter(said.toReversed()), itemsAfter(said));
  },
  "names companions that grow": (subject) => {
    for (const { value, ...part } of statementsOf(subject)) {
      const { growing } = resourceOf(subject.provider, part);
      const items = inForce(grow(nothingGrown, { ...value, order: 1 }));
      for (const ref of growing?.companions?.({ ...part, value: items }) ?? []) {
        assert(resourceOf(subject.provider, ref).growing, `${ref.resource} grows`);
      }
    }
  },
} as const satisfies Record<string, ProviderCase>;
