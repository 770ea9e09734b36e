/** The error of a request whose client has disconnected. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';

  constructor() {
    super('The client went away');
  }
}
