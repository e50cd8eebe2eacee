/**
 * The few calls of Firestore's REST API that deliveries need. The vendor's client is not used: it speaks gRPC, whose
 * connections do not take our address look-up and whose calls cannot all be aborted.
 */
import type { GoogleApi } from "../kit/google/api.ts";
import type { Answer } from "../kit/http.ts";
import { refusal, rpcCode, type Status, statusOf } from "./answer.ts";
import type { EncodedFields } from "./values.ts";

/** https://cloud.google.com/firestore/docs/reference/rest/v1/Write */
export interface Write {
  readonly path: string;
  /** The fields' JSON. */
  readonly json: string;
  /** Whether the document must exist, or the time of its last update. */
  readonly condition: { readonly exists: boolean } | { readonly updateTime: string };
}

/** A document that a query found, with the fields that were asked for. */
export interface Found {
  readonly path: string;
  readonly fields: EncodedFields;
  readonly updateTime: string;
}

export interface Query {
  /** The document that the collection is below. */
  readonly parent: string;
  readonly collection: string;
  readonly field: string;
  readonly values: readonly string[];
  readonly select: readonly string[];
}

/** The permission of each call; a batch of writes needs those of its writes. */
export const permissions = {
  create: "datastore.entities.create",
  get: "datastore.entities.get",
  list: "datastore.entities.list",
  update: "datastore.entities.update",
  /** In the format `fhir` alone. */
  delete: "datastore.entities.delete",
} as const;

export class Api {
  readonly #google: GoogleApi;
  /** `projects/…/databases/…/documents` */
  readonly #root: string;

  constructor(google: GoogleApi, root: string) {
    this.#google = google;
    this.#root = root;
  }

  /**
   * Writes each by itself and returns the status of each, or "split" where all were refused and one may be the
   * cause. No two may be of the same document. @throws DeliveryError
   */
  async batchWrite(writes: readonly Write[], signal: AbortSignal): Promise<readonly Status[] | "split"> {
    const answer = await this.#post(":batchWrite", this.#body(writes), signal);
    if (answer.status === 200) return JSON.parse(answer.text).status ?? writes.map(() => ({}));
    const { status, message = "" } = statusOf(answer);
    if (status !== "INVALID_ARGUMENT") throw refusal(answer, permissionOf(writes));
    return writes.length > 1 ? "split" : [{ code: rpcCode.invalidArgument, message }];
  }

  /** Writes all or none, and returns whether their conditions held. @throws DeliveryError */
  async commit(writes: readonly Write[], signal: AbortSignal): Promise<boolean> {
    const answer = await this.#post(":commit", this.#body(writes), signal);
    if (answer.status === 200) return true;
    const { status = "" } = statusOf(answer);
    if (["NOT_FOUND", "ALREADY_EXISTS", "FAILED_PRECONDITION"].includes(status)) return false;
    throw refusal(answer, permissionOf(writes));
  }

  /** Deletes each document that is as it was found, and returns the status of each. @throws DeliveryError */
  async batchDelete(
    documents: readonly Pick<Found, "path" | "updateTime">[],
    signal: AbortSignal,
  ): Promise<readonly Status[]> {
    const writes = documents.map(({ path, updateTime }) => ({
      delete: this.#nameOf(path),
      currentDocument: { updateTime },
    }));
    const answer = await this.#post(":batchWrite", JSON.stringify({ writes }), signal);
    if (answer.status !== 200) throw refusal(answer, permissions.delete);
    return JSON.parse(answer.text).status ?? [];
  }

  /** Tries a deletion that cannot succeed. Returns whether the server deleted it all the same. @throws DeliveryError */
  async deletes(path: string, signal: AbortSignal): Promise<boolean> {
    const write = { delete: this.#nameOf(path), currentDocument: { exists: true } };
    const answer = await this.#post(":commit", JSON.stringify({ writes: [write] }), signal);
    if (answer.status === 200) return true;
    const { status = "" } = statusOf(answer);
    if (["NOT_FOUND", "FAILED_PRECONDITION"].includes(status)) return false;
    throw refusal(answer, permissions.delete);
  }

  /** @throws DeliveryError */
  async get(path: string, signal: AbortSignal): Promise<void> {
    const documents = [this.#nameOf(path)];
    const answer = await this.#post(":batchGet", JSON.stringify({ documents }), signal);
    if (answer.status !== 200) throw refusal(answer, permissions.get);
  }

  /** The documents in which the field is one of the values, of which there may be thirty. @throws DeliveryError */
  async find({ parent, collection, field, values, select }: Query, signal: AbortSignal): Promise<Found[]> {
    const value = { arrayValue: { values: values.map((stringValue) => ({ stringValue })) } };
    const structuredQuery = {
      from: [{ collectionId: collection }],
      where: { fieldFilter: { field: { fieldPath: field }, op: "IN", value } },
      select: { fields: select.map((fieldPath) => ({ fieldPath })) },
    };
    const answer = await this.#post(`/${parent}:runQuery`, JSON.stringify({ structuredQuery }), signal);
    if (answer.status !== 200) throw refusal(answer, permissions.list);
    const answers: { document?: { name: string; fields?: EncodedFields; updateTime: string } }[] = JSON.parse(
      answer.text,
    );
    return answers.flatMap(({ document }) => {
      if (document === undefined) return [];
      const { name, fields = {}, updateTime } = document;
      return [{ path: name.slice(this.#nameOf("").length), fields, updateTime }];
    });
  }

  #nameOf(path: string): string {
    return `${this.#root}/${path}`;
  }

  /** The body's JSON is put together as text, since the fields' JSON exists already. */
  #body(writes: readonly Write[]): string {
    const texts = writes.map(({ path, json, condition }) => {
      const update = `{"name":${JSON.stringify(this.#nameOf(path))},"fields":${json}}`;
      return `{"update":${update},"currentDocument":${JSON.stringify(condition)}}`;
    });
    return `{"writes":[${texts.join(",")}]}`;
  }

  #post(method: string, body: string, signal: AbortSignal): Promise<Answer> {
    const path = `/v1/${this.#root}${method}?prettyPrint=false`;
    return this.#google.send({ method: "POST", path, contentType: "application/json", body }, signal);
  }
}

/** https://cloud.google.com/firestore/docs/security/iam#required_permissions */
export function permissionOf(writes: readonly Pick<Write, "condition">[]): string {
  const creates = writes.some(({ condition }) => "exists" in condition && !condition.exists);
  return creates ? permissions.create : permissions.update;
}
