/** Load at a fixed concurrency: each connection sends the next request as soon as the last was answered. */
import { Pool } from "undici";
import { quantile } from "./rounds.ts";

export interface Prepared {
  readonly headers: Record<string, string>;
  readonly body: string;
}

export interface LoadFigures {
  readonly perSecond: number;
  readonly p99Ms: number;
}

export interface Loader {
  post(requests: readonly Prepared[]): Promise<LoadFigures>;
  close(): Promise<void>;
}

const success = '"success"';

/** Connections are kept between rounds. @throws when an answer is not a success */
export function openLoader(url: string, concurrency: number): Loader {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections: concurrency, pipelining: 1 });
  const postOne = async ({ headers, body }: Prepared): Promise<void> => {
    const response = await pool.request({ method: "POST", path: pathname, headers, body });
    const text = await response.body.text();
    if (!text.includes(success)) throw new Error(`${url} answered ${response.statusCode}: ${text}`);
  };
  return {
    post: (requests) => post(requests, concurrency, postOne),
    close: () => pool.close(),
  };
}

async function post(
  requests: readonly Prepared[],
  concurrency: number,
  postOne: (request: Prepared) => Promise<void>,
): Promise<LoadFigures> {
  const times: number[] = [];
  const queue = requests.values();
  const began = performance.now();
  const worker = async (): Promise<void> => {
    for (const request of queue) {
      const asked = performance.now();
      await postOne(request);
      times.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const seconds = (performance.now() - began) / 1_000;
  times.sort((a, b) => a - b);
  return { perSecond: requests.length / seconds, p99Ms: quantile(times, 0.99) };
}
