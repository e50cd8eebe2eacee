/** HTML pages of the sandboxes. */
import { createHash } from "node:crypto";
import type { FastifyReply } from "fastify";

export function escapeHtml(text: string): string {
  return text.replace(/[<>&"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

const STYLE = `
  body { font: 16px/1.5 system-ui, sans-serif; background: #f4f4f6; color: #1c1c22; margin: 0; }
  main { max-width: 26rem; margin: 8vh auto; background: #fff; padding: 2rem; border-radius: 12px;
    box-shadow: 0 1px 8px rgb(0 0 0 / .12); }
  h1 { font-size: 1.3rem; margin: 0 0 .5rem; }
  fieldset { border: 0; padding: 0; margin: 1rem 0; }
  label { display: block; padding: .4rem 0; }
  button { font: inherit; padding: .5rem 1.5rem; border-radius: 8px; border: 1px solid #c8102e; cursor: pointer; }
  button[value=allow] { background: #c8102e; color: #fff; }
  button[value=deny] { background: #fff; color: #a00d25; }
  small { color: #5c5c66; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f4f4f6; padding: .75rem; border-radius: 8px; font-size: .85rem; }
`;

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");
// The form may lead to any redirect_uri that the client has named.
const POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self' https: http:; base-uri 'none'; frame-ancestors 'none'`;

export function sendPage(reply: FastifyReply, status: number, html: string): FastifyReply {
  return reply
    .code(status)
    .headers({ "content-security-policy": POLICY, "x-content-type-options": "nosniff" })
    .type("text/html; charset=utf-8")
    .send(html);
}

export function page(title: string, content: string, note: string): string {
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><main><h1>${escapeHtml(title)}</h1>${content}
<p><small>${escapeHtml(note)}</small></p></main></body></html>
`;
}
