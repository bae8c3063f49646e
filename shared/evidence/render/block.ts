/** A run of text. What it says may come from anywhere: only a printer knows how to make it harmless in its format. */
export type Piece =
  string | { readonly text: string; readonly style?: 'strong' | 'code'; readonly url?: string | undefined };

/** One part of a page, without any format. */
export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'paragraph'; readonly pieces: readonly Piece[] }
  | { readonly kind: 'list'; readonly items: readonly (readonly Piece[])[] }
  | {
      readonly kind: 'table';
      readonly header: readonly string[];
      readonly rows: readonly (readonly Piece[])[];
    };

export function heading(text: string): Block {
  return { kind: 'heading', text };
}

export function paragraph(...pieces: readonly Piece[]): Block {
  return { kind: 'paragraph', pieces };
}

export function strong(text: string): Piece {
  return { text, style: 'strong' };
}

export function code(text: string): Piece {
  return { text, style: 'code' };
}

/** A link where there is an address, else the text alone. */
export function link(text: string, url: string | undefined): Piece {
  return { text, url };
}
