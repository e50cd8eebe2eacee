/** Pages for people: plain HTML rendered on the server, without scripts and without anything from elsewhere. */
import { createHash } from "node:crypto";
import type { FastifyReply } from "fastify";

/** Text that is safe to send as HTML. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? "");

type Fragment = string | number | Html | readonly Html[];

/** A template whose values are escaped unless they are Html themselves. */
export function html(strings: TemplateStringsArray, ...values: readonly Fragment[]): Html {
  const rendered = values.map((value) => {
    if (value instanceof Html) return value.text;
    return Array.isArray(value) ? value.map(({ text }) => text).join("") : escaped(String(value));
  });
  return new Html(String.raw({ raw: strings }, ...rendered));
}

const style = `
:root { color-scheme: light dark; --line: #8886; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 44rem; padding: 2rem 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
a:focus-visible { outline: 3px solid currentColor; outline-offset: 3px; }
table { border-collapse: collapse; width: 100%; }
td { border-top: 1px solid var(--line); padding: .4rem .75rem .4rem 0; vertical-align: top; }
pre { overflow-x: auto; }
pre code { overflow-wrap: normal; }
code { font-family: ui-monospace, monospace; font-size: .9em; overflow-wrap: anywhere; }
small { opacity: .75; }
`;

const styleHash = createHash("sha256").update(style).digest("base64");
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`;

export function sendPage(
  reply: FastifyReply,
  status: number,
  page: { title: string; body: Html },
): FastifyReply {
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title}</title>
<style>${new Html(style)}</style>
</head>
<body>
<main>
<h1>${page.title}</h1>
${page.body}
</main>
</body>
</html>
`;
  return reply
    .code(status)
    .headers({
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy,
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
    })
    .send(document.text);
}
