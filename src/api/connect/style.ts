/** The style sheet of the connect pages: one for all, with the developer's colour in it. */
import { accentOn, usualColor } from "./colours.ts";

interface Surface {
  readonly page: string;
  readonly card: string;
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly field: string;
  readonly alert: string;
}

export const light: Surface = {
  page: "#f3f4f6",
  card: "#ffffff",
  ink: "#16191d",
  soft: "#545d68",
  line: "#dde1e6",
  field: "#868f9a",
  alert: "#b3261e",
};

export const dark: Surface = {
  page: "#0e1114",
  card: "#191d22",
  ink: "#eef1f4",
  soft: "#a6b0bb",
  line: "#333a43",
  field: "#737d89",
  alert: "#ffb4ab",
};

export type Scheme = "light" | "dark";

/** @param scheme null: the one that the person prefers */
export function styleFor(color: string | null, scheme: Scheme | null): string {
  const chosen = color ?? usualColor;
  if (scheme !== null) {
    const surface = scheme === "light" ? light : dark;
    return `:root{color-scheme:${scheme};${variables(surface, chosen)}}\n${rules}`;
  }
  return `:root{color-scheme:light dark;${variables(light, chosen)}}
@media (prefers-color-scheme:dark){:root{${variables(dark, chosen)}}}
${rules}`;
}

function variables(surface: Surface, color: string): string {
  const { fill, onFill, text } = accentOn(surface.card, color);
  const all = { ...surface, fill, "on-fill": onFill, accent: text };
  return Object.entries(all)
    .map(([name, value]) => `--${name}:${value}`)
    .join(";");
}

