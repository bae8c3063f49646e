import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import type { JobPlan, PipelinePlan, StepPlan, TaskStepPlan } from '../../local/runner/plan.ts';
import { readPipeline } from '../../local/runner/read/index.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SAMPLE = join(ROOT, 'samples', 'diabetes');
const PIPELINE = join(SAMPLE, 'azure-pipelines.yml');

interface TaskFile {
  readonly name: string;
  readonly version: { readonly Major: number };
  readonly inputs: readonly {
    readonly name: string;
    readonly aliases?: readonly string[];
    readonly required?: boolean;
    readonly type: string;
  }[];
  readonly outputVariables: readonly { readonly name: string }[];
}

const yamlOf = (name: string): unknown => parse(readFileSync(join(SAMPLE, name), 'utf8'));
const jsonOf = (path: string): unknown => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
const plan = (parameters: Record<string, unknown> = {}): Promise<PipelinePlan> =>
  readPipeline({ file: PIPELINE, predefined: {}, parameters });
const stepsOf = (job: JobPlan): readonly StepPlan[] =>
  job.kind === 'deployment' ? job.hooks.flatMap((hook) => hook.steps) : job.kind === 'job' ? job.steps : [];
const isTask = (step: StepPlan): step is TaskStepPlan => step.kind === 'task';
const tasksOf = (pipeline: PipelinePlan): TaskStepPlan[] =>
  pipeline.stages.flatMap(({ jobs }) => jobs.flatMap(stepsOf).filter(isTask));
const taskFile = (name: string): TaskFile => jsonOf(join('tasks', name, 'task.json')) as TaskFile;

describe('the diabetes sample', () => {
  it('has the stages of a delivery in their order, each waiting for what it needs', async () => {
    const { stages } = await plan();
    assert.deepEqual(Object.fromEntries(stages.map(({ name, dependsOn }) => [name, dependsOn])), {
      Check: [],
      Train: ['Check'],
      Evaluate: ['Train'],
      Register: ['Train', 'Evaluate'],
      Plan: ['Register'],
      DeployStaging: ['Register', 'Plan'],
      DeployProduction: ['Register', 'Plan', 'DeployStaging'],
      TestProduction: ['DeployProduction'],
    });
  });

  it('asks for approval at production only, by its environment', async () => {
    const { stages } = await plan();
    const environments = stages.flatMap(({ jobs }) =>
      jobs.flatMap((job) => (job.kind === 'deployment' ? [job.environment?.text] : [])),
    );
    assert.deepEqual(environments, ['staging', 'production']);
  });

  it('takes a parameter that makes the candidate worse', async () => {
    const [train] = tasksOf(await plan({ alpha: '1000' }));
    assert.equal(train?.inputs.get('set')?.text, 'inputs.alpha=1000');
  });

  it('gives its tasks inputs they have, and all that they require', async () => {
    for (const step of tasksOf(await plan())) {
      const file = taskFile(step.task.name);
      assert.equal(file.version.Major, step.task.major);
      const known = file.inputs.flatMap(({ name, aliases }) => [name, ...(aliases ?? [])]);
      for (const input of step.inputs.keys())
        assert.ok(known.includes(input), `${file.name} has no input ${input}`);
      const missing = file.inputs.filter(({ name, required }) => required && !step.inputs.has(name));
      assert.deepEqual(
        missing.map(({ name }) => name),
        [],
        `${file.name} requires these`,
      );
    }
  });

  it('names only files that are there', async () => {
    for (const step of tasksOf(await plan())) {
      for (const { name, type } of taskFile(step.task.name).inputs) {
        const file = type === 'filePath' ? step.inputs.get(name)?.text : undefined;
        if (file) assert.ok(existsSync(join(SAMPLE, file)), `${step.task.name}: ${file}`);
      }
    }
  });

  it('reads only outputs that an earlier step of that name gives', async () => {
    const pipeline = await plan();
    const text = readFileSync(PIPELINE, 'utf8');
    const asked = [...text.matchAll(/ependencies\.(\w+)(?:\.(\w+))?\.outputs\['([\w.]+)'\]/g)];
    assert.ok(asked.length >= 8);
    for (const [whole, stage, , output] of asked) {
      const [step, variable] = output!.split('.').slice(-2);
      const jobs = pipeline.stages.find(({ name }) => name === stage)?.jobs ?? [];
      const task = jobs
        .flatMap(stepsOf)
        .filter(isTask)
        .find(({ name }) => name === step);
      assert.ok(task, `${whole}: no such step`);
      const outputs = taskFile(task.task.name).outputVariables.map(({ name }) => name);
      assert.ok(outputs.includes(variable!), `${whole}: ${task.task.name} gives ${outputs.join(', ')}`);
    }
  });

  it('keeps to the published schemas', () => {
    const ajv = addFormats.default(new Ajv({ strict: false, allErrors: true }));
    for (const [file, schema] of [
      ['evaluation.yml', 'policy'],
      ['smoke-test.yml', 'smoke-test'],
    ] as const) {
      const fits = ajv.compile(jsonOf(`docs/schemas/${schema}.schema.json`) as object);
      assert.ok(fits(yamlOf(file)), `${file}: ${ajv.errorsText(fits.errors)}`);
    }
  });

  it('has the whole data set, every row once', () => {
    const [head, ...rows] = readFileSync(join(SAMPLE, 'data', 'diabetes.csv'), 'utf8')
      .trimEnd()
      .split('\n');
    assert.equal(head, 'age,sex,bmi,bp,tc,ldl,hdl,tch,ltg,glu,progression');
    assert.equal(rows.length, 442);
    assert.equal(new Set(rows).size, 442);
  });

  it('pins every package, the same in training and in the checks', () => {
    const conda = readFileSync(join(SAMPLE, 'conda.yaml'), 'utf8');
    const checks = readFileSync(join(SAMPLE, 'requirements-checks.txt'), 'utf8');
    for (const [, name, version] of checks.matchAll(/^([a-z-]+)==(\S+)$/gm)) {
      if (name !== 'pytest')
        assert.match(conda, new RegExp(`- ${name}==${version?.replaceAll('.', '\\.')}\\n`));
    }
    assert.doesNotMatch(conda, /^ {6}- [a-z-]+\n/m);
  });

  it('describes every file it has', () => {
    const readme = readFileSync(join(SAMPLE, 'README.md'), 'utf8');
    const files = readdirSync(SAMPLE).filter((name) => !name.startsWith('.') && name !== 'README.md');
    for (const name of files) assert.ok(readme.includes(name), `README.md says nothing of ${name}`);
  });
});
