/** The longest wait in milliseconds if no frame is drawn, as in a hidden tab. */
const LONGEST_MS = 250;

/** Returns a function that schedules the callback for the next frame, however often it is called before that. */
export function oncePerFrame(callback: () => void): () => void {
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