const rules = `*{box-sizing:border-box}
body{margin:0;min-height:100vh;min-height:100dvh;background:var(--card);color:var(--ink);
font:1rem/1.5 system-ui,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;-webkit-text-size-adjust:100%;overflow-wrap:break-word}
main{max-width:28rem;margin:0 auto;padding:1.5rem 1.25rem 2.5rem}
@media (min-width:32rem){body{background:var(--page);padding:3rem 1rem}
main{background:var(--card);border:1px solid var(--line);border-radius:1.25rem;padding:2.25rem 2.25rem 2.5rem}}
h1{font-size:1.5rem;line-height:1.25;letter-spacing:-.01em;margin:0 0 .75rem;text-wrap:balance}
h2{font-size:.875rem;line-height:1.4;font-weight:600;color:var(--soft);margin:0 0 .5rem}
p{margin:0 0 1rem;text-wrap:pretty}
section{margin:1.75rem 0}
.soft,small{color:var(--soft)}
small{font-size:.875rem}
.brand{display:flex;align-items:center;gap:.75rem;margin:0 0 1.75rem;font-weight:600;min-height:3rem}
.brand img{display:block;height:3rem;width:auto;max-width:9rem;object-fit:contain;border-radius:.5rem}
.badge{flex:none;display:inline-flex;align-items:center;justify-content:center;width:2.75rem;height:2.75rem;border-radius:.75rem;
border:1px solid var(--line);color:var(--accent);font-weight:700;font-size:1.125rem;line-height:1}
.pair{display:flex;align-items:center;gap:.625rem;margin:0 0 1.5rem}
.pair .badge,.pair img{width:3.5rem;height:3.5rem;border-radius:.875rem;font-size:1.375rem}
.pair img{object-fit:contain;background:#fff}
.pair .wire{flex:none;width:2rem;border-top:2px dotted var(--field)}
.list{list-style:none;margin:1rem 0 0;padding:0}
.list a{display:flex;align-items:center;gap:.875rem;padding:.625rem .5rem;margin:0 -.5rem;border-radius:.875rem;color:inherit;text-decoration:none;font-weight:600;min-height:4rem}
.list li+li{border-top:1px solid var(--line)}
.list a:hover{background:var(--page)}
.list a::after{content:"";margin:0 .25rem 0 auto;flex:none;width:.5rem;height:.5rem;border:solid var(--field);border-width:2px 2px 0 0;transform:rotate(45deg)}
[hidden]{display:none!important}
.items{list-style:none;margin:0;padding:0}
.items li{position:relative;padding:0 0 .75rem 2rem}
.items li:last-child{padding-bottom:0}
.items li::before{content:"";position:absolute;left:.375rem;top:.3rem;width:.4rem;height:.8rem;border:solid var(--accent);border-width:0 2.5px 2.5px 0;transform:rotate(45deg)}
.items.not li::before{width:.8rem;height:0;top:.7rem;left:.25rem;border-width:0 0 2.5px;border-color:var(--soft);transform:none}
.items b{display:block;font-weight:600}
.items small{display:block;line-height:1.4;text-wrap:pretty}
.items.more li::before{content:"+";left:.25rem;top:-.125rem;width:auto;height:auto;border:0;color:var(--accent);font-size:1.375rem;line-height:1.75rem;transform:none}
.items+p,.items+button{margin-top:.875rem}
.facts{border-top:1px solid var(--line);border-bottom:1px solid var(--line);padding:1.25rem 0;margin:1.5rem 0}
.facts h2{margin:0}
.facts p{margin:.125rem 0 1rem}
.facts p:last-child{margin-bottom:0}
.facts:last-child{border-bottom:0;padding-bottom:0}
fieldset{border:0;margin:1.5rem 0;padding:0;min-width:0}
legend{font-size:.875rem;font-weight:600;color:var(--soft);padding:0;margin:0 0 .5rem}
.choice{display:flex;gap:.75rem;align-items:flex-start;padding:.75rem;border:1px solid var(--line);border-radius:.75rem;margin:0 0 .5rem;cursor:pointer}
.choice:has(:checked){border-color:var(--accent)}
.choice input{flex:none;width:1.25rem;height:1.25rem;margin:.125rem 0 0;accent-color:var(--fill)}
label.field{display:block;font-weight:600;margin:0 0 1rem}
label.field input{margin-top:.25rem}
label.field select{margin-top:.25rem}
input[type=search],input[type=text],input[type=date],input[type=file],select{display:block;width:100%;min-height:3rem;padding:.625rem .875rem;font:inherit;font-weight:400;color:inherit;background:var(--card);border:1px solid var(--field);border-radius:.75rem;-webkit-appearance:none;appearance:none}
input[aria-invalid=true]{border-color:var(--alert)}
.find{display:flex;gap:.5rem}
.find input{flex:1;min-width:0}
button,.button{display:flex;align-items:center;justify-content:center;width:100%;min-height:3.25rem;padding:.625rem 1.25rem;border:0;border-radius:.875rem;background:var(--fill);color:var(--on-fill);font:inherit;font-weight:600;line-height:1.3;text-align:center;text-decoration:none;cursor:pointer}
button:hover,.button:hover{filter:brightness(1.08)}
button.plain,.button.plain{background:none;color:var(--ink);border:1px solid var(--field)}
button.quiet{background:none;color:var(--soft);min-height:3rem;margin-top:.25rem}
.find button{width:auto;min-height:3rem;border-radius:.75rem}
button+button,form+form{margin-top:.5rem}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
input:focus-visible{outline-offset:-1px}
::placeholder{color:var(--soft);opacity:1}
a{color:var(--accent)}
.back{display:inline-block;margin:0 0 1rem;padding:.5rem 0;text-decoration:none;font-size:.9375rem}
.note{font-size:.875rem;color:var(--soft);text-align:center;margin:.75rem 0 0}
.alert{border-left:4px solid var(--alert);padding:.25rem 0 .25rem .875rem;margin:0 0 1.25rem}
.alert p{margin:0}
.alert .code{margin-top:.25rem}
ol{margin:0 0 1rem;padding-left:1.5rem}
ol li{padding:0 0 .375rem .25rem}
code{font:.875rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
pre{margin:.25rem 0 1rem;padding:.75rem .875rem;border:1px solid var(--line);border-radius:.75rem;background:var(--page);white-space:pre-wrap;user-select:all;-webkit-user-select:all}
h3{font-size:.875rem;font-weight:600;margin:0}
.qr{display:block;width:100%;max-width:16rem;height:auto;margin:.75rem auto 1.25rem;border-radius:.5rem}
.live{color:var(--soft);margin:0 0 1rem}
.live:empty{display:none}
.came{font-weight:600;margin:0 0 1rem}
progress{display:block;width:100%;height:.5rem;margin:0 0 1rem;accent-color:var(--fill)}
iframe{display:block;border:0;width:100%;height:4rem}
.code{font-size:.8125rem;color:var(--soft);margin:2rem 0 0}
.code code{font-size:.75rem}
.sign{display:flex;align-items:center;justify-content:center;width:3.5rem;height:3.5rem;margin:0 0 1.25rem;border-radius:50%;background:var(--fill)}
.sign::before{content:"";width:.75rem;height:1.375rem;margin-top:-.25rem;border:solid var(--on-fill);border-width:0 4px 4px 0;transform:rotate(45deg)}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (prefers-reduced-motion:no-preference){.list a,button,.button{transition:background-color .12s,filter .12s}}
`;
