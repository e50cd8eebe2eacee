/**
 * Moto, an emulator of AWS that knows users and their permissions, and refuses in AWS's own words. It knows
 * no resources: a policy on one queue is tested as the same policy on all of them.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import type { Place, Program, ServerRecipe, Started, Unavailable } from "./server.ts";
import { aptInstall, install } from "./support/install.ts";
import { answersHttp, untilReady } from "./support/ready.ts";

export interface MotoFacts {
  readonly url: string;
  readonly region: string;
  readonly users: Readonly<Record<MotoUser, AccessKey>>;
}

export interface AccessKey {
  readonly access_key_id: string;
  readonly secret_access_key: string;
}

export type MotoUser = keyof typeof mayDo;

/** Each user and all their permissions. */
export const mayDo = {
  admin: ["sqs:*"],
  sender: ["sqs:SendMessage", "sqs:GetQueueAttributes"],
  "sender-who-may-not-ask": ["sqs:SendMessage"],
  reader: ["sqs:GetQueueAttributes"],
} as const;

const version = "5.2.5";
const packages = [`moto[sqs]==${version}`, "flask==3.1.3", "flask-cors==6.0.5"];
const region = "us-east-1";

export const recipe: ServerRecipe<MotoFacts> = { name: "moto", ports: ["http", "gateway"], prepare, start };

const hasPython = (): boolean => spawnSync("python3", ["-c", "import venv, ensurepip"]).status === 0;

async function prepare(programs: string): Promise<Program | Unavailable> {
  const home = path.join(programs, `moto-${version}`);
  const done = path.join(home, "installed");
  const isThere = (): boolean => existsSync(done);
  const missing = isThere() ? null : await aptInstall(["python3-venv"], hasPython);
  if (missing !== null) return missing;
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...packages];
  const python = path.join(home, "bin/python");
  const failure = await install("pip", isThere, [
    { command: "python3", args: ["-m", "venv", "--clear", home] },
    { command: python, args: pip },
    { command: "touch", args: [done] },
  ]);
  return failure ?? { server: path.join(home, "bin/moto_server") };
}

const gateway = path.join(import.meta.dirname, "moto/gateway.ts");

async function start({ ports, spawn }: Place, { server }: Program): Promise<Started<MotoFacts>> {
  const url = `http://127.0.0.1:${ports.http}`;
  const args = ["-H", "127.0.0.1", "-p", String(ports.http)];
  const spawned = await spawn({ command: server as string, args });
  await untilReady(spawned, () => answersHttp(`${url}/moto-api/`));
  const users: [string, AccessKey][] = [];
  for (const user of Object.keys(mayDo)) users.push([user, await makeUser(url, user as MotoUser)]);
  // Until here it accepted every caller.
  await post(`${url}/moto-api/reset-auth`, "0");
  const before = await spawn({
    command: process.execPath,
    args: [gateway, `${ports.gateway}`, `${ports.http}`],
  });
  const entrance = `http://127.0.0.1:${ports.gateway}`;
  await untilReady(before, () => answersHttp(`${entrance}/moto-api/`));
  return {
    version: `moto ${version}`,
    facts: { url: entrance, region, users: Object.fromEntries(users) as MotoFacts["users"] },
  };
}

async function makeUser(url: string, UserName: MotoUser): Promise<AccessKey> {
  await iam(url, { Action: "CreateUser", UserName });
  const Statement = [{ Effect: "Allow", Action: mayDo[UserName].flatMap(inMotosWords), Resource: "*" }];
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  await iam(url, { Action: "PutUserPolicy", UserName, PolicyName: "all", PolicyDocument });
  const answer = await iam(url, { Action: "CreateAccessKey", UserName });
  const [, id = ""] = /<AccessKeyId>(.*?)</.exec(answer) ?? [];
  const [, secret = ""] = /<SecretAccessKey>(.*?)</.exec(answer) ?? [];
  return { access_key_id: id, secret_access_key: secret };
}

/**
 * Returns moto's names of a permission: in AWS one permission covers both ways to send; moto wants one named
 * after the request.
 */
const inMotosWords = (action: string): string[] =>
  action === "sqs:SendMessage" ? [action, "sqs:SendMessageBatch"] : [action];

const iam = (url: string, fields: Record<string, string>): Promise<string> =>
  post(url, String(new URLSearchParams({ ...fields, Version: "2010-05-08" })), {
    "content-type": "application/x-www-form-urlencoded",
    // Moto recognises the service by this.
    authorization: `AWS4-HMAC-SHA256 Credential=any/20250101/${region}/iam/aws4_request, SignedHeaders=host, Signature=0`,
  });

async function post(url: string, body: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(url, { method: "POST", body, headers });
  const answer = await response.text();
  if (!response.ok) throw new Error(`moto answered ${response.status}: ${answer}`);
  return answer;
}
