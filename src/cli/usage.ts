/** What a command line says wrongly: exit code 2, and the help names what would be right. */
export class UsageError extends Error {}
