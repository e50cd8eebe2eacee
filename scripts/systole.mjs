#!/usr/bin/env node
// `npx systole …` in a checkout: any command of src/main.ts. Plain JavaScript, like run.mjs.
process.argv.splice(2, 0, "src/main.ts");
await import("./run.mjs");
