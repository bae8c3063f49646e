import Handlebars from 'handlebars';

/**
 * The templates of data sources and server tasks: mustache with helpers. Only what shipped, public manifests use is
 * known here; an unknown helper is an error, as a template that asks for one would fail at the service.
 */
const engine = Handlebars.create();

/** Shipped templates write `%24skip` bare, which is no name in this library's grammar. */
const BARE_ARGUMENT = /\{\{\s*(extractUrlQueryParameter)\s+([^\s"'{}]+)\s*\}\}/g;

engine.registerHelper({
  /** A section over nothing, an empty text too, is left out. */
  blockHelperMissing(this: unknown, value: unknown, options: Handlebars.HelperOptions) {
    if (Array.isArray(value)) return value.map((one: unknown) => options.fn(one)).join('');
    return isPresent(value) && value !== false
      ? options.fn(value === true ? this : value)
      : options.inverse(this);
  },
  /** The token becomes what the block speaks of. */
  getTokenValue(this: unknown, token: unknown, options: Handlebars.HelperOptions) {
    return isPresent(token) ? options.fn(token) : '';
  },
  extractUrlQueryParameter(this: unknown, name: string) {
    const [, query = ''] = String(this).split('?', 2);
    const value = new URLSearchParams(query).get(decodeURIComponent(name));
    return new Handlebars.SafeString(encodeURIComponent(value ?? ''));
  },
  equals(this: unknown, one: unknown, other: unknown, ...more: unknown[]) {
    return chosen(this, areEqual(one, other, more), more);
  },
  notEquals(this: unknown, one: unknown, other: unknown, ...more: unknown[]) {
    return chosen(this, !areEqual(one, other, more), more);
  },
  isTokenPresent: (token: unknown) => String(isPresent(token)),
});

/** Fills a template; names that are not in the context stay empty. */
export function renderTemplate(template: string, context: Readonly<Record<string, unknown>>): string {
  const text = template.replace(BARE_ARGUMENT, '{{$1 "$2"}}');
  // As in mustache, a name that a section does not have is looked for around it.
  return engine.compile(text, { preventIndent: true, compat: true })(context);
}

/** A third argument of 1 means: without regard to case. */
function areEqual(one: unknown, other: unknown, more: readonly unknown[]): boolean {
  const ignoresCase = more.length > 1 && String(more[0]) === '1';
  const [a, b] = [String(one ?? ''), String(other ?? '')];
  return ignoresCase ? a.toLowerCase() === b.toLowerCase() : a === b;
}

function chosen(self: unknown, isSo: boolean, more: readonly unknown[]): string {
  const options = more.at(-1) as Handlebars.HelperOptions;
  return isSo ? options.fn(self) : options.inverse(self);
}

function isPresent(token: unknown): boolean {
  return token !== undefined && token !== null && token !== '';
}
