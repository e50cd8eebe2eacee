// The settings that keep a process small; docs/guides/deploy.md says why. A test compares all places that have them.

/** Node's flag for the largest half of the space of new objects. */
export const semiSpace = "--max-semi-space-size=8";

/** The variables of glibc's allocator, unless the environment has others. */
export const allocator = { MALLOC_ARENA_MAX: "2", MALLOC_TRIM_THRESHOLD_: "131072" };
