/** The order of test files: those that mostly wait lie between those that mostly compute. */
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** End-to-end tests wait for processes, those of destinations for their servers, and the others compute. */
const kindOf = ({ moduleId }: TestSpecification): string =>
  /\/test\/|\/src\/destinations\//.exec(moduleId)?.[0] ?? "others";

/** Vitest would run the projects one after the other, and the destinations' short files, which take long, at the end. */
export class MixedSequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...Map.groupBy(sorted, kindOf).values()]
      .flatMap((all) => all.map((file, index) => ({ file, at: (index + 0.5) / all.length })))
      .sort((a, b) => a.at - b.at)
      .map(({ file }) => file);
  }
}
