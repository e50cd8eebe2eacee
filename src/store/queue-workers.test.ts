import { beforeEach, expect, it } from "vitest";
import { QueueWorkers } from "./queue-workers.ts";

const woken: string[] = [];
let workers: QueueWorkers;
beforeEach(() => {
  woken.length = 0;
  workers = new QueueWorkers((id) => void woken.push(id));
});

function add(takesAll: boolean, ...ids: string[]): ReturnType<QueueWorkers["add"]> {
  const group = workers.add(takesAll);
  for (const id of ids) group.join(id);
  return group;
}

it("wakes one worker at a time, in turns", () => {
  add(true, "a", "b");
  workers.wake();
  expect(woken).toEqual(["a"]);
  workers.wake();
  workers.wake();
  expect(woken).toEqual(["a", "b", "a"]);
});

it("wakes the next when one has found a job, and the same again when it has worked it", () => {
  const group = add(true, "a", "b");
  group.begin("a");
  expect(woken).toEqual(["b"]);
  group.end("a");
  expect(woken).toEqual(["b", "a"]);
});

it("wakes none that works, and those that take only some jobs where no other is at rest", () => {
  const some = add(false, "some");
  const all = add(true, "a");
  all.begin("a");
  expect(woken).toEqual(["some"]);
  some.begin("some");
  workers.wake();
  expect(woken).toEqual(["some"]);
  all.end("a");
  workers.wake();
  expect(woken).toEqual(["some", "a", "a"]);
});

it("wakes one of each group, where it is asked to", () => {
  add(true, "a", "b");
  add(false, "some");
  workers.wakeEach();
  expect(woken).toEqual(["a", "some"]);
});

it("wakes none that were removed", () => {
  const group = add(true, "a");
  workers.remove(group);
  workers.wake();
  expect(woken).toEqual([]);
});
