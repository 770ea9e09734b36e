/** Whether a key sends the message: Enter without Shift, unless it ends an IME composition. */
export function isSendKey({ key, shiftKey, isComposing, keyCode }: KeyboardEvent): boolean {
  // Safari reports 229 for the Enter that has just ended a composition.
  return key === 'Enter' && !shiftKey && !isComposing && keyCode !== 229;
}
