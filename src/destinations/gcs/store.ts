/**
 * Google Cloud Storage as an object store, over its JSON API. An object and its metadata are sent in one multipart
 * request, which is stored whole or not at all, on condition of a generation. The vendor's client is not used: its
 * uploads cannot be aborted and do not take our address look-up.
 */
import { randomUUID } from "node:crypto";
import type { GoogleApi } from "../kit/google/api.ts";
import type { Answer, Request } from "../kit/http.ts";
import type { FoundObject, NewObject, ObjectStore, PutCondition } from "../kit/objects/store.ts";
import { isAbsence, refusal } from "./answer.ts";

interface Call {
  readonly method: Request["method"];
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly content?: { readonly type: string; readonly body: Buffer };
}

export function gcsStore(api: GoogleApi, bucket: string): Omit<ObjectStore, "sign" | "close"> {
  const objects = `b/${encodeURIComponent(bucket)}/o`;
  const pathOf = (key: string): string => `/storage/v1/${objects}/${encodeURIComponent(key)}`;
  return {
    async put(object, condition, signal) {
      const path = `/upload/storage/v1/${objects}`;
      const parameters = { uploadType: "multipart", fields: "generation", ...generationOf(condition) };
      const call: Call = { method: "POST", path, parameters, content: multipart(object) };
      const answer = await ask(api, call, signal);
      if (answer.status === 412) return "conflict";
      if (answer.status !== 200) throw refusal(answer, "storage.objects.create");
      return "written";
    },
    async head(key, signal) {
      const parameters = { fields: "generation,metadata" };
      const answer = await ask(api, { method: "GET", path: pathOf(key), parameters }, signal);
      if (isAbsence(answer)) return null;
      if (answer.status !== 200) throw refusal(answer, "storage.objects.get");
      return foundObject(answer);
    },
    async remove(key, signal, version) {
      const parameters = version === undefined ? {} : { ifGenerationMatch: version };
      const answer = await ask(api, { method: "DELETE", path: pathOf(key), parameters }, signal);
      const gone = [200, 204, 412].includes(answer.status) || isAbsence(answer);
      if (!gone) throw refusal(answer, "storage.objects.delete");
    },
  };
}

function ask(api: GoogleApi, call: Call, signal: AbortSignal): Promise<Answer> {
  const { method, path, parameters, content } = call;
  const query = new URLSearchParams({ prettyPrint: "false", ...parameters });
  const body = content && { body: content.body, contentType: content.type };
  return api.send({ method, path: `${path}?${query}`, ...body }, signal);
}

function generationOf(condition: PutCondition): { ifGenerationMatch?: string } {
  if (condition === "always") return {};
  if (condition === "absent") return { ifGenerationMatch: "0" };
  // Generations are microseconds since 1970.
  if (condition === "impossible") return { ifGenerationMatch: "1" };
  return { ifGenerationMatch: condition.over };
}

/** RFC 2387, as in https://cloud.google.com/storage/docs/uploading-objects: first the metadata, then the content. */
function multipart({ key, body, contentType, encoding, metadata }: NewObject): NonNullable<Call["content"]> {
  const resource = { name: key, contentType, ...(encoding && { contentEncoding: encoding }), metadata };
  const boundary = randomUUID();
  const before = [
    `--${boundary}\r\ncontent-type: application/json; charset=UTF-8\r\n\r\n${JSON.stringify(resource)}\r\n`,
    `--${boundary}\r\ncontent-type: ${contentType}\r\n\r\n`,
  ];
  const after = `\r\n--${boundary}--`;
  return {
    type: `multipart/related; boundary=${boundary}`,
    body: Buffer.concat([Buffer.from(before.join("")), body, Buffer.from(after)]),
  };
}

function foundObject({ text }: Answer): FoundObject {
  const { generation, metadata = {} } = JSON.parse(text);
  return { version: String(generation), metadata };
}
