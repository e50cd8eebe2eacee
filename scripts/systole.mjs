#!/usr/bin/env node
// `npx systole …` in a checkout: any command of src/main.ts. Plain JavaScript, as run.mjs is.
process.argv.splice(2, 0, "src/main.ts");
await import("./run.mjs");
