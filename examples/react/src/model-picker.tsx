import { useEffect, useLayoutEffect, useReducer, useRef, useState } from 'react';
import type { DetailedHTMLProps, HTMLAttributes } from 'react';

/** The element that the gateway's `picker.js` defines, as far as it is used here. */
interface ModelPickerElement extends HTMLElement {
  /** The composite ID that is chosen, or an empty text. */
  value: string;
  /** The gateway's key, where it asks for one. */
  key: string | null;
}

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'model-picker': DetailedHTMLProps<HTMLAttributes<ModelPickerElement>, ModelPickerElement> & {
        readonly src?: string;
        readonly required?: boolean;
        // React listens to a custom element's events under the names that the DOM has for them.
        readonly onchange?: (event: Event) => void;
        readonly onfavorite?: (event: CustomEvent<FavoriteChange>) => void;
      };
    }
  }
}

/** A star that was set or taken away in this picker. */
export interface FavoriteChange {
  readonly id: string;
  readonly favorite: boolean;
}

interface ModelPickerProps {
  /** The gateway's address, without a slash at the end. */
  readonly gateway: string;
  /** The gateway's key, where it asks for one. */
  readonly apiKey?: string;
  readonly id?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onFavorite?: (change: FavoriteChange) => void;
}

/** Chooses a model of a gateway. The value is the owner's: a choice that it does not take over is taken back. */
export function ModelPicker({ gateway, apiKey, value, ...props }: ModelPickerProps) {
  const picker = useRef<ModelPickerElement>(null);
  const isThere = usePickerModule(gateway);
  const [, renderAgain] = useReducer((count: number) => count + 1, 0);

  // Properties and not attributes: React keeps `key` for itself, and a value must be set even where it is the one before.
  useLayoutEffect(() => {
    if (picker.current === null) return;
    picker.current.key = apiKey ?? null;
    picker.current.value = value;
  });

  if (!isThere) {
    return <p role="alert">There is no picker at {gateway}: is Paddock running there?</p>;
  }
  return (
    <model-picker
      id={props.id}
      ref={picker}
      src={gateway}
      required
      onchange={() => {
        props.onChange(picker.current?.value ?? '');
        renderAgain();
      }}
      onfavorite={({ detail }) => props.onFavorite?.(detail)}
    />
  );
}

/** Loads the element from its gateway, so that both are of one version; false where it does not come. */
function usePickerModule(gateway: string): boolean {
  const [missingAt, setMissingAt] = useState<string | null>(null);
  useEffect(() => {
    import(/* @vite-ignore */ `${gateway}/picker.js`).catch(() => setMissingAt(gateway));
  }, [gateway]);
  return missingAt !== gateway;
}
