import assert from 'node:assert/strict';
import { compileFile, readYaml, type Compilation, type Use } from '../../../../shared/azureml/yaml/index.ts';
import { problems, refusals } from './fixture.ts';

const SCHEMA = 'https://azuremlschemas.azureedge.net/latest';
const JOB = 'command: ls\nenvironment: azureml:e:1\ncompute: azureml:c\n';

function compile(text: string, options: { use?: Use; strict?: boolean } = {}): Compilation {
  return compileFile(readYaml(text, 'x.yml'), options);
}

describe('the kind of a file', () => {
  it('comes from its type and its keys where nothing else says it', () => {
    assert.equal(compile(JOB).kind, 'commandJob');
    assert.equal(compile('name: d\ntype: uri_folder\npath: azureml://datastores/d/paths/p\n').kind, 'data');
    assert.equal(compile('name: e\nimage: ubuntu\n').kind, 'environment');
    assert.equal(compile('name: my-endpoint\nauth_mode: key\ntraffic: {}\n').kind, 'managedOnlineEndpoint');
  });

  it('is chosen by $schema, in either spelling, where type and keys leave several', () => {
    const text = 'name: abc\npath: azureml://datastores/d/paths/p\n';
    assert.equal(compile(`$schema: ${SCHEMA}/model.schema.json\n${text}`).kind, 'model');
    assert.equal(compile(`$schema: http://azureml/sdk-2-0/Data.json\n${text}`).kind, 'data');
  });

  it('that could be one of several is refused with their names, and one that could be none too', () => {
    assert.match(
      refusals(() => compile('name: abc\npath: azureml://datastores/d/paths/p\n'))[0]!,
      /could be one of several kinds: model, data\./,
    );
    assert.match(
      refusals(() => compile('services: {}\n'))[0]!,
      /Nothing in this file says what it describes/,
    );
  });

  it('comes from the use before anything else; what $schema says against it is a warning that names both', () => {
    const text = `$schema: ${SCHEMA}/pipelineJob.schema.json\nname: c\nversion: 1\n${JOB.replace(/compute.*\n/, '')}`;
    const compiled = compile(text, { use: 'component' });
    assert.equal(compiled.kind, 'commandComponent');
    assert.match(compiled.warnings[0]!.message, /names the kind pipelineJob.*read as commandComponent/);
  });

  it('the type counts where $schema names another kind', () => {
    const compiled = compile(`$schema: ${SCHEMA}/sweepJob.schema.json\ntype: command\n${JOB}`);
    assert.equal(compiled.kind, 'commandJob');
    assert.match(compiled.warnings[0]!.message, /names the kind sweepJob.*read as commandJob/);
  });

  it('that is not offered is refused by name, with the reason', () => {
    const [refusal] = refusals(() => compile('$schema: http://azureml/sdk-2-0/FeatureSet.json\nname: f\n'));
    assert.match(refusal!, /featureSet.*feature stores/);
  });
});

describe('a strict reading', () => {
  const twice = `${JOB}command: pwd\n`;
  const contradictory = `$schema: ${SCHEMA}/sweepJob.schema.json\n${JOB}`;

  it('makes errors of duplicate keys and contradictions, each with its place', () => {
    assert.deepEqual(
      refusals(() => compile(twice, { use: 'job', strict: true })),
      ["4:1 The key 'command' is written twice, first in line 1; the last one counts."],
    );
    assert.equal(problems(() => compile(contradictory, { use: 'job', strict: true })).length, 1);
  });

  it('is not the usual one: there the last of two keys is sent, and a warning names both places', () => {
    const compiled = compile(twice, { use: 'job' });
    assert.deepEqual(
      compiled.warnings.map(({ message }) => message),
      ["The key 'command' is written twice, first in line 1; the last one counts."],
    );
    const properties = compiled.body['properties'] as { command: string };
    assert.equal(properties.command, 'pwd');
  });
});
