/** An upstream sent something that is not an HTTP answer, or an answer that no client can be given. */
export class InvalidAnswer extends Error {
  override readonly name = 'InvalidAnswer';
  /** What the upstream sent, in words that follow a provider's name: "sent the status 999". */
  readonly sent: string;

  constructor(sent: string) {
    super(`The upstream ${sent}`);
    this.sent = sent;
  }
}

/** The fault of a final status that HTTP does not have, and that no response can carry; null where there is none. */
export function findStatusFault(status: number): InvalidAnswer | null {
  if (status >= 200 && status <= 599) return null;
  return toStatusFault(status);
}

/** The fault of such a status. */
export function toStatusFault(status: number): InvalidAnswer {
  return new InvalidAnswer(`sent the status ${status}, and final statuses are from 200 to 599`);
}
