/** Artifact types say only what is documented, and fit the task that downloads them. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { taskNames } from '../build.mjs';

/** azure-pipelines-extensions, docs/authoring/artifactextension.md. */
const type = 'ms.vss-releaseartifact.release-artifact-type';
const target = 'ms.vss-releaseartifact.artifact-types';
const needed = [
  'name',
  'displayName',
  'artifactType',
  'endpointTypeId',
  'uniqueSourceIdentifier',
  'inputDescriptors',
];
const known = [
  ...needed,
  'downloadTaskId',
  'dataSourceBindings',
  'taskInputMapping',
  'browsableArtifactTypeMapping',
];
const categories = ['Build', 'Package', 'SourceControl', 'ContainerImage'];
const inputModes = ['TextBox', 'PasswordBox', 'Combo', 'RadioButtons', 'CheckBox', 'TextArea', 'None'];
const inputMembers = [
  'id',
  'name',
  'description',
  'inputMode',
  'isConfidential',
  'hasDynamicValueInformation',
  'dependencyInputIds',
  'groupName',
  'properties',
  'values',
  'validation',
];
const bindingMembers = [
  'target',
  'dataSourceName',
  'endpointUrl',
  'parameters',
  'resultSelector',
  'resultTemplate',
  'callbackContextTemplate',
  'callbackRequiredTemplate',
  'initialContextTemplate',
];
const neededTargets = ['definition', 'versions', 'latestversion'];
const targets = [
  ...neededTargets,
  'branch',
  'defaultVersionSpecific',
  'artifacts',
  'artifactItems',
  'artifactSourceDefinitionUrl',
  'artifactSourceVersionUrl',
];
const versionTypes = [
  'latestType',
  'latestFromBranchType',
  'specificVersionType',
  'selectDuringReleaseCreationType',
];
/** Inputs that choose the version: the service turns them into `version`, the task is not given them. */
const choosesVersion = ['defaultVersionType', 'defaultVersionSpecific', 'branch', 'artifacts'];

export async function checkArtifactTypes(root) {
  const manifest = JSON.parse(await readFile(path.join(root, 'vss-extension.json'), 'utf8'));
  const tasks = await Promise.all(
    (await taskNames(root)).map(async (name) =>
      JSON.parse(await readFile(path.join(root, 'tasks', name, 'task.json'), 'utf8')),
    ),
  );
  return manifest.contributions
    .filter((contribution) => contribution.type === type)
    .flatMap((contribution) => problemsOf(contribution, tasks));
}

function problemsOf({ id, targets: into, properties }, tasks) {
  const { inputDescriptors: inputs = [], dataSourceBindings: bindings = [] } = properties;
  const ids = inputs.map((input) => input.id);
  const task = tasks.find((one) => one.id.toLowerCase() === properties.downloadTaskId?.toLowerCase());
  return [
    ...(String(into) === target ? [] : [`its target is not ${target}`]),
    ...missing(Object.keys(properties), needed, 'property'),
    ...unknown(Object.keys(properties), known, 'property'),
    ...unknown([properties.artifactType], categories, 'category'),
    ...inputs.flatMap((input) => problemsOfInput(input, ids, bindings)),
    ...missing(ids, ['connection', 'definition'], 'input'),
    ...missing(
      bindings.map((binding) => binding.target),
      neededTargets,
      'data source',
    ),
    ...bindings.flatMap((binding) => problemsOfBinding(binding, ids)),
    ...unknown(variablesIn(properties.uniqueSourceIdentifier), ids, 'input in uniqueSourceIdentifier'),
    ...(task ? problemsOfTask(task, ids) : ['downloadTaskId is no task of this extension']),
  ].map((problem) => `vss-extension.json, ${id}: ${problem}.`);
}

function problemsOfInput(input, ids, bindings) {
  const values = input.values?.possibleValues?.map(({ value }) => value) ?? [];
  const isFilled = bindings.some((binding) => binding.target === input.id);
  // The service lists connections itself.
  const needsRows = input.hasDynamicValueInformation && input.id !== 'connection';
  return [
    ...unknown(Object.keys(input), inputMembers, `member of input '${input.id}'`),
    ...unknown([input.inputMode], inputModes, `inputMode of '${input.id}'`),
    ...unknown(input.dependencyInputIds ?? [], ids, `dependency of '${input.id}'`),
    ...(needsRows && !isFilled ? [`input '${input.id}' has no data source`] : []),
    ...(input.id === 'defaultVersionType' ? unknown(values, versionTypes, 'version type') : []),
  ];
}

function problemsOfBinding(binding, ids) {
  const texts = [binding.endpointUrl ?? '', binding.endpointUrl ? '' : binding.resultTemplate];
  const names = texts.flatMap(variablesIn).filter((name) => !/^(endpoint\.|skipToken$)/.test(name));
  return [
    ...unknown(Object.keys(binding), bindingMembers, `member of data source '${binding.target}'`),
    ...unknown([binding.target], [...targets, ...ids], 'data source'),
    ...unknown(names, [...ids, 'version'], `name in data source '${binding.target}'`),
  ];
}

/** The service hands the artifact's inputs to the task under the same names. */
function problemsOfTask(task, ids) {
  const names = task.inputs.map((input) => input.name);
  const handed = ids.filter((id) => !choosesVersion.includes(id));
  return [
    ...unknown(handed, names, `input of ${task.name}`),
    ...missing(names, ['version', 'itemPattern', 'downloadPath'], `input of ${task.name}`),
  ];
}

function variablesIn(template = '') {
  return [...template.matchAll(/\{\{\{?[#/^]?\s*([\w.]+)\s*\}?\}\}/g)].map(([, name]) => name);
}

function missing(found, wanted, what) {
  return wanted.filter((one) => !found.includes(one)).map((one) => `the ${what} '${one}' is missing`);
}

function unknown(found, allowed, what) {
  return found
    .filter((one) => !allowed.includes(one))
    .map((one) => `'${one}' is no ${what} that is documented`);
}
