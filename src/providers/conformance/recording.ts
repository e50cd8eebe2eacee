/** Cases about the way from bodies to records: parts, the ledger, and records that Terra's models accept. */
import assert from "node:assert/strict";
import {
  asRead,
  complete,
  type DataType,
  hasSummaryId,
  models,
  naturalKey,
  personalSummaryId,
  withSummaryId,
} from "../../models/index.ts";
import { unknownLeaves } from "../ledger-leaves.ts";
import {
  isNamedBy,
  type Normalizer,
  type Part,
  ProviderError,
  type RecordsRef,
  type Resource,
} from "../provider.ts";
import {
  assertSplits,
  ledgerValue,
  type ProviderCase,
  type ProviderSubject,
  partsOfAll,
  resourceOf,
} from "./subject.ts";
import { deepFreeze, inAnotherYear } from "./surroundings.ts";

const strangeBodies: readonly unknown[] = ["text", 42, true, [1], ["text"]];

/** Whether bodies of the resource are values: those of others are files, or there are none. */
const isReadWhole = ({ growing, partsOfFile }: Resource): boolean =>
  growing === undefined && partsOfFile === undefined;

interface RecordOf {
  readonly normalizer: Normalizer;
  readonly type: DataType;
  readonly key: string;
  readonly parts: readonly Part[];
}

/** Returns every record that the fixtures contribute to, with its parts in the normaliser's order. */
function recordsOf(subject: ProviderSubject): RecordOf[] {
  const given = partsOfAll(subject);
  const found = new Map<string, RecordOf>();
  for (const normalizer of subject.provider.normalizers) {
    for (const { type, naturalKey: key, prefix } of given.flatMap((part) => normalizer.affects(part))) {
      if (prefix) continue;
      const refs = normalizer.partsOf(key);
      const parts = refs.flatMap((ref) => given.filter((part) => isNamedBy(ref, part)));
      found.set(`${type} ${key}`, { normalizer, type, key, parts });
    }
  }
  return [...found.values()];
}

/** Returns the natural keys that a part affects: the one that it names, or those that begin with it. */
const keysNamed = (
  { type, naturalKey: named, prefix }: RecordsRef,
  records: readonly RecordOf[],
): string[] =>
  prefix
    ? records.filter((one) => one.type === type && one.key.startsWith(named)).map(({ key }) => key)
    : [named];

/** Returns the record as readers get it; null where the parts make none. */
function whole({ normalizer, parts, key }: RecordOf): unknown {
  const made = normalizer.normalize(parts, key);
  return made === null ? null : asRead(made);
}

const ownIdOf = ({ normalizer: { hasOwnIds, ownIdIn }, key }: RecordOf): string | null =>
  hasOwnIds ? (ownIdIn?.(key) ?? key) : null;

/**
 * Returns the id by which receivers would key a record; undefined where it has none. Of several records with the same
 * own id, the first keeps it.
 */
function idOutside(userId: string, record: RecordOf, taken: ReadonlySet<string>): string | undefined {
  const { type, key } = record;
  const made = whole(record);
  if (made === null) return undefined;
  const personal = personalSummaryId({ userId, type, naturalKey: key });
  const own = ownIdOf(record);
  const given = own !== null && !taken.has(own) ? own : personal;
  const sent = hasSummaryId(type) ? withSummaryId(made, given) : made;
  return (sent as { metadata?: { summary_id?: string } }).metadata?.summary_id;
}

