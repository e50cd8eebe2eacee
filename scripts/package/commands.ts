/** The commands in texts: `npm start` in a checkout is `systole start` in an installation. */

/** A line of a list: the command, two spaces or more, and what it does. The second column stays where it is. */
const listed = /^( +)(npm (?:start|run) ?.*?)( {2,})(?=\S)/gm;

export const asInstalled = (text: string): string =>
  spoken(
    text.replaceAll(listed, (_, indent: string, command: string, gap: string) => {
      const width = command.length + gap.length;
      return `${indent}${spoken(command).padEnd(width)}`;
    }),
  );

const spoken = (text: string): string =>
  text
    .replaceAll("npm run systole -- ", "systole ")
    .replaceAll(/npm run (demo|sandbox) -- /g, "systole $1 ")
    .replaceAll(/npm run (demo|sandbox)\b/g, "systole $1")
    .replaceAll("npm start", "systole start");
