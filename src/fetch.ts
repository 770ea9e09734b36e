/** The `fetch` function that the app uses. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;
