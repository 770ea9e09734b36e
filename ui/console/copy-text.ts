/**
 * Puts a text on the clipboard.
 * @returns whether it is there
 */
export async function copyText(text: string): Promise<boolean> {
  // Browsers give pages of plain HTTP, as on a LAN, no clipboard, but let them copy what is selected.
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
