/**
 * The time for which the sandbox keeps an idle connection. Node closes one after 5 s: a client that sends on it at that
 * moment fails, which happens where a process computes for seconds. Clients close theirs within 75 s.
 */
export const keepAliveTimeout = 75_000;
