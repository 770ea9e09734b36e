import createPurifier from 'dompurify';

/**
 * The elements and attributes that an answer may contain. None of them runs code, loads anything, or covers other
 * content.
 */
const TAGS = (
  'p br hr h1 h2 h3 h4 h5 h6 blockquote ul ol li pre code span em strong b i u s del ins mark sub sup kbd a img ' +
  'table thead tbody tr th td details summary div'
).split(' ');
const ATTRIBUTES = 'href src alt title class start align colspan rowspan'.split(' ');

const LINK = /^(?:https?|mailto):/iu;
const PICTURE = /^(?:data:image\/(?:png|jpeg|gif|webp|avif|bmp)[;,]|blob:)/iu;

const purifier = createPurifier(window);

purifier.addHook('uponSanitizeAttribute', (_element, data) => {
  // Keep only the class names of syntax highlighting: others could make a text look like a part of the page.
  if (data.attrName === 'class') data.keepAttr = data.attrValue.split(' ').every(isHighlighting);
});

purifier.addHook('afterSanitizeAttributes', (element) => {
  if (element instanceof HTMLImageElement) secureImage(element);
  else if (element.localName === 'a') secureLink(element);
});

/** Converts untrusted HTML to safe elements that send no request. */
export function sanitize(html: string): DocumentFragment {
  return purifier.sanitize(html, {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ATTRIBUTES,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|data:image\/|blob:)/iu,
    RETURN_DOM_FRAGMENT: true,
  });
}

function isHighlighting(name: string): boolean {
  return /^(?:hljs-|language-|[a-z]+_{1,2}$)/u.test(name);
}

function secureLink(link: Element): void {
  const href = link.getAttribute('href') ?? '';
  if (!LINK.test(href)) return link.removeAttribute('href');
  link.setAttribute('target', '_blank');
  link.setAttribute('rel', 'noopener noreferrer');
}

/** A picture from another server would tell that server that the user reads it: replace it with a link. */
function secureImage(image: HTMLImageElement): void {
  const src = image.getAttribute('src') ?? '';
  if (PICTURE.test(src)) return;
  const link = image.ownerDocument.createElement('a');
  link.textContent = image.alt || src || 'picture';
  link.setAttribute('href', src);
  secureLink(link);
  image.replaceWith(link);
}
