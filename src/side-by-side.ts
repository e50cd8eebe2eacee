/**
 * Returns the results of work that is under way side by side. Waits until all of it has ended, so that nothing goes on
 * behind a failure.
 * @throws the error of the first that failed, in the order given
 */
export async function sideBySide<const Results extends readonly unknown[]>(
  ...work: { readonly [Index in keyof Results]: Promise<Results[Index]> }
): Promise<Results> {
  await Promise.allSettled(work);
  return (await Promise.all(work)) as unknown as Results;
}