export const recordingCases = {
  "splits its bodies into parts of declared resources": ({ provider, bodies }) => {
    for (const { ref, body } of bodies) assertSplits(provider, { ...ref, body });
  },
  "knows what becomes of every leaf of its bodies": (subject) => {
    for (const part of partsOfAll(subject)) {
      const resource = resourceOf(subject.provider, part);
      const unknown = unknownLeaves(resource.ledger, ledgerValue(resource, part));
      assert.deepEqual(unknown, [], `${part.resource} ${part.key}`);
    }
  },
  "refuses a body of another shape and says where": ({ provider }) => {
    for (const resource of provider.resources.filter(isReadWhole)) {
      for (const body of strangeBodies) {
        assert.throws(
          () => resource.parts("current", body),
          (error) =>
            error instanceof ProviderError &&
            error.code === "PROVIDER_BODY_INVALID" &&
            error.details.resource === resource.name &&
            error.details.issues !== undefined,
          `${resource.name} ${JSON.stringify(body)}`,
        );
      }
    }
  },
  "makes each of its data types, and no other": (subject) => {
    const made = recordsOf(subject).filter((record) => whole(record) !== null);
    assert.deepEqual(new Set(made.map(({ type }) => type)), new Set(subject.provider.dataTypes));
    for (const { normalizer, type } of made) assert.equal(type, normalizer.type);
  },
  "counts a part among the parts of every record it affects": (subject) => {
    const records = recordsOf(subject);
    for (const part of partsOfAll(subject)) {
      for (const normalizer of subject.provider.normalizers) {
        for (const ref of normalizer.affects(part)) {
          for (const naturalKey of keysNamed(ref, records)) {
            const refs = normalizer.partsOf(naturalKey);
            assert(
              refs.some((one) => isNamedBy(one, part)),
              `${part.resource} ${part.key} of ${ref.type}`,
            );
          }
        }
      }
    }
  },
  "names the resources that its records need": (subject) => {
    const { provider, bodies } = subject;
    for (const { needs } of provider.normalizers) {
      for (const resource of needs) resourceOf(provider, { resource, key: "" });
    }
    const records = recordsOf(subject);
    for (const { ref, body } of bodies) {
      const parts = resourceOf(provider, ref).parts(ref.key, body);
      for (const { normalizer, type, key } of records) {
        const isPartOfIt = parts.some((part) => normalizer.partsOf(key).some((one) => isNamedBy(one, part)));
        if (isPartOfIt) assert(normalizer.needs.includes(ref.resource), `${type} needs ${ref.resource}`);
      }
    }
  },
  "makes whole records that Terra's models accept": (subject) => {
    for (const record of recordsOf(subject)) {
      const made = whole(record);
      if (made === null) continue;
      const valid = models[record.type].parse(made);
      assert.deepEqual(made, complete<DataType>(record.type, valid));
    }
  },
  "makes records of the natural key it promised": (subject) => {
    for (const record of recordsOf(subject)) {
      const made = whole(record);
      if (made !== null) assert.equal(naturalKey<DataType>(record.type, made as never), record.key);
    }
  },
  "lets two people with the same bodies never share an id": (subject) => {
    const taken = new Set<string>();
    for (const userId of ["one person", "another"]) {
      for (const record of recordsOf(subject)) {
        const id = idOutside(userId, record, taken);
        if (id === undefined) continue;
        assert(!taken.has(id), `${record.type} ${record.key}: ${id}`);
        taken.add(id);
      }
    }
  },
  "calls no date an id of its own": (subject) => {
    for (const record of recordsOf(subject)) {
      const own = ownIdOf(record);
      if (own !== null) assert.doesNotMatch(own, /^\d{4}-\d{2}-\d{2}/, `${record.type} ${own}`);
    }
  },
  "makes the same bytes of the same parts, at any time": (subject) => {
    for (const record of recordsOf(subject)) {
      const first = JSON.stringify(whole(record));
      assert.equal(JSON.stringify(whole(record)), first);
      assert.equal(JSON.stringify(inAnotherYear(() => whole(record))), first);
    }
  },
  "changes nothing it is given": (subject) => {
    const { provider, bodies } = subject;
    const frozen = { ...subject, bodies: deepFreeze(structuredClone(bodies)), provider };
    for (const record of recordsOf(frozen)) whole({ ...record, parts: deepFreeze(record.parts) });
  },
  "makes a valid record or none when a part is missing": (subject) => {
    for (const { normalizer, type, parts, key } of recordsOf(subject)) {
      assert.equal(normalizer.normalize([], key), null);
      for (const missing of parts) {
        const left = parts.filter((part) => part !== missing);
        const made = whole({ normalizer, type, parts: left, key });
        if (made !== null) models[type].parse(made);
      }
    }
  },
} as const satisfies Record<string, ProviderCase>;
