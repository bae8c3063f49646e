import type { AgentJobPlan, DeploymentJobPlan, JobPlan, StepPlan, Text, Variables } from '../plan.ts';
import { readCondition } from './conditions.ts';
import { resolveDependencies } from './dependencies.ts';
import { readEnvironment, readHooks } from './deployments.ts';
import { Fields } from './fields.ts';
import { Names } from './names.ts';
import { checkPool, isServerPool } from './pool.ts';
import { withVariables, type Bound } from './scope.ts';
import { impliedStep } from './stepCommon.ts';
import { readServerSteps } from './serverJobs.ts';
import { readSteps } from './steps.ts';
import { readStrategy, type Copies } from './strategy.ts';
import { openTemplate, type ReadingDesk } from './templates.ts';
import { readVariables } from './variables.ts';

const COMMON = [
  'displayName', 'dependsOn', 'condition', 'continueOnError', 'timeoutInMinutes', 'cancelTimeoutInMinutes',
  'variables', 'strategy', 'pool', 'container', 'services', 'workspace', 'uses', 'templateContext',
]; // prettier-ignore
/** What a job needs from outside this machine. */
const REFUSED = {
  container: 'Jobs run on this machine itself.',
  services: 'Jobs run on this machine itself.',
};

interface ReadJob {
  readonly name: string;
  readonly dependsOn: readonly Text[];
  readonly plans: (dependsOn: readonly string[]) => readonly JobPlan[];
  readonly copies: readonly string[];
  readonly place: JobPlan['place'];
}

/** Reads a list of jobs; job templates become part of it, and jobs with a strategy become one plan per copy. */
export function readJobs(desk: ReadingDesk, bound: Bound): JobPlan[] {
  const names = new Names('job', desk.findings);
  const entries = jobEntries(desk, bound);
  const jobs = entries.flatMap((entry, index) => readJob(desk, entry, names, index + 1) ?? []);
  const waits = resolveDependencies(desk.findings, 'job', jobs);
  const copies = new Map(jobs.map((job) => [job.name, job.copies]));
  return jobs.flatMap((job) =>
    job.plans((waits.get(job.name) ?? []).flatMap((name) => copies.get(name) ?? [])),
  );
}

/** The one job of a pipeline that gives only steps. */
export function readOnlyJob(desk: ReadingDesk, root: Fields): JobPlan[] {
  const names = new Names('job', desk.findings);
  const given = { text: 'Job', place: root.keyPlace('steps') };
  // The pipeline's own variables belong to the pipeline.
  const [name, variables] = [names.take(given, given.place, 1), new Map()];
  return plansOf(desk, { fields: root, name, displayName: name, variables, kind: 'job' })([]).slice();
}

function jobEntries(desk: ReadingDesk, bound: Bound): Bound[] {
  return desk.expander.items(bound, "'jobs'").flatMap((item) => {
    const isTemplate = desk.expander.entries(item, 'A job').some(({ key }) => key.text === 'template');
    if (!isTemplate) return [item];
    const inner = openTemplate(desk, item, 'jobs')?.get('jobs');
    return inner ? jobEntries(desk, inner) : [];
  });
}

function readJob(desk: ReadingDesk, item: Bound, names: Names, position: number): ReadJob | undefined {
  const outline = new Fields(desk, item, 'A job');
  const kind = outline.has('deployment') ? 'deployment' : 'job';
  if (!outline.has(kind)) {
    const known = ['job', 'deployment', 'template'];
    if (outline.has('phase')) desk.findings.unsupported(outline.place, "'phase'", "Write 'job'.");
    else desk.findings.unknown(outline.place, 'The kind of job', outline.keys[0] ?? '', known);
    return undefined;
  }
  const { definitions, known } = readVariables(desk, outline.get('variables'), 'job', item.scope.variables);
  const fields = new Fields(desk, withVariables(item, known), kind === 'job' ? 'A job' : 'A deployment job');
  fields.allow([kind, ...COMMON, ...(kind === 'job' ? ['steps'] : ['environment'])]);
  const name = names.take(fields.text(kind), fields.place, position);
  const displayName = fields.text('displayName')?.text || name;
  const plans = plansOf(desk, { fields, name, displayName, variables: definitions, kind });
  const copies = plans([]).map((plan) => plan.name);
  return { name, dependsOn: fields.texts('dependsOn') ?? [], plans, copies, place: fields.place };
}

interface Outline {
  readonly fields: Fields;
  readonly name: string;
  readonly displayName: string;
  readonly variables: Variables;
  readonly kind: 'job' | 'deployment';
}

function plansOf(desk: ReadingDesk, job: Outline): (dependsOn: readonly string[]) => readonly JobPlan[] {
  const { fields } = job;
  fields.refuse(REFUSED);
  const isServer = job.kind === 'job' && isServerPool(desk, fields.get('pool'));
  if (!isServer) checkPool(desk, fields.get('pool'));
  checkWorkspace(desk, fields.get('workspace'));
  const content =
    job.kind === 'deployment'
      ? deploymentOf(desk, fields)
      : isServer
        ? { kind: 'server' as const, steps: readServerSteps(desk, fields) }
        : { kind: 'job' as const, steps: stepsOf(desk, fields) };
  const strategy = job.kind === 'deployment' ? undefined : readStrategy(desk, fields.get('strategy'));
  const common = {
    condition: readCondition(desk, fields, 'job'),
    continueOnError: fields.boolean('continueOnError', false),
    timeoutInMinutes: fields.number('timeoutInMinutes', 60),
    cancelTimeoutInMinutes: fields.number('cancelTimeoutInMinutes', 5),
    place: fields.place,
  };
  return (dependsOn) =>
    copiesOf(job, strategy).map((copy) => ({ ...content, ...common, ...copy, dependsOn }));
}

type CopyParts = Pick<AgentJobPlan, 'name' | 'displayName' | 'variables' | 'copyOf'>;

function copiesOf({ name, displayName, variables }: Outline, strategy: Copies | undefined): CopyParts[] {
  if (!strategy) return [{ name, displayName, variables }];
  return strategy.copies.map((copy) => ({
    name: `${name}_${copy.name}`,
    displayName: `${displayName} ${copy.name}`,
    variables: new Map([...variables, ...copy.variables]),
    copyOf: { job: name, copy: copy.name, maxParallel: strategy.maxParallel },
  }));
}

function deploymentOf(
  desk: ReadingDesk,
  fields: Fields,
): Pick<DeploymentJobPlan, 'kind' | 'environment' | 'hooks'> {
  return { kind: 'deployment', environment: readEnvironment(desk, fields), hooks: readHooks(desk, fields) };
}

/** A job starts with `checkout: self` unless its steps say otherwise. */
function stepsOf(desk: ReadingDesk, fields: Fields): AgentJobPlan['steps'] {
  const steps = readSteps(desk, fields.get('steps'));
  if (!fields.has('steps')) desk.findings.wrong(fields.place, "A job needs 'steps'.");
  const hasCheckout = steps.some((step) => step.kind === 'checkout');
  const checkout: StepPlan = { kind: 'checkout', ...impliedStep(fields.place), repository: 'self' };
  return hasCheckout ? steps : [checkout, ...steps];
}

/** Every job starts in an empty folder, so there is nothing to clean. */
function checkWorkspace(desk: ReadingDesk, bound: Bound | undefined): void {
  if (!bound) return;
  const clean = new Fields(desk, bound, "'workspace'").allow(['clean']).text('clean');
  const known = ['outputs', 'resources', 'all'];
  if (clean && !known.includes(clean.text)) desk.findings.unknown(clean.place, "'clean':", clean.text, known);
}
