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
  isTokenPresent: (token: unknown) => String(isPresent(token)),
});

/** Fills a template; names that are not in the context stay empty. */
export function renderTemplate(template: string, context: Readonly<Record<string, unknown>>): string {
  const text = template.replace(BARE_ARGUMENT, '{{$1 "$2"}}');
  // As in mustache, a name that a section does not have is looked for around it.
  return engine.compile(text, { preventIndent: true, compat: true })(context);
}

function isPresent(token: unknown): boolean {
  return token !== undefined && token !== null && token !== '';
}
