/** docs/tasks.md is written from the task.json files, so that it cannot say anything else than the pipeline editor does. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { taskNames } from '../build.mjs';
import { root } from '../prepare.mjs';

const file = path.join(root, 'docs', 'tasks.md');
/** In the order in which a model meets them. */
const order = [
  'TrainModel',
  'EvaluateModel',
  'RegisterModel',
  'DownloadModel',
  'DeployModel',
  'ModelGate',
  'EndpointGate',
  'DriftGate',
  'StartJob',
  'WaitForJob',
];

export async function checkTaskReference({ record }) {
  const names = (await taskNames()).sort((one, other) => order.indexOf(one) - order.indexOf(other));
  const tasks = await Promise.all(
    names.map(async (name) =>
      JSON.parse(await readFile(path.join(root, 'tasks', name, 'task.json'), 'utf8')),
    ),
  );
  const page = [heading, ...tasks.map(section)].join('\n');
  if (record) await writeFile(file, page);
  const written = await readFile(file, 'utf8').catch(() => '');
  return written === page
    ? []
    : ['docs/tasks.md is not what the task.json files say: run "npm run check -- --record".'];
}

const heading = `# Which inputs and outputs does each task have?

Written from the tasks' own definitions. An output is read as \`$(<step>.<name>)\` in its job, and as
\`stageDependencies.<stage>.<job>.outputs['<step>.<name>']\` in a later stage.
`;

function section(task) {
  return [
    `## ${task.name}@${task.version.Major}`,
    '',
    task.description,
    '',
    '| input | default | meaning |',
    '| --- | --- | --- |',
    ...task.inputs.map(inputRow),
    ...outputTable(task.outputVariables ?? []),
    '',
  ].join('\n');
}

function outputTable(outputs) {
  const rows = outputs.map((output) => `| \`${output.name}\` | ${cell(output.description)} |`);
  return rows.length === 0 ? [] : ['', '| output | meaning |', '| --- | --- |', ...rows];
}

function inputRow(input) {
  const aliases = input.aliases?.length
    ? ` (${input.aliases.map((alias) => `\`${alias}\``).join(', ')})`
    : '';
  const initial = input.required
    ? '*required*'
    : input.defaultValue
      ? `\`${cell(String(input.defaultValue))}\``
      : '';
  const choices = input.options
    ? ` One of ${Object.keys(input.options)
        .map((choice) => `\`${choice}\``)
        .join(', ')}.`
    : '';
  return `| \`${input.name}\`${aliases} | ${initial} | ${cell(`${input.label}. ${input.helpMarkDown ?? ''}${choices}`)} |`;
}

function cell(text) {
  return String(text).replace(/\s+/g, ' ').replaceAll('|', '\\|').trim();
}
