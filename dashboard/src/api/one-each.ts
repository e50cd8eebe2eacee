/** Makes one value for each environment, when it is asked for first. */
export function oneEach<Value>(make: (devId: string) => Value): (devId: string) => Value {
  const made = new Map<string, Value>();
  return (devId) => {
    const value = made.get(devId) ?? make(devId);
    made.set(devId, value);
    return value;
  };
}
