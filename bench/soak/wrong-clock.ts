/** Loaded first by a worker, to put its clock ten minutes ahead. */
const aheadMs = 10 * 60_000;
const RealDate = Date;

class WrongDate extends RealDate {
  constructor(...args: unknown[]) {
    if (args.length === 0) super(RealDate.now() + aheadMs);
    else super(...(args as ConstructorParameters<typeof Date>));
  }

  static override now(): number {
    return RealDate.now() + aheadMs;
  }
}

globalThis.Date = WrongDate as DateConstructor;
