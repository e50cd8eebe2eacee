/** The bucket: it is made when it is missing, and tells how large an object may be. */
import { z } from "zod";
import { DeliveryError } from "../destination.ts";
import type { Answer } from "../kit/http.ts";
import { type Http, isGood, type Request, read } from "./http.ts";
import { storageRefusal, told } from "./refusal.ts";

/** The largest upload that Supabase takes in one piece, for buckets without a limit. */
const usualBytes = 50 * 1_024 * 1_024;
/** The limit may be changed, so that it is asked for again after this time. */
const knownForMs = 60_000;
/** Names in one request to delete; the server's own limit is 1,000. */
const mostNames = 500;

const bucketAnswer = z.object({ public: z.boolean(), file_size_limit: z.number().nullish() });
const objectAnswer = z.object({ Key: z.string() });
const signedAnswer = z.object({ signedURL: z.string() });

export interface BucketFacts {
  /** The size of the largest object it takes. */
  readonly mostBytes: number;
  /** Whether anybody can read an object by its name. */
  readonly isPublic: boolean;
}

export class Bucket {
  readonly #http: Http;
  readonly #name: string;
  #known = { bytes: 0, until: 0 };

  constructor(http: Http, name: string) {
    this.#http = http;
    this.#name = name;
  }

  /**
   * The size of the largest object it takes. A missing bucket is made. Where we may neither see nor make it, the
   * first object that is put shows whether it exists. @throws DeliveryError
   */
  async mostBytes(signal: AbortSignal): Promise<number> {
    if (this.#known.until > performance.now()) return this.#known.bytes;
    const facts = await this.facts(signal);
    if (facts === null) await this.create(signal).catch(unlessDenied);
    const bytes = facts?.mostBytes ?? usualBytes;
    this.#known = { bytes, until: performance.now() + knownForMs };
    return bytes;
  }

  /** Forgets what is known of the bucket, so that it is asked again. */
  forget(): void {
    this.#known = { bytes: 0, until: 0 };
  }

  /** Null where there is no such bucket, or none that we may see. @throws DeliveryError */
  async facts(signal: AbortSignal): Promise<BucketFacts | null> {
    const answer = await this.#ask(`/bucket/${this.#name}`, { method: "GET" }, signal);
    if (told(answer).code === "NoSuchBucket") return null;
    const bucket = read(done(answer, "SELECT on storage.buckets"), bucketAnswer);
    const limit = bucket.file_size_limit ?? usualBytes;
    return { mostBytes: Math.min(limit, usualBytes), isPublic: bucket.public };
  }

  /** Makes the bucket; returns false when it exists already. @throws DeliveryError */
  async create(signal: AbortSignal): Promise<boolean> {
    const given = { id: this.#name, name: this.#name, public: false };
    const answer = await this.#ask("/bucket", json("POST", given), signal);
    if (/AlreadyExists$/.test(told(answer).code ?? "")) return false;
    done(answer, "INSERT on storage.buckets");
    return true;
  }

  /** Removes the bucket if it is empty. */
  async drop(signal: AbortSignal): Promise<void> {
    await this.#ask(`/bucket/${this.#name}`, { method: "DELETE" }, signal);
  }

  /** Writes the object, and replaces an existing one. @throws DeliveryError */
  async put(path: string, body: Buffer, signal: AbortSignal): Promise<void> {
    const headers = { "content-type": "application/json", "x-upsert": "true" };
    const answer = await this.#ask(this.#object(path), { method: "POST", headers, body }, signal);
    read(done(answer, "INSERT, SELECT and UPDATE on storage.objects"), objectAnswer);
  }

  /** Writes the object unless there is one. @throws DeliveryError */
  async add(path: string, body: Buffer, signal: AbortSignal): Promise<void> {
    const headers = { "content-type": "application/json" };
    const answer = await this.#ask(this.#object(path), { method: "POST", headers, body }, signal);
    if (/AlreadyExists$/.test(told(answer).code ?? "")) return;
    done(answer, "INSERT on storage.objects");
  }

  /** Whether there is an object that we may see. @throws DeliveryError */
  async has(path: string, signal: AbortSignal): Promise<boolean> {
    const answer = await this.#ask(this.#object(path, "/object/info"), { method: "GET" }, signal);
    if (told(answer).code === "NoSuchKey") return false;
    done(answer, "SELECT on storage.objects");
    return true;
  }

  /** Removes the objects. The server skips those that are missing or that we may not delete. @throws DeliveryError */
  async remove(paths: readonly string[], signal: AbortSignal): Promise<void> {
    for (let from = 0; from < paths.length; from += mostNames) {
      const prefixes = paths.slice(from, from + mostNames);
      const answer = await this.#ask(`/object/${this.#name}`, json("DELETE", { prefixes }), signal);
      done(answer, "DELETE on storage.objects");
    }
  }

  /** Returns an address at which anybody can read the object for a limited time. @throws DeliveryError */
  async sign(path: string, expiresIn: number, signal: AbortSignal): Promise<string> {
    const answer = await this.#ask(this.#object(path, "/object/sign"), json("POST", { expiresIn }), signal);
    const { signedURL } = read(done(answer, "SELECT on storage.objects"), signedAnswer);
    return `${this.#http.base}/storage/v1${signedURL}`;
  }

  #object(path: string, route = "/object"): string {
    return `${route}/${this.#name}/${path.split("/").map(encodeURIComponent).join("/")}`;
  }

  #ask(path: string, request: Request, signal: AbortSignal): Promise<Answer> {
    return this.#http.request(`/storage/v1${path}`, request, signal);
  }
}

const json = (method: Request["method"], body: object): Request => ({
  method,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

/** @throws DeliveryError for any answer but a good one */
function done(answer: Answer, permission: string): Answer {
  if (isGood(answer)) return answer;
  throw storageRefusal(answer, permission);
}

function unlessDenied(error: unknown): void {
  const denied = error instanceof DeliveryError && error.code === "DESTINATION_PERMISSION_MISSING";
  if (!denied) throw error;
}
