/** Signatures are no secrets: they prove that their sender has one. */
const secretNames = /auth|cookie|credential|key|passw|secret|token/i;

/** Tells whether a header's name says that its value is a secret. */
export const isSecretHeader = (name: string): boolean => secretNames.test(name);
