/**
 * An index on `systole.identity`, as Firestore has for every field. The emulator reads the whole collection for
 * each value of a query, which would dominate a measurement.
 */
import { Agent } from "undici";
import type { Asked, Given, Interception } from "./server.ts";

interface IndexedWrite {
  readonly update: {
    readonly name: string;
    readonly fields: {
      readonly systole?: { readonly mapValue: { readonly fields: { identity: { stringValue: string } } } };
    };
  };
}

interface IdentityQuery {
  readonly from: readonly [{ readonly collectionId: string }];
  readonly where: {
    readonly fieldFilter: { readonly value: { arrayValue: { values: { stringValue: string }[] } } };
  };
  readonly select: { readonly fields: readonly { readonly fieldPath: string }[] };
}

/** Learns the documents of identities from the writes that pass, and answers queries for them by name. */
export function identityIndex(emulator: string): Interception {
  const agent = new Agent();
  const namesOf = new Map<string, Set<string>>();

  function learn({ update: { name, fields } }: IndexedWrite): void {
    const identity = fields.systole?.mapValue.fields.identity.stringValue;
    if (identity === undefined) return;
    const names = namesOf.get(identity) ?? new Set();
    namesOf.set(identity, names.add(name));
  }

  async function find({ path, body }: Asked): Promise<Given> {
    const { from, where, select } = body.structuredQuery as IdentityQuery;
    const [, root = "", parent = ""] = /^\/v1\/(.*?\/documents)\/(.*):runQuery/.exec(path) ?? [];
    const below = `${root}/${parent}/${from[0].collectionId}/`;
    const asked = where.fieldFilter.value.arrayValue.values.map(({ stringValue }) => stringValue);
    const documents = asked
      .flatMap((identity) => [...(namesOf.get(identity) ?? [])])
      .filter((name) => name.startsWith(below));
    if (documents.length === 0) return found([]);
    const mask = { fieldPaths: select.fields.map(({ fieldPath }) => fieldPath) };
    const answer = await agent.request({
      origin: emulator,
      path: `/v1/${root}:batchGet`,
      method: "POST",
      headers: { authorization: "Bearer owner", "content-type": "application/json" },
      body: JSON.stringify({ documents, mask }),
    });
    const answers = (await answer.body.json()) as { found?: object }[];
    return found(answers.flatMap((each) => each.found ?? []));
  }

  return (asked) => {
    if (asked.call === "runQuery") return find(asked);
    for (const write of (asked.body.writes ?? []) as unknown as IndexedWrite[]) learn(write);
    return null;
  };
}

const found = (documents: readonly object[]): Given => ({
  status: 200,
  body: JSON.stringify([
    ...documents.map((document) => ({ document })),
    { readTime: new Date().toISOString() },
  ]),
});
