import type { PipelinePlan, StagePlan, Variables } from '../plan.ts';
import { Fields } from './fields.ts';
import { readJobs, readOnlyJob } from './jobs.ts';
import { checkPool } from './pool.ts';
import { checkResources } from './resources.ts';
import { withVariables, type Bound, type Scope } from './scope.ts';
import { readStages } from './stages.ts';
import { openTemplate, type ReadingDesk } from './templates.ts';
import { readVariables } from './variables.ts';

/** What starts runs on the service; a run on this machine is started by hand. */
const TRIGGERS = ['trigger', 'pr', 'schedules', 'lockBehavior', 'appendCommitMessageToRunName'];
const BODIES = ['stages', 'jobs', 'steps', 'extends'] as const;
/** Settings of the one job of a pipeline that gives only steps. */
const ONLY_JOB = [
  'strategy',
  'continueOnError',
  'container',
  'services',
  'workspace',
  'timeoutInMinutes',
  'cancelTimeoutInMinutes',
];
const OLD = { phases: "Write 'jobs'.", queue: "Write 'pool'.", server: '' };

type Content = Pick<PipelinePlan, 'name' | 'variables' | 'stages'>;
const DEFAULT_NAME = '$(Date:yyyyMMdd).$(Rev:r)';

/** Reads the top level of a pipeline. */
export function readTopLevel(desk: ReadingDesk, bound: Bound): Content {
  const outline = new Fields(desk, bound, 'A pipeline').refuse(OLD);
  const onlyJob = outline.has('steps') ? ONLY_JOB : [];
  outline.allow([
    'name',
    'parameters',
    'resources',
    'variables',
    'pool',
    ...TRIGGERS,
    ...BODIES,
    ...onlyJob,
    ...Object.keys(OLD),
  ]);
  const { definitions, known } = readVariables(
    desk,
    outline.get('variables'),
    'pipeline',
    bound.scope.variables,
  );
  const fields = new Fields(desk, withVariables(bound, known), 'A pipeline');
  const body = readBody(desk, fields, withVariables(bound, known).scope);
  return {
    ...body,
    name: fields.text('name')?.text || body.name,
    variables: new Map([...definitions, ...body.variables]),
  };
}

function readBody(desk: ReadingDesk, fields: Fields, scope: Scope): Content {
  checkPool(desk, fields.get('pool'));
  checkResources(desk, fields.get('resources'));
  const given = BODIES.filter((key) => fields.has(key));
  const [first, second] = given;
  if (!first) desk.findings.wrong(fields.place, `${fields.what} needs one of ${BODIES.join(', ')}.`);
  if (second) desk.findings.wrong(fields.keyPlace(second), `'${second}' cannot stand beside '${first}'.`);
  if (first === 'extends') return readExtended(desk, fields.get('extends')!, scope);
  return { name: DEFAULT_NAME, variables: new Map(), stages: first ? stagesOf(desk, fields, first) : [] };
}

function stagesOf(desk: ReadingDesk, fields: Fields, body: 'stages' | 'jobs' | 'steps'): StagePlan[] {
  const bound = fields.get(body)!;
  if (body === 'stages') return readStages(desk, bound);
  const jobs = body === 'jobs' ? readJobs(desk, bound) : readOnlyJob(desk, fields);
  const [name, place] = ['__default', fields.keyPlace(body)];
  return [
    { name, displayName: name, dependsOn: [], condition: undefined, variables: new Map(), jobs, place },
  ];
}

/** `extends`: the template is the pipeline, and what stands in the file are its parameters. */
function readExtended(desk: ReadingDesk, bound: Bound, scope: Scope): Content {
  const outline = openTemplate(desk, bound, 'extends');
  if (!outline) return { name: DEFAULT_NAME, variables: new Map(), stages: [] };
  const { definitions, known } = readVariables(desk, outline.get('variables'), 'pipeline', scope.variables);
  const fields = outline.seeing(known);
  const body = readBody(desk, fields, { ...scope, variables: known });
  const variables: Variables = new Map([...definitions, ...body.variables]);
  return { name: fields.text('name')?.text || body.name, variables, stages: body.stages };
}
