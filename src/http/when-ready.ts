/** Goes on with a value now where it is there, and later where it is promised: a warm request waits for nothing. */
export function whenReady<T, U>(
  value: T | Promise<T>,
  goOn: (value: T) => U | Promise<U>,
): U | Promise<U> {
  return value instanceof Promise ? value.then(goOn) : goOn(value);
}
