/**
 * Azure Blob Storage as an object store, over its REST API. A blob and its metadata are sent in one request
 * (Put Blob), which is stored whole or not at all, on condition of an ETag. With a SAS nothing has to be signed, so
 * that plain requests do what the vendor's client would.
 */
import type { Answer, GuardedHttp, Request } from "../kit/http.ts";
import type { FoundObject, NewObject, ObjectStore, PutCondition } from "../kit/objects/store.ts";
import { errorCode, refusal } from "./answer.ts";
import type { Sas } from "./sas.ts";

/** An old version, which Azure Stack and Azurite know as well. */
const apiVersion = "2021-12-02";
const metadataPrefix = "x-ms-meta-";
/** Other answers of 409 and 412 are about leases, legal holds and types of blobs. */
const conflicts = new Set(["BlobAlreadyExists", "ConditionNotMet", "TargetConditionNotMet"]);

interface Asked extends Pick<Request, "method" | "body"> {
  readonly headers?: Request["headers"];
  /** A part of the blob, e.g. its metadata. */
  readonly component?: string;
}

export type Ask = (key: string, asked: Asked, signal: AbortSignal) => Promise<Answer>;

export function asker(http: GuardedHttp, { container, query }: Sas): Ask {
  return (key, { component, headers, ...request }, signal) => {
    const name = key.split("/").map(encodeURIComponent).join("/");
    const part = component === undefined ? "" : `&comp=${component}`;
    const url = new URL(`${container.href}/${name}${query}${part}`);
    return http.send({ ...request, url, headers: { "x-ms-version": apiVersion, ...headers } }, signal);
  };
}

export function azureStore(ask: Ask, sas: Sas): Omit<ObjectStore, "close"> {
  return {
    async put(object, condition, signal) {
      const headers = { ...headersOf(object), ...conditionOf(condition) };
      const answer = await ask(object.key, { method: "PUT", headers, body: object.body }, signal);
      if (answer.status === 201) return "written";
      if (conflicts.has(errorCode(answer))) return "conflict";
      throw refusal(answer, "w (write)", sas);
    },
    async head(key, signal) {
      const answer = await ask(key, { method: "HEAD" }, signal);
      if (answer.status === 404) return null;
      if (answer.status !== 200) throw refusal(answer, "r (read)", sas);
      return foundBlob(answer);
    },
    async remove(key, signal, version) {
      const headers = version === undefined ? {} : conditionOf({ over: version });
      const answer = await ask(key, { method: "DELETE", headers }, signal);
      const isGone = answer.status === 202 || answer.status === 404 || conflicts.has(errorCode(answer));
      if (!isGone) throw refusal(answer, "d (delete)", sas);
    },
  };
}

/** Azure wants C# identifiers as names of metadata, and ASCII values; an object's always are. */
function headersOf({ contentType, encoding, metadata }: NewObject): Record<string, string> {
  const named = Object.entries(metadata).map(([name, value]) => [`${metadataPrefix}${name}`, value]);
  return {
    "x-ms-blob-type": "BlockBlob",
    "x-ms-blob-content-type": contentType,
    ...(encoding !== null && { "x-ms-blob-content-encoding": encoding }),
    ...Object.fromEntries(named),
  };
}

function conditionOf(condition: PutCondition): Record<string, string> {
  if (condition === "always") return {};
  if (condition === "absent") return { "if-none-match": "*" };
  return { "if-match": condition === "impossible" ? '"0x0"' : condition.over };
}

function foundBlob({ headers }: Answer): FoundObject {
  const metadata = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith(metadataPrefix) ? [[name.slice(metadataPrefix.length), String(value)]] : [],
  );
  return { version: String(headers.etag), metadata: Object.fromEntries(metadata) };
}
