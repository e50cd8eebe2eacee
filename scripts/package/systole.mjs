#!/usr/bin/env node
// The command of an installation. Plain JavaScript for any Node: an old one gets a sentence, not a syntax error.
const oldest = 24;

if (Number(process.versions.node.split(".")[0]) < oldest) {
  process.stderr.write(
    `This is Node ${process.versions.node}. Systole needs Node ${oldest} or newer: https://nodejs.org\n`,
  );
  process.exitCode = 1;
} else await import("../src/main.js");
