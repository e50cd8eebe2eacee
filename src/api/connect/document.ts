/** A connect page as a whole document. Nothing of it comes from another host, and it works with scripts off. */
import { createHash } from "node:crypto";
import type { FastifyReply } from "fastify";
import { Html, html } from "../html.ts";
import type { Look } from "./look.ts";
import { type Scheme, styleFor } from "./style.ts";

export interface Page {
  readonly title: string;
  readonly body: Html;
  /** Addresses to which a form of the page may lead in the end, beside the web's. */
  readonly leadsTo?: readonly (string | null)[];
  /** A script that makes the page easier to use; without it everything works all the same. */
  readonly script?: string;
  /** Whether the page looks for news: by its script, or without scripts in a frame of this host. */
  readonly isLive?: boolean;
  /** A page that is shown in such a frame, and the seconds after which it loads itself again; null: never. */
  readonly reload?: { readonly afterSeconds: number | null };
  /** The colours of a page that is shown in a frame of this host, where nothing of it works. */
  readonly framed?: Scheme;
}

const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

export function sendDocument(reply: FastifyReply, status: number, page: Page, look: Look): FastifyReply {
  const style = styleFor(look.color, page.framed ?? null);
  const script = page.script !== undefined && page.framed === undefined ? page.script : null;
  const seconds = page.reload?.afterSeconds ?? null;
  const name = look.app === null ? "" : ` · ${look.app}`;
  const document = html`<!doctype html>
<html lang="${look.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${seconds === null ? "" : html`<meta http-equiv="refresh" content="${seconds}">\n`}<title>${page.title}${name}</title>
<link rel="icon" href="${look.logo ?? "/connect/mark.svg"}">
<style>${new Html(style)}</style>
</head>
<body>
<main>
${page.body}</main>
${script === null ? "" : html`<script>${new Html(script)}</script>\n`}</body>
</html>
`;
  return reply
    .code(status)
    .headers({
      "content-type": "text/html; charset=utf-8",
      "content-language": look.language,
      "content-security-policy": policyOf(page, style, script),
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
    })
    .send(document.text);
}

function policyOf(page: Page, style: string, script: string | null): string {
  const { body, leadsTo = [], isLive = false, reload, framed } = page;
  const ancestors = `frame-ancestors ${reload === undefined ? "'none'" : "'self'"}`;
  return [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    ...(script === null ? [] : [`script-src ${hashOf(script)}`]),
    ...(isLive ? ["connect-src 'self'", "frame-src 'self'"] : []),
    ...(framed === undefined
      ? ["img-src 'self'", `form-action ${formActionOf(body, leadsTo)}`, ancestors]
      : ["img-src 'self' data:", "form-action 'none'", "frame-ancestors 'self'"]),
    "base-uri 'none'",
  ].join("; ");
}

/** Forms may lead anywhere on the web: browsers apply form-action to the redirect after the form as well. */
function formActionOf({ text }: Html, leadsTo: readonly (string | null)[]): string {
  if (!text.includes("<form ")) return "'none'";
  const schemes = leadsTo.flatMap((url) => (url === null ? [] : [new URL(url).protocol]));
  return [...new Set(["'self'", "https:", "http:", ...schemes])].join(" ");
}
