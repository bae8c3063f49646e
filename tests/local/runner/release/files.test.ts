import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readTaskCatalog, type TaskCatalog } from '../../../../local/runner/agent/task/catalog.ts';
import { readRelease } from '../../../../local/runner/release/read/index.ts';
import { wordsFor } from '../../../../shared/problem/index.ts';
import { approvedBy, bash, definition, stage } from './definitions.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'release-files-'));
const file = path.join(folder, 'release.json');
let catalog: TaskCatalog;

before(async () => {
  catalog = await readTaskCatalog([]);
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

function stagesIn(content: string | Buffer): string[] {
  writeFileSync(file, content);
  return readRelease({ path: file, file: 'release.json', catalog }).stages.map((one) => one.name);
}

/** What is said about a file that cannot be run, in one text. */
function saidOf(content: string | Buffer): string {
  try {
    return `read: ${stagesIn(content).join(' ')}`;
  } catch (error) {
    return wordsFor(error).join('\n');
  }
}

const one = definition([stage('Staging', [bash('echo')])]);
const json = JSON.stringify(one, undefined, 2);

describe('files of release definitions', () => {
  it('are read as editors and shells save them: with a mark of their encoding, in UTF-16', () => {
    const turned = Buffer.from(`\uFEFF${json}`, 'utf16le').swap16();
    for (const content of [`\uFEFF${json}`, Buffer.from(`\uFEFF${json}`, 'utf16le'), turned])
      assert.deepEqual(stagesIn(content), ['Staging']);
  });

  it('may hold a list of the REST API, if it holds one definition', () => {
    const short = { id: 3, name: 'without stages', environments: [] };
    assert.deepEqual(stagesIn(JSON.stringify({ count: 1, value: [one] })), ['Staging']);
    assert.deepEqual(stagesIn(JSON.stringify([short, one])), ['Staging']);
    const two = saidOf(JSON.stringify({ count: 2, value: [one, { ...one, name: 'other' }] }));
    assert.match(two, /at value: The file holds 2 definitions: 'diabetes', 'other'\.\n.*a file of its own/);
    assert.match(saidOf(JSON.stringify({ count: 1, value: [short] })), /There are no stages/);
    assert.match(saidOf('[]'), /There are no stages/);
  });

  it('name the way into a list as the file has it', () => {
    const wrong = definition([stage('A', [], { rank: 'first' })]);
    assert.match(
      saidOf(JSON.stringify({ value: [wrong] })),
      /at value\[0\]\.environments\[0\]\.rank: This must be/,
    );
  });

  it('that hold something else are told what they hold', () => {
    const build = { process: { phases: [] }, repository: { id: 'x' }, queue: {}, name: 'CI' };
    assert.match(saidOf(JSON.stringify(build)), /This is the definition of a build, not of a release/);
    for (const other of ['42', '"text"', 'null', '{}'])
      assert.match(saidOf(other), /this is no exported release definition/);
  });

  it('that are no JSON are told where', () => {
    assert.match(saidOf('{\n  "name": "x",\n}'), /release\.json:3:1: The file is not JSON: Expected/);
    assert.match(saidOf('{ "environments": ['), /The file is not JSON/);
    assert.match(saidOf(''), /The file is not JSON/);
    assert.match(saidOf(Buffer.from([0x7b, 0xc3, 0x28])), /The file cannot be read/);
  });

  it('that a client cut off are refused: approvals and jobs would be missing without a word', () => {
    const cut = definition([
      stage('A', [], {
        preDeployApprovals: '@{approvals=System.Object[]; approvalOptions=}',
        deployPhases: 'System.Object[]',
        variables: '',
        postDeployApprovals: 7,
      }),
    ]);
    const said = saidOf(JSON.stringify(cut));
    assert.match(said, /environments\[0\]\.preDeployApprovals: What was here is lost: ConvertTo-Json/);
    assert.match(said, /environments\[0\]\.deployPhases: What was here is lost/);
    assert.match(said, /environments\[0\]\.postDeployApprovals: This must be an object/);
    assert.doesNotMatch(said, /variables/);
  });

  it('may leave out or empty everything that has a default, and carry members nobody knows', () => {
    const nothing = {
      conditions: null,
      deployPhases: null,
      preDeployApprovals: null,
      environmentOptions: null,
    };
    const bare = { name: 'bare', environments: [{ name: 'A' }, { name: 'B', ...nothing, variables: null }] };
    assert.deepEqual(stagesIn(JSON.stringify(bare)), ['A', 'B']);
    const full = stage(
      'A',
      [bash('echo', { future: { deep: [1] }, inputs: { script: 'echo', other: null } })],
      {
        _links: { self: { href: 'https://example.org' } },
        currentRelease: { id: 4, url: 'x', _links: {} },
        badgeUrl: 'https://example.org/badge',
        demands: ['npm', 'Agent.Version -gtVersion 2.0'],
        queueId: 9,
        runOptions: { EnvironmentOwnerEmailNotificationType: 'Always' },
        conditions: [],
        schedules: null,
        environmentTriggers: null,
        processParameters: null,
        preDeployApprovals: { ...approvedBy(['Ada']), approvalOptions: null },
        preDeploymentGates: null,
      },
    );
    const rich = definition([full], {
      _links: {},
      lastRelease: null,
      artifacts: null,
      triggers: [{ triggerType: 1 }],
      retentionPolicy: { daysToKeep: 30 },
      pipelineProcess: { type: 1 },
      variableGroups: null,
    });
    assert.deepEqual(stagesIn(JSON.stringify(rich)), ['A']);
  });
});
