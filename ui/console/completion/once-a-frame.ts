/** The longest wait in milliseconds where no frame is drawn, as in a tab that nobody sees. */
const LONGEST_MS = 250;

/** Makes a function that calls back once in the next frame, however often it is called before. */
export function onceAFrame(callback: () => void): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    const run = () => {
      if (!isDue) return;
      isDue = false;
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      callback();
    };
    const frame = requestAnimationFrame(run);
    const timer = setTimeout(run, LONGEST_MS);
  };
}
