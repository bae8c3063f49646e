import assert from 'node:assert/strict';
import {
  componentHash,
  environmentVersion,
  anonymousModelName,
} from '../../../../shared/azureml/assets/anonymous.ts';
import { pythonJson } from '../../../../shared/azureml/assets/pythonJson.ts';
import { Real } from '../../../../shared/azureml/yaml/index.ts';

const NOTHING = {
  image: undefined,
  condaFile: undefined,
  inferenceConfig: undefined,
  buildHash: undefined,
  dockerfilePath: undefined,
};

describe('names of anonymous assets, as azure-ai-ml 1.35.2 gives them', () => {
  it('an environment of an image alone', () => {
    assert.equal(
      environmentVersion({ ...NOTHING, image: 'x' }),
      'a57b5956dbc6e02127bbb40c87cb8244196d6d18e0e141936ffcd8cffad457ad',
    );
  });

  it('an environment of an image and conda packages', () => {
    assert.equal(
      environmentVersion({
        ...NOTHING,
        image: 'mcr/x:1',
        condaFile: 'dependencies:\n- python=3.9\nname: e\n',
      }),
      '095c7d1cedd66eb37eb78d87015b5dc923ba15e7f4536583487475f766be2f5f',
    );
  });

  it('an environment of an image with routes', () => {
    const route = { path: '/', port: 1 };
    assert.equal(
      environmentVersion({
        ...NOTHING,
        image: 'x',
        inferenceConfig: { scoringRoute: route, livenessRoute: route, readinessRoute: route },
      }),
      'a22de1a42217852e705c8a5a11550d07378941d23bb588b6967576fcfd84e890',
    );
  });

  it('an environment that is built, with and without the name of its Dockerfile', () => {
    const buildHash = 'e8e18dfc75b3fc5fbfa0a373706e278e885e337f58cbd3398bc4827a01be0b10';
    assert.equal(
      environmentVersion({ ...NOTHING, buildHash }),
      '83fabe24ea8f50f8c1533d84d18f335a24fddf0cdebe8a0bcad90d3de9fc8b44',
    );
    assert.equal(
      environmentVersion({ ...NOTHING, buildHash, dockerfilePath: 'D' }),
      '240a17ef7f2d6449645e88f71eb90210541c88d45dbe59f542c8fe37ea469113',
    );
  });

  it('a component, whatever its name and version', () => {
    const spec = {
      name: 'n',
      version: '1',
      type: 'command',
      command: 'é "x"',
      inputs: { b: { default: '1.5' }, a: { optional: true } },
      properties: { f: new Real(2), n: null, l: [1, '2'] },
    };
    assert.equal(componentHash(spec, ['name', 'version']), '04b77bdc-0649-6b5e-2c8c-5edde47097d1');
  });

  it('a model after the hash of its files', () => {
    assert.match(anonymousModelName('abc'), /^[0-9a-f]{64}$/);
  });
});

describe('JSON as Python writes it', () => {
  it('sorts keys, puts spaces after separators and keeps to ASCII', () => {
    assert.equal(
      pythonJson({ b: 'ü😀', a: [true, null, 1] }),
      '{"a": [true, null, 1], "b": "\\u00fc\\ud83d\\ude00"}',
    );
  });

  it('tells floats from whole numbers', () => {
    assert.equal(pythonJson([new Real(2), 2, new Real(1e-7), 0.5]), '[2.0, 2, 1e-07, 0.5]');
  });
});
