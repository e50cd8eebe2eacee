/**
 * The common parts of the commands: options, `--help`, and exit codes (0 success, 1 refused, 2 a wrong
 * command line).
 */
import { type ParseArgsConfig, parseArgs } from "node:util";
import { RefusedError } from "./admin-client.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

export interface CommandLine<Given extends Options> {
  readonly help: string;
  readonly options: Given;
  /** The names of the positional arguments, in order; each is required. */
  readonly words?: readonly string[];
}

export type Values<Given extends Options> = ReturnType<typeof parseArgs<{ options: Given }>>["values"];

export async function runCommandLine<Given extends Options>(
  line: CommandLine<Given>,
  args: readonly string[],
  terminal: Terminal,
  act: (values: Values<Given>, words: readonly string[]) => Promise<number>,
): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    terminal.out.write(line.help);
    return 0;
  }
  try {
    const { values, words } = parsed(line, args);
    return await act(values, words);
  } catch (error) {
    if (error instanceof RefusedError) {
      terminal.err.write(`${error.message}\n`);
      return 1;
    }
    if (!(error instanceof UsageError)) throw error;
    terminal.err.write(`${error.message}\n\n${line.help}`);
    return 2;
  }
}

/** @throws UsageError */
function parsed<Given extends Options>(
  { options, words: wanted = [] }: CommandLine<Given>,
  args: readonly string[],
): { values: Values<Given>; words: string[] } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      strict: true,
      allowPositionals: true,
    });
    if (positionals.length > wanted.length)
      throw new Error(`Unexpected argument '${positionals[wanted.length]}'`);
    const missing = wanted[positionals.length];
    if (missing !== undefined) throw new Error(`${missing} is missing`);
    return { values, words: positionals };
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}
