import type { YamlNode, YamlScalar } from './node.ts';

/** A float as Python's `repr` writes it: shortest digits, an exponent below 1e-4 and from 1e16 on. */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  if (value === 0) return '0.0';
  const [mantissa = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16)
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${pad(Math.abs(exponent))}`;
  const plain = value.toFixed(Math.max(0, digitsAfterPoint(mantissa) - exponent));
  return plain.includes('.') ? plain : `${plain}.0`;
}

function pad(exponent: number): string {
  return String(exponent).padStart(2, '0');
}

function digitsAfterPoint(mantissa: string): number {
  return mantissa.split('.')[1]?.length ?? 0;
}

/** A value as Python's `str` writes it, which is how the reference client sends literals: `True`, `0.1`, `None`. */
export function pythonText(scalar: YamlScalar): string {
  switch (scalar.type) {
    case 'null':
      return 'None';
    case 'bool':
      return scalar.value ? 'True' : 'False';
    case 'float':
      return pythonFloat(scalar.value);
    case 'int':
      return String(scalar.value);
    case 'str':
    case 'date':
    case 'binary':
      return scalar.value;
  }
}

/** Any value as Python's `str` writes it: a single value as above, a list or mapping as a literal of the language. */
export function pythonTextOf(node: YamlNode): string {
  return node.kind === 'scalar' ? pythonText(node) : literal(node);
}

function literal(node: YamlNode): string {
  if (node.kind === 'list') return `[${node.items.map(literal).join(', ')}]`;
  if (node.kind === 'map') {
    const entries = [...node.entries.values()].map(({ key, value }) => `${literal(key)}: ${literal(value)}`);
    return `{${entries.join(', ')}}`;
  }
  return node.type === 'str' ? quoted(node.value) : pythonText(node);
}

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    .replaceAll('\r', '\\r');
  return quote + escaped.replaceAll(quote, `\\${quote}`) + quote;
}

/** Python compares text by code point; JavaScript by UTF-16 unit, which differs past U+FFFF. */
export function byCodePoint(left: string, right: string): number {
  const a = [...left];
  const b = [...right];
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const difference = a[index]!.codePointAt(0)! - b[index]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
