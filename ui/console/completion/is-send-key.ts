/** Whether a key sends what was written: Enter without Shift, where it does not end the composing of a character. */
export function isSendKey({ key, shiftKey, isComposing, keyCode }: KeyboardEvent): boolean {
  // 229 is what Safari gives for the Enter that has just ended a composition.
  return key === 'Enter' && !shiftKey && !isComposing && keyCode !== 229;
}
