/**
 * Copies a text to the clipboard.
 * @returns whether it succeeded
 */
export async function copyText(text: string): Promise<boolean> {
  // Pages served over plain HTTP, as on a LAN, have no `navigator.clipboard`, but may copy the selection.
  if (navigator.clipboard === undefined) return copySelection(text);
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelection(text);
  }
}

function copySelection(text: string): boolean {
  const focused = findFocused();
  const area = document.createElement('textarea');
  area.value = text;
  area.readOnly = true;
  area.style.position = 'fixed';
  area.style.opacity = '0';
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  focused?.focus();
  return isCopied;
}

function findFocused(): HTMLElement | null {
  let { activeElement } = document;
  while (activeElement?.shadowRoot?.activeElement != null) {
    ({ activeElement } = activeElement.shadowRoot);
  }
  return activeElement instanceof HTMLElement ? activeElement : null;
}
