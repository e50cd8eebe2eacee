/** Keeps an access token until it is about to expire, and asks for one token at a time. */

export interface AccessTokens {
  /** Returns a token that is valid for a while yet. @throws DeliveryError */
  current(): Promise<string>;
  /** The token was refused: the next one is new. */
  forget(token: string): void;
}

export interface Token {
  readonly value: string;
  /** In milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** @param marginMs how long before its end a token is not used any more */
export function keepToken(exchange: () => Promise<Token>, marginMs: number): AccessTokens {
  let asked: Promise<Token> | null = null;
  let known: Token | null = null;

  async function ask(): Promise<Token> {
    try {
      known = await exchange();
      return known;
    } finally {
      asked = null;
    }
  }
  return {
    async current() {
      if (known !== null && Date.now() < known.expiresAt - marginMs) return known.value;
      asked ??= ask();
      return (await asked).value;
    },
    forget(refused) {
      if (known?.value === refused) known = null;
    },
  };
}
