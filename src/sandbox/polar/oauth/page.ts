import { createHash } from "node:crypto";
import type { FastifyReply } from "fastify";
import type { Sandbox } from "../sandbox.ts";

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
// The form leads to whatever redirect_uri the client has named.
const POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self' https: http:; base-uri 'none'; frame-ancestors 'none'`;

export function sendPage(reply: FastifyReply, status: number, html: string): FastifyReply {
  return reply
    .code(status)
    .headers({ "content-security-policy": POLICY, "x-content-type-options": "nosniff" })
    .type("text/html; charset=utf-8")
    .send(html);
}

export function page(title: string, content: string): string {
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><main><h1>${escapeHtml(title)}</h1>${content}
<p><small>This is Systole’s Polar sandbox. Nothing here reaches Polar.</small></p></main></body></html>
`;
}

/** Asks which person's watch is to be linked, and whether at all. */
export function consentPage(sandbox: Sandbox, parameters: URLSearchParams): string {
  const hidden = [...parameters].map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  const people = sandbox.people.all().map(({ id, profile }, index) => {
    const name = escapeHtml(`${profile.firstName} ${profile.lastName} (${id})`);
    return radio(String(id), name, index === 0);
  });
  return page(
    "Link your Polar account",
    `<p><strong>${escapeHtml(sandbox.clientId)}</strong> asks to read your training, sleep and daily data.</p>
<form method="post" action="/oauth2/authorization">${hidden.join("")}
<fieldset><legend>Who are you?</legend>${people.join("")}
${radio("new", "Create a new person", people.length === 0)}</fieldset>
<button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></form>`,
  );
}

function radio(value: string, text: string, checked: boolean): string {
  const mark = checked ? " checked" : "";
  return `<label><input type="radio" name="sandbox_user" value="${value}"${mark}> ${text}</label>`;
}
