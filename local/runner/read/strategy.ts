import type { Text, VariableDefinition, Variables } from '../plan.ts';
import { Fields, type Desk } from './fields.ts';
import type { Bound } from './scope.ts';

/** One copy of a job that `strategy` multiplies. */
interface Copy {
  readonly name: string;
  readonly variables: Variables;
}

export interface Copies {
  readonly copies: readonly Copy[];
  /** 0 means no limit. */
  readonly maxParallel: number;
}

/** The copies `strategy: matrix` or `strategy: parallel` asks for; undefined when the job runs once. */
export function readStrategy(desk: Desk, bound: Bound | undefined): Copies | undefined {
  if (!bound) return undefined;
  const fields = new Fields(desk, bound, "'strategy'");
  fields.refuse({ runOnce: "Write 'deployment:' instead of 'job:'.", rolling: '', canary: '' });
  fields.allow(['matrix', 'parallel', 'maxParallel', 'runOnce', 'rolling', 'canary']);
  const maxParallel = fields.number('maxParallel', 0);
  const copies = fields.has('matrix') ? matrixOf(desk, fields) : slicesOf(desk, fields);
  return (
    copies && {
      copies: copies.map((copy, index) => numbered(copy, index, copies.length, fields)),
      maxParallel,
    }
  );
}

function matrixOf(desk: Desk, fields: Fields): Copy[] {
  const matrix = desk.expander.resolve(fields.get('matrix')!);
  if (matrix.node.kind === 'scalar' && matrix.node.text !== '') {
    desk.findings.unsupported(matrix.node.place, 'A matrix that is known only while the pipeline runs');
    return [];
  }
  return desk.expander.entries(matrix, "'matrix'").map(({ key, value }) => copyOf(desk, key, value));
}

function copyOf(desk: Desk, name: Text, value: Bound): Copy {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name.text)) {
    desk.findings.wrong(
      name.place,
      `'${name.text}' cannot name a copy: only letters, digits and _ are allowed, and no digit first.`,
    );
  }
  const entries = desk.expander.entries(value, `'${name.text}'`).flatMap(({ key, value: of }) => {
    const text = desk.expander.text(of, `The variable '${key.text}'`);
    return text ? [[key.text, { value: text, readOnly: false }] as const] : [];
  });
  return { name: name.text, variables: new Map(entries) };
}

const MOST_SLICES = 99;

function slicesOf(desk: Desk, fields: Fields): Copy[] | undefined {
  if (!fields.has('parallel')) return undefined;
  const count = fields.number('parallel', 1);
  if (count <= MOST_SLICES)
    return Array.from({ length: Math.max(1, count) }, (_, index) => ({
      name: `${index + 1}`,
      variables: new Map(),
    }));
  desk.findings.wrong(fields.keyPlace('parallel'), `'parallel' may be at most ${MOST_SLICES}.`);
  return undefined;
}

/** Every copy knows its place among the copies. */
function numbered(copy: Copy, index: number, total: number, fields: Fields): Copy {
  const fixed = (text: string): VariableDefinition => ({
    value: { text, place: fields.place },
    readOnly: true,
  });
  const own = [
    ['System.JobPositionInPhase', fixed(`${index + 1}`)],
    ['System.TotalJobsInPhase', fixed(`${total}`)],
  ] as const;
  return { ...copy, variables: new Map([...copy.variables, ...own]) };
}
