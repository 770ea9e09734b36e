/** `fetch` as the app is given it. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;
