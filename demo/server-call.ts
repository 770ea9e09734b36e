import type { DemoModel } from './demo-model.ts';
import type { RequestBody } from './request-body.ts';

/** A request to a route of the model server. */
export interface ServerCall {
  /** The host's name, for the text of the reply. */
  host: string;
  model: DemoModel;
  body: RequestBody;
  /** Returns the text of the model's reply. */
  writeReply(about: { prompt: string; toolResult?: string }): string;
  /**
   * Waits as long as the model needs for this many tokens. Rejects once the client has disconnected or the model has stopped.
   */
  work(tokens: number): Promise<void>;
}

/** The handler of one path of the model server. */
export type ServerRoute = (call: ServerCall) => Response | Promise<Response>;
