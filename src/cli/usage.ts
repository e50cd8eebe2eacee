/** An error of the command line: exit code 2, with a hint to the help. */
export class UsageError extends Error {}
